from odoo import fields, models


class HrPerformanceAppraisalAssess(models.TransientModel):
    """Choose a rating other than the suggested one, and say why."""

    _name = "hr.performance.appraisal.assess"
    _description = "Choose Another Rating"

    appraisal_id = fields.Many2one("hr.performance.appraisal", required=True)
    # under the user's own rules: in superuser mode these would tell anybody's rating
    scale_id = fields.Many2one(related="appraisal_id.scale_id", related_sudo=False)
    level_suggested_id = fields.Many2one(
        related="appraisal_id.level_suggested_id", related_sudo=False
    )
    level_id = fields.Many2one(
        "hr.performance.scale.level",
        "Your Rating",
        required=True,
        domain="[('scale_id', '=', scale_id)]",
    )
    override_reason = fields.Text("Reason")

    def action_confirm(self):
        self.ensure_one()
        told = self.appraisal_id.action_assess(self.level_id.id, self.override_reason)
        return told or {"type": "ir.actions.act_window_close"}
