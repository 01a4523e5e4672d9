"""What the manager says to a check-in, and who owes it."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestCheckinAnswer(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.agree(cls.make_goal(None, (cls.ind_sum, 10)))

    def post(self, name="employee", goal=None, **values):
        checkin = self.as_(self.env["hr.performance.checkin"], name).create(
            {"goal_id": (goal or self.goal).id, "date": self.day(3)} | values
        )
        checkin.action_post()
        return checkin

    def owed(self, checkin, name=None):
        """``[(who, state), ...]`` of what is owed on it, as superuser or as ``name``."""
        Owed = self.env["hr.performance.owed"]
        self.env.flush_all()
        Owed.invalidate_model()
        return (
            (self.as_(Owed, name) if name else Owed)
            .search([("kind", "=", "checkin_answer"), ("res_id", "=", checkin.id)])
            .mapped(lambda row: (row.employee_id, row.state))
        )

    # ------------------------------------------------------------- the answer

    def test_the_answer_is_kept_and_the_owner_is_told(self):
        checkin = self.post()
        as_manager = self.as_(checkin, "manager")
        as_manager.action_answer("  Talk to Finance <first>.\nI help. ")
        today = fields.Date.today()
        self.assertRecordValues(
            as_manager,
            [
                {
                    "state": "acknowledged",
                    "answer": "Talk to Finance <first>.\nI help.",
                    "answered_on": today,
                    "answered_by_id": self.manager_user.id,
                    "acknowledged_by_id": self.manager_user.id,
                    "acknowledged_on": today,
                }
            ],
        )
        self.assertEqual(self.as_(checkin, "employee").answer, as_manager.answer)
        message = checkin.sudo().message_ids[0]
        self.assertIn("Talk to Finance &lt;first&gt;.", message.body)
        self.assertEqual(message.author_id, self.manager_user.partner_id)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertIn(self.employee_user.partner_id, checkin.sudo().message_partner_ids)
        # what is said about a personal goal stays between its owner and the line
        self.goal.visibility = "everyone"
        with self.assertRaises(AccessError):
            self.as_(message, "colleague").read(["body"])
        self.as_(message, "employee").read(["body"])

    def test_the_owner_hears_what_others_say_about_the_goal(self):
        checkin = self.post("manager")
        self.assertIn(self.employee_user.partner_id, checkin.sudo().message_partner_ids)

    def test_an_answer_needs_words_and_is_given_once(self):
        checkin = self.as_(self.post(), "manager")
        for text in ("", "  ", None, 5):
            with self.refused("Write what you answer"):
                checkin.action_answer(text)
        checkin.action_acknowledge()
        checkin.action_answer("On second thoughts")
        with self.refused("has been answered by", "Manager"):
            self.as_(checkin, "director").action_answer("As well")

    def test_nobody_answers_themselves_or_others_they_do_not_lead(self):
        checkin = self.post()
        for name in ("employee", "colleague", "other_officer"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(checkin, name).action_answer("Well done")
        by_manager = self.post("manager")
        for name in ("manager", "employee"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(by_manager, name).action_answer("Well done")

    def test_both_may_go_on_talking(self):
        checkin = self.post()
        for name in ("employee", "manager"):
            self.as_(checkin, name).message_post(body="And then?")
        with self.assertRaises(AccessError):
            self.as_(checkin, "colleague").message_post(body="Me too")

    # ------------------------------------------------------------- the dialog

    def dialog(self, checkin, name="manager", **values):
        context = self.as_(checkin, name).action_open_answer()["context"]
        return (
            self.as_(self.env["hr.performance.checkin.answer"], name)
            .with_context(**context)
            .create(values)
        )

    def test_an_action_follows(self):
        checkin = self.post()
        action = self.dialog(checkin, text="Ask for help").action_plan_action()
        self.assertEqual(checkin.answer, "Ask for help")
        made = (
            self.as_(self.env["hr.performance.action"], "manager")
            .with_context(**action["context"])
            .create({"name": "Call Finance"})
        )
        self.assertEqual(made.goal_id.id, self.goal.id)
        self.assertEqual(made.responsible_id, self.employee)

    def test_a_coaching_meeting_follows(self):
        checkin = self.post()
        dialog = self.dialog(checkin, text="Let us meet")
        self.assertTrue(dialog.can_plan_meeting)
        action = dialog.action_plan_meeting()
        self.assertEqual(action["res_model"], "hr.performance.meeting")
        self.assertEqual(action["context"]["default_employee_id"], self.employee.id)
        self.assertEqual(action["context"]["default_kind"], "coaching")
        self.assertEqual(checkin.answer, "Let us meet")

    def test_a_change_request_follows(self):
        checkin = self.post()
        dialog = self.dialog(checkin)
        self.assertTrue(dialog.can_request_change)
        action = dialog.action_request_change()
        self.assertEqual(checkin.state, "acknowledged")  # without a word
        self.assertFalse(checkin.answer)
        reason = (
            self.as_(self.env["hr.performance.reason"], "manager")
            .with_context(**action["context"])
            .create({"reason": "The market is gone"})
        )
        reason.action_confirm()
        self.assertEqual(self.goal.state, "proposed")

    def test_the_dialog_shows_nothing_to_who_may_not_read_the_checkin(self):
        checkin = self.post()
        with self.assertRaises(AccessError):
            self.as_(self.env["hr.performance.checkin.answer"], "colleague").create(
                {"checkin_id": checkin.id}
            )
        dialog = self.dialog(checkin, text="Not yet")
        with self.assertRaises(AccessError):
            self.as_(dialog, "employee").read(["text"])

    # ------------------------------------------------------------- who owes it

    def test_the_manager_owes_it_for_five_days(self):
        today = fields.Date.today()
        checkin = self.post()
        row = self.env["hr.performance.owed"].search(
            [("kind", "=", "checkin_answer"), ("res_id", "=", checkin.id)]
        )
        self.assertRecordValues(
            row,
            [
                {
                    "employee_id": self.manager.id,
                    "about_id": self.employee.id,
                    "company_id": self.company.id,
                    "date_from": today,
                    "deadline": today + timedelta(days=5),
                    "done_on": False,
                    "state": "to_do",
                }
            ],
        )
        with freeze_time(today + timedelta(days=6)):
            self.assertEqual(self.owed(checkin), [(self.manager, "overdue")])
        self.as_(checkin, "manager").action_acknowledge()
        self.assertEqual(self.owed(checkin), [(self.manager, "done")])

    def test_who_may_know_of_it(self):
        checkin = self.post()
        for name, seen in (
            ("manager", 1),
            ("director", 1),
            ("officer", 1),
            ("employee", 0),
            ("colleague", 0),
            ("other_officer", 0),
        ):
            with self.subTest(name):
                self.assertEqual(len(self.owed(checkin, name)), seen)

    def test_the_nearest_above_with_a_user_owes_it(self):
        self.manager.user_id = False
        self.assertEqual(self.owed(self.post()), [(self.director, "to_do")])
        self.director.parent_id = self.employee  # a circle, which Odoo allows
        self.director.user_id = False
        self.assertEqual(self.owed(self.post()), [])

    def test_a_manager_who_has_left_owes_nothing(self):
        checkin = self.post()
        self.manager_user.active = False
        self.assertEqual(self.owed(checkin), [(self.director, "to_do")])

    def test_nobody_owes_an_answer_to_themselves(self):
        self.assertEqual(self.owed(self.post("manager")), [])

    def test_what_is_settled_is_not_asked_for(self):
        draft = self.as_(self.env["hr.performance.checkin"], "employee").create(
            {"goal_id": self.goal.id, "date": self.day(3)}
        )
        self.assertEqual(self.owed(draft), [])
        old = self.post()
        old.sudo().posted_on = False  # from before it was asked for
        self.assertEqual(self.owed(old), [])
        checkin = self.post()
        correction = checkin.browse(checkin.action_correct()["res_id"])
        correction.correction_reason = "Said better"
        correction.action_post()
        self.assertEqual(self.owed(checkin), [])
        self.assertEqual(self.owed(correction), [(self.manager, "to_do")])
        self.goal.action_cancel("No longer")
        self.assertEqual(self.owed(correction), [])

    def test_not_in_a_closed_cycle(self):
        checkin = self.post()
        self.cycle.action_close()
        self.assertEqual(self.owed(checkin), [])

    # ------------------------------------------------------------- blockers

    def test_blocked_since_without_a_break(self):
        """February clear, March and April blocked by different things: since March."""
        for month, blockers, since in (
            (1, "No budget", 1),
            (2, False, None),
            (3, "No people", 3),
            (4, "Nobody answers", 3),
        ):
            checkin = self.post(date=self.day(month), blockers=blockers)
            self.assertEqual(
                checkin.blocked_since, (since and self.day(since)) or False
            )
        self.assertEqual(self.goal.blockers, "Nobody answers")
        self.assertEqual(self.goal.blocked_since, self.day(3))
        # told late, and still in its place
        late = self.post(date=self.day(3, 25), blockers=False)
        self.assertFalse(late.blocked_since)
        self.assertEqual(self.goal.blocked_since, self.day(4))
        # what is carried forward is as old as it was
        draft = self.as_(self.env["hr.performance.checkin"], "employee").create(
            {"goal_id": self.goal.id, "date": self.day(5)}
        )
        self.assertEqual(draft.blockers, "Nobody answers")
        self.assertEqual(draft.blocked_since, self.day(4))

    def test_blockers_are_for_those_who_read_the_checkin(self):
        self.post(blockers="My manager")
        self.goal.visibility = "everyone"
        found = [("id", "=", self.goal.id), ("blockers", "!=", False)]
        for name, text in (
            ("employee", "My manager"),
            ("manager", "My manager"),
            ("officer", "My manager"),
            ("colleague", False),
        ):
            with self.subTest(name):
                goal = self.as_(self.goal, name)
                self.assertEqual(goal.blockers, text)
                self.assertEqual(bool(goal.blocked_since), bool(text))
                self.assertEqual(goal.search_count(found), int(bool(text)))
                without = [("id", "=", goal.id), ("blockers", "=", False)]
                self.assertEqual(goal.search_count(without), int(not text))
                since = [("id", "=", goal.id), ("blocked_since", "<=", self.day(3))]
                self.assertEqual(goal.search_count(since), int(bool(text)))

    def test_a_bad_checkin_names_the_goal(self):
        with self.refused(self.goal.name, "Confidence", error=ValidationError):
            self.post(confidence=11)
