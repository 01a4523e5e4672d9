from odoo import fields, models


class HrPerformanceGoalHandOver(models.TransientModel):
    """Say who takes a goal over, and from when on."""

    _name = "hr.performance.goal.hand.over"
    _inherit = ["hr.performance.dialog.mixin"]
    _description = "Hand a Goal Over"

    goal_id = fields.Many2one(
        "hr.performance.goal",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    employee_id = fields.Many2one("hr.employee", "To", required=True)
    date = fields.Date("From", required=True, default=fields.Date.context_today)

    def action_confirm(self):
        self.ensure_one()
        goal = self.goal_id.action_hand_over(self.employee_id.id, self.date)
        return {
            "type": "ir.actions.act_window",
            "res_model": goal._name,
            "res_id": goal.id,
            "view_mode": "form",
        }
