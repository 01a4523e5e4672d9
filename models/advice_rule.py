from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import advice
from ..engine.value import is_ordinary
from .phrases import fill, names_in

#: what a rule can ask for; worked out in ``goal_advice.py``
FACTS = [
    ("blocker", "Something in the way, for days"),
    ("driver_lags", "A driver that lags, in points behind the calendar"),
    ("driver_unmeasured", "Drivers that nothing measures, their number"),
    ("counter_lags", "A counter-indicator that suffers, in points behind the calendar"),
    ("goal_below_lags", "A goal below that lags, in points behind the calendar"),
    ("uncovered", "Targets that nobody below has taken on, their number"),
    ("forecast_misses", "Forecast misses the target, by % of the way"),
    ("target_beyond_history", "Target beyond what was reached a year ago, by %"),
    ("readings_late", "Values late, in days"),
    ("checkin_late", "Check-in late, in days"),
    ("confidence", "Confidence in the last check-in, at most"),
    ("high_risk", "High risks that nobody treats, their number"),
    ("worked_before", "Actions that worked before on the indicator, their number"),
    ("no_open_action", "No action is open"),
    ("action_overdue", "Actions overdue, their number"),
    ("no_talk", "No talk with the manager, for days"),
]


class HrPerformanceAdviceRule(models.Model):
    """What to look at first when a result lies behind: a fact, a limit, and words.

    HR changes, adds and switches off rules as they like. Advice is worked out when somebody
    looks, from what that person may read; it does nothing by itself and enters no score.
    """

    _name = "hr.performance.advice.rule"
    _description = "Advice Rule"
    _order = "sequence, id"

    name = fields.Char(
        "Rule", required=True, translate=True, help="What it is about, in a few words."
    )
    sequence = fields.Integer(default=10, help="What is said first.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to share it with all companies."
    )
    fact = fields.Selection(
        FACTS, "Looks For", required=True, default="driver_lags", index=True
    )
    limit = fields.Float(
        "From", default=1.0, help="From which value on the advice is given."
    )
    is_below = fields.Boolean(compute="_compute_fact_facts")
    message = fields.Char(
        "What to Look At",
        required=True,
        translate=True,
        help="What is proposed. Figures and names stand in braces: {value}, {measure}…",
    )
    reason = fields.Char(
        "Why",
        required=True,
        translate=True,
        help="The figures behind it, in braces too.",
    )
    names = fields.Char("Figures to Use", compute="_compute_fact_facts")

    @api.depends("fact")
    def _compute_fact_facts(self):
        for rule in self:
            fact = advice.FACTS.get(rule.fact, advice.Fact())
            rule.is_below = fact.below
            rule.names = ", ".join(
                f"{{{name}}}" for name in ("value", "limit", *fact.names)
            )

    @api.constrains("limit")
    def _check_limit(self):
        for rule in self:
            if not is_ordinary(rule.limit) or rule.limit < 0:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: “From” must be 0 or more.", rule=rule.name
                    )
                )

    @api.constrains("fact", "message", "reason")
    def _check_names(self):
        for rule in self:
            known = {"value", "limit", *advice.FACTS[rule.fact].names}
            for name in ("message", "reason"):
                unknown = names_in(rule[name]) - known
                if unknown:
                    raise ValidationError(
                        self.env._(
                            "Rule “%(rule)s”: “%(field)s” names %(unknown)s, which this"
                            " fact does not come with. It comes with: %(known)s.",
                            rule=rule.name,
                            field=self._fields[name]._description_string(self.env),
                            unknown=", ".join(
                                f"{{{each}}}" for each in sorted(unknown)
                            ),
                            known=rule.names,
                        )
                    )

    def _engine_rule(self):
        self.ensure_one()
        return advice.Rule(self.fact, self.limit)

    def _say(self, finding):
        """``(what to look at, why)`` in words."""
        self.ensure_one()
        facts = finding.names | {"value": finding.value, "limit": self.limit}
        return tuple(
            fill(self.env, text, facts) for text in (self.message, self.reason)
        )
