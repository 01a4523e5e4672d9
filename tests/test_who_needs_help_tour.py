"""Monday morning in the browser: the manager's board, and what comes of it."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestMonday(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Monday Ltd"})
        cls.manager, cls.employee, _other = (
            cls.env["hr.employee"].create(
                {
                    "name": f"Monday {name}",
                    "company_id": company.id,
                    "user_id": new_test_user(
                        cls.env,
                        login=f"monday_{name.lower()}",
                        name=f"Monday {name}",
                        groups="base.group_user",
                        company_id=company.id,
                    ).id,
                }
            )
            for name in ("Manager", "Employee", "Other")
        )
        (cls.employee | _other).parent_id = cls.manager
        today = fields.Date.today()
        cycle = cls.env["hr.performance.cycle"].create(
            {
                "name": "Now",
                "company_id": company.id,
                "period_type": "other",
                "date_start": today - timedelta(days=30),
                "date_end": today + timedelta(days=30),
            }
        )
        goal = cls.env["hr.performance.goal"].create(
            {
                "name": "Open the branch",
                "cycle_id": cycle.id,
                "employee_id": cls.employee.id,
            }
        )
        goal.action_propose()
        goal.action_agree()
        checkins = cls.env["hr.performance.checkin"].with_user(cls.employee.user_id)
        checkins.create(
            {"goal_id": goal.id, "blockers": "No licence", "confidence": 4}
        ).action_post()

    def walk(self, name):
        self.start_tour(
            "/odoo",
            f"hr_performance_monday_{name}",
            login=f"monday_{name}",
            timeout=120,
        )

    def test_monday(self):
        self.walk("manager")
        self.env.invalidate_all()
        checkin = self.env["hr.performance.checkin"].search(
            [("employee_id", "=", self.employee.id)]
        )
        self.assertEqual(checkin.answer, "I ask for it today")
        meeting = self.env["hr.performance.meeting"].search(
            [("employee_id", "=", self.employee.id)]
        )
        self.assertEqual(meeting.manager_id, self.manager)
        feedback = self.env["hr.performance.feedback"].search(
            [("employee_id", "=", self.employee.id)]
        )
        self.assertEqual(feedback.author_id, self.manager)
        self.assertEqual((feedback.state, feedback.visibility), ("given", "line"))
        self.walk("employee")
