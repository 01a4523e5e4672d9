"""What people try with values, definitions and queries who know the API.

Nothing is guessed from answers, typed past the checks, or made to run for minutes.
"""

import hashlib
from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import OFFICER
from .rpc import Refused, RpcCommon


class IndicatorAttacks(RpcCommon):
    def row(self, **values):
        return {
            "indicator": "T_SUM",
            "employee": self.colleague.id,
            "date": str(self.day(3)),
            "value": 7,
        } | values

    def readings(self):
        return self.env["hr.performance.reading"]


@tagged("post_install", "-at_install")
class TestRows(IndicatorAttacks):
    """Rows of the API, of files and of the grid."""

    def outcome(self, who, rows, **kwargs):
        """What the server answers, or the name and the words of its refusal."""
        readings = self.as_(self.readings(), who)
        try:
            with self.env.cr.savepoint():
                return readings.upsert(rows, **kwargs)
        except Exception as error:
            return type(error).__name__, str(error)

    def test_no_value_is_guessed(self):
        """Right, wrong or not there at all: the answer about another's day is the same."""
        self.add_reading(self.ind_sum, 7, self.colleague)
        closed = self.make_cycle(
            "Before",
            date_start=date(self.year - 1, 1, 1),
            date_end=date(self.year - 1, 12, 31),
        )
        then = date(self.year - 1, 3, 1)
        self.add_reading(self.ind_sum, 7, self.colleague, date=then)
        twice = self.day(5)
        for _number in range(2):
            self.add_reading(self.ind_sum, 7, self.colleague, date=twice)
        closed.action_close()
        answers = {
            self.outcome("employee", [self.row(**values)])
            for values in (
                {},
                {"value": 8},
                {"date": str(self.day(4))},
                {"date": str(twice)},
                {"date": str(then)},
                {"date": str(then), "value": 8},
                {"date": str(date(self.year - 1, 4, 1))},
            )
        }
        self.assertEqual({name for name, _words in answers}, {"AccessError"})
        self.assertEqual(len(answers), 1, answers)
        self.assertRefused("employee", self.readings(), "upsert", [self.row()])
        # and not through the table or a file either
        cells = [
            {
                "row": {"employee": self.colleague.id},
                "date": str(self.day(3)),
                "value": 7,
            }
        ]
        saved = self.rpc(
            "employee",
            self.readings(),
            "grid_save",
            self.ind_sum.id,
            self.cycle.id,
            {"kind": "team"},
            cells,
        )
        self.assertIn("errors", saved)
        loaded = self.rpc(
            "employee",
            self.readings(),
            "load",
            ["indicator_id", "employee_id", "date", "value"],
            [["T_SUM", "Colleague", str(self.day(3)), "7"]],
        )
        self.assertFalse(loaded["ids"])

    def test_a_rate_that_is_no_number(self):
        """What follows from the numbers is checked like the numbers."""
        tiny = {"numerator": 1e15, "denominator": 1e-300}
        row = self.row(indicator="T_AVG", employee=self.employee.id, **tiny)
        del row["value"]
        name, words = self.outcome("employee", [row])
        self.assertEqual(name, "ValidationError", words)
        self.assertIn("Line 1, ", words)
        self.assertFalse(self.readings().search([]))

    def test_defaults_say_nothing(self):
        """A default of the context or of the user is no way past the checks."""
        row = self.row(employee=self.employee.id)
        for context in (
            {"default_weight": -5},
            {"default_weight": "many"},
            {"default_id": 5},
            {"default_job_id": self.job_2.id, "default_source": "odoo"},
        ):
            with self.subTest(context=context):
                saved = self.rpc(
                    "employee", self.readings(), "upsert", [row], context=context
                )
                reading = self.readings().browse(saved["ids"])
                self.assertEqual((reading.weight, reading.source), (1, "api"))
                self.assertEqual(reading.job_id, self.job)
                reading.unlink()
        self.env["ir.default"].set(
            "hr.performance.reading", "weight", -5, user_id=self.employee_user.id
        )
        name, words = self.outcome("employee", [row])
        self.assertEqual(name, "ValidationError", words)

    def test_rubbish_names_nobody(self):
        """What names nothing is not taken for whoever lacks an address or a code."""
        self.employee.work_email = False
        nameless = self.env["hr.performance.indicator"].create({"name": "No code"})
        nameless.action_activate()
        good = self.row(employee=self.employee.id, indicator="No code")
        for values in (
            {"employee": [1]},
            {"employee": {"id": self.employee.id}},
            {"employee": "   "},
            {"employee": 0},
            {"employee": True},
            {"employee": 1.5},
            {"employee": "x" * 10**6},
            {"indicator": 0},
            {"indicator": [nameless.id]},
            {"indicator": {}},
            {"indicator": 10**30},
            {"department": [[]], "employee": None},
            {"company": [self.company.id]},
            {"company": 0},
            {"date": [2026]},
            {"date": {}},
            {"date": 20260101},
            {"value": [5]},
            {"value": "5"},
            {"value": True},
            {"value": 10**400},
            {"value": 1e308},
            {"value": float("inf")},
            {"weight": {}},
            {"nonsense": 1},
            {"id": 5},
            {"source": "odoo"},
        ):
            with self.subTest(values=str(values)[:60]):
                row = good | {"date": str(self.day(4))} | values
                name, words = self.outcome("officer", [good, row])
                self.assertEqual(name, "ValidationError", words[:500])
                self.assertIn("Line 2, ", words)
                self.assertLess(len(words), 1000)
        for rows in ("rows", {"a": 1}, [[1]], ["row"], [None], 5):
            with self.subTest(rows=rows):
                self.assertEqual(self.outcome("officer", rows)[0], "ValidationError")
        for reason in (5, ["because"], {"a": 1}, True):
            self.outcome("officer", [good])
            with self.subTest(reason=reason):
                name, _words = self.outcome(
                    "officer", [good | {"value": 8}], reason=reason
                )
                self.assertIn(name, ("ValidationError", "UserError"))

    def test_days_nobody_lives_in(self):
        """A day of another millennium would stop whatever reckons with it."""
        for day in ("0001-01-01", "9999-12-31"):
            with self.subTest(day=day):
                row = self.row(employee=self.employee.id, date=day)
                self.assertEqual(self.outcome("employee", [row])[0], "ValidationError")
                values = {
                    "indicator_id": self.ind_sum.id,
                    "employee_id": self.employee.id,
                    "value": 1,
                    "date": day,
                }
                self.assertRefused("employee", self.readings(), "create", values)
        reading = self.add_reading(self.ind_sum, 1)
        change = {"date": "9999-12-31", "correction_reason": "Because"}
        self.assertRefused("employee", reading, "write", change)

    def test_rubbish_in_a_file(self):
        columns = ["indicator_id", "employee_id", "date", "value"]
        good = ["T_SUM", "Employee", str(self.day(3)), "7"]
        readings = self.as_(self.readings(), "officer")
        for bad in (
            [*good[:3], [7]],
            [*good[:3], {"a": 1}],
            [*good[:3], 10**400],
            [*good[:3], True],
            [*good[:3], "nan"],
            ["T_SUM", ["Employee"], *good[2:]],
            good[:3],
            [*good, "more"],
            "T_SUM",
            None,
        ):
            with self.subTest(bad=str(bad)[:60]):
                loaded = readings.load(columns, [good, bad])
                self.assertFalse(loaded["ids"])
                self.assertEqual(
                    {message["record"] for message in loaded["messages"]}, {1}
                )
        loaded = readings.load(columns, [[*good[:3], 0]])
        self.assertEqual(self.readings().browse(loaded["ids"]).value, 0)

    def test_rubbish_in_the_table(self):
        team = {"kind": "team"}
        cell = {"row": {"employee": self.employee.id}, "date": str(self.day(3))}
        cells = [cell | {"value": 1}]
        ids = self.ind_sum.id, self.cycle.id
        for args in (
            ("x", self.cycle.id, team, cells),
            ([1, 2], self.cycle.id, team, cells),
            (self.ind_sum.id, "x", team, cells),
            (self.ind_sum.id, [self.cycle.id, self.cycle_2.id], team, cells),
            (self.ind_sum.id, {}, team, cells),
            (*ids, "team", cells),
            (*ids, {"kind": ["team"]}, cells),
            (*ids, {"kind": "people", "department_id": [["x"]]}, cells),
            (*ids, team, "cells"),
            (*ids, team, [1]),
            (*ids, team, [None]),
            (*ids, team, [{"row": [1]}]),
            (*ids, team, 5),
        ):
            with self.subTest(args=str(args)[:100]):
                try:
                    saved = self.rpc("manager", self.readings(), "grid_save", *args)
                except Refused:
                    continue
                self.assertIn("errors", saved)
        for args in (("x",), ([[1]],), (False, "x"), (False, {"a": []})):
            with self.subTest(args=args):
                self.rpc("manager", self.readings(), "grid", *args)
        for holders in (
            "team",
            [1],
            {"kind": {}},
            {"kind": "people", "department_id": "x"},
        ):
            with self.subTest(holders=holders):
                self.assertRefused(
                    "manager", self.readings(), "grid", False, False, holders
                )
        self.assertFalse(self.readings().search([]))

    def test_a_supplier_supplies_one_indicator(self):
        self.ind_sum.supplier_id = self.employee
        mine = self.add_reading(self.ind_sum, 1, self.colleague)
        other = self.add_reading(self.ind_last, 1, self.colleague)
        far = self.add_reading(self.ind_sum, 1, self.other_employee)
        because = {"correction_reason": "Because"}
        self.rpc("employee", mine, "write", {"value": 2} | because)
        for reading, values in (
            (mine, {"indicator_id": self.ind_last.id}),
            (mine, {"company_id": self.company_2.id}),
            (other, {"indicator_id": self.ind_sum.id}),
            (other, {"value": 2}),
            (far, {"value": 2}),
        ):
            with self.subTest(reading=reading, values=values):
                self.assertRefused("employee", reading, "write", values | because)
        self.assertRefused("employee", mine, "unlink")
        self.assertRefused(
            "employee", self.ind_sum, "write", {"supplier_id": self.colleague.id}
        )


