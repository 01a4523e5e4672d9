from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestIndicator(PerformanceCommon):
    def make(self, **values):
        return self.env["hr.performance.indicator"].create({"name": "Errors"} | values)

    def bands(self, *rows):
        return [Command.create({"threshold": t, "points": p}) for t, p in rows]

    # ------------------------------------------------------------- states

    def test_states(self):
        indicator = self.as_(self.make(), "officer")
        self.assertEqual(indicator.state, "draft")
        indicator.action_activate()
        self.assertEqual(indicator.state, "active")
        with self.refused("Errors"):
            indicator.action_activate()
        indicator.action_retire()
        self.assertEqual(indicator.state, "retired")
        indicator.action_activate()
        self.assertEqual(indicator.state, "active")

    def test_only_officers_define(self):
        indicator = self.make()
        for name in ("employee", "manager", "director"):
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    self.as_(indicator, name).action_activate()
                with self.assertRaises(AccessError):
                    self.as_(indicator, name).name = "Mine"
                self.assertEqual(self.as_(indicator, name).name, "Errors")

    def test_a_retired_indicator_is_not_put_on_a_goal(self):
        self.ind_sum.action_retire()
        with self.refused("“New customers” is retired", error=ValidationError):
            self.make_goal(None, (self.ind_sum, 10))

    def test_goals_that_have_a_retired_indicator_keep_it(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        self.ind_sum.action_retire()
        self.add_reading(self.ind_sum, 5)
        self.assertEqual(goal.progress, 50)

    # ------------------------------------------------------------- the table

    def test_steps_need_bands(self):
        with self.refused("“Errors”", "at least one band", error=ValidationError):
            self.make(scoring_rule="steps")

    def test_bands_rise_with_the_achievement(self):
        good = self.make(
            scoring_rule="steps", band_ids=self.bands((80, 60), (100, 100))
        )
        self.assertEqual(good.band_ids.mapped("points"), [60, 100])
        for rows in (
            ((80, 60), (100, 60)),  # no more points for the better band
            ((80, 60), (100, 40)),  # fewer points
            ((80, 60), (80, 100)),  # twice the same threshold
        ):
            with (
                self.subTest(rows),
                self.refused("“Errors”", "Correct the bands", error=ValidationError),
            ):
                self.make(scoring_rule="steps", band_ids=self.bands(*rows))

    def test_bands_on_a_value_follow_the_direction(self):
        rows = ((4, 0), (2, 50), (0, 100))  # fewer errors, more points
        values = {"scoring_rule": "steps", "band_basis": "value"}
        self.assertTrue(
            self.make(direction="lower", band_ids=self.bands(*rows), **values)
        )
        with self.refused("“Errors”", "Correct the bands", error=ValidationError):
            self.make(direction="higher", band_ids=self.bands(*rows), **values)
        # on achievement the direction is in the target, so that rising tables are meant
        with self.refused("“Errors”", "Correct the bands", error=ValidationError):
            self.make(
                direction="lower", scoring_rule="steps", band_ids=self.bands(*rows)
            )

    def test_a_whole_table_is_rewritten_at_once(self):
        """The rows pass through states that are not monotone; only the end counts."""
        indicator = self.ind_steps
        low, middle, high = indicator.band_ids.sorted("threshold")
        indicator.band_ids = [
            Command.update(low.id, {"threshold": 85, "points": 90}),
            Command.update(middle.id, {"threshold": 95, "points": 110}),
            Command.update(high.id, {"threshold": 105, "points": 120}),
        ]
        self.assertEqual(indicator.band_ids.mapped("threshold"), [85, 95, 105])
        with self.refused("“Projects”", "Correct the bands", error=ValidationError):
            indicator.band_ids = [Command.update(low.id, {"points": 500})]
        with self.refused("“Projects”", "Correct the bands", error=ValidationError):
            low.points = 500

    def test_the_last_band_is_not_removed(self):
        with self.refused("“Projects”", "at least one band", error=ValidationError):
            self.ind_steps.band_ids = [Command.clear()]

    def test_the_last_band_is_not_removed_from_below_either(self):
        with self.refused("“Projects”", "at least one band", error=ValidationError):
            self.ind_steps.band_ids.unlink()

    def test_direction_is_not_turned_under_a_table(self):
        indicator = self.make(
            scoring_rule="steps",
            band_basis="value",
            band_ids=self.bands((1, 50), (2, 100)),
        )
        with self.refused("“Errors”", "Correct the bands", error=ValidationError):
            indicator.direction = "lower"

    def test_fill_bands(self):
        """80/90/100/110/120 % earn 60/80/100/120/140; the cap makes room for them."""
        indicator = self.make(score_cap=100)
        self.as_(indicator, "officer").action_fill_bands()
        self.assertEqual(indicator.scoring_rule, "steps")
        self.assertEqual(
            [(band.threshold, band.points) for band in indicator.band_ids],
            [(80, 60), (90, 80), (100, 100), (110, 120), (120, 140)],
        )
        self.assertEqual(indicator.score_cap, 140)
        indicator.action_fill_bands()  # again: replaced, not doubled
        self.assertEqual(len(indicator.band_ids), 5)

    def test_form_makes_a_table(self):
        form = Form(self.env["hr.performance.indicator"].with_user(self.officer_user))
        form.name = "Calls"
        form.scoring_rule = "steps"
        # a table to start from comes by itself; 130 % is added, 80 % goes
        with form.band_ids.new() as band:
            band.threshold = 130
            band.points = 150
        form.band_ids.remove(0)
        indicator = form.save()
        self.assertEqual(
            indicator.band_ids.mapped("threshold"), [90, 100, 110, 120, 130]
        )
        self.assertEqual(indicator.band_ids.mapped("points"), [80, 100, 120, 140, 150])

    # ------------------------------------------------------------- limits

    def test_floor_lies_below_cap(self):
        for floor, cap in ((10, 10), (11, 10)):
            with self.refused("“Fewest Points”", "“Errors”", error=ValidationError):
                self.make(score_floor=floor, score_cap=cap)
        self.assertEqual(self.make(score_floor=-20, score_cap=0).score_cap, 0)

    def test_numbers_are_finite(self):
        for value in (float("nan"), float("inf")):
            with self.refused("“Errors”", error=ValidationError):
                self.make(score_cap=value)
            with self.refused("“Errors”", "ordinary numbers", error=ValidationError):
                self.make(scoring_rule="steps", band_ids=self.bands((value, 1), (2, 2)))

    def test_digits(self):
        for digits in (-1, 7):
            with self.refused("“Decimals”", "“Errors”", error=ValidationError):
                self.make(digits=digits)
        indicator = self.make(digits=2)
        self.assertEqual(indicator._format(1.005), "1.01")  # half up
        self.assertEqual(indicator._format(0.0), "0.00")  # nought is a value
        self.assertEqual(indicator._format(None), "–")

    def test_a_ratio_is_not_put_under_goals_it_cannot_score(self):
        """A measure from 10 down to 0 works as a way, not as a ratio: x / 0."""
        goal = self.make_goal(
            None, {"indicator_id": self.ind_sum.id, "baseline": 10, "target": 0}
        )
        self.add_reading(self.ind_sum, 4)
        with self.refused("“New customers”", goal.name, error=ValidationError):
            self.ind_sum.scoring_rule = "ratio"
        self.assertEqual(goal.progress, 60)  # 6 of the 10 down

    def test_a_ratio_is_free_to_come_when_the_agreed_rule_stays(self):
        goal = self.agree(
            self.make_goal(
                None, {"indicator_id": self.ind_sum.id, "baseline": 10, "target": 0}
            )
        )
        self.add_reading(self.ind_sum, 4)
        self.ind_sum.scoring_rule = "ratio"
        self.assertEqual(goal.score, 60)

    # ------------------------------------------------------------- code, company, use

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_in_a_company(self):
        self.make(code="E1", company_id=self.company.id)
        self.make(code="E1", company_id=self.company_2.id)
        self.make()
        self.make()  # no code at all, twice
        for company in (self.company, self.env["res.company"]):
            # a shared indicator would mean the same code in every company
            with self.refused("E1", "another code"):
                self.make(code="E1", company_id=company.id)

    def test_display_name_shows_the_code_when_asked(self):
        self.assertEqual(self.ind_sum.display_name, "New customers")
        shown = self.ind_sum.with_context(hr_performance_show_code=True)
        self.assertEqual(shown.display_name, "T_SUM · New customers")
        found = self.env["hr.performance.indicator"].name_search("T_SUM")
        self.assertEqual([row[0] for row in found], self.ind_sum.ids)

    def test_an_indicator_in_use_stays(self):
        self.add_reading(self.ind_sum, 1)
        self.make_goal(None, (self.ind_ratio, 1))
        for indicator in (self.ind_sum, self.ind_ratio):
            with self.refused("Retire or archive", indicator.name):
                indicator.unlink()
        unused = self.make()
        unused.unlink()
        self.assertFalse(unused.exists())

    def test_company_is_not_narrowed_below_its_goals(self):
        self.make_goal(self.other_employee, (self.ind_sum, 1), cycle_id=self.cycle_2.id)
        with self.refused("used by goals of other companies", error=ValidationError):
            self.ind_sum.company_id = self.company
        self.ind_sum.company_id = self.company_2
        self.assertEqual(self.ind_sum.company_id, self.company_2)

    def test_an_indicator_of_another_company_is_refused(self):
        theirs = self.make(company_id=self.company_2.id)
        with self.assertRaises(UserError):
            self.make_goal(None, (theirs, 1))
        with self.assertRaises(UserError):
            self.add_reading(theirs, 1)
        self.assertTrue(self.as_(theirs, "other_employee").name)
        with self.assertRaises(AccessError):
            self.as_(theirs, "employee").read(["name"])

    def test_counts(self):
        self.add_reading(self.ind_sum, 1)
        self.add_reading(self.ind_sum, 2)
        self.make_goal(None, (self.ind_sum, 1))
        self.assertEqual(self.ind_sum.reading_count, 2)
        self.assertEqual(self.ind_sum.measure_count, 1)
        # a plain employee counts what they may read
        indicator = self.as_(self.ind_sum, "colleague")
        self.assertEqual((indicator.reading_count, indicator.measure_count), (0, 0))

    def test_a_copy_is_a_draft_with_the_table_and_without_the_code(self):
        copy = self.ind_steps.copy()
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.code)
        self.assertEqual(copy.band_ids.mapped("points"), [60, 80, 100])


