"""Last period's goals in the next one: the tree, what was left, once."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestGoalCopy(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.next = cls.make_cycle(
            "The next year",
            date_start=cls.cycle.date_start.replace(year=cls.year + 1),
            date_end=cls.cycle.date_end.replace(year=cls.year + 1),
        )
        # made from below, so that ids do not follow the tree
        cls.own = cls.make_goal(cls.employee, (cls.ind_sum, 20), name="Own")
        cls.unit = cls.make_goal(cls.department_sub, (cls.ind_sum, 60), name="Unit")
        cls.whole = cls.make_goal(cls.company, (cls.ind_sum, 100), name="Whole")
        cls.unit.parent_id = cls.whole
        cls.own.parent_id = cls.unit
        cls.goals = cls.own | cls.unit | cls.whole

    def copy(self, by="officer", **values):
        return (
            self.env["hr.performance.goal.copy"]
            .with_user(self.users[by])
            .create({"cycle_id": self.cycle.id, "company_id": self.company.id} | values)
        )

    def copies(self):
        return self.env["hr.performance.goal"].search([("cycle_id", "=", self.next.id)])

    def one(self, name):
        return self.copies().filtered(lambda goal: goal.name == name)

    def test_a_cycle_with_its_tree(self):
        job = self.copy()
        self.assertEqual(job.target_cycle_id, self.next)
        self.assertEqual((job.to_copy_count, job.unfinished_count), (3, 3))
        job.action_start()
        self.assertEqual(job.batch_state, "done")
        self.assertEqual(
            self.copies().mapped(lambda goal: (goal.name, goal.parent_id.name)),
            [("Whole", False), ("Unit", "Whole"), ("Own", "Unit")],
        )
        self.assertEqual(self.copies().parent_id.cycle_id, self.next)
        self.assertEqual(set(self.copies().mapped("state")), {"draft"})
        self.assertEqual(self.one("Own").former_id, self.own)
        self.assertEqual(self.one("Own").measure_ids.date_end, self.next.date_end)

    def test_a_goal_of_half_a_year_is_one_of_the_next_year(self):
        """Who came in August has the next year whole, and so have the measures."""
        self.own.date_start = self.day(8, 1)
        self.assertEqual(self.own.measure_ids.date_start, self.day(8, 1))
        self.copy().action_start()
        copy = self.one("Own")
        for dated in (copy, copy.measure_ids):
            self.assertEqual(
                (dated.date_start, dated.date_end),
                (self.next.date_start, self.next.date_end),
            )

    def test_twice_copies_nothing_twice(self):
        self.copy().action_start()
        again = self.copy()
        self.assertEqual((again.to_copy_count, again.copied_count), (0, 3))
        with self.refused("nothing"):
            again.action_start()
        self.assertEqual(len(self.copies()), 3)

    def test_a_copy_moved_to_another_period_is_made(self):
        job = self.copy()
        job.action_start()
        elsewhere = self.make_cycle("Another year")
        self.one("Own").write({"parent_id": False, "cycle_id": elsewhere.id})
        self.assertEqual(job._count_batch(), 0)
        self.assertEqual(job._do_batch(10), 0)

    def test_killed_in_the_middle_parents_in_another_batch(self):
        job = self.copy()
        model = type(job)
        with patch.object(model, "_batch_size", 1):
            job.action_start()
            self.assertEqual(self.copies().mapped("name"), ["Whole"])
            with (
                patch.object(model, "_copy_values", side_effect=RuntimeError("Killed")),
                mute_logger("odoo.addons.hr_performance.models.batch_mixin"),
            ):
                job.sudo()._run_batch_or_explain()
            self.assertEqual(job.batch_state, "stopped")
            job.action_start()
            while job.batch_state == "running":
                job.sudo()._run_batch_or_explain()
        self.assertEqual(
            self.copies().mapped(lambda goal: (goal.name, goal.parent_id.name)),
            [("Whole", False), ("Unit", "Whole"), ("Own", "Unit")],
        )

    def test_of_a_person_and_of_a_unit(self):
        self.copy(employee_ids=self.employee.ids).action_start()
        self.assertEqual(self.copies().mapped("name"), ["Own"])
        self.assertFalse(self.copies().parent_id)  # last year's goal is over
        self.copy(department_ids=self.department.ids).action_start()
        self.assertEqual(set(self.copies().mapped("name")), {"Own", "Unit"})

    def test_chosen_goals(self):
        action = self.goals[:2].action_copy_into()
        job = self.env["hr.performance.goal.copy"].with_context(**action["context"])
        job = job.create({})
        self.assertEqual(job.to_copy_count, 2)
        other = self.make_goal(cycle_id=self.next.id)
        with self.refused("one period"):
            (self.goals | other).action_copy_into()

    def test_what_stays_behind(self):
        self.own.action_cancel("Not wanted")
        self.agree(self.unit).action_close("dropped")
        self.assertEqual(self.copy().to_copy_count, 1)
        left = self.make_goal(self.colleague)
        self.assertEqual(self.copy().to_copy_count, 2)
        self.colleague.active = False
        self.assertEqual(self.copy().to_copy_count, 1)
        self.assertTrue(left.exists())

    def test_unfinished_is_marked(self):
        # 12 of 20 is 60 %
        self.add_reading(self.ind_sum, 12)
        job = self.copy(goal_ids=self.own.ids)
        job.action_start()
        copy = self.one("Own")
        self.assertTrue(copy.was_unfinished)
        self.assertEqual(copy.former_progress, 60)
        self.assertEqual(copy.former_note, f"Unfinished in Year {self.year}: 60 %")

    def test_finished_is_not(self):
        self.add_reading(self.ind_sum, 20)
        self.copy(goal_ids=self.own.ids).action_start()
        self.assertFalse(self.one("Own").was_unfinished)
        self.assertFalse(self.one("Own").former_note)

    def test_baselines_and_targets(self):
        """12 of 20: from 12 to 21; 20 of 20 leaves no way when the target stays."""
        self.add_reading(self.ind_sum, 12)
        self.copy(goal_ids=self.own.ids, percent=5).action_start()
        measure = self.one("Own").measure_ids
        self.assertEqual((measure.baseline, measure.target), (12, 21))

    def test_the_same_baseline(self):
        self.add_reading(self.ind_sum, 12)
        self.copy(goal_ids=self.own.ids, new_baseline="same").action_start()
        measure = self.one("Own").measure_ids
        self.assertEqual((measure.baseline, measure.target), (0, 20))

    def test_reached_targets_keep_their_way(self):
        self.add_reading(self.ind_sum, 25)
        self.copy(goal_ids=self.own.ids).action_start()
        measure = self.one("Own").measure_ids
        self.assertEqual((measure.baseline, measure.target), (0, 20))

    def test_quarters_go_to_quarters(self):
        self.cycle.action_create_subperiods("quarter")
        self.next.action_create_subperiods("quarter")
        second = self.cycle.child_ids.sorted("date_start")[1]
        goal = self.make_goal(
            self.employee, (self.ind_sum, 5), name="Spring", cycle_id=second.id
        )
        goal.parent_id = self.own
        self.copy().action_start()
        copy = self.env["hr.performance.goal"].search([("former_id", "=", goal.id)])
        self.assertEqual(copy.cycle_id, self.next.child_ids.sorted("date_start")[1])
        self.assertEqual(copy.parent_id, self.one("Own"))

    def test_from_quarter_to_quarter_below_the_same_year(self):
        self.cycle.action_create_subperiods("quarter")
        first, second = self.cycle.child_ids.sorted("date_start")[:2]
        goal = self.make_goal(
            self.employee, (self.ind_sum, 5), cycle_id=first.id, parent_id=self.own.id
        )
        self.copy(cycle_id=first.id).action_start()
        copy = self.env["hr.performance.goal"].search([("former_id", "=", goal.id)])
        self.assertEqual((copy.cycle_id, copy.parent_id), (second, self.own))

    def test_a_manager_copies_the_line(self):
        job = self.copy("manager")
        job.action_start()
        self.assertEqual(set(self.copies().mapped("name")), {"Unit", "Own"})
        self.assertFalse(self.one("Unit").parent_id)

    def test_an_employee_copies_own_goals(self):
        self.copy("employee").action_start()
        self.assertEqual(self.copies().mapped("name"), ["Own"])

    def test_bad_input(self):
        for values, word in (
            ({"target_cycle_id": self.cycle.id}, "same period"),
            ({"percent": -100}, "More Ambitious By"),
            ({"percent": float("nan")}, "More Ambitious By"),
        ):
            with self.refused(word, error=ValidationError):
                self.copy(**values)

    def test_milestones_move_along(self):
        indicator = self.env["hr.performance.indicator"].create(
            {"name": "Steps", "scoring_rule": "milestones"}
        )
        goal = self.make_goal(
            self.employee,
            {
                "indicator_id": indicator.id,
                "milestone_ids": [
                    Command.create({"name": "One", "date_deadline": self.day(3, 31)})
                ],
            },
            name="Step by step",
        )
        self.copy(goal_ids=goal.ids).action_start()
        milestone = self.one("Step by step").measure_ids.milestone_ids
        self.assertEqual(
            milestone.date_deadline, self.day(3, 31).replace(year=self.year + 1)
        )
