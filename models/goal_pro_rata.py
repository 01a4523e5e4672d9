from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.periods import long_absences, pro_rata


class HrPerformanceGoal(models.Model):
    """For which part of its period a goal is held, and what it weighs for that.

    A goal held for part of the period weighs by the calendar days it is held (DESIGN §3,
    *Pro rata*). The person's long leave is taken off: months of parental or sick leave,
    not holidays. Who is away, and since when, is known to the person, the line and HR;
    from the share one could tell, so it is read by officers alone and shown to the others
    in words (:attr:`held_note`).
    """

    _inherit = "hr.performance.goal"

    pro_rata = fields.Float(
        "Share of the Period",
        compute="_compute_pro_rata",
        store=True,
        default=1.0,
        digits=0,
        aggregator=None,
        groups="hr_performance.group_hr_performance_officer",
        help="0 to 1: the days it is held, without long leave, by the days of the period."
        " Its weight counts for this share.",
    )

    @api.depends(
        "date_start",
        "date_end",
        "cycle_id.date_start",
        "cycle_id.date_end",
        "employee_id",
        "company_id.performance_long_leave_days",
    )
    def _compute_pro_rata(self):
        absences = self._absences(self.employee_id)
        for goal in self:
            cycle = goal.cycle_id
            if goal._is_settled():
                goal.pro_rata = goal.pro_rata
            elif not (goal.date_start and goal.date_end and cycle.date_start):
                goal.pro_rata = 1.0  # an unsaved form without dates
            else:
                goal.pro_rata = pro_rata(
                    (goal.date_start, goal.date_end),
                    (cycle.date_start, cycle.date_end),
                    absences[goal.employee_id._origin.id],
                    goal.company_id.performance_long_leave_days,
                )

    def _mark_pro_rata(self):
        """Have the share of these goals, and all that it weighs in, computed anew."""
        self.env.add_to_compute(self._fields["pro_rata"], self)
        self.modified(["pro_rata"])

    def _recount(self):
        # leave that was entered while the cycle was closed
        self._mark_pro_rata()
        super()._recount()

    def _weight_held(self):
        """What the goal weighs beside others, for the share of the period it is held."""
        # sudo: the share is private, and the mean it counts in is not
        return self.weight * self.sudo().pro_rata

    def _long_leave(self):
        """``{goal: [(first day, last day), ...]}`` of the owner's long leave within it."""
        absences = self._absences(self.employee_id)
        return {
            goal: long_absences(
                absences[goal.employee_id._origin.id],
                (goal.date_start, goal.date_end),
                goal.company_id.performance_long_leave_days,
            )
            for goal in self
        }

    @api.model
    def _absences(self, employees):
        """``{employee id: [(first day, last day), ...]}``, in one query.

        Whatever the working hours know as leave of that one person; the holidays of
        everybody are nobody's absence. A leave covers the days that it touches.
        """
        found = defaultdict(list)
        employees = employees._origin
        if not employees:
            return found
        leaves = self.env["resource.calendar.leaves"]
        for employee_id, first, last in self.env.execute_query(
            SQL(
                """
                SELECT employee.id,
                       (away.date_from AT TIME ZONE 'UTC' AT TIME ZONE resource.tz)::date,
                       -- midnight is the end of the day before
                       (away.date_to AT TIME ZONE 'UTC' AT TIME ZONE resource.tz
                            - INTERVAL '1 second')::date
                  FROM resource_calendar_leaves away
                  JOIN resource_resource resource ON resource.id = away.resource_id
                  JOIN hr_employee employee ON employee.resource_id = resource.id
                 WHERE employee.id = ANY(%(employees)s)
                   AND away.time_type = 'leave'%(flush)s
                """,
                employees=employees.ids,
                flush=SQL(
                    "",
                    to_flush=[
                        *(
                            leaves._fields[name]
                            for name in (
                                "resource_id",
                                "date_from",
                                "date_to",
                                "time_type",
                            )
                        ),
                        employees._fields["resource_id"],
                        self.env["resource.resource"]._fields["tz"],
                    ],
                ),
            )
        ):
            found[employee_id].append((first, last))
        return found
