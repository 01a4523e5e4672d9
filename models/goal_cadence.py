from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine import health
from .cadence import OWN_FREQUENCIES
from .goal import OPEN_STATES


class HrPerformanceGoal(models.Model):
    """When the next check-in is due, and from when on its lack shows.

    Due is a working day of whoever answers for the goal: what falls on a day off, on a
    holiday or into leave moves to the next day at work. From there a grace of working days
    runs until the goal is stale, and once more until somebody further up is told.
    """

    _inherit = "hr.performance.goal"

    checkin_frequency = fields.Selection(
        OWN_FREQUENCIES,
        "Check-in",
        tracking=True,
        help="How often there is a check-in on this goal. Left empty: as for the person,"
        " the unit, or the period.",
    )
    checkin_due = fields.Date(
        "Next Check-in",
        compute="_compute_checkin_due",
        store=True,
        index="btree_not_null",
        help="The working day on which the next check-in is due.",
    )
    stale_on = fields.Date(
        compute="_compute_checkin_due",
        store=True,
        index="btree_not_null",
        help="Without a check-in, the goal is stale from this day on.",
    )
    escalate_on = fields.Date(
        compute="_compute_checkin_due",
        store=True,
        index="btree_not_null",
        help="Without a check-in, one level further up is told on this day.",
    )

    @api.depends(
        "state",
        "date_start",
        "date_end",
        "last_checkin_date",
        "agreed_date",
        "checkin_frequency",
        "cycle_id.checkin_frequency",
        "cycle_id.state",
        "company_id.performance_grace_days",
        "scope",
        "employee_id",
        "department_id",
        "responsible_id",
    )
    def _compute_checkin_due(self):
        running = self.filtered(
            lambda goal: (
                goal.state == "agreed"
                and goal.date_start
                and goal.date_end
                and not goal._is_settled()
            )
        )
        (self - running).update(
            {"checkin_due": False, "stale_on": False, "escalate_on": False}
        )
        frequencies = running._checkin_frequencies()
        nominal = {
            goal: health.checkin_due(goal._silent_since(), frequencies[goal])
            for goal in running
            if frequencies[goal] != "none"
        }
        working = running._working_days(min(nominal.values(), default=None))
        for goal in running:
            due = nominal.get(goal)
            due = due and working[goal].next(due)
            if not due or due > goal.date_end:
                # a check-in lies within the goal's own dates
                goal.checkin_due = goal.stale_on = goal.escalate_on = False
                continue
            grace = goal.company_id.performance_grace_days
            goal.checkin_due = due
            goal.stale_on = working[goal].after(due, grace + 1)
            goal.escalate_on = working[goal].after(goal.stale_on, grace + 1)

    def _silent_since(self):
        """The day from which the next check-in of the running goal is reckoned."""
        return max(
            filter(None, (self.last_checkin_date, self.agreed_date, self.date_start))
        )

    def _checkin_frequencies(self):
        """``{goal: how often it is checked in on}``: the closest word on it holds."""
        # sudo: of units and people whose rhythm the user need not be able to read
        goals = self.sudo()
        people = goals.filtered(lambda goal: goal.scope == "employee").employee_id
        own = {
            (name, cadence[name].id): cadence.frequency
            for cadence in goals.env["hr.performance.cadence"].search_fetch(
                ["|", ("department_id", "!=", False), ("employee_id", "in", people.ids)]
                if people
                else [("department_id", "!=", False)],
                ["department_id", "employee_id", "frequency"],
            )
            for name in ("department_id", "employee_id")
            if cadence[name]
        }
        found = {}
        for goal, asked in zip(self, goals, strict=True):
            units = [
                int(part)
                for part in (asked.department_id.parent_path or "").split("/")
                if part
            ]
            found[goal] = (
                asked.checkin_frequency
                or (
                    asked.scope == "employee"
                    and own.get(("employee_id", asked.employee_id._origin.id))
                )
                or next(
                    (
                        own["department_id", unit]
                        for unit in reversed(units)
                        if ("department_id", unit) in own
                    ),
                    None,
                )
                or asked.cycle_id.checkin_frequency
            )
        return found

    def _working_days(self, since):
        """``{goal: working days}`` of who answers for it, else of its company."""
        if since is None:
            return {}
        days = self.env["hr.performance.working.days"]
        people = days._of_employees(self.responsible_id._origin.ids, since)
        companies = days._of_companies(
            {
                goal.company_id.id
                for goal in self
                if goal.responsible_id._origin.id not in people
            },
            since,
        )
        return {
            goal: people.get(goal.responsible_id._origin.id)
            or companies[goal.company_id.id]
            for goal in self
        }

    def _is_stale(self, today):
        """Whether the running goal lacks the check-in that was due."""
        return bool(self.stale_on and self.stale_on <= today <= self.date_end)

    def _mark_checkin_due(self):
        """Have the due days of these goals, and what follows from them, computed anew."""
        self.env.add_to_compute(self._fields["checkin_due"], self)
        self.modified(["checkin_due", "stale_on", "escalate_on"])

    def write(self, vals):
        if "checkin_frequency" in vals:
            self._check_may_set_rhythm()
        return super().write(vals)

    def _check_may_set_rhythm(self):
        """Once the goal is agreed, nobody quietens their own reminders."""
        for goal in self:
            if (
                not self.env.su
                and goal.state not in OPEN_STATES
                and goal._performance_roles() <= {"self"}
            ):
                raise AccessError(
                    self.env._(
                        "How often there is a check-in on “%(goal)s” is agreed. Your manager"
                        " can change “Check-in”.",
                        goal=goal.name,
                    )
                )
