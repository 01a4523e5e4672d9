"""A goal is broken down in the browser."""

from odoo.tests import HttpCase, tagged

from .test_cascade import CascadeCase


@tagged("post_install", "-at_install")
class TestCascadeTour(CascadeCase, HttpCase):
    def test_a_manager_of_two(self):
        # built on first use otherwise, which takes longer than a step may
        bundle = self.env["ir.qweb"]._get_asset_bundle(
            "web.assets_backend_lazy", autoprefix=True
        )
        bundle.js()
        bundle.css()
        self.start_tour(
            f"/odoo/performance-goals/{self.unit_goal.id}",
            "hr_performance_cascade",
            login="perf_manager",
            # what a form is made of is built on first use, longer than a step may take
            ready="document.querySelector('.o_form_view')"
            " && odoo.isTourReady('hr_performance_cascade')",
            timeout=120,
        )
        self.env.invalidate_all()
        goals = self.below(self.unit_goal)
        self.assertEqual(
            {goal.employee_id: goal.measure_ids.target for goal in goals},
            {self.colleague: 20, self.employee: 10},
        )
