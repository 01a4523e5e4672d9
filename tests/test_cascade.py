"""Goals broken down along the organisation and along time."""

from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import PerformanceCommon


class CascadeCase(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goals = cls.env["hr.performance.goal"]
        cls.revenue = cls.env["hr.performance.indicator"].create(
            {"name": "Sales", "code": "T_SALES", "digits": 2, "unit": "NOK"}
        )
        cls.revenue.action_activate()
        cls.company_goal = cls.agree(
            cls.make_goal(
                cls.company,
                (cls.revenue, 120_000_000),
                name="Sell for 120 M",
                responsible_id=cls.director.id,
            )
        )
        cls.unit_goal = cls.make_goal(
            cls.department_sub, (cls.ind_sum, 30), name="Win 30 customers"
        )

    def plan(self, goal, by="manager", **values):
        """The plan for ``goal`` as ``by`` sees it, with ``values`` chosen."""
        action = self.as_(goal, by).action_cascade()
        plan = self.as_(self.env["hr.performance.cascade"], by).browse(action["res_id"])
        if values:
            plan.write(values)
        return plan

    def make(self, plan):
        """Make everything as the preview's button and the scheduler do."""
        plan.action_start()
        with self.enter_registry_test_mode():
            self.env.ref("hr_performance.ir_cron_run_batches").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(plan.batch_state, "done")
        return self.below(plan.source_ids)

    def below(self, goals):
        return self.goals.search(
            [("id", "child_of", goals.ids), ("id", "not in", goals.ids)], order="id"
        )

    def targets(self, goals):
        return {
            (goal._holder().name, goal.cycle_id.name): goal.measure_ids.target
            for goal in goals
        }


@tagged("post_install", "-at_install")
class TestCascade(CascadeCase):
    def test_good_defaults(self):
        """A manager of two opens it and has nothing to fill in."""
        plan = self.plan(self.unit_goal)
        self.assertEqual(plan.receiver, "employee")
        self.assertEqual(plan.line_ids.employee_id, self.employee | self.colleague)
        self.assertEqual(set(plan.line_ids.mapped("name")), {"Win 30 customers"})
        goals = self.make(plan)
        # 30 customers over two: 15 each
        self.assertRecordValues(
            goals,
            [
                {
                    "employee_id": person.id,
                    "parent_id": self.unit_goal.id,
                    "cycle_id": self.cycle.id,
                    "state": "proposed",
                    "link": "contributes",
                }
                for person in (self.colleague, self.employee)
            ],
        )
        self.assertEqual(goals.measure_ids.mapped("target"), [15, 15])
        self.assertEqual(self.unit_goal.measure_ids.uncovered, 0)

    def test_along_both_at_once(self):
        """120 M over three departments by headcount, over the quarters by last year.

        Sales has 5 of 10 people, Support 3, Service 2: 60, 36 and 24 M. Last year a fifth
        was sold in the first quarter, a quarter in each of the two next, the rest in the
        last one. So Sales is to sell for 12, 15, 15 and 18 M; Service for 4.8, 6, 6, 7.2.
        """
        self.cycle.action_create_subperiods("quarter")
        service = self.env["hr.department"].create(
            {"name": "Service", "company_id": self.company.id}
        )
        people = self.env["hr.employee"].create(
            [
                {
                    "name": f"Person {number}",
                    "company_id": self.company.id,
                    "department_id": unit.id,
                }
                for number, unit in enumerate(
                    [self.department] * 1
                    + [self.department_sibling] * 3
                    + [service] * 2
                )
            ]
        )
        # in Sales: director, one more; in Sales North: manager, employee, colleague
        self.assertEqual(len(people), 6)
        for month, value in ((2, 20), (5, 25), (8, 25), (11, 30)):
            self.add_reading(
                self.revenue,
                value,
                self.company,
                date=self.day(month).replace(year=self.year - 1),
            )
        plan = self.plan(
            self.company_goal, "officer", receiver="department", period_type="quarter"
        )
        plan.measure_ids.grid_choose("method", "headcount")
        plan.measure_ids.grid_choose("profile", "last_period")
        plan.step = "preview"
        goals = self.make(plan)
        self.assertEqual(len(goals), 3 * 5)
        year = self.cycle.name
        expected = {}
        for unit, total, quarters in (
            ("Sales", 60e6, (12e6, 15e6, 15e6, 18e6)),
            ("Support", 36e6, (7.2e6, 9e6, 9e6, 10.8e6)),
            ("Service", 24e6, (4.8e6, 6e6, 6e6, 7.2e6)),
        ):
            expected[unit, year] = total
            for number, amount in enumerate(quarters, 1):
                expected[unit, f"{year} Q{number}"] = amount
        self.assertEqual(self.targets(goals), expected)
        whole = goals.filtered(lambda goal: goal.cycle_id == self.cycle)
        self.assertEqual(whole.parent_id, self.company_goal)
        parts = goals - whole
        for part in parts:
            self.assertEqual(part.parent_id._holder(), part._holder())
            self.assertIn(part.parent_id, whole)
            self.assertTrue(part.is_time_part)
        self.assertEqual(self.company_goal.measure_ids.uncovered, 0)
        self.assertEqual(set(whole.measure_ids.mapped("uncovered")), {0})

    def test_cents_add_up(self):
        """100.00 over three: 33.34, 33.33, 33.33; and each over four quarters as well."""
        self.cycle.action_create_subperiods("quarter")
        third = self.env["hr.department"].create(
            {"name": "Third", "company_id": self.company.id}
        )
        goal = self.make_goal(self.company, (self.revenue, 100))
        plan = self.plan(
            goal,
            "officer",
            receiver="department",
            period_type="quarter",
            step="targets",
        )
        self.assertEqual(len(plan.line_ids), 3)
        grid = plan.measure_ids.grid()
        self.assertEqual(
            sorted(row["cells"][0]["value"] for row in grid["rows"]),
            [33.33, 33.33, 33.34],
        )
        self.assertEqual(grid["totals"], [100, 25, 25, 25, 25])
        # the first is typed as 50, its first quarter as 20: 10 for each of the other
        # quarters, 25 for each of the other departments, 6.25 a quarter
        line = plan.line_ids.filtered(lambda line: line.department_id == third)
        quarters = [column["id"] for column in grid["columns"]]
        grid = plan.measure_ids.grid_save(
            "target",
            [
                {"line": line.id, "period": 0, "value": 50},
                {"line": line.id, "period": quarters[1], "value": 20},
            ],
        )
        rows = {
            row["id"]: [cell["value"] for cell in row["cells"]] for row in grid["rows"]
        }
        self.assertEqual(rows.pop(line.id), [50, 20, 10, 10, 10])
        self.assertEqual(
            list(rows.values()),
            [[25, 6.25, 6.25, 6.25, 6.25], [25, 6.25, 6.25, 6.25, 6.25]],
        )
        self.assertEqual(grid["uncovered"], 0)
        # taken back, all is as it was
        plan.measure_ids.grid_save(
            "target",
            [
                {"line": line.id, "period": 0, "value": None},
                {"line": line.id, "period": quarters[1], "value": None},
            ],
        )
        self.assertEqual(plan.measure_ids.grid()["totals"], [100, 25, 25, 25, 25])

    def test_more_than_asked_is_shown(self):
        plan = self.plan(self.unit_goal)
        first, second = plan.line_ids
        grid = plan.measure_ids.grid_save(
            "target",
            [
                {"line": first.id, "period": 0, "value": 20},
                {"line": second.id, "period": 0, "value": 12},
            ],
        )
        self.assertEqual(grid["uncovered"], -2)
        self.assertIn("2 more than asked", " ".join(plan.preview()["hints"]))

    def test_cost_falls_for_everybody(self):
        """From 100 to 90 over two: each from 50 to 45."""
        self.unit_goal.measure_ids.write({"baseline": 100, "target": 90})
        goals = self.make(self.plan(self.unit_goal))
        self.assertEqual(goals.measure_ids.mapped("baseline"), [50, 50])
        self.assertEqual(goals.measure_ids.mapped("target"), [45, 45])

    def test_a_rate_is_the_same_for_all(self):
        goal = self.make_goal(self.department_sub, (self.ind_average, 4.5))
        plan = self.plan(goal)
        self.assertEqual(
            [value for value, _label in plan.measure_ids._methods("method")],
            ["same", "typed"],
        )
        with self.refused("does not add up", error=ValidationError):
            plan.measure_ids.method = "equal"
        grid = plan.measure_ids.grid()
        self.assertEqual((grid["adds_up"], grid["uncovered"]), (False, False))
        self.assertEqual(self.make(plan).measure_ids.mapped("target"), [4.5, 4.5])

    def test_along_time_only(self):
        """One's own year in months: 30 over twelve, below the goal itself."""
        self.cycle.action_create_subperiods("month")
        goal = self.make_goal(self.employee, (self.ind_sum, 30))
        plan = self.plan(goal, "employee")
        self.assertEqual((plan.receiver, plan.period_type), ("holder", "quarter"))
        plan.write({"period_type": "month", "step": "targets"})
        goals = self.make(plan)
        self.assertEqual(len(goals), 12)
        self.assertEqual(goals.parent_id, goal)
        self.assertEqual(goals.responsible_id, self.employee)
        # 2.5 a month: 3 in six of them, 2 in the others
        self.assertEqual(sorted(goals.measure_ids.mapped("target")), [2] * 6 + [3] * 6)

    def test_missing_quarters(self):
        """HR makes them on the way, a manager is told whom to ask."""
        plan = self.plan(self.unit_goal, period_type="quarter")
        with self.refused("Quarters", "Ask HR"):
            plan.action_next()
        self.assertEqual(plan.step, "tasks")
        plan = self.plan(self.unit_goal, "officer", period_type="quarter")
        plan.action_next()
        self.assertEqual(len(self.cycle.child_ids), 4)
        # months of quarters: each quarter is divided
        plan.write({"period_type": "month"})
        plan.step = "preview"
        self.assertEqual(len(plan._periods(self.cycle)), 12)
        # 2 people: the year and twelve months each
        self.assertEqual(plan.preview()["to_make"], 26)

    def test_tasks_and_measures_of_each(self):
        self.unit_goal.measure_ids = [
            fields.Command.create({"indicator_id": self.ind_ratio.id, "target": 8})
        ]
        plan = self.plan(self.unit_goal)
        mine = plan.line_ids.filtered(lambda line: line.employee_id == self.employee)
        mine.write(
            {
                "name": "Win customers in the north",
                "tasks": "Call <everybody>\n\nVisit ten",
                "measure_ids": [fields.Command.unlink(plan.measure_ids[1].id)],
            }
        )
        goals = self.make(plan)
        goal = goals.filtered(lambda goal: goal.employee_id == self.employee)
        self.assertEqual(goal.name, "Win customers in the north")
        self.assertRecordValues(
            goal.action_ids,
            [
                {"name": "Call <everybody>", "responsible_id": self.employee.id},
                {"name": "Visit ten", "responsible_id": self.employee.id},
            ],
        )
        self.assertEqual(goal.measure_ids.indicator_id, self.ind_sum)
        other = (goals - goal).measure_ids
        # who is alone with a measure has all of it
        self.assertEqual(
            {measure.indicator_id: measure.target for measure in other},
            {self.ind_sum: 15, self.ind_ratio: 8},
        )

    def test_from_many_goals_at_once(self):
        second = self.make_goal(self.department_sub, (self.ind_ratio, 8), name="Sell")
        plan = self.plan(self.unit_goal | second)
        goals = self.make(plan)
        self.assertEqual(
            {goal.parent_id: goal.measure_ids.target for goal in goals},
            {self.unit_goal: 15, second: 4},
        )
        self.assertEqual(len(goals), 4)

    def test_posts_receive_too(self):
        self.job.department_id = self.department_sub
        plan = self.plan(self.unit_goal, receiver="job")
        goals = self.make(plan)
        self.assertRecordValues(
            goals, [{"scope": "job", "job_id": self.job.id, "state": "proposed"}]
        )

    # ---------------------------------------------------------------- nothing twice

    def test_twice_makes_nothing_twice(self):
        goals = self.make(self.plan(self.unit_goal))
        again = self.plan(self.unit_goal)
        self.assertEqual(again.batch_state, "draft")
        preview = again.preview()
        self.assertEqual((preview["existing"], preview["to_make"]), (2, 0))
        with self.refused("makes nothing"):
            again.action_start()
        self.assertEqual(self.below(self.unit_goal), goals)
        # one is deleted: only that one is made again
        lost = goals[0]
        lost.sudo().write({"state": "draft"})
        lost.sudo().unlink()
        self.assertEqual(len(self.make(again)), 2)

    def test_a_goal_by_hand_counts_as_there(self):
        by_hand = self.make_goal(self.employee, parent_id=self.unit_goal.id)
        plan = self.plan(self.unit_goal)
        preview = plan.preview()
        self.assertEqual((preview["existing"], preview["to_make"]), (1, 1))
        self.assertEqual((self.make(plan) - by_hand).employee_id, self.colleague)

    def test_goals_that_exist_stand_in_the_table(self):
        """30 over two: one has agreed on 12 already, 18 are left for the other.

        The quarters follow: 3 each of 12, and 18 over four is 4 or 5.
        """
        self.cycle.action_create_subperiods("quarter")
        by_hand = self.make_goal(
            self.employee, (self.ind_sum, 12), parent_id=self.unit_goal.id
        )
        by_hand.measure_ids.baseline = 2
        self.agree(by_hand)
        # another one beside it is about something else
        self.make_goal(self.employee, (self.ind_ratio, 5), parent_id=self.unit_goal.id)
        plan = self.plan(self.unit_goal, period_type="quarter", step="targets")
        grid = plan.measure_ids.grid()
        rows = {row["name"]: row["cells"] for row in grid["rows"]}
        whole, *quarters = rows[self.employee.name]
        self.assertEqual(
            whole,
            {
                "value": 12,
                "typed": False,
                "goal": {"id": by_hand.id, "state": "Agreed"},
            },
        )
        self.assertEqual([cell["value"] for cell in quarters], [3, 3, 3, 3])
        self.assertEqual(rows[self.colleague.name][0]["value"], 18)
        self.assertEqual((grid["totals"][0], grid["uncovered"]), (30, 0))
        baselines = plan.measure_ids.grid("baseline")["rows"]
        self.assertEqual(
            {row["name"]: row["cells"][0]["value"] for row in baselines},
            {self.employee.name: 2, self.colleague.name: 0},
        )
        line = plan.line_ids.filtered(lambda line: line.employee_id == self.employee)
        with self.refused(self.employee.name, "has this goal already"):
            plan.measure_ids.grid_save(
                "target", [{"line": line.id, "period": 0, "value": 15}]
            )
        preview = plan.preview()
        self.assertEqual((preview["existing"], preview["to_make"]), (1, 9))
        (row,) = [row for row in preview["rows"] if row["exists"]]
        self.assertIn("2 → 12", row["measures"][0])
        self.assertEqual((row["goal_id"], row["name"]), (by_hand.id, by_hand.name))
        self.assertEqual(preview["hints"], [])
        targets = self.targets(self.make(plan))
        year = self.cycle.name
        self.assertEqual(targets[self.employee.name, f"{year} Q1"], 3)
        self.assertEqual(targets[self.colleague.name, year], 18)
        self.assertEqual(self.unit_goal.measure_ids.uncovered, 0)

    def test_what_others_have_is_not_shared_again(self):
        """Who was not chosen now, but has 12 of 30 from before: 18 are left."""
        self.make_goal(self.employee, (self.ind_sum, 12), parent_id=self.unit_goal.id)
        plan = self.plan(self.unit_goal)
        plan.line_ids.filtered(
            lambda line: line.employee_id == self.employee
        ).selected = False
        grid = plan.measure_ids.grid()
        self.assertEqual(grid["rows"][0]["cells"][0]["value"], 18)
        self.assertEqual((grid["taken"], grid["uncovered"]), (12, 0))

    def test_a_goal_without_the_measure_takes_no_share(self):
        self.cycle.action_create_subperiods("quarter")
        self.make_goal(self.employee, (self.ind_ratio, 5), parent_id=self.unit_goal.id)
        plan = self.plan(self.unit_goal, period_type="quarter")
        rows = {row["name"]: row["cells"] for row in plan.measure_ids.grid()["rows"]}
        self.assertEqual({cell["value"] for cell in rows[self.employee.name]}, {False})
        self.assertEqual(rows[self.colleague.name][0]["value"], 30)
        parts = self.make(plan).filtered(
            lambda goal: goal.employee_id == self.employee and goal.is_time_part
        )
        self.assertEqual(len(parts), 4)
        self.assertFalse(parts.measure_ids)

    def test_a_hidden_goal_that_exists_tells_nothing(self):
        outsider = self.env["hr.employee"].create(
            {"name": "Outsider", "company_id": self.company.id}
        )
        self.make_goal(outsider, (self.ind_sum, 13), parent_id=self.unit_goal.id)
        plan = self.plan(self.unit_goal)
        grid = plan.measure_ids.grid()
        self.assertEqual((grid["taken"], grid["totals"]), (0, [30]))
        plan.line_ids[0].sudo().employee_id = outsider
        cells = [row["cells"][0] for row in plan.measure_ids.grid()["rows"]]
        self.assertEqual([cell["value"] for cell in cells], [False, 30])
        row = plan.preview()["rows"][0]
        self.assertEqual((row["goal_id"], row["name"]), (False, self.unit_goal.name))
        self.assertNotIn("13", str(row["measures"]))

    def test_a_cancelled_goal_makes_room(self):
        """Another one takes its place, and its origin with it."""
        first = self.make(self.plan(self.unit_goal))
        cancelled = first.filtered(lambda goal: goal.employee_id == self.employee)
        origin = cancelled.origin
        cancelled.action_cancel("Wrong place")
        again = self.plan(self.unit_goal)
        preview = again.preview()
        self.assertEqual((preview["existing"], preview["to_make"]), (1, 1))
        new = self.make(again) - first
        self.assertRecordValues(
            new, [{"employee_id": self.employee.id, "origin": origin}]
        )
        self.assertEqual(new.measure_ids.target, 15)
        self.assertRecordValues(cancelled, [{"origin": False, "state": "cancelled"}])

    def test_a_plan_is_kept(self):
        plan = self.plan(self.unit_goal, step="targets")
        self.assertEqual(self.plan(self.unit_goal), plan)
        # another person has a plan of their own
        self.assertNotEqual(self.plan(self.unit_goal, "officer"), plan)
        # other receivers: what was said about those that stay is kept
        plan.line_ids[0].name = "Another name"
        plan.write({"receiver": "employee"})
        self.assertEqual(plan.line_ids[0].name, "Another name")

    def test_killed_in_the_middle_it_goes_on(self):
        plan = self.plan(self.unit_goal)
        with patch.object(type(plan), "_batch_size", 1):
            plan.action_start()
        self.assertEqual((plan.batch_state, plan.batch_done), ("running", 1))
        with self.enter_registry_test_mode():
            self.env.ref("hr_performance.ir_cron_run_batches").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(plan.batch_state, "done")
        self.assertEqual(
            self.below(self.unit_goal).employee_id, self.employee | self.colleague
        )
        with self.refused("has begun"):
            plan.receiver = "department"

    def test_nothing_is_changed_while_it_runs(self):
        plan = self.plan(self.unit_goal)
        with patch.object(type(plan), "_batch_size", 1):
            plan.action_start()
        for change in (
            lambda: plan.write({"name": "Another"}),
            lambda: plan.line_ids[0].write({"name": "Another"}),
            lambda: plan.measure_ids.write({"method": "weight"}),
        ):
            with self.refused("is running"):
                change()

    def test_last_year_of_the_company_itself(self):
        """Chosen for departments; then it is cascaded along time only."""
        plan = self.plan(self.company_goal, "officer", receiver="department")
        plan.measure_ids.method = "last_period"
        plan.write({"receiver": "holder", "period_type": "whole"})
        grid = plan.measure_ids.grid()
        self.assertEqual([row["cells"][0]["value"] for row in grid["rows"]], [120e6])

    def test_the_plan_is_worked_out_once(self):
        """However many batches carry it out; what is wrong by then is left out."""
        self.cycle.action_create_subperiods("quarter")
        plan = self.plan(self.unit_goal, period_type="quarter")
        Plan = self.registry["hr.performance.cascade"]
        with (
            patch.object(Plan, "_batch_size", 3),
            patch.object(
                Plan, "_planned", autospec=True, side_effect=Plan._planned
            ) as planned,
        ):
            plan.action_start()
            self.assertEqual(planned.call_count, 1)
            # the second of two leaves after the first batch of year and two quarters
            (plan.line_ids[1].employee_id.sudo()).active = False
            with self.enter_registry_test_mode():
                self.env.ref(
                    "hr_performance.ir_cron_run_batches"
                ).method_direct_trigger()
            self.assertEqual(planned.call_count, 1)
        self.env.invalidate_all()
        self.assertRecordValues(plan, [{"batch_state": "done", "batch_done": 5}])
        self.assertFalse(plan.queue)
        goals = self.below(self.unit_goal)
        self.assertEqual(goals.employee_id, plan.line_ids[0].employee_id)
        self.assertEqual(sorted(goals.measure_ids.mapped("target")), [3, 4, 4, 4, 15])

    def test_many_people(self):
        """Queries do not grow with people; 2,000 goals and their activities are made."""
        unit = self.env["hr.department"].create(
            {"name": "Many", "company_id": self.company.id}
        )
        versions = [
            {
                "name": f"Person {number:04}",
                "company_id": self.company.id,
                "department_id": unit.id,
            }
            for number in range(300)
        ]
        self.env["hr.employee"].with_context(tracking_disable=True).create(versions)
        goal = self.make_goal(unit, (self.revenue, 1_000_000))
        plan = self.plan(goal, "officer", receiver="employee")
        self.assertEqual(plan.line_count, 300)
        grid = plan.measure_ids.grid("target", 260)
        self.assertEqual((len(grid["rows"]), grid["count"]), (40, 300))
        self.assertEqual(grid["totals"], [1_000_000])
        counts = {}
        self.assertEqual(plan._count_batch(), 300)
        for size in (20, 200):
            with patch.object(type(plan), "_batch_size", size):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.assertEqual(plan._do_batch(size), size)
                self.env.flush_all()
                counts[size] = self.env.cr.sql_log_count - before
        # ten times the people cost less than twice the queries
        self.assertLess(counts[200], 2 * counts[20], counts)
        goals = self.make(plan)
        self.assertEqual(len(goals), 300)
        targets = goals.measure_ids.mapped("target")
        self.assertEqual(sum(Decimal(str(target)) for target in targets), 1_000_000)

    # ---------------------------------------------------------------- problems

    def test_problems_are_named_before_anything_is_made(self):
        plan = self.plan(self.unit_goal)
        plan.measure_ids.grid_choose("method", "typed")
        plan.measure_ids.grid_save(
            "target", [{"line": plan.line_ids[0].id, "period": 0, "value": 30}]
        )
        preview = plan.preview()
        self.assertEqual((preview["to_make"], preview["problem_count"]), (1, 1))
        self.assertIn("no target yet", preview["problems"][0])
        plan.measure_ids.grid_save(
            "target", [{"line": plan.line_ids[1].id, "period": 0, "value": 0}]
        )
        self.assertIn("cannot go 0 → 0", plan.preview()["problems"][0])
        # somebody has left meanwhile
        plan.measure_ids.grid_choose("method", "equal")
        plan.measure_ids.grid_forget()
        self.colleague.sudo().active = False
        self.assertIn("archived", plan.preview()["problems"][0])
        self.assertEqual(self.make(plan).employee_id, self.employee)

    def test_where_nothing_can_be_made_the_reasons_are_named(self):
        plan = self.plan(self.unit_goal)
        plan.measure_ids.grid_choose("method", "typed")
        with self.refused("every goal has a problem or is there", "no target yet"):
            plan.action_start()
        plan.line_ids.selected = False
        with self.refused("nobody is chosen"):
            plan.action_start()

    def test_a_department_without_a_head_is_named(self):
        plan = self.plan(self.company_goal, "officer", receiver="department")
        preview = plan.preview()
        self.assertIn("Support", " ".join(preview["hints"]))
        self.assertEqual(preview["problem_count"], 0)

    def test_a_closed_quarter_is_named(self):
        self.cycle.action_create_subperiods("quarter")
        self.cycle.child_ids[-1].action_close()
        plan = self.plan(self.unit_goal, period_type="quarter")
        preview = plan.preview()
        self.assertEqual((preview["problem_count"], preview["to_make"]), (2, 8))
        self.assertIn("is closed", preview["problems"][0])

    def test_what_cannot_be_made_can_be_looked_at_alone(self):
        self.cycle.action_create_subperiods("month")
        self.cycle.child_ids[:4].action_close()
        plan = self.plan(self.unit_goal, period_type="month")
        preview = plan.preview(0, True)
        self.assertEqual((preview["count"], preview["problem_count"]), (8, 8))
        self.assertTrue(all("is closed" in row["problem"] for row in preview["rows"]))
        self.assertEqual(preview["more_problems"], 0)
        plan.measure_ids.grid_choose("profile", "typed")
        preview = plan.preview()
        # four closed months, and sixteen targets that nobody has typed
        self.assertEqual((len(preview["problems"]), preview["more_problems"]), (5, 15))

    def test_bad_figures(self):
        plan = self.plan(self.unit_goal)
        line = plan.line_ids[0].id
        for cell, words in (
            ({"line": line, "period": 0, "value": float("nan")}, "ordinary number"),
            ({"line": line, "period": 0, "value": "many"}, "ordinary number"),
            ({"line": line, "period": self.cycle_2.id, "value": 1}, "no longer"),
            ({"line": 0, "period": 0, "value": 1}, "no longer"),
        ):
            with self.subTest(cell=cell), self.refused(words):
                plan.measure_ids.grid_save("target", [cell])
        with self.refused("Choose targets"):
            plan.measure_ids.grid_save("score", [])
        with self.refused("not negative", error=ValidationError):
            plan.line_ids[0].share_weight = -1

    # ---------------------------------------------------------------- dialogue

    def test_a_proposal_is_on_record(self):
        """What was proposed is the start of the dialogue, also where a cascade does it."""
        goals = self.make(self.plan(self.unit_goal))
        self.assertEqual(goals.mapped("state"), ["proposed"] * 2)
        self.assertEqual(goals.revision_ids.mapped("step"), ["propose"] * 2)
        self.assertEqual(goals.revision_ids.user_id, self.manager_user)
        goals = self.make(self.plan(self.company_goal, "officer", goal_state="draft"))
        self.assertFalse(goals.revision_ids)

    def test_proposals_are_asked_what_the_cycle_demands(self):
        rule = self.env["hr.performance.smart.rule"].search(
            [("code", "=", "NO_ACTION")]
        )
        self.cycle.binding_rule_ids = rule
        plan = self.plan(self.unit_goal)
        with self.refused("Win 30 customers", rule.name):
            plan.action_start()
        self.assertFalse(self.below(self.unit_goal))
        plan.goal_state = "draft"
        self.assertEqual(self.make(plan).mapped("state"), ["draft"] * 2)

    def test_owners_are_asked_once(self):
        """One activity an owner, however many goals; none for drafts."""
        second = self.make_goal(self.department_sub, (self.ind_ratio, 8))
        self.make(self.plan(self.unit_goal | second))
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "hr.performance.goal")]
        )
        self.assertEqual(
            sorted(activities.user_id.ids),
            sorted([self.employee_user.id, self.colleague_user.id]),
        )
        self.assertEqual(len(activities), 2)
        third = self.make_goal(self.department_sub, (self.ind_last, 8))
        goals = self.make(self.plan(third, goal_state="draft"))
        self.assertEqual(set(goals.mapped("state")), {"draft"})

    # ---------------------------------------------------------------- rights

    def test_who_may_cascade_what(self):
        everybody = ("employee", "colleague", "manager", "director", "officer")
        personal = self.make_goal(self.employee, visibility="everyone")
        for goal, expected in (
            (self.unit_goal, {"manager", "director", "officer"}),
            (self.company_goal, {"director", "officer"}),
            (personal, {"employee", "manager", "director", "officer"}),
        ):
            for name in everybody:
                with self.subTest(goal=goal.name, by=name):
                    may = name in expected
                    self.assertEqual(self.as_(goal, name).can_cascade, may)
                    if may:
                        self.plan(goal, name)
                    else:
                        with self.refused("is cascaded by its owner"):
                            self.as_(goal, name).action_cascade()

    def test_a_hidden_goal_is_not_cascaded(self):
        hidden = self.make_goal(self.director)
        for name in ("employee", "manager", "other_officer"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(hidden, name).action_cascade()

    def test_only_to_the_own_line(self):
        """A manager is offered the line, and nobody else gets a goal either way."""
        outsider = self.env["hr.employee"].create(
            {
                "name": "Outsider",
                "company_id": self.company.id,
                "department_id": self.department_sub.id,
            }
        )
        outsider.parent_id = self.director
        plan = self.plan(self.unit_goal)
        self.assertNotIn(outsider, plan.line_ids.employee_id)
        # however they got in
        plan.line_ids[0].sudo().employee_id = outsider
        preview = plan.preview()
        self.assertIn("only HR and the managers above", preview["problems"][0])
        goals = self.make(plan)
        self.assertNotIn(outsider, goals.employee_id)

    def test_a_former_manager_goes_no_further(self):
        """The plan stays, the right to carry it out goes with the team."""
        plan = self.plan(self.unit_goal)
        self.department_sub.manager_id = self.director
        self.unit_goal.responsible_id = self.director
        (self.employee | self.colleague).parent_id = self.director
        plan = self.as_(plan, "manager")
        for call in (plan.preview, plan.action_start, plan.measure_ids.grid):
            with self.assertRaises(UserError):
                call()
        self.assertFalse(self.below(self.unit_goal))

    def test_an_officer_takes_over(self):
        plan = self.plan(self.unit_goal)
        self.make(self.as_(plan, "officer"))
        self.assertEqual(plan.sudo().batch_user_id, self.officer_user)


@tagged("post_install", "-at_install")
class TestContribution(CascadeCase):
    def test_contribute(self):
        action = self.as_(self.company_goal, "employee").action_contribute()
        goal = (
            self.as_(self.goals, "employee")
            .with_context(**action["context"])
            .create({"name": "Call more", "contribution": "Each call opens a door"})
        )
        self.assertRecordValues(
            goal,
            [
                {
                    "parent_id": self.company_goal.id,
                    "employee_id": self.employee.id,
                    "scope": "employee",
                    "state": "draft",
                    "link": "contributes",
                    "cycle_id": self.cycle.id,
                }
            ],
        )

    def test_not_to_what_is_over_or_personal(self):
        personal = self.make_goal(self.colleague, visibility="everyone")
        with self.refused("not a goal that you can contribute to"):
            self.as_(personal, "employee").action_contribute()
        self.company_goal.action_close("achieved")
        with self.refused("not a goal that you can contribute to"):
            self.as_(self.company_goal, "employee").action_contribute()

    def test_linking_takes_reading(self):
        hidden = self.make_goal(self.director)
        mine = self.make_goal(self.employee)
        goals = self.as_(self.goals, "employee")
        with self.assertRaises(AccessError):
            goals.create({"name": "A goal", "parent_id": hidden.id})
        with self.assertRaises(AccessError):
            self.as_(mine, "employee").parent_id = hidden
        self.as_(mine, "employee").parent_id = self.unit_goal

    def test_where_one_looks_for_a_goal_above(self):
        """The company's, the own chain of departments, the managers'."""
        sibling = self.make_goal(self.department_sibling)
        of_manager = self.make_goal(self.manager, visibility="everyone")
        of_director = self.make_goal(self.director)
        of_colleague = self.make_goal(self.colleague, visibility="everyone")
        mine = self.as_(self.make_goal(self.employee), "employee")
        found = self.as_(self.goals, "employee").search(mine.above_domain)
        self.assertLessEqual(self.company_goal | self.unit_goal | of_manager, found)
        self.assertFalse(found & (sibling | of_director | of_colleague | mine))
