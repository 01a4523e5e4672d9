"""The 360 report: who sees it how, and nothing that its reader may not read."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_appraisal_score import ScoreCase


@tagged("post_install", "-at_install")
class Test360(ScoreCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.five = cls.make_scale(1, 5, 5)
        cls.template = cls.make_template(
            {
                "name": "Leading",
                "kind": "criteria",
                "scale_id": cls.five.id,
                "questions": ["Listens", "Decides", "Delegates"],
            },
            {
                "name": "Working",
                "questions": ["Quality", {"name": "Anything else", "kind": "text"}],
            },
            {"name": "For HR", "sharing": "never", "weight": 0, "questions": ["Risk"]},
            roles={"self": 0, "manager": 60, "peer": 40},
        )
        cls.template.role_ids[2].is_anonymous = True

    def reviewed(self):
        appraisal = self.make_appraisal(template_id=self.template.id)
        self.review(
            appraisal,
            "self",
            {
                "Listens": 3,
                "Decides": 5,
                "Delegates": 4,
                "Quality": 100,
                "Risk": {"value": 40, "text": "Mine alone"},
            },
        )
        self.review(
            appraisal,
            "manager",
            {
                "Listens": 4,
                "Decides": {"value": 3, "text": "Waited long for two of them"},
                "Delegates": 4,
                "Quality": 100,
                "Anything else": {"text": "Thank you for the summer"},
                "Risk": {"value": 120, "text": "May leave us"},
            },
            reviewer_id=self.manager.id,
        )
        for value in (3, 4, 5):
            self.review(
                appraisal,
                "peer",
                {"Listens": {"value": value, "text": f"Comment {value}"}},
                is_anonymous=True,
            )
        self.env.invalidate_all()
        return appraisal

    def line(self, seen, name):
        return next(
            line
            for theme in seen["themes"]
            for line in theme["lines"]
            if line["name"] == name
        )

    def test_gaps_worked_by_hand(self):
        """Listens: manager 4, peers 4 by 60 and 40 = 4, self 3: a hidden strength.

        Decides: manager 3 alone, self 5: a blind spot, two levels of four. Delegates 4 and
        4: alike. The theme: own (2 + 4 + 3)/12 = 75 %, others (3 + 2 + 3)/12 = 66.7 %.
        """
        seen = self.reviewed()._review_360()
        self.assertEqual(
            [(role["role"], role["count"]) for role in seen["roles"]],
            [("self", 1), ("manager", 1), ("peer", 3)],
        )
        listens = self.line(seen, "Listens")
        self.assertEqual((listens["own"], listens["others"]), (3, 4))
        self.assertEqual(
            listens["means"], {"self": "3.00", "manager": "4.00", "peer": "4.00"}
        )
        self.assertEqual(listens["gap_text"], "+1.00")
        self.assertEqual(
            [line["name"] for line in seen["hidden_strengths"]], ["Listens"]
        )
        self.assertEqual([line["name"] for line in seen["blind_spots"]], ["Decides"])
        self.assertEqual(self.line(seen, "Decides")["gap"], -2)
        self.assertEqual(self.line(seen, "Delegates")["kind"], "alike")
        leading = seen["themes"][0]
        self.assertAlmostEqual(leading["own_share"], 0.75)
        self.assertAlmostEqual(leading["others_share"], 8 / 12)

    def test_comments_by_theme(self):
        seen = self.reviewed()._review_360()
        self.assertEqual(
            [theme["name"] for theme in seen["comments"]], ["Leading", "Working"]
        )
        said = {(row["role"], row["text"]) for row in seen["comments"][0]["texts"]}
        self.assertEqual(
            said,
            {
                ("Manager", "Waited long for two of them"),
                ("Colleague", "Comment 3"),
                ("Colleague", "Comment 4"),
                ("Colleague", "Comment 5"),
            },
        )

    def test_what_is_never_shown_is_in_nobodys_report(self):
        appraisal = self.reviewed()
        for name in ("manager", "officer"):
            seen = str(self.as_(appraisal, name)._review_360())
            for word in ("For HR", "Risk", "May leave us", "Mine alone"):
                self.assertNotIn(word, seen)

    def test_the_person_reads_it_after_the_release(self):
        appraisal = self.reviewed()
        with self.assertRaises(AccessError):
            self.as_(appraisal, "employee").read(["report_360"])
        with self.assertRaises(AccessError):
            self.as_(appraisal, "colleague").read(["report_360"])
        for name in ("employee", "colleague", "other_officer"):
            # neither by what the printed one is made of
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(appraisal, name)._review_360()
        self.as_(appraisal, "manager").action_assess(self.meets.id, "As talked about")
        self.as_(appraisal, "officer").action_release()
        mine = self.as_(appraisal, "employee")
        self.assertTrue(mine.has_360)
        self.assertIn("Comment 5", mine.report_360)
        self.assertNotIn("May leave us", mine.report_360)
        # the same words on paper, with the picture
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.employee_user)
            ._render_qweb_html("hr_performance.report_360", appraisal.ids)
        )
        for word in ("Comment 5", "Hidden strengths", "<svg", "Listens"):
            self.assertIn(word, html.decode())
        self.assertNotIn("May leave us", html.decode())

    def test_texts_of_people_are_escaped(self):
        appraisal = self.make_appraisal(template_id=self.template.id)
        for role in ("self", "manager"):
            self.review(
                appraisal,
                role,
                {"Listens": {"value": 3, "text": "<script>alert(1)</script>"}},
            )
        self.env.invalidate_all()
        self.assertNotIn("<script>", appraisal.report_360)
        self.assertIn("&lt;script&gt;", appraisal.report_360)

    def test_without_two_views_there_is_nothing_to_compare(self):
        appraisal = self.make_appraisal(template_id=self.template.id)
        self.assertFalse(appraisal.has_360)
        self.review(appraisal, "manager", {"Listens": 4})
        self.env.invalidate_all()
        self.assertFalse(appraisal.has_360)
        self.assertFalse(appraisal.report_360)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "hr_performance.report_360", appraisal.ids
        )
        self.assertIn("nothing to compare yet", html.decode())

    def test_competencies_compare_by_the_level(self):
        """Shares of the way to full mastery, whatever the post expects."""
        template = self.make_template({"name": "Skills", "kind": "competencies"})
        kind = self.env["hr.skill.type"].create(
            {
                "name": "Tools",
                "skill_ids": [(0, 0, {"name": "Drawing"})],
                "skill_level_ids": [
                    (0, 0, {"name": "Half", "level_progress": 50}),
                    (0, 0, {"name": "Full", "level_progress": 100}),
                ],
            }
        )
        half, full = kind.skill_level_ids
        self.env["hr.job.skill"].create(
            {
                "job_id": self.job.id,
                "skill_type_id": kind.id,
                "skill_id": kind.skill_ids.id,
                "skill_level_id": full.id,
                "valid_from": "2020-01-01",
            }
        )
        appraisal = self.make_appraisal(template_id=template.id)
        for role, level in (("self", full), ("manager", half)):
            self.review(
                appraisal,
                role,
                {
                    "Drawing": {
                        "skill_level_id": level.id,
                        "value": level.level_progress,
                    }
                },
            )
        self.env.invalidate_all()
        (line,) = appraisal._review_360()["blind_spots"]
        self.assertEqual((line["own_share"], line["others_share"]), (1, 0.5))
