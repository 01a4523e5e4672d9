"""Actions: who does what by when, with what; whether it worked, and what was tried before."""

from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import PerformanceCommon


class ActionCommon(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.agree(cls.make_goal(cls.employee, (cls.ind_sum, 10)))
        cls.action = cls.make_action(name="Call")
        cls.today = fields.Date.today()

    @classmethod
    def make_action(cls, goal=None, **values):
        goal = cls.goal if goal is None else goal
        return cls.env["hr.performance.action"].create(
            {"name": "An action", "goal_id": goal.id} | values
        )

    @classmethod
    def judged(cls, effect, goal=None, **values):
        """A done action that somebody has judged."""
        action = cls.make_action(goal, **values)
        action.action_finish()
        action.action_judge(effect, f"Because it {effect}")
        return action

    def owed(self, kind):
        """``{action: (who owes it, state)}`` of what this addon asks now."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["hr.performance.owed"].search(
            [("res_model", "=", "hr.performance.action"), ("kind", "=", kind)]
        )
        return {row.res_id: (row.employee_id, row.state) for row in rows}


@tagged("post_install", "-at_install")
class TestActionSteps(ActionCommon):
    def test_a_card_moves_as_the_table_says(self):
        action = self.as_(self.action, "employee")
        self.assertCountEqual(action.allowed_states, ["doing", "done", "cancelled"])
        action.action_move("doing")
        action.action_move("todo")
        action.action_move("done")
        self.assertEqual(action.state, "done")
        self.assertEqual(action.done_on, self.today)
        with self.refused("Call", "Done", "Doing"):
            action.action_move("doing")
        with self.refused("nowhere"):
            action.action_move("nowhere")
        action.action_reopen()
        self.assertFalse(action.done_on)

    def test_others_move_nothing(self):
        with self.assertRaises(AccessError):
            self.as_(self.action, "colleague").action_move("doing")
        self.assertEqual(self.as_(self.action, "director").allowed_states[0], "doing")
        self.goal.visibility = "everyone"
        self.assertFalse(self.as_(self.action, "colleague").allowed_states)

    def test_overdue(self):
        actions = self.env["hr.performance.action"]
        self.assertFalse(self.action.is_overdue)
        self.action.date_deadline = self.today - timedelta(days=1)
        self.assertTrue(self.action.is_overdue)
        self.assertIn(self.action, actions.search([("is_overdue", "=", True)]))
        self.assertNotIn(self.action, actions.search([("is_overdue", "=", False)]))
        self.action.date_deadline = self.today
        self.assertFalse(self.action.is_overdue)
        self.action.date_deadline = self.today - timedelta(days=1)
        self.action.action_finish()
        self.assertFalse(self.action.is_overdue)
        self.assertNotIn(self.action, actions.search([("is_overdue", "=", True)]))

    def test_moved_in_the_calendar(self):
        self.action.write(
            {"date_start": self.day(5, 10), "date_deadline": self.day(5, 20)}
        )
        self.assertEqual(self.action.calendar_start, self.day(5, 10))
        # to before where it began
        self.action.write(
            {"calendar_start": self.day(3, 1), "date_deadline": self.day(3, 11)}
        )
        self.assertEqual(self.action.date_start, self.day(3, 1))
        self.action.write({"date_start": False})
        self.assertEqual(self.action.calendar_start, self.day(3, 11))
        new = self.make_action(calendar_start=self.day(4), date_deadline=self.day(5))
        self.assertEqual(new.date_start, self.day(4))

    def test_amounts(self):
        for name in ("planned_hours", "used_hours", "budget", "spent"):
            for amount in (-1, float("nan"), 1e16):
                with self.refused("Call", "negative", error=ValidationError):
                    self.action[name] = amount
                    self.env.flush_all()
        self.action.write({"planned_hours": 40, "budget": 1000})
        self.assertEqual(self.action.counted_hours, 40)
        self.assertEqual(self.action.currency_id, self.company.currency_id)
        self.action.used_hours = 55
        self.assertEqual(self.action.counted_hours, 55)
        self.action.action_finish()
        self.assertEqual(
            (self.action.counted_hours, self.action.counted_money), (55, 1000)
        )
        self.action.spent = 0
        self.assertEqual(self.action.counted_money, 0)
        self.action.action_reopen()
        self.action.action_cancel()
        self.assertEqual(
            (self.action.counted_hours, self.action.counted_money), (55, 0)
        )

    def test_from_a_checkin_on_the_goal(self):
        checkin = self.env["hr.performance.checkin"].with_user(self.employee_user)
        checkin = checkin.create({"goal_id": self.goal.id, "assessment": "Slow"})
        with self.assertRaises(AccessError):
            # a draft is its author's alone
            self.as_(self.action, "manager").checkin_id = checkin.id
        checkin.action_post()
        self.as_(self.action, "manager").checkin_id = checkin.id
        other = self.make_goal(self.employee)
        with self.refused("Call", "check-in", error=ValidationError):
            self.action.goal_id = other


@tagged("post_install", "-at_install")
class TestActionOwed(ActionCommon):
    def test_what_is_due_is_owed(self):
        self.assertNotIn(self.action.id, self.owed("action"))
        self.action.date_deadline = self.today + timedelta(days=3)
        self.assertEqual(self.owed("action")[self.action.id], (self.employee, "to_do"))
        self.action.responsible_id = self.colleague
        self.action.date_deadline = self.today - timedelta(days=3)
        self.assertEqual(
            self.owed("action")[self.action.id], (self.colleague, "overdue")
        )
        self.action.action_finish()
        self.assertEqual(self.owed("action")[self.action.id], (self.colleague, "done"))
        self.action.action_reopen()
        self.action.action_cancel()
        self.assertNotIn(self.action.id, self.owed("action"))

    def test_a_draft_asks_nothing(self):
        goal = self.make_goal(self.employee)
        action = self.make_action(goal, date_deadline=self.today)
        self.assertNotIn(action.id, self.owed("action"))
        self.agree(goal)
        self.assertIn(action.id, self.owed("action"))
        goal.action_request_change("The market fell")
        self.assertIn(action.id, self.owed("action"))
        goal.action_cancel("Not wanted")
        self.assertNotIn(action.id, self.owed("action"))

    def test_after_the_cycle_nothing_is_done(self):
        self.action.date_deadline = self.today
        self.cycle.action_close()
        self.assertNotIn(self.action.id, self.owed("action"))

    def test_who_is_asked_whether_it_worked(self):
        def asked(responsible, goal=None):
            action = self.make_action(goal, responsible_id=responsible.id)
            action.action_finish()
            action.effect_date = self.today
            self.assertEqual(self.owed("effect")[action.id][0], action.judge_id)
            return action.judge_id

        # who did it oneself: the manager; who has somebody do it: the owner
        self.assertEqual(asked(self.employee), self.manager)
        self.assertEqual(asked(self.colleague), self.employee)
        self.assertEqual(asked(self.manager), self.employee)
        alone = self.agree(self.make_goal(self.director))
        self.assertEqual(asked(self.director, alone), self.director)

    def test_when_it_is_asked(self):
        self.company.performance_effect_weeks = 6
        self.action.action_finish()
        self.assertEqual(self.action.effect_date, self.today + timedelta(weeks=6))
        self.assertEqual(self.owed("effect")[self.action.id][1], "not_started")
        self.action.effect_date = self.today - timedelta(days=8)
        self.assertEqual(self.owed("effect")[self.action.id], (self.manager, "overdue"))
        mine = [("is_mine_to_judge", "=", True)]
        actions = self.as_(self.env["hr.performance.action"], "manager")
        self.assertEqual(actions.search(mine), self.action)
        self.assertTrue(self.as_(self.action, "manager").is_mine_to_judge)
        self.assertFalse(self.as_(self.action, "employee").is_mine_to_judge)
        self.as_(self.action, "manager").action_judge("worked", "More calls")
        self.assertEqual(self.owed("effect")[self.action.id][1], "done")
        self.assertFalse(self.as_(actions, "manager").search(mine))
        with self.refused("weeks", error=ValidationError):
            self.company.performance_effect_weeks = -1


@tagged("post_install", "-at_install")
class TestActionEffect(ActionCommon):
    def test_judging(self):
        action = self.as_(self.action, "manager")
        with self.refused("Call", "not done"):
            action.action_judge("worked", "Too early")
        self.action.action_finish()
        with self.refused("Call", "It worked"):
            action.action_judge("perhaps", "Who knows")
        with self.refused("reason"):
            action.action_judge("partly", "  ")
        action.action_judge("partly", " Only mornings ")
        self.assertEqual(
            (action.effect, action.effect_note), ("partly", "Only mornings")
        )
        self.assertEqual(action.effect_judged_by_id, self.manager_user)
        self.assertEqual(action.effect_judged_on, self.today)

    def test_nobody_judges_what_they_did(self):
        self.action.action_finish()
        with self.assertRaises(AccessError):
            self.as_(self.action, "employee").action_judge("worked", "I say so")
        self.assertFalse(self.as_(self.action, "employee").can_judge)
        other = self.make_action(responsible_id=self.manager.id)
        other.action_finish()
        for who, may in (
            ("manager", False),
            ("employee", True),
            ("director", True),
            ("officer", True),
            ("colleague", False),
        ):
            with self.subTest(who):
                if who != "colleague":
                    self.assertEqual(self.as_(other, who).can_judge, may)
                if not may:
                    with self.assertRaises(AccessError):
                        self.as_(other, who).action_judge("worked", "I say so")

    def test_who_has_nobody_above_judges_alone(self):
        action = self.make_action(self.agree(self.make_goal(self.director)))
        action.action_finish()
        self.as_(action, "director").action_judge("worked", "It did")
        self.assertEqual(action.effect, "worked")

    def test_after_the_cycle_is_closed(self):
        self.action.action_finish()
        self.cycle.action_close()
        action = self.as_(self.action, "manager")
        action.action_judge("worked", "It took a while to see")
        self.assertEqual(action.effect, "worked")
        with self.refused("is closed"):
            action.action_reopen()

    def test_put_back_on_the_list(self):
        self.action.action_finish()
        self.action.action_judge("worked", "More calls")
        self.action.action_reopen()
        self.assertFalse(self.action.effect or self.action.effect_note)
        self.assertFalse(self.action.effect_judged_on or self.action.effect_date)
        self.assertIn("More calls", "".join(self.action.message_ids.mapped("body")))

    def test_the_dialog(self):
        self.action.action_finish()
        dialog = Form(
            self.as_(self.env["hr.performance.action.judge"], "manager").with_context(
                active_id=self.action.id
            )
        )
        dialog.effect = "not_worked"
        dialog.note = "Nobody picks up the phone"
        dialog.save().action_confirm()
        self.assertEqual(self.action.effect, "not_worked")


@tagged("post_install", "-at_install")
class TestActionDialogue(ActionCommon):
    def test_what_is_said_stays_in_the_line(self):
        self.goal.visibility = "everyone"
        self.action.message_post(body="Between us")
        for who, readers in (
            ("employee", True),
            ("manager", True),
            ("colleague", False),
        ):
            with self.subTest(who):
                messages = self.as_(self.action, who).message_ids
                found = messages.search(
                    [("model", "=", self.action._name), ("res_id", "=", self.action.id)]
                )
                self.assertEqual("Between us" in "".join(found.mapped("body")), readers)
        with self.assertRaises(AccessError):
            self.as_(self.action, "colleague").message_subscribe(
                self.colleague_user.partner_id.ids
            )
        # who does it takes part
        self.action.responsible_id = self.colleague
        action = self.as_(self.action, "colleague")
        self.assertIn("Between us", "".join(action.message_ids.mapped("body")))
        action.message_post(body="On it")

    def test_steps_are_told(self):
        self.env.flush_all()
        self.cr.flush()  # as if the action had been made before this transaction
        context = {"tracking_disable": False, "mail_notrack": False}
        action = self.as_(self.action, "employee").with_context(**context)
        action.action_finish()
        self.env.flush_all()
        self.cr.flush()
        self.env.invalidate_all()
        values = self.action.message_ids.tracking_value_ids
        self.assertIn("Done", values.mapped("new_value_char"))


@tagged("post_install", "-at_install")
class TestActionScreens(ActionCommon):
    def test_what_two_agreed_on_is_among_my_actions(self):
        """An action of a meeting has no goal, hence no period that could be closed."""
        meeting = self.env["hr.performance.meeting"].create(
            {
                "employee_id": self.employee.id,
                "manager_id": self.manager.id,
                "kind": "one_on_one",
                "start": fields.Datetime.now() + timedelta(days=1),
            }
        )
        agreed = self.env["hr.performance.action"].create(
            {"name": "Read the contract", "meeting_id": meeting.id}
        )
        arch = self.env["hr.performance.action"].get_view(view_type="search")["arch"]
        domain = etree.fromstring(arch).find(".//filter[@name='running_period']")
        found = self.as_(agreed, "employee").search(
            safe_eval(domain.get("domain")) + [("is_mine", "=", True)]
        )
        self.assertEqual(found, agreed | self.action)
        agreed.action_finish()
        self.assertFalse(agreed.effect_date)
        self.assertFalse(self.as_(agreed, "manager").can_judge)
