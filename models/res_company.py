from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    performance_at_risk_gap = fields.Float(
        "At risk beyond",
        default=10.0,
        help="A goal is at risk when its progress lies more than this many points behind"
        " the share of the period that has passed.",
    )
    performance_off_track_gap = fields.Float(
        "Off track beyond",
        default=25.0,
        help="A goal is off track when its progress lies more than this many points"
        " behind the share of the period that has passed.",
    )
    performance_grace_days = fields.Integer(
        "Grace for check-ins",
        default=3,
        help="So many working days of the owner after a check-in was due, the goal turns"
        " stale and the manager is told; after as many more, one level further up.",
    )
    performance_long_leave_days = fields.Integer(
        "Long leave from",
        default=30,
        help="A person's leave of so many calendar days or more in one piece is taken off"
        " the period of their goals.",
    )

    performance_handover_days = fields.Integer(
        "Former managers from",
        default=60,
        help="Whoever has led a person for so many days of the period is asked for a review"
        " when the person gets another manager.",
    )
    performance_effect_weeks = fields.Integer(
        "Judge actions after",
        default=4,
        help="So many weeks after an action was done somebody is asked whether it worked.",
    )
    performance_max_goals = fields.Integer(
        "Goals at most",
        default=7,
        help="The alignment report names people and posts with more goals in one period.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["hr.performance.risk.tolerance"]._make_missing()
        return companies

    @api.constrains(
        "performance_at_risk_gap",
        "performance_off_track_gap",
        "performance_grace_days",
        "performance_long_leave_days",
        "performance_max_goals",
        "performance_effect_weeks",
        "performance_handover_days",
    )
    def _check_performance_limits(self):
        for company in self:
            if not (
                0 <= company.performance_at_risk_gap < company.performance_off_track_gap
            ):
                raise ValidationError(
                    self.env._(
                        "%(company)s: “At risk beyond” must be 0 or more and smaller than"
                        " “Off track beyond”.",
                        company=company.name,
                    )
                )
            if company.performance_grace_days < 0:
                raise ValidationError(
                    self.env._(
                        "%(company)s: the grace for check-ins cannot be negative.",
                        company=company.name,
                    )
                )
            if company.performance_long_leave_days < 1:
                raise ValidationError(
                    self.env._(
                        "%(company)s: long leave has to last at least one day.",
                        company=company.name,
                    )
                )
            if company.performance_handover_days < 1:
                raise ValidationError(
                    self.env._(
                        "%(company)s: “Former managers from” has to be 1 day or more.",
                        company=company.name,
                    )
                )
            if not 0 <= company.performance_effect_weeks <= 520:
                raise ValidationError(
                    self.env._(
                        "%(company)s: “Judge actions after” is a number of weeks between 0"
                        " and 520.",
                        company=company.name,
                    )
                )
            if company.performance_max_goals < 1:
                raise ValidationError(
                    self.env._(
                        "%(company)s: “Goals at most” has to be 1 or more.",
                        company=company.name,
                    )
                )
