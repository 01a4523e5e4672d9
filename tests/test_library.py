"""The library that comes with the addon: complete, consistent, and put into use."""

import ast
from collections import Counter

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..engine.scoring import score
from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestLibrary(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = (
            cls.env["ir.model.data"]
            .search(
                [
                    ("module", "=", "hr_performance"),
                    ("model", "=", "hr.performance.indicator"),
                ]
            )
            .mapped("res_id")
        )
        cls.library = cls.env["hr.performance.indicator"].search(
            [("id", "in", names), ("set_id", "!=", False)]
        )

    def one(self, code):
        return self.library.filtered(lambda indicator: indicator.code == code)

    # ------------------------------------------------------------- complete

    def test_twelve_sets_of_at_least_six(self):
        self.assertGreaterEqual(len(self.library), 80)
        sizes = Counter(indicator.set_id for indicator in self.library)
        self.assertEqual(len(sizes), 12)
        self.assertGreaterEqual(min(sizes.values()), 6)
        for indicator_set in sizes:
            self.assertTrue(indicator_set.description, indicator_set.name)

    def test_drafts_for_everybody(self):
        self.assertEqual(set(self.library.mapped("state")), {"draft"})
        self.assertFalse(self.library.company_id)
        self.assertFalse(self.library.message_ids)

    def test_texts(self):
        texts = Counter()
        for indicator in self.library:
            with self.subTest(indicator.code):
                for name in ("name", "code", "unit"):
                    self.assertTrue(indicator[name], name)
                written = [
                    indicator[name]
                    for name in ("description", "calculation", "pitfalls")
                ]
                for text, least in zip(written, (120, 10, 60), strict=True):
                    self.assertGreaterEqual(len(text or ""), least, text)
                    self.assertEqual(text, text.strip())
                    self.assertEqual(text[-1], ".", text)
                texts.update([indicator.name, *written])
                self.assertTrue(indicator.frequency)
                self.assertTrue(indicator.chain_level)
        self.assertFalse([text for text, times in texts.items() if times > 1])
        codes = self.library.mapped("code")
        self.assertEqual(len(set(codes)), len(codes))

    def test_every_kind_and_rule_has_an_example(self):
        for name in ("kind", "direction", "scoring_rule", "source", "chain_level"):
            offered = dict(self.library._fields[name].selection)
            self.assertEqual(set(self.library.mapped(name)), set(offered), name)

    # ------------------------------------------------------------- consistent

    def test_scoring(self):
        """What the constraints check, once more; and points that say something."""
        self.library._check_scoring()
        self.library._check_limits()
        for indicator in self.library:
            with self.subTest(indicator.code):
                self.assertGreaterEqual(indicator.score_cap, 100)
                points = indicator.band_ids.mapped("points")
                if points:
                    self.assertGreaterEqual(len(points), 4)
                    self.assertIn(100, points, "on target is a band of its own")
                    self.assertLessEqual(max(points), indicator.score_cap)
                if indicator.scoring_rule == "efficacy":
                    self.assertEqual(
                        indicator.satisfactory > indicator.unacceptable,
                        indicator.direction == "higher",
                    )
                if indicator.direction == "range":
                    self.assertLess(indicator.range_low, indicator.range_high)
                    self.assertGreater(indicator.range_tolerance, 0)
                else:
                    self.assertEqual(
                        indicator.example_target > indicator.example_baseline,
                        indicator.direction == "higher",
                    )

    def test_the_example_earns_what_it_should(self):
        """On the example's target a definition gives about 100 points."""
        for indicator in self.library:
            with self.subTest(indicator.code):
                rule = indicator._scoring_rule()
                if indicator.direction == "range" or rule.scoring_rule in (
                    "manual",
                    "milestones",
                ):
                    continue
                target = indicator._example()
                self.assertAlmostEqual(
                    score(rule, target.target, target).points, 100, delta=20
                )

    def test_counters_and_drivers(self):
        for indicator in self.library:
            with self.subTest(indicator.code):
                self.assertIn(indicator.counter_id, self.library - indicator)
                self.assertLessEqual(indicator.driver_ids, self.library)
                for driver in indicator.driver_ids:
                    self.assertNotEqual(driver.kind, "result", driver.name)
                    self.assertEqual(indicator.kind, "result")
                if indicator.kind == "process":
                    self.assertTrue(indicator.driven_ids, "it drives no result")

    def test_formulas_name_what_is_in_the_library(self):
        formulas = self.library.filtered(lambda one: one.source == "formula")
        self.assertGreaterEqual(len(formulas), 12)
        for indicator in formulas:
            with self.subTest(indicator.code):
                self.assertLessEqual(
                    indicator._formula().codes, set(self.library.mapped("code"))
                )
                self.assertGreaterEqual(len(indicator.part_ids), 2)
                self.assertNotIn(indicator, indicator.leaf_ids)

    def test_queries_are_written_down_whole(self):
        queries = self.library.filtered(lambda one: one.source == "odoo")
        self.assertGreaterEqual(len(queries), 30)
        for indicator in queries:
            with self.subTest(indicator.code):
                indicator._check_query_written()
                self.assertIsInstance(ast.literal_eval(indicator.query_domain), list)
                if indicator.query_model not in self.env:
                    self.assertTrue(indicator.query_app, "say which app brings it")
                if indicator.query_operation == "share":
                    self.assertEqual(indicator.unit, "%")
                if indicator.query_operation in ("share", "average"):
                    self.assertEqual(indicator.aggregation, "average")
                    self.assertEqual(indicator.rollup, "average")
                if indicator.query_operation in ("count", "sum"):
                    self.assertEqual(indicator.aggregation, "sum")

    def test_health_is_kept_per_department(self):
        self.assertEqual(self.one("SICK_DAYS").query_holder, "department")

    # ------------------------------------------------------------- into use

    def test_all_that_need_no_app_are_put_into_use_at_once(self):
        ready = self.library.filtered(
            lambda one: not (one | one.leaf_ids).filtered("is_app_missing")
        )
        self.assertGreaterEqual(len(ready), 70)
        author = self.users["administrator"]
        author.group_ids += self.env.ref("hr.group_hr_manager")
        self.as_(ready, author).action_activate()
        self.assertEqual(set(ready.mapped("state")), {"active"})

    def test_a_formula_takes_its_parts_along(self):
        rate = self.one("CLEARANCE_RATE")
        received, decided = self.one("CASES_RECEIVED"), self.one("CASES_DECIDED")
        self.as_(received, "officer").action_activate()
        self.as_(rate, "officer").action_activate()
        self.assertEqual((rate | received | decided).mapped("state"), ["active"] * 3)
        self.assertEqual(self.one("DECISIONS_PER_STAFF_YEAR").state, "draft")

    def test_a_retired_part_stays_retired(self):
        rate, decided = self.one("CLEARANCE_RATE"), self.one("CASES_DECIDED")
        decided.action_retire()
        self.as_(rate, "officer").action_activate()
        self.assertEqual((rate.state, decided.state), ("active", "retired"))

    def test_only_officers_put_into_use(self):
        for name in ("employee", "director", "other_employee"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(self.one("CLEARANCE_RATE"), name).action_activate()

    # ------------------------------------------------------------- missing apps

    def make_waiting(self, **values):
        """A draft that measures records no app of ours will ever bring."""
        return self.env["hr.performance.indicator"].create(
            {
                "name": "Dives",
                "code": "T_DIVES",
                "source": "odoo",
                "query_model": "x.dive",
                "query_date_field": "date",
                "query_holder_path": "user_id",
                "query_app": "x_diving",
            }
            | values
        )

    def test_a_missing_app_is_named(self):
        dives = self.make_waiting()
        self.assertTrue(dives.is_app_missing)
        self.assertEqual(dives.app_name, "x_diving")
        with self.refused("“Dives”", "“x_diving”", "Install the app"):
            self.as_(dives, "officer").action_activate()
        self.assertEqual(dives.state, "draft")
        formula = self.env["hr.performance.indicator"].create(
            {"name": "Half", "source": "formula", "formula": "T_DIVES / 2"}
        )
        with self.refused("“Dives”", "“x_diving”", "Install the app"):
            self.as_(formula, "officer").action_activate()

    def test_a_missing_app_is_no_hindrance_for_typed_values(self):
        dives = self.make_waiting()
        self.as_(dives, "officer").source = "manual"
        self.assertFalse(dives.is_app_missing)
        self.as_(dives, "officer").action_activate()
        self.assertEqual(dives.state, "active")

    def test_other_records_need_another_app(self):
        dives = self.make_waiting()
        self.as_(dives, "officer").write(
            {
                "query_model": "res.partner",
                "query_date_field": "create_date",
            }
        )
        self.assertFalse(dives.query_app)
        self.assertFalse(dives.is_app_missing)

    def test_the_name_of_a_known_app(self):
        skills = self.make_waiting(
            query_app="hr_skills", query_model="hr.employee.skill"
        )
        self.assertFalse(skills.is_app_missing)
        self.assertEqual(
            skills.app_name,
            self.env.ref("base.module_hr_skills").shortdesc,
        )
        self.assertEqual(self.as_(skills, "employee").app_name, skills.app_name)

    def test_search_for_what_needs_an_app(self):
        dives = self.make_waiting()
        indicators = self.env["hr.performance.indicator"]
        needing = indicators.search([("is_app_missing", "=", True)])
        ready = indicators.search([("is_app_missing", "=", False)])
        self.assertIn(dives, needing)
        self.assertIn(self.one("CASES_DECIDED"), ready)
        self.assertEqual(needing | ready, indicators.search([]))
        self.assertFalse(needing & ready)

    def test_a_library_record_can_be_adapted(self):
        """HR may change all of it; the next update brings nothing back (noupdate)."""
        margin = self.as_(self.one("OPERATING_MARGIN"), "officer")
        margin.write({"name": "Our margin", "description": "As the board counts it."})
        known = self.env["ir.model.data"].search(
            [
                ("module", "=", "hr_performance"),
                ("model", "=", "hr.performance.indicator"),
                ("res_id", "in", self.library.ids),
            ]
        )
        self.assertEqual(set(known.mapped("noupdate")), {True})
        with self.refused("“Operating cost”", "“Cost against the budget”"):
            self.one("OPERATING_COST").unlink()