@tagged("post_install", "-at_install")
class TestDefinitions(IndicatorAttacks):
    """Indicators, as officers write them."""

    def test_formulas_do_not_explode(self):
        """Each formula is short; what they come to, written out, is not."""
        indicators = self.as_(self.env["hr.performance.indicator"], "officer")
        level = indicators.create(
            [{"name": f"0 {side}", "code": f"L0{side}"} for side in "AB"]
        )
        with self.refused("Take parts out"):
            for number in range(1, 40):
                codes = level.mapped("code")
                level = indicators.create(
                    [
                        {
                            "name": f"{number} {side}",
                            "code": f"L{number}{side}",
                            "source": "formula",
                            "formula": " + ".join(codes),
                        }
                        for side in "AB"
                    ]
                )

    def test_a_formula_is_not_lengthened_from_below(self):
        indicators = self.as_(self.env["hr.performance.indicator"], "officer")

        def chain(letter, below):
            code = below
            found = indicators
            for number in range(30):
                found |= indicators.create(
                    {
                        "name": f"{letter}{number}",
                        "code": f"{letter}{number}",
                        "source": "formula",
                        "formula": code,
                    }
                )
                code = f"{letter}{number}"
            return found

        chain("P", "T_SUM")
        upper = chain("Q", "T_SUM")
        with self.refused("Take parts out"):
            upper[:1].formula = "P29"

    def test_long_texts(self):
        indicators = self.env["hr.performance.indicator"]
        # what does not compress does not fit into an index
        digits = (hashlib.sha256(b"%d" % n).hexdigest() for n in range(200))
        code = "A" + "".join(digits)
        long = "x" * 10**6
        for values in (
            {"code": code},
            {"code": code[:2000]},
            {"code": long},
            {"source": "formula", "formula": long},
            {"source": "formula", "formula": "(" * 10**6},
        ):
            with self.subTest(values=str(values)[:50]):
                self.assertRefused(
                    "officer", indicators, "create", {"name": "Long"} | values
                )

    def test_factor(self):
        for factor in (0, -1, 1e308):
            with self.subTest(factor=factor):
                self.assertRefused(
                    "officer", self.ind_average, "write", {"rate_factor": factor}
                )

    def test_a_shared_definition_is_not_taken_away(self):
        """Nobody takes for one company what another one's values are of."""
        self.add_reading(
            self.ind_sum, 1, self.other_employee, company_id=self.company_2.id
        )
        self.assertRefused(
            "officer", self.ind_sum, "write", {"company_id": self.company.id}
        )
        self.assertFalse(self.ind_sum.company_id)

    def test_links_across_companies(self):
        mine, theirs = self.env["hr.performance.indicator"].create(
            [
                {"name": "Mine", "code": "MINE", "company_id": self.company.id},
                {"name": "Theirs", "code": "THEIRS", "company_id": self.company_2.id},
            ]
        )
        for values in (
            {"driver_ids": [Command.link(theirs.id)]},
            {"driven_ids": [Command.link(theirs.id)]},
            {"counter_id": theirs.id},
            {"source": "formula", "formula": "2 * THEIRS"},
            {"company_id": self.company_2.id},
        ):
            for indicator in (mine, self.ind_sum):
                with self.subTest(values=values, indicator=indicator.name):
                    self.assertRefused("officer", indicator, "write", values)
        self.assertRefused("officer", theirs, "write", {"name": "Mine now"})
        # whose code it is, is not said to those who may not see it
        shared = {"name": "Shared", "code": "THEIRS"}
        with self.refused("THEIRS"):
            self.as_(mine.browse(), "officer").create(shared)

    def test_the_name_of_a_hidden_definition_is_not_told(self):
        indicators = self.env["hr.performance.indicator"]
        indicators.create(
            {"name": "Secret plan", "code": "PLAN_X", "company_id": self.company_2.id}
        )
        try:
            self.as_(indicators, "officer").create({"name": "New", "code": "PLAN_X"})
        except ValidationError as error:
            self.assertNotIn("Secret plan", str(error))
            self.assertIn("PLAN_X", str(error))
        else:
            self.fail("it was not refused")

    def test_the_rights_of_another_are_not_turned_elsewhere(self):
        """Whoever changes what a query tells runs it with rights of their own."""
        new_test_user(
            self.env,
            login="perf_private",
            groups=f"base.group_user,{OFFICER},hr.group_hr_user",
            company_id=self.company.id,
            company_ids=[Command.set((self.company | self.company_2).ids)],
        )
        private = self.env["res.users"].search([("login", "=", "perf_private")])
        query = self.as_(self.env["hr.performance.indicator"], private).create(
            {
                "name": "Contracts",
                "company_id": self.company.id,
                "frequency": "year",
                "source": "odoo",
                "query_model": "hr.version",
                "query_operation": "count",
                "query_date_field": "date_version",
                "query_holder": "employee",
                "query_holder_path": "employee_id",
            }
        )
        query.action_activate()
        for values in ({"frequency": "day"}, {"company_id": False}):
            with self.subTest(values=values):
                self.assertRefused("officer", query, "write", values)
        self.rpc("officer", query, "write", {"name": "All contracts"})
        self.assertEqual(query.query_author_id, private)

    def test_judgements_are_not_measured(self):
        """Talk never rates anybody, and results do not become values again."""
        query = {
            "name": "Talk",
            "company_id": self.company.id,
            "frequency": "month",
            "source": "odoo",
            "query_operation": "count",
            "query_date_field": "create_date",
            "query_holder": "employee",
            "query_holder_path": "employee_id",
        }
        indicators = self.env["hr.performance.indicator"]
        for model, domain in (
            ("goal", "[('progress', '>', 50)]"),
            ("goal", "[('score', '>', 50)]"),
            ("goal", "[('health', '=', 'off_track')]"),
            ("goal", "[('parent_id.score', '>', 50)]"),
            ("goal", "[('checkin_ids.confidence', '>', 5)]"),
            ("goal", "[('checkin_ids', 'any', [('own_health', '=', 'done')])]"),
            ("checkin", "[('confidence', '>', 5)]"),
            ("checkin", "[('own_health', '!=', False)]"),
            ("checkin", "[('assessment', 'ilike', 'x')]"),
            ("checkin", "[('blockers', '!=', False)]"),
            ("checkin", "[('progress', '>', 5)]"),
        ):
            with self.subTest(model=model, domain=domain):
                values = query | {
                    "query_model": f"hr.performance.{model}",
                    "query_domain": domain,
                }
                self.assertRefused("officer", indicators, "create", values)
        for model, domain in (
            ("goal", "[('state', '=', 'agreed')]"),
            ("checkin", "[('state', '!=', 'draft')]"),
        ):
            self.rpc(
                "officer",
                indicators,
                "create",
                query
                | {"query_model": f"hr.performance.{model}", "query_domain": domain},
            )

    def test_refreshes_are_bounded(self):
        self.company.partner_id.tz = "Asia/Tokyo"
        query = self.as_(self.env["hr.performance.indicator"], "officer").create(
            {
                "name": "Partners",
                "company_id": self.company.id,
                "frequency": "day",
                "source": "odoo",
                "query_model": "res.partner",
                "query_operation": "count",
                "query_date_field": "create_date",
                "query_holder": "user",
                "query_holder_path": "user_id",
            }
        )
        query.action_activate()
        for args in (
            ("0001-01-01", "0003-01-01"),
            ("0001-01-01", "9999-12-31"),
            ("9990-01-01", "9999-12-31"),
            (5,),
            ([1],),
            ({},),
            (True,),
            (False, "0001-01-01"),
            ("2020-01-01 00:00:00" * 99,),
        ):
            with self.subTest(args=str(args)[:60]):
                try:
                    self.rpc("officer", query, "action_refresh", *args)
                except Refused:
                    continue

    def test_a_trial_shows_the_own_company_alone(self):
        """A shared query runs with the companies of its author, whoever tries it."""
        shared = {
            "name": "Partners",
            "frequency": "month",
            "source": "odoo",
            "query_model": "res.partner",
            "query_operation": "count",
            "query_date_field": "create_date",
            "query_holder": "user",
            "query_holder_path": "user_id",
        }
        indicators = self.env["hr.performance.indicator"]
        query = self.as_(indicators, "officer").create(shared)
        query.action_activate()
        self.env["res.partner"].create(
            {"name": "A customer", "user_id": self.employee_user.id}
        )
        for who, seen in (("officer", True), ("other_officer", False)):
            with self.subTest(who=who):
                form = self.rpc(
                    who,
                    self.env["hr.performance.indicator.refresh"],
                    "onchange",
                    [],
                    {},
                    [],
                    {"indicator_id": {}, "date_from": {}, "date_to": {}, "trial": {}},
                    context={"default_indicator_id": query.id},
                )
                self.assertEqual("Employee" in form["value"]["trial"], seen)

    def test_records_that_do_not_fit_any_more(self):
        """What came with data was checked by nobody yet."""
        broken = self.env["hr.performance.indicator"].create(
            {
                "name": "Broken",
                "frequency": "month",
                "source": "odoo",
                "query_model": "res.partner",
                "query_date_field": "no_date",
                "query_holder": "user",
                "query_holder_path": "user_id",
            }
        )
        self.assertRefused("employee", broken, "action_drill_down")
        self.assertRefused("officer", broken, "action_refresh")

    def test_a_cycle_is_no_eternity(self):
        cycles = self.env["hr.performance.cycle"]
        values = {"name": "For ever", "company_id": self.company.id}
        for first, last in (
            ("0001-01-01", "9999-12-31"),
            ("0001-01-01", "0001-12-31"),
            ("9999-01-01", "9999-12-31"),
        ):
            with self.subTest(first=first):
                self.assertRefused(
                    "officer",
                    cycles,
                    "create",
                    values
                    | {"period_type": "other", "date_start": first, "date_end": last},
                )


