from odoo import fields, models


class HrPerformanceAppraisalAcknowledge(models.TransientModel):
    """The answer of the person appraised: read, agreed or not, and a statement."""

    _name = "hr.performance.appraisal.acknowledge"
    _description = "Acknowledge an Appraisal"

    appraisal_id = fields.Many2one("hr.performance.appraisal", required=True)
    agreed = fields.Selection(
        [("yes", "I agree with the result"), ("no", "I see it differently")],
        "Your View",
        required=True,
        default="yes",
    )
    statement = fields.Text("Your Statement")

    def action_confirm(self):
        self.ensure_one()
        self.appraisal_id.action_acknowledge(self.agreed == "yes", self.statement)
        return {"type": "ir.actions.act_window_close"}
