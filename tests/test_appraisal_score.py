"""How a score arises, and that it can be worked out again from what was kept."""

import json
from html import unescape

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..engine.derivation import nodes, recompute
from .test_appraisal import AppraisalCase


class ScoreCase(AppraisalCase):
    """Reviews are made as submission makes them, without the way through a draft."""

    @classmethod
    def make_scale(cls, low, high, count):
        """A scale with ``count`` levels at equal distances."""
        values = [low + (high - low) * n / (count - 1) for n in range(count)]
        return cls.env["hr.performance.scale"].create(
            {
                "name": f"{low} to {high}",
                "value_min": low,
                "value_max": high,
                "level_ids": [
                    Command.create(
                        {"name": f"Level {n}", "value": value, "score_min": value}
                    )
                    for n, value in enumerate(values, 1)
                ],
            }
        )

    @classmethod
    def make_template(cls, *sections, roles=None, **values):
        """A form; a section's ``questions`` are names or dicts of values."""
        vals_list = []
        for section in sections:
            questions = [
                question if isinstance(question, dict) else {"name": question}
                for question in section.pop("questions", [])
            ]
            vals_list.append(
                {"question_ids": [Command.create(one) for one in questions]} | section
            )
        values = {"name": "A form", "section_ids": list(map(Command.create, vals_list))}
        if roles:
            values["role_ids"] = [
                Command.create({"role": role, "weight": weight})
                for role, weight in roles.items()
            ]
        return cls.env["hr.performance.template"].create(values)

    def review(self, appraisal, role, answers, **values):
        """A submitted review.

        :param answers: ``{item's name: value}``, or a dict of the answer's values
        """
        items = {item.name: item for item in appraisal.item_ids}
        review = self.env["hr.performance.review"].create(
            {
                "appraisal_id": appraisal.id,
                "role": role,
                "submitted_on": fields.Date.today(),
                "answer_ids": [
                    Command.create(
                        {"item_id": items[name].id}
                        | (answer if isinstance(answer, dict) else {"value": answer})
                    )
                    for name, answer in answers.items()
                ],
            }
            | values
        )
        self.request_of(appraisal, role).submitted_on = fields.Date.today()
        return review

    def again(self, appraisal):
        """The derivation as the database has it, and what it makes when worked out."""
        self.env.flush_all()
        self.env.invalidate_all()
        stored = appraisal.derivation
        return stored, recompute(stored)

    def assert_holds(self, appraisal):
        """To the last bit, and for the very figures that the appraisal shows."""
        stored, again = self.again(appraisal)
        self.assertEqual(stored, again)
        (mean,) = again["parts"]
        self.assertEqual(mean["node"]["value"], appraisal.score)
        level = again["value"]
        self.assertEqual(
            level is not None and again["levels"][level]["id"],
            appraisal.level_suggested_id.id,
        )
        by_id = {item.id: item for item in appraisal.item_ids}
        for found in nodes(again):
            for one in found.get("parts", ()):
                if "item_id" in one:
                    self.assertEqual(
                        one["node"]["value"], by_id[one["item_id"]].score, one["name"]
                    )


@tagged("post_install", "-at_install")
class TestPublishedCases(ScoreCase):
    """Worked cases that a vendor had to publish: their figures, through real appraisals."""

    def score_of(self, answers, scale, onto):
        """The score of a form of one section whose questions get ``answers``."""
        names = [f"Q{number}" for number in range(len(answers))]
        template = self.make_template(
            {"name": "Behaviour", "scale_id": scale.id, "questions": names}
        )
        appraisal = self.make_appraisal(template_id=template.id, scale_id=onto.id)
        by_value = {level.value: level for level in scale.level_ids}
        self.answer_all(
            appraisal,
            "manager",
            **{
                name: by_value[answer]
                for name, answer in zip(names, answers, strict=True)
            },
        )
        self.assert_holds(appraisal)
        return appraisal.score

    def test_three_point_four_of_five(self):
        """3, 3, 3, 4, 4 are 3.4 on 1–5: 3.1 on 0.25–5."""
        one_to_five = self.make_scale(1, 5, 5)
        score = self.score_of([3, 3, 3, 4, 4], one_to_five, self.make_scale(0.25, 5, 3))
        self.assertEqual(round(score, 2), 3.1)

    def test_five_point_forty_four_of_ten(self):
        """14 times 5 and 11 times 6 are 5.44 on 1–10: 6.47 on 4–9."""
        score = self.score_of(
            [5] * 14 + [6] * 11, self.make_scale(1, 10, 10), self.make_scale(4, 9, 3)
        )
        self.assertEqual(round(score, 2), 6.47)


