"""Values that come from Odoo's own records: what is counted, for whom, with whose rights."""

import json
from datetime import date, datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import OFFICER, PerformanceCommon


class QueryCommon(PerformanceCommon):
    """Partners, dated by ``date`` and held by their salesperson, are what is measured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # nobody else's partners: the data of other modules has none in this category
        cls.category = cls.env["res.partner.category"].create({"name": "Measured"})
        cls.indicator = cls.make_query()

    @classmethod
    def make_query(cls, by=None, **values):
        """An indicator in use that counts the partners of this test, by its author."""
        indicator = cls.as_(
            cls.env["hr.performance.indicator"], by or cls.users["officer"]
        ).create(
            {
                "name": "New partners",
                "company_id": cls.company.id,
                "frequency": "month",
                "source": "odoo",
                "query_model": "res.partner",
                "query_domain": f"[('category_id', '=', {cls.category.id})]",
                "query_operation": "count",
                "query_date_field": "create_date",
                "query_holder": "user",
                "query_holder_path": "user_id",
            }
            | values
        )
        indicator.action_activate()
        return indicator

    @classmethod
    def make_partners(cls, *days, user=None, **values):
        """A partner of ``user`` (default: the employee's) made on each of the days."""
        user = cls.employee_user if user is None else user
        partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Partner {day}",
                    "user_id": user.id if user else False,
                    "category_id": [Command.link(cls.category.id)],
                }
                | values
                for day in days
            ]
        )
        cls.env.flush_all()
        for partner, day in zip(partners, days, strict=True):
            moment = (
                day
                if isinstance(day, datetime)
                else datetime(day.year, day.month, day.day, 12)
            )
            cls.env.cr.execute(
                "UPDATE res_partner SET create_date = %s WHERE id = %s",
                [moment, partner.id],
            )
        cls.env.invalidate_all()
        return partners

    def refresh(self, indicator=None, *dates, on=None):
        """Refresh on 20 December of the cycle's year; return the words of the summary."""
        indicator = indicator or self.indicator
        with freeze_time(on or datetime(self.year, 12, 20, 12)):
            action = indicator.action_refresh(*dates)
            self.env.flush_all()
        self.env.invalidate_all()
        return action["params"]["message"]

    def readings(self, indicator=None):
        """``{(holder's name, period start): (date, value, weight)}``."""
        found = self.env["hr.performance.reading"].search(
            [("indicator_id", "=", (indicator or self.indicator).id)]
        )
        return {
            (
                (
                    reading.employee_id or reading.department_id or reading.company_id
                ).name,
                reading.period_start,
            ): (reading.date, reading.value, reading.weight)
            for reading in found
        }


