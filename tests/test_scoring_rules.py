"""The nine scoring rules on real measures, and what is reported without readings."""

import json
from itertools import product

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PerformanceCommon
from .rpc import RpcCommon

STEPS = ((80, 60), (90, 80), (100, 100))
UP = {"target": 100}
DOWN = {"baseline": 10, "target": 0}
ROOM = {"range_low": 19, "range_high": 22, "range_tolerance": 4}
LOWER = {"direction": "lower"}
RANGE = {"direction": "range"}
#: rule, other values of the definition, of the measure, {actual: points}; worked by hand
CASES = (
    # 100·(A − S)/(T − S)
    ("linear", {}, {"target": 20}, {14: 70, 0: 0, -4: 0, 24: 120, 30: 120, 20: 100}),
    ("linear", {}, {"baseline": -10, "target": 10}, {0: 50, -10: 0, 11: 105}),
    ("linear", LOWER, {"baseline": 8, "target": 4}, {5: 75, 10: 0, 4: 100, 3: 120}),
    ("linear", LOWER, DOWN, {0: 100, 10: 0, -1: 110, 2.5: 75}),
    ("linear", {"score_floor": -20, "score_cap": 150}, UP, {-10: -10, -90: -20, 140: 140}),
    # 20 degrees are fine, 18 are a quarter of the tolerance outside, 24 a half
    ("linear", RANGE, ROOM, {18: 75, 19: 100, 20: 100, 22: 100, 24: 50, 26: 0, 5: 0}),
    ("linear", RANGE, {"range_low": -5, "range_high": 0, "range_tolerance": 10},
     {0: 100, -5: 100, 1: 90, -10: 50}),
    # 100·A/T and 100·T/A
    ("ratio", {}, {"target": 120}, {90: 75, 0: 0, -12: 0, 132: 110, 240: 120}),
    ("ratio", LOWER, {"baseline": 20, "target": 8}, {10: 80, 8: 100, 0: 120, -1: 120}),
    # a threshold belongs to the better band
    ("steps", {}, UP, {79.99: 0, 80: 60, 89: 60, 90: 80, 100: 100, 130: 100, -5: 0}),
    ("steps", {"below_bands": "lowest"}, UP, {10: 60, -5: 60, 90: 80}),
    ("steps", LOWER, DOWN, {2: 60, 2.01: 0, 1: 80, 0: 100}),
    ("steps", RANGE, ROOM, {18.2: 60, 18: 0, 20: 100}),
    ("steps", {"bands": ((4, 50), (2, 80), (0, 100)), "band_basis": "value", **LOWER},
     DOWN, {5: 0, 4: 50, 3: 50, 2: 80, 1: 80, 0: 100, -1: 100}),
    # straight lines between the bands; the best threshold earns its points, more the cap
    ("interpolate", {}, UP, {79: 0, 80: 60, 85: 70, 95: 90, 100: 100, 101: 120}),
    ("interpolate", {"bands": ((4, 50), (2, 90)), "band_basis": "value", **LOWER},
     DOWN, {3: 70, 4: 50, 2: 90, 1: 120, 5: 0}),
    # base − per unit · A
    ("deduct", {"points_per_unit": 5, **LOWER}, DOWN, {0: 100, 3: 85, 30: 0, -2: 110}),
    ("deduct", {"points_base": 60, "points_per_unit": -10}, UP, {3: 90, 0: 60, 9: 120}),
    ("deduct", {"points_per_unit": 2, **RANGE}, ROOM, {20: 60}),
    # 60 + 40·(A − unacceptable)/(satisfactory − unacceptable)
    ("efficacy", {"unacceptable": 90, "satisfactory": 98}, UP,
     {94: 80, 90: 60, 98: 100, 75: 0, 102: 120, 0: 0}),
    ("efficacy", {"unacceptable": 10, "satisfactory": 0, **LOWER}, DOWN,
     {5: 80, 0: 100, 10: 60, 30: 0}),
    # all or nothing
    ("binary", {}, {"target": 10}, {9.9: 0, 10: 100, 99: 100, 0: 0, -10: 0}),
    ("binary", LOWER, {"baseline": 8, "target": 4}, {4: 100, 4.1: 0, 0: 100, -3: 100}),
    ("binary", RANGE, ROOM, {19: 100, 22: 100, 18.9: 0, 23: 0}),
)  # fmt: skip


