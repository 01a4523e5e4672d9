"""How a measure develops, and where it will end; all forecasts worked by hand."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PerformanceCommon

#: 31 of 365 days and so on: the share of 2027 that has passed at the end of each month
MONTH_ENDS = (31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


@tagged("post_install", "-at_install")
class TestTrend(PerformanceCommon):
    """Goals of 2027, seen on 15 April: three whole months have passed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle_2027 = cls.make_cycle(
            "2027", date_start=date(2027, 1, 1), date_end=date(2027, 12, 31)
        )

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2027-04-15"))

    def measure(self, target=120, indicator=None, holder=None, **values):
        indicator = indicator or self.ind_sum
        return self.make_goal(
            holder,
            {"indicator_id": indicator.id, "target": target} | values,
            cycle_id=self.cycle_2027.id,
        ).measure_ids

    def report(self, *values, indicator=None, year=2027, month=1, holder=None):
        """One value a month, on the 20th."""
        for at, value in enumerate(values, month - 1):
            self.add_reading(
                indicator or self.ind_sum,
                value,
                holder,
                date=date(year + at // 12, at % 12 + 1, 20),
            )

    def lines(self, measure):
        return {line["label"]: line["points"] for line in measure.trend["lines"]}

    # ------------------------------------------------------------- sums

    def test_a_sum_is_drawn_added_up(self):
        self.report(10, 20, 30)
        measure = self.measure(365)
        self.assertEqual(
            measure.trend["labels"],
            [
                "Jan",
                "Feb",
                "Mar",
                "Apr",
                "May",
                "Jun",
                "Jul",
                "Aug",
                "Sep",
                "Oct",
                "Nov",
                "Dec",
            ],
        )
        lines = self.lines(measure)
        self.assertEqual(lines["Value"], [[0, 10], [1, 30], [2, 60]])
        # one a day is expected
        self.assertEqual(
            [place for place, _value in lines["Expected"]], list(range(12))
        )
        for (_place, value), days in zip(lines["Expected"], MONTH_ENDS, strict=True):
            self.assertAlmostEqual(value, days)

    def test_a_straight_line_goes_on(self):
        """10, 20, 30 … 120: 780 in all; it hits every value so far, so no error."""
        self.report(10, 20, 30)
        measure = self.measure(700)
        self.assertIn("780 ± 0", measure.trend["text"])
        self.assertIn("by the trend so far", measure.trend["text"])
        self.assertFalse(measure.trend["misses"])
        drawn = [60, 100, 150, 210, 280, 360, 450, 550, 660, 780]
        forecast = self.lines(measure)["Forecast"]
        self.assertEqual([place for place, _value in forecast], list(range(2, 12)))
        for (_place, value), expected in zip(forecast, drawn, strict=True):
            self.assertAlmostEqual(value, expected)

    def test_the_month_that_runs_is_not_forecast_from(self):
        """2 so far in April is drawn; the forecast takes the 40 of the line."""
        self.report(10, 20, 30)
        self.add_reading(self.ind_sum, 2, date=date(2027, 4, 3))
        measure = self.measure()
        self.assertEqual(self.lines(measure)["Value"][-1], [3, 62])
        self.assertIn("780 ± 0", measure.trend["text"])
        # on the last of April the month still runs; the day after it counts:
        # 10, 20, 30, 2 lie around 15.5 − 1.4 (x − 1.5), which falls to −0.7 …
        with freeze_time("2027-04-30"):
            self.assertIn("780 ± 0", self.as_new(measure).trend["text"])
        with freeze_time("2027-05-01"):
            # Σ over months 4…11 of 15.5 − 1.4·(x − 1.5) = 8·15.5 − 1.4·48 = 56.8
            self.assertIn("119 ±", self.as_new(measure).trend["text"])

    def as_new(self, measure):
        self.env.flush_all()
        self.env.invalidate_all()
        return measure

    def test_error(self):
        """10, 20, 30, 44 on 1 May: the line through three said 40, through two 30.

        The mean absolute error is 2; for the sum of 8 months to come 2·√8 = 5.66.
        """
        self.report(10, 20, 30, 44)
        with freeze_time("2027-05-01"):
            self.assertIn("± 6 ", self.measure().trend["text"])

    def test_a_month_without_values_is_left_out(self):
        """10, nothing, 30: two values tell no direction."""
        self.report(10)
        self.report(30, month=3)
        measure = self.measure()
        self.assertEqual(self.lines(measure)["Value"], [[0, 10], [1, 10], [2, 40]])
        self.assertNotIn("Forecast", self.lines(measure))
        self.assertIn("at least three whole steps", measure.trend["text"])
        self.assertFalse(measure.trend["misses"])

    def test_nothing_to_draw(self):
        self.assertFalse(self.measure().trend)
        self.report(10, 20, 30)
        # begins after today
        self.assertFalse(self.measure(date_start=date(2027, 5, 1)).trend)
        # of another person
        self.assertFalse(self.measure(holder=self.colleague).trend)
        for rule in ("milestones", "manual"):
            indicator = self.env["hr.performance.indicator"].create(
                {"name": rule, "scoring_rule": rule}
            )
            self.assertFalse(self.measure(indicator=indicator).trend)

    def test_a_period_that_is_over(self):
        self.report(*range(10, 130, 10))
        with freeze_time("2028-02-01"):
            self.assertIn("780 ± 0", self.measure().trend["text"])

    def test_company(self):
        self.report(4, 8, 12)
        self.report(6, 12, 18, holder=self.colleague)
        measure = self.measure(holder=self.company)
        self.assertEqual(self.lines(measure)["Value"], [[0, 10], [1, 30], [2, 60]])
        self.assertIn("780 ± 0", measure.trend["text"])

    # ------------------------------------------------------------- other figures

    def test_averages(self):
        """10, 20, 30 % … 120 %: 65 % on average; the target is the same all year."""
        self.report(10, 20, 30, indicator=self.ind_average)
        measure = self.measure(50, self.ind_average)
        lines = self.lines(measure)
        self.assertEqual(lines["Value"], [[0, 10], [1, 20], [2, 30]])
        self.assertEqual(lines["Expected"], [[0, 50], [11, 50]])
        self.assertIn("65.00 ± 0.00", measure.trend["text"])

    def test_last_values(self):
        """10, 20, 30 …: 120 in December."""
        self.report(10, 20, 30, indicator=self.ind_last)
        measure = self.measure(100, self.ind_last)
        self.assertEqual(self.lines(measure)["Value"], [[0, 10], [1, 20], [2, 30]])
        self.assertEqual(self.lines(measure)["Expected"][-1], [11, 100])
        self.assertIn("120 ± 0", measure.trend["text"])

    def test_formula(self):
        """10 of 100, 30 of 200, 60 of 300 so far; 780 of 1,200 at the end of the year."""
        rate = self.env["hr.performance.indicator"].create(
            {
                "name": "Rate",
                "source": "formula",
                "formula": "100 * T_SUM / T_RATIO",
            }
        )
        self.report(10, 20, 30)
        self.report(100, 100, 100, indicator=self.ind_ratio)
        measure = self.measure(50, rate)
        self.assertEqual(self.lines(measure)["Value"], [[0, 10], [1, 15], [2, 20]])
        self.assertIn("65 ± 0", measure.trend["text"])

    def test_a_formula_of_sums_is_a_sum(self):
        """300 a month less 200 a month: 1,200 at the end of the year, not 100."""
        profit = self.env["hr.performance.indicator"].create(
            {"name": "Profit", "source": "formula", "formula": "T_SUM - T_RATIO"}
        )
        self.report(300, 300, 300)
        self.report(200, 200, 200, indicator=self.ind_ratio)
        measure = self.measure(1200, profit)
        lines = self.lines(measure)
        self.assertEqual(lines["Value"], [[0, 100], [1, 200], [2, 300]])
        self.assertEqual(lines["Forecast"], [[2, 300], [11, 1200]])
        self.assertFalse(measure.trend["misses"])

    def test_weeks_that_a_month_has_cut(self):
        """Ten a day from 1 April on are 910 in the quarter, whatever the weeks are."""
        quarter = self.make_cycle(
            "Q2 2027",
            period_type="quarter",
            date_start=date(2027, 4, 1),
            date_end=date(2027, 6, 30),
        )
        self.ind_sum.frequency = "day"
        for day in range(33):
            self.add_reading(
                self.ind_sum, 10, date=date(2027, 4, 1) + timedelta(days=day)
            )
        measure = self.make_goal(
            None, (self.ind_sum, 910), cycle_id=quarter.id
        ).measure_ids
        with freeze_time("2027-05-03"):
            self.env.invalidate_all()
            self.assertIn(" 910 ± 0", measure.trend["text"])

    # ------------------------------------------------------------- who sees it

    def test_steps_of_a_public_goal_stay_with_the_line(self):
        self.report(10, 20, 30)
        rate = self.env["hr.performance.indicator"].create(
            {"name": "Rate", "source": "formula", "formula": "100 * T_SUM / T_RATIO"}
        )
        self.report(77, 77, 77, indicator=self.ind_ratio)
        measure = self.measure(50, rate)
        measure.goal_id.visibility = "everyone"
        for who, sees in (
            ("employee", True),
            ("manager", True),
            ("officer", True),
            ("colleague", False),
        ):
            with self.subTest(who=who):
                seen = self.as_(measure, who)
                self.assertEqual(bool(seen.trend), sees)
                self.assertEqual("T_RATIO = 231" in seen.explanation, sees)
                self.assertNotIn("231", str(seen.derivation))
                with self.assertRaises(AccessError):
                    seen.read(["input_values"])

    def test_range(self):
        """20, 21, 22 degrees …: 31 in December is far too warm."""
        indicator = self.env["hr.performance.indicator"].create(
            {
                "name": "Degrees",
                "direction": "range",
                "aggregation": "last",
                "range_low": 19,
                "range_high": 22,
                "range_tolerance": 4,
            }
        )
        self.report(20, 21, 22, indicator=indicator)
        measure = self.measure(indicator=indicator)
        self.assertIn("31 ± 0", measure.trend["text"])
        self.assertIn("misses the target of 19 to 22", measure.trend["text"])
        self.assertTrue(measure.trend["misses"])
        wide = self.measure(indicator=indicator, range_high=31)
        self.assertFalse(wide.trend["misses"])

    def test_the_target_in_effect(self):
        """780 miss 1000, and do not miss 90 days of 1000 with 275 of 600."""
        self.report(10, 20, 30)
        goal = self.agree(self.measure(1000).goal_id)
        measure = goal.measure_ids
        self.assertTrue(measure.trend["misses"])
        self.env["hr.performance.target.change"].create(
            {
                "measure_id": measure.id,
                "target": 600,
                "date_from": date(2027, 4, 1),
                "reason": "A customer went bankrupt",
            }
        ).action_approve()
        self.assertFalse(measure.trend["misses"])

    def test_an_agreed_measure_is_drawn_as_agreed(self):
        self.report(10, 20, 30)
        self.report(10, 20, 30, indicator=self.ind_last)
        summed = self.agree(self.measure(780).goal_id).measure_ids
        level = self.agree(self.measure(120, self.ind_last).goal_id).measure_ids
        before = [summed.trend, level.trend]
        (self.ind_sum | self.ind_last).write({"aggregation": "max"})
        figures = [summed.figure, level.figure]
        ranged = {"direction": "range", "range_low": 1, "range_high": 2}
        (self.ind_sum | self.ind_last).write(ranged | {"range_tolerance": 1})
        self.as_new(summed)
        for drawn, earlier in zip((summed.trend, level.trend), before, strict=True):
            self.assertEqual(drawn["lines"], earlier["lines"])
            self.assertEqual(drawn["text"], earlier["text"])
        self.assertEqual([summed.figure, level.figure], figures)

    # ------------------------------------------------------------- steps

    def test_steps(self):
        """Months over more than 200 days, weeks over more than 45, else days.

        Never finer than the indicator is measured.
        """
        self.ind_sum.frequency = "day"
        self.report(10, 20, 30)
        for values, count in (
            ({}, 12),
            ({"date_end": date(2027, 7, 20)}, 7),  # 201 days
            # from Friday, 1 January: weeks are cut at the end of a month
            ({"date_end": date(2027, 3, 31)}, 5 + 4 + 5),
            ({"date_end": date(2027, 2, 14)}, 45),
        ):
            measure = self.measure(**values)
            with self.subTest(values):
                self.assertEqual(len(measure.trend["labels"]), count)
        for frequency, count in (("month", 2), ("quarter", 1), (False, 45)):
            self.ind_sum.frequency = frequency
            self.assertEqual(
                len(self.measure(date_end=date(2027, 2, 14)).trend["labels"]), count
            )

    # ------------------------------------------------------------- seasons

    #: busy in every even month
    SEASON = (1, 100) * 6

    def test_last_years_season_comes_again(self):
        """1, 100, 1 as the year before: April to December bring 5·100 + 4·1.

        With the 102 so far: 606. The line would have said 199 for March.
        """
        self.report(*self.SEASON, year=2026)
        self.report(1, 100, 1)
        measure = self.measure(600)
        self.assertIn("606 ± 0", measure.trend["text"])
        self.assertIn("by the season of the year before", measure.trend["text"])

    def test_without_a_whole_year_before_there_is_no_season(self):
        self.report(100, 1, 100, 1, 100, 1, 100, 1, 100, year=2026, month=4)
        self.report(1, 100, 1)
        self.assertIn("by the trend so far", self.measure().trend["text"])

    def test_a_measure_that_begins_within_a_month(self):
        """From 15 March 2027, seen on 1 July: March is compared with March.

        100 in April and June, 1 in March and May; July to December 3·101: 505 in all.
        """
        self.report(*self.SEASON, year=2026)
        self.report(1, 100, 1, 100, 1, 100)
        with freeze_time("2027-07-01"):
            measure = self.measure(date_start=date(2027, 3, 15))
            self.assertIn("505 ± 0", measure.trend["text"])
            self.assertIn("by the season", measure.trend["text"])

    def test_a_measure_that_begins_on_29_february(self):
        """In 2028, seen on 1 July: nothing on the 29th, then 1, 100, 1, 100.

        July to December bring 3·101: 202 + 303.
        """
        leap = self.make_cycle(
            "2028", date_start=date(2028, 1, 1), date_end=date(2028, 12, 31)
        )
        self.report(*self.SEASON, year=2027)
        self.report(1, 100, 1, 100, year=2028, month=3)
        goal = self.make_goal(
            None,
            {
                "indicator_id": self.ind_sum.id,
                "target": 100,
                "date_start": date(2028, 2, 29),
            },
            cycle_id=leap.id,
        )
        with freeze_time("2028-07-01"):
            trend = goal.measure_ids.trend
            self.assertEqual(len(trend["labels"]), 11)
            self.assertIn("505 ± 0", trend["text"])
            self.assertIn("by the season", trend["text"])

    # ------------------------------------------------------------- warning

    def test_early_warning(self):
        self.report(10, 20, 30)
        missing = self.agree(self.measure(1000).goal_id)
        reaching = self.agree(self.measure(700).goal_id)
        goals = missing | reaching
        self.assertFalse(any(goals.measure_ids.mapped("forecast_misses")))
        goals._refresh_health()
        self.assertTrue(missing.measure_ids.forecast_misses)
        self.assertFalse(reaching.measure_ids.forecast_misses)
        found = self.env["hr.performance.measure"].search(
            [("forecast_misses", "=", True), ("goal_id", "in", goals.ids)]
        )
        self.assertEqual(found, missing.measure_ids)
        # a good April ends it: 10, 20, 30, 300
        self.report(300, month=4)
        with freeze_time("2027-05-01"):
            goals._refresh_health()
        self.assertFalse(missing.measure_ids.forecast_misses)

    def test_early_warning_where_less_is_better(self):
        self.ind_sum.direction = "lower"
        self.report(10, 20, 30)
        missing = self.agree(self.measure(700, baseline=1000).goal_id)
        reaching = self.agree(self.measure(800, baseline=1000).goal_id)
        (missing | reaching)._refresh_health()
        self.assertTrue(missing.measure_ids.forecast_misses)
        self.assertFalse(reaching.measure_ids.forecast_misses)

    # ------------------------------------------------------------- queries

    def test_50_trends_cost_the_queries_of_5(self):
        self.report(10, 20, 30)
        counts = {"trend": [], "warning": []}
        for count in (5, 50):
            goals = self.env["hr.performance.goal"].create(
                [
                    {
                        "name": f"Goal {number}",
                        "cycle_id": self.cycle_2027.id,
                        "employee_id": self.employee.id,
                        "measure_ids": [
                            (0, 0, {"indicator_id": self.ind_sum.id, "target": 1000})
                        ],
                    }
                    for number in range(count)
                ]
            )
            # by their ids: how they were found is no matter
            measures = self.as_new(goals.measure_ids.browse(goals.measure_ids.ids))
            before = self.env.cr.sql_log_count
            self.assertTrue(all(measures.mapped("trend")))
            counts["trend"].append(self.env.cr.sql_log_count - before)
            self.as_new(measures)
            before = self.env.cr.sql_log_count
            measures._refresh_forecasts()
            self.env.flush_all()
            counts["warning"].append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(measures.mapped("forecast_misses")))
        for what, (few, many) in counts.items():
            # and the two that tell the planner of many
            self.assertLessEqual(many, few + 2, what)
