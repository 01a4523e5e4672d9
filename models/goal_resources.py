from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, formatLang

from .action import OPEN_STATES
from .flush import flush_sql


class Resources(NamedTuple):
    """What actions take together: hours, money, and how many they are."""

    hours: float = 0.0
    money: float = 0.0
    actions: int = 0
    done: int = 0


class HrPerformanceGoal(models.Model):
    """What the actions of a goal take, and of those on the goals below.

    Only of actions that the reader may read, on goals that count: a total over hidden ones
    would tell what they take.
    """

    _inherit = "hr.performance.goal"

    currency_id = fields.Many2one(related="company_id.currency_id")
    action_count = fields.Integer(
        "Actions Planned",
        compute="_compute_resources",
        help="Of this goal, without those that were cancelled.",
    )
    action_done_count = fields.Integer("Actions Done", compute="_compute_resources")
    action_hours = fields.Float(
        "Hours Taken",
        compute="_compute_resources",
        help="Hours that the actions of this goal take, and of those below.",
    )
    action_money = fields.Monetary(
        "Money Taken",
        compute="_compute_resources",
        help="Money that the actions of this goal take, and of those below.",
    )
    action_note = fields.Char("Actions in Words", compute="_compute_resources")
    allowance_note = fields.Char(compute="_compute_allowance_note")

    @api.depends_context("uid", "lang")
    @api.depends(
        "action_ids.state", "action_ids.counted_hours", "action_ids.counted_money"
    )
    def _compute_resources(self):
        below = self._origin._resources_below()
        for goal in self:
            actions = goal.action_ids
            planned = actions.filtered(lambda action: action.state != "cancelled")
            under = below.get(goal._origin.id, Resources())
            goal.action_count = len(planned)
            goal.action_done_count = len(
                planned.filtered(lambda action: action.state not in OPEN_STATES)
            )
            goal.action_hours = sum(actions.mapped("counted_hours")) + under.hours
            goal.action_money = sum(actions.mapped("counted_money")) + under.money
            goal.action_note = goal._tell_resources(under)

    def _tell_resources(self, under):
        """“2 of 3 done · 40 hours · 5,000 kr (with 12 actions below)”."""
        words = []
        if self.action_count:
            words.append(
                self.env._(
                    "%(done)s of %(count)s done",
                    done=self.action_done_count,
                    count=self.action_count,
                )
            )
        if self.action_hours:
            words.append(
                self.env._("%(hours)s hours", hours=self._amount(self.action_hours))
            )
        if self.action_money:
            words.append(format_amount(self.env, self.action_money, self.currency_id))
        if words and under.actions:
            words.append(
                self.env._("with %(count)s actions below", count=under.actions)
            )
        return " · ".join(words)

    @api.model
    def _amount(self, number):
        digits = 0 if number == int(number) else 1
        return formatLang(self.env, number, digits=digits)

    def _resources_below(self):
        """``{goal id: Resources}`` of the goals below, in one query, as far as readable."""
        if not self.ids:
            return {}
        actions = self.env["hr.performance.action"]
        readable = actions._search([("goal_id", "child_of", self.ids)])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT above.id, SUM(action.counted_hours), SUM(action.counted_money),
                       COUNT(*) FILTER (WHERE action.state != 'cancelled'),
                       COUNT(*) FILTER (WHERE action.state = 'done')
                  FROM hr_performance_action action
                  JOIN hr_performance_goal goal ON goal.id = action.goal_id
            CROSS JOIN LATERAL UNNEST(
                       STRING_TO_ARRAY(TRIM(goal.parent_path, '/'), '/')::integer[]
                       ) above(id)
                 WHERE action.id IN %(readable)s
                   AND above.id IN %(ids)s AND above.id != goal.id
                   AND goal.active AND goal.state != 'cancelled'
              GROUP BY above.id%(flush)s
                """,
                readable=readable.subselect(),
                ids=tuple(self.ids),
                flush=self._resources_flush_sql(),
            )
        )
        return {row[0]: Resources(*row[1:]) for row in rows}

    @api.model
    def _resources_flush_sql(self):
        return flush_sql(
            self.env,
            (
                "hr.performance.action",
                "goal_id state counted_hours counted_money",
            ),
            (
                "hr.performance.goal",
                "parent_path active state cycle_id company_id department_id",
            ),
        )

    @api.depends_context("uid", "lang")
    @api.depends("cycle_id", "department_id", "action_hours", "action_money")
    def _compute_allowance_note(self):
        """A warning where more is planned than there is, for who knows what there is."""
        allowances = self.env["hr.performance.allowance"]._of_goals(self)
        for goal in self:
            exceeded = allowances.filtered(
                lambda allowance, goal=goal: (
                    allowance.is_exceeded and allowance._covers(goal)
                )
            )
            goal.allowance_note = "\n".join(exceeded.mapped("figure"))
