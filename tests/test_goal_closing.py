"""Closing: decision and lesson, and what is carried over to the next period."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PerformanceCommon
from .rpc import RpcCommon


class ClosingCommon(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.next_cycle = cls.make_cycle(
            "The next year",
            date_start=date(cls.year + 1, 1, 1),
            date_end=date(cls.year + 1, 12, 31),
        )

    def close(self, goals, who="manager", **values):
        """Close through the dialog; the action it returns."""
        dialog = self.env["hr.performance.goal.close"].with_user(self.users[who])
        return dialog.create({"goal_ids": goals.ids, **values}).action_confirm()


@tagged("post_install", "-at_install")
class TestClosing(ClosingCommon):
    def test_each_goal_has_its_own_suggestion(self):
        """200 of 100 points are achieved, 60 partly, 10 not; without a value nobody knows."""
        goals = self.env["hr.performance.goal"]
        for holder, value in (
            (self.employee, 20),
            (self.colleague, 6),
            (self.manager, 1),
        ):
            goals += self.agree(self.make_goal(holder, (self.ind_sum, 10)))
            self.add_reading(self.ind_sum, value, holder)
        dialog = self.env["hr.performance.goal.close"].with_user(self.director_user)
        wizard = dialog.create({"goal_ids": goals.ids})
        self.assertFalse(wizard.decision)
        self.assertEqual(
            wizard.line_ids.mapped("decision"), ["achieved", "partly", "not_achieved"]
        )
        wizard.line_ids[1].write({"decision": "dropped", "lesson": "Start earlier"})
        wizard.action_confirm()
        self.assertEqual(
            goals.mapped("decision"), ["achieved", "dropped", "not_achieved"]
        )
        self.assertEqual(goals.mapped("lesson"), [False, "Start earlier", False])

        silent = self.agree(self.make_goal(self.employee, (self.ind_last, 10)))
        with self.refused("Choose how", silent.name):
            self.close(silent)

    def test_a_lesson_is_found_by_the_next_goal_on_the_indicator(self):
        old = self.agree(self.make_goal(None, (self.ind_sum, 10), name="Old"))
        self.as_(old, "manager").action_close("partly", "  Start earlier ")
        self.assertEqual(self.as_(old, "employee").lesson, "Start earlier")
        new = self.make_goal(None, (self.ind_sum, 12), name="New")
        mine = self.as_(new, "employee")
        self.assertEqual(mine.earlier_lesson_count, 1)
        self.assertEqual(
            mine.earlier_lessons,
            f"{self.cycle.name} · Old · Partly achieved: Start earlier",
        )
        # on another indicator, and to the goal itself, it is none
        self.assertFalse(
            self.as_(
                self.make_goal(None, (self.ind_last, 1)), "employee"
            ).earlier_lessons
        )
        self.assertFalse(self.as_(old, "employee").earlier_lessons)
        goals = self.as_(old.browse(), "employee")
        self.assertEqual(goals.search([("lesson", "ilike", "EARLIER")]), old)
        self.assertEqual(goals.search([("lesson", "!=", False)]), old)
        self.assertIn(new, goals.search([("lesson", "=", False)]))
        # a colleague's new goal learns nothing of a private one
        theirs = self.make_goal(self.colleague, (self.ind_sum, 5))
        self.assertEqual(self.as_(theirs, "colleague").earlier_lesson_count, 0)
        self.assertEqual(self.as_(theirs, "manager").earlier_lesson_count, 1)

    def test_reopening_takes_the_lesson_back(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        goal.action_close("partly", "Start earlier")
        self.as_(goal, "administrator").action_reopen("Too early")
        goal = self.as_(goal, "manager")
        self.assertFalse(goal.lesson)
        self.assertIn("Start earlier", goal.revision_ids.mapped("reason"))

    def test_lessons_cost_the_same_for_many(self):
        old = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        old.action_close("partly", "Start earlier")

        def queries(count):
            goals = old.browse()
            for _number in range(count):
                goals += self.make_goal(None, (self.ind_sum, 10))
            goals = self.as_(goals, "manager")
            before = self.cr.sql_log_count
            self.assertEqual(goals.mapped("earlier_lesson_count"), [1] * count)
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(20))


@tagged("post_install", "-at_install")
class TestCarryingOver(ClosingCommon):
    def test_what_is_left(self):
        """90 of 120 leaves 30; a level goes on from 36 to 40; reached milestones are over."""
        steps = self.env["hr.performance.indicator"].create(
            {"name": "Steps", "scoring_rule": "milestones"}
        )
        goal = self.agree(
            self.make_goal(
                None,
                (self.ind_sum, 120),
                {"indicator_id": self.ind_last.id, "baseline": 32, "target": 40},
                {
                    "indicator_id": steps.id,
                    "milestone_ids": [
                        Command.create({"name": "Draft", "weight": 1}),
                        Command.create({"name": "Signed", "weight": 2}),
                    ],
                },
                name="Win customers",
                weight=40,
            )
        )
        self.add_reading(self.ind_sum, 90)
        self.add_reading(self.ind_last, 36)
        goal.measure_ids.milestone_ids[0].action_reach()
        self.close(goal, decision="partly", next_step="carry")
        copy = goal.next_ids
        self.assertEqual(
            (copy.name, copy.state, copy.weight, copy.cycle_id, copy.former_id),
            ("Win customers", "draft", 40.0, self.next_cycle, goal),
        )
        self.assertEqual(copy.origin, f"carry:{goal.id}:cycle:{self.next_cycle.id}")
        customers, level, milestones = copy.measure_ids
        self.assertEqual((customers.baseline, customers.target), (0, 30))
        self.assertEqual((level.baseline, level.target), (36, 40))
        self.assertEqual(milestones.milestone_ids.mapped("name"), ["Signed"])
        self.assertEqual(customers.date_end, self.next_cycle.date_end)
        # and what was agreed stays as it was
        self.assertEqual(goal.measure_ids.mapped("target"), [120, 40, 0])

    def test_what_is_left_of_a_posts_goal_is_each_holders(self):
        """Three holders, 120 each: of 360 are 240 left, which is 80 each."""
        self.job.department_id = self.department_sub
        goal = self.agree(
            self.make_goal(self.job, (self.ind_sum, 120), holder_share="each")
        )
        self.add_reading(self.ind_sum, 120)
        self.assertEqual(goal.measure_ids.target_by_days, 360)
        # by the head of the department, who may not read how many days are held
        self.env.invalidate_all()
        self.close(goal, "director", decision="partly", next_step="carry")
        self.assertAlmostEqual(goal.next_ids.measure_ids.target, 80)

    def test_what_came_with_a_post_comes_with_it_again(self):
        """Else the holder would have the goal twice once that of the post is agreed."""
        self.job.department_id = self.department_sub
        post = self.agree(
            self.make_goal(self.job, (self.ind_sum, 120), holder_share="each")
        )
        own = post.held_goal_ids.filtered(
            lambda goal: goal.employee_id == self.employee
        )
        action = self.close(own, decision="partly", next_step="modify")
        self.assertEqual(own.state, "closed")
        self.assertFalse(own.next_ids)
        self.assertIn(own.name, action["params"]["message"])
        self.assertEqual(
            action["params"]["next"], {"type": "ir.actions.act_window_close"}
        )
        self.close(post, "director", decision="partly", next_step="carry")
        self.agree(post.next_ids)
        self.assertEqual(
            self.env["hr.performance.goal"].search_count(
                [
                    ("employee_id", "=", self.employee.id),
                    ("cycle_id", "=", self.next_cycle.id),
                ]
            ),
            1,
        )

    def test_nothing_is_made_twice(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        self.close(goal, decision="partly", next_step="carry")
        copy = goal.next_ids
        self.as_(goal, "administrator").action_reopen("Too early")
        goal.action_agree()
        action = self.close(goal, decision="achieved", next_step="modify")
        self.assertEqual(goal.next_ids, copy)
        self.assertEqual(
            (action["res_id"], action["views"]), (copy.id, [(False, "form")])
        )

    def test_the_tree_comes_along_in_any_order(self):
        above = self.agree(self.make_goal(self.company, name="Above"))
        middle = self.agree(
            self.make_goal(self.department_sub, name="Middle", parent_id=above.id)
        )
        leaf = self.agree(self.make_goal(None, name="Leaf", parent_id=middle.id))
        self.close(leaf, decision="partly", next_step="carry")
        self.assertFalse(leaf.next_ids.parent_id)
        self.close(middle | above, "officer", decision="partly", next_step="carry")
        self.assertEqual(leaf.next_ids.parent_id, middle.next_ids)
        self.assertEqual(middle.next_ids.parent_id, above.next_ids)

    def test_a_goal_above_that_lasts_stays_above(self):
        quarters = [
            self.make_cycle(
                f"Quarter {number}",
                period_type="quarter",
                parent_id=self.cycle.id,
                date_start=date(self.year, 3 * number - 2, 1),
                date_end=date(self.year, 3 * number, 30),
            )
            for number in (2, 3)
        ]
        above = self.agree(self.make_goal(self.department_sub))
        goal = self.agree(self.make_goal(cycle_id=quarters[0].id, parent_id=above.id))
        self.close(goal, decision="partly", next_step="carry")
        self.assertEqual(goal.next_ids.cycle_id, quarters[1])
        self.assertEqual(goal.next_ids.parent_id, above)

    def test_no_next_period(self):
        self.next_cycle.unlink()
        goal = self.agree(self.make_goal())
        with self.refused("no open period after", goal.name):
            self.close(goal, decision="partly", next_step="carry")

    def test_only_the_line_closes(self):
        goal = self.agree(self.make_goal(visibility="everyone"))
        for who in ("employee", "colleague"):
            with self.subTest(who), self.assertRaises(AccessError):
                self.close(goal, who, decision="achieved", next_step="carry")


@tagged("post_install", "-at_install")
class TestLessonAttacks(RpcCommon):
    def test_a_colleague_reads_no_lesson_of_a_public_goal(self):
        goal = self.agree(
            self.make_goal(None, (self.ind_sum, 10), visibility="everyone")
        )
        self.as_(goal, "manager").action_close("partly", "SECRET-4711")
        theirs = self.make_goal(self.colleague, (self.ind_sum, 10))
        goals = goal.browse()
        for who, reads in (("manager", True), ("employee", True), ("colleague", False)):
            with self.subTest(who):
                answer = self.rpc(who, goal, "read", ["decision", "lesson"])
                self.assertEqual(answer[0]["decision"], "partly")
                self.assertEqual("SECRET" in str(answer), reads)
                for domain in (
                    [("lesson", "ilike", "SECRET")],
                    [("lesson", "!=", False), ("id", "=", goal.id)],
                ):
                    self.assertEqual(
                        bool(self.rpc(who, goals, "search", domain)), reads
                    )
        answer = self.rpc("colleague", theirs, "read", ["earlier_lessons"])
        self.assertNotIn("SECRET", str(answer))
        # while a goal is being written, too
        measure = Command.create({"indicator_id": self.ind_sum.id})
        for who, count in (("manager", 1), ("colleague", 0)):
            form = self.rpc(
                who,
                goals,
                "onchange",
                [],
                {"measure_ids": [measure]},
                ["measure_ids"],
                {
                    "earlier_lesson_count": {},
                    "earlier_lessons": {},
                    "measure_ids": {"fields": {"indicator_id": {}}},
                },
            )
            self.assertEqual(form["value"].get("earlier_lesson_count", 0), count)
            self.assertEqual("SECRET" in str(form), bool(count))
        for who in ("employee", "manager", "administrator"):
            self.rpc(who, goal, "write", {"lesson": "Forged"})  # to no effect
            self.assertEqual(self.as_(goal, "manager").lesson, "SECRET-4711")
            self.assertRefused(who, goal, "write", {"former_id": theirs.id})

    def test_the_dialog_tells_nothing_of_hidden_goals(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10), name="SECRET-4711"))
        self.add_reading(self.ind_sum, 20)
        dialog = self.env["hr.performance.goal.close"]
        line = self.env["hr.performance.goal.close.line"]
        own = self.make_goal(self.colleague)
        wizard = self.rpc(
            "colleague", dialog, "create", [{"goal_ids": own.ids, "decision": "partly"}]
        )
        for values in ({}, {"decision": "partly", "lesson": "x", "next_step": "end"}):
            self.assertRefused(
                "colleague",
                line,
                "create",
                [{"close_id": wizard[0], "goal_id": goal.id} | values],
            )
        lines = line.search([("close_id", "=", wizard[0])])
        self.assertRefused("colleague", lines, "write", {"goal_id": goal.id})
        self.assertRefused("colleague", dialog, "create", [{"goal_ids": goal.ids}])
