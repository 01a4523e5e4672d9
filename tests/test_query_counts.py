"""Work that grows with the data must not grow in queries.

Counts are compared with each other rather than with fixed numbers wherever that says it
better: what costs the same for 3 and for 300 sisters does not look at the sisters.
"""

from datetime import timedelta

from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestQueryCounts(PerformanceCommon):
    def tree(self, width):
        """A personal goal below a department's below the company's, with sisters."""
        indicator = self.env["hr.performance.indicator"].create({"name": f"W{width}"})
        measure = (indicator, 10)
        company = self.make_goal(self.company)
        department = self.make_goal(self.department, parent_id=company.id)
        leaf = self.make_goal(None, measure, parent_id=department.id)
        self.env["hr.performance.goal"].create(
            [
                {
                    "name": f"Sister {number}",
                    "cycle_id": self.cycle.id,
                    "scope": "employee",
                    "employee_id": self.colleague.id,
                    "parent_id": department.id,
                    "measure_ids": [
                        (0, 0, {"indicator_id": indicator.id, "target": 10})
                    ],
                }
                for number in range(width - 1)
            ]
        )
        return indicator, leaf, company

    def test_a_reading_costs_the_same_among_3_30_and_300_sisters(self):
        self.add_reading(self.ind_sum, 1)  # caches of the registry
        counts = {}
        for width in (3, 30, 300):
            indicator, leaf, company = self.tree(width)
            counts[width] = self.queries(lambda i=indicator: self.add_reading(i, 5))
            self.assertEqual(leaf.progress, 50)
            self.assertEqual(company.progress, 50)
        self.assertEqual(counts[30], counts[3], counts)
        self.assertEqual(counts[300], counts[3], counts)
        self.assertLessEqual(counts[3], 40, counts)

    def test_500_readings_at_once_cost_hardly_more_than_50(self):
        self.make_goal(self.company, (self.ind_sum, 10))
        self.make_goal(None, (self.ind_sum, 10))
        self.add_reading(self.ind_sum, 1)

        def create(count):
            self.env["hr.performance.reading"].create(
                [
                    {
                        "indicator_id": self.ind_sum.id,
                        "employee_id": self.employee.id,
                        "date": self.day(number % 12 + 1),
                        "value": number,
                    }
                    for number in range(count)
                ]
            )

        few = self.queries(lambda: create(50))
        many = self.queries(lambda: create(500))
        # rows are inserted 100 at a time
        self.assertLessEqual(many - few, 500 // 100, (few, many))
        self.assertLessEqual(many, 50)

    def test_readings_by_a_person_cost_the_same_for_many(self):
        self.make_goal(None, (self.ind_sum, 10))

        def create(count):
            readings = self.env["hr.performance.reading"].with_user(self.employee_user)
            readings.create(
                [
                    {
                        "indicator_id": self.ind_sum.id,
                        "employee_id": self.employee.id,
                        "date": self.day(3),
                        "value": number,
                    }
                    for number in range(count)
                ]
            )

        self.queries(lambda: create(1))
        few = self.queries(lambda: create(20))
        many = self.queries(lambda: create(90))
        self.assertLessEqual(many, few)

    def test_rows_cost_the_same_for_many(self):
        """Upsert and import: look-ups, creation and what it moves."""
        self.make_goal(self.company, (self.ind_sum, 10))
        readings = self.env["hr.performance.reading"].with_user(self.officer_user)

        def rows(count, month):
            people = ("Employee", "Colleague")
            return [
                {
                    "indicator": "T_SUM",
                    "employee": people[number % 2],
                    "date": str(self.day(month) + timedelta(days=number // 2)),
                    "value": number,
                }
                for number in range(count)
            ]

        def load(count, month):
            cells = [
                [row["indicator"], row["employee"], row["date"], str(row["value"])]
                for row in rows(count, month)
            ]
            fields = ["indicator_id", "employee_id", "date", "value"]
            self.assertTrue(readings.load(fields, cells)["ids"])

        self.queries(lambda: readings.upsert(rows(2, 1)))
        for way_in in (lambda *args: readings.upsert(rows(*args)), load):
            few = self.queries(lambda w=way_in: w(20, 1))
            many = self.queries(lambda w=way_in: w(300, 1))
            # and those that tell the planner of many
            self.assertLessEqual(many, few + 3, (few, many))
            again = self.queries(lambda w=way_in: w(300, 1))
            self.assertLess(again, few)
            readings.sudo().search([]).unlink()

    def test_deleting_many_readings(self):
        self.make_goal(self.company, (self.ind_sum, 10))

        def readings(count):
            return self.env["hr.performance.reading"].create(
                [
                    {
                        "indicator_id": self.ind_sum.id,
                        "employee_id": self.employee.id,
                        "date": self.day(3),
                        "value": number,
                    }
                    for number in range(count)
                ]
            )

        few, many = readings(20), readings(200)
        few = self.queries(few.unlink)
        many = self.queries(many.unlink)
        self.assertLessEqual(many - few, 2, (few, many))

    def company_of(self, number):
        """A company with that many employees (a goal each) and a cycle of its own."""
        company = self.env["res.company"].create({"name": f"{number} people"})
        self.env.user.company_ids |= company
        people = self.env["hr.employee"].create(
            [{"name": "The head", "company_id": company.id}]
        )
        people |= self.env["hr.employee"].create(
            [
                {"name": f"P{n}", "company_id": company.id, "parent_id": people.id}
                for n in range(number - 1)
            ]
        )
        cycle = self.make_cycle(company.name, company_id=company.id)
        goals = self.env["hr.performance.goal"].create(
            [
                {
                    "name": "A goal",
                    "cycle_id": cycle.id,
                    "scope": "employee",
                    "employee_id": person.id,
                    "measure_ids": [
                        (0, 0, {"indicator_id": self.ind_sum.id, "target": 10})
                    ],
                }
                for person in people
            ]
        )
        self.agree(goals)
        return cycle

    def test_launching_does_not_grow_with_the_people(self):
        """20 and 60 appraisals: what grows are INSERT batches, not queries per head."""
        small, large = self.company_of(20), self.company_of(60)
        counts = {}
        for cycle in (small, large):
            counts[cycle] = self.queries(cycle.action_launch_appraisals)
        self.assertEqual(len(large.appraisal_ids), 60)
        per_head = (counts[large] - counts[small]) / 40
        self.assertLess(per_head, 0.5, list(counts.values()))

    def test_the_same_goal_costs_the_same_for_many(self):
        """Two goals with a measure and an action each, for 5 people and for 50."""
        template = self.env["hr.performance.goal.template"].create(
            {
                "name": "Win customers",
                "measure_ids": [
                    (0, 0, {"indicator_id": self.ind_sum.id, "target": 20})
                ],
                "action_ids": [(0, 0, {"name": "Begin"})],
            }
        )
        templates = template | template.copy()
        counts = []
        for number in (5, 50):
            people = self.env["hr.employee"].create(
                [
                    {
                        "name": f"Person {place} of {number}",
                        "company_id": self.company.id,
                        "department_id": self.department_sub.id,
                        "date_version": self.cycle.date_start,
                    }
                    for place in range(number)
                ]
            )
            assignment = self.env["hr.performance.assignment"].create(
                {
                    "cycle_id": self.cycle.id,
                    "company_id": self.company.id,
                    "employee_ids": people.ids,
                    "line_ids": [(0, 0, {"template_id": one.id}) for one in templates],
                }
            )
            counts.append(
                self.queries(assignment.with_user(self.officer_user).action_start)
            )
            self.assertEqual(assignment.goal_count, 2 * number)
        self.assertLessEqual(counts[1], counts[0])

    def test_a_list_of_goals_costs_the_same_for_many(self):
        for _number in range(10):
            self.make_goal(None, (self.ind_sum, 10))
        goals = self.env["hr.performance.goal"].with_user(self.manager_user)
        columns = (
            "name",
            "progress",
            "health",
            "health_reason",
            "figure",
            "expected",
            "child_count",
            "checkin_count",
            "is_mine",
            "is_in_my_team",
        )

        def read(limit):
            goals.web_search_read(
                [("employee_id", "=", self.employee.id)],
                {column: {} for column in columns},
                limit=limit,
            )

        self.queries(lambda: read(1))
        self.assertEqual(self.queries(lambda: read(2)), self.queries(lambda: read(10)))
