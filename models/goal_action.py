from odoo import fields, models


class HrPerformanceGoal(models.Model):
    """What is done to reach the goal."""

    _inherit = "hr.performance.goal"

    action_ids = fields.One2many("hr.performance.action", "goal_id", "Actions")
