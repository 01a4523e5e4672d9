from odoo import fields, models


class HrPerformanceGoal(models.Model):
    """What is done to reach the goal."""

    _inherit = "hr.performance.goal"

    action_ids = fields.One2many("hr.performance.action", "goal_id", "Actions")

    def _take_step(self, name, reason=None, **values):
        """Take the step; what a goal asks of people begins and ends with it."""
        super()._take_step(name, reason, **values)
        # sudo: those who do them need not be the user's people
        self.sudo().action_ids._sync_owed()
