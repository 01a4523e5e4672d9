"""Goals held by a post, and goals held for part of a period."""

from datetime import date, datetime

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import PerformanceCommon


class PostCommon(PerformanceCommon):
    """A year of 365 days, so that the figures can be checked by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year = 2026
        cls.cycle = cls.make_cycle("Year 2026, by days")
        cls.job.department_id = cls.department_sub

    @classmethod
    def add_leave(cls, employee, first, last):
        """Leave of ``employee`` in the working hours, as an approved request enters it."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "date_from": datetime.combine(first, datetime.min.time()),
                "date_to": datetime.combine(last, datetime.max.time()),
            }
        )


@tagged("post_install", "-at_install")
class TestPostGoal(PostCommon):
    def test_whose_it_is(self):
        goal = self.make_goal(self.job)
        self.assertEqual(goal.department_id, self.department_sub)
        self.assertEqual(goal.responsible_id, self.manager)
        self.assertEqual(goal.company_id, self.company)
        self.assertFalse(goal.employee_id)
        with self.refused("the goal of a post", error=ValidationError):
            goal.job_id = False

    def test_counts_those_who_held_the_post_on_the_day(self):
        """Two holders, one of whom moves to another post in May."""
        goal = self.agree(self.make_goal(self.job, (self.ind_sum, 20)))
        self.colleague.create_version(
            {"date_version": self.day(5, 1), "job_id": self.job_2.id}
        )
        self.add_reading(self.ind_sum, 3)
        self.add_reading(self.ind_sum, 4, self.colleague, date=self.day(4, 30))
        # in the other post by then
        moved = self.add_reading(self.ind_sum, 8, self.colleague, date=self.day(5, 1))
        self.assertEqual(moved.job_id, self.job_2)
        # the post's own figure, of nobody in particular
        self.add_reading(
            self.ind_sum, 1, self.job, department_id=self.department_sub.id
        )
        self.assertEqual(goal.measure_ids.actual, 8)  # 3 + 4 + 1
        self.assertEqual(goal.progress, 40)
        unit = self.agree(self.make_goal(self.department_sub, (self.ind_sum, 20)))
        self.assertEqual(unit.measure_ids.actual, 16)  # and 8 of the colleague
        self.assertCountEqual(
            self.env["hr.performance.reading"]
            .search(goal.measure_ids._readings_domain())
            .mapped("value"),
            [3, 4, 1],
        )

    def test_exact_counts_what_is_posted_on_the_post(self):
        """Rollup none: the unit's own figures, each of its own level."""
        self.ind_last.rollup = "none"
        measures = {
            holder: self.make_goal(holder, (self.ind_last, 10)).measure_ids
            for holder in (self.job, self.department_sub, self.company)
        }
        self.add_reading(self.ind_last, 2)
        self.add_reading(self.ind_last, 5, self.job)
        self.add_reading(self.ind_last, 6, self.department_sub)
        self.add_reading(self.ind_last, 7, self.company)
        self.assertEqual([measure.actual for measure in measures.values()], [5, 6, 7])

    def test_checkin_reports_for_the_post(self):
        goal = self.agree(self.make_goal(self.job, (self.ind_sum, 20)))
        checkin = self.as_(self.env["hr.performance.checkin"], "manager").create(
            {"goal_id": goal.id, "date": goal.date_start}
        )
        checkin.value_ids.value = 5
        checkin.action_post()
        reading = goal.measure_ids.sudo()._latest_readings()[goal.measure_ids]
        self.assertEqual(reading.job_id, self.job)
        self.assertEqual(reading.department_id, self.department_sub)
        self.assertFalse(reading.employee_id)
        self.assertEqual(goal.measure_ids.actual, 5)

    def test_head_writes_and_holders_read(self):
        goal = self.make_goal(self.job)
        self.as_(goal, "manager").description = "By the head of the department"
        self.as_(goal, "director").description = "By the head above"
        for name in ("employee", "other_employee"):
            with self.refused(error=AccessError):
                self.as_(goal, name).description = "Not mine"
        self.assertEqual(self.as_(goal, "employee").name, goal.name)
        with self.refused(error=AccessError):
            self.as_(goal, "other_employee").name  # noqa: B018 the company's own


