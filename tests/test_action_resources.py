"""Resources where the goals are: totals, what there is, shares; and what was tried before."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..engine import resources
from .test_action import ActionCommon
from .test_query_counts import TestQueryCounts


class ResourceCommon(ActionCommon):
    """A tree with hours and money, worked out by hand::

    company      "Grow"      40 h
    └ Sales      "Sell"      10 h  1,000     weight 60
    ·   └ employee  (agreed) 30 h  2,000
    └ Sales      "Serve"                     weight 40
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action.unlink()
        cls.grow = cls.make_goal(cls.company, name="Grow")
        cls.sell = cls.make_goal(
            cls.department_sub, name="Sell", weight=60, parent_id=cls.grow.id
        )
        cls.serve = cls.make_goal(
            cls.department_sub, name="Serve", weight=40, parent_id=cls.grow.id
        )
        cls.goal.parent_id = cls.sell
        cls.on_grow = cls.make_action(cls.grow, planned_hours=40)
        cls.on_sell = cls.make_action(cls.sell, planned_hours=10, budget=1000)
        cls.on_goal = cls.make_action(planned_hours=30, budget=2000)
        cls.env.flush_all()


@tagged("post_install", "-at_install")
class TestGoalResources(ResourceCommon):
    def test_totals_with_those_below(self):
        self.assertEqual((self.grow.action_hours, self.grow.action_money), (80, 3000))
        self.assertEqual((self.sell.action_hours, self.sell.action_money), (40, 3000))
        self.assertEqual((self.goal.action_hours, self.goal.action_money), (30, 2000))
        self.assertEqual((self.serve.action_hours, self.serve.action_money), (0, 0))
        self.assertEqual(self.serve.action_note, "")
        self.on_grow.action_finish()
        self.make_action(self.grow).action_cancel()
        self.env.invalidate_all()
        self.assertEqual(self.grow.action_done_count, 1)
        self.assertEqual(
            self.grow.action_note,
            f"1 of 1 done · 80 hours · {self.money(3000)} · with 2 actions below",
        )

    def money(self, amount):
        return self.company.currency_id.format(amount)

    def test_what_ended_takes_what_is_gone(self):
        self.on_goal.used_hours = 12
        self.on_goal.action_cancel()
        self.assertEqual(self.sell.action_hours, 22)
        self.goal.action_cancel("Not wanted")
        self.env.invalidate_all()
        self.assertEqual(self.sell.action_hours, 10)

    def test_totals_follow_while_one_types(self):
        with Form(self.as_(self.goal, "manager")) as form:
            with form.action_ids.new() as line:
                line.name = "Call"
                line.planned_hours = 5
            self.assertIn("35 hours", form.action_note)

    def test_nobody_sums_up_what_is_hidden(self):
        sell = self.as_(self.sell, "colleague")
        self.assertEqual((sell.action_hours, sell.action_money), (10, 1000))
        self.on_goal.responsible_id = self.colleague
        self.assertEqual(self.as_(self.sell, "colleague").action_hours, 40)