class ScoringCommon(PerformanceCommon):
    def make(self, scoring_rule="linear", bands=STEPS, **values):
        if scoring_rule in ("steps", "interpolate"):
            values["band_ids"] = self.bands(*bands)
        indicator = self.env["hr.performance.indicator"].create(
            {"name": "Errors", "digits": 1, "scoring_rule": scoring_rule} | values
        )
        indicator.action_activate()
        return indicator

    def bands(self, *rows):
        return [Command.create({"threshold": t, "points": p}) for t, p in rows]

    def measure(self, indicator, **values):
        values = {"indicator_id": indicator.id, "target": 100} | values
        return self.make_goal(None, values).measure_ids


@tagged("post_install", "-at_install")
class TestScoringRules(ScoringCommon):
    # ------------------------------------------------------------- points

    def test_points(self):
        for rule, definition, target, points in CASES:
            indicator = self.make(rule, **definition)
            measure = self.measure(indicator, **target)
            for name in ("actual", "achievement", "score"):
                self.assertIsNone(measure[name], "no value is not zero")
            reading = self.add_reading(indicator, 0)
            for actual, expected in points.items():
                with self.subTest(
                    rule=rule, definition=definition, target=target, actual=actual
                ):
                    reading.write({"value": actual, "correction_reason": "Next case"})
                    self.assertTrue(measure.has_actual)
                    self.assertEqual(measure.actual, actual)
                    self.assertAlmostEqual(measure.score, expected)
                    self.assertTrue(measure.explanation)
                    self.assertTrue(measure.figure)
            reading.unlink()
            self.assertIsNone(measure.score)

    def test_the_cases_cover_all_rules(self):
        rules = dict(
            self.env["hr.performance.indicator"]._fields["scoring_rule"].selection
        )
        self.assertEqual(
            {case[0] for case in CASES}, set(rules) - {"milestones", "manual"}
        )

    def test_achievement_of_a_range(self):
        """Inside 100, outside falling; the goal's progress is the same."""
        indicator = self.make(**RANGE)
        measure = self.measure(indicator, **ROOM)
        self.add_reading(indicator, 24)
        self.assertEqual(measure.achievement, 50)
        self.assertEqual(measure.goal_id.progress, 50)
        self.assertEqual(measure.figure, "24.0 / 19.0 to 22.0")
        self.assertIn("Good is 19.0 to 22.0; 4.0 outside it", measure.explanation)

    def test_explanation_of_a_curve(self):
        indicator = self.make("interpolate")
        measure = self.measure(indicator)
        self.add_reading(indicator, 85)
        self.assertIn(
            "Between 80.0 (60.0 points) and 90.0 (80.0 points)", measure.explanation
        )

    # ------------------------------------------------------------- ranges

    def test_a_goal_begins_with_the_usual_range(self):
        indicator = self.make(**RANGE, **ROOM)
        measure = self.measure(indicator)
        self.assertEqual(
            (measure.range_low, measure.range_high, measure.range_tolerance),
            (19, 22, 4),
        )
        own = self.measure(indicator, range_low=0, range_tolerance=1)
        self.assertEqual(
            (own.range_low, own.range_high, own.range_tolerance), (0, 22, 1)
        )
        # the usual range of tomorrow is that of other goals
        indicator.range_low = 20
        self.assertEqual(measure.range_low, 19)

    def test_an_agreed_range_is_locked(self):
        measure = self.measure(self.make(**RANGE), **ROOM)
        self.agree(measure.goal_id)
        for name in ROOM:
            with self.refused("locked"):
                measure[name] = 1

    def test_refused_ranges(self):
        indicator = self.make(**RANGE)
        for values, words in (
            ({}, "fill in “Lowest Good Value”"),
            ({"range_low": 1, "range_tolerance": 1}, "fill in “Lowest Good Value”"),
            (
                {"range_low": 3, "range_high": 2, "range_tolerance": 1},
                "lies above “Highest Good Value”",
            ),
            ({"range_low": 1, "range_high": 2}, "“Tolerance” must be larger than 0"),
            (ROOM | {"range_tolerance": 0}, "“Tolerance” must be larger than 0"),
            (ROOM | {"range_tolerance": -1}, "“Tolerance” must be larger than 0"),
            (ROOM | {"range_high": float("inf")}, "ordinary numbers"),
        ):
            with self.refused("“Errors”", words, error=ValidationError):
                self.measure(indicator, **values)
        measure = self.measure(indicator, **ROOM)
        with self.refused("lies above", error=ValidationError):
            measure.range_low = 30
        # 0 is a value, and one point is a range
        self.assertTrue(
            self.measure(indicator, range_low=0, range_high=0, range_tolerance=1)
        )

    # ------------------------------------------------------------- refusals

    def test_refused_definitions(self):
        for rule, values, words in (
            ("ratio", RANGE, "a ratio cannot say how far"),
            ("steps", {"band_basis": "value", **RANGE}, "“Thresholds Are”"),
            ("interpolate", {"bands": ((80, 60),)}, "at least two bands"),
            ("interpolate", {"bands": ((80, 60), (90, 50))}, "Correct the bands"),
            ("steps", {"bands": ()}, "at least one band"),
            ("efficacy", {}, "“Satisfactory Value”"),
            ("efficacy", {"unacceptable": 0}, "“Satisfactory Value”"),
            ("efficacy", {"unacceptable": 5, "satisfactory": 5}, "must differ"),
            ("deduct", {"points_per_unit": float("nan")}, "“Points Off per Unit”"),
            ("deduct", {"points_base": float("inf")}, "“Points to Start From”"),
            (
                "efficacy",
                {"unacceptable": float("nan"), "satisfactory": 5},
                "ordinary numbers",
            ),
            ("linear", {"amber_limit": 75, "red_limit": 75}, "“Red Below”"),
            ("linear", {"amber_limit": 75, "red_limit": 90}, "“Red Below”"),
            ("linear", {"amber_limit": 75}, "Fill in both or none"),
            ("linear", {"red_limit": 0}, "Fill in both or none"),
            ("linear", {"amber_limit": float("nan"), "red_limit": 1}, "“Red Below”"),
        ):
            with (
                self.subTest(rule=rule, **{key: str(v) for key, v in values.items()}),
                self.refused("“Errors”", words, error=ValidationError),
            ):
                self.make(rule, **values)

    def test_refused_targets(self):
        for rule, definition, target, words in (
            ("linear", {}, {"baseline": 5, "target": 5}, "equals the baseline"),
            ("ratio", {}, {"target": 0, "baseline": 5}, "a ratio needs a “Target”"),
            ("ratio", {}, {"target": -5}, "a ratio needs a “Target”"),
            ("linear", {}, {"target": float("nan")}, "ordinary numbers"),
        ):
            indicator = self.make(rule, **definition)
            with self.refused("“Errors”", words, error=ValidationError):
                self.measure(indicator, **target)

    def test_a_rule_is_not_changed_under_goals_that_it_cannot_score(self):
        indicator = self.make()
        measure = self.measure(indicator)
        with self.refused(measure.goal_id.name, error=ValidationError):
            indicator.direction = "range"
        self.env.invalidate_all()
        self.assertEqual(indicator.direction, "higher")
        measure.goal_id.action_propose()
        measure.goal_id.action_agree()
        indicator.direction = "range"  # what is agreed keeps its rule
        self.add_reading(indicator, 50)
        self.assertEqual(measure.score, 50)

    def test_a_definition_turns_to_a_range(self):
        """Open goals take the usual range over, agreed ones keep what they have."""
        indicator = self.make(**RANGE, **ROOM)
        agreed = self.measure(indicator, range_low=18)
        self.agree(agreed.goal_id)
        indicator.write({"direction": "higher"})
        target = self.measure(indicator)
        self.add_reading(indicator, 24)
        self.assertEqual((agreed.score, target.score), (50, 24))
        indicator.write({"direction": "range", "range_high": 23})
        self.assertEqual((target.range_low, target.range_high), (19, 23))
        self.assertEqual((agreed.range_low, agreed.range_high), (18, 22))
        self.assertEqual((agreed.score, target.score), (50, 75))

    # ------------------------------------------------------------- tables

    def table(self, indicator):
        return [(band.threshold, band.points) for band in indicator.band_ids]

    def test_bands_are_filled(self):
        points = (60, 80, 100, 120, 140)
        indicator = self.make("interpolate")
        self.as_(indicator, "officer").action_fill_bands()
        self.assertEqual(indicator.scoring_rule, "interpolate")  # a curve stays a curve
        self.assertEqual(
            self.table(indicator),
            list(zip((80, 90, 100, 110, 120), points, strict=True)),
        )
        # values: from 9 errors down to 4 the way is 5; 80 % of it are 5 errors left
        indicator.write(
            {
                "scoring_rule": "linear",
                "direction": "lower",
                "band_basis": "value",
                "example_baseline": 9,
                "example_target": 4,
            }
        )
        indicator.action_fill_bands()
        self.assertEqual(
            sorted(self.table(indicator), reverse=True),
            list(zip((5, 4.5, 4, 3.5, 3), points, strict=True)),
        )
        self.assertEqual(indicator.score_cap, 140)
        self.assertEqual(indicator.scoring_rule, "steps")

    def test_a_table_of_values_needs_an_example_with_a_way(self):
        for values in (
            {"example_target": 0},  # no way
            {"example_baseline": 9, "example_target": 4},  # the wrong one
            RANGE,
        ):
            indicator = self.make(band_basis="value", **values)
            with self.refused("“Errors”", "“Example Target”", error=UserError):
                indicator.action_fill_bands()
            self.assertFalse(indicator.band_ids)
            self.assertEqual(indicator.scoring_rule, "linear")

    # ------------------------------------------------------------- limits

    def test_limits_of_its_own_instead_of_the_calendar(self):
        """80 % of the target: far ahead in January, 20 points behind in December."""
        plain, limited = self.make(), self.make(amber_limit=90, red_limit=75)
        measures = self.measure(plain) | self.measure(limited)
        for indicator in (plain, limited):
            self.add_reading(indicator, 80, date=self.day(1))
        for day, expected in (
            (self.day(1, 20), ["on_track", "at_risk"]),
            (self.day(12, 31), ["at_risk", "at_risk"]),
        ):
            with freeze_time(day):
                measures.goal_id._refresh_health()
                self.assertEqual(measures.mapped("status"), expected)
        for value, expected in ((90, "on_track"), (75, "at_risk"), (74.9, "off_track")):
            limited.reading_ids.write({"value": value, "correction_reason": "Next"})
            self.assertEqual(measures[1].status, expected)

    def test_limits_reach_the_goal_and_stay_as_agreed(self):
        indicator = self.make(amber_limit=90, red_limit=75)
        goal = self.measure(indicator).goal_id
        self.add_reading(indicator, 80, date=self.day(1))
        with freeze_time(self.day(1, 20)):
            self.agree(goal)
            self.assertEqual(goal.health, "at_risk")
            indicator.write({"amber_limit": 50, "red_limit": 40})
            self.assertEqual(goal.measure_ids.status, "at_risk")
            other = self.measure(indicator)
            self.assertEqual(other.status, "on_track")
            indicator.write({"amber_limit": False, "red_limit": False})
            self.assertIsNone(indicator.amber_limit)
            self.assertEqual(goal.measure_ids.status, "at_risk")


