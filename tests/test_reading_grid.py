"""The table in which values are entered: what it shows, what it takes."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import reading_grid
from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestReadingGrid(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a year that is over, so that today plays no part
        cls.past = cls.make_cycle(
            "2021", date_start=date(2021, 1, 1), date_end=date(2021, 12, 31)
        )
        cls.readings = cls.env["hr.performance.reading"]

    def grid(self, by="manager", kind="team", indicator=None, **holders):
        return self.as_(self.readings, by).grid(
            (indicator or self.ind_sum).id, self.past.id, {"kind": kind, **holders}
        )

    def save(self, *cells, by="manager", indicator=None, **values):
        result = self.as_(self.readings, by).grid_save(
            (indicator or self.ind_sum).id,
            self.past.id,
            {"kind": "team"},
            [
                {
                    "row": {"employee": employee.id},
                    "date": f"2021-{month:02}-28",
                    **entry,
                }
                for employee, month, entry in cells
            ],
            **values,
        )
        self.env.invalidate_all()
        return result

    def names(self, grid):
        return [row["name"] for row in grid["rows"]]

    def test_who_is_offered(self):
        self.assertEqual(self.names(self.grid()), ["Colleague", "Employee", "Manager"])
        # who leads nobody and supplies nothing checks in instead
        self.assertEqual(self.names(self.grid("employee")), [])
        self.assertNotIn("Other Employee", self.names(self.grid("officer", "people")))
        everybody = set(self.names(self.grid("officer", "people")))
        self.assertLessEqual({"Director", "Officer", "Employee"}, everybody)
        below = self.grid("officer", "people", department_id=self.department_sub.id)
        self.assertEqual(self.names(below), ["Colleague", "Employee", "Manager"])
        # a manager chooses a department and still meets only their own
        self.assertEqual(
            self.names(self.grid("manager", "people")),
            ["Colleague", "Employee", "Manager"],
        )
        units = self.grid("officer", "units")
        self.assertIn("Sales / Sales North", self.names(units))
        self.assertTrue(all(row["editable"] for row in units["rows"]))
        self.assertFalse(
            any(row["editable"] for row in self.grid(kind="units")["rows"])
        )

    def test_a_supplier_meets_everybody_of_their_indicator(self):
        self.ind_sum.supplier_id = self.colleague
        self.assertIn("Director", self.names(self.grid("colleague", "people")))
        choices = self.grid("colleague")["choices"]["indicators"]
        self.assertEqual([choice["name"] for choice in choices], ["New customers"])
        other = self.grid("colleague", "people", indicator=self.ind_ratio)
        self.assertEqual(other["indicator_id"], self.ind_sum.id)

    def test_figures_and_totals(self):
        for employee, month, value in (
            (self.employee, 1, 3),
            (self.employee, 1, 4),
            (self.employee, 2, 0),
            (self.colleague, 2, 5),
        ):
            self.add_reading(self.ind_sum, value, employee, date=date(2021, month, 5))
        # of somebody whom the manager may not read
        self.add_reading(self.ind_sum, 100, self.officer, date=date(2021, 1, 5))
        grid = self.grid()
        self.assertEqual(len(grid["columns"]), 12)
        rows = {row["name"]: row for row in grid["rows"]}
        january, february, march = rows["Employee"]["cells"][:3]
        self.assertEqual((january["value"], january["readings"]), (7, 2))
        self.assertEqual((february["value"], february["readings"]), (0, 1))
        self.assertIs(march["value"], False)
        self.assertEqual(february["date"], date(2021, 2, 5))
        self.assertEqual(march["date"], date(2021, 3, 31))
        self.assertEqual(rows["Employee"]["total"], 7)
        self.assertIs(rows["Manager"]["total"], False)
        self.assertEqual(grid["totals"][:3], [7, 5, False])
        self.assertEqual(grid["total"], 12)
        self.ind_sum.rollup = "none"
        self.assertIs(self.grid()["total"], False)

    def test_who_has_left_still_counts(self):
        """As in the goal of the unit; there is nothing to enter for them any more."""
        goal = self.agree(
            self.make_goal(
                self.department_sub, (self.ind_sum, 10), cycle_id=self.past.id
            )
        )
        unit = self.env["hr.department"].create(
            {"name": "Dissolved", "company_id": self.company.id}
        )
        for value, holder in ((3, self.employee), (4, self.colleague), (8, unit)):
            self.add_reading(self.ind_sum, value, holder, date=date(2021, 3, 5))
        self.colleague.action_archive()
        unit.action_archive()
        for by, choice in (
            ("manager", {}),
            ("officer", {"kind": "people", "department_id": self.department_sub.id}),
        ):
            grid = self.grid(by, **choice)
            rows = {row["name"]: row for row in grid["rows"]}
            self.assertFalse(rows["Colleague (has left)"]["editable"])
            self.assertTrue(rows["Employee"]["editable"])
            self.assertEqual(grid["total"], 7)
            self.assertEqual(grid["total"], goal.measure_ids.actual)
        rows = {row["name"]: row for row in self.grid("officer", "units")["rows"]}
        self.assertEqual(rows["Dissolved"]["total"], 8)
        self.assertFalse(rows["Dissolved"]["editable"])
        # nor is anybody shown of whom there is nothing to see
        other = self.grid("officer", "people", indicator=self.ind_ratio)
        self.assertFalse([name for name in self.names(other) if "has left" in name])
        other = self.grid("officer", "units", indicator=self.ind_ratio)
        self.assertNotIn("Dissolved", self.names(other))

    def test_more_rows_than_are_shown(self):
        self.patch(reading_grid, "MAX_ROWS", 2)
        for holder in (self.employee, self.manager):
            self.add_reading(self.ind_sum, 3, holder, date=date(2021, 1, 5))
        grid = self.grid()
        self.assertEqual(self.names(grid), ["Colleague", "Employee"])
        self.assertEqual((grid["total"], grid["left_out"]), (3, 1))

    def test_columns_follow_the_frequency(self):
        for frequency, count in (
            ("day", 61),  # 365 days do not fit; weeks do, cut at the end of a month
            ("week", 61),
            ("month", 12),
            ("quarter", 4),
            ("half", 2),
            ("year", 1),
        ):
            with self.subTest(frequency):
                self.ind_sum.frequency = frequency
                self.assertEqual(len(self.grid()["columns"]), count)

    def test_saving(self):
        grid = self.save(
            (self.employee, 1, {"value": 3}), (self.colleague, 1, {"value": 4})
        )
        self.assertEqual(grid["total"], 7)
        reading = self.readings.search([("employee_id", "=", self.employee.id)])
        self.assertRecordValues(reading, [{"source": "manual", "value": 3}])
        with self.refused("Say why"):
            self.save((self.employee, 1, {"value": 5}))
        self.assertEqual(reading.value, 3)
        grid = self.save((self.employee, 1, {"value": 5}), reason="Miscounted")
        self.assertEqual(grid["total"], 9)
        self.assertEqual(reading.correction_ids.reason, "Miscounted")

    def test_a_rate(self):
        grid = self.save(
            (self.employee, 1, {"numerator": 30, "denominator": 110}),
            (self.colleague, 1, {"numerator": 0, "denominator": 10}),
            indicator=self.ind_average,
        )
        self.assertEqual(grid["totals"][0], 25)
        (cell,) = [row["cells"][0] for row in grid["rows"] if row["name"] == "Employee"]
        self.assertEqual((cell["numerator"], cell["denominator"]), (30, 110))

    def test_errors_come_back_per_cell_and_nothing_is_saved(self):
        good = (self.employee, 1, {"value": 3})
        for bad, word in (
            ((self.employee, 2, {"value": "many"}), "not a number"),
            ((self.employee, 2, {"numerator": 1, "denominator": 0}), "above 0"),
            ((self.officer, 2, {"value": 3}), "may not"),
            ((self.other_employee, 2, {"value": 3}), "known"),
        ):
            with self.subTest(word):
                (error,) = self.save(good, bad)["errors"]
                self.assertEqual(error["cell"], 1)
                self.assertIn(word, error["message"])
                self.assertFalse(self.readings.search([]))

    def test_a_closed_period_is_locked(self):
        self.past.sudo().state = "closed"
        cell = self.grid()["rows"][0]["cells"][0]
        self.assertIn("closed", cell["locked"])
        (error,) = self.save((self.employee, 1, {"value": 3}))["errors"]
        self.assertIn("closed", error["message"])

    def test_nothing_to_choose(self):
        """A helpful empty screen, no traceback."""
        grid = self.as_(self.readings, "other_employee").grid()
        self.assertFalse(grid["indicator_id"])
        self.assertFalse(grid["rows"])
        with self.assertRaises(UserError):
            self.grid(kind="planets")