@tagged("post_install", "-at_install")
class TestFigures(QueryCommon):
    def test_months_of_a_user_are_readings_of_the_employee(self):
        self.make_partners(self.day(3, 1), self.day(3, 31), self.day(5))
        self.make_partners(self.day(3), user=self.colleague_user)
        message = self.refresh()
        self.assertIn("3 new", message)
        self.assertEqual(
            self.readings(),
            {
                ("Employee", self.day(3, 1)): (self.day(3, 31), 2, 1),
                ("Employee", self.day(5, 1)): (self.day(5, 31), 1, 1),
                ("Colleague", self.day(3, 1)): (self.day(3, 31), 1, 1),
            },
        )
        reading = self.env["hr.performance.reading"].search(
            [("indicator_id", "=", self.indicator.id)], limit=1
        )
        self.assertEqual(reading.source, "odoo")
        self.assertEqual(reading.department_id, self.department_sub)
        self.assertEqual(reading.job_id, self.job)
        self.assertEqual(self.indicator.query_last_run.date(), self.day(12, 20))
        self.assertEqual(self.indicator.query_state, "ready")

    def test_frequencies(self):
        """30 September and 1 October share a week, but no month, quarter or half."""
        days = [self.day(9, 30), self.day(10, 1), self.day(10, 1)]
        self.make_partners(*days)
        week = fields.Date.start_of(self.day(9, 30), "week")
        expected = {
            "day": {self.day(9, 30): 1, self.day(10, 1): 2},
            "week": {week: 1, self.day(10, 1): 2}
            if week < self.day(9, 30) or self.day(10, 1).weekday()
            else {self.day(9, 30): 1, self.day(10, 1): 2},
            "month": {self.day(9, 1): 1, self.day(10, 1): 2},
            "quarter": {self.day(7, 1): 1, self.day(10, 1): 2},
            "half": {self.day(7, 1): 3},
            "year": {self.day(1, 1): 3},
        }
        for frequency, values in expected.items():
            with self.subTest(frequency=frequency):
                indicator = self.make_query(frequency=frequency)
                self.refresh(indicator)
                self.assertEqual(
                    {
                        start: value
                        for (_name, start), (_day, value, _w) in self.readings(
                            indicator
                        ).items()
                    },
                    values,
                )

    def test_weeks_around_new_year_and_in_every_language(self):
        """ISO weeks 52, 53 and 1 meet in January and December; weeks begin on Monday."""
        self.env["res.lang"].search([]).week_start = "7"
        indicator = self.make_query(frequency="week")
        self.make_partners(
            *(date(2024, 12, day) for day in (29, 30, 31)),
            *(date(2025, 1, day) for day in (1, 5, 6)),
        )
        self.refresh(indicator, "2024-12-01", "2025-01-31", on=datetime(2025, 3, 1))
        self.assertEqual(
            self.readings(indicator),
            {
                ("Employee", date(2024, 12, 23)): (date(2024, 12, 29), 1, 1),
                ("Employee", date(2024, 12, 30)): (date(2024, 12, 31), 2, 1),
                ("Employee", date(2025, 1, 1)): (date(2025, 1, 5), 2, 1),
                ("Employee", date(2025, 1, 6)): (date(2025, 1, 12), 1, 1),
            },
        )

    def test_the_running_period_is_dated_today(self):
        self.make_partners(self.day(12, 5), self.day(12, 24))
        self.refresh()
        key = ("Employee", self.day(12, 1))
        self.assertEqual(self.readings()[key], (self.day(12, 20), 1, 1))
        self.refresh(on=datetime(self.year, 12, 31, 12))
        self.assertEqual(self.readings(), {key: (self.day(12, 31), 2, 1)})

    def test_half_a_period_drags_no_average_nor_last_value(self):
        """5 in each whole month, 1 so far in December."""
        self.make_partners(*[self.day(10)] * 5, *[self.day(11)] * 5, self.day(12, 5))
        expected = {"sum": 11, "average": 5, "last": 5, "min": 5, "max": 5}
        for aggregation, actual in expected.items():
            indicator = self.make_query(aggregation=aggregation)
            measure = self.make_goal(None, (indicator, 10)).measure_ids
            measure.date_start = self.day(10, 1)
            self.refresh(indicator)
            with self.subTest(aggregation):
                self.assertEqual(measure.actual, actual)
        # what was right to write before goes
        indicator = self.make_query()
        self.refresh(indicator)
        self.assertIn(("Employee", self.day(12, 1)), self.readings(indicator))
        indicator.aggregation = "average"
        self.assertIn("1 removed", self.refresh(indicator))
        # and comes when the month is over
        self.refresh(
            indicator,
            self.day(12, 1),
            self.day(12, 31),
            on=datetime(self.year + 1, 1, 1, 12),
        )
        self.assertEqual(
            self.readings(indicator)["Employee", self.day(12, 1)],
            (self.day(12, 31), 1, 1),
        )

    def test_days_begin_where_the_company_is(self):
        self.make_partners(datetime(self.year, 3, 31, 23, 30))
        calendar = self.company.resource_calendar_id
        for of_address, of_hours, month in (
            ("Europe/Oslo", "UTC", 4),
            (False, "UTC", 3),
            (False, "Europe/Oslo", 4),
            ("UTC", "Europe/Oslo", 3),
            (False, None, 3),
        ):
            self.company.partner_id.tz = of_address
            self.company.resource_calendar_id = calendar if of_hours else False
            calendar.tz = of_hours or "Europe/Oslo"
            self.refresh()
            with self.subTest(of_address=of_address, of_hours=of_hours):
                self.assertEqual(
                    list(self.readings()), [("Employee", self.day(month, 1))]
                )

    def test_operations_on_a_field(self):
        """``color`` is a number that every partner has."""
        values = {"color": 2}
        self.make_partners(self.day(3), self.day(3), **values)
        self.make_partners(self.day(3), color=8)
        self.make_partners(self.day(4), color=10)
        expected = {
            "sum": ((12, 1), (10, 1)),
            "average": ((4, 3), (10, 1)),
            "min": ((2, 1), (10, 1)),
            "max": ((8, 1), (10, 1)),
        }
        for operation, (march, april) in expected.items():
            with self.subTest(operation=operation):
                indicator = self.make_query(
                    query_operation=operation, query_field="color"
                )
                self.refresh(indicator)
                found = self.readings(indicator)
                self.assertEqual(found["Employee", self.day(3, 1)][1:], march)
                self.assertEqual(found["Employee", self.day(4, 1)][1:], april)

    def test_an_average_over_months_and_people_is_that_of_the_records(self):
        self.make_partners(self.day(3), self.day(3), color=1)
        self.make_partners(self.day(4), color=10)
        self.make_partners(self.day(4), color=4, user=self.colleague_user)
        indicator = self.make_query(
            query_operation="average",
            query_field="color",
            aggregation="average",
            rollup="average",
        )
        goal = self.make_goal(self.department, (indicator, 5))
        self.refresh(indicator)
        self.assertEqual(goal.measure_ids.actual, (1 + 1 + 10 + 4) / 4)

    def test_a_share_weighs_as_many_records_as_it_is_of(self):
        self.make_partners(self.day(3), self.day(3), self.day(3), color=1)
        self.make_partners(self.day(3), color=5)
        self.make_partners(self.day(4), color=1)
        indicator = self.make_query(
            query_operation="share", query_share_domain="[('color', '>', 3)]"
        )
        self.refresh(indicator)
        self.assertEqual(
            self.readings(indicator),
            {
                ("Employee", self.day(3, 1)): (self.day(3, 31), 25, 4),
                ("Employee", self.day(4, 1)): (self.day(4, 30), 0, 1),
            },
        )

    def test_nothing_recorded_is_a_true_0_for_who_has_a_goal(self):
        self.make_partners(self.day(3))
        self.make_partners(self.day(3), user=self.colleague_user)
        goal = self.make_goal(None, (self.indicator, 10))
        goal.measure_ids.date_end = self.day(5, 31)
        self.refresh()
        found = self.readings()
        self.assertEqual(
            {
                start.month: found[name, start][1]
                for name, start in found
                if name == "Employee"
            },
            {1: 0, 2: 0, 3: 1, 4: 0, 5: 0},
        )
        self.assertEqual(
            len([name for name, _start in found if name == "Colleague"]), 1
        )
        goal.action_cancel("Not needed")
        self.assertIn("4 removed", self.refresh())

    def test_no_record_is_no_value_of_an_average(self):
        indicator = self.make_query(query_operation="average", query_field="color")
        goal = self.make_goal(None, (indicator, 10))
        self.refresh(indicator)
        self.assertEqual(self.readings(indicator), {})
        self.assertFalse(goal.measure_ids.has_actual)
        self.assertIsNone(goal.measure_ids.actual)

    def test_holders(self):
        """By a path, by the employee, by the department, and for the whole company."""
        self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.employee_user.partner_id.id,
                "user_id": self.employee_user.id,
                "date_deadline": self.day(3),
                "summary": "Measured",
            }
        )
        cycle = self.make_cycle("Measured")
        goal = self.make_goal(None, cycle_id=cycle.id)
        of_unit = self.make_goal(self.department, cycle_id=cycle.id)
        moment = datetime(self.year, 3, 15, 12)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_performance_goal SET create_date = %s WHERE id IN %s",
            [moment, tuple((goal | of_unit).ids)],
        )
        self.env.invalidate_all()
        goals = {
            "query_model": "hr.performance.goal",
            "query_domain": f"[('cycle_id', '=', {cycle.id})]",
        }
        cases = {
            "Employee": (
                {
                    "query_model": "mail.activity",
                    "query_domain": "[('summary', '=', 'Measured')]",
                    "query_date_field": "date_deadline",
                },
                1,
            ),
            "Employee ": (
                {"query_holder": "employee", "query_holder_path": "employee_id"}
                | goals,
                1,
            ),
            "Sales": (
                {"query_holder": "department", "query_holder_path": "department_id"}
                | goals
                | {"query_domain": "[('scope', '=', 'department')]"},
                1,
            ),
            "Performance One": (
                {"query_holder": "company", "query_holder_path": False} | goals,
                2,
            ),
        }
        # activities are read by who may edit the record they are on
        editor = new_test_user(
            self.env,
            login="perf_editor",
            groups=f"base.group_user,base.group_partner_manager,{OFFICER}",
            company_id=self.company.id,
        )
        for name, (values, number) in cases.items():
            with self.subTest(holder=name):
                indicator = self.make_query(by=editor, **values)
                self.refresh(indicator)
                self.assertEqual(
                    self.readings(indicator),
                    {(name.strip(), self.day(3, 1)): (self.day(3, 31), number, 1)},
                )

    def test_a_path_through_another_record(self):
        self.make_partners(self.day(3))
        parent = self.env["res.partner"].search(
            [("name", "like", "Partner 2")], limit=1
        )
        self.make_partners(self.day(4), user=False, parent_id=parent.id)
        indicator = self.make_query(query_holder_path="parent_id.user_id")
        self.assertIn("1 records are not counted", self.refresh(indicator))
        self.assertEqual(list(self.readings(indicator)), [("Employee", self.day(4, 1))])

    def test_records_of_nobody_are_named(self):
        outsider = new_test_user(self.env, login="perf_outsider", name="Olga Outside")
        self.make_partners(self.day(3), self.day(4), user=outsider)
        self.make_partners(self.day(3), user=False)
        message = self.refresh()
        self.assertIn("3 records are not counted", message)
        self.assertIn("Olga Outside", message)
        self.assertIn("nobody", message)
        self.assertEqual(self.readings(), {})

    def test_who_has_left_keeps_the_past(self):
        self.make_partners(self.day(3))
        self.employee.active = False
        self.refresh()
        self.assertEqual(list(self.readings()), [("Employee", self.day(3, 1))])

    def test_a_transfer_leaves_the_past_with_the_old_department(self):
        self.employee.create_version(
            {
                "date_version": self.day(6, 1),
                "department_id": self.department_sibling.id,
            }
        )
        self.make_partners(self.day(5, 31), self.day(6, 1))
        self.refresh()
        found = self.env["hr.performance.reading"].search(
            [("indicator_id", "=", self.indicator.id)], order="date"
        )
        self.assertEqual(
            found.mapped("department_id"), self.department_sub | self.department_sibling
        )
        self.assertEqual(found[0].department_id, self.department_sub)

    def test_two_companies(self):
        """A shared indicator measures in all companies of its author, each its own way."""
        both = new_test_user(
            self.env,
            login="perf_both",
            groups=f"base.group_user,{OFFICER}",
            company_id=self.company.id,
            company_ids=[Command.set((self.company | self.company_2).ids)],
        )
        self.make_partners(self.day(3), company_id=self.company.id)
        self.make_partners(
            self.day(3),
            self.day(3),
            user=self.other_employee_user,
            company_id=self.company_2.id,
        )
        shared = self.make_query(by=both, company_id=False)
        self.refresh(shared)
        self.assertEqual(
            self.readings(shared),
            {
                ("Employee", self.day(3, 1)): (self.day(3, 31), 1, 1),
                ("Other Employee", self.day(3, 1)): (self.day(3, 31), 2, 1),
            },
        )
        own = self.make_query(company_id=False)
        self.refresh(own)
        self.assertEqual(list(self.readings(own)), [("Employee", self.day(3, 1))])

    def test_results_follow(self):
        goal = self.make_goal(None, (self.indicator, 4))
        self.make_partners(self.day(3), self.day(5))
        self.refresh()
        self.assertEqual(goal.measure_ids.actual, 2)
        self.assertEqual(goal.progress, 50)


