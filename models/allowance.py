from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from ..engine import resources
from ..engine.value import is_ordinary
from .flush import flush_sql
from .nullable import NullableFloat


class HrPerformanceAllowance(models.Model):
    """What there is for actions: hours and money of a unit, or of the company, in a cycle.

    That of a unit is for the units below it as well, and that of a cycle for its
    sub-periods. More may be planned than there is: it is said, not refused. What is
    planned counts as far as the reader may read the actions.
    """

    _name = "hr.performance.allowance"
    _inherit = ["hr.performance.department.mixin", "hr.performance.guard.mixin"]
    _description = "Resources for Actions"
    _order = "cycle_id, department_id, id"
    _check_company_auto = True

    cycle_id = fields.Many2one(
        "hr.performance.cycle",
        "Period",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["hr.performance.goal"]._default_cycle(),
    )
    company_id = fields.Many2one(related="cycle_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    department_id = fields.Many2one(
        "hr.department",
        index=True,
        check_company=True,
        ondelete="cascade",
        help="Whose it is, with the departments below. Empty: the company's.",
    )
    hours = NullableFloat(
        aggregator="sum", help="Hours of work there are. Empty: nobody has said."
    )
    budget = NullableFloat(
        aggregator="sum", help="Money there is. Empty: nobody has said."
    )
    note = fields.Text(help="Where it comes from, what it is meant for.")
    planned_hours = fields.Float("Hours Planned", compute="_compute_planned")
    planned_money = fields.Monetary("Money Planned", compute="_compute_planned")
    left_hours = NullableFloat("Hours Left", compute="_compute_planned")
    left_money = NullableFloat("Money Left", compute="_compute_planned")
    is_exceeded = fields.Boolean(
        "More Planned Than There Is", compute="_compute_planned"
    )
    figure = fields.Char("In Words", compute="_compute_figure")

    _unit_unique = models.UniqueIndex(
        "(cycle_id, COALESCE(department_id, 0))",
        "This unit has its resources for that period already. Change those.",
    )

    @api.depends("cycle_id.name", "department_id.name", "company_id.name")
    def _compute_display_name(self):
        for allowance in self:
            # sudo: a name that whoever reads the allowance may know
            named = allowance.sudo()
            allowance.display_name = self.env._(
                "%(unit)s, %(cycle)s",
                unit=(named.department_id or named.company_id).name or "",
                cycle=named.cycle_id.name or "",
            )

    @api.depends_context("uid")
    @api.depends("hours", "budget", "cycle_id", "department_id")
    def _compute_planned(self):
        planned = self._origin._planned()
        for allowance in self:
            hours, money = planned.get(allowance._origin.id, (0.0, 0.0))
            allowance.planned_hours, allowance.planned_money = hours, money
            allowance.left_hours = resources.left(allowance.hours, hours)
            allowance.left_money = resources.left(allowance.budget, money)
            allowance.is_exceeded = any(
                left is not None and left < 0
                for left in (allowance.left_hours, allowance.left_money)
            )

    def _planned(self):
        """``{id: (hours, money)}`` of the actions in reach of each, in one query."""
        if not self.ids:
            return {}
        readable = self.env["hr.performance.action"]._search([])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT allowance.id, SUM(action.counted_hours), SUM(action.counted_money)
                  FROM hr_performance_allowance allowance
                  JOIN hr_performance_cycle whole ON whole.id = allowance.cycle_id
                  JOIN hr_performance_cycle cycle
                    ON cycle.parent_path LIKE whole.parent_path || '%%'
             LEFT JOIN hr_department unit ON unit.id = allowance.department_id
                  JOIN hr_performance_goal goal ON goal.cycle_id = cycle.id
                   AND goal.company_id = allowance.company_id
                   AND goal.active AND goal.state != 'cancelled'
             LEFT JOIN hr_department part ON part.id = goal.department_id
                  JOIN hr_performance_action action ON action.goal_id = goal.id
                 WHERE allowance.id IN %(ids)s AND action.id IN %(readable)s
                   AND (unit.id IS NULL OR part.parent_path LIKE unit.parent_path || '%%')
              GROUP BY allowance.id%(flush)s%(flush_goals)s
                """,
                ids=tuple(self.ids),
                readable=readable.subselect(),
                flush=flush_sql(
                    self.env,
                    (self._name, "cycle_id company_id department_id"),
                    ("hr.performance.cycle", "parent_path"),
                    ("hr.department", "parent_path"),
                ),
                flush_goals=self.env["hr.performance.goal"]._resources_flush_sql(),
            )
        )
        return {row[0]: row[1:] for row in rows}

    @api.depends_context("uid", "lang")
    @api.depends("planned_hours", "planned_money", "hours", "budget")
    def _compute_figure(self):
        """“Sales, 2026: 520 of 400 hours, 5,000 of 10,000 kr planned”."""
        amount = self.env["hr.performance.goal"]._amount
        for allowance in self:
            words = []
            if allowance.hours is not None:
                words.append(
                    self.env._(
                        "%(planned)s of %(hours)s hours",
                        planned=amount(allowance.planned_hours),
                        hours=amount(allowance.hours),
                    )
                )
            if allowance.budget is not None:
                currency = allowance.currency_id
                words.append(
                    self.env._(
                        "%(planned)s of %(budget)s",
                        planned=format_amount(
                            self.env, allowance.planned_money, currency
                        ),
                        budget=format_amount(self.env, allowance.budget, currency),
                    )
                )
            allowance.figure = self.env._(
                "%(unit)s: %(figures)s planned",
                unit=allowance.display_name,
                figures=", ".join(words) or "–",
            )

    # ---------------------------------------------------------------- whose it is

    @api.model
    def _of_goals(self, goals):
        """The allowances, as far as the user may read them, that ``goals`` draw on."""
        # sudo: names nothing, the search below asks the rules
        named = goals.sudo()
        if not named.cycle_id:
            return self.browse()
        units = Domain("department_id", "=", False)
        if named.department_id:
            units |= Domain("department_id", "parent_of", named.department_id.ids)
        return self.search(
            Domain("cycle_id", "parent_of", named.cycle_id.ids)
            & Domain("company_id", "in", named.company_id.ids)
            & units
        )

    def _covers(self, goal):
        """Whether ``goal`` draws on this allowance."""
        mine, goal = self.sudo(), goal.sudo()
        unit = mine.department_id
        return (
            mine.company_id == goal.company_id
            and goal.cycle_id.parent_path.startswith(mine.cycle_id.parent_path)
            and (
                not unit
                or (goal.department_id.parent_path or "").startswith(unit.parent_path)
            )
        )

    # ---------------------------------------------------------------- checks

    @api.constrains("hours", "budget")
    def _check_amounts(self):
        for allowance in self:
            for name in ("hours", "budget"):
                amount = allowance[name]
                if amount is not None and (not is_ordinary(amount) or amount < 0):
                    raise ValidationError(
                        self.env._(
                            "Resources of %(unit)s: “%(field)s” cannot be negative. Type 0"
                            " or more, or leave it empty.",
                            unit=allowance.display_name,
                            field=allowance._fields[name]._description_string(self.env),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        allowances = super().create(vals_list)
        allowances._check_cycle_open()
        return allowances

    def write(self, vals):
        self._check_cycle_open()
        result = super().write(vals)
        if "cycle_id" in vals:
            self._check_cycle_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_cycle_open()

    def _check_cycle_open(self):
        for allowance in self.sudo():
            if allowance.cycle_id.state == "closed":
                raise UserError(
                    self.env._(
                        "“%(cycle)s” is closed: what there was in it no longer moves.",
                        cycle=allowance.cycle_id.name,
                    )
                )

    def action_view_actions(self):
        """The actions that draw on it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.action_action"
        )
        domain = Domain("goal_id.cycle_id", "child_of", self.cycle_id.id)
        domain &= Domain("goal_id.active", "=", True)
        domain &= Domain("goal_id.state", "!=", "cancelled")
        if self.department_id:
            domain &= Domain("goal_id.department_id", "child_of", self.department_id.id)
        return action | {
            "domain": list(domain),
            "name": self.display_name,
            "context": {},
        }
