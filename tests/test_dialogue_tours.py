"""The dialogue about one goal in the browser, as its owner and the manager."""

from datetime import date

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestDialogue(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Dialogue Ltd"})
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
                ("dialogue_manager", "Dialogue Manager"),
                ("dialogue_employee", "Dialogue Employee"),
            )
        )
        employee.parent_id = manager
        year = fields.Date.today().year
        cycle, cls.next_cycle = cls.env["hr.performance.cycle"].create(
            [
                {
                    "name": name,
                    "company_id": company.id,
                    "date_start": date(year + number, 1, 1),
                    "date_end": date(year + number, 12, 31),
                }
                for number, name in enumerate(("The year", "The next year"))
            ]
        )
        indicator = cls.env["hr.performance.indicator"].create(
            {"name": "New customers", "unit": "customers"}
        )
        indicator.action_activate()
        cls.goal = cls.env["hr.performance.goal"].create(
            {
                "name": "Win customers",
                "cycle_id": cycle.id,
                "employee_id": employee.id,
                "measure_ids": [
                    Command.create({"indicator_id": indicator.id, "target": 20})
                ],
            }
        )

    def walk(self, name, who):
        self.start_tour(
            "/odoo",
            f"hr_performance_dialogue_{name}",
            login=f"dialogue_{who}",
            timeout=120,
        )

    def test_dialogue(self):
        self.walk("employee_proposes", "employee")
        self.walk("manager_sends_back", "manager")
        self.walk("employee_sees_and_proposes", "employee")
        self.walk("manager_agrees", "manager")
        self.walk("employee_asks_for_a_change", "employee")
        self.walk("manager_refuses_and_closes", "manager")

        self.env.invalidate_all()
        goal = self.goal
        self.assertEqual((goal.state, goal.decision), ("closed", "partly"))
        self.assertEqual(goal.measure_ids.target, 25)
        self.assertEqual(goal.next_ids.cycle_id, self.next_cycle)
        self.assertEqual(
            goal.revision_ids.sorted("id").mapped("step"),
            [
                "propose",
                "send_back",
                "look",
                "propose",
                "agree",
                "request_change",
                "write",
                "refuse_change",
                "close",
            ],
        )