@tagged("post_install", "-at_install")
class TestIndicatorVersions(PerformanceCommon):
    def make(self, **values):
        return self.env["hr.performance.indicator"].create({"name": "Errors"} | values)

    def assertVersions(self, indicator, changes, grow):
        """Each of ``changes`` (as an officer) brings ``grow`` to the version."""
        for number, values in enumerate(changes, 1):
            before = indicator.version
            with self.subTest(number, values=values):
                self.as_(indicator, "officer").write(values)
                self.env.invalidate_all()
                self.assertEqual(indicator.version - before, grow)

    COUNTING = (
        {"aggregation": "max"},
        {"rollup": "average"},
        {"direction": "lower"},
        {"score_cap": 150},
        {"score_floor": -10, "points_per_unit": 5, "scoring_rule": "deduct"},
        {"amber_limit": 90, "red_limit": 75},
        {"scoring_rule": "efficacy", "unacceptable": 1, "satisfactory": 0},
        {"source": "formula", "formula": "2 * T_SUM"},
        {"formula": "3 * T_SUM"},
    )

    def test_a_draft_has_no_versions(self):
        indicator = self.make()
        self.assertVersions(indicator, self.COUNTING, grow=0)
        self.assertEqual(indicator.version, 1)

    def test_a_definition_in_use_grows_with_what_counts(self):
        indicator = self.make()
        indicator.action_activate()
        self.assertVersions(indicator, self.COUNTING, grow=1)
        self.assertVersions(indicator, self.COUNTING[-1:], grow=0)  # the same again

    def test_a_retired_one_is_as_one_in_use(self):
        indicator = self.make()
        indicator.action_activate()
        indicator.action_retire()
        indicator.action_activate()
        self.assertEqual(indicator.version, 1)
        indicator.action_retire()
        self.assertVersions(indicator, self.COUNTING[:1], grow=1)

    def test_other_changes_are_no_version(self):
        indicator = self.make()
        indicator.action_activate()
        self.assertVersions(
            indicator,
            (
                {"name": "Faults", "description": "Of any kind", "unit": "faults"},
                {"digits": 2, "frequency": "week", "kind": "process"},
                {"responsible_id": self.manager.id, "code": "E_FAULTS"},
                {"driver_ids": [Command.link(self.ind_sum.id)]},
                {"counter_id": self.ind_last.id},
                {"example_baseline": 7, "example_target": 9},
                {"active": False},
                {"active": True},
            ),
            grow=0,
        )

    def test_tables(self):
        """On the form and row by row; what leads to the same table is no version."""
        indicator = self.ind_steps
        low, _middle, high = indicator.band_ids.sorted("threshold")
        self.assertVersions(
            indicator, ({"band_ids": [Command.update(low.id, {"points": 50})]},), grow=1
        )
        self.assertVersions(
            indicator, ({"band_ids": [Command.update(low.id, {"points": 50})]},), grow=0
        )
        officer = self.as_(high, "officer")
        officer.points = 110
        self.assertEqual(indicator.version, 3)
        officer.points = 110
        self.assertEqual(indicator.version, 3)
        band = officer.create(
            {"indicator_id": indicator.id, "threshold": 110, "points": 115}
        )
        self.assertEqual(indicator.version, 4)
        band.unlink()
        self.assertEqual(indicator.version, 5)
        indicator.with_user(self.officer_user).action_fill_bands()
        self.assertEqual(indicator.version, 6)
        indicator.with_user(self.officer_user).action_fill_bands()
        self.assertEqual(indicator.version, 6)

    def test_an_agreed_goal_keeps_its_version(self):
        goal = self.agree(self.make_goal(None, (self.ind_steps, 10)))
        measure = goal.measure_ids
        self.add_reading(self.ind_steps, 9)
        self.assertEqual((measure.score, measure.rule["version"]), (80, 1))
        self.ind_steps.band_ids.filtered(lambda band: band.points == 80).points = 70
        self.ind_steps.write({"aggregation": "max", "score_cap": 90})
        self.add_reading(self.ind_steps, 1)
        self.assertEqual(self.ind_steps.version, 3)
        self.assertEqual((measure.actual, measure.score), (10, 100))
        self.assertEqual(measure.rule["version"], 1)
        self.assertEqual(measure.derivation["rule"]["version"], 1)
        goal.action_request_change("The definition is better now")
        self.assertEqual((measure.actual, measure.score), (9, 70))
        goal.action_agree()
        self.assertEqual(measure.rule["version"], 3)

    def test_a_formula_counts_otherwise_when_its_parts_do(self):
        double = self.make(code="DOUBLE", source="formula", formula="2 * T_SUM")
        above = self.make(source="formula", formula="DOUBLE + T_LAST")
        (double | above).action_activate()
        draft = self.make(source="formula", formula="T_SUM")
        self.assertVersions(self.ind_sum, ({"aggregation": "max"},), grow=1)
        self.assertEqual((double | above).mapped("version"), [2, 2])
        # what its parts score is nothing to a formula
        self.assertVersions(self.ind_sum, ({"score_cap": 150},), grow=1)
        self.assertEqual((double | above | draft).mapped("version"), [2, 2, 1])
        self.assertVersions(double, ({"formula": "3 * T_SUM"},), grow=1)
        self.assertEqual(above.version, 3)

    def test_a_copy_begins_anew(self):
        self.ind_sum.aggregation = "max"
        self.assertEqual(self.ind_sum.version, 2)
        self.assertEqual(self.ind_sum.copy().version, 1)


