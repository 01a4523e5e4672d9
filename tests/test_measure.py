from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestMeasure(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicator = cls.env["hr.performance.indicator"].create({"name": "Figure"})
        cls.indicator.action_activate()

    def actual(self, holder, **values):
        measure = {"indicator_id": self.indicator.id, "target": 100} | values
        return self.make_goal(holder, measure).measure_ids.actual

    # ------------------------------------------------------------- scope

    def test_scope(self):
        """One power of two per holder, so that a sum tells who is in it."""
        readings = {
            self.employee: 1,  # in Sales North
            self.colleague: 2,  # in Sales North
            self.director: 4,  # in Sales
            self.officer: 8,  # in no department
            self.department_sub: 16,
            self.department: 32,
            self.department_sibling: 64,
            self.company: 128,
            self.company_2: 256,
            self.other_employee: 512,
        }
        for holder, value in readings.items():
            self.add_reading(self.indicator, value, holder)
        for holder, expected in (
            (self.employee, 1),
            (self.officer, 8),
            (self.department_sub, 1 + 2 + 16),
            (self.department, 1 + 2 + 4 + 16 + 32),  # and the department below
            (self.department_sibling, 64),
            (self.company, 255),  # all of it, nothing of company 2
        ):
            with self.subTest(holder.name):
                self.assertEqual(self.actual(holder), expected)
        goal = self.make_goal(
            self.company_2,
            {"indicator_id": self.indicator.id, "target": 1},
            cycle_id=self.cycle_2.id,
        )
        self.assertEqual(goal.measure_ids.actual, 256 + 512)

    def test_rollup_none_counts_what_is_posted_on_exactly_that_scope(self):
        self.indicator.rollup = "none"
        for holder, value in (
            (self.employee, 1),
            (self.department_sub, 16),
            (self.department, 32),
            (self.company, 128),
        ):
            self.add_reading(self.indicator, value, holder)
        for holder, expected in (
            (self.employee, 1),
            (self.colleague, None),
            (self.department_sub, 16),
            (self.department, 32),
            (self.department_sibling, None),
            (self.company, 128),
        ):
            with self.subTest(holder.name):
                self.assertEqual(self.actual(holder), expected)

    def test_departments_with_like_numbers_are_told_apart(self):
        """parent_path 1/ is no prefix of 11/: that the slash counts."""
        many = self.env["hr.department"].create(
            [
                {"name": f"Unit {number}", "company_id": self.company.id}
                for number in range(12)
            ]
        )
        for number, unit in enumerate(many):
            self.add_reading(self.indicator, 2**number, unit)
        for number, unit in enumerate(many):
            self.assertEqual(self.actual(unit), 2**number)

    def test_dates_are_inclusive_and_within_the_measure(self):
        for day in (
            self.day(2, 28),
            self.day(3, 1),
            self.day(3, 31),
            self.day(4, 1),
        ):
            self.add_reading(self.indicator, day.month * 100 + day.day, date=day)
        self.assertEqual(
            self.actual(
                self.employee, date_start=self.day(3, 1), date_end=self.day(3, 31)
            ),
            301 + 331,
        )

    def test_narrowing_the_dates_narrows_the_figure(self):
        self.add_reading(self.indicator, 1, date=self.day(2))
        self.add_reading(self.indicator, 2, date=self.day(3))
        goal = self.make_goal(None, (self.indicator, 10))
        self.assertEqual(goal.measure_ids.actual, 3)
        goal.measure_ids.date_start = self.day(3, 1)
        self.assertEqual(goal.measure_ids.actual, 2)
        goal.employee_id = self.colleague
        self.assertIsNone(goal.measure_ids.actual)

    def test_dates_follow_the_cycle(self):
        self.cycle.action_create_subperiods("quarter")
        first, second = self.cycle.child_ids.sorted("date_start")[:2]
        goal = self.make_goal(None, (self.indicator, 10), cycle_id=first.id)
        self.assertEqual(goal.measure_ids.date_end, self.day(3, 31))
        goal.cycle_id = second
        self.assertEqual(goal.measure_ids.date_start, self.day(4, 1))
        self.assertEqual(goal.measure_ids.date_end, self.day(6, 30))

    # ------------------------------------------------------------- accumulation

    def test_each_aggregation_with_each_rollup(self):
        """Two people, worked by hand.

        =========  ==============================  ====  =======  ====  ===  ===
        who        readings (value × weight)       sum   average  last  min  max
        =========  ==============================  ====  =======  ====  ===  ===
        employee   4 ×1 in Jan, 1 ×3 in Feb        5     7/4      1     1    4
        colleague  10 ×2 in March                  10    10       10    10   10
        =========  ==============================  ====  =======  ====  ===  ===

        Weights: employee 4, colleague 2. Average across people, weighted, is therefore
        (4·x + 2·y)/6.
        """
        for who, value, weight, month in (
            (self.employee, 4, 1, 1),
            (self.employee, 1, 3, 2),
            (self.colleague, 10, 2, 3),
        ):
            self.add_reading(
                self.indicator, value, who, weight=weight, date=self.day(month)
            )
        over_time = {
            "sum": (5, 10),
            "average": (7 / 4, 10),
            "last": (1, 10),
            "min": (1, 10),
            "max": (4, 10),
        }
        for aggregation, (one, other) in over_time.items():
            for rollup, expected in (
                ("sum", one + other),
                ("average", (4 * one + 2 * other) / 6),
                ("min", one),
                ("max", other),
            ):
                self.indicator.write({"aggregation": aggregation, "rollup": rollup})
                with self.subTest(aggregation=aggregation, rollup=rollup):
                    self.assertAlmostEqual(self.actual(self.employee), one)
                    self.assertAlmostEqual(self.actual(self.department_sub), expected)

    def test_last_of_the_same_day_is_the_one_entered_last(self):
        self.indicator.aggregation = "last"
        self.add_reading(self.indicator, 1)
        self.add_reading(self.indicator, 2)
        self.add_reading(self.indicator, 9, date=self.day(1))
        self.assertEqual(self.actual(self.employee), 2)

    def test_average_without_weight_is_no_value(self):
        self.add_reading(self.ind_average, 5, weight=0)
        measure = self.make_goal(None, (self.ind_average, 10)).measure_ids
        self.assertFalse(measure.has_actual)
        self.assertIsNone(measure.actual)

    def test_changing_the_definition_recounts_open_goals(self):
        self.add_reading(self.indicator, 4)
        self.add_reading(self.indicator, 6)
        measure = self.make_goal(None, (self.indicator, 10)).measure_ids
        self.assertEqual((measure.actual, measure.score), (10, 100))
        self.indicator.aggregation = "max"
        self.assertEqual((measure.actual, measure.score), (6, 60))
        self.indicator.score_cap = 50
        self.assertEqual(measure.score, 50)

    # ------------------------------------------------------------- no value

    def test_no_value_is_null(self):
        goal = self.make_goal(None, (self.indicator, 10))
        measure = goal.measure_ids
        self.assertFalse(measure.has_actual)
        for name in ("actual", "achievement", "score"):
            self.assertIsNone(measure[name], name)
        self.assertEqual(measure.status, "no_value")
        self.assertFalse(measure.derivation)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT actual, achievement, score FROM hr_performance_measure"
            " WHERE id = %s",
            measure.ids,
        )
        self.assertEqual(self.env.cr.fetchone(), (None, None, None))
        # over RPC
        self.assertIs(measure.read(["actual"])[0]["actual"], False)
        self.assertIs(goal.read(["progress"])[0]["progress"], False)

    def test_nought_and_no_value_are_searched_apart(self):
        none = self.make_goal(None, (self.indicator, 10))
        nought = self.make_goal(self.colleague, (self.indicator, 10))
        self.add_reading(self.indicator, 0, self.colleague)
        goals = self.env["hr.performance.goal"]
        both = [("id", "in", (none | nought).ids)]
        self.assertEqual(goals.search([*both, ("progress", "=", False)]), none)
        self.assertEqual(goals.search([*both, ("progress", "=", 0)]), nought)
        self.assertEqual(goals.search([*both, ("progress", "<=", 0)]), nought)
        self.assertEqual(goals.search([*both, ("progress", "!=", False)]), nought)
        for value, expected in ((False, none), (0, nought), (5, none - none)):
            found = (none | nought).filtered_domain([("progress", "=", value)])
            self.assertEqual(found, expected)

    def test_means_of_groups_leave_no_value_out(self):
        """Progress 20, 60 and no value: the mean is 40, not 26.67."""
        goals = self.make_goal(None, (self.indicator, 10))
        goals |= self.make_goal(self.colleague, (self.indicator, 10))
        goals |= self.make_goal(self.manager, (self.indicator, 10))
        self.add_reading(self.indicator, 2)
        self.add_reading(self.indicator, 6, self.colleague)
        model = self.env["hr.performance.goal"]
        domain = [("id", "in", goals.ids)]
        self.assertEqual(
            model._read_group(domain, [], ["progress:avg", "__count"]), [(40, 3)]
        )
        self.assertEqual(
            model.formatted_read_group(domain, ["scope"], ["progress:avg"])[0][
                "progress:avg"
            ],
            40,
        )
        # a group in which nobody has a value has no mean
        domain = [("id", "in", goals.filtered(lambda g: g.progress is None).ids)]
        self.assertIn(
            model._read_group(domain, [], ["progress:avg"])[0][0], (None, False)
        )

    def test_the_export_leaves_no_value_empty(self):
        goal = self.make_goal(None, (self.indicator, 10))
        self.assertEqual(goal.export_data(["progress"])["datas"], [[""]])
        self.add_reading(self.indicator, 0)
        self.assertEqual(goal.export_data(["progress"])["datas"], [[0.0]])

    # ------------------------------------------------------------- the agreed rule

    def test_agreement_freezes_the_rule(self):
        goal = self.agree(self.make_goal(None, (self.ind_steps, 10)))
        draft = self.make_goal(None, (self.ind_steps, 10))
        self.add_reading(self.ind_steps, 9)
        # 90 % of the way: the band from 90 on, 80 points
        self.assertEqual((goal.score, draft.score), (80, 80))
        self.ind_steps.band_ids.filtered(lambda band: band.threshold == 90).points = 85
        self.assertEqual((goal.score, draft.score), (80, 85))
        self.ind_steps.write({"scoring_rule": "linear", "aggregation": "max"})
        self.add_reading(self.ind_steps, 1)
        # agreed: sum 10 of 10, 100 points; draft: max 9 of 10, linear
        self.assertEqual((goal.score, draft.score), (100, 90))
        # a change is agreed by the rule of its day
        goal.action_request_change("Another rule")
        self.assertEqual(goal.score, 90)
        goal.action_agree()
        self.ind_steps.aggregation = "sum"
        self.assertEqual((goal.score, draft.score), (90, 100))

    def test_agreement_freezes_the_rollup_too(self):
        goal = self.agree(self.make_goal(self.department_sub, (self.indicator, 10)))
        self.add_reading(self.indicator, 2)
        self.add_reading(self.indicator, 3, self.department_sub)
        self.assertEqual(goal.measure_ids.actual, 5)
        self.indicator.rollup = "none"
        self.add_reading(self.indicator, 1)
        self.assertEqual(goal.measure_ids.actual, 6)

    def test_results_and_rule_cannot_be_typed(self):
        measure = self.make_goal(None, (self.indicator, 10)).measure_ids
        for name in ("employee", "manager", "officer", "administrator"):
            for field, value in (
                ("actual", 10),
                ("achievement", 100),
                ("score", 100),
                ("status", "on_track"),
                ("has_actual", True),
                ("derivation", {}),
                ("rule", {"aggregation": "max"}),
            ):
                with self.subTest(name, field=field), self.assertRaises(AccessError):
                    self.as_(measure, name).write({field: value})

    # ------------------------------------------------------------- derivation

    def test_the_derivation_holds_the_facts(self):
        """3 readings of two people: 12, from 10 to 20 that is 20 %; below the bands."""
        measure = self.make_goal(
            self.department_sub,
            {"indicator_id": self.ind_steps.id, "baseline": 10, "target": 20},
        ).measure_ids
        self.add_reading(self.ind_steps, 7)
        self.add_reading(self.ind_steps, 1)
        self.add_reading(self.ind_steps, 4, self.colleague)
        facts = dict(measure.derivation)
        rule = facts.pop("rule")
        self.assertEqual(
            facts,
            {
                "readings": 3,
                "holders": 2,
                "date_start": str(self.day(1, 1)),
                "date_end": str(self.day(12, 31)),
                "baseline": 10,
                "target": 20,
                "actual": 12,
                "achievement": 20,
                "raw": 0,
                "points": 0,
                "band": None,
                "next_band": None,
                "targets": [[str(self.day(1, 1)), 20]],
            },
        )
        self.assertEqual((rule["aggregation"], rule["rollup"]), ("sum", "sum"))
        self.assertEqual(rule["scoring"]["bands"][0][:2], [80, 60])
        self.add_reading(self.ind_steps, 7)  # 19: 90 %, the second band
        self.assertEqual(measure.derivation["band"][:2], [90, 80])
        self.assertEqual(measure.derivation["points"], 80)

    def test_the_derivation_names_nobody(self):
        measure = self.make_goal(self.company, (self.indicator, 10)).measure_ids
        self.add_reading(self.indicator, 4, note="The Hansen contract")
        told = f"{measure.derivation} {measure.explanation}"
        for secret in (self.employee.name, "Hansen", str(self.employee.user_id.login)):
            self.assertNotIn(secret, told)

    def test_the_explanation_says_how_it_arose(self):
        measure = self.make_goal(None, (self.ind_steps, 10)).measure_ids
        self.assertEqual(
            measure.explanation,
            "No value yet: nothing has been reported in the period.",
        )
        self.add_reading(self.ind_steps, 9)
        text = measure.explanation
        for part in (
            "Readings: 1, people or units: 1.",
            "from 0 to 10",
            "90.0 %",
            "80.0 points",
        ):
            self.assertIn(part, text)

    def test_the_figure_is_rounded_half_up_for_display_only(self):
        self.indicator.write({"digits": 1, "unit": "h"})
        measure = self.make_goal(None, (self.indicator, 10)).measure_ids
        self.assertEqual(measure.figure, "– / 10.0 h")
        self.add_reading(self.indicator, 2.25)
        self.assertEqual(measure.figure, "2.3 / 10.0 h")
        self.assertEqual(measure.actual, 2.25)

    # ------------------------------------------------------------- checks

    def test_target_differs_from_the_baseline(self):
        with self.refused("“Figure”", "equals the baseline", error=ValidationError):
            self.actual(self.employee, baseline=5, target=5)
        with self.refused("“Figure”", "equals the baseline", error=ValidationError):
            self.actual(self.employee, target=0)
        measure = self.make_goal(None, (self.indicator, 10)).measure_ids
        with self.refused("“Figure”", "equals the baseline", error=ValidationError):
            measure.baseline = 10

    def test_a_ratio_has_a_positive_target(self):
        for target in (0, -5):
            with self.refused("“Revenue”", "above 0", error=ValidationError):
                self.make_goal(
                    None,
                    {
                        "indicator_id": self.ind_ratio.id,
                        "target": target,
                        "baseline": 1,
                    },
                )

    def test_numbers(self):
        for name in ("baseline", "target", "weight"):
            for value in (float("nan"), float("inf")):
                with self.refused("“Figure”", error=ValidationError):
                    self.actual(self.employee, **{name: value})
        with self.refused("“Figure”", "“Weight”", error=ValidationError):
            self.actual(self.employee, weight=-1)

    def test_dates_lie_within_the_cycle(self):
        for values in (
            {"date_start": self.day(1, 1).replace(year=self.year - 1)},
            {"date_end": self.day(1, 1).replace(year=self.year + 1)},
            {"date_start": self.day(6), "date_end": self.day(5)},
        ):
            with (
                self.subTest(values),
                self.refused("“Figure”", "must lie within", error=ValidationError),
            ):
                self.actual(self.employee, **values)

    def test_a_measure_does_not_move_to_somebody_elses_goal(self):
        mine = self.make_goal(None, (self.indicator, 10))
        theirs = self.make_goal(self.colleague, visibility="everyone")
        with self.assertRaises(AccessError):
            self.as_(mine.measure_ids, "employee").goal_id = theirs
        agreed = self.agree(self.make_goal())
        with self.refused("locked"):
            self.as_(mine.measure_ids, "manager").goal_id = agreed
