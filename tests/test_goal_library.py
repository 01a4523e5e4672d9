"""Library goals: what they promise, the goals made from them, and actions."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestGoalLibrary(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["hr.performance.goal.template"].create(
            {
                "name": "Win customers",
                "code": "WIN",
                "weight": 30,
                "company_id": cls.company.id,
                "measure_ids": [
                    Command.create(
                        {"indicator_id": cls.ind_sum.id, "baseline": 2, "target": 20}
                    )
                ],
                "action_ids": [
                    Command.create({"name": "Plan visits", "days": 30}),
                    Command.create(
                        {"name": "Ask for renewals", "days": 60, "days_from": "end"}
                    ),
                    Command.create({"name": "Never so late", "days": 3000}),
                ],
            }
        )

    def test_what_the_library_ships(self):
        """Measured, tagged, with something to do first; weights of measures add up."""
        ships = self.env["ir.model.data"].search(
            [("module", "=", "hr_performance"), ("model", "=", self.template._name)]
        )
        self.assertTrue(all(ships.mapped("noupdate")))
        templates = self.template.browse(ships.mapped("res_id"))
        self.assertGreaterEqual(len(templates), 24)
        for template in templates:
            with self.subTest(template.code):
                self.assertTrue(template.tag_ids)
                self.assertTrue(template.action_ids)
                self.assertTrue(template.description)
                self.assertEqual(sum(template.measure_ids.mapped("weight")), 100)
        self.assertEqual(
            set(templates.mapped("scope")), {"company", "department", "employee"}
        )

    def test_values_of_a_goal(self):
        start, end = self.cycle.date_start, self.cycle.date_end
        values = self.template._goal_values(self.cycle, start, end)
        self.assertEqual(values["weight"], 30)
        (measure,) = (command[2] for command in values["measure_ids"])
        self.assertEqual((measure["baseline"], measure["target"]), (2, 20))
        due = [command[2]["date_deadline"] for command in values["action_ids"]]
        self.assertEqual(
            due, [start + timedelta(days=30), end - timedelta(days=60), end]
        )

    def test_a_shared_goal_needs_shared_parts(self):
        with self.refused("Consultant"):
            self.template.create({"name": "For all", "job_ids": self.job.ids})

    def test_what_no_goal_may_have(self):
        with self.refused("Win customers", "Baseline", error=ValidationError):
            self.template.measure_ids.target = 2
        with self.refused("Win customers", "Weight", error=ValidationError):
            self.template.measure_ids.weight = -1
        with self.refused("Win customers", "Usual Weight", error=ValidationError):
            self.template.weight = -1
        with self.refused("Plan visits", "Due", error=ValidationError):
            self.template.action_ids[0].days = -1

    def test_save_to_library(self):
        goal = self.make_goal(
            self.employee,
            {"indicator_id": self.ind_sum.id, "baseline": 1, "target": 9},
            name="Own idea",
            weight=40,
            action_ids=[
                Command.create({"name": "First", "date_deadline": self.day(1, 31)}),
                Command.create({"name": "Last", "date_deadline": self.day(12, 21)}),
            ],
        )
        action = self.as_(goal, "officer").action_save_to_library()
        template = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(
            (template.name, template.weight, template.scope, template.company_id),
            ("Own idea", 40, "employee", self.company),
        )
        self.assertEqual(template.measure_ids.mapped("target"), [9])
        self.assertEqual(
            template.action_ids.mapped(lambda line: (line.days, line.days_from)),
            [(30, "start"), (10, "end")],
        )

    def test_saving_is_for_officers(self):
        goal = self.make_goal(self.employee)
        with self.assertRaises(AccessError):
            self.as_(goal, "manager").action_save_to_library()

    def test_used_in(self):
        self.assertEqual(self.template.goal_count, 0)
        goal = self.make_goal(self.employee)
        goal.template_id = self.template
        self.template.invalidate_recordset()
        self.assertEqual(self.template.goal_count, 1)
        # a colleague does not learn how many goals there are that they cannot see
        self.assertEqual(self.as_(self.template, "colleague").goal_count, 0)

    def test_nobody_types_where_a_goal_comes_from(self):
        goal = self.make_goal(self.employee)
        with self.assertRaises(AccessError):
            self.as_(goal, "manager").template_id = self.template


@tagged("post_install", "-at_install")
class TestAction(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.agree(cls.make_goal(cls.employee, (cls.ind_sum, 10)))
        cls.action = cls.env["hr.performance.action"].create(
            {"name": "Call", "goal_id": cls.goal.id}
        )

    def test_the_owner_is_responsible(self):
        self.assertEqual(self.action.responsible_id, self.employee)

    def test_steps(self):
        action = self.as_(self.action, "employee")
        for step, state in (
            ("do", "doing"),
            ("finish", "done"),
            ("reopen", "todo"),
            ("cancel", "cancelled"),
        ):
            getattr(action, f"action_{step}")()
            self.assertEqual(action.state, state)
        with self.refused("Call", "Cancelled"):
            action.action_do()

    def test_the_state_is_not_typed_in(self):
        with self.assertRaises(AccessError):
            self.as_(self.action, "employee").state = "done"

    def test_whoever_does_it_moves_it(self):
        with self.assertRaises(AccessError):
            self.as_(self.action, "colleague").action_do()
        self.action.responsible_id = self.colleague
        action = self.as_(self.action, "colleague")
        action.action_do()
        self.assertEqual(action.state, "doing")
        with self.assertRaises(AccessError):
            action.name = "Something else"

    def test_due_before_it_begins(self):
        with self.refused("Call", "Due", error=ValidationError):
            self.action.write({"date_start": self.day(3), "date_deadline": self.day(2)})

    def test_a_closed_cycle_never_moves(self):
        self.cycle.action_close()
        for change in (
            lambda: self.action.write({"name": "Later"}),
            self.action.action_do,
            self.action.copy,
            self.action.unlink,
        ):
            with self.refused("is closed", error=UserError):
                change()
