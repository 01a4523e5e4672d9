from odoo import fields, models


class HrPerformanceCycleSubperiods(models.TransientModel):
    """Divide a cycle into half-years, four-month periods, quarters or months."""

    _name = "hr.performance.cycle.subperiods"
    _description = "Create Sub-periods"

    cycle_id = fields.Many2one("hr.performance.cycle", required=True)
    period_type = fields.Selection(
        [
            ("half", "Half-years"),
            ("tertial", "Four-month periods"),
            ("quarter", "Quarters"),
            ("month", "Months"),
        ],
        "Divide Into",
        required=True,
        default="quarter",
    )

    def action_confirm(self):
        self.ensure_one()
        return self.cycle_id.action_create_subperiods(self.period_type)