@tagged("post_install", "-at_install")
class TestRefresh(QueryCommon):
    def test_repeating_changes_nothing(self):
        self.make_partners(self.day(3), self.day(4))
        self.refresh()
        before = self.env["hr.performance.reading"].search(
            [("indicator_id", "=", self.indicator.id)]
        )
        stamps = before.mapped("write_date")
        self.assertIn("0 new, 0 changed, 0 removed, 2 as they were", self.refresh())
        after = self.env["hr.performance.reading"].search(
            [("indicator_id", "=", self.indicator.id)]
        )
        self.assertEqual(after, before)
        self.assertEqual(after.mapped("write_date"), stamps)

    def test_what_changes_is_rewritten_and_what_vanishes_removed(self):
        march = self.make_partners(self.day(3))
        april = self.make_partners(self.day(4))
        goal = self.make_goal(self.company, (self.indicator, 10))
        self.refresh()
        self.make_partners(self.day(3))
        april.unlink()
        message = self.refresh()
        self.assertIn("0 new, 1 changed, 1 removed", message)
        self.assertEqual(
            self.readings(), {("Employee", self.day(3, 1)): (self.day(3, 31), 2, 1)}
        )
        self.assertEqual(goal.measure_ids.actual, 2)
        self.assertFalse(
            self.env["hr.performance.reading.correction"].search([])
            & (
                self.env["hr.performance.reading.correction"].search(
                    [("reading_id.indicator_id", "=", self.indicator.id)]
                )
            )
        )
        march.user_id = self.colleague_user
        self.refresh()
        self.assertEqual(self.readings()["Colleague", self.day(3, 1)][1], 1)

    def test_a_closed_cycle_does_not_move(self):
        partner = self.make_partners(self.day(3))
        goal = self.agree(self.make_goal(None, (self.indicator, 10)))
        self.refresh()
        before = self.readings()
        actual = goal.measure_ids.actual
        self.cycle.action_close()
        partner.unlink()
        self.make_partners(self.day(4), self.day(5), user=self.colleague_user)
        message = self.refresh(None, str(self.day(1, 1)), str(self.day(12, 20)))
        self.assertIn("3 left alone", message)
        self.assertIn("0 new, 0 changed, 0 removed", message)
        self.assertEqual(self.readings(), before)
        self.assertEqual(goal.measure_ids.actual, actual)

    def test_a_closed_quarter_stays_while_the_year_goes_on(self):
        quarter = self.make_cycle(
            "Q1",
            period_type="quarter",
            date_end=self.day(3, 31),
            parent_id=self.cycle.id,
        )
        self.make_goal(None, (self.indicator, 10))
        self.make_partners(self.day(3), self.day(4))
        self.refresh()
        quarter.action_close()
        self.make_partners(self.day(3), self.day(4))
        self.assertIn("1 changed, 0 removed", self.refresh())
        self.assertIn("1 left alone", self.refresh())
        found = self.readings()
        self.assertEqual(found["Employee", self.day(3, 1)][1], 1)
        self.assertEqual(found["Employee", self.day(4, 1)][1], 2)

    def test_another_frequency_counts_nothing_twice(self):
        """Months from 1 February replace all of the quarter, and a year all months."""
        goal = self.make_goal(None, (self.indicator, 10))
        self.make_partners(self.day(1), self.day(2), self.day(3), self.day(5))
        for frequency, number in (("quarter", 4), ("month", 12), ("year", 1)):
            self.indicator.frequency = frequency
            self.refresh(None, self.day(2, 1), self.day(12, 20))
            with self.subTest(frequency):
                self.assertEqual(goal.measure_ids.actual, 4)
                self.assertEqual(len(self.readings()), number)
        self.indicator.frequency = "week"
        self.refresh(None, self.day(2, 1), self.day(2, 10))
        self.assertEqual(goal.measure_ids.actual, 4)

    def test_default_range_and_backfill(self):
        """From the earliest open cycle with a goal on it; further back when asked to."""
        last_year = date(self.year - 1, 5, 5)
        self.make_partners(last_year, self.day(3))
        self.refresh()
        self.assertEqual(list(self.readings()), [("Employee", self.day(3, 1))])
        self.refresh(None, f"{self.year - 1}-05-20", f"{self.year - 1}-06-01")
        self.assertEqual(
            self.readings()["Employee", date(self.year - 1, 5, 1)],
            (date(self.year - 1, 5, 31), 1, 1),
        )
        self.assertEqual(len(self.readings()), 2)

    def test_dates_that_cannot_be_meant(self):
        for dates in (
            ("soon", None),
            (self.day(5), self.day(4)),
            ("1900-01-01", None),
        ):
            with (
                self.subTest(dates=dates),
                self.refused("Change" if dates[0] != "soon" else "year-month-day"),
            ):
                self.indicator.action_refresh(*dates)

    def test_only_what_is_in_use_is_fetched(self):
        draft = self.make_query().copy()
        with self.refused("not in use yet"):
            draft.action_refresh()
        with self.refused("does not fetch values from Odoo's records"):
            self.ind_sum.action_refresh()

    def test_the_cron_goes_on_after_a_failure_and_tells_once(self):
        self.make_partners(self.day(3))
        broken = self.make_query(name="Broken")
        idle = self.make_query(name="Retired")
        idle.action_retire()
        self.officer_user.active = False
        works = self.make_query(by=self.administrator_user, name="Works")
        cron = self.env.ref("hr_performance.ir_cron_refresh_queries")
        messages = self.env["mail.message"].search_count(
            [("model", "=", broken._name), ("res_id", "=", broken.id)]
        )
        for _time in range(2):
            with (
                freeze_time(datetime(self.year, 12, 20, 12)),
                self.enter_registry_test_mode(),
            ):
                (broken | works | self.indicator | idle).sudo().query_last_run = False
                self.env.flush_all()
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(broken.query_state, "problem")
            self.assertIn("does not work here any more", broken.query_problem)
            self.assertEqual(broken.query_last_run.date(), self.day(12, 20))
            self.assertEqual(works.query_problem, False)
            self.assertEqual(list(self.readings(works)), [("Employee", self.day(3, 1))])
            self.assertFalse(idle.query_last_run)
            self.assertEqual(
                self.env["mail.message"].search_count(
                    [("model", "=", broken._name), ("res_id", "=", broken.id)]
                ),
                messages + 1,
            )
        self.assertNotIn(works, works._due_for_refresh())
        self.as_(broken, "administrator").action_retire()
        self.as_(broken, "administrator").action_activate()
        self.refresh(self.as_(broken, "administrator"))
        self.assertEqual(broken.query_problem, False)
        self.assertEqual(broken.query_author_id, self.administrator_user)

    def test_what_open_goals_count_is_fetched_in_use_or_not(self):
        """A part of a formula may be retired or archived and is fetched all the same."""
        due = self.env["hr.performance.indicator"]._due_for_refresh
        self.indicator.code = "T_PARTNERS"
        formula = self.env["hr.performance.indicator"].create(
            {
                "name": "Twice",
                "company_id": self.company.id,
                "source": "formula",
                "formula": "2 * T_PARTNERS",
            }
        )
        formula.action_activate()
        goal = self.make_goal(None, (formula, 10))
        self.assertIn(self.indicator, due())
        for change in ("retire", "archive"):
            with self.subTest(change):
                if change == "retire":
                    self.indicator.action_retire()
                else:
                    self.indicator.action_activate()
                    self.indicator.action_archive()
                self.assertIn(self.indicator, due())
        goal.action_cancel("Not needed")
        self.assertNotIn(self.indicator, due())

    def test_a_trial_saves_nothing(self):
        self.make_partners(self.day(3), self.day(3))
        with freeze_time(datetime(self.year, 12, 20, 12)):
            action = self.indicator.action_try_query()
            dialog = (
                self.as_(self.env[action["res_model"]], "officer")
                .with_context(action["context"])
                .create({})
            )
            self.assertEqual(dialog.date_from, self.day(1, 1))
            for word in ("Employee", "03/31", "2", "Nothing has been saved"):
                self.assertIn(word, dialog.trial)
            self.assertEqual(self.readings(), {})
            dialog.action_confirm()
        self.assertEqual(len(self.readings()), 1)

    def test_5_and_50_people_cost_the_same_queries(self):
        counts = {}
        for number in (5, 50):
            users = self.env["res.users"].create(
                [
                    {
                        "name": f"U{number} {n}",
                        "login": f"perf_q_{number}_{n}",
                        "company_id": self.company.id,
                        "company_ids": [Command.set(self.company.ids)],
                    }
                    for n in range(number)
                ]
            )
            self.env["hr.employee"].create(
                [
                    {
                        "name": user.name,
                        "user_id": user.id,
                        "company_id": self.company.id,
                    }
                    for user in users
                ]
            )
            category = self.env["res.partner.category"].create({"name": f"N{number}"})
            partners = self.env["res.partner"].create(
                [
                    {
                        "name": "P",
                        "user_id": user.id,
                        "category_id": [Command.link(category.id)],
                        "color": 1,
                    }
                    for user in users
                ]
            )
            indicator = self.make_query(
                query_domain=f"[('category_id', '=', {category.id})]",
                query_operation="sum",
                query_field="color",
            )
            counts[number] = []
            for step in ("create", "keep", "change", "remove"):
                if step == "change":
                    partners.color = 2
                if step == "remove":
                    partners.category_id = False
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                indicator.action_refresh()
                self.env.flush_all()
                counts[number].append(self.env.cr.sql_log_count - before)
        for few, many in zip(counts[5], counts[50], strict=True):
            self.assertLessEqual(many - few, 3, counts)
        self.assertLessEqual(max(counts[50]), 90, counts)


