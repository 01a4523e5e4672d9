"""Meetings of two: the calendar, who says when they are held, the agenda, the series."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import PerformanceCommon


class MeetingCommon(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        # well inside the year, wherever today is
        (cls.cycle | cls.cycle_2).write(
            {
                "date_start": cls.today - timedelta(days=180),
                "date_end": cls.today + timedelta(days=180),
            }
        )
        cls.soon = fields.Datetime.now().replace(
            minute=0, second=0, microsecond=0
        ) + timedelta(days=3)

    @classmethod
    def plan(cls, who="manager", **values):
        """A meeting of employee and manager, planned by ``who``."""
        values = {
            "employee_id": cls.employee.id,
            "start": cls.soon,
            **values,
        }
        return cls.as_(cls.env["hr.performance.meeting"], who).create(values)

    def of(self, meeting, who):
        return self.as_(meeting, who)

    def hold(self, meeting, who="manager", minutes="<p>We agreed</p>"):
        meeting = self.of(meeting, who)
        meeting.minutes = minutes
        meeting.action_hold()
        return meeting


@tagged("post_install", "-at_install")
class TestMeeting(MeetingCommon):
    # ------------------------------------------------------------- planning

    def test_who_leads(self):
        self.assertEqual(self.plan("manager").manager_id, self.manager)
        own = self.plan("employee")
        self.assertEqual(own.manager_id, self.manager)
        self.assertEqual(own.company_id, self.company)
        self.assertEqual(own.cycle_id, self.cycle)
        self.assertEqual(self.plan("director").manager_id, self.director)

    def test_form(self):
        action = self.as_(self.employee, "manager")._plan_meeting_action("coaching")
        Meeting = self.env["hr.performance.meeting"].with_context(action["context"])
        with Form(Meeting.with_user(self.manager_user)) as form:
            self.assertEqual(form.employee_id, self.employee)
            self.assertEqual(form.kind, "coaching")
            self.assertEqual(form.manager_id, self.manager)
            form.duration = 0.5
        self.assertEqual(form.record.stop - form.record.start, timedelta(minutes=30))

    def test_nobody_plans_for_two_others(self):
        with self.assertRaises(AccessError):
            self.plan("director", manager_id=self.manager.id)
        with self.assertRaises(AccessError):
            self.plan("officer", manager_id=self.manager.id)

    def test_nobody_plans_with_whom_they_do_not_lead(self):
        with self.assertRaises(AccessError):
            self.plan("colleague", manager_id=self.colleague.id)
        # but everybody may ask for one about themselves
        mine = self.plan("employee", manager_id=self.colleague.id)
        self.assertEqual(mine.manager_id, self.colleague)

    def test_a_coach_plans(self):
        self.employee.coach_id = self.colleague
        self.assertTrue(self.plan("colleague", manager_id=self.colleague.id))

    def test_two_people(self):
        with self.refused("two people", error=ValidationError):
            self.plan("employee", manager_id=self.employee.id)
        with self.refused("Led By", error=ValidationError):
            self.plan("director", employee_id=self.director.id)

    def test_bad_numbers(self):
        for values in ({"duration": 0}, {"duration": 25}, {"repeat_weeks": 53}):
            with self.refused(error=ValidationError), self.env.cr.savepoint():
                self.plan(**values)

    def test_hidden_goal_is_not_named(self):
        goal = self.make_goal(self.officer)
        with self.assertRaises(AccessError):
            self.plan("manager", goal_id=goal.id)
        meeting = self.plan("manager")
        with self.assertRaises(AccessError):
            self.of(meeting, "manager").goal_id = goal

    def test_stays_between_the_two(self):
        meeting = self.plan()
        for change in (
            {"employee_id": self.colleague.id},
            {"manager_id": self.director.id},
            {"kind": "interview"},
        ):
            with self.refused("stays as it is"):
                self.of(meeting, "employee").write(change)
        self.of(meeting, "employee").write({"kind": "one_on_one"})

    # ------------------------------------------------------------- calendar

    def test_event(self):
        meeting = self.plan(location="Room 1").sudo()
        event = meeting.event_id
        self.assertEqual((event.start, event.stop), (meeting.start, meeting.stop))
        self.assertEqual(event.location, "Room 1")
        self.assertEqual(event.privacy, "private")
        self.assertEqual(
            event.partner_ids,
            self.manager_user.partner_id | self.employee_user.partner_id,
        )
        # what is asked of the two, and nothing made by the calendar
        self.assertEqual(
            {
                (
                    activity.activity_type_id.get_external_id().popitem()[1],
                    activity.user_id,
                )
                for activity in meeting.activity_ids
            },
            {
                ("hr_performance.mail_activity_meeting", self.manager_user),
                ("hr_performance.mail_activity_meeting_prepare", self.employee_user),
            },
        )
        self.hold(meeting)
        self.assertEqual(meeting.activity_ids.user_id, self.employee_user)
        self.of(meeting, "employee").action_confirm()
        self.assertFalse(meeting.activity_ids)

    def test_calendar_follows(self):
        meeting = self.plan()
        self.of(meeting, "employee").write(
            {"start": self.soon + timedelta(hours=2), "location": "Café"}
        )
        event = meeting.sudo().event_id
        self.assertEqual(event.start, self.soon + timedelta(hours=2))
        self.assertEqual(event.stop, self.soon + timedelta(hours=3))
        self.assertEqual(event.location, "Café")

    def test_meeting_follows(self):
        meeting = self.plan()
        event = self.of(meeting, "employee").event_id
        event.write({"start": self.soon + timedelta(days=1), "duration": 2})
        self.assertEqual(meeting.start, self.soon + timedelta(days=1))
        self.assertEqual(meeting.duration, 2)
        event.write({"stop": event.start + timedelta(minutes=45)})
        self.assertEqual(meeting.duration, 0.75)
        event.active = False
        self.assertEqual(meeting.state, "cancelled")
        event.active = True
        self.assertEqual(meeting.state, "planned")
        event.unlink()
        self.assertEqual(meeting.state, "cancelled")
        self.of(meeting, "manager").action_plan_again()
        self.assertTrue(meeting.sudo().event_id.active)

    def test_held_stays_when_it_was(self):
        meeting = self.plan()
        self.hold(meeting)
        start = meeting.start
        self.assertLess(start, self.soon, "met earlier than planned")
        meeting.sudo().event_id.write({"start": self.soon + timedelta(days=9)})
        meeting.sudo().event_id.unlink()
        self.assertEqual(meeting.start, start)
        self.assertEqual(meeting.state, "held")
        with self.refused("no longer only planned"):
            self.of(meeting, "manager").start = self.soon

    def test_cancelling_leaves_the_calendar(self):
        meeting = self.plan()
        self.of(meeting, "employee").action_cancel()
        self.assertFalse(meeting.sudo().event_id.active)

    def test_series_is_of_the_meeting(self):
        event = self.of(self.plan(), "manager").event_id
        with self.refused("Repeats Every"):
            event.write({"recurrency": True, "rrule_type": "weekly", "count": 3})

    def test_without_users(self):
        for person in self.employee | self.manager:
            person.user_id = False
        meeting = self.env["hr.performance.meeting"].create(
            {
                "employee_id": self.employee.id,
                "manager_id": self.manager.id,
                "start": self.soon,
            }
        )
        self.assertEqual(meeting.event_id.start, self.soon)
        meeting._refresh_agenda()
        meeting.action_hold()
        self.assertEqual(meeting.state, "held")

    def test_colleagues_see_nothing_of_it(self):
        meeting = self.plan(location="Secret room")
        event = meeting.sudo().event_id
        for who in ("colleague", "director", "officer", "administrator"):
            seen = self.as_(event, who)
            values = seen.read(["name", "location", "description"])[0]
            self.assertNotIn("Employee", values["name"], who)
            self.assertFalse(values["location"], who)
            self.assertFalse(values["description"], who)
            self.assertFalse(seen.is_performance_meeting, who)
            self.assertFalse(
                seen.action_open_performance_meeting() and who == "colleague"
            )
        self.assertNotIn("one", event.name.split())

    # ------------------------------------------------------------- steps

    def test_confirmed_by_the_other_one(self):
        meeting = self.plan()
        self.hold(meeting, "manager")
        with self.assertRaises(AccessError):
            self.of(meeting, "manager").action_confirm()
        for who in ("director", "officer", "administrator"):
            with self.assertRaises(AccessError):
                self.of(meeting, who).action_confirm()
        self.of(meeting, "employee").action_confirm()
        self.assertEqual(meeting.state, "confirmed")
        self.assertEqual(meeting.confirmed_on, fields.Date.today())

    def test_held_by_the_employee(self):
        meeting = self.plan()
        self.hold(meeting, "employee")
        with self.assertRaises(AccessError):
            self.of(meeting, "employee").action_confirm()
        self.of(meeting, "manager").action_confirm()
        self.assertEqual(meeting.state, "confirmed")

    def test_disputed(self):
        meeting = self.plan()
        self.hold(meeting, "manager", "<p>You agreed to more</p>")
        mine = self.of(meeting, "employee")
        with self.refused("reason"):
            mine.action_dispute("  ")
        mine.action_dispute("I did not agree to that")
        self.assertEqual(mine.state, "disputed")
        self.assertEqual(mine.statement_ids.text, "I did not agree to that")
        self.assertIn("agreed to more", mine.statement_ids.minutes)
        self.assertEqual(mine.statement_ids.author_id, self.employee)
        # corrected by whoever disputed it: then the other one confirms
        self.hold(meeting, "employee", "<p>You asked for more</p>")
        with self.assertRaises(AccessError):
            self.of(meeting, "employee").action_confirm()
        self.of(meeting, "manager").action_confirm()
        self.assertIn("agreed to more", meeting.sudo().statement_ids.minutes)

    def test_take_back(self):
        meeting = self.plan()
        self.hold(meeting, "manager")
        with self.assertRaises(AccessError):
            self.of(meeting, "employee").action_take_back()
        self.of(meeting, "manager").action_take_back()
        self.assertEqual(meeting.state, "planned")
        self.assertFalse(meeting.held_by_id)

    def test_minutes_are_locked(self):
        meeting = self.plan()
        topic = (
            self.of(meeting, "manager")
            .agenda_ids.create({"meeting_id": meeting.id, "name": "A topic"})
            .sudo()
        )
        action = self.as_(self.env["hr.performance.action"], "manager").create(
            {"meeting_id": meeting.id, "name": "Call them"}
        )
        self.assertEqual(action.responsible_id, self.employee)
        self.assertEqual(action.company_id, self.company)
        self.hold(meeting, "manager")
        for _step in range(2):
            for who in ("manager", "employee"):
                mine = self.of(meeting, who)
                with self.refused("finalised"):
                    mine.minutes = "<p>Something else</p>"
                with self.refused("finalised"):
                    mine.agenda_ids.create({"meeting_id": mine.id, "name": "Late"})
                with self.refused("finalised"):
                    self.as_(topic, who).done = True
                with self.refused("finalised"):
                    mine.action_ids.create({"meeting_id": mine.id, "name": "Late"})
                with self.refused("finalised"):
                    self.as_(action, who).name = "Call nobody"
                with self.refused("finalised"):
                    self.as_(action, who).unlink()
                mine.note = f"Thoughts of {who}"
            if meeting.state == "held":
                self.of(meeting, "employee").action_confirm()
        self.as_(action, "manager").action_finish()
        self.assertEqual(action.state, "done")

    def test_an_action_belongs_to_something(self):
        with self.refused("belongs to nothing", error=ValidationError):
            self.env["hr.performance.action"].create({"name": "In the air"})

    def test_officers_clean_up(self):
        meeting = self.plan()
        self.of(meeting, "officer").action_cancel()
        self.assertEqual(meeting.state, "cancelled")
        with self.assertRaises(AccessError):
            self.of(meeting, "officer").action_plan_again()

    # ------------------------------------------------------------- series

    def test_series(self):
        self.manager_user.tz = "Europe/Oslo"
        # a week over which the clock changes
        with freeze_time("2026-03-20 12:00:00"):
            meeting = self.plan(start="2026-03-23 09:00:00", repeat_weeks=2)
        with freeze_time("2026-03-23 10:00:00"):
            self.hold(meeting)
            following = self.env["hr.performance.meeting"].search(
                [("previous_id", "=", meeting.id)]
            )
            self.assertEqual(following.start, datetime(2026, 4, 6, 8))
            self.assertEqual(following.manager_id, self.manager)
            self.assertTrue(following.event_id)
            # finalised once more: not another one
            self.of(meeting, "manager").action_take_back()
            self.hold(meeting)
            self.of(meeting, "employee").action_dispute("No")
            self.hold(meeting)
            self.assertEqual(
                self.env["hr.performance.meeting"].search_count(
                    [("previous_id", "=", meeting.id)]
                ),
                1,
            )
        with freeze_time("2026-05-01 10:00:00"):
            # cancelled late: the next one lies ahead
            self.of(following, "employee").action_cancel()
            last = self.env["hr.performance.meeting"].search(
                [("previous_id", "=", following.id)]
            )
            self.assertEqual(last.start, datetime(2026, 5, 4, 8))
            last.repeat_weeks = 0
            self.of(last, "employee").action_cancel()
            self.assertFalse(last.search([("previous_id", "=", last.id)]))

    def test_series_ends_with_the_people(self):
        meeting = self.plan(repeat_weeks=1)
        self.employee.active = False
        self.of(meeting, "manager").action_hold()
        self.assertFalse(meeting.search([("previous_id", "=", meeting.id)]))
        meeting = self.plan(employee_id=self.colleague.id, repeat_weeks=1)
        self.colleague.parent_id = self.director
        self.manager.active = False
        meeting.sudo().action_hold()
        following = meeting.sudo().search([("previous_id", "=", meeting.id)])
        self.assertEqual(following.manager_id, self.director)

    # ------------------------------------------------------------- owed

    def owed(self, meeting):
        self.env.flush_all()
        return {
            (row.kind, row.employee_id, row.state)
            for row in self.env["hr.performance.owed"].search(
                [("res_model", "=", meeting._name), ("res_id", "=", meeting.id)]
            )
        }

    def test_owed(self):
        calls = []
        with patch.object(
            type(self.env["hr.performance.owed"]),
            "_sync",
            lambda _self, records: calls.append(records),
        ):
            meeting = self.plan()
            self.assertEqual(
                self.owed(meeting),
                {
                    ("meeting", self.manager, "to_do"),
                    ("meeting_prepare", self.employee, "to_do"),
                },
            )
            self.of(meeting, "employee").note = "My wish"
            self.assertIn(
                ("meeting_prepare", self.employee, "done"), self.owed(meeting)
            )
            self.hold(meeting)
            self.assertEqual(
                self.owed(meeting),
                {
                    ("meeting", self.manager, "done"),
                    ("meeting_prepare", self.employee, "done"),
                    ("meeting_confirm", self.employee, "to_do"),
                },
            )
            self.of(meeting, "employee").action_dispute("No")
            self.assertIn(
                ("meeting_correct", self.manager, "to_do"), self.owed(meeting)
            )
            self.assertIn(
                ("meeting_confirm", self.employee, "done"), self.owed(meeting)
            )
            self.hold(meeting, "employee")
            self.assertIn(
                ("meeting_confirm", self.manager, "to_do"), self.owed(meeting)
            )
            self.of(meeting, "manager").action_confirm()
            self.assertEqual(
                {state for _kind, _who, state in self.owed(meeting)}, {"done"}
            )
        self.assertGreater(len(calls), 5)
        for kind in (
            "meeting",
            "meeting_prepare",
            "meeting_confirm",
            "meeting_correct",
        ):
            self.assertTrue(self.env.ref(f"hr_performance.mail_activity_{kind}"))

    def test_owed_of_preparation_is_not_shared(self):
        meeting = self.plan()
        self.of(meeting, "employee").note = "My wish"
        owed = self.env["hr.performance.owed"]
        domain = [("res_model", "=", meeting._name), ("kind", "=", "meeting_prepare")]
        for who in ("manager", "director", "officer", "administrator"):
            self.assertFalse(self.as_(owed, who).search(domain), who)
        self.assertTrue(self.as_(owed, "employee").search(domain))
