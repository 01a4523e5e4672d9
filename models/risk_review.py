from odoo import api, fields, models

from ..engine import risk as engine


class HrPerformanceRiskReview(models.Model):
    """One time that somebody judged a risk: who, when, what it was and what it is now.

    Lines come from reviews and from changes of the figures. Nobody writes them by hand,
    and none is ever changed.
    """

    _name = "hr.performance.risk.review"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Risk Review"
    _order = "date desc, id desc"
    _rec_name = "change"

    risk_id = fields.Many2one(
        "hr.performance.risk", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="risk_id.company_id", store=True, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one("res.users", "By", required=True)
    note = fields.Text()
    state = fields.Selection(
        lambda self: self.env["hr.performance.risk"]._fields["state"].selection,
        required=True,
    )
    probability_before = fields.Integer(aggregator=None)
    consequence_before = fields.Integer(aggregator=None)
    residual_probability_before = fields.Integer(
        "Probability After, Before", aggregator=None
    )
    residual_consequence_before = fields.Integer(
        "Consequence After, Before", aggregator=None
    )
    probability = fields.Integer(aggregator=None)
    consequence = fields.Integer(aggregator=None)
    residual_probability = fields.Integer("Probability After", aggregator=None)
    residual_consequence = fields.Integer("Consequence After", aggregator=None)
    level_before = fields.Integer(compute="_compute_level", store=True, aggregator=None)
    level = fields.Integer(compute="_compute_level", store=True, aggregator=None)
    residual_level_before = fields.Integer(
        "Level After, Before", compute="_compute_level", store=True, aggregator=None
    )
    residual_level = fields.Integer(
        "Level After", compute="_compute_level", store=True, aggregator=None
    )
    change = fields.Char(compute="_compute_change")

    @api.depends(
        lambda self: [
            f"{name}{when}"
            for name in (
                "probability",
                "consequence",
                "residual_probability",
                "residual_consequence",
            )
            for when in ("", "_before")
        ]
    )
    def _compute_level(self):
        for review in self:
            for prefix in ("", "residual_"):
                for when in ("", "_before"):
                    review[f"{prefix}level{when}"] = engine.level(
                        review[f"{prefix}probability{when}"],
                        review[f"{prefix}consequence{when}"],
                    )

    @api.depends(
        "level", "level_before", "residual_level", "residual_level_before", "state"
    )
    def _compute_change(self):
        for review in self:
            parts = [
                self._told(review.level_before, review.level),
                self.env._(
                    "after treatment: %(level)s",
                    level=self._told(
                        review.residual_level_before, review.residual_level
                    ),
                )
                if review.residual_level or review.residual_level_before
                else "",
            ]
            review.change = "; ".join(filter(None, parts))

    def _told(self, before, now):
        if before == now:
            return self.env._("%(level)s, as before", level=now)
        return f"{before or '–'} → {now or '–'}"