@tagged("post_install", "-at_install")
class TestRights(QueryCommon):
    """What its author may not read, it does not measure."""

    def test_who_writes_or_activates_is_the_author(self):
        self.assertEqual(self.indicator.query_author_id, self.officer_user)
        as_admin = self.as_(self.indicator, "administrator")
        as_admin.name = "Renamed"
        self.assertEqual(self.indicator.query_author_id, self.officer_user)
        as_admin.query_domain = "[]"
        self.assertEqual(self.indicator.query_author_id, self.administrator_user)
        as_officer = self.as_(self.indicator, "officer")
        as_officer.action_retire()
        self.assertEqual(self.indicator.query_author_id, self.administrator_user)
        as_officer.action_activate()
        self.assertEqual(self.indicator.query_author_id, self.officer_user)

        # what a share is worth
        self.as_(self.indicator, "administrator").rate_factor = 1000
        self.assertEqual(self.indicator.query_author_id, self.administrator_user)

    def test_another_query_is_another_version(self):
        self.assertEqual(self.indicator.version, 1)
        self.indicator.name = "Renamed"
        self.indicator.query_domain = self.indicator.query_domain
        self.assertEqual(self.indicator.version, 1)
        self.indicator.query_domain = "[]"
        self.assertEqual(self.indicator.version, 2)

    def test_data_files_have_no_rights_to_measure_with(self):
        """What the superuser brings is nobody's until a person puts it into use."""
        values = self.indicator.copy_data()[0] | {"code": "T_DATA"}
        shipped = self.env["hr.performance.indicator"].create(values)
        self.assertFalse(shipped.query_author_id)
        shipped.action_activate()
        with self.refused("nobody has put the query into use", error=ValidationError):
            shipped.action_refresh()
        self.indicator.sudo().with_user(self.env.user).query_domain = "[]"
        self.assertFalse(self.indicator.query_author_id)

    def test_an_app_that_is_not_installed(self):
        """A definition may come before its app; put into use it is not."""
        values = self.indicator.copy_data()[0] | {"query_model": "no.such.app"}
        draft = self.as_(self.env["hr.performance.indicator"], "officer").create(values)
        self.assertEqual(draft.query_state, "missing")
        self.assertIn("no.such.app", draft.query_missing)
        with self.refused("no.such.app", "Install the app", error=ValidationError):
            draft.action_activate()
        with self.refused("no.such.app"):
            draft.action_drill_down()

    def test_rules_of_the_author_apply(self):
        self.make_partners(self.day(3), self.day(3))
        self.make_partners(self.day(3), ref="secret")
        self.env["ir.rule"].create(
            {
                "name": "No secrets for officers",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('ref', '!=', 'secret')]",
                "groups": [Command.link(self.env.ref(OFFICER).id)],
            }
        )
        # whoever presses the button: the query runs as its author
        self.refresh(self.indicator.with_user(self.env.user))
        self.assertEqual(self.readings()["Employee", self.day(3, 1)][1], 2)

    def test_no_run_without_the_author_s_rights(self):
        refresh = self.as_(self.indicator, "administrator").action_refresh
        self.officer_user.group_ids -= self.env.ref(OFFICER)
        with self.refused(
            "“New partners”", "Officer", "may not define", error=ValidationError
        ):
            refresh()
        self.officer_user.group_ids |= self.env.ref(OFFICER)
        refresh()
        self.officer_user.write(
            {
                "company_id": self.company_2.id,
                "company_ids": [Command.set(self.company_2.ids)],
            }
        )
        with self.refused(
            "“New partners”", "Officer", "this company", error=ValidationError
        ):
            refresh()
        self.officer_user.active = False
        with self.refused(
            "“New partners”", "Officer", "does not work here", error=ValidationError
        ):
            refresh()

    def test_a_right_to_read_that_is_gone(self):
        """Checked anew at every run, not only when the query was written."""
        hr = new_test_user(
            self.env,
            login="perf_hr",
            groups=f"base.group_user,hr.group_hr_user,{OFFICER}",
            company_id=self.company.id,
        )
        indicator = self.make_query(
            by=hr,
            query_model="hr.version",
            query_domain="[]",
            query_date_field="date_version",
            query_holder="employee",
            query_holder_path="employee_id",
        )
        self.refresh(indicator, "2020-01-01", "2020-02-01")
        self.assertEqual(self.readings(indicator)["Employee", date(2020, 1, 1)][1], 1)
        with self.refused("“wage”", "may not read the field", error=ValidationError):
            self.as_(indicator, hr).write(
                {"query_operation": "sum", "query_field": "wage"}
            )
        hr.group_ids -= self.env.ref("hr.group_hr_user")
        with self.refused("may not read", error=ValidationError):
            self.as_(indicator, "administrator").action_refresh()

    def test_what_others_may_read_of_employees(self):
        """Without HR rights a condition goes by the public side of an employee."""
        values = {
            "query_model": "hr.performance.goal",
            "query_holder_path": "employee_id.user_id",
        }
        self.make_query(
            **values, query_domain="[('employee_id.department_id.name', '=', 'Sales')]"
        )
        with self.refused("birthday", error=ValidationError):
            self.make_query(
                **values, query_domain="[('employee_id.birthday', '!=', False)]"
            )

    def test_refused(self):
        """Each with the name of the indicator, of the field, and the way out."""
        appraisal = "hr.performance.appraisal"
        cases = [
            ({"query_model": False}, "Records", "fill it in"),
            ({"query_date_field": False}, "Dated By", "fill it in"),
            ({"query_holder_path": False}, "Found In", "fill it in"),
            ({"frequency": False}, "Measured", "fill it in"),
            ({"query_operation": "sum"}, "Measured Field", "fill it in"),
            ({"query_operation": "share"}, "Those That Count", "say which"),
            ({"query_model": "no.such.model"}, "Records", "Install the app"),
            ({"query_model": "base"}, "Records", "keeps no records"),
            ({"query_model": "hr.performance.reason"}, "Records", "keeps no records"),
            ({"query_model": "ir.cron"}, "Records", "may not read"),
            ({"query_model": "hr.employee"}, "Records", "may not read"),
            ({"query_model": appraisal}, "Records", "private"),
            ({"query_model": f"{appraisal}.item"}, "Records", "private"),
            ({"query_model": "hr.performance.request"}, "Records", "private"),
            ({"query_model": "hr.performance.request.draft"}, "Records", "private"),
            ({"query_model": "hr.performance.review"}, "Records", "private"),
            ({"query_model": "hr.performance.answer"}, "Records", "private"),
            ({"query_model": "hr.performance.reading"}, "Records", "private"),
            ({"query_date_field": "name"}, "Dated By", "stored field of type date"),
            ({"query_date_field": "no_date"}, "Dated By", "no field “no_date”"),
            ({"query_date_field": "create_date:month"}, "Dated By", "no field"),
            ({"query_date_field": "parent_id.create_date"}, "Dated By", "themselves"),
            ({"query_date_field": "activity_date_deadline"}, "Dated By", "stored"),
            (
                {"query_operation": "sum", "query_field": "name"},
                "Measured Field",
                "stored field of type integer",
            ),
            (
                {"query_operation": "sum", "query_field": "color:max"},
                "Measured Field",
                "no field",
            ),
            (
                {"query_operation": "max", "query_field": "meeting_count"},
                "Measured Field",
                "stored",
            ),
            ({"query_holder_path": "parent_id"}, "Found In", "does not lead to “User”"),
            ({"query_holder_path": "name"}, "Found In", "does not lead to"),
            ({"query_holder_path": "name.id"}, "Found In", "leads nowhere"),
            ({"query_holder_path": "user_ids.partner_id"}, "Found In", "leads nowhere"),
            ({"query_holder_path": "user_id.__class__"}, "Found In", "no field"),
            ({"query_holder_path": "user_id) --"}, "Found In", "no field"),
            ({"query_holder": "employee"}, "Found In", "does not lead to"),
            (
                {"query_holder": "company", "query_holder_path": "country_id"},
                "Found In",
                "does not lead to",
            ),
            *(
                ({"query_domain": domain}, "Which of Them", words)
                for domain, words in (
                    ("[('user_id', '=', uid)]", "plain conditions"),
                    ("[('date', '<', context_today())]", "plain conditions"),
                    ("__import__('os').system('true')", "plain conditions"),
                    ("[('name', '=', 'x'.upper())]", "plain conditions"),
                    ("[('name', '=', b'x')]", "plain conditions"),
                    ("[('name', '=', {'a': 1})]", "plain conditions"),
                    ("[('color', '=', 1e999)]", "plain conditions"),
                    ("{'name': 1}", "plain conditions"),
                    ("('name', '=', 1)", "plain conditions"),
                    ("[('name', '=')]", "plain conditions"),
                    ("['&', ('name', '=', 'x')]", "plain conditions"),
                    ("[('name', 'matches', 'x')]", "plain conditions"),
                    ("[('child_ids', 'any!', [])]", "plain conditions"),
                    ("[('child_ids', 'any', [('x', 'any!', [])])]", "cannot search"),
                    ("[" * 3000, "plain conditions"),
                    ("[" * 90 + "]" * 90, "plain conditions"),
                    ("[('name', '=', '%s')]" % ("x" * 9000), "4000 characters"),
                    ("[('nothing', '=', 1)]", "no field “nothing”"),
                    ("[('name.x', '=', 1)]", "leads nowhere"),
                    ("[('signup_type', '=', 'x')]", "may not read the field"),
                    (
                        "[('child_ids', 'any', [('signup_type', '=', 'x')])]",
                        "may not read",
                    ),
                    ("[('user_ids.password', '=like', 'a%')]", "cannot search"),
                    ("[('create_date', '>', 'whenever')]", "cannot search"),
                    ("[('employee_ids.x', '=', 1)]", "may not read"),
                )
            ),
            (
                {
                    "query_operation": "share",
                    "query_share_domain": "[('signup_type', '=', 'x')]",
                },
                "Those That Count",
                "may not read the field",
            ),
            *(
                (
                    {
                        "query_model": f"hr.performance.{model}",
                        "query_domain": domain,
                        "query_holder_path": "employee_id.user_id",
                    },
                    "Which of Them",
                    words,
                )
                for model, domain, words in (
                    ("goal", "[('cycle_id.appraisal_ids.score', '>', 5)]", "private"),
                    (
                        "goal",
                        "['!', ('cycle_id', 'any', [('name', '=', 'x')])]",
                        "private",
                    ),
                    ("goal", "[('measure_ids.actual', '>', 5)]", "never rates"),
                    *(
                        ("goal", f"[('{name}', '!=', False)]", "never rates")
                        for name in (
                            "progress",
                            "score",
                            "health",
                            "health_date",
                            "decision",
                            "last_checkin_date",
                            "description",
                            "weight",
                            "message_ids",
                            "checkin_ids",
                        )
                    ),
                    *(
                        ("checkin", f"['!', ('{name}', '!=', False)]", "never rates")
                        for name in (
                            "progress",
                            "health",
                            "goal_health",
                            "own_health",
                            "confidence",
                            "assessment",
                            "blockers",
                            "next_steps",
                            "goal_id.score",
                        )
                    ),
                )
            ),
            *(
                ({"query_model": "hr.employee.public"} | values, field, "never rates")
                for values, field in (
                    (
                        {
                            "query_domain": "[('performance_goal_ids.health', '=',"
                            " 'off_track')]"
                        },
                        "Which of Them",
                    ),
                    (
                        {
                            "query_domain": "[('performance_goal_ids', 'any',"
                            " [('checkin_ids', '=', False)])]"
                        },
                        "Which of Them",
                    ),
                    (
                        {
                            "query_domain": "[]",
                            "query_operation": "share",
                            "query_share_domain": "[('performance_goal_ids.progress',"
                            " '>', 50)]",
                        },
                        "Those That Count",
                    ),
                )
            ),
            *(
                (
                    {
                        "query_model": "hr.performance.goal",
                        "query_holder_path": path,
                    },
                    "Found In",
                    "never rates",
                )
                for path in ("responsible_id.user_id", "last_checkin_id.owner_id")
            ),
            (
                {
                    "query_model": "hr.performance.goal",
                    "query_domain": "[]",
                    "query_holder_path": "employee_id.user_id",
                    "query_operation": "average",
                    "query_field": "score",
                },
                "Figure",
                "not measured again",
            ),
            (
                {
                    "query_model": "hr.performance.checkin",
                    "query_domain": "[('goal_id.last_checkin_id.confidence', '<', 5)]",
                    "query_holder_path": "employee_id.user_id",
                },
                "Which of Them",
                "never rates anybody",
            ),
        ]
        base = {"name": "Bad one"} | {
            name: value
            for name, value in self.indicator.copy_data()[0].items()
            if name.startswith("query_") or name in ("source", "frequency")
        }
        for values, field, words in cases:
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.refused("“Bad one”", f"“{field}”", words, error=ValidationError),
            ):
                indicator = self.as_(
                    self.env["hr.performance.indicator"], "officer"
                ).create(base | values)
                indicator.action_activate()
        self.assertFalse(
            self.env["hr.performance.indicator"].search([("name", "=", "Bad one")])
        )

    def test_conditions_that_are_fine(self):
        for domain in (
            "[]",
            "",
            "[('create_date', '>', 'today -30d')]",
            "[('create_date.month_number', '=', 3)]",
            "['|', ('name', 'ilike', 'a'), '!', ('active', 'in', [True, False])]",
            "[('child_ids', 'any', [('user_id', '!=', False)])]",
            "[('parent_id.country_id.code', '=', 'NO')]",
        ):
            with self.subTest(domain=domain):
                self.make_query(query_domain=domain)

    def test_fetched_values_are_nobody_s_to_type(self):
        partner = self.make_partners(self.day(3))
        self.refresh()
        reading = self.env["hr.performance.reading"].search(
            [("indicator_id", "=", self.indicator.id)]
        )
        for who in ("employee", "manager", "officer", "administrator"):
            for values in (
                {"value": 9, "correction_reason": "I know better"},
                {"date": self.day(4), "correction_reason": "I know better"},
                {"source": "manual"},
            ):
                with (
                    self.subTest(who=who, values=values),
                    self.refused("New partners", error=UserError),
                ):
                    self.as_(reading, who).write(values)
            if who in ("officer", "administrator"):
                with self.subTest(who=who), self.refused("Correct the records"):
                    self.as_(reading, who).unlink()
            else:
                with self.subTest(who=who), self.assertRaises(AccessError):
                    self.as_(reading, who).unlink()
            with (
                self.subTest(who=who),
                self.refused("Leave “Source”", error=ValidationError),
            ):
                self.as_(reading, who).create(
                    {
                        "indicator_id": self.ind_sum.id,
                        "employee_id": self.employee.id,
                        "value": 1,
                        "source": "odoo",
                    }
                )
        self.as_(reading, "officer").note = "Looked at"
        partner.unlink()
        self.refresh()
        self.assertFalse(reading.exists())

    def test_values_of_two_sources_do_not_add_up(self):
        """Typed, then fetched, then typed again: each switch has its way out."""
        typed = self.add_reading(self.ind_sum, 5)
        as_officer = self.as_(self.ind_sum, "officer")
        query = {
            name: self.indicator[name]
            for name in self.indicator._fields
            if name.startswith("query_") and self.indicator._fields[name].copy
        } | {"source": "odoo", "company_id": self.company.id}
        with self.refused("New customers", "1 values", "Delete them"):
            as_officer.write(query)
        self.as_(typed, "officer").unlink()
        as_officer.write(query)
        self.make_partners(self.day(3))
        self.refresh(as_officer)
        fetched = self.env["hr.performance.reading"].search(
            [("indicator_id", "=", self.ind_sum.id)]
        )
        self.assertEqual(fetched.value, 1)
        as_officer.source = "manual"
        with self.refused("not measured any more", "officer to delete"):
            self.as_(fetched, "officer").write(
                {"value": 9, "correction_reason": "I know better"}
            )
        with self.assertRaises(AccessError):
            self.as_(fetched, "employee").unlink()
        self.as_(fetched, "officer").unlink()
        self.assertFalse(fetched.exists())

    def test_what_people_entered_in_a_closed_cycle_stands_in_nobody_s_way(self):
        self.add_reading(self.ind_sum, 5)
        self.cycle.action_close()
        self.as_(self.ind_sum, "officer").write(
            {"source": "odoo", "company_id": self.company.id}
            | {
                name: self.indicator[name]
                for name in (
                    "query_model",
                    "query_date_field",
                    "query_holder",
                    "query_holder_path",
                )
            }
        )
        self.assertEqual(self.ind_sum.source, "odoo")

    def test_agreed_goals_keep_the_source(self):
        goal = self.agree(self.make_goal(None, (self.indicator, 10)))
        formula = self.env["hr.performance.indicator"].create(
            {"name": "Half", "source": "formula", "formula": "T_SUM / 2"}
        )
        formula.action_activate()
        over = self.agree(self.make_goal(None, (formula, 10)))
        for indicator in (self.indicator, self.ind_sum, formula):
            source = "formula" if indicator == self.ind_sum else "manual"
            with (
                self.subTest(indicator=indicator.name),
                self.refused(indicator.name, "Values Come From", "Request a change"),
            ):
                self.as_(indicator, "officer").source = source
        self.as_(self.indicator, "officer").source = "odoo"  # as it is
        (goal | over).action_request_change("Typed from now on")
        (self.indicator | formula).source = "manual"
        self.assertEqual(self.indicator.source, "manual")


