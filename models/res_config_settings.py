from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    performance_at_risk_gap = fields.Float(
        related="company_id.performance_at_risk_gap", readonly=False
    )
    performance_off_track_gap = fields.Float(
        related="company_id.performance_off_track_gap", readonly=False
    )
    performance_grace_days = fields.Integer(
        related="company_id.performance_grace_days", readonly=False
    )
    performance_long_leave_days = fields.Integer(
        related="company_id.performance_long_leave_days", readonly=False
    )
    performance_handover_days = fields.Integer(
        related="company_id.performance_handover_days", readonly=False
    )
    performance_effect_weeks = fields.Integer(
        related="company_id.performance_effect_weeks", readonly=False
    )
    performance_max_goals = fields.Integer(
        related="company_id.performance_max_goals", readonly=False
    )
