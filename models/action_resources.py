from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import resources
from ..engine.value import is_ordinary
from .nullable import NullableFloat

#: what people say about hours and money
AMOUNTS = ("planned_hours", "used_hours", "budget", "spent")


class HrPerformanceAction(models.Model):
    """What an action takes: hours, money, and whatever else."""

    _inherit = "hr.performance.action"

    currency_id = fields.Many2one(related="company_id.currency_id")
    planned_hours = fields.Float(
        "Hours", help="So many hours of work it is thought to take."
    )
    used_hours = NullableFloat(
        "Hours Used",
        aggregator="sum",
        copy=False,
        help="Hours of work that went into it.",
    )
    budget = fields.Monetary(help="What it may cost, beside the hours.")
    spent = NullableFloat(
        aggregator="sum", copy=False, help="What it has cost, beside the hours."
    )
    resources = fields.Text(
        "Other Resources",
        help="What else it takes: a room, a tool, a colleague's help.",
    )
    counted_hours = fields.Float(
        "Hours Taken",
        compute="_compute_counted",
        store=True,
        precompute=True,
        help="What it takes of the hours there are: while it is open what is planned, or"
        " more where more has been used; once done what was used, as far as known.",
    )
    counted_money = fields.Monetary(
        "Money Taken",
        compute="_compute_counted",
        store=True,
        precompute=True,
        help="What it takes of the money there is, reckoned as the hours are.",
    )

    @api.depends("planned_hours", "used_hours", "budget", "spent", "state")
    def _compute_counted(self):
        for action in self:
            action.counted_hours = resources.counted(
                action.planned_hours, action.used_hours, action.state
            )
            action.counted_money = resources.counted(
                action.budget, action.spent, action.state
            )

    @api.constrains(*AMOUNTS)
    def _check_amounts(self):
        for action in self:
            for name in AMOUNTS:
                amount = action[name]
                if amount is not None and (not is_ordinary(amount) or amount < 0):
                    raise action._amount_error(action.name, name)

    @api.model
    def _amount_error(self, action_name, field_name):
        return ValidationError(
            self.env._(
                "Action “%(action)s”: “%(field)s” is a number and cannot be negative. Type"
                " 0 or more, or leave it empty.",
                action=action_name,
                field=self._fields[field_name]._description_string(self.env),
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_are_numbers(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_are_numbers(vals)
        return super().write(vals)

    def _check_are_numbers(self, vals):
        """Refuse what the ORM could not convert or round, before it tries to."""
        for name in AMOUNTS:
            try:
                number = float(vals.get(name) or 0)
            except (TypeError, ValueError):
                number = None
            if not is_ordinary(number):
                raise self._amount_error(vals.get("name") or self[:1].name, name)