@tagged("post_install", "-at_install")
class TestAllowance(ResourceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.allowance = cls.make_allowance(cls.department, hours=100, budget=2500)

    @classmethod
    def make_allowance(cls, department=None, **values):
        return cls.env["hr.performance.allowance"].create(
            {
                "cycle_id": cls.cycle.id,
                "department_id": department.id if department else False,
            }
            | values
        )

    def test_planned_against_what_there_is(self):
        allowance = self.allowance
        self.assertEqual((allowance.planned_hours, allowance.planned_money), (40, 3000))
        self.assertEqual((allowance.left_hours, allowance.left_money), (60, -500))
        self.assertTrue(allowance.is_exceeded)
        company = self.make_allowance(hours=80)
        self.assertEqual((company.planned_hours, company.left_hours), (80, 0))
        self.assertIsNone(company.left_money)
        self.assertFalse(company.is_exceeded)
        # what a sub-period plans is taken from the period
        quarter = self.make_cycle(
            "Q1",
            period_type="quarter",
            date_end=self.day(3, 31),
            parent_id=self.cycle.id,
        )
        goal = self.make_goal(self.company, cycle_id=quarter.id)
        self.make_action(goal, planned_hours=1)
        company.invalidate_recordset()
        self.assertTrue(company.is_exceeded)
        self.assertIn("81 of 80 hours", company.figure)
        own = self.make_allowance(cycle_id=quarter.id, hours=1)
        self.assertEqual(own.left_hours, 0)

    def test_the_goal_warns_and_refuses_nothing(self):
        note = self.as_(self.sell, "manager").allowance_note
        self.assertFalse(note)
        note = self.as_(self.sell, "director").allowance_note
        self.assertIn("Sales", note)
        self.assertIn("planned", note)
        self.assertFalse(self.as_(self.grow, "director").allowance_note)
        self.assertFalse(self.as_(self.sell, "employee").allowance_note)
        self.make_action(self.sell, budget=1e6)

    def test_bad_amounts(self):
        for name in ("hours", "budget"):
            with self.refused("Sales", "negative", error=ValidationError):
                self.allowance[name] = -1
        elsewhere = self.env["hr.department"].create(
            {"name": "Elsewhere", "company_id": self.company_2.id}
        )
        with self.refused("Elsewhere"):
            self.make_allowance(elsewhere)
        self.cycle.action_close()
        for change in (
            lambda: self.allowance.write({"hours": 1}),
            self.allowance.unlink,
            lambda: self.make_allowance(hours=1),
        ):
            with self.refused("is closed"):
                change()

    def test_its_actions(self):
        action = self.allowance.action_view_actions()
        found = self.env["hr.performance.action"].search(action["domain"])
        self.assertEqual(found, self.on_sell | self.on_goal)


@tagged("post_install", "-at_install")
class TestResourceReport(ResourceCommon):
    def rows(self, who=None):
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["hr.performance.resource"]
        report = self.as_(report, who) if who else report
        return {row.goal_id: row for row in report.search([])}

    def test_weight_beside_resources(self):
        rows = self.rows()
        sell, serve = rows[self.sell], rows[self.serve]
        self.assertEqual((sell.weight_share, serve.weight_share), (60, 40))
        self.assertEqual((sell.hours_share, serve.hours_share), (100, 0))
        self.assertEqual((sell.balance, serve.balance), ("balanced", "starved"))
        self.assertEqual((sell.hours, sell.total_hours), (10, 40))
        self.assertEqual(rows[self.grow].total_money, 3000)
        self.serve.weight = 0
        self.make_action(self.serve, budget=1000)
        row = self.rows()[self.serve]
        self.assertEqual((row.money_share, row.resource_share), (25, 12.5))
        self.assertEqual(row.balance, "unweighted")

    def test_shares_are_those_of_the_engine(self):
        amounts = ((60, 10, 0), (0, 30, 500), (25, 0, 1500), (15, 0, 0))
        goals = self.env["hr.performance.goal"]
        for weight, hours, money in amounts:
            goal = self.make_goal(self.colleague, weight=weight)
            self.make_action(goal, planned_hours=hours, budget=money)
            goals |= goal
        rows = self.rows()
        weights, hours, money = map(resources.shares, zip(*amounts, strict=True))
        for number, goal in enumerate(goals):
            row = rows[goal]
            share = resources.resource_share(hours[number], money[number])
            self.assertAlmostEqual(row.weight_share, weights[number])
            self.assertAlmostEqual(row.resource_share, share)
            self.assertEqual(row.balance, resources.balance(weights[number], share))

    def test_nothing_planned_is_no_finding(self):
        goal = self.make_goal(self.colleague)
        row = self.rows()[goal]
        self.assertFalse(row.balance)
        goal.weight = 0
        self.make_action(goal, planned_hours=1)
        self.assertFalse(self.rows()[goal].balance)

    def test_under_the_readers_own_rules(self):
        hidden = self.make_goal(self.employee, weight=300, visibility="line")
        self.make_action(hidden, planned_hours=970)
        self.goal.visibility = "everyone"
        own = self.rows("colleague")
        self.assertNotIn(hidden, own)
        # neither its weight nor its hours show in the shares of the others
        self.assertEqual(own[self.goal].weight_share, 100)
        self.assertEqual(own[self.goal].hours_share, 100)
        self.assertEqual(self.rows("manager")[self.goal].weight_share, 25)
        self.assertEqual(self.rows("manager")[self.goal].hours_share, 3)
        self.assertFalse(self.rows("other_officer"))

    def test_what_there_is_beside_it(self):
        allowance = self.env["hr.performance.allowance"].create(
            {
                "cycle_id": self.cycle.id,
                "department_id": self.department_sub.id,
                "hours": 100,
            }
        )
        row = self.rows("manager")[self.sell]
        self.assertEqual(row.allowance_id.sudo(), allowance)
        self.assertIn("40 of 100 hours", row.allowance_figure)
        row = self.rows("employee")[self.sell]
        self.assertFalse(row.allowance_id or row.allowance_figure)


@tagged("post_install", "-at_install")
class TestEarlierActions(ActionCommon):
    def test_tried_on_this_indicator(self):
        self.assertFalse(self.action.earlier_note)
        other = self.agree(self.make_goal(self.employee, (self.ind_sum, 5)))
        worked = self.judged("worked", other, name="Trade fair")
        self.env.invalidate_all()
        self.assertEqual(
            self.action.earlier_note, "Tried once on this indicator: worked 1"
        )
        self.judged("worked", other, name="Newsletter")
        partly = self.judged("partly", other, name="Partner evening")
        self.env.invalidate_all()
        self.assertEqual(
            self.action.earlier_note,
            "Tried 3 times on this indicator: worked 2, partly 1",
        )
        self.assertEqual(
            self.goal.earlier_actions_note,
            "Tried 3 times on this indicator: worked 2, partly 1",
        )
        actions = self.env["hr.performance.action"]
        self.assertEqual(
            actions._earlier_actions(self.ind_sum, effects=("partly",)), partly
        )
        self.assertFalse(actions._earlier_actions(self.ind_average))
        self.assertIn(
            worked, actions.search(self.goal.action_view_earlier_actions()["domain"])
        )
        self.assertIn(
            worked, actions.search([("indicator_ids", "in", self.ind_sum.ids)])
        )
        # what is done needs no advice
        self.action.action_finish()
        self.assertFalse(self.action.earlier_note)

    def test_tried_in_the_same_words(self):
        other = self.agree(self.make_goal(self.employee))
        for name, again, unlike in (
            ("Visit the ten largest customers", "visit ten largest customers", "Write"),
            ("Besøke de ti største kundene", "Besøk de ti største kundene", "Skriv"),
            ("拜访十大重点客户", "拜访十大客户", "写报告"),
        ):
            with self.subTest(name):
                self.judged("not_worked", other, name=name)
                self.action.name = again
                self.env.invalidate_all()
                self.assertEqual(
                    self.action.earlier_note, "Tried once before: did not work 1"
                )
                self.action.name = unlike
                self.assertFalse(self.action.earlier_note)

    def test_tried_from_the_library(self):
        template = self.env["hr.performance.goal.template"].create(
            {"name": "Sell", "action_ids": [(0, 0, {"name": "Train the partners"})]}
        )
        values = template._goal_values(self.cycle, self.day(1, 1), self.day(12, 31))
        first, second = self.env["hr.performance.goal"].create(
            [values | {"employee_id": self.employee.id} for _number in range(2)]
        )
        first.action_ids.name = "Something else altogether"
        first.action_ids.action_finish()
        first.action_ids.action_judge("worked", "Two evenings were enough")
        self.env.invalidate_all()
        self.assertEqual(second.action_ids.earlier_action_ids, first.action_ids)

    def test_while_one_writes(self):
        other = self.agree(self.make_goal(self.employee, (self.ind_average, 5)))
        self.judged("partly", other, name="Trade fair in May")
        with (
            Form(self.as_(self.goal, "manager")) as form,
            form.action_ids.new() as line,
        ):
            self.assertFalse(line.earlier_note)
            line.name = "Trade fair in June"
            self.assertEqual(line.earlier_note, "Tried once before: partly 1")

    def test_only_what_the_reader_may_read(self):
        secret = self.agree(self.make_goal(self.officer, (self.ind_sum, 5)))
        self.judged("worked", secret, name="Call")
        self.env.invalidate_all()
        self.assertTrue(self.action.earlier_note)
        for who in ("employee", "manager"):
            action = self.as_(self.action, who)
            self.assertFalse(action.earlier_note)
            self.assertFalse(action.earlier_action_ids)
            self.assertFalse(self.as_(self.goal, who).earlier_actions_note)
        self.assertTrue(self.as_(self.action, "director").earlier_note)

    def test_whoever_does_it_learns_nothing_of_a_hidden_goal(self):
        mine = self.agree(self.make_goal(self.colleague, (self.ind_sum, 5)))
        self.judged("worked", mine, name="Trade fair")
        self.action.responsible_id = self.colleague
        action = self.as_(self.action, "colleague")
        self.assertFalse(action.indicator_ids)
        # that something was tried on its indicator would tell which one it has
        self.assertFalse(action.earlier_note)
        found = action.search([("indicator_ids", "in", self.ind_sum.ids)])
        self.assertNotIn(action, found)


@tagged("post_install", "-at_install")
class TestResourceQueries(ResourceCommon):
    queries = TestQueryCounts.queries

    def grown(self, count):
        """As many goals, actions, allowances and judged actions."""
        goals = self.env["hr.performance.goal"].create(
            [
                {
                    "name": f"Goal {number}",
                    "cycle_id": self.cycle.id,
                    "employee_id": self.employee.id,
                    "parent_id": self.sell.id,
                    "measure_ids": [
                        (0, 0, {"indicator_id": self.ind_sum.id, "target": 10})
                    ],
                    "action_ids": [
                        (0, 0, {"name": f"Step {number}", "planned_hours": 1}),
                        (0, 0, {"name": f"Task {number}", "date_deadline": self.today}),
                    ],
                }
                for number in range(count)
            ]
        )
        self.agree(goals)
        done = goals.mapped(lambda goal: goal.action_ids[0])
        done.action_finish()
        done.action_judge("worked", "It did")
        return goals

    def test_screens_cost_the_same_for_many(self):
        few, many = self.grown(3), self.grown(30)
        departments = self.env["hr.department"].create(
            [{"name": f"D{n}", "company_id": self.company.id} for n in range(20)]
        )
        departments.manager_id = self.manager
        self.env["hr.performance.allowance"].create(
            [
                {"cycle_id": self.cycle.id, "department_id": unit.id, "hours": 1}
                for unit in departments
            ]
        )
        views = {
            "hr.performance.action": (
                "name earlier_note is_overdue allowed_states can_judge judge_id"
                " is_mine_to_judge counted_hours department_id cycle_id"
            ),
            "hr.performance.goal": (
                "action_hours action_money action_note allowance_note"
                " earlier_actions_note"
            ),
            "hr.performance.resource": (
                "goal_id weight_share resource_share balance allowance_figure"
            ),
            "hr.performance.allowance": "planned_hours left_hours is_exceeded figure",
        }
        for name, columns in views.items():
            with self.subTest(name):
                model = self.env[name].with_user(self.manager_user)
                about = {
                    "hr.performance.action": lambda goals: [
                        ("goal_id", "in", goals.ids)
                    ],
                    "hr.performance.goal": lambda goals: [("id", "in", goals.ids)],
                    "hr.performance.resource": lambda goals: [("id", "in", goals.ids)],
                    "hr.performance.allowance": lambda goals: [
                        ("department_id", "in", departments[: len(goals)].ids)
                    ],
                }[name]

                def read(goals, model=model, columns=columns, about=about):
                    spec = {column: {} for column in columns.split()}
                    self.assertTrue(model.web_search_read(about(goals), spec)["length"])

                self.queries(lambda r=read: r(few))
                counts = [self.queries(lambda r=read, g=g: r(g)) for g in (few, many)]
                self.assertEqual(counts[0], counts[1])
                self.assertLessEqual(counts[1], 60)

    def test_making_many_costs_little(self):
        def make(count):
            return self.env["hr.performance.action"].create(
                [
                    {
                        "goal_id": self.goal.id,
                        "name": f"Step {number}",
                        "date_deadline": self.today,
                    }
                    for number in range(count)
                ]
            )

        self.queries(lambda: make(1))
        few, many = self.queries(lambda: make(10)), self.queries(lambda: make(100))
        self.assertLessEqual(many - few, 3, (few, many))
