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
