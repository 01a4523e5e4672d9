"""Every bad input is refused: by name, with the way out, and nothing half-saved.

Each case is tried twice by the same user: through the ORM, and over real HTTP as a
browser or an API client would.
"""

import json
from datetime import date
from typing import Any, NamedTuple

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import OFFICER, PerformanceCommon


class Case(NamedTuple):
    """A call to be refused with ``error``, in a message that has all ``words``."""

    label: str
    by: str
    model: str
    method: str
    args: tuple[Any, ...]
    words: tuple[str, ...]
    error: type = ValidationError


@tagged("post_install", "-at_install")
class TestBadInput(PerformanceCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # an officer who works for both companies, so that rules are not what refuses
        cls.users["both"] = new_test_user(
            cls.env,
            login="perf_both",
            groups=f"base.group_user,{OFFICER}",
            company_id=cls.company.id,
            company_ids=[Command.set((cls.company | cls.company_2).ids)],
        )
        cls.goal = cls.make_goal(None, (cls.ind_sum, 10), name="Grow")
        cls.measure = cls.goal.measure_ids
        cls.top = cls.make_goal(cls.company, name="Top")
        cls.below = cls.make_goal(cls.department, name="Below", parent_id=cls.top.id)
        cls.theirs = cls.make_goal(
            cls.company_2, name="Theirs", cycle_id=cls.cycle_2.id
        )
        cls.agreed = cls.agree(cls.make_goal(None, (cls.ind_sum, 10), name="Agreed"))
        cls.sub = cls.make_cycle(
            "January",
            parent_id=cls.cycle.id,
            period_type="month",
            date_start=date(cls.year, 1, 1),
            date_end=date(cls.year, 1, 31),
        )
        cls.past = cls.make_cycle(
            "The past",
            date_start=date(cls.year - 1, 1, 1),
            date_end=date(cls.year - 1, 12, 31),
        )
        cls.old_reading = cls.add_reading(cls.ind_sum, 1, date=date(cls.year - 1, 5, 5))
        cls.past.action_close()
        cls.reading = cls.add_reading(cls.ind_sum, 1)
        cls.make_appraisal()
        cls.full = cls.make_cycle("Launched")
        cls.full.action_launch_appraisals()
        cls.env.flush_all()

    def cases(self):
        goal = {"name": "Bad", "cycle_id": self.cycle.id}
        mine = goal | {"scope": "employee", "employee_id": self.employee.id}
        measure = {"goal_id": self.goal.id, "indicator_id": self.ind_ratio.id}
        reading = {
            "indicator_id": self.ind_sum.id,
            "employee_id": self.employee.id,
            "date": str(self.day(3)),
            "value": 1,
        }
        sub = {
            "name": "Part",
            "company_id": self.company.id,
            "parent_id": self.cycle.id,
            "period_type": "other",
        }

        query = {
            "name": "Bad query",
            "source": "odoo",
            "query_model": "res.partner",
            "query_operation": "count",
            "query_date_field": "create_date",
            "query_holder": "user",
            "query_holder_path": "user_id",
        }

        def band(*rows):
            return [[0, 0, {"threshold": t, "points": p}] for t, p in rows]

        cycle, indicator, goals, measures, readings, checkins, appraisals = (
            f"hr.performance.{name}"
            for name in (
                "cycle",
                "indicator",
                "goal",
                "measure",
                "reading",
                "checkin",
                "appraisal",
            )
        )
        return [
            # ------------------------------------------------ weights
            Case(
                "goal of negative weight",
                "employee",
                goals,
                "create",
                ([mine | {"weight": -1}],),
                ("“Bad”", "“Weight”", "Use 0"),
            ),
            Case(
                "measure of negative weight",
                "manager",
                measures,
                "write",
                ([self.measure.id], {"weight": -0.5}),
                ("“Grow”", "“New customers”", "“Weight”", "Use 0"),
            ),
            Case(
                "reading of negative weight",
                "employee",
                readings,
                "create",
                ([reading | {"weight": -1}],),
                ("“New customers”", str(self.day(3)), "“Weight”", "Use 0"),
            ),
            # ------------------------------------------------ targets
            Case(
                "target = baseline",
                "employee",
                goals,
                "create",
                (
                    [
                        mine
                        | {
                            "measure_ids": [
                                [
                                    0,
                                    0,
                                    {
                                        "indicator_id": self.ind_sum.id,
                                        "baseline": 5,
                                        "target": 5,
                                    },
                                ]
                            ]
                        }
                    ],
                ),
                ("“Bad”", "“New customers”", "Change “Baseline” or “Target”"),
            ),
            Case(
                "baseline moved onto the target",
                "employee",
                measures,
                "write",
                ([self.measure.id], {"baseline": 10}),
                ("“Grow”", "“New customers”", "“Baseline”"),
            ),
            *(
                Case(
                    f"ratio with target {target}",
                    "manager",
                    measures,
                    "create",
                    ([measure | {"target": target, "baseline": 1}],),
                    ("“Grow”", "“Revenue”", "above 0", "by steps"),
                )
                for target in (0, -3)
            ),
            # ------------------------------------------------ bands
            *(
                Case(
                    f"bands: {label}",
                    "officer",
                    indicator,
                    "create",
                    (
                        [
                            {
                                "name": "Bad table",
                                "scoring_rule": "steps",
                                "band_ids": band(*rows),
                            }
                        ],
                    ),
                    ("“Bad table”", "“Scoring”"),
                )
                for label, rows in (
                    ("fewer points for more", ((80, 90), (100, 60))),
                    ("same points for more", ((80, 90), (100, 90))),
                    ("one threshold twice", ((80, 60), (80, 90))),
                    ("none at all", ()),
                )
            ),
            Case(
                "a good table spoiled",
                "officer",
                indicator,
                "write",
                ([self.ind_steps.id], {"band_ids": band((95, 1))}),
                ("“Projects”", "Correct the bands"),
            ),
            # ------------------------------------------------ queries on records
            *(
                Case(
                    f"query: {label}",
                    "officer",
                    indicator,
                    "create",
                    ([query | values],),
                    ("“Bad query”", *words),
                )
                for label, values, words in (
                    (
                        "a model its author may not read",
                        {"query_model": "ir.cron"},
                        ("“Records”", "may not read", "Let somebody who may"),
                    ),
                    (
                        "a field its author may not read",
                        {"query_domain": "[('signup_type', '=', 'x')]"},
                        ("“Which of Them”", "may not read", "Let somebody who may"),
                    ),
                    (
                        "code",
                        {"query_domain": "[('user_id', '=', uid)]"},
                        ("“Which of Them”", "plain conditions", "'today -30d'"),
                    ),
                    (
                        "a path to somebody else",
                        {"query_holder_path": "parent_id"},
                        ("“Found In”", "“User”", "Choose another way"),
                    ),
                    (
                        "no date",
                        {"query_date_field": "name"},
                        ("“Dated By”", "date, datetime", "Choose one that is"),
                    ),
                )
            ),
            Case(
                "refresh from later to earlier",
                "officer",
                indicator,
                "action_refresh",
                ([self.ind_sum.id], "2026-05-01", "2026-04-01"),
                ("2026-05-01", "2026-04-01", "Change the dates"),
                UserError,
            ),
            # ------------------------------------------------ dates
            Case(
                "measure beyond the period",
                "employee",
                measures,
                "write",
                ([self.measure.id], {"date_end": f"{self.year + 1}-01-01"}),
                ("“Grow”", f"{self.year}-12-31", "“From” and “To”"),
            ),
            Case(
                "check-in before the period",
                "employee",
                checkins,
                "create",
                ([{"goal_id": self.agreed.id, "date": f"{self.year - 2}-12-31"}],),
                ("“Agreed”", "“Date”", str(self.cycle.date_start)),
            ),
            Case(
                "sub-period outside its parent",
                "officer",
                cycle,
                "create",
                (
                    [
                        sub
                        | {
                            "date_start": f"{self.year}-12-01",
                            "date_end": f"{self.year + 1}-01-31",
                        }
                    ],
                ),
                ("“Part”", self.cycle.name, "Change its dates"),
            ),
            Case(
                "sub-period overlapping its sister",
                "officer",
                cycle,
                "create",
                (
                    [
                        sub
                        | {
                            "date_start": f"{self.year}-01-31",
                            "date_end": f"{self.year}-02-28",
                        }
                    ],
                ),
                ("“January”", "“Part”", "Change the dates"),
            ),
            Case(
                "cycle that ends before it begins",
                "officer",
                cycle,
                "write",
                ([self.cycle.id], {"date_end": f"{self.year - 1}-01-01"}),
                (self.cycle.name, "“From” or “To”"),
            ),
            # ------------------------------------------------ the tree
            Case(
                "goal below itself",
                "officer",
                goals,
                "write",
                ([self.top.id], {"parent_id": self.below.id}),
                ("“Top”", "Choose another “Goal Above”"),
            ),
            Case(
                "cycle part of itself",
                "officer",
                cycle,
                "write",
                ([self.cycle.id], {"parent_id": self.sub.id}),
                (self.cycle.name, "Choose another “Part Of”"),
            ),
            *(
                Case(
                    f"goal above in another company, by {by}",
                    by,
                    goals,
                    "write",
                    ([self.below.id], {"parent_id": self.theirs.id}),
                    ("“Below”", self.company.name, "“Goal Above”"),
                )
                # also for somebody who cannot see that goal
                for by in ("both", "officer")
            ),
            Case(
                "cycle part of one of another company",
                "both",
                cycle,
                "write",
                ([self.sub.id], {"parent_id": self.cycle_2.id}),
                ("January", self.cycle_2.name),
                UserError,
            ),
            Case(
                "indicator of another company's own",
                "both",
                readings,
                "create",
                ([reading | {"indicator_id": self.indicator_2.id}],),
                (self.indicator_2.name,),
                UserError,
            ),
            # ------------------------------------------------ readings
            Case(
                "reading in a closed period",
                "employee",
                readings,
                "create",
                ([reading | {"date": f"{self.year - 1}-06-01"}],),
                (f"{self.year - 1}-06-01", "“The past”", "reopen"),
                UserError,
            ),
            Case(
                "reading moved into a closed period",
                "officer",
                readings,
                "write",
                (
                    [self.reading.id],
                    {"date": f"{self.year - 1}-06-01", "correction_reason": "Late"},
                ),
                ("“The past”", "reopen"),
                UserError,
            ),
            Case(
                "reading of a closed period corrected",
                "officer",
                readings,
                "write",
                ([self.old_reading.id], {"value": 2, "correction_reason": "Typo"}),
                ("“The past”", "reopen"),
                UserError,
            ),
            Case(
                "reading of a closed period deleted",
                "officer",
                readings,
                "unlink",
                ([self.old_reading.id],),
                ("“The past”", "reopen"),
                UserError,
            ),
            Case(
                "correction without a reason",
                "employee",
                readings,
                "write",
                ([self.reading.id], {"value": 2}),
                ("New customers", "Say why"),
                UserError,
            ),
            *(
                Case(
                    f"reading of {value}",
                    "employee",
                    readings,
                    "create",
                    ([reading | {"value": value}],),
                    ("“New customers”", str(self.day(3)), words),
                )
                for value, words in (
                    (float("nan"), "ordinary number"),
                    (float("inf"), "ordinary number"),
                    (float("-inf"), "ordinary number"),
                    ("nan", "ordinary number"),
                    (False, "“Value” is missing"),
                )
            ),
            Case(
                "one bad reading among good ones",
                "employee",
                readings,
                "create",
                ([reading, reading | {"value": float("nan")}],),
                ("“New customers”", "ordinary number"),
            ),
            # ------------------------------------------------ the chain
            Case(
                "second appraisal",
                "officer",
                appraisals,
                "create",
                ([{"employee_id": self.employee.id, "cycle_id": self.cycle.id}],),
                (self.employee.name, self.cycle.name, "cancel it first"),
                UserError,
            ),
            Case(
                "check-in on a goal not agreed",
                "employee",
                checkins,
                "create",
                ([{"goal_id": self.goal.id, "date": str(self.day(3))}],),
                ("“Grow”", "Agree on the goal first"),
            ),
            Case(
                "launch twice",
                "officer",
                cycle,
                "action_launch_appraisals",
                ([self.full.id],),
                (self.company.name, "“Launched”", "Nothing was launched"),
                UserError,
            ),
            Case(
                "launch in a closed cycle",
                "officer",
                cycle,
                "action_launch_appraisals",
                ([self.past.id],),
                ("“The past”", "open one"),
                UserError,
            ),
            Case(
                "change of an agreed goal",
                "employee",
                goals,
                "write",
                ([self.agreed.id], {"name": "Easier"}),
                ("“Agreed”", "Request a change"),
                UserError,
            ),
        ]

    @property
    def indicator_2(self):
        indicator = self.env["hr.performance.indicator"].search(
            [("code", "=", "T_THEIRS")]
        )
        return indicator or indicator.create(
            {"name": "Their own", "code": "T_THEIRS", "company_id": self.company_2.id}
        )

    # ------------------------------------------------------------- both ways in

    def everything(self):
        """A fingerprint of every row of every table of this addon."""
        self.env.flush_all()
        tables = sorted(
            model._table
            for name, model in self.env.items()
            if name.startswith("hr.performance") and model._auto and not model._abstract
        )
        return {
            table: self.env.execute_query(
                SQL(
                    "SELECT count(*), md5(string_agg(row::text, '' ORDER BY row::text))"
                    " FROM %s row",
                    SQL.identifier(table),
                )
            )
            for table in tables
        }

    def call_over_http(self, case):
        """POST the call like a browser; return the error, if any."""
        response = self.url_open(
            f"/web/dataset/call_kw/{case.model}/{case.method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": case.model,
                        "method": case.method,
                        "args": case.args,
                        "kwargs": {
                            "context": {
                                "allowed_company_ids": self.users[
                                    case.by
                                ].company_ids.ids
                            }
                        },
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json().get("error")

    def test_through_the_orm(self):
        cases = self.cases()
        before = self.everything()
        for case in cases:
            with self.subTest(case.label):
                model = self.as_(self.env[case.model], case.by).with_context(
                    allowed_company_ids=self.users[case.by].company_ids.ids
                )
                with self.refused(*case.words, error=case.error):
                    if case.method == "create":
                        model.create(*case.args)
                    else:
                        ids, *args = case.args
                        getattr(model.browse(ids), case.method)(*args)
                    # what is refused late, when it is written, counts as well
                    self.env.flush_all()
                self.assertEqual(self.everything(), before)

    @mute_logger("odoo.http")
    def test_over_http(self):
        cases = sorted(self.cases(), key=lambda case: case.by)
        before = self.everything()
        user = None
        for case in cases:
            if case.by != user:
                user = case.by
                login = self.users[user].login
                self.authenticate(login, login)
            with self.subTest(case.label):
                error = self.call_over_http(case)
                self.assertTrue(error, "it was not refused")
                name = error["data"]["name"].rpartition(".")[2]
                expected = {case.error.__name__}
                if case.error is UserError:
                    expected.add("ValidationError")  # a kind of it
                self.assertIn(name, expected, error["data"]["message"])
                for word in case.words:
                    self.assertIn(word, error["data"]["message"])
                self.env.invalidate_all()
                self.assertEqual(self.everything(), before)

    def test_import_names_what_it_does_not_know(self):
        """As the import dialog does it: all rows or none."""
        before = self.everything()
        readings = self.as_(self.env["hr.performance.reading"], "officer")
        columns = ["indicator_id", "employee_id", "date", "value"]
        good = ["T_SUM", self.employee.name, str(self.day(3)), "4"]
        for label, column, wrong in (
            ("unknown code", 0, "T_NOBODY"),
            ("unknown person", 1, "Nobody At All"),
            ("no date", 2, "soon"),
            ("no number", 3, "many"),
            ("no value", 3, ""),
        ):
            with self.subTest(label):
                bad = list(good)
                bad[column] = wrong
                with self.env.cr.savepoint():
                    result = readings.load(columns, [good, bad])
                self.assertFalse(result["ids"])
                said = "".join(
                    message["message"]
                    for message in result["messages"]
                    if message["type"] == "error" and message["record"] == 1
                )
                self.assertIn(wrong or "“Value” is missing", said)
                self.env.invalidate_all()
                self.assertEqual(self.everything(), before)
        next_day = [*good[:2], str(self.day(4)), good[3]]
        result = readings.load(columns, [good, next_day])
        self.assertEqual(len(result["ids"]), 2)
