"""An action in the browser: moved on the board, judged by the manager, planned again."""

from datetime import date

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestActionTour(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Action Ltd"})
        manager, employee = (
            cls.env["hr.employee"].create(
                {
                    "name": name,
                    "company_id": company.id,
                    "user_id": new_test_user(
                        cls.env,
                        login=login,
                        name=name,
                        groups="base.group_user",
                        company_id=company.id,
                    ).id,
                }
            )
            for login, name in (
                ("action_manager", "Action Manager"),
                ("action_employee", "Action Employee"),
            )
        )
        employee.parent_id = manager
        year = fields.Date.today().year
        cycle = cls.env["hr.performance.cycle"].create(
            {
                "name": "The year",
                "company_id": company.id,
                "date_start": date(year, 1, 1),
                "date_end": date(year, 12, 31),
            }
        )
        indicator = cls.env["hr.performance.indicator"].create({"name": "Customers"})
        indicator.action_activate()
        goal = cls.env["hr.performance.goal"].create(
            {
                "name": "Win customers",
                "cycle_id": cycle.id,
                "employee_id": employee.id,
                "measure_ids": [
                    Command.create({"indicator_id": indicator.id, "target": 20})
                ],
                "action_ids": [Command.create({"name": "Visit the largest customers"})],
            }
        )
        goal.action_propose()
        goal.action_agree()
        cls.action = goal.action_ids

    def walk(self, name, who):
        self.start_tour(
            "/odoo",
            f"hr_performance_action_{name}",
            login=f"action_{who}",
            timeout=120,
        )

    def test_action(self):
        self.walk("employee_moves_a_card", "employee")
        self.env.invalidate_all()
        self.assertEqual(self.action.state, "done")
        self.walk("manager_judges", "manager")
        self.env.invalidate_all()
        self.assertEqual(self.action.effect, "partly")
        self.walk("employee_plans_it_again", "employee")