@tagged("post_install", "-at_install")
class TestOfOthers(IndicatorAttacks):
    """What a measure shows to those who may not read the readings behind it."""

    def test_a_public_goal_shows_no_single_values(self):
        """The result of a colleague's public goal is public, its single readings are not."""
        goal = self.make_goal(
            self.colleague, (self.ind_sum, 100), visibility="everyone"
        )
        for month in (1, 2, 3):
            self.add_reading(
                self.ind_sum, 7000 + month, self.colleague, date=self.day(month)
            )
        for who, seen in (("employee", False), ("manager", True), ("colleague", True)):
            with self.subTest(who=who):
                (read,) = self.rpc(who, goal.measure_ids, "read", ["actual", "trend"])
                self.assertEqual(read["actual"], 21006)
                self.assertEqual(bool(read["trend"]), seen)

    def test_a_unit_of_one_shows_no_single_values(self):
        """Nor are they found in the development of a unit in which one person reports."""
        goal = self.make_goal(self.department_sub, (self.ind_sum, 100))
        for month in (1, 2, 3):
            self.add_reading(self.ind_sum, 1, self.colleague, date=self.day(month))

        def sees(who):
            return bool(self.rpc(who, goal.measure_ids, "read", ["trend"])[0]["trend"])

        self.assertFalse(sees("employee"))
        self.assertTrue(sees("manager"))
        self.assertTrue(sees("officer"))
        for month in (1, 2, 3):
            self.add_reading(self.ind_sum, 1, date=self.day(month))
        self.assertTrue(sees("employee"))

    def test_an_unsaved_reading_tells_no_positions(self):
        """Where somebody will work next year is known to who enters their values."""
        next_year = date(self.year + 1, 1, 1)
        self.env["hr.version"].create(
            {
                "employee_id": self.colleague.id,
                "date_version": next_year,
                "department_id": self.department_sibling.id,
                "job_id": self.job_2.id,
            }
        )
        values = {"employee_id": self.colleague.id, "date": str(next_year)}
        spec = {"department_id": {}, "job_id": {}}
        for who, seen in (
            ("employee", False),
            ("other_officer", False),
            ("manager", True),
            ("officer", True),
            ("colleague", True),
        ):
            with self.subTest(who=who):
                value = self.rpc(
                    who,
                    self.readings(),
                    "onchange",
                    [],
                    values,
                    list(values),
                    {"employee_id": {}, "date": {}} | spec,
                )["value"]
                self.assertEqual(value.get("job_id") == self.job_2.id, seen)
                found = value.get("department_id") == self.department_sibling.id
                self.assertEqual(found, seen)

    def test_allowed_and_forbidden_together(self):
        """One forbidden record among others, and none of them moves."""
        own = self.agree(self.make_goal(self.manager, (self.ind_sum, 10)))
        report = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        changes = self.env["hr.performance.target.change"]
        for goal in (own, report):
            changes |= changes.with_user(goal.responsible_id.user_id).create(
                {
                    "measure_id": goal.measure_ids.id,
                    "target": 5,
                    "date_from": self.day(7),
                    "reason": "The world has changed",
                }
            )
        changes = changes.sudo()
        steps = self.ind_sum.copy({"scoring_rule": "milestones", "name": "Steps"})
        steps.action_activate()
        projects = self.make_goal(None, (steps, 0))
        projects |= self.make_goal(self.colleague, (steps, 0), visibility="everyone")
        milestones = self.env["hr.performance.milestone"].create(
            [
                {"name": "One", "measure_id": measure.id}
                for measure in projects.measure_ids
            ]
        )
        self.agree(projects)
        self.assertRefused("manager", changes, "action_approve")
        self.assertRefused("manager", changes, "action_refuse", "Because")
        self.assertRefused("employee", milestones, "action_reach")
        self.assertRefused("employee", milestones, "action_take_back")
        self.assertEqual(set(changes.mapped("state")), {"requested"})
        self.assertEqual(set(milestones.mapped("date_reached")), {False})
        self.cycle.action_close()
        self.assertRefused("manager", changes[1], "action_approve")
        self.assertRefused("employee", milestones[0], "action_reach")

    def test_rubbish_in_steps(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        steps = self.ind_sum.copy({"scoring_rule": "milestones", "name": "Steps"})
        judged = self.ind_sum.copy({"scoring_rule": "manual", "name": "Judged"})
        (steps | judged).action_activate()
        project = self.make_goal(None, (steps, 0), (judged, 0))
        milestone = self.env["hr.performance.milestone"].create(
            {"name": "One", "measure_id": project.measure_ids[0].id}
        )
        self.agree(project)
        measure = project.measure_ids[1]
        for day in ("soon", 5, [1], True, "9999-12-31", "0001-01-01"):
            with self.subTest(day=day):
                self.assertRefused("employee", milestone, "action_reach", day)
        for reason in (5, ["x"], {"a": 1}, True, "  ", None):
            with self.subTest(reason=reason):
                self.assertRefused("manager", measure, "action_judge", 50, reason)
                self.assertRefused("manager", goal, "action_request_change", reason)
        for points in ("50", None, [], {}, 10**400):
            with self.subTest(points=str(points)[:30]):
                self.assertRefused(
                    "manager", measure, "action_judge", points, "Because"
                )
        for who in ("employee", "colleague", "other_officer"):
            with self.subTest(who=who):
                self.assertRefused(who, measure, "action_judge", 50, "Because")
        dialogs = self.env["hr.performance.reason"]
        for res_ids in ("x", {"a": 1}, [[1]], ["x"], 5, True, [None], [False], []):
            with self.subTest(res_ids=res_ids):
                values = {
                    "res_model": "hr.performance.goal",
                    "res_ids": res_ids,
                    "step": "action_request_change",
                    "reason": "Because",
                }
                with self.assertRaises(Refused):
                    dialog = dialogs.browse(
                        self.rpc("employee", dialogs, "create", values)
                    )
                    self.rpc("employee", dialog, "action_confirm")
        self.assertEqual(goal.state, "agreed")

    def test_nothing_left_empty(self):
        """What is required is asked for, and not reckoned with."""
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        open_goal = self.make_goal(None, (self.ind_sum, 10))
        change = (
            self.env["hr.performance.target.change"]
            .with_user(self.employee_user)
            .create(
                {
                    "measure_id": goal.measure_ids.id,
                    "target": 5,
                    "date_from": self.day(7),
                    "reason": "The world has changed",
                }
            )
            .sudo()
        )
        reading = self.add_reading(self.ind_sum, 5)
        cases = [
            ("employee", change, {"measure_id": False}),
            ("employee", change, {"date_from": False}),
            ("employee", change, {"reason": 5}),
            ("employee", change, {"target": 1e308}),
            ("employee", reading, {"date": False, "correction_reason": "Because"}),
            ("employee", reading, {"indicator_id": False, "correction_reason": "x"}),
            ("employee", reading, {"value": 6, "correction_reason": 5}),
            ("employee", reading, {"value": 6, "correction_reason": ["x"]}),
            ("employee", open_goal.measure_ids, {"date_start": False}),
            ("employee", open_goal.measure_ids, {"goal_id": False}),
            ("employee", open_goal.measure_ids, {"indicator_id": False}),
            ("officer", self.ind_sum, {"measure_ids": [Command.clear()]}),
            ("officer", self.ind_sum, {"reading_ids": [Command.clear()]}),
            ("officer", self.cycle, {"date_start": False}),
        ]
        for who, record, values in cases:
            with self.subTest(record=record, values=values):
                self.assertRefused(who, record, "write", values)
