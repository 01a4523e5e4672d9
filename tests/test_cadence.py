"""When a check-in is due: how often, and on a working day of whoever owes it.

All in 2026: 1 January is a Thursday, 5 April Easter Sunday.
"""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import PerformanceCommon


class CadenceCommon(PerformanceCommon):
    """The year is 2026, whenever the tests run; hours are those of Oslo."""

    @classmethod
    def _create_cycle(cls):
        cls.year = 2026
        cls.cycle = cls.make_cycle("2026")
        cls.cycle_2 = cls.make_cycle("2026, Two", company_id=cls.company_2.id)
        cls.hours = cls.company.resource_calendar_id
        cls.hours.tz = "Europe/Oslo"
        for person in cls.people.values():
            person.tz = "Europe/Oslo"

    @classmethod
    def agreed(cls, day, holder=None, **values):
        with freeze_time(day):
            goal = cls.agree(cls.make_goal(holder, **values))
            cls.env.flush_all()
        return goal

    @classmethod
    def holiday(cls, day, **values):
        """A day off for everybody, in Oslo's time."""
        return cls.away(None, day, day, **values)

    @classmethod
    def away(cls, person, first, last, hours=(0, 24), **values):
        """Leave of ``person``, or a holiday, from ``first`` to ``last``, in Oslo's time."""
        offset = 2 if 4 <= first.month <= 10 else 1  # summer time, about
        start = datetime(first.year, first.month, first.day)
        end = datetime(last.year, last.month, last.day)
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "company_id": cls.company.id,
                "calendar_id": False,
                "resource_id": person.resource_id.id if person else False,
                "date_from": start + timedelta(hours=hours[0] - offset),
                "date_to": end + timedelta(hours=hours[1] - offset, seconds=-1),
            }
            | values
        )

    def assertDue(self, goal, due, stale_on=None, escalate_on=None):
        self.env.flush_all()
        found = [goal.checkin_due, goal.stale_on, goal.escalate_on]
        expected = [due, stale_on, escalate_on]
        known = [place for place, day in enumerate(expected) if day is not None]
        self.assertEqual(
            [str(found[place] or "") for place in known],
            [expected[place] and f"2026-{expected[place]}" for place in known],
        )


