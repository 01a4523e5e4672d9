"""What goals below take on of the target above: along the organisation and in time."""

from odoo.tests import tagged

from .common import PerformanceCommon


class CoverageCase(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ind_sum.write({"unit": "t€", "name": "Revenue"})
        cls.quarters = cls.env["hr.performance.cycle"].create(
            [
                {
                    "name": f"Q{number}",
                    "company_id": cls.company.id,
                    "parent_id": cls.cycle.id,
                    "period_type": "quarter",
                    "date_start": cls.day(3 * number - 2, 1),
                    "date_end": cls.day(3 * number, 30 if number in (2, 3) else 31),
                }
                for number in (1, 2, 3, 4)
            ]
        )

    def read(self, goal, who="director"):
        """What ``who`` reads of the goal's only measure."""
        return self.as_(goal.measure_ids, who)

    def assertCovered(self, goal, assigned, uncovered, who="director"):
        measure = self.read(goal, who)
        self.assertEqual((measure.assigned, measure.uncovered), (assigned, uncovered))


@tagged("post_install", "-at_install")
class TestCoverage(CoverageCase):
    def test_one_dimension(self):
        """120 for the company, 70 and 40 for its departments: 110 assigned, 10 left."""
        goal = self.make_goal(self.company, (self.ind_sum, 120))
        self.assertCovered(goal, 0, 120)
        for department, target in (
            (self.department, 70),
            (self.department_sibling, 40),
        ):
            self.make_goal(department, (self.ind_sum, target), parent_id=goal.id)
        self.assertCovered(goal, 110, 10)
        self.assertEqual(
            self.read(goal).coverage_text, "110 of 120 t€ along the organisation"
        )
        self.assertTrue(self.read(goal).is_uncovered)

    def test_what_does_not_count(self):
        goal = self.make_goal(self.company, (self.ind_sum, 100))
        child = self.make_goal(self.department, (self.ind_sum, 100), parent_id=goal.id)
        self.assertCovered(goal, 100, 0)
        self.assertFalse(self.read(goal).is_uncovered)
        for values in ({"link": "supports"}, {"active": False}, {"state": "cancelled"}):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                child.write(values)
                self.assertCovered(goal, 0, 100)
                savepoint.rollback()
            self.env.invalidate_all()
        self.make_goal(self.department, (self.ind_ratio, 7), parent_id=goal.id)
        self.assertCovered(goal, 100, 0)

    def test_two_dimensions_are_never_added(self):
        """110 along the organisation, 4 × 30 = 120 by quarter: the smaller one counts."""
        goal = self.make_goal(self.company, (self.ind_sum, 120))
        self.make_goal(self.department, (self.ind_sum, 110), parent_id=goal.id)
        for quarter in self.quarters:
            part = self.make_goal(
                self.company,
                (self.ind_sum, 30),
                cycle_id=quarter.id,
                parent_id=goal.id,
            )
            self.assertTrue(part.is_time_part)
        self.assertCovered(goal, 110, 10)
        self.assertEqual(
            self.read(goal).coverage_text,
            "110 of 120 t€ along the organisation, 120 of 120 t€ by quarter",
        )

    def test_both_dimensions_have_to_hold(self):
        """Whichever holds less well tells, also below zero and where less is better."""
        measures = self.env["hr.performance.measure"]
        for direction, target, organisation, by_quarter, uncovered in (
            ("higher", 120, 120, 30, 0),
            ("higher", 120, 130, 25, 20),
            ("higher", -120, -110, -30, -10),
            ("lower", 120, 130, 30, -10),
            ("lower", 120, 120, 25, 20),
            ("lower", 120, 120, 30, 0),
        ):
            self.ind_sum.direction = direction
            goal = self.make_goal(self.company, (self.ind_sum, target))
            self.make_goal(
                self.department, (self.ind_sum, organisation), parent_id=goal.id
            )
            for quarter in self.quarters:
                self.make_goal(
                    self.company,
                    (self.ind_sum, by_quarter),
                    cycle_id=quarter.id,
                    parent_id=goal.id,
                )
            with self.subTest(direction, target=target, organisation=organisation):
                self.assertCovered(goal, target - uncovered, uncovered)
                self.assertEqual(self.read(goal).is_uncovered, bool(uncovered))
                found = measures.search([("is_uncovered", "=", True)])
                self.assertEqual(goal.measure_ids in found, bool(uncovered))

    def test_what_does_not_add_up_has_no_coverage(self):
        """A level at the end of each quarter adds up across units, not over time."""
        head_count = self.ind_last
        head_count.rollup = "sum"
        goal = self.make_goal(self.company, (head_count, 100))
        self.make_goal(self.department, (head_count, 60), parent_id=goal.id)
        self.make_goal(
            self.company,
            (head_count, 25),
            cycle_id=self.quarters[0].id,
            parent_id=goal.id,
        )
        self.assertCovered(goal, 60, 40)
        rate = self.make_goal(self.company, (self.ind_average, 100))
        self.make_goal(self.department, (self.ind_average, 100), parent_id=rate.id)
        self.assertCovered(rate, None, None)
        self.assertFalse(self.read(rate).coverage_text)

    def test_an_agreed_goal_keeps_how_it_adds_up(self):
        goal = self.agree(self.make_goal(self.company, (self.ind_sum, 120)))
        self.make_goal(self.department, (self.ind_sum, 50), parent_id=goal.id)
        self.ind_sum.rollup = "average"
        self.assertCovered(goal, 50, 70)

    def test_decimals_that_people_typed_add_up(self):
        """0.1 + 0.2 is 0.3 here, and nothing is left."""
        goal = self.make_goal(self.company, (self.ind_sum, 0.3))
        for target in (0.1, 0.2):
            self.make_goal(self.department, (self.ind_sum, target), parent_id=goal.id)
        self.assertCovered(goal, 0.3, 0)

    def test_the_search_finds_what_the_field_says(self):
        Goal = self.env["hr.performance.goal"]
        covered = self.make_goal(self.company, (self.ind_sum, 10))
        open_ = self.make_goal(self.company, (self.ind_sum, 10))
        alone = self.make_goal(self.company, (self.ind_sum, 10))
        self.make_goal(self.department, (self.ind_sum, 12), parent_id=covered.id)
        self.make_goal(self.department, (self.ind_sum, 4), parent_id=open_.id)
        goals = covered | open_ | alone
        self.ind_sum.flush_recordset()
        for direction, expected in (("higher", open_), ("lower", covered | open_)):
            self.ind_sum.direction = direction
            with self.subTest(direction):
                found = Goal.search([("is_uncovered", "=", True)]) & goals
                self.assertEqual(found, expected)
                self.assertEqual(goals.filtered("is_uncovered"), expected)
        self.assertEqual(Goal.search([("is_uncovered", "=", False)]) & goals, alone)

    def test_a_hidden_target_cannot_be_got_by_subtraction(self):
        """Totals with one or two hidden people in them are kept from who cannot read them."""
        goal = self.make_goal(self.department_sub, (self.ind_sum, 100))
        self.make_goal(self.manager, (self.ind_sum, 30), parent_id=goal.id)
        self.make_goal(self.employee, (self.ind_sum, 20), parent_id=goal.id)
        measures = self.env["hr.performance.measure"]

        def found(who):
            return goal.measure_ids in self.as_(measures, who).search(
                [("is_uncovered", "=", True)]
            )

        self.assertCovered(goal, 50, 50)
        self.assertTrue(found("director"))
        self.assertCovered(goal, 50, 50, "manager")
        # the employee does not read the manager's goal: 50 - 20 would tell it
        for who in ("employee", "colleague"):
            self.assertCovered(goal, None, None, who)
            self.assertFalse(self.read(goal, who).is_uncovered)
            self.assertFalse(self.read(goal, who).coverage_text)
            self.assertFalse(found(who))
        self.make_goal(self.colleague, (self.ind_sum, 10), parent_id=goal.id)
        # two others are hidden to each of the three, all three to the officer's peer
        self.assertCovered(goal, None, None, "employee")
        self.make_goal(self.officer, (self.ind_sum, 5), parent_id=goal.id)
        self.assertCovered(goal, 65, 35, "employee")
        self.assertTrue(found("employee"))

    def test_coverage_costs_one_query(self):
        for width in (1, 30):
            goal = self.make_goal(self.company, (self.ind_sum, 100))
            for _number in range(width):
                self.make_goal(self.department, (self.ind_sum, 1), parent_id=goal.id)
        measures = self.env["hr.performance.measure"].search([])
        measures.mapped("unit")
        self.env.flush_all()
        with self.assertQueryCount(1):
            measures._totals_below()
