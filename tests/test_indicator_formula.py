"""Indicators that are worked out from others, from the text to the figure on a goal."""

from itertools import pairwise

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PerformanceCommon
from .rpc import Refused, RpcCommon


class FormulaCommon(PerformanceCommon):
    """Returns of deliveries, in %::

    who         returns  deliveries  rate
    employee          3          60   5 %
    colleague        12          40  30 %
    officer           1         100   1 %   (in no department)
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.returns = cls.make("F_RETURNS")
        cls.sent = cls.make("F_SENT")
        cls.rate = cls.make_formula("F_RATE", "100 * F_RETURNS / F_SENT")

    @classmethod
    def make(cls, code, **values):
        indicator = cls.env["hr.performance.indicator"].create(
            {"name": f"The {code}", "code": code} | values
        )
        indicator.action_activate()
        return indicator

    @classmethod
    def make_formula(cls, code, formula, **values):
        return cls.make(code, source="formula", formula=formula, **values)

    @classmethod
    def report(cls):
        for holder, returned, sent in (
            (cls.employee, 3, 60),
            (cls.colleague, 12, 40),
            (cls.officer, 1, 100),
        ):
            cls.add_reading(cls.returns, returned, holder)
            cls.add_reading(cls.sent, sent, holder)

    def measure(self, indicator, holder=None, target=100, **values):
        values |= {"indicator_id": indicator.id, "target": target}
        return self.make_goal(holder, values).measure_ids


@tagged("post_install", "-at_install")
class TestFormulaFigures(FormulaCommon):
    def test_the_readings_listed_are_those_counted(self):
        """Of each scope and rollup, agreed on or not: the domain says what the SQL says."""
        exact = self.make("F_EXACT", rollup="none")
        both = self.make_formula("F_BOTH", "F_SENT + F_EXACT")
        nested = self.env["hr.department"].create(
            {"name": "Closed", "parent_id": self.department_sub.id}
        )
        holders = (
            self.employee,
            self.colleague,
            self.officer,
            self.director,
            self.department,
            self.department_sub,
            self.department_sibling,
            nested,
            self.company,
            self.company_2,
        )
        readings = self.env["hr.performance.reading"]
        for indicator in (self.sent, exact, self.returns):
            for holder in holders:
                for month in (1, 2, 3, 6, 7):
                    readings |= self.add_reading(
                        indicator, 1, holder, date=self.day(month)
                    )
        nested.action_archive()
        self.colleague.department_id = self.department_sibling
        measures = self.env["hr.performance.measure"]
        for holder in (
            self.employee,
            self.colleague,
            self.department,
            self.department_sub,
            nested,
            self.company,
        ):
            for indicator in (self.sent, exact, both):
                measures |= self.measure(
                    indicator, holder, date_start=self.day(2), date_end=self.day(6)
                )
        self.agree(measures[1::2].goal_id)
        # an agreed rollup stays; what is agreed later follows the new one
        for rollups in (("sum", "none"), ("none", "sum")):
            self.sent.rollup, exact.rollup = rollups
            counted = {
                reading: readings.env["hr.performance.measure"]._counting(reading)
                for reading in readings
            }
            for measure in measures:
                expected = readings.browse(
                    reading.id for reading in readings if measure in counted[reading]
                )
                action = measure.action_view_readings()
                self.assertEqual(
                    readings.search(action["domain"]) & readings,
                    expected.sorted(),
                    (measure.display_name, measure.goal_id.scope, rollups),
                )
                self.assertTrue(expected)
                self.assertLess(len(action["domain"]), 20)

    # ------------------------------------------------------------- levels

    def test_a_rate_is_worked_out_after_adding_up(self):
        """Department: 15 of 100 are 15 %, not the mean of 5 % and 30 %.

        Company: 16 of 200 are 8 %, not the mean of 5, 30 and 1.
        """
        self.report()
        for holder, rate in (
            (self.employee, 5),
            (self.colleague, 30),
            (self.department_sub, 15),
            (self.department, 15),
            (self.company, 8),
        ):
            with self.subTest(holder.name):
                self.assertEqual(self.measure(self.rate, holder).actual, rate)
        self.assertIsNone(self.measure(self.rate, self.department_sibling).actual)

    def test_each_part_adds_up_in_its_own_way(self):
        """Level: the last value, the highest of the people; hours: the sum.

        employee 7 then 5, colleague 4: the department's level is 5. Hours 10 + 30.
        """
        level = self.make("F_LEVEL", aggregation="last", rollup="max")
        hours = self.make("F_HOURS")
        both = self.make_formula("F_BOTH", "F_LEVEL * F_HOURS")
        self.add_reading(level, 7, date=self.day(1))
        self.add_reading(level, 5, date=self.day(2))
        self.add_reading(level, 4, self.colleague)
        self.add_reading(hours, 10)
        self.add_reading(hours, 30, self.colleague)
        self.assertEqual(self.measure(both).actual, 5 * 10)
        self.assertEqual(self.measure(both, self.department_sub).actual, 5 * 40)

    def test_nested_formulas(self):
        """Kept: 100 − rate. Employee 95 %, department 85 %."""
        kept = self.make_formula("F_KEPT", "100 - F_RATE")
        self.report()
        self.assertEqual(kept.leaf_ids, self.returns | self.sent)
        self.assertEqual(self.measure(kept).actual, 95)
        measure = self.measure(kept, self.department_sub)
        self.assertEqual(measure.actual, 85)
        self.assertEqual(measure.derivation["readings"], 4)
        self.assertEqual(measure.derivation["holders"], 2)
        # the text of the inner formula reaches the outer figure
        self.rate.formula = "50 * F_RETURNS / F_SENT"
        self.assertEqual(measure.actual, 100 - 7.5)
        self.rate.formula = "F_RETURNS"
        self.assertEqual(measure.actual, 100 - 15)
        self.assertEqual(kept.leaf_ids, self.returns)

    def test_a_part_that_is_not_rolled_up(self):
        """Posts are counted for a unit as such: 15 returns by 5 posts are 3 each."""
        posts = self.make("F_POSTS", aggregation="last", rollup="none")
        each = self.make_formula("F_EACH", "F_RETURNS / F_POSTS")
        self.report()
        self.add_reading(posts, 5, self.department_sub)
        self.add_reading(posts, 1, self.colleague)
        self.assertEqual(self.measure(each, self.department_sub).actual, 3)
        self.assertEqual(self.measure(each, self.colleague).actual, 12)
        measure = self.measure(each, self.company)
        self.assertIsNone(measure.actual)
        self.assertIn("F_POSTS", measure.explanation)

    def test_dates_of_the_measure_hold_for_all_parts(self):
        self.report()  # on 15 March
        for indicator, value in ((self.returns, 30), (self.sent, 40)):
            self.add_reading(indicator, value, date=self.day(4))
        self.assertEqual(self.measure(self.rate).actual, 33)
        self.assertEqual(self.measure(self.rate, date_end=self.day(3, 31)).actual, 5)

    # ------------------------------------------------------------- no value

    def test_nothing_reported(self):
        measure = self.measure(self.rate)
        self.assertFalse(measure.has_actual)
        self.assertFalse(measure.derivation)
        self.assertIn("nothing has been reported in the period", measure.explanation)

    def test_a_missing_part_is_named(self):
        self.add_reading(self.returns, 0)
        measure = self.measure(self.rate)
        for name in ("actual", "achievement", "score"):
            self.assertIsNone(measure[name], name)
        self.assertFalse(measure.has_actual)
        self.assertEqual(measure.status, "no_value")
        self.assertIn("nothing has been reported for F_SENT", measure.explanation)
        self.assertNotIn("for F_RETURNS", measure.explanation)
        # 0 returns are a value
        self.add_reading(self.sent, 10)
        self.assertTrue(measure.has_actual)
        self.assertEqual(measure.actual, 0)

    def test_a_missing_part_of_a_nested_formula_is_named(self):
        """Nobody reports an inner formula: what it lacks is what people can report."""
        kept = self.make_formula("F_KEPT", "100 - F_RATE")
        self.add_reading(self.returns, 3)
        measure = self.measure(kept)
        self.assertIsNone(measure.actual)
        self.assertIn("nothing has been reported for F_SENT", measure.explanation)

    def test_division_by_zero_is_explained(self):
        kept = self.make_formula("F_KEPT", "100 - F_RATE")
        self.add_reading(self.returns, 3)
        self.add_reading(self.sent, 0)
        for indicator in (self.rate, kept):
            measure = self.measure(indicator)
            self.assertIsNone(measure.actual)
            self.assertIsNone(measure.score)
            self.assertIn("divide by 0", measure.explanation)
        self.assertIn("F_SENT = 0", self.measure(self.rate).explanation)

    def test_what_is_not_looked_at_may_be_missing_or_divide_by_zero(self):
        safe = self.make_formula("F_SAFE", "if(F_SENT > 0, F_RATE, F_RETURNS)")
        self.add_reading(self.sent, 0)
        measure = self.measure(safe)
        # the inner rate would divide by 0, but what lacks is the returns
        self.assertIn("nothing has been reported for F_RETURNS", measure.explanation)
        self.add_reading(self.returns, 4)
        self.assertEqual(measure.actual, 4)
        self.assertNotIn("divide by 0", measure.explanation)

    def test_too_large_for_a_number(self):
        power = self.make_formula("F_POWER", " * ".join(["F_SENT"] * 31))
        self.add_reading(self.sent, 1e10)
        measure = self.measure(power)
        self.assertIsNone(measure.actual)
        self.assertIn("no ordinary number", measure.explanation)

    def test_explanation(self):
        self.report()
        text = self.measure(self.rate, self.department_sub, target=10).explanation
        for words in (
            "Worked out by 100 * F_RETURNS / F_SENT",
            "F_RETURNS = 15",
            "F_SENT = 100",
            "Readings: 4, people or units: 2",
            "covered by 150.0 %",
            "120.0 points",  # the cap
        ):
            self.assertIn(words, text)

    # ------------------------------------------------------------- what moves it

    def test_a_reading_of_a_part_moves_the_goal(self):
        """10 % at 3 of 30, target 20: half-way; then 6 of 30: there."""
        above = self.make_goal(self.department_sub)
        goal = self.make_goal(None, (self.rate, 20), parent_id=above.id)
        first = self.add_reading(self.returns, 3)
        self.add_reading(self.sent, 30)
        self.assertEqual((goal.progress, goal.score, above.progress), (50, 50, 50))
        second = self.add_reading(self.returns, 3)
        self.assertEqual((goal.progress, above.progress), (100, 100))
        second.unlink()
        self.assertEqual(goal.progress, 50)
        first.write({"value": 1.5, "correction_reason": "Counted twice"})
        self.assertEqual((goal.progress, above.progress), (25, 25))

    def test_an_open_goal_follows_the_formula_and_its_parts(self):
        self.report()
        measure = self.measure(self.rate, self.department_sub)
        self.rate.formula = "F_RETURNS + F_SENT"
        self.assertEqual(measure.actual, 115)
        self.returns.rollup = "max"
        self.assertEqual(measure.actual, 12 + 100)
        self.rate.source = "manual"
        self.assertIsNone(measure.actual)
        self.assertFalse(self.rate.part_ids)
        self.assertEqual(measure.input_ids, self.rate)
        self.rate.source = "formula"
        self.assertEqual(measure.actual, 112)

    def test_an_agreed_goal_keeps_formula_and_parts_of_that_day(self):
        self.report()
        kept = self.make_formula("F_KEPT", "100 - F_RATE")
        goal = self.agree(self.make_goal(self.department_sub, (kept, 100)))
        measure = goal.measure_ids
        self.assertEqual(measure.actual, 85)
        self.returns.write({"rollup": "none", "aggregation": "min"})
        self.sent.write({"rollup": "max", "aggregation": "last"})
        self.rate.formula = "F_RETURNS"
        kept.write({"formula": "F_SENT", "scoring_rule": "binary"})
        self.env.flush_all()
        measure._mark_for_recomputation()
        self.assertEqual((measure.actual, measure.score), (85, 85))
        self.assertEqual(measure.input_ids, self.returns | self.sent)
        # another 5 of 100: 20 of 200, by the rule of that day
        self.add_reading(self.returns, 5, self.colleague)
        self.assertEqual(measure.actual, 80)
        self.add_reading(self.sent, 100)
        self.assertEqual(measure.actual, 90)
        # taken back, the goal follows the definition of today: the largest last F_SENT
        goal.action_request_change("The definition has changed")
        self.assertEqual(measure.actual, 100)

    def test_an_agreed_goal_keeps_what_was_not_rolled_up(self):
        posts = self.make("F_POSTS", rollup="none")
        double = self.make_formula("F_DOUBLE", "2 * F_POSTS")
        goal = self.agree(self.make_goal(self.department_sub, (double, 10)))
        self.add_reading(posts, 4, self.department_sub)
        posts.rollup = "sum"
        self.add_reading(posts, 1)
        self.assertEqual(goal.measure_ids.actual, 8)
        self.assertEqual(self.measure(double, self.department_sub).actual, 10)

    def test_a_part_that_only_agreed_goals_count_is_not_deleted(self):
        """Its formula has moved on, what was agreed has not."""
        total = self.make_formula("F_TOTAL", "F_RETURNS + F_SENT")
        goal = self.agree(self.make_goal(None, (total, 10)))
        self.rate.formula = "F_RETURNS"
        total.formula = "F_RETURNS"
        with self.refused("“The F_SENT”", "in use"):
            self.sent.unlink()
        self.add_reading(self.sent, 1)
        self.add_reading(self.returns, 1)
        self.assertEqual(goal.measure_ids.actual, 2)

    def test_an_archived_part_still_counts(self):
        self.report()
        self.returns.active = False
        self.assertEqual(self.measure(self.rate).actual, 5)
        self.assertEqual(self.rate.part_ids, self.returns | self.sent)
        self.rate.formula = "200 * F_RETURNS / F_SENT"
        self.assertEqual(self.measure(self.rate).actual, 10)
        goal = self.agree(self.make_goal(None, (self.rate, 10)))
        self.add_reading(self.sent, 60)
        self.assertEqual(goal.measure_ids.actual, 5)

    # ------------------------------------------------------------- queries

    def test_50_measures_cost_the_queries_of_5(self):
        kept = self.make_formula("F_KEPT", "100 - F_RATE")
        self.report()
        counts = []
        for count in (5, 50):
            measures = self.env["hr.performance.measure"].create(
                [
                    {
                        "goal_id": goal.id,
                        "indicator_id": indicator.id,
                        "target": 100,
                    }
                    for goal in self.env["hr.performance.goal"].create(
                        [
                            {
                                "name": f"Goal {number}",
                                "cycle_id": self.cycle.id,
                                "employee_id": self.employee.id,
                            }
                            for number in range(count)
                        ]
                    )
                    for indicator in (self.rate, kept)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            measures._mark_for_recomputation()
            self.assertEqual(set(measures.mapped("actual")), {5, 95})
            counts.append(self.env.cr.sql_log_count - before)
        # and the two that tell the planner of many
        self.assertLessEqual(counts[1] - counts[0], 2, counts)


@tagged("post_install", "-at_install")
class TestFormulaChecks(FormulaCommon):
    # ------------------------------------------------------------- codes

    def test_unknown_codes(self):
        with self.refused("“F_NEW”, “F_NO”", "“The F_X”", error=ValidationError):
            self.make_formula("F_X", "F_NEW + F_NO + F_SENT")
        with self.refused("“F_NO”", error=ValidationError):
            self.rate.formula = "F_RETURNS / F_NO"

    def test_capitals_count_in_codes(self):
        with self.refused("“f_sent”", error=ValidationError):
            self.rate.formula = "f_sent"

    def test_a_formula_has_to_be_written(self):
        for formula in (False, "", "   "):
            with self.refused("write its formula", "“The F_X”", error=ValidationError):
                self.make_formula("F_X", formula)
        with self.refused("write its formula", error=ValidationError):
            self.sent.source = "formula"

    def test_a_formula_names_indicators(self):
        """A figure that nobody reports anything for would never be "no value"."""
        for formula in ("5", "2 * 3", "if(1 > 0, 1, 0)"):
            with self.refused("names no indicator", error=ValidationError):
                self.make_formula("F_X", formula)

    def test_formulas_that_double_and_double(self):
        """Two over the two before: 2 · 2ⁿ figures. 200 are enough for anybody."""
        one, other = "F_SENT", "F_RETURNS"
        with self.refused("Take parts out", error=ValidationError):
            for number in range(20):
                formulas = (f"{one} + {other}", f"{one} * {other}")
                one, other = (
                    self.make_formula(f"F_{name}{number}", formula).code
                    for name, formula in zip("AB", formulas, strict=True)
                )
        # a long chain made at once, and one that grows at its lower end
        chain = ["F_SENT", *(f"F_C{number}" for number in range(500))]
        with self.refused("Take parts out", error=ValidationError):
            self.env["hr.performance.indicator"].create(
                [
                    {"name": code, "code": code, "source": "formula", "formula": below}
                    for below, code in pairwise(chain)
                ]
            )

    def test_circles(self):
        with self.refused("in a circle", "The F_RATE", error=ValidationError):
            self.rate.formula = "F_RATE + F_SENT"
        with self.refused("in a circle", error=ValidationError):
            self.make_formula("F_SELF", "F_SELF")
        kept = self.make_formula("F_KEPT", "100 - F_RATE")
        self.make_formula("F_TOP", "F_KEPT * 2")
        words = ("in a circle", "The F_RATE", "The F_KEPT", "The F_TOP")
        with self.refused(*words, error=ValidationError):
            self.rate.formula = "F_TOP / F_SENT"
        with self.refused("in a circle", error=ValidationError):
            self.sent.write({"source": "formula", "formula": "F_KEPT"})
        # on a goal, and with all that is counted asked for at once
        measure = self.measure(kept)
        with self.refused("in a circle", error=ValidationError):
            self.rate.write(
                {"formula": "F_TOP", "scoring_rule": "ratio", "direction": "lower"}
            )
        self.env.invalidate_all()
        self.assertEqual(measure.input_ids, self.returns | self.sent)

    def test_a_circle_of_formulas_written_together(self):
        """One write on both: each names the other's code."""
        one = self.make("F_ONE")
        other = self.make_formula("F_OTHER", "F_ONE")
        with self.refused("in a circle", error=ValidationError):
            (one | other).write({"source": "formula", "formula": "F_OTHER"})

    def test_a_part_keeps_its_code(self):
        with self.refused("“The F_RATE”", "“The F_SENT”", error=ValidationError):
            self.sent.code = "F_DELIVERED"
        with self.refused("“The F_RATE”", error=ValidationError):
            self.sent.code = False
        self.rate.formula = "F_RETURNS"
        self.sent.code = "F_DELIVERED"
        self.assertEqual(self.sent.code, "F_DELIVERED")

    def test_a_part_is_not_deleted(self):
        with self.refused("“The F_SENT”", "“The F_RATE”"):
            self.sent.unlink()
        # with the formula it goes
        (self.rate | self.sent | self.returns).unlink()
        self.assertFalse(self.sent.exists())

    # ------------------------------------------------------------- companies

    def test_companies(self):
        """A shared formula names shared codes; that of a company, its own too."""
        with self.refused("another company", "“The F_RATE”", error=ValidationError):
            self.sent.company_id = self.company
        own = self.make("F_OWN", company_id=self.company.id)
        theirs = self.make("F_OWN", company_id=self.company_2.id)
        with self.refused("“F_OWN”", error=ValidationError):
            self.make_formula("F_SHARED", "F_OWN + F_SENT")
        mine = self.make_formula("F_MINE", "F_OWN + F_SENT", company_id=self.company.id)
        self.assertEqual(mine.part_ids, own | self.sent)
        with self.refused("“F_OWN”", error=ValidationError):
            mine.company_id = False
        mine.company_id = self.company_2
        self.assertEqual(mine.part_ids, theirs | self.sent)
        mine.company_id = self.company
        self.add_reading(own, 1)
        self.add_reading(theirs, 100, self.other_employee)
        self.add_reading(self.sent, 10)
        self.assertEqual(self.measure(mine).actual, 11)

    def test_codes_of_others_are_unknown(self):
        self.make("F_THEIRS", company_id=self.company_2.id)
        officer = self.as_(self.env["hr.performance.indicator"], "officer")
        with self.refused("“F_THEIRS”", error=ValidationError):
            officer.create(
                {
                    "name": "Curious",
                    "source": "formula",
                    "formula": "F_THEIRS",
                    "company_id": self.company.id,
                }
            )

    def test_a_code_that_no_formula_could_name_is_refused(self):
        for code in ('A"B', "A'B", "A B", "1A", "A-B", "A.B", "_A", "A²", "and", ""):
            with self.subTest(code):
                if code:
                    with self.refused("“The", "code", error=ValidationError):
                        self.make(code)
                else:
                    self.assertFalse(self.make(code).code)
        for code in ("Ærlig_1", "销售额", "min", "a"):
            self.assertEqual(self.make(code).code, code)


