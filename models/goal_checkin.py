from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.periods import LAST_DAY

#: a check-in that is due within this time is asked for
SOON = timedelta(days=3)


class HrPerformanceGoal(models.Model):
    """What the last check-in says about the goal, to those who may read it."""

    _inherit = "hr.performance.goal"

    # not stored: a goal may be open to everyone, what is said about a person's is not
    blockers = fields.Text(compute="_compute_blockers", search="_search_blockers")
    blocked_since = fields.Date(
        compute="_compute_blockers",
        search="_search_blocked_since",
        help="Since when there has been a blocker without a break.",
    )

    @api.depends("last_checkin_id", "last_checkin_id.blocked_since")
    @api.depends_context("uid")
    def _compute_blockers(self):
        # sudo: which one is the last; it is read under the user's own rules
        last = {goal: goal.sudo().last_checkin_id.sudo(False) for goal in self}
        checkins = self.env["hr.performance.checkin"].union(*last.values())
        readable = set(
            (checkins if self.env.su else checkins._filtered_access("read"))._ids
        )
        for goal in self:
            checkin = last[goal]
            is_readable = bool(checkin) and checkin.id in readable
            goal.blockers = is_readable and checkin.blockers
            goal.blocked_since = is_readable and checkin.blocked_since

    def _search_blockers(self, operator, value):
        return self._search_said("blockers", operator, value)

    def _search_blocked_since(self, operator, value):
        return self._search_said("blocked_since", operator, value)

    def _search_said(self, name, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        said = Domain("last_checkin_id", "any", [(name, operator, value)])
        if operator == "in" and False in value:
            # whoever may not read it finds nothing in it
            named = Domain("last_checkin_id", "any", [(name, "!=", False)])
            said = ~named | Domain(
                "last_checkin_id", "any", [(name, "in", [one for one in value if one])]
            )
        return said

    # ---------------------------------------------------------------- checking in

    @api.model
    def _running_domain(self, today):
        """Agreed goals whose dates ``today`` lies in, in cycles that are not closed."""
        return Domain(
            [
                ("state", "=", "agreed"),
                ("cycle_id.state", "!=", "closed"),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ]
        )

    @api.model
    def _my_round(self):
        """The user's own goals that run now, the one that waits longest first."""
        today = fields.Date.context_today(self)
        goals = self.search(self._running_domain(today) & Domain("is_mine", "=", True))
        return goals.sorted(lambda goal: goal.checkin_due or LAST_DAY)

    def _is_checkin_due(self):
        """Whether the next check-in is due in a few days, or late."""
        today = fields.Date.context_today(self)
        return bool(self.checkin_due) and self.checkin_due <= today + SOON

    def action_checkin(self):
        """Open the check-in dialog: the user's own draft, else a new one."""
        self.ensure_one()
        return self._checkin_dialog() | {"res_id": self._my_draft().id}

    def _my_draft(self, limit=1):
        """The check-ins on these goals that the user has begun and not posted."""
        # under the user's own rules: nobody else's draft is found
        return self.env["hr.performance.checkin"].search(
            [
                ("goal_id", "in", self.ids),
                ("is_mine", "=", True),
                ("state", "=", "draft"),
                ("corrects_id", "=", False),
            ],
            limit=limit,
        )

    def _checkin_dialog(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check in: %(goal)s", goal=self.name),
            "res_model": "hr.performance.checkin",
            "view_mode": "form",
            "views": [
                (self.env.ref("hr_performance.checkin_view_form_dialog").id, "form")
            ],
            "target": "new",
            "context": {"default_goal_id": self.id},
        }
