from odoo import fields, models

from ..models.goal import DECISIONS


class HrPerformanceGoalClose(models.TransientModel):
    """Say how a goal ended."""

    _name = "hr.performance.goal.close"
    _description = "Close Goals"

    goal_ids = fields.Many2many(
        "hr.performance.goal",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    decision = fields.Selection(DECISIONS, required=True)

    def action_confirm(self):
        self.ensure_one()
        self.goal_ids.action_close(self.decision)
        return {"type": "ir.actions.act_window_close"}
