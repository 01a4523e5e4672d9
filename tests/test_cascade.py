"""Goals broken down along the organisation and along time."""

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
