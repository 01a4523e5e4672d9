"""Checking in in the browser, on a wide screen and on a phone."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


class CheckinTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Check-in Ltd"})
        cls.manager, cls.employee = (
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
                ("checkin_manager", "Check Manager"),
                ("checkin_employee", "Check Employee"),
            )
        )
        cls.employee.parent_id = cls.manager
        users = (cls.manager | cls.employee).user_id
        if "odoobot_state" in users._fields:
            # its greeting covers the screen of a phone
            users.odoobot_state = "disabled"
        today = fields.Date.today()
        cycle = cls.env["hr.performance.cycle"].create(
            {
                "name": "The year",
                "company_id": company.id,
                # well inside the period, wherever today is
                "date_start": today - timedelta(days=180),
                "date_end": today + timedelta(days=180),
                "checkin_frequency": "week",
            }
        )
        indicators = cls.env["hr.performance.indicator"].create(
            [{"name": f"Figure {number}", "unit": "pieces"} for number in range(1, 6)]
        )
        indicators.action_activate()
        cls.goals = cls.env["hr.performance.goal"].create(
            [
                {
                    "name": f"Goal {number}",
                    "cycle_id": cycle.id,
                    "employee_id": cls.employee.id,
                    "measure_ids": [
                        Command.create({"indicator_id": indicator.id, "target": 20})
                    ],
                }
                for number, indicator in enumerate(indicators, 1)
            ]
        )
        cls.goals.action_propose()
        cls.goals.action_agree()
        # all of them late
        cls.goals.agreed_date = today - timedelta(days=40)

    def walk(self, name, who="employee"):
        self.start_tour(
            "/odoo",
            f"hr_performance_checkin_{name}",
            login=f"checkin_{who}",
            timeout=180,
        )
        self.env.invalidate_all()

    def last(self, number):
        return self.goals[number - 1].last_checkin_id

    def check_from_the_board(self):
        self.walk("board")
        checkin = self.last(1)
        self.assertRecordValues(
            checkin,
            [
                {
                    "state": "posted",
                    "own_health": "at_risk",
                    "assessment": "Two more in sight",
                    "data": "7 → 7 / 20 pieces",
                }
            ],
        )
        self.assertEqual(checkin.reading_ids.value, 7)

    def check_the_round(self):
        self.walk("round")
        for number in range(1, 6):
            self.assertRecordValues(
                self.last(number),
                [
                    {
                        "state": "posted",
                        "data": f"{number} → {number} / 20 pieces",
                        "assessment": f"Behind {number}",
                    }
                ],
            )
        self.assertEqual(self.last(2).own_health, "off_track")
        self.assertEqual(self.last(3).blockers, "No budget")
        self.assertEqual(self.last(4).evidence_ids.url, "https://example.com/a")


@tagged("post_install", "-at_install")
class TestCheckinTours(CheckinTours):
    def test_from_the_board(self):
        self.check_from_the_board()

    def test_five_goals_on_one_page(self):
        self.check_the_round()

    def test_drafts_survive_leaving_the_page(self):
        self.walk("leave")
        draft = self.env["hr.performance.checkin"].search(
            [("goal_id", "=", self.goals[0].id)]
        )
        self.assertRecordValues(draft, [{"state": "draft", "assessment": "Half said"}])

    def test_from_the_activity(self):
        self.goals.sudo()._sync_owed()
        mine = self.goals[0].activity_ids.filtered(
            lambda activity: activity.user_id == self.employee.user_id
        )
        self.assertEqual(mine.activity_type_id.category, "performance_checkin")
        self.walk("activity")
        self.assertEqual(self.last(1).reading_ids.value, 9)
        self.assertFalse(self.goals[0].activity_ids)

    def test_correct_and_answer(self):
        checkin = (
            self.env["hr.performance.checkin"]
            .with_user(self.employee.user_id)
            .create({"goal_id": self.goals[0].id, "assessment": "Four new ones"})
        )
        checkin.value_ids.value = 4
        checkin.action_post()
        self.walk("correct")
        correction = self.last(1)
        self.assertEqual(correction.corrects_id.id, checkin.id)
        self.assertEqual(correction.reading_ids.value, 3)
        self.walk("answer", "manager")
        self.assertEqual(self.last(1).answer, "I help you with the next one")
        self.assertEqual(self.goals[0].action_ids.name, "Visit them together")


@tagged("post_install", "-at_install")
class TestCheckinToursOnAPhone(CheckinTours):
    browser_size = "390x844"
    touch_enabled = True

    def test_from_the_board_on_a_phone(self):
        self.check_from_the_board()

    def test_five_goals_on_one_page_on_a_phone(self):
        self.check_the_round()