#: texts that are anything but arithmetic over codes
HOSTILE = {
    "attribute access": "F_SENT.env",
    "attribute of a number": "(1).__class__",
    "dunder": "__import__",
    "call": "__import__('os').system('true')",
    "another function": "open(F_SENT)",
    "quotes": "'F_SENT'",
    "double quotes": '"F_SENT"',
    "backticks": "`F_SENT`",
    "a code with quotes": 'F_"SENT"; DROP TABLE res_users; --',
    "subscript": "F_SENT[0]",
    "lambda": "(lambda: 1)()",
    "comprehension": "[1 for x in F_SENT]",
    "power": "9**9**9**9",
    "walrus": "(a := 1)",
    "format": "{F_SENT}",
    "percent": "%(F_SENT)s",
    "line break": "F_SENT\nimport os",
    "null character": "F_SENT \x01",
    "superscript": "F_SENT²",
    "statement": "F_SENT; F_SENT",
    "infinity": "1e999",
    "nesting": "(" * 10_000 + "F_SENT" + ")" * 10_000,
    "open nesting": "(" * 1_900,
    "signs": "-" * 1_900 + "F_SENT",
    "nots": "if(" + "not " * 400 + "F_SENT > 1, 1, 2)",
    "functions": "abs(" * 400 + "1" + ")" * 400,
    "a million characters": "F_SENT+" * 142_857 + "1",
    "a million spaces": " " * 1_000_000 + "F_SENT",
    "a million digits": "9" * 1_000_000,
    "arguments": "round(F_SENT, F_SENT)",
    "condition": "F_SENT > 1",
    "nothing after the sign": "F_SENT +",
}


