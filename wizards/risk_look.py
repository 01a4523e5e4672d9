from odoo import api, fields, models

from ..models.risk import FIGURES


class HrPerformanceRiskLook(models.TransientModel):
    """Say that one has looked at a risk, what one found, and how one judges it now."""

    _name = "hr.performance.risk.look"
    _inherit = ["hr.performance.dialog.mixin"]
    _description = "Review of a Risk, Being Typed"
    _about_field = "risk_id"

    risk_id = fields.Many2one(
        "hr.performance.risk",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    note = fields.Text("What Did You Find?")
    kind = fields.Selection(related="risk_id.kind")
    probability = fields.Integer(
        compute="_compute_figures", store=True, readonly=False, precompute=True
    )
    consequence = fields.Integer(
        compute="_compute_figures", store=True, readonly=False, precompute=True
    )
    residual_probability = fields.Integer(
        compute="_compute_figures", store=True, readonly=False, precompute=True
    )
    residual_consequence = fields.Integer(
        compute="_compute_figures", store=True, readonly=False, precompute=True
    )

    @api.depends("risk_id")
    def _compute_figures(self):
        for dialog in self:
            for name in FIGURES:
                dialog[name] = dialog.risk_id[name]

    def action_confirm(self):
        self.ensure_one()
        figures = {
            name: self[name] for name in FIGURES if self[name] != self.risk_id[name]
        }
        return self.risk_id.action_review(self.note, figures)