@tagged("post_install", "-at_install")
class TestPreview(ScoringCommon):
    def test_preview(self):
        indicator = self.make(unit="calls")
        self.assertEqual(indicator.preview["x_title"], "calls")
        (line,) = indicator.preview["lines"]
        points = dict(map(tuple, line["points"]))
        self.assertEqual((points[0], points[100]), (0, 100))
        self.assertFalse(indicator.preview["text"])

    def test_a_value_is_tried(self):
        indicator = self.make("deduct", points_per_unit=5, unit="complaints")
        indicator.example_value = 3
        self.assertEqual(indicator.preview["lines"][1]["points"], [[3, 85]])
        self.assertEqual(indicator.preview["text"], "3.0 complaints earn 85.0 points.")
        indicator.example_value = 0  # 0 is a value
        self.assertEqual(indicator.preview["lines"][1]["points"], [[0, 100]])

    def test_what_cannot_be_drawn_says_so(self):
        for values in (
            {"example_target": 0},
            RANGE,
            {"scoring_rule": "ratio", "example_target": -5},
        ):
            indicator = self.make(**values)
            self.assertIn("The picture appears", indicator.preview["problem"])
            self.assertNotIn("lines", indicator.preview)

    def test_form(self):
        form = Form(self.env["hr.performance.indicator"].with_user(self.officer_user))
        form.name = "Calls"
        self.assertIn("lines", form.preview)
        form.scoring_rule = "efficacy"
        self.assertIn("problem", form.preview)
        form.unacceptable = 90
        form.satisfactory = 98
        self.assertIn("lines", form.preview)
        form.example_value = 94
        self.assertIn("80.0 points", form.preview["text"])
        form.scoring_rule = "interpolate"  # brings its table
        form.example_value = 85
        self.assertIn("70.0 points", form.preview["text"])

    def test_no_half_filled_form_breaks_it(self):
        """Whatever stands on the form: a picture or a sentence, and always JSON."""
        Indicator = self.env["hr.performance.indicator"]
        rules = dict(Indicator._fields["scoring_rule"].selection)
        numbers = (None, -1e308, float("nan"))
        for rule, direction, number in product(
            rules, ("higher", "lower", "range"), numbers
        ):
            draft = Indicator.new(
                {
                    "scoring_rule": rule,
                    "direction": direction,
                    "band_ids": self.bands((number or 0, 1), (5, number or 0)),
                    **dict.fromkeys(
                        (
                            "example_baseline",
                            "example_value",
                            "unacceptable",
                            "range_low",
                            "range_tolerance",
                            "score_floor",
                            "points_per_unit",
                        ),
                        number,
                    ),
                    "satisfactory": 5,
                    "range_high": 7,
                }
            )
            with self.subTest(rule=rule, direction=direction, number=number):
                json.dumps(draft.preview, allow_nan=False)
                self.assertTrue({"lines", "problem"} & draft.preview.keys())


