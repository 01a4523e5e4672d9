from odoo import fields, models


class HrPerformanceMeasureJudge(models.TransientModel):
    """Give the points of a measure that is judged."""

    _name = "hr.performance.measure.judge"
    _inherit = ["hr.performance.dialog.mixin"]
    _description = "Judge a Measure"
    _about_field = "measure_id"

    measure_id = fields.Many2one(
        "hr.performance.measure",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    points = fields.Float(required=True, default=100.0)
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.measure_id.action_judge(self.points, self.reason)
        return {"type": "ir.actions.act_window_close"}
