from itertools import groupby

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from ..engine.value import half_up
from .workflow_mixin import OFFICERS

#: states in which what the goal demands is agreed on
AGREED_STATES = ("agreed", "closed")
#: what an agreement is about: whose goals, in which period
KEYS = ("cycle_id", "company_id", "scope", "employee_id", "department_id", "job_id")
#: so many names are told of goals that were left out
NAMES_TOLD = 5


class HrPerformanceMeasure(models.Model):
    _inherit = "hr.performance.measure"

    def _tell_points(self):
        """How its points arise, in one line."""
        self.ensure_one()
        rule = self._scoring()
        return self.env._(
            "%(rule)s; %(floor)s to %(cap)s points",
            rule=self._choice("scoring_rule", rule.scoring_rule),
            floor=self._plain(rule.floor),
            cap=self._plain(rule.cap),
        )


class HrPerformanceGoal(models.Model):
    """Agreeing on many goals at once, and the agreement on paper."""

    _inherit = "hr.performance.goal"

    # ---------------------------------------------------------------- many at once

    def action_propose_selected(self):
        """Propose those of the goals that can be, and say which were left out."""
        ready = self._ready_for("propose")
        ready.action_propose()
        return self._tell_result(
            ready, self.env._("Goals proposed: %(count)s", count=len(ready))
        )

    def action_agree_selected(self):
        """Agree on those of the goals that one may, and say which were left out."""
        ready = self._ready_for("agree")
        ready.action_agree()
        return self._tell_result(
            ready, self.env._("Goals agreed: %(count)s", count=len(ready))
        )

    def _ready_for(self, step):
        """The goals on which the user can take ``step`` now."""
        self.check_access("read")
        return self.filtered(
            lambda goal: (
                step in (goal.allowed_transitions or [])
                and goal.cycle_id.state != "closed"
            )
        )

    def _tell_result(self, done, title):
        """A notice of what was ``done`` with these goals, and what was not."""
        left = (self - done).mapped("name")
        names = ", ".join(left[:NAMES_TOLD]) + ("…" if left[NAMES_TOLD:] else "")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "sticky": bool(left),
                "title": title,
                "message": self.env._(
                    "Left out, because they are in another state or this step is for"
                    " somebody else: %(goals)s",
                    goals=names,
                )
                if left
                else "",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ---------------------------------------------------------------- on paper

    @api.model
    def _print_my_line_domain(self):
        """Agreed goals of running periods whose agreement the user may print."""
        today = fields.Date.context_today(self)
        running = Domain(
            [
                ("state", "in", AGREED_STATES),
                ("cycle_id.date_start", "<=", today),
                ("cycle_id.date_end", ">=", today),
            ]
        )
        if self._group_roles() & OFFICERS:
            return running
        return running & (
            Domain("is_mine", "=", True) | Domain("is_in_my_team", "=", True)
        )

    @api.model
    def action_print_mine(self):
        """Print the user's own goal agreements of the running periods."""
        goals = self.search(
            self._print_my_line_domain()
            & Domain("is_mine", "=", True)
            & Domain("scope", "=", "employee")
        )
        return goals._print_agreement()

    def _print_agreement(self):
        if not self:
            raise UserError(
                self.env._(
                    "There are no agreed goals in a running period. Once goals are agreed,"
                    " they can be printed and signed here."
                )
            )
        return self.env.ref("hr_performance.goal_agreement_report").report_action(self)

    def _agreements(self):
        """The agreements that these goals belong to, each with its whole agreed set.

        :return: list of dicts, one per person, unit or post and period: ``goals`` (agreed),
            ``others`` (not agreed, or being changed), and :data:`KEYS`
        :raise AccessError: for a personal goal when the user is neither its owner nor above
        """
        self.check_access("read")
        for goal in self:
            if goal.scope == "employee" and not goal._performance_roles():
                raise AccessError(
                    self.env._(
                        "The goal agreement of %(employee)s is printed by %(employee)s, by"
                        " a manager above or by HR.",
                        employee=goal.sudo().employee_id.name,
                    )
                )
        wanted = {goal._agreement_key(): goal for goal in self}
        found = self.search(
            Domain("state", "!=", "cancelled")
            & Domain.AND(
                Domain(name, "in", [*{key[KEYS.index(name)] for key in wanted}])
                for name in ("cycle_id", "scope", "employee_id")
            )
        ).filtered(lambda goal: goal._agreement_key() in wanted)

        def key(goal):
            return [*wanted].index(goal._agreement_key())

        agreements = []
        for _number, members in groupby(found.sorted(key), key=key):
            goals = self.browse(goal.id for goal in members).sorted()
            agreed = goals.filtered(lambda goal: goal.state in AGREED_STATES)
            if not agreed:
                raise UserError(
                    self.env._(
                        "Nothing is agreed yet of the goals like “%(goal)s” in"
                        " “%(cycle)s”. Agree on them first.",
                        goal=goals[:1].name,
                        cycle=goals.cycle_id.name,
                    )
                )
            first = agreed[:1]
            agreements.append(
                {name: first[name] for name in KEYS}
                | {
                    "goals": agreed,
                    "others": goals - agreed,
                    "owner": agreed.responsible_id[:1],
                    "lang": first.employee_id.sudo().user_id.lang or self.env.user.lang,
                }
            )
        return agreements

    def _agreement_key(self):
        """Whose goal it is and when; a person's department is not part of that."""
        holder = {
            "employee": ("employee_id",),
            "department": ("department_id",),
            "job": ("department_id", "job_id"),
        }.get(self.scope, ())
        return tuple(
            self.scope
            if name == "scope"
            else self[name].id
            if name in ("cycle_id", "company_id", *holder)
            else False
            for name in KEYS
        )

    def _print_weight(self, value):
        """``value`` in %, without decimals that say nothing."""
        digits = 0 if half_up(value, 1) == half_up(value) else 1
        return self.env._(
            "%(weight)s %%", weight=formatLang(self.env, value, digits=digits)
        )


class ReportGoalAgreement(models.AbstractModel):
    """Goals on paper are the agreements they belong to, one after the other."""

    _name = "report.hr_performance.report_goal_agreement"
    _description = "Goal Agreement"

    @api.model
    def _get_report_values(self, docids, data=None):
        goals = self.env["hr.performance.goal"].browse(docids).exists()
        agreements = goals._agreements()
        agreed = goals.concat(*(agreement["goals"] for agreement in agreements))
        return {
            "doc_ids": docids,
            "doc_model": goals._name,
            "docs": goals,
            "agreements": agreements,
            # where each leads, as far as the user may see it
            "above": {
                goal.id: goal.name
                for goal in goals.search([("id", "in", agreed.sudo().parent_id.ids)])
            },
        }
