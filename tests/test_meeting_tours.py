"""A meeting in the browser: prepared, held, disputed, corrected and confirmed."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestMeetingTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Meeting Ltd"})
        cls.manager, cls.employee = (
            cls.env["hr.employee"].create(
                {
                    "name": f"Meeting {name.title()}",
                    "company_id": company.id,
                    "user_id": new_test_user(
                        cls.env,
                        login=f"meeting_{name}",
                        name=f"Meeting {name.title()}",
                        groups="base.group_user",
                        company_id=company.id,
                    ).id,
                }
            )
            for name in ("manager", "employee")
        )
        cls.employee.parent_id = cls.manager
        today = fields.Date.today()
        cycle = cls.env["hr.performance.cycle"].create(
            {
                "name": "The year",
                "company_id": company.id,
                "date_start": today - timedelta(days=200),
                "date_end": today + timedelta(days=160),
            }
        )
        goal = cls.env["hr.performance.goal"].create(
            {
                "name": "Win customers",
                "cycle_id": cycle.id,
                "employee_id": cls.employee.id,
            }
        )
        goal.action_propose()
        goal.action_agree()
        goal.agreed_date = today - timedelta(days=190)
        cls.meeting = (
            cls.env["hr.performance.meeting"]
            .with_user(cls.manager.user_id)
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "employee_id": cls.employee.id,
                    "start": fields.Datetime.now() + timedelta(days=1),
                }
            )
            .sudo()
        )

    def walk(self, name, who, path="my-meetings"):
        self.start_tour(
            f"/odoo/{path}",
            f"hr_performance_meeting_{name}",
            login=f"meeting_{who}",
            timeout=120,
        )

    def test_meeting(self):
        self.walk("employee_prepares", "employee", "my-performance")
        self.walk("manager_holds", "manager", "team-meetings")
        self.walk("employee_disputes", "employee")
        self.walk("manager_corrects", "manager", "team-meetings")
        self.walk("employee_confirms", "employee")

        self.env.invalidate_all()
        meeting = self.meeting
        self.assertEqual(meeting.state, "confirmed")
        self.assertEqual(meeting.held_by_id, self.manager)
        self.assertIn("We think about the fair", meeting.minutes)
        self.assertEqual(
            meeting.with_user(self.employee.user_id).note, "Ask for more time"
        )
        self.assertFalse(meeting.with_user(self.manager.user_id).note)
        self.assertEqual(meeting.action_ids.name, "Book the stand")
        self.assertEqual(meeting.statement_ids.text, "We only think about it")
        self.assertIn("How are you, really?", meeting.agenda_ids.mapped("name"))
