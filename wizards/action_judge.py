from odoo import fields, models

from ..models.action_effect import EFFECTS


class HrPerformanceActionJudge(models.TransientModel):
    """Say whether an action worked."""

    _name = "hr.performance.action.judge"
    _inherit = ["hr.performance.dialog.mixin"]
    _description = "Judge an Action"
    _about_field = "action_id"

    action_id = fields.Many2one(
        "hr.performance.action",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    effect = fields.Selection(EFFECTS, "Did It Work?", required=True)
    note = fields.Text("What We Learned", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.action_id.action_judge(self.effect, self.note)
        return {"type": "ir.actions.act_window_close"}
