"""A figure is what was reported, in whatever order and in however many steps it came in."""

import random
from decimal import Decimal
from itertools import product

from odoo.tests import tagged

from .common import PerformanceCommon

MONTHS = range(1, 13)


@tagged("post_install", "-at_install")
class TestOrder(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chance = random.Random(20270415)
        cls.indicators = cls.env["hr.performance.indicator"].create(
            [
                {"name": f"{over_time} {across}", "aggregation": over_time}
                | {"rollup": across, "code": f"O_{over_time}_{across}"}
                for over_time, across in product(
                    ("sum", "average", "last", "min", "max"), ("sum", "average", "max")
                )
            ]
        )
        cls.formula = cls.env["hr.performance.indicator"].create(
            {
                "name": "Formula",
                "source": "formula",
                "formula": "100 * O_sum_sum / (O_average_average + O_last_max)",
            }
        )
        # one value a day and person, so that no day has two last ones
        cls.values = [
            {
                "employee_id": person.id,
                "date": cls.day(month, day),
                "value": chance.randint(-99_999, 99_999) / 100,
                "weight": chance.randint(1, 999) / 100,
            }
            for person in (cls.employee, cls.colleague, cls.officer)
            for month, day in {
                (chance.choice(MONTHS), chance.randint(1, 28)) for _number in range(8)
            }
        ]
        cls.goal = cls.make_goal(
            cls.company,
            *((indicator, 12.34) for indicator in cls.indicators | cls.formula),
        )

    def report(self, values, *, at_once=True):
        """Enter ``values`` for all indicators and say what comes of it."""
        Reading = self.env["hr.performance.reading"]
        rows = [
            row | {"indicator_id": indicator.id}
            for row in values
            for indicator in self.indicators
        ]
        if at_once:
            readings = Reading.create(rows)
        else:
            readings = Reading.browse().union(*(Reading.create(row) for row in rows))
        self.env.flush_all()
        self.env.invalidate_all()
        results = [
            (measure.actual, measure.achievement, measure.score, measure.derivation)
            for measure in self.goal.measure_ids
        ]
        goal = (self.goal.progress, self.goal.score, self.goal.coverage)
        readings.unlink()
        return results, goal

    def test_the_order_of_entry_does_not_matter(self):
        first, goal = self.report(self.values)
        self.assertNotIn(None, [result[0] for result in first])
        shuffled = list(self.values)
        for seed in range(4):
            random.Random(seed).shuffle(shuffled)
            self.assertNotEqual(shuffled, self.values)
            with self.subTest(seed):
                self.assertEqual(self.report(shuffled), (first, goal))
        # everything is gone again
        self.assertFalse(any(self.goal.measure_ids.mapped("has_actual")))

    def test_one_by_one_is_as_all_at_once(self):
        values = self.values[::3]
        self.assertEqual(self.report(values[::-1], at_once=False), self.report(values))

    def test_corrected_is_as_entered_right(self):
        indicator = self.indicators[0]
        measure = self.make_goal(self.company, (indicator, 10)).measure_ids
        readings = self.env["hr.performance.reading"].create(
            [row | {"indicator_id": indicator.id} for row in self.values]
        )
        right = (measure.actual, measure.score, measure.derivation)
        for reading in readings:
            value = reading.value
            reading.write({"value": 0.07, "correction_reason": "Mistyped"})
            reading.write({"value": value, "correction_reason": "Mistyped"})
        self.assertEqual((measure.actual, measure.score, measure.derivation), right)

    def test_months_make_the_year(self):
        """To the last decimal, for one person and for the company."""
        indicator = self.indicators[0]  # sum, sum
        self.env["hr.performance.reading"].create(
            [row | {"indicator_id": indicator.id} for row in self.values]
        )
        for holder in (self.employee, self.company):
            spans = [
                {
                    "indicator_id": indicator.id,
                    "target": 1,
                    "date_start": self.day(month, 1),
                    "date_end": self.day(month, 28),
                }
                for month in MONTHS
            ]
            *months, year = self.make_goal(
                holder, *spans, {"indicator_id": indicator.id, "target": 1}
            ).measure_ids
            exact = [
                Decimal(str(row["value"]))
                for row in self.values
                if holder == self.company or row["employee_id"] == holder.id
            ]
            self.assertEqual(Decimal(str(round(year.actual, 9))), sum(exact))
            self.assertEqual(
                sum(
                    Decimal(str(round(month.actual, 9)))
                    for month in months
                    if month.has_actual
                ),
                sum(exact),
            )

    def test_a_tenth_and_two_tenths_are_three(self):
        indicator = self.indicators[0]
        goal = self.make_goal(None, (indicator, 0.3))
        company = self.make_goal(self.company, (indicator, 0.3))
        for value in (0.1, 0.2):
            self.add_reading(indicator, value)
        for measure in (goal | company).measure_ids:
            self.assertEqual(measure.actual, 0.3)
            self.assertEqual((measure.achievement, measure.score), (100, 100))

    def test_a_tenth_and_two_tenths_of_two_people(self):
        """Across people floats are added up: the nearest one in any order."""
        measure = self.make_goal(self.company, (self.indicators[0], 0.3)).measure_ids
        found = set()
        for holders in (
            (self.employee, self.colleague),
            (self.colleague, self.employee),
        ):
            readings = self.add_reading(self.indicators[0], 0.1, holders[0])
            readings |= self.add_reading(self.indicators[0], 0.2, holders[1])
            found.add(measure.actual)
            readings.unlink()
        (actual,) = found
        self.assertAlmostEqual(actual, 0.3, places=15)
