"""A manager names a risk, finds it on the matrix and treats it; the goal turns green."""

from odoo.tests import HttpCase, tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestRiskTour(PerformanceCommon, HttpCase):
    def test_from_goal_to_matrix_and_back(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 20), name="Win 20"))
        self.add_reading(self.ind_sum, 20)
        self.assertEqual(goal.health, "on_track")
        self.start_tour(
            "/odoo",
            "hr_performance_risk",
            login="perf_manager",
            timeout=120,
        )
        self.env.invalidate_all()
        risk = goal.risk_ids
        self.assertEqual(
            (risk.name, risk.level, risk.residual_level, risk.state),
            ("The only supplier fails", 20, 8, "treated"),
        )
        self.assertEqual(goal.health, "on_track")
