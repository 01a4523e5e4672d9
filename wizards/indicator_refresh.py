from odoo import api, fields, models
from odoo.exceptions import UserError


class HrPerformanceIndicatorRefresh(models.TransientModel):
    """Try a query on Odoo's records, then fetch the values of a period.

    The trial saves nothing; it shows the latest figures, as readings would have them.
    """

    _name = "hr.performance.indicator.refresh"
    _description = "Fetch Values"

    indicator_id = fields.Many2one("hr.performance.indicator", required=True)
    indicator_state = fields.Selection(related="indicator_id.state")
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    trial = fields.Html(compute="_compute_trial", sanitize=False)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        indicator = self.env["hr.performance.indicator"].browse(
            values.get("indicator_id")
        )
        if indicator and "date_from" in fields:
            values.setdefault("date_from", indicator._first_day())
        return values

    @api.depends("indicator_id", "date_from", "date_to")
    def _compute_trial(self):
        for dialog in self:
            indicator = dialog.indicator_id
            indicator.check_access("write")
            try:
                facts = indicator._try_query(dialog.date_from, dialog.date_to)
            except UserError as error:
                facts = {"problem": str(error)}
            dialog.trial = self.env["ir.qweb"]._render(
                "hr_performance.indicator_trial", facts
            )

    def action_confirm(self):
        self.ensure_one()
        return self.indicator_id.action_refresh(self.date_from, self.date_to)