@tagged("post_install", "-at_install")
class TestIndicatorStale(PerformanceCommon):
    """Late is who is half an interval behind the one that is due."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle_2027 = cls.make_cycle(
            "2027", date_start=date(2027, 1, 1), date_end=date(2027, 12, 31)
        )
        cls.goal = cls.agree(
            cls.make_goal(None, (cls.ind_sum, 10), cycle_id=cls.cycle_2027.id)
        )

    def is_stale(self, day, indicator=None):
        indicator = indicator or self.ind_sum
        with freeze_time(day):
            self.env.invalidate_all()
            Indicator = self.as_(self.env["hr.performance.indicator"], "employee")
            found = Indicator.search([("is_stale", "=", True)])
            others = Indicator.search([("is_stale", "=", False)])
            self.assertEqual(found | others, Indicator.search([]))
            self.assertFalse(found & others)
            self.assertEqual(Indicator.search([("is_stale", "!=", True)]), others)
            stale = Indicator.browse(indicator.id).is_stale
            self.assertEqual(stale, indicator in found)
        return stale

    def test_frequencies(self):
        """The last value is of 10 April; due after that, and half of it again."""
        self.add_reading(self.ind_sum, 1, date=date(2027, 4, 10))
        for frequency, last_day in (
            ("day", date(2027, 4, 11)),  # half a day is no day
            ("week", date(2027, 4, 20)),  # 17 April + 3
            ("month", date(2027, 5, 25)),  # 10 May + 15
            ("quarter", date(2027, 8, 24)),  # 10 July + 45
            ("half", date(2027, 12, 31)),
            (False, date(2027, 12, 31)),
        ):
            self.ind_sum.frequency = frequency
            with self.subTest(frequency):
                self.assertFalse(self.is_stale(last_day))
                # not after the period either
                self.assertEqual(
                    self.is_stale(last_day.fromordinal(last_day.toordinal() + 1)),
                    last_day.month < 12,
                )

    def test_without_a_value_since_the_goal_began(self):
        """Due on 1 February, and 15 days."""
        self.assertFalse(self.is_stale("2027-02-16"))
        self.assertTrue(self.is_stale("2027-02-17"))
        self.add_reading(self.ind_sum, 1, self.colleague, date=date(2027, 2, 1))
        self.assertFalse(self.is_stale("2027-02-17"))

    def test_only_what_people_wait_for(self):
        self.assertTrue(self.is_stale("2027-06-01"))
        self.assertFalse(self.is_stale("2027-06-01", self.ind_last))  # on no goal
        self.goal.action_request_change("Another target")
        self.assertFalse(self.is_stale("2027-06-01"))
        self.goal.action_agree()
        self.ind_sum.action_retire()
        self.assertFalse(self.is_stale("2027-06-01"))

    def test_parts_of_a_formula_on_a_goal(self):
        formula = self.env["hr.performance.indicator"].create(
            {"name": "Stocks", "source": "formula", "formula": "T_LAST * 2"}
        )
        formula.action_activate()
        self.agree(self.make_goal(None, (formula, 10), cycle_id=self.cycle_2027.id))
        self.assertTrue(self.is_stale("2027-06-01", self.ind_last))
        self.add_reading(self.ind_last, 1, date=date(2027, 5, 30))
        self.assertFalse(self.is_stale("2027-06-01", self.ind_last))

    def test_each_company_waits_for_its_own_values(self):
        self.add_reading(self.ind_sum, 1, self.other_employee, date=date(2027, 5, 30))
        self.assertTrue(self.is_stale("2027-06-01"))
        self.add_reading(self.ind_sum, 1, date=date(2027, 5, 30))
        self.assertFalse(self.is_stale("2027-06-01"))

    @freeze_time("2027-06-01")
    def test_archived_and_asked_twice(self):
        self.ind_sum.active = False
        self.assertTrue(self.ind_sum.is_stale)
        self.add_reading(self.ind_sum, 1, date=date(2027, 5, 30))
        self.assertFalse(self.ind_sum.is_stale)

    def test_what_nobody_reports_is_not_late(self):
        for values in (
            {"source": "formula", "formula": "T_SUM"},
            {"scoring_rule": "milestones"},
            {"scoring_rule": "manual"},
        ):
            indicator = self.env["hr.performance.indicator"].create(
                {"name": "Not reported"} | values
            )
            indicator.action_activate()
            self.agree(
                self.make_goal(None, (indicator, 10), cycle_id=self.cycle_2027.id)
            )
            with self.subTest(values):
                self.assertFalse(self.is_stale("2027-06-01", indicator))


@tagged("post_install", "-at_install")
class TestIndicatorLinks(PerformanceCommon):
    def nodes(self, indicator):
        return {
            place: [node["id"] for node in nodes]
            for place, nodes in indicator.driver_graph.items()
        }

    def test_drivers_both_ways(self):
        calls, sales, faults = self.ind_last, self.ind_sum, self.ind_average
        calls.kind = "process"
        sales.write({"driver_ids": [Command.link(calls.id)], "counter_id": faults.id})
        self.assertEqual(calls.driven_ids, sales)
        calls.driven_ids |= self.ind_ratio
        self.assertEqual(self.ind_ratio.driver_ids, calls)
        self.assertEqual(
            self.nodes(sales),
            {
                "drivers": calls.ids,
                "self": sales.ids,
                "driven": [],
                "counter": faults.ids,
            },
        )
        self.assertEqual(
            set(self.nodes(calls)["driven"]), set((sales | self.ind_ratio).ids)
        )
        self.assertEqual(
            sales.driver_graph["drivers"],
            [{"id": calls.id, "name": "Stock", "kind": "Process indicator (KPI)"}],
        )

    def test_circles(self):
        one, two, three = self.ind_sum, self.ind_last, self.ind_average
        with self.refused("“New customers” would drive itself", error=ValidationError):
            one.driver_ids = one
        two.driver_ids = one
        three.driver_ids = two
        with self.refused("would drive itself", error=ValidationError):
            one.driver_ids = three
        # and from the other end
        with self.refused("would drive itself", error=ValidationError):
            three.driven_ids = one
        with self.refused("would drive itself", error=ValidationError):
            one.driven_ids = one
        # two ways to the same result are no circle
        three.driver_ids |= one
        self.assertEqual(three.driver_ids, one | two)

    def test_counter(self):
        with self.refused("its own counter-indicator", error=ValidationError):
            self.ind_sum.counter_id = self.ind_sum
        # two may balance each other
        self.ind_sum.counter_id = self.ind_last
        self.ind_last.counter_id = self.ind_sum

    def test_links_stay_within_the_company(self):
        theirs, own = self.env["hr.performance.indicator"].create(
            [
                {"name": "Theirs", "company_id": self.company_2.id},
                {"name": "Own", "company_id": self.company.id},
            ]
        )
        for values in (
            {"driver_ids": [Command.link(theirs.id)]},
            {"driven_ids": [Command.link(theirs.id)]},
            {"counter_id": theirs.id},
        ):
            with self.refused("Own"):
                own.write(values)

    def test_an_unsaved_form_draws_itself(self):
        form = Form(self.env["hr.performance.indicator"].with_user(self.officer_user))
        form.name = "Calls"
        form.driver_ids.add(self.ind_sum)
        self.assertEqual(
            [node["name"] for node in form.driver_graph["drivers"]], ["New customers"]
        )
        self.assertEqual(form.driver_graph["self"][0]["name"], "Calls")

    def test_sets(self):
        Set = self.env["hr.performance.indicator.set"]
        sales, quality = self.as_(Set, "officer").create(
            [{"name": "T Sales", "sequence": 2}, {"name": "T Quality", "sequence": 1}]
        )
        found = Set.search([("id", "in", (sales | quality).ids)])
        self.assertEqual(found.mapped("name"), ["T Quality", "T Sales"])
        (self.ind_sum | self.ind_last).set_id = sales
        self.assertEqual(sales.indicator_ids.sudo(), self.ind_sum | self.ind_last)
        for who in ("employee", "manager"):
            self.assertEqual(self.as_(sales, who).name, "T Sales")
            with self.assertRaises(AccessError):
                self.as_(sales, who).name = "Mine"
