"""Readings that come by the row: one way in for the API, files and the grid."""

import random
from threading import Thread

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestReadingRows(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readings = cls.env["hr.performance.reading"]
        for name, person in cls.people.items():
            person.work_email = f"{name}@Work.example"
        cls.env.flush_all()

    def row(self, **values):
        return {
            "indicator": "T_SUM",
            "employee": "employee@work.example",
            "date": str(self.day(3)),
            "value": 4,
        } | values

    def upsert(self, *rows, by="officer", **values):
        return self.as_(self.readings, by).upsert(list(rows), **values)

    # ------------------------------------------------------------- what it finds

    def test_holders_by_email_name_and_id(self):
        unit = {"employee": None}
        result = self.upsert(
            self.row(),
            self.row(employee="Manager"),
            self.row(employee=self.colleague.id),
            self.row(department="Sales / Sales North", **unit),
            self.row(department="Support", **unit),
            self.row(department=self.department.id, **unit),
            self.row(**unit),
        )
        self.assertEqual(
            {key: result[key] for key in ("created", "updated", "unchanged")},
            {"created": 7, "updated": 0, "unchanged": 0},
        )
        self.assertRecordValues(
            self.readings.browse(result["ids"]),
            [
                {
                    "employee_id": employee.id,
                    "department_id": department.id,
                    "job_id": job.id,
                    "company_id": self.company.id,
                    "source": "api",
                    "value": 4,
                    "weight": 1,
                    "create_uid": self.officer_user.id,
                }
                for employee, department, job in (
                    (self.employee, self.department_sub, self.job),
                    (self.manager, self.department_sub, self.job),
                    (self.colleague, self.department_sub, self.job),
                    (self.employee[:0], self.department_sub, self.job[:0]),
                    (self.employee[:0], self.department_sibling, self.job[:0]),
                    (self.employee[:0], self.department, self.job[:0]),
                    (self.employee[:0], self.department[:0], self.job[:0]),
                )
            ],
        )

    def test_two_of_one_name_are_not_guessed(self):
        twin = self.env["hr.employee"].create(
            {"name": self.employee.name, "company_id": self.company.id}
        )
        with self.refused("2 in", "work email", "Line 1", error=ValidationError):
            self.upsert(self.row(employee=self.employee.name))
        # who has left does not stand in the way, but is found by the email
        twin.work_email = "twin@work.example"
        twin.active = False
        (found,) = self.upsert(self.row(employee=self.employee.name))["ids"]
        self.assertEqual(self.readings.browse(found).employee_id, self.employee)
        (found,) = self.upsert(self.row(employee="twin@work.example"))["ids"]
        self.assertEqual(self.readings.browse(found).employee_id, twin)

    def test_another_company_is_named(self):
        self.officer_user.company_ids |= self.company_2
        row = self.row(employee="other_employee@work.example")
        with self.refused("Performance One", error=ValidationError):
            self.upsert(row)
        (found,) = self.upsert(row | {"company": "Performance Two"})["ids"]
        self.assertEqual(self.readings.browse(found).company_id, self.company_2)
        # of a company that the user does not work in
        with self.refused("Performance Two", error=ValidationError):
            self.upsert(row | {"company": "Performance Two"}, by="manager")

    # ------------------------------------------------------------- sent again

    def test_sent_again(self):
        rows = [self.row(), self.row(employee="manager@work.example", note="Seen")]
        first = self.upsert(*rows)
        again = self.upsert(*rows)
        self.assertEqual(again, first | {"created": 0, "unchanged": 2})
        rows[0]["value"] = 5
        rows.append(self.row(indicator="T_RATIO"))
        changed = self.upsert(*rows, reason="Late invoices")
        self.assertEqual(changed["ids"][:2], first["ids"])
        self.assertEqual(
            (changed["created"], changed["updated"], changed["unchanged"]), (1, 1, 1)
        )
        reading = self.readings.browse(first["ids"][0])
        self.assertRecordValues(
            reading.correction_ids,
            [{"former_value": 4, "value": 5, "reason": "Late invoices"}],
        )
        self.assertEqual(reading.correction_ids.create_uid, self.officer_user)
        # what a row does not name stays; a note is no correction
        other = self.readings.browse(first["ids"][1])
        self.upsert(self.row(employee="manager@work.example"))
        self.assertEqual(other.note, "Seen")
        self.upsert(self.row(employee="manager@work.example", note="Twice"))
        self.assertEqual(other.note, "Twice")
        self.assertFalse(other.correction_ids)

    def test_several_of_one_day_are_not_guessed(self):
        self.add_reading(self.ind_sum, 1)
        self.add_reading(self.ind_sum, 2)
        with self.refused("2 readings are there", error=ValidationError):
            self.upsert(self.row())
        with self.refused("Line 2", "line 1", error=ValidationError):
            self.upsert(
                self.row(date=str(self.day(4))), self.row(date=str(self.day(4)))
            )

    def test_what_is_closed_is_not_moved_but_may_be_sent_again(self):
        self.upsert(self.row())
        self.cycle.sudo().state = "closed"
        self.assertEqual(self.upsert(self.row())["unchanged"], 1)
        for row in (self.row(value=5), self.row(date=str(self.day(4)))):
            with self.refused("closed", "Line 1", error=ValidationError):
                self.upsert(row)

    # ------------------------------------------------------------- rates

    def test_a_rate_weighs_by_its_denominator(self):
        goal = self.make_goal(self.company, (self.ind_average, 50))
        rate = {"indicator": "T_AVG", "value": None}
        self.upsert(
            self.row(numerator=10, denominator=20, **rate),
            self.row(employee="Manager", numerator=20, denominator=80, **rate),
        )
        self.assertAlmostEqual(goal.measure_ids.actual, 30.0)  # 30 of 100, in %
        (found,) = self.upsert(self.row(numerator=11, denominator=20, **rate))["ids"]
        reading = self.readings.browse(found)
        self.assertEqual((reading.value, reading.weight), (55, 20))
        self.assertIn("Numerator: 10.0 → 11.0", reading.correction_ids.changes)
        self.assertIn("Value: 50.0 → 55.0", reading.correction_ids.changes)
        # a value says it all, and weighs as before
        self.upsert(self.row(indicator="T_AVG", value=60))
        self.assertEqual((reading.value, reading.weight), (60, 20))
        self.assertIsNone(reading.numerator)
        self.assertIsNone(reading.denominator)

    def test_a_rate_by_hand(self):
        self.ind_average.rate_factor = 1000
        reading = self.add_reading(
            self.ind_average, None, numerator=1, denominator=4, weight=7
        )
        self.assertEqual((reading.value, reading.weight), (250, 4))
        reading.write({"numerator": 2, "correction_reason": "Miscounted"})
        self.assertEqual(reading.value, 500)
        self.assertIn("Numerator: 1.0 → 2.0", reading.correction_ids.changes)
        for values in (
            {"denominator": 0},
            {"denominator": -1},
            {"denominator": False},
            {"numerator": False},
            {"numerator": float("nan")},
            {"weight": 3},
        ):
            with self.subTest(values), self.refused("Return rate"):
                reading.write(values | {"correction_reason": "Wrong"})

    # ------------------------------------------------------------- what is refused

    def test_all_that_is_wrong_is_said_at_once(self):
        cases = [
            ({"indicator": "T_NOBODY"}, "indicator", "T_NOBODY"),
            ({"indicator": None}, "indicator", "missing"),
            ({"employee": "nobody@work.example"}, "employee", "nobody@work.example"),
            ({"indicator": "T_FORMULA"}, "indicator", "Enter those"),
            ({"indicator": {"code": "T_SUM"}}, "indicator", "code"),
            ({"indicator": 10**40}, "indicator", str(10**40)),
            ({"employee": "a\0'; DROP TABLE x --"}, "employee", "DROP"),
            ({"employee": [1]}, "employee", "[1]"),
            ({"employee": True}, "employee", "True"),
            ({"employee": 10**12}, "employee", str(10**12)),
            ({"department": "Support"}, "department", "empty"),
            ({"company": "Elsewhere"}, "company", "Elsewhere"),
            ({"date": "soon"}, "date", "2026-01-31"),
            ({"date": None}, "date", "missing"),
            ({"value": None}, "value", "missing"),
            ({"value": "4"}, "value", "not a number"),
            ({"value": True}, "value", "not a number"),
            ({"value": float("nan")}, "value", "ordinary"),
            ({"value": 10**400}, "value", "ordinary"),
            ({"weight": -1}, "weight", "negative"),
            ({"numerator": 1}, "value", "not both"),
            ({"value": None, "numerator": 1}, "denominator", "both"),
            (
                {"value": None, "numerator": 1, "denominator": 0},
                "denominator",
                "Leave the reading out",
            ),
            ({"source": "manual"}, "source", "no such field"),
        ]
        self.env["hr.performance.indicator"].create(
            {
                "name": "Twice the customers",
                "code": "T_FORMULA",
                "source": "formula",
                "formula": "2 * T_SUM",
            }
        )
        before = self.readings.search_count([])
        for values, field, word in cases:
            with (
                self.subTest(values),
                self.refused(f"Line 2, {field}", word, error=ValidationError),
            ):
                self.upsert(self.row(date=str(self.day(5))), self.row(**values))
        with self.refused("Line 20", "and 5 more", error=ValidationError):
            self.upsert(*[self.row(indicator="X")] * 25)
        for rows in ("rows", {"indicator": "T_SUM"}, [1], [None]):
            with self.subTest(rows), self.assertRaises(ValidationError):
                self.as_(self.readings, "officer").upsert(rows)
        self.assertEqual(self.readings.search_count([]), before)

    def test_the_rules_decide(self):
        for by, employee in (
            ("colleague", "employee"),
            ("employee", "manager"),
            ("manager", "officer"),
        ):
            row = self.row(employee=f"{employee}@work.example")
            mine = self.row(employee=f"{by}@work.example")
            with (
                self.subTest(by),
                self.assertRaisesRegex(AccessError, "Line 2, employee"),
            ):
                self.upsert(mine, row, by=by)
            self.assertFalse(self.readings.search([("create_uid.name", "=", by)]))
            # nor a correction of what is there
            reading = self.add_reading(self.ind_sum, 1, self.people[employee])
            with self.assertRaisesRegex(AccessError, "Line 1, employee"):
                self.upsert(row, by=by)
            self.assertEqual(reading.value, 1)
            reading.unlink()
        for by in ("employee", "manager", "director"):
            self.assertTrue(self.upsert(self.row(), by=by)["ids"])

    def test_nobody_finds_out_by_guessing(self):
        """The right figure, a wrong one, several or none: always the same answer."""
        self.add_reading(self.ind_sum, 4)
        self.add_reading(self.ind_sum, 5, date=self.day(4))
        self.add_reading(self.ind_sum, 6, date=self.day(4))
        self.add_reading(self.ind_average, None, numerator=1, denominator=2)
        answers = set()
        for guess in (
            {"value": 4},
            {"value": 7},
            {"value": 7, "weight": 2},
            {"date": str(self.day(4))},
            {"date": str(self.day(5))},
            {"indicator": "T_AVG", "value": 50, "weight": 3},
            {"indicator": "T_AVG", "value": 50},
        ):
            with self.assertRaises(AccessError) as refused:
                self.upsert(self.row(**guess), by="colleague")
            answers.add(str(refused.exception))
            columns = ["indicator_id", "employee_id", "date", "value"]
            names = ("indicator", "employee", "date", "value")
            cells = [str(self.row(**guess)[name]) for name in names]
            result = self.as_(self.readings, "colleague").load(columns, [cells])
            self.assertFalse(result["ids"])
            self.assertIn(result["messages"][0]["message"], str(refused.exception))
        self.assertEqual(len(answers), 1)
        # nor by a faulty row of one's own beside two guesses
        self.add_reading(self.ind_sum, 1, self.colleague)
        self.add_reading(self.ind_sum, 1, self.colleague)
        for days in ((3, 4), (5, 6), (3, 6)):
            guesses = [self.row(date=str(self.day(day))) for day in days]
            own = self.row(employee="colleague@work.example")
            with self.assertRaisesRegex(AccessError, "Line 2, .*\n.*Line 3, "):
                self.upsert(own, *guesses, by="colleague")

    def test_a_supplier_reports_for_everybody(self):
        self.ind_sum.supplier_id = self.colleague
        unit = self.row(employee=None, department="Support")
        result = self.upsert(self.row(), unit, by="colleague")
        self.upsert(self.row(value=5), by="colleague")
        reading = self.as_(self.readings.browse(result["ids"][0]), "colleague")
        self.assertEqual(reading.value, 5)
        self.assertEqual(reading.correction_ids.former_value, 4)
        with self.assertRaises(AccessError):
            self.upsert(self.row(indicator="T_RATIO"), by="colleague")
        hidden = self.as_(self.add_reading(self.ind_ratio, 1), "colleague")
        with self.assertRaises(AccessError):
            hidden.read(["value"])
        # and does not take another indicator's place with one of theirs
        with self.assertRaises(AccessError):
            reading.write(
                {"indicator_id": self.ind_ratio.id, "correction_reason": "Take over"}
            )
        with self.assertRaises(AccessError):
            reading.unlink()
        foreign = self.add_reading(self.ind_sum, 1, self.other_employee)
        with self.assertRaises(AccessError):
            self.as_(foreign, "colleague").read(["value"])
        self.ind_sum.supplier_id = False
        with self.assertRaises(AccessError):
            self.as_(reading, "colleague").read(["value"])

    # ------------------------------------------------------------- it is all one

    def test_results_do_not_depend_on_the_way_in(self):
        """One by one, in bulk, by upsert and from a file: the same to the last bit."""
        dice = random.Random(19)
        rows = [
            self.row(
                indicator=indicator,
                employee=dice.choice(["Employee", "Colleague", "Manager"]),
                date=str(self.day(month, dice.randint(1, 28))),
                value=dice.choice([0, -3, 7, dice.uniform(-5, 50)]),
                weight=dice.choice([1, 0, 2.5]),
            )
            for month in range(1, 13)
            for indicator in ("T_SUM", "T_LAST", "T_RATIO", "T_STEPS")
        ] + [
            self.row(
                indicator="T_AVG",
                value=None,
                date=str(self.day(month)),
                numerator=dice.randint(0, 9),
                denominator=dice.randint(1, 90),
            )
            for month in range(1, 13)
        ]
        by_code = self.indicators.grouped("code")
        by_name = {person.name: person for person in self.people.values()}
        by_name["employee@work.example"] = self.employee
        values = [
            {
                key: row[key]
                for key in ("date", "value", "weight", "numerator")
                if key in row
            }
            | {"denominator": row.get("denominator")}
            | {
                "indicator_id": by_code[row["indicator"]].id,
                "employee_id": by_name[row["employee"]].id,
            }
            for row in rows
        ]
        columns = {
            "indicator_id": "indicator",
            "employee_id": "employee",
        } | {
            name: name
            for name in ("date", "value", "weight", "numerator", "denominator")
        }
        cells = [
            [
                "" if row.get(name) is None else str(row[name])
                for name in columns.values()
            ]
            for row in rows
        ]

        def one_by_one():
            for vals in values:
                self.readings.create(vals)

        def imported():
            result = self.readings.load(list(columns), cells)
            self.assertFalse(result["messages"])

        def corrected():
            self.readings.upsert(
                [
                    row
                    | (
                        {"value": 1}
                        if row["value"] is not None
                        else {"denominator": 99}
                    )
                    for row in rows
                ]
            )
            self.readings.upsert(rows)

        goals = self.env["hr.performance.goal"]
        measures = [(indicator, 40) for indicator in self.indicators]
        for holder in (None, self.colleague, self.department_sub, self.company):
            goals |= self.make_goal(holder, *measures)
        results = []
        for way_in in (
            one_by_one,
            lambda: self.readings.create(values),
            lambda: self.readings.upsert(rows),
            imported,
            corrected,
        ):
            way_in()
            self.env.flush_all()
            self.env.invalidate_all()
            results.append(
                (
                    goals.mapped(lambda goal: (goal.progress, goal.score)),
                    goals.measure_ids.mapped(
                        lambda measure: (
                            measure.actual,
                            measure.achievement,
                            measure.score,
                            measure.derivation,
                        )
                    ),
                )
            )
            self.readings.search([]).unlink()
        self.assertTrue(any(actual for actual, *_rest in results[0][1]))
        for result in results[1:]:
            self.assertEqual(result, results[0])


@tagged("post_install", "-at_install")
class TestRowsSentAtOnce(TransactionCase):
    """Two transactions that are sent the same rows, in a database both really write to."""

    ROWS = (
        {"indicator": "ENGAGEMENT_INDEX", "date": "2001-01-31", "value": 70},
        {"indicator": "PROBATION_PASSED", "date": "2001-01-31", "value": 90},
    )

    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove)
        self.first, self.second = self.begin(), self.begin()

    def begin(self):
        """The readings in a transaction of its own that has begun to look at them."""
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        readings = api.Environment(cr, SUPERUSER_ID, {})["hr.performance.reading"]
        self.assertFalse(self.sent(readings))
        return readings

    def sent(self, readings):
        return readings.search([("date", "=", "2001-01-31")])

    def remove(self):
        with self.registry.cursor() as cr:
            readings = api.Environment(cr, SUPERUSER_ID, {})["hr.performance.reading"]
            self.sent(readings).unlink()

    def test_who_comes_second_finds_the_rows(self):
        created = self.first.upsert(self.ROWS)
        self.assertEqual(created["created"], 2)
        self.first.env.cr.commit()
        with self.assertRaises(SerializationFailure):
            self.second.upsert(self.ROWS)
        self.second.env.cr.rollback()
        again = self.second.upsert(self.ROWS)
        self.assertEqual(again, created | {"created": 0, "unchanged": 2})

    def test_odoo_calls_again_who_had_to_wait(self):
        self.first.upsert(self.ROWS)
        results = []
        waiting = Thread(
            target=lambda: results.append(
                retrying(lambda: self.second.upsert(self.ROWS), self.second.env)
            )
        )
        waiting.start()
        waiting.join(0.5)
        self.assertTrue(waiting.is_alive())
        self.first.env.cr.commit()
        waiting.join(20)
        self.assertEqual(results[0]["unchanged"], 2)
        self.first.env.cr.rollback()
        self.assertEqual(len(self.sent(self.first)), 2)

    def test_who_adds_nothing_waits_for_nobody(self):
        """What is sent once more does not compete with what is new."""
        self.first.upsert(self.ROWS[:1])
        self.first.env.cr.commit()
        self.second.env.cr.rollback()
        self.first.upsert([self.ROWS[0] | {"date": "2001-01-31", "note": "x"}])
        self.assertEqual(self.second.upsert(self.ROWS[:1])["unchanged"], 1)