@tagged("post_install", "-at_install")
class TestMilestones(ScoringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicator = cls.env["hr.performance.indicator"].create(
            {"name": "Moving house", "scoring_rule": "milestones"}
        )
        cls.indicator.action_activate()
        cls.goal = cls.make_goal(
            None,
            {
                "indicator_id": cls.indicator.id,
                "milestone_ids": [
                    Command.create({"name": name, "weight": weight})
                    for name, weight in (("Found", 1), ("Signed", 1), ("Moved", 2))
                ],
            },
        )
        cls.found, cls.signed, cls.moved = cls.goal.measure_ids.milestone_ids

    def test_the_share_by_weight(self):
        self.agree(self.goal)
        measure = self.goal.measure_ids
        # nothing reached is 0 of 4, and known
        self.assertEqual((measure.actual, measure.score), (0, 0))
        for milestone, share in (
            (self.found, 25),
            (self.moved, 75),
            (self.signed, 100),
        ):
            milestone.action_reach()
            self.assertEqual(
                (measure.actual, measure.achievement, measure.score),
                (share, share, share),
            )
            self.assertEqual(self.goal.progress, share)
        self.moved.action_take_back()
        self.assertEqual(measure.score, 50)
        self.assertFalse(self.moved.date_reached)
        self.assertIn("50.0 % of their weight", measure.explanation)

    def test_without_weight_there_is_no_value(self):
        self.goal.measure_ids.milestone_ids.weight = 0
        self.assertIsNone(self.goal.measure_ids.score)
        self.goal.measure_ids.milestone_ids.unlink()
        self.assertIsNone(self.goal.measure_ids.score)

    def test_weights(self):
        for weight in (-1, float("nan"), float("inf")):
            with self.refused("“Found”", "“Weight”", error=ValidationError):
                self.found.weight = weight

    def test_who_may_report(self):
        self.agree(self.goal)
        for who in ("employee", "manager", "director", "officer"):
            milestone = self.as_(self.found, who)
            milestone.action_reach(self.day(1))
            self.assertEqual(milestone.date_reached, self.day(1))
            milestone.action_take_back()
        for who in ("colleague", "other_employee", "other_officer"):
            for method in ("action_reach", "action_take_back"):
                with self.assertRaises(AccessError):
                    getattr(self.as_(self.found, who), method)()
        # who may read the goal reports no more on it
        self.goal.sudo().visibility = "everyone"
        with self.refused("not one of yours"):
            self.as_(self.found, "colleague").action_reach()
        self.assertFalse(self.found.date_reached)

    def test_only_on_agreed_goals(self):
        with self.refused("is not agreed"):
            self.found.action_reach()

    def test_not_in_the_future(self):
        self.agree(self.goal)
        with freeze_time(self.day(6)):
            self.found.action_reach(self.day(6))
            with self.refused("“Signed”", "in the future", error=ValidationError):
                self.signed.action_reach(self.day(6, 16))

    def test_locked_after_agreement(self):
        self.agree(self.goal)
        for values in (
            {"name": "Bought"},
            {"weight": 9},
            {"date_deadline": self.day(1)},
        ):
            with self.refused("locked"):
                self.as_(self.found, "employee").write(values)
        with self.refused("locked"):
            self.found.unlink()
        with self.refused("locked"):
            self.found.copy()
        with self.refused("locked"):
            self.goal.measure_ids.milestone_ids = [Command.create({"name": "Unpacked"})]
        self.goal.action_request_change("Another house")
        self.found.weight = 9

    def test_not_into_another_goal(self):
        agreed = self.agree(self.make_goal(None, (self.ind_sum, 1)))
        with self.refused("locked"):
            self.found.measure_id = agreed.measure_ids

    def test_a_closed_cycle_does_not_move(self):
        self.agree(self.goal)
        self.found.action_reach()
        self.cycle.action_close()
        for method in ("action_reach", "action_take_back"):
            with self.refused("closed"):
                getattr(self.found, method)()
        self.assertEqual(self.goal.measure_ids.score, 25)

    def test_a_copy_has_reached_nothing(self):
        self.agree(self.goal)
        self.found.action_reach()
        copy = self.goal.copy()
        self.assertEqual(copy.measure_ids.milestone_ids.mapped("weight"), [1, 1, 2])
        self.assertFalse(any(copy.measure_ids.milestone_ids.mapped("date_reached")))


@tagged("post_install", "-at_install")
class TestJudged(ScoringCommon, RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicator = cls.env["hr.performance.indicator"].create(
            {"name": "Teamwork", "scoring_rule": "manual", "score_cap": 100}
        )
        cls.indicator.action_activate()
        cls.goal = cls.agree(cls.make_goal(None, (cls.indicator, 0)))
        cls.measure_judged = cls.goal.measure_ids

    def test_points(self):
        measure = self.measure_judged
        self.assertIsNone(measure.score)
        self.as_(measure, "manager").action_judge(85.5, "  Helped out in June ")
        self.assertEqual(
            (measure.actual, measure.score, self.goal.score), (85.5, 85.5, 85.5)
        )
        self.assertEqual(measure.judged_reason, "Helped out in June")
        self.assertIn("Judged: Helped out in June", measure.explanation)
        self.assertIn("85.5", str(self.goal.message_ids[0].body))
        # 0 points are a judgement
        measure.with_user(self.officer_user).action_judge(0, "Nothing done")
        self.assertEqual((measure.has_actual, measure.score), (True, 0))

    def test_who_judges(self):
        for who in ("employee", "colleague", "other_employee", "other_officer"):
            self.assertRefused(who, self.measure_judged, "action_judge", 90, "Good")
        for who in ("manager", "director", "officer", "administrator"):
            self.rpc(who, self.measure_judged, "action_judge", 90, "Good")
        own = self.agree(self.make_goal(self.officer, (self.indicator, 0)))
        self.assertRefused("officer", own.measure_ids, "action_judge", 90, "Good")
        unit = self.agree(self.make_goal(self.department_sub, (self.indicator, 0)))
        self.assertRefused("manager", unit.measure_ids, "action_judge", 90, "Good")
        self.rpc("director", unit.measure_ids, "action_judge", 90, "Good")

    def test_refused(self):
        for points, reason in (
            (90, ""),
            (90, "   "),
            (90, False),
            (101, "Too much"),  # the cap is 100
            (-1, "Too little"),
            ("ninety", "No number"),
            (None, "No number"),
            ([90], "No number"),
            (10**400, "No ordinary number"),
        ):
            with self.subTest(points=str(points)[:9], reason=reason):
                self.assertRefused(
                    "manager", self.measure_judged, "action_judge", points, reason
                )
        self.assertIsNone(self.measure_judged.score)
        with self.refused("Teamwork", "between 0.0 and 100.0"):
            self.measure_judged.action_judge(101, "Too much")
        with self.refused("Teamwork", "between 0.0 and 100.0"):
            self.measure_judged.action_judge(float("nan"), "No number")

    def test_only_what_is_judged(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        with self.refused("follow from its values"):
            goal.measure_ids.action_judge(90, "Good")
        draft = self.make_goal(None, (self.indicator, 0))
        with self.refused("is not agreed"):
            draft.measure_ids.action_judge(90, "Good")

    def test_by_the_rule_agreed_on(self):
        self.indicator.score_cap = 50
        self.measure_judged.action_judge(90, "Good")
        self.assertEqual(self.measure_judged.score, 90)

    def test_a_closed_cycle_does_not_move(self):
        self.measure_judged.action_judge(90, "Good")
        self.cycle.action_close()
        with self.refused("closed"):
            self.measure_judged.action_judge(10, "Not good")
        self.assertEqual(self.measure_judged.score, 90)

    def test_not_typed_in(self):
        for who in ("employee", "manager", "officer", "administrator"):
            for values in ({"judged_points": 99}, {"judged_reason": "Because"}):
                self.assertRefused(who, self.measure_judged, "write", values)