@tagged("post_install", "-at_install")
class TestDrillDown(QueryCommon):
    """From a figure to exactly the records behind it, as the one who asks."""

    def records(self, action, who="officer"):
        self.assertEqual(action["type"], "ir.actions.act_window")
        json.dumps(action)  # as a client gets it
        model = self.as_(self.env[action["res_model"]], who)
        with freeze_time(datetime(self.year, 12, 20, 12)):
            return model.search(action["domain"]).sudo(True).with_user(self.env.user)

    def test_a_reading(self):
        self.company.partner_id.tz = "Asia/Tokyo"
        march = self.make_partners(
            datetime(self.year, 2, 28, 15, 0), datetime(self.year, 3, 31, 14, 59)
        )
        self.make_partners(
            datetime(self.year, 2, 28, 14, 59), datetime(self.year, 3, 31, 15, 0)
        )
        self.make_partners(self.day(3), user=self.colleague_user)
        self.refresh()
        reading = self.env["hr.performance.reading"].search(
            [
                ("indicator_id", "=", self.indicator.id),
                ("employee_id", "=", self.employee.id),
                ("period_start", "=", self.day(3, 1)),
            ]
        )
        self.assertEqual(reading.value, 2)
        for who in ("employee", "officer"):
            self.assertEqual(
                self.records(self.as_(reading, who).action_drill_down(), who), march
            )
        with self.refused("not fetched"):
            self.add_reading(self.ind_sum, 1).action_drill_down()

    def test_the_measure_of_a_person_and_of_the_company(self):
        mine = self.make_partners(self.day(3), self.day(5))
        theirs = self.make_partners(self.day(3), user=self.colleague_user)
        self.make_partners(self.day(3), user=False)
        personal = self.make_goal(None, (self.indicator, 10)).measure_ids
        company = self.make_goal(self.company, (self.indicator, 10)).measure_ids
        self.refresh()
        self.assertEqual(company.actual, 3)
        self.assertEqual(
            self.records(
                self.as_(personal, "employee").action_drill_down(), "employee"
            ),
            mine,
        )
        self.assertEqual(
            self.records(self.as_(company, "officer").action_drill_down()),
            mine | theirs,
        )
        # of the values of others they see the total and nothing behind it
        self.assertEqual(
            self.records(self.as_(company, "employee").action_drill_down(), "employee"),
            mine,
        )

    def test_a_department_after_a_transfer(self):
        before, _after = self.make_partners(self.day(5, 31), self.day(6, 1))
        self.employee.create_version(
            {
                "date_version": self.day(6, 1),
                "department_id": self.department_sibling.id,
            }
        )
        measure = self.make_goal(self.department, (self.indicator, 10)).measure_ids
        self.refresh()
        self.assertEqual(measure.actual, 1)
        self.assertEqual(
            self.records(self.as_(measure, "officer").action_drill_down()), before
        )

    def test_the_indicator(self):
        partners = self.make_partners(self.day(3)) | self.make_partners(
            self.day(4), user=False
        )
        self.make_partners(date(self.year - 1, 3, 3))
        with freeze_time(datetime(self.year, 12, 20, 12)):
            action = self.as_(self.indicator, "officer").action_drill_down()
        self.assertEqual(self.records(action), partners)

    def test_not_for_who_may_not_read_the_records(self):
        indicator = self.make_query(query_model="hr.employee.public", query_domain="[]")
        self.env["ir.model.access"].search(
            [("model_id.model", "=", "hr.employee.public")]
        ).perm_read = False
        with self.assertRaises(AccessError):
            self.as_(indicator, "employee").action_drill_down()