@tagged("post_install", "-at_install")
class TestHostileFormulas(FormulaCommon, RpcCommon):
    def test_through_the_orm(self):
        before = self.env["hr.performance.indicator"].search_count([])
        for name, text in HOSTILE.items():
            with self.subTest(name):
                with self.refused("“The F_HOSTILE”", error=ValidationError):
                    self.make_formula("F_HOSTILE", text)
                with self.refused("“The F_RATE”", error=ValidationError):
                    self.rate.formula = text
        self.env.invalidate_all()
        self.assertEqual(self.env["hr.performance.indicator"].search_count([]), before)
        self.assertEqual(self.rate.formula, "100 * F_RETURNS / F_SENT")

    def test_over_rpc(self):
        Indicator = self.env["hr.performance.indicator"]
        before = Indicator.search_count([])
        for name, text in HOSTILE.items():
            values = {"name": "Hostile", "source": "formula", "formula": text}
            with self.subTest(name):
                for records, method, args in (
                    (Indicator, "create", [values]),
                    (self.rate, "write", [{"formula": text}]),
                ):
                    with self.assertRaises(Refused) as caught:
                        self.rpc("officer", records, method, *args)
                    self.assertEqual(
                        caught.exception.name, "odoo.exceptions.ValidationError"
                    )
        self.assertEqual(Indicator.search_count([]), before)
        self.assertEqual(self.rate.formula, "100 * F_RETURNS / F_SENT")

    def test_a_form_that_is_not_saved_survives_them(self):
        for name, text in HOSTILE.items():
            with self.subTest(name):
                self.rpc(
                    "officer",
                    self.rate,
                    "onchange",
                    {"formula": text},
                    ["formula"],
                    {"formula": {}, "part_ids": {}, "preview": {}},
                )

    def test_only_officers_write_formulas(self):
        for who in ("employee", "manager", "director"):
            self.assertRefused(who, self.rate, "write", {"formula": "F_SENT"})
            self.assertRefused(
                who,
                self.rate.browse(),
                "create",
                {"name": "Mine", "source": "formula", "formula": "F_SENT"},
            )

    def test_a_code_with_quotes(self):
        for code in ('F"SENT', "F'); DROP TABLE res_users; --", "F SENT"):
            self.assertRefused("officer", self.sent, "write", {"code": code})
            self.assertRefused(
                "officer", self.sent.browse(), "create", {"name": "X", "code": code}
            )

    def test_a_circle(self):
        self.assertRefused("officer", self.rate, "write", {"formula": "F_RATE"})
        self.assertRefused(
            "officer",
            self.sent,
            "write",
            {"source": "formula", "formula": "F_RATE"},
        )

    def test_counts_are_not_typed_in(self):
        for values in (
            {"part_ids": [Command.link(self.sent.id)]},
            {"leaf_ids": [Command.clear()]},
            {"used_in_ids": [Command.link(self.sent.id)]},
            {"version": 7},
        ):
            self.assertRefused("administrator", self.rate, "write", values)
