"""Competencies: from the post, assessed, back to the person's skills, and into goals."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_appraisal_score import ScoreCase


class SkillCase(ScoreCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.languages = cls.make_skill_type("Languages", "Spanish", "French", "Danish")
        cls.spanish, cls.french, cls.danish = cls.languages.skill_ids
        cls.none, cls.basic, cls.good, cls.fluent = cls.languages.skill_level_ids
        cls.expect(cls.job, cls.spanish, cls.good)
        cls.expect(cls.job, cls.french, cls.basic)
        cls.expect(cls.job, cls.danish, cls.fluent)
        cls.give(cls.employee, cls.spanish, cls.basic)
        cls.give(cls.employee, cls.french, cls.good)
        cls.template = cls.make_template(
            {"name": "Competencies", "kind": "competencies"},
            roles={"self": 20, "manager": 80},
        )

    @classmethod
    def make_skill_type(cls, name, *skills, **values):
        """A kind of skill with levels of 0, 25, 60 and 100 %."""
        return cls.env["hr.skill.type"].create(
            {
                "name": name,
                "skill_ids": [
                    Command.create({"name": skill, "sequence": number})
                    for number, skill in enumerate(skills)
                ],
                "skill_level_ids": [
                    Command.create({"name": level, "level_progress": progress})
                    for level, progress in (
                        ("None", 0),
                        ("Basic", 25),
                        ("Good", 60),
                        ("Fluent", 100),
                    )
                ],
            }
            | values
        )

    @classmethod
    def expect(cls, job, skill, level):
        return cls.env["hr.job.skill"].create(
            {
                "job_id": job.id,
                "skill_type_id": skill.skill_type_id.id,
                "skill_id": skill.id,
                "skill_level_id": level.id,
                "valid_from": "2020-01-01",
            }
        )

    @classmethod
    def give(cls, employee, skill, level, **values):
        return cls.env["hr.employee.skill"].create(
            {
                "employee_id": employee.id,
                "skill_type_id": skill.skill_type_id.id,
                "skill_id": skill.id,
                "skill_level_id": level.id,
                "valid_from": "2020-01-01",
            }
            | values
        )

    def opened(self, employee=None, **values):
        return self.make_appraisal(
            employee, template_id=self.template.id, **values
        ).with_env(self.env)

    def assess_skills(
        self, appraisal, role="manager", text="Seen in meetings", **levels
    ):
        """A review of ``role``: levels by the name of the skill."""
        return self.review(
            appraisal,
            role,
            {
                name: {
                    "skill_level_id": level.id,
                    "value": level.level_progress,
                    "text": text,
                }
                for name, level in levels.items()
            },
        )

    def closed(self, appraisal):
        self.env.invalidate_all()
        appraisal.action_assess(self.meets.id, "As talked about")
        appraisal.action_release()
        appraisal.action_close()
        self.env.invalidate_all()
        return appraisal

    def skills_of(self, employee):
        """``{skill: level}`` as the profile has it today."""
        employee.invalidate_recordset()
        return {
            line.skill_id.name: line.skill_level_id.name
            for line in employee.current_employee_skill_ids
        }

    def told(self, appraisal):
        return " ".join(appraisal.message_ids.mapped("body"))


@tagged("post_install", "-at_install")
class TestCompetencies(SkillCase):
    def test_items_come_from_the_post_and_the_profile(self):
        items = self.opened().skill_item_ids
        self.assertEqual(
            [
                (item.name, item.expected_level_id.name, item.current_level_id.name)
                for item in items
            ],
            [
                ("Spanish", "Good", "Basic"),
                ("French", "Basic", "Good"),
                ("Danish", "Fluent", False),
            ],
        )
        self.assertEqual(set(items.mapped("section_id.kind")), {"competencies"})
        # what is changed afterwards does not rewrite what was asked
        self.expect(self.job_2, self.spanish, self.fluent)
        self.employee.job_id = self.job_2
        self.give(self.employee, self.danish, self.good)
        self.assertEqual(
            items.mapped("expected_level_id.name"), ["Good", "Basic", "Fluent"]
        )
        self.assertFalse(items[2].current_level_id)

    def test_a_launch_asks_for_the_same(self):
        def asked(appraisal):
            return [
                (
                    item.name,
                    item.skill_id,
                    item.expected_level_id,
                    item.current_level_id,
                    item.sequence,
                    item.required,
                    item.score,
                )
                for item in appraisal.item_ids
            ]

        by_hand = self.opened(cycle_id=self.make_cycle("By hand").id)
        self.cycle.template_id = self.template
        self.as_(self.cycle, "officer").action_launch_appraisals()
        launched = self.env["hr.performance.appraisal"].search(
            [("employee_id", "=", self.employee.id), ("cycle_id", "=", self.cycle.id)]
        )
        self.assertEqual(asked(launched), asked(by_hand))
        self.assertEqual(len(launched.skill_item_ids), 3)

    def test_opening_costs_the_same_for_many(self):
        people = self.env["hr.employee"].create(
            [
                {
                    "name": f"Person {number}",
                    "company_id": self.company.id,
                    "job_id": self.job.id,
                }
                for number in range(8)
            ]
        )
        for person in people:
            self.give(person, self.spanish, self.good)
        appraisals = self.env["hr.performance.appraisal"].create(
            [
                {
                    "employee_id": person.id,
                    "cycle_id": self.cycle.id,
                    "template_id": self.template.id,
                }
                for person in people
            ]
        )
        self.env.flush_all()
        counts = []
        for some in (appraisals[:1], appraisals):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(some._missing_skill_items()), 3 * len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_unfit_skills_are_said(self):
        archived = self.make_skill_type("Old tools", "Telex")
        certificates = self.make_skill_type("Licences", "Lorry", is_certification=True)
        self.expect(self.job, archived.skill_ids, archived.skill_level_ids[2])
        self.expect(self.job, certificates.skill_ids, certificates.skill_level_ids[3])
        archived.active = False
        appraisal = self.opened()
        self.assertEqual(len(appraisal.skill_item_ids), 3)
        self.assertEqual(
            self.as_(appraisal, "manager").skill_note,
            "Not asked for: Telex (of an archived skill type); Lorry (certificates, which"
            " are earned elsewhere).",
        )

    def test_a_person_without_a_post(self):
        self.colleague.job_id = False
        appraisal = self.opened(self.colleague)
        self.assertFalse(appraisal.skill_item_ids)
        self.assertIn("There is no post", appraisal.skill_note)
        self.assertIsNone(appraisal.score)
        self.assertEqual(appraisal.coverage, 0)
        self.colleague.job_id = self.job_2
        other = self.opened(self.colleague, cycle_id=self.make_cycle("Other").id)
        self.assertIn("Senior Consultant", other.skill_note)
        # a form that does not ask has nothing to say of it
        self.assertFalse(self.make_appraisal(self.manager).skill_note)

    def test_points_worked_by_hand(self):
        """Spanish 25 of 60 = 41.67, French 60 of 25 is capped at 120, Danish 60 of 100."""
        appraisal = self.opened()
        self.assess_skills(
            appraisal, "self", Spanish=self.fluent, French=self.fluent, Danish=self.good
        )
        self.assertIsNone(appraisal.score)
        self.assess_skills(
            appraisal, Spanish=self.basic, French=self.good, Danish=self.good
        )
        items = appraisal.skill_item_ids
        self.assertEqual(
            [item.assessed_level_id.name for item in items], ["Basic", "Good", "Good"]
        )
        for item, points in zip(items, (2500 / 60, 120, 60), strict=True):
            self.assertAlmostEqual(item.score, points)
        self.assertAlmostEqual(appraisal.score, (2500 / 60 + 120 + 60) / 3)
        self.assert_holds(appraisal)
        text = " ".join(
            text for row in appraisal._explanation_lines() for text in row["texts"]
        )
        self.assertIn(
            "Assessed: Basic (25 %). Expected: Good (60 %). 25 of 60 are 41.7 points, at"
            " most 120.",
            text,
        )

    def test_without_the_manager_all_roles_decide(self):
        """Self 100, colleagues 25 by 20 and 80: 40, nearest to 25."""
        self.template.role_ids.filtered(lambda r: r.role == "manager").role = "peer"
        appraisal = self.opened()
        self.assess_skills(appraisal, "self", Danish=self.fluent)
        self.assess_skills(appraisal, "peer", Danish=self.basic)
        item = appraisal.skill_item_ids[2]
        self.assertEqual(item.assessed_level_id, self.basic)
        self.assertEqual(item.score, 25)
        self.assert_holds(appraisal)

    def test_dont_know_assesses_nothing(self):
        appraisal = self.opened()
        self.review(appraisal, "manager", {"Spanish": {"dont_know": True}})
        self.assertFalse(appraisal.skill_item_ids.assessed_level_id)
        self.assertIsNone(appraisal.score)


@tagged("post_install", "-at_install")
class TestWriteBack(SkillCase):
    def test_closing_updates_the_profile_and_keeps_history(self):
        appraisal = self.opened()
        self.assess_skills(
            appraisal, Spanish=self.good, French=self.good, Danish=self.basic
        )
        self.assertEqual(
            self.skills_of(self.employee), {"Spanish": "Basic", "French": "Good"}
        )
        self.closed(appraisal)
        self.assertEqual(
            self.skills_of(self.employee),
            {"Spanish": "Good", "French": "Good", "Danish": "Basic"},
        )
        former = self.employee.employee_skill_ids.filtered(
            lambda line: line.skill_id == self.spanish and line.valid_to
        )
        self.assertEqual(former.skill_level_id, self.basic)
        self.assertEqual(former.valid_to, fields.Date.today() - timedelta(days=1))
        told = self.told(appraisal)
        self.assertIn("Spanish: Basic → Good.", told)
        self.assertIn("Danish: none → Basic.", told)
        self.assertNotIn("French", told)

    def test_lower_only_with_a_justification(self):
        appraisal = self.opened()
        self.assess_skills(appraisal, French=self.basic, text="")
        self.closed(appraisal)
        self.assertEqual(self.skills_of(self.employee)["French"], "Good")
        self.assertIn(
            "no manager has said what shows the lower level", self.told(appraisal)
        )
        other = self.opened(cycle_id=self.make_cycle("Other").id)
        self.assess_skills(
            other, French=self.basic, text="Two letters had to be redone"
        )
        self.closed(other)
        self.assertEqual(self.skills_of(self.employee)["French"], "Basic")

    def test_what_was_learned_meanwhile_is_not_taken(self):
        appraisal = self.opened()
        self.assess_skills(appraisal, Spanish=self.good)
        self.env["hr.employee.skill"].search(
            [("employee_id", "=", self.employee.id), ("skill_id", "=", self.spanish.id)]
        ).valid_to = fields.Date.today() - timedelta(days=1)
        self.give(
            self.employee, self.spanish, self.fluent, valid_from=fields.Date.today()
        )
        self.closed(appraisal)
        self.assertEqual(self.skills_of(self.employee)["Spanish"], "Fluent")
        self.assertIn("the profile was changed", self.told(appraisal))

    def test_nothing_twice(self):
        appraisal = self.opened()
        self.assess_skills(appraisal, Spanish=self.good)
        self.closed(appraisal)
        lines = self.employee.employee_skill_ids
        with freeze_time(fields.Date.today() + timedelta(days=40)):
            appraisal._write_back_skills()
            self.env.invalidate_all()
            self.assertEqual(self.employee.employee_skill_ids, lines)

    def test_skills_of_an_archived_type_stay(self):
        appraisal = self.opened()
        self.assess_skills(appraisal, Spanish=self.good)
        self.languages.active = False
        self.closed(appraisal)
        self.assertIn("its skill type is archived", self.told(appraisal))

    def test_writing_costs_the_same_for_many(self):
        """Save for one query a person, with which hr_skills links people and skills."""
        people = self.env["hr.employee"].create(
            [
                {
                    "name": f"Person {number}",
                    "company_id": self.company.id,
                    "job_id": self.job.id,
                }
                for number in range(9)
            ]
        )
        items = self.env["hr.performance.appraisal.item"]
        for person in people:
            self.give(person, self.spanish, self.basic)
            appraisal = self.opened(person)
            self.review(
                appraisal,
                "manager",
                {
                    "Spanish": {
                        "skill_level_id": self.fluent.id,
                        "value": self.fluent.level_progress,
                    }
                },
            )
            items |= appraisal.skill_item_ids[0]
        self.assertEqual(items.assessed_level_id, self.fluent)
        counts = []
        for some in (items[:1], items[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["hr.performance.appraisal"]._write_skills(some)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + len(people) - 2)
        for person in people:
            self.assertEqual(self.skills_of(person), {"Spanish": "Fluent"})

    def test_many_at_once(self):
        """Officers close for all; each person gets their own, in as many searches."""
        self.give(self.colleague, self.spanish, self.basic)
        appraisals = self.opened() | self.opened(self.colleague)
        for appraisal in appraisals:
            self.assess_skills(appraisal, Spanish=self.fluent)
            self.env.invalidate_all()
            appraisal.action_assess(self.meets.id, "As talked about")
            appraisal.action_release()
        self.as_(appraisals, "officer").action_close()
        for person in (self.employee, self.colleague):
            self.assertEqual(self.skills_of(person)["Spanish"], "Fluent")


@tagged("post_install", "-at_install")
class TestGrowthGoals(SkillCase):
    def assessed_gaps(self):
        appraisal = self.opened()
        self.assess_skills(
            appraisal, Spanish=self.basic, French=self.good, Danish=self.good
        )
        self.env.invalidate_all()
        appraisal.action_assess(self.meets.id, "As talked about")
        return appraisal

    def test_gaps_become_draft_goals(self):
        appraisal = self.assessed_gaps()
        self.assertTrue(self.as_(appraisal, "manager").can_make_growth_goals)
        action = self.as_(appraisal, "manager").action_make_growth_goals()
        goals = self.env["hr.performance.goal"].search(action["domain"])
        self.assertEqual(
            {goal.name for goal in goals}, {"Spanish: Good", "Danish: Fluent"}
        )
        goal = goals.filtered(lambda goal: goal.name == "Spanish: Good")
        self.assertRecordValues(
            goal,
            [
                {
                    "state": "draft",
                    "employee_id": self.employee.id,
                    "cycle_id": self.cycle.id,
                }
            ],
        )
        measure = goal.measure_ids
        self.assertEqual((measure.baseline, measure.target), (25, 60))
        self.assertRecordValues(
            measure.indicator_id,
            [{"kind": "growth", "state": "active", "skill_id": self.spanish.id}],
        )
        # the person can go on with it
        self.as_(goal, "employee").action_propose()

    def test_the_next_cycle_comes_first(self):
        appraisal = self.assessed_gaps()
        following = self.make_cycle(
            "Next year",
            date_start=f"{self.year + 1}-01-01",
            date_end=f"{self.year + 1}-12-31",
        )
        wizards = self.env["hr.performance.growth.goals"].with_user(self.manager_user)
        # as the button opens it
        form = Form(wizards.with_context(default_appraisal_id=appraisal.id))
        self.assertEqual(form.cycle_id, following)
        # from which level, before it is saved
        [spanish, _danish] = wizards.new({"appraisal_id": appraisal.id}).item_ids
        self.assertEqual(spanish.assessed_level_id._origin, self.basic)
        wizard = form.save()
        self.assertEqual(wizard.item_ids.mapped("name"), ["Spanish", "Danish"])
        wizard.item_ids = wizard.item_ids[:1]
        self.assertFalse(wizard.known_names)
        action = wizard.action_confirm()
        goal = self.env["hr.performance.goal"].search(action["domain"])
        self.assertEqual((goal.name, goal.cycle_id), ("Spanish: Good", following))
        # and there is no second one
        again = appraisal.action_make_growth_goals()
        goals = self.env["hr.performance.goal"].search(again["domain"])
        self.assertEqual(len(goals), 2)
        self.assertIn(goal, goals)
        wizard = wizard.create({"appraisal_id": appraisal.id})
        self.assertEqual(wizard.known_names, "Spanish, Danish")

    def test_who_may(self):
        appraisal = self.assessed_gaps()
        for name in ("employee", "colleague", "director"):
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    self.as_(appraisal, name).action_make_growth_goals()
                with self.assertRaises(AccessError):
                    self.as_(appraisal, name).action_plan_growth()
        self.assertFalse(self.as_(appraisal, "director").can_make_growth_goals)
        self.as_(appraisal, "officer").action_make_growth_goals()

    def test_not_before_the_rating_is_settled(self):
        appraisal = self.opened()
        self.assess_skills(appraisal, Spanish=self.basic)
        with self.refused(appraisal.display_name, "not assessed yet"):
            self.as_(appraisal, "manager").action_make_growth_goals()

    def test_without_a_gap_or_a_cycle_it_says_so(self):
        appraisal = self.assessed_gaps()
        with self.refused("no competency chosen"):
            appraisal.action_make_growth_goals([])
        with self.refused("no open cycle"):
            appraisal.action_make_growth_goals(cycle_id=self.cycle_2.id)