@tagged("post_install", "-at_install")
class TestProRata(PostCommon):
    """365 days in 2026; figures in days, as one would count them in a calendar."""

    def test_dates_are_the_cycles_until_they_are_ones_own(self):
        goal = self.make_goal(None, (self.ind_sum, 10))
        self.assertEqual(
            (goal.date_start, goal.date_end), (date(2026, 1, 1), date(2026, 12, 31))
        )
        self.assertEqual(goal.pro_rata, 1)
        goal.date_start = self.day(8, 1)
        # 31 + 30 + 31 + 30 + 31 days
        self.assertEqual(goal.pro_rata, 153 / 365)
        self.assertEqual(goal.measure_ids.date_start, self.day(8, 1))
        with self.refused("must lie within", error=ValidationError):
            goal.date_end = date(2027, 1, 31)
        self.agree(goal)
        with self.refused("locked"):
            goal.date_end = self.day(11, 30)

    def test_a_moved_cycle_takes_whole_goals_along(self):
        whole = self.make_goal(None, (self.ind_sum, 10))
        part = self.make_goal(None, (self.ind_sum, 10), date_start=self.day(8, 1))
        self.cycle.date_end = self.day(11, 30)
        self.assertEqual(whole.date_end, self.day(11, 30))
        self.assertEqual(whole.measure_ids.date_end, self.day(11, 30))
        self.assertEqual(whole.pro_rata, 1)
        with self.refused("must lie within", error=ValidationError):
            self.cycle.date_start = self.day(9, 1)
        # 334 days in January to November, 122 of them from August
        self.assertEqual(part.date_end, self.day(11, 30))
        self.assertEqual(part.pro_rata, 122 / 334)

    def test_the_weight_above_counts_for_the_days_held(self):
        above = self.make_goal(self.department_sub)
        self.make_goal(None, (self.ind_sum, 10), parent_id=above.id)
        late = self.make_goal(
            self.colleague,
            (self.ind_sum, 10),
            parent_id=above.id,
            date_start=self.day(8, 1),
        )
        self.add_reading(self.ind_sum, 10)
        self.add_reading(self.ind_sum, 2, self.colleague, date=self.day(9, 1))
        self.assertEqual(late.progress, 20)
        # (100 · 365 + 20 · 153) / (365 + 153)
        self.assertAlmostEqual(above.progress, 39560 / 518)

    def test_long_leave_is_taken_off(self):
        goal = self.make_goal()
        holidays = self.add_leave(self.employee, self.day(7, 1), self.day(7, 29))
        self.assertEqual(goal.pro_rata, 1)  # 29 days are holidays
        leave = self.add_leave(self.employee, self.day(3, 1), self.day(6, 30))
        # two pieces that touch are one absence: March to 29 July, 122 + 29 days
        self.assertEqual(goal.pro_rata, (365 - 151) / 365)
        holidays.unlink()
        self.assertEqual(goal.pro_rata, 243 / 365)
        goal.company_id.performance_long_leave_days = 123
        self.assertEqual(goal.pro_rata, 1)
        goal.company_id.performance_long_leave_days = 122
        self.assertEqual(goal.pro_rata, 243 / 365)
        leave.resource_id = self.colleague.resource_id
        self.assertEqual(goal.pro_rata, 1)

    def test_public_holidays_are_nobodys_leave(self):
        goal = self.make_goal()
        self.add_leave(
            self.employee, self.day(3, 1), self.day(6, 30)
        ).resource_id = False
        self.assertEqual(goal.pro_rata, 1)

    def test_the_appraisal_weighs_by_days_and_says_so(self):
        whole = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        part = self.agree(
            self.make_goal(None, (self.ind_ratio, 10), date_start=self.day(8, 1))
        )
        self.add_reading(self.ind_sum, 10)
        self.add_reading(self.ind_ratio, 5, date=self.day(9, 1))
        appraisal = self.make_appraisal()
        items = {item.goal_id: item for item in appraisal.item_ids}
        self.assertEqual(items[whole].pro_rata, 1)
        self.assertEqual(items[part].pro_rata, 153 / 365)
        section = next(
            section
            for section in appraisal.derivation["sections"]
            if items[part].id in [item["id"] for item in section["items"]]
        )
        # (100 · 365 + 50 · 153) / (365 + 153)
        self.assertAlmostEqual(section["mean"], 44150 / 518)
        self.assertIn(153 / 365, [item["pro_rata"] for item in section["items"]])