@tagged("post_install", "-at_install")
class TestDue(CadenceCommon):
    def test_due_moves_to_the_next_working_day(self):
        """Agreed on Thursday 15 January: due on Sunday 15 February, so Monday the 16th.

        Three working days of grace end on Thursday, so stale on Friday the 20th; three
        more, Monday to Wednesday, so one up on Thursday the 26th.
        """
        goal = self.agreed(date(2026, 1, 15))
        self.assertDue(goal, "02-16", "02-20", "02-26")

    def test_holidays_and_leave_do_not_count(self):
        """Agreed on 3 March: due on Friday 3 April, Good Friday; Easter Monday is off too.

        So due on Tuesday the 7th. The owner is away 9 to 22 April: of the grace, Wednesday
        the 8th, Thursday the 23rd and Friday the 24th; stale on Monday the 27th.
        """
        goal = self.agreed(date(2026, 3, 3))
        self.assertDue(goal, "04-03", "04-09", "04-15")
        for day in (date(2026, 4, 3), date(2026, 4, 6)):
            self.holiday(day)
        leave = self.away(self.employee, date(2026, 4, 9), date(2026, 4, 22))
        # 1 May is no holiday here
        self.assertDue(goal, "04-07", "04-27", "05-01")
        leave.unlink()
        self.assertDue(goal, "04-07", "04-13", "04-17")

    def test_leave_moves_the_day_at_once(self):
        goal = self.agreed(date(2026, 1, 15))
        colleague = self.agreed(date(2026, 1, 15), self.colleague)
        leave = self.away(self.employee, date(2026, 2, 12), date(2026, 2, 25))
        self.assertDue(goal, "02-26", "03-04", "03-10")
        self.assertDue(colleague, "02-16")
        leave.resource_id = self.colleague.resource_id
        self.assertDue(goal, "02-16")
        self.assertDue(colleague, "02-26")

    def test_what_is_left_of_a_day_is_a_working_day(self):
        """A morning off leaves Monday a working day; morning and afternoon do not."""
        goal = self.agreed(date(2026, 1, 15))
        monday = date(2026, 2, 16)
        self.away(self.employee, monday, monday, hours=(8, 12))
        self.assertDue(goal, "02-16")
        self.away(self.employee, monday, monday, hours=(13, 17))
        self.assertDue(goal, "02-17")

    def test_a_training_is_no_leave(self):
        goal = self.agreed(date(2026, 1, 15))
        monday = date(2026, 2, 16)
        self.away(self.employee, monday, monday, time_type="other")
        self.assertDue(goal, "02-16")

    def test_a_day_off_is_one_of_local_time(self):
        """Monday in Shanghai begins on Sunday afternoon in UTC."""
        self.employee.tz = "Asia/Shanghai"
        goal = self.agreed(date(2026, 1, 15))
        self.away(
            self.employee,
            date(2026, 2, 16),
            date(2026, 2, 16),
            date_from="2026-02-15 16:00:00",
            date_to="2026-02-16 15:59:59",
        )
        self.assertDue(goal, "02-17")
        # a holiday is a day of the company, wherever somebody is
        self.holiday(date(2026, 2, 17))
        self.refresh(goal)
        self.assertDue(goal, "02-18")

    def refresh(self, goal):
        goal._mark_checkin_due()
        self.env.flush_all()

    def test_hours_of_ones_own(self):
        """Part time on Tuesdays and Fridays of every other week; hours of one's choice."""
        ordinals = {day: (day.toordinal() - 1) // 7 % 2 for day in [date(2026, 2, 17)]}
        part_time = self.env["resource.calendar"].create(
            {
                "name": "Part time",
                "company_id": self.company.id,
                "tz": "Europe/Oslo",
                "two_weeks_calendar": True,
                "attendance_ids": [
                    fields.Command.clear(),
                    *(
                        fields.Command.create(
                            {
                                "name": weekday,
                                "dayofweek": weekday,
                                "week_type": str(1 - ordinals[date(2026, 2, 17)]),
                                "hour_from": 8,
                                "hour_to": 12,
                            }
                        )
                        for weekday in ("1", "4")
                    ),
                ],
            }
        )
        self.employee.resource_calendar_id = part_time
        goal = self.agreed(date(2026, 1, 15))
        # the week of 16 February is off; then 24 and 27 February, 10 and 13 March
        self.assertDue(goal, "02-24", "03-24")
        self.employee.resource_calendar_id = False
        self.refresh(goal)
        self.assertDue(goal, "02-16", "02-20")

    def test_hours_of_the_version_of_then(self):
        """From 1 February on she works on Wednesdays alone."""
        wednesdays = self.env["resource.calendar"].create(
            {
                "name": "Wednesdays",
                "company_id": self.company.id,
                "attendance_ids": [
                    fields.Command.clear(),
                    fields.Command.create(
                        {
                            "name": "Wednesday",
                            "dayofweek": "2",
                            "hour_from": 8,
                            "hour_to": 16,
                        }
                    ),
                ],
            }
        )
        self.employee.create_version(
            {"date_version": date(2026, 2, 1), "resource_calendar_id": wednesdays.id}
        )
        goal = self.agreed(date(2026, 1, 15))
        self.assertDue(goal, "02-18", "03-18")
        self.cycle.checkin_frequency = "week"
        self.assertDue(goal, "01-22", "01-28")

    def test_goals_of_units_and_the_company(self):
        """By the head's days; where nobody answers for it, by the company's."""
        unit = self.agreed(date(2026, 1, 15), self.department_sub)
        company = self.agreed(date(2026, 1, 15), self.company)
        self.assertEqual(unit.responsible_id, self.manager)
        self.assertFalse(company.responsible_id)
        self.away(self.manager, date(2026, 2, 16), date(2026, 2, 17))
        self.assertDue(unit, "02-18")
        self.assertDue(company, "02-16")
        self.holiday(date(2026, 2, 16))
        self.refresh(company)
        self.assertDue(company, "02-17")

    def test_nothing_is_due_after_the_end_or_before_agreement(self):
        goal = self.agreed(date(2026, 1, 15), date_end=date(2026, 2, 15))
        self.assertDue(goal, "", "", "")  # Monday would be a day too late
        with freeze_time("2026-01-15"):
            self.assertDue(self.make_goal(), "", "", "")
        goal = self.agreed(date(2026, 1, 15))
        goal.action_close("achieved")
        self.assertDue(goal, "", "", "")

    def test_somebody_who_never_comes_back(self):
        goal = self.agreed(date(2026, 1, 15))
        self.away(self.employee, date(2026, 2, 1), date(2031, 2, 1))
        self.assertDue(goal, "", "", "")

    def test_a_checkin_moves_it_on(self):
        goal = self.agreed(date(2026, 1, 15))
        with freeze_time("2026-02-13"):
            self.as_(self.env["hr.performance.checkin"], "employee").create(
                {"goal_id": goal.id}
            ).action_post()
        self.assertDue(goal, "03-13", "03-19")

    def test_queries_do_not_grow_with_the_goals(self):
        counts = []
        for number in (5, 50):
            goals = self.env["hr.performance.goal"].create(
                [
                    {
                        "name": f"Goal {n}",
                        "cycle_id": self.cycle.id,
                        "employee_id": (self.employee, self.colleague)[n % 2].id,
                        "state": "agreed",
                        "agreed_date": date(2026, 1, 15),
                    }
                    for n in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            goals._mark_checkin_due()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestCadence(CadenceCommon):
    def add(self, frequency, by="officer", **holder):
        return self.as_(self.env["hr.performance.cadence"], by).create(
            {name: record.id for name, record in holder.items()}
            | {"frequency": frequency}
        )

    def test_the_closest_word_holds(self):
        """Month of the period → quarter of the upper unit → … → week of the goal."""
        goal = self.agreed(date(2026, 1, 15))
        self.assertDue(goal, "02-16")
        self.add("quarter", department_id=self.department)
        self.assertDue(goal, "04-15")
        self.add("two_weeks", department_id=self.department_sub)
        self.assertDue(goal, "01-29")
        own = self.add("month", employee_id=self.employee)
        self.assertDue(goal, "02-16")
        goal.checkin_frequency = "week"
        self.assertDue(goal, "01-22")
        goal.checkin_frequency = False
        self.assertDue(goal, "02-16")
        own.unlink()
        self.assertDue(goal, "01-29")

    def test_a_persons_rhythm_is_not_the_units(self):
        unit = self.agreed(date(2026, 1, 15), self.department_sub)
        self.add("week", employee_id=self.manager)
        self.assertDue(unit, "02-16")

    def test_no_checkins(self):
        goal = self.agreed(date(2026, 1, 15))
        cadence = self.add("none", department_id=self.department)
        self.assertDue(goal, "", "", "")
        with freeze_time("2026-06-01"):
            goal._refresh_health()
            self.assertEqual(goal.health, "no_value")
            cadence.unlink()
            self.env.flush_all()
            self.assertEqual(goal.health, "stale")

    def test_managers_set_it_for_those_below_and_nobody_for_themselves(self):
        self.add("week", by="manager", employee_id=self.employee).unlink()
        self.add("week", by="manager", department_id=self.department_sub)
        for by, holder in (
            ("employee", {"employee_id": self.employee}),
            ("manager", {"employee_id": self.manager}),
            ("manager", {"department_id": self.department}),
            ("colleague", {"employee_id": self.employee}),
        ):
            with (
                self.subTest(by, **holder),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                self.add("none", by=by, **holder)

    def test_either_a_unit_or_a_person(self):
        for holder in (
            {},
            {"employee_id": self.employee, "department_id": self.department},
        ):
            with self.refused("Check-in rhythm", error=ValidationError):
                self.add("week", **holder)

    def test_nobody_quietens_an_agreed_goal_of_their_own(self):
        draft = self.make_goal()
        self.as_(draft, "employee").checkin_frequency = "none"
        goal = self.agreed(date(2026, 1, 15))
        with self.refused(goal.name, "Check-in", error=AccessError):
            self.as_(goal, "employee").checkin_frequency = "none"
        self.as_(goal, "manager").checkin_frequency = "quarter"
        self.assertDue(goal, "04-15")