class MixedCase(ScoreCase):
    """A form with goals, criteria and questions, answered by three roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.five = cls.make_scale(1, 5, 5)
        cls.template = cls.make_template(
            {"name": "Results", "kind": "goals", "weight": 50},
            {
                "name": "Values",
                "kind": "criteria",
                "weight": 30,
                "scale_id": cls.five.id,
                "questions": ["Trust", {"name": "Courage", "weight": 33.3}],
            },
            {
                "name": "Questions",
                "weight": 20,
                "questions": [
                    {
                        "name": "Pace",
                        "kind": "choice",
                        "option_ids": [
                            Command.create({"name": "Slow", "value": 40}),
                            Command.create({"name": "Fast", "value": 110}),
                            Command.create({"name": "Cannot say"}),
                        ],
                    },
                    {"name": "Would hire again", "kind": "yes_no"},
                    {"name": "Anything else", "kind": "text"},
                ],
            },
            roles={"self": 10, "manager": 60, "peer": 30},
        )
        cls.template.role_ids[2].is_anonymous = True
        cls.template.section_ids.question_ids.required = False

    def mixed(self):
        """Goals by three rules, answers of all kinds, two managers, anonymous peers."""
        for indicator, value in (
            (self.ind_sum, 7.3),
            (self.ind_ratio, 11.1),
            (self.ind_steps, 8.2),
        ):
            goal = self.agree(
                self.make_goal(
                    None, (indicator, 10), weight=100 / 3, name=indicator.name
                )
            )
            self.assertTrue(goal)
            self.add_reading(indicator, value)
        appraisal = self.make_appraisal(template_id=self.template.id)
        self.review(appraisal, "self", {"Trust": 5, "Courage": {"dont_know": True}})
        self.review(
            appraisal,
            "manager",
            {"Trust": 3, "Courage": 4, "Pace": 110, "Would hire again": 120},
            share=7 / 12,
            reviewer_id=self.manager.id,
        )
        self.review(
            appraisal,
            "manager",
            {"Trust": 4, "Courage": 2, "Pace": None},
            share=5 / 12,
            reviewer_id=self.director.id,
        )
        for trust in (2, 3, 4):
            self.review(appraisal, "peer", {"Trust": trust}, is_anonymous=True)
        self.env.invalidate_all()
        return appraisal


@tagged("post_install", "-at_install")
class TestDerivation(MixedCase):
    def test_a_score_of_everything_worked_by_hand(self):
        """Results 73, 111 and 60 (82 % of the way: the band from 80 %) = 244/3.

        Trust: self 5, managers (3·7 + 4·5)/12 = 41/12, peers 3; by 10, 60 and 30:
        (50 + 205 + 90)/100 = 3.45. Courage: (4·7 + 2·5)/12 = 38/12 of the managers alone.
        Values: (100·3.45 + 33.3·38/12)/133.3, from 1–5 to 0–120 as (v - 1)·30.
        Questions: 110 and 120 = 115; the text has no value.
        """
        appraisal = self.mixed()
        values = (100 * 3.45 + 33.3 * 38 / 12) / 133.3
        expected = (50 * 244 / 3 + 30 * (values - 1) * 30 + 20 * 115) / 100
        self.assertAlmostEqual(appraisal.score, expected)
        self.assertEqual(appraisal.coverage, 100)
        self.assert_holds(appraisal)

    def test_it_is_worked_out_again_whatever_became_of_the_records(self):
        appraisal = self.mixed()
        self.as_(appraisal, "manager").action_assess()
        self.as_(appraisal, "officer").action_release()
        self.as_(appraisal, "officer").action_close()
        before, again = self.again(appraisal)
        score = appraisal.score
        self.assertEqual(before, again)
        # forms and scales in use are locked: as in a database that was worked on by hand
        self.env.cr.execute(
            """
            UPDATE hr_performance_template_section SET weight = 1, name = '{"en_US": "X"}';
            UPDATE hr_performance_template_role SET weight = 77;
            UPDATE hr_performance_scale SET value_max = value_max + 100;
            UPDATE hr_performance_scale_level SET score_min = score_min - 7;
            UPDATE hr_performance_indicator SET scoring_rule = 'binary', score_cap = 50;
            """
        )
        self.env.invalidate_all()
        self.add_reading(self.ind_sum, 40)
        self.env["hr.performance.goal"].search(
            [("employee_id", "=", self.employee.id)]
        )[0].action_request_change("Another year")
        stored, again = self.again(appraisal)
        self.assertEqual(stored, before)
        self.assertEqual(again, before)
        self.assertEqual(again["parts"][0]["node"]["value"], score)
        self.assertEqual(appraisal.score, score)

    def test_goals_say_rule_version_band_and_limits(self):
        appraisal = self.mixed()
        found = {
            one["name"]: one["node"]["parts"][0]["node"]
            for node in nodes(appraisal.derivation)
            for one in node.get("parts", ())
            if one["node"]["rule"] == "goal"
        }
        steps = found["Projects"]
        self.assertEqual(
            (steps["actual"], steps["band"][:2], steps["value"]), (8.2, [80, 60], 60)
        )
        self.assertEqual(steps["scoring"]["cap"], 120)
        self.assertEqual(steps["definition"], 1)
        self.assertEqual(steps["target"]["target"], 10)
        self.assertAlmostEqual(found["Revenue"]["raw"], 111)

    def test_nobody_is_named_and_no_anonymous_answer_told(self):
        appraisal = self.mixed()
        told = json.dumps(appraisal.derivation)
        for person in self.people.values():
            self.assertNotIn(person.name, told)
        self.assertNotIn("review", told)
        (peers,) = [
            one["node"]
            for node in nodes(appraisal.derivation)
            for one in node.get("parts", ())
            if one.get("role") == "peer"
        ]
        self.assertEqual(
            peers, {"rule": "input", "version": 1, "value": 3.0, "count": 3}
        )

    def test_what_is_never_shown_does_not_count_and_is_not_derived(self):
        template = self.make_template(
            {"name": "Open", "questions": ["Shown"]},
            {
                "name": "For HR",
                "sharing": "never",
                "weight": 0,
                "questions": ["Hidden"],
            },
        )
        appraisal = self.make_appraisal(template_id=template.id)
        self.review(appraisal, "manager", {"Shown": 100, "Hidden": 40})
        self.assertEqual(appraisal.score, 100)
        hidden = appraisal.item_ids.filtered(lambda item: item.name == "Hidden")
        self.assertIsNone(hidden.score)
        self.assertNotIn("Hidden", json.dumps(appraisal.derivation))

    def test_answers_count_after_the_managers_own(self):
        """Also none of their figures may tell the manager what others have said."""
        appraisal = self.make_appraisal(template_id=self.template.id)
        self.answer_all(appraisal, "self")
        self.assertIsNone(appraisal.score)
        self.assertEqual(set(appraisal.item_ids.mapped("score")), {None})
        # whoever cannot review holds up nobody
        request = self.request_of(appraisal, "manager")
        self.as_(request, "manager").action_decline("On leave")
        self.env.invalidate_all()
        self.assertAlmostEqual(appraisal.score, 60)
        self.template.is_blind = False
        other = self.make_appraisal(self.colleague, template_id=self.template.id)
        self.answer_all(other, "self")
        self.assertIsNotNone(other.score)

    def test_nothing_answered_is_no_score(self):
        appraisal = self.make_appraisal(template_id=self.template.id)
        self.assertEqual((appraisal.score, appraisal.coverage), (None, 0))
        self.review(appraisal, "manager", {"Trust": {"dont_know": True}})
        self.assertEqual((appraisal.score, appraisal.coverage), (None, 0))
        self.assertFalse(appraisal.derivation)

    def test_weights_of_nought_never_divide(self):
        template = self.make_template(
            {"name": "A", "weight": 0, "questions": ["One"]},
            {"name": "B", "questions": [{"name": "Two", "weight": 0}]},
            roles={"self": 0, "manager": 0},
        )
        appraisal = self.make_appraisal(template_id=template.id)
        self.review(appraisal, "manager", {"One": 100, "Two": 100})
        self.assertIsNone(appraisal.score)
        template.role_ids.weight = 100
        self.assertIsNone(appraisal.score)
        self.assertEqual(appraisal.coverage, 0)
        self.assert_holds(appraisal)
        template.section_ids[0].weight = 1
        self.assertEqual(appraisal.score, 100)
        self.assertEqual(appraisal.coverage, 1 / 101 * 100)

    def test_a_conversation_has_no_score(self):
        self.score_goal(90)
        self.template.rating_mode = "none"
        appraisal = self.make_appraisal(template_id=self.template.id)
        self.assertEqual((appraisal.score, appraisal.coverage), (None, None))
        self.assertFalse(appraisal.derivation)
        self.assertFalse(appraisal.level_suggested_id)

    def test_reviewers_rate_goals_whose_points_suggest(self):
        """90 points of 0…120 are 4 on 1–5; the manager says 5: full marks."""
        template = self.make_template(
            {
                "name": "Goals",
                "kind": "goals",
                "goal_rating": "rating",
                "scale_id": self.five.id,
            }
        )
        goal = self.score_goal(90)
        appraisal = self.make_appraisal(template_id=template.id)
        item = appraisal.item_ids
        self.assertEqual(item.suggested_level_id.value, 4)
        self.assertIsNone(item.score)
        self.review(appraisal, "manager", {item.name: 5})
        self.assertEqual((item.score, appraisal.score), (5, 120))
        self.assert_holds(appraisal)
        goal.action_cancel("The customer is gone")
        self.assertFalse(item.suggested_level_id)

    def test_a_goal_goes_to_the_first_section_that_takes_it(self):
        """By method, else by the kind of indicator that weighs most."""
        kinds = {}
        for kind in ("result", "process", "growth"):
            kinds[kind] = self.env["hr.performance.indicator"].create(
                {"name": kind, "kind": kind}
            )
        kinds["result"].browse(
            indicator.id for indicator in kinds.values()
        ).action_activate()

        def goal(name, *kinds_and_weights, **values):
            measures = [
                {"indicator_id": kinds[kind].id, "target": 10, "weight": weight}
                for kind, weight in kinds_and_weights
            ]
            return self.agree(self.make_goal(None, *measures, name=name, **values))

        goal("KPR", ("result", 50), ("process", 50))
        goal("KPI", ("result", 40), ("process", 60))
        goal("Grow", ("growth", 100))
        goal("Dream", ("result", 100), method="okr")
        template = self.make_template(
            *(
                {"name": kind, "kind": "goals", "goal_filter": kind, "sequence": number}
                for number, kind in enumerate(("process", "okr", "result", "all"))
            )
        )
        appraisal = self.make_appraisal(template_id=template.id)
        expected = {"KPI": "process", "Dream": "okr", "KPR": "result", "Grow": "all"}
        self.assertEqual(
            {item.name: item.section_id.name for item in appraisal.item_ids}, expected
        )
        # what comes later is sorted in alike
        goal("Late", ("process", 100))
        appraisal.action_sync_goals()
        self.assertEqual(
            {item.name: item.section_id.name for item in appraisal.item_ids},
            expected | {"Late": "process"},
        )

    def test_options_without_a_value_count_nothing(self):
        template = self.make_template(
            {
                "name": "Wishes",
                "questions": [
                    {
                        "name": "Next step",
                        "kind": "choice",
                        "option_ids": [
                            Command.create({"name": "Stay"}),
                            Command.create({"name": "Move"}),
                        ],
                    },
                    "Cooperation",
                ],
            }
        )
        appraisal = self.make_appraisal(template_id=template.id)
        self.review(appraisal, "manager", {"Next step": {}, "Cooperation": 100})
        self.assertRecordValues(appraisal, [{"score": 100, "coverage": 100}])

    def test_a_goal_that_moved_on_alone_stays_an_input(self):
        """Settled points are never explained by what measures make today."""
        goal = self.score_goal(90)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_performance_goal SET score = 77.7 WHERE id = %s", [goal.id]
        )
        self.env.invalidate_all()
        appraisal = self.make_appraisal()
        (leaf,) = [
            one["node"]
            for node in nodes(appraisal.derivation)
            for one in node.get("parts", ())
            if "item_id" in one and one["node"]["value"] is not None
        ]
        self.assertEqual(leaf, {"rule": "input", "version": 1, "value": 77.7})
        self.assert_holds(appraisal)


@tagged("post_install", "-at_install")
class TestExplanation(MixedCase):
    """The derivation in words, for who may read the result."""

    def rows_of(self, appraisal):
        """``{label: row}`` of the whole explanation."""
        return {row["label"]: row for row in appraisal._explanation_lines()}

    def test_a_score_in_words(self):
        rows = self.rows_of(self.as_(self.mixed(), "manager"))
        self.assertEqual(rows["Score"]["value"], "85.1")
        self.assertEqual(
            rows["Score"]["texts"],
            [
                "50 % Results × 81.3 + 30 % Values × 71.4 + 20 % Questions × 115.0 = 85.1",
                "“Meets expectations” begins at 85.0.",
            ],
        )
        self.assertEqual(
            rows["Values"]["texts"],
            [
                "75 % × 3.45 + 25 % × 3.17 = 3.38",
                "3.38 on 1 – 5 is 71.4 on 0 – 120.",
            ],
        )
        self.assertEqual(rows["Values"]["share"], "30 %")
        self.assertEqual(
            rows["Trust"]["texts"],
            [
                "10 % Employee × 5.00 + 60 % Manager × 3.42 + 30 % Colleague × 3.00 = 3.45"
            ],
        )
        self.assertEqual(
            [row["label"] for row in rows["Trust"]["rows"]],
            ["Employee", "Manager", "Colleague"],
        )
        managers, peers = rows["Trust"]["rows"][1:]
        self.assertEqual(managers["texts"], ["58.3 % × 3.00 + 41.7 % × 4.00 = 3.42"])
        self.assertEqual(peers["texts"], ["Mean of 3 answers."])
        # goal and measure have the same name here; the measure comes last
        self.assertEqual(
            rows["Projects"]["texts"],
            [
                "8; the way goes from 0 to 10.",
                "Band from 80 % on: 60.0 points.",
                "Steps: a table of bands: 60.0 points, within 0 … 120: 60.0 points.",
            ],
        )

    def test_names_are_told_as_they_are_today(self):
        """What is renamed or translated; what is gone keeps the name it had."""
        appraisal = self.mixed()
        self.template.section_ids[0].name = "What came out"
        self.assertIn("What came out", self.rows_of(appraisal))
        self.env.cr.execute(
            """UPDATE hr_performance_appraisal
                  SET derivation = replace(derivation::text,
                      '"section_id": %s', '"section_id": 987654')::jsonb
                WHERE id = %s""",
            [self.template.section_ids[0].id, appraisal.id],
        )
        self.env.invalidate_all()
        self.assertIn("Results", self.rows_of(appraisal))

    def test_without_a_score_there_is_nothing_to_explain(self):
        self.assertFalse(self.make_appraisal().explanation)

    def test_it_is_printed(self):
        appraisal = self.mixed()
        self.assertIn(
            "50 % Results × 81.3 + 30 % Values × 71.4 + 20 % Questions × 115.0 = 85.1",
            self.printed(appraisal),
        )

    def printed(self, appraisal):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "hr_performance.report_appraisal", appraisal.ids
        )
        return unescape(html.decode())

    def test_every_kind_of_answer_is_printed(self):
        appraisal = self.make_appraisal(template_id=self.template.id)
        fast = self.template.section_ids.question_ids.option_ids[1]
        level = self.five.level_ids[3]
        self.review(
            appraisal,
            "manager",
            {
                "Trust": {"level_id": level.id, "value": level.value},
                "Courage": {"dont_know": True},
                "Pace": {"option_id": fast.id, "value": fast.value},
                "Would hire again": {"yes_no": "yes", "value": 120},
                "Anything else": {"text": "Enjoy the holidays"},
            },
        )
        html = self.printed(appraisal)
        for word in ("Level 4", "Don't know", "Fast", "Yes", "Enjoy the holidays"):
            self.assertIn(word, html)

    def test_what_is_never_shown_is_not_printed(self):
        """Whoever prints it hands it to the person."""
        template = self.make_template(
            {"name": "Open", "questions": ["Shown"]},
            {
                "name": "For HR",
                "sharing": "never",
                "weight": 0,
                "questions": ["Hidden"],
            },
        )
        appraisal = self.make_appraisal(template_id=template.id)
        self.review(
            appraisal,
            "manager",
            {"Shown": 100, "Hidden": {"value": 40, "text": "May leave us"}},
        )
        appraisal.item_ids.answer_ids.filtered("text").sharing = "never"
        html = self.printed(appraisal)
        self.assertIn("Shown", html)
        for word in ("Hidden", "May leave us", "For HR"):
            self.assertNotIn(word, html)

    def test_a_conversation_is_printed_without_a_score(self):
        self.template.rating_mode = "none"
        html = self.printed(self.make_appraisal(template_id=self.template.id))
        self.assertIn("Would hire again", html)
        self.assertNotIn("Overall score", html)
        self.assertNotIn("How the score arose", html)
