from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import risk as engine

#: how often risks may be looked at; the keys are those of ``engine.health.FREQUENCIES``
REVIEW_FREQUENCIES = [
    ("month", "Every month"),
    ("quarter", "Every quarter"),
    ("half", "Every half-year"),
    ("year", "Every year"),
]


class HrPerformanceRiskTolerance(models.Model):
    """How much risk a company accepts on goals of one level: four lines a company.

    They come with the company. HR changes the figures; the risks, and the health of the
    goals they belong to, follow at once. What lies in a closed cycle stays as it was.
    """

    _name = "hr.performance.risk.tolerance"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Risk Tolerance"
    _order = "company_id, id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    scope = fields.Selection(
        lambda self: self.env["hr.performance.goal"]._fields["scope"].selection,
        "Goals Of",
        required=True,
        readonly=True,
    )
    tolerance = fields.Integer(
        "Accepted Up To",
        required=True,
        aggregator=None,
        help="The highest level (probability × consequence, 1 to 25) that may stand"
        " without treatment. A goal with an untreated risk above it is never on track.",
    )
    critical_from = fields.Integer(
        "Critical From",
        required=True,
        default=engine.CRITICAL_FROM,
        aggregator=None,
        help="An untreated risk of this level or more takes the goal off track.",
    )
    review_high = fields.Selection(
        REVIEW_FREQUENCIES,
        "Review High Ones",
        required=True,
        default="month",
    )
    review_other = fields.Selection(
        REVIEW_FREQUENCIES,
        "Review the Others",
        required=True,
        default="quarter",
    )

    _company_scope_unique = models.Constraint(
        "UNIQUE (company_id, scope)", "A company has one line for each level."
    )

    @api.depends("company_id", "scope")
    def _compute_display_name(self):
        levels = dict(self._fields["scope"]._description_selection(self.env))
        for line in self:
            line.display_name = f"{line.company_id.name}: {levels.get(line.scope, '')}"

    @api.constrains("tolerance", "critical_from")
    def _check_figures(self):
        for line in self:
            if not (0 <= line.tolerance <= 25 and 1 <= line.critical_from <= 25):
                raise ValidationError(
                    self.env._(
                        "%(line)s: levels of risk run from 1 to 25. “Accepted Up To” can"
                        " also be 0, when every risk is to be treated.",
                        line=line.display_name,
                    )
                )

    @api.model
    def _make_missing(self):
        """Give every company its four lines; existing ones stay as they are."""
        # sudo: lines come with the company, whoever makes it
        lines = self.sudo()
        companies = self.env["res.company"].sudo().search([])
        there = {(line.company_id, line.scope) for line in lines.search([])}
        lines.create(
            [
                {"company_id": company.id, "scope": scope, "tolerance": tolerance}
                for company in companies
                for scope, tolerance in engine.TOLERANCE.items()
                if (company, scope) not in there
            ]
        )
