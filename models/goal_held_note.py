from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..engine.periods import span_days


class Position(NamedTuple):
    """What a dated version of an employee says: from when, where, and until when at most."""

    date_start: object
    job_id: int
    department_id: int
    date_left: object


class HrPerformanceGoal(models.Model):
    """What happened in mid-period to whom a goal belongs, in words."""

    _inherit = "hr.performance.goal"

    held_note = fields.Char(
        "In Mid-Period",
        compute="_compute_held_note",
        help="Who came, moved, is away or left, and since when.",
    )

    @api.depends_context("uid", "lang")
    @api.depends(
        "state",
        "date_start",
        "date_end",
        "employee_id",
        "responsible_id",
        "successor_ids",
        "post_goal_id.state",
        "held_goal_ids.state",
    )
    def _compute_held_note(self):
        """Said of people: where they were on days past, which everybody could see.

        Leave, and what is still to come, is told to the person, the line and HR alone.
        """
        # sudo: positions and leave are private, and told with care
        facts = self.sudo()
        owners = facts.responsible_id
        positions = facts._positions_of(owners)
        managers = facts._new_managers(owners)
        leave = facts.filtered(
            lambda goal: goal.employee_id and goal.date_start and goal.date_end
        )._long_leave()
        today = fields.Date.today()
        for goal in self:
            known = goal.sudo()
            if not (known.date_start and known.date_end and known.cycle_id):
                goal.held_note = False  # an unsaved form without dates
                continue
            in_line = bool(goal._performance_roles())
            own = positions.get(known.responsible_id.id, [])
            notes = []
            if known.scope == "employee":
                notes += [known._say_start(own), known._say_end(own, in_line, today)]
                notes.append(known._say_move(own, today))
                if in_line:
                    notes += known._say_leave(leave.get(known, []))
            if known.state == "agreed":
                notes.append(known._say_owner_left(own, today))
                notes.append(known._say_new_manager(managers))
                notes.append(known._say_post_closed())
            if known.scope == "job" and known.state == "closed":
                notes.append(known._say_holders_open())
            goal.held_note = " ".join(filter(None, notes)) or False

    # ---------------------------------------------------------------- facts

    @api.model
    def _positions_of(self, employees):
        """``{employee id: [Position, ...]}`` by date, as known today, in one query."""
        found = defaultdict(list)
        if not employees:
            return found
        version = self.env["hr.version"]
        for employee_id, *position in self.env.execute_query(
            SQL(
                """
                SELECT employee_id, date_version, job_id, department_id, %(left)s
                  FROM hr_version version
                  JOIN hr_employee employee ON employee.id = employee_id
                 WHERE version.active AND employee_id = ANY(%(employees)s)
                   AND date_version <= %(today)s
                WINDOW history AS (PARTITION BY employee_id ORDER BY date_version)
              ORDER BY employee_id, date_version%(flush)s
                """,
                left=self._left_sql(),
                employees=employees.ids,
                today=fields.Date.today(),
                flush=SQL(
                    "",
                    to_flush=[
                        self.env["hr.employee"]._fields["active"],
                        *(
                            version._fields[name]
                            for name in (
                                "active",
                                "employee_id",
                                "date_version",
                                "job_id",
                                "department_id",
                                "departure_date",
                                "contract_date_end",
                            )
                        ),
                    ],
                ),
            )
        ):
            found[employee_id].append(Position(*position))
        return found

    @api.model
    def _new_managers(self, employees):
        """``{employee id: (since, manager)}`` of those who have been given another one.

        The tree of employees has no dates; the trail below the employee knows when.
        """
        if not employees:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (message.res_id)
                       message.res_id, message.date::date, tracked.new_value_integer
                  FROM mail_tracking_value tracked
                  JOIN mail_message message ON message.id = tracked.mail_message_id
                  JOIN ir_model_fields field ON field.id = tracked.field_id
                 WHERE message.model = 'hr.employee' AND field.model = 'hr.employee'
                   AND field.name = 'parent_id' AND message.res_id = ANY(%(employees)s)
                   AND tracked.old_value_integer <> 0
              ORDER BY message.res_id, tracked.id DESC
                """,
                employees=employees.ids,
            )
        )
        return {
            employee_id: (since, manager_id) for employee_id, since, manager_id in rows
        }

    # ---------------------------------------------------------------- in words

    def _say_start(self, positions):
        if self.date_start <= self.cycle_id.date_start:
            return ""
        day = format_date(self.env, self.date_start)
        if self.predecessor_id:
            return self.env._(
                "Held from %(day)s: taken over from %(person)s.",
                day=day,
                person=self.predecessor_id.employee_id.name,
            )
        if positions and positions[0].date_start == self.date_start:
            return self.env._("Held from %(day)s: hired.", day=day)
        for before, since in pairwise(positions):
            if since.date_start == self.date_start and before.job_id != since.job_id:
                return self.env._(
                    "Held from %(day)s: was %(post)s before.",
                    day=day,
                    post=self._place_name(before, since),
                )
        return self.env._("Held from %(day)s.", day=day)

    def _say_end(self, positions, in_line, today):
        if self.date_end >= self.cycle_id.date_end:
            return ""
        day = format_date(self.env, self.date_end)
        if self.successor_ids:
            return self.env._(
                "Until %(day)s: handed over to %(person)s.",
                day=day,
                person=self.successor_ids[0].employee_id.name,
            )
        if in_line or self.date_end < today:
            if self.date_end in {position.date_left for position in positions}:
                return (
                    self.env._("Until %(day)s: left.", day=day)
                    if self.date_end < today
                    else self.env._("Until %(day)s: leaves.", day=day)
                )
            after = self.date_end + timedelta(days=1)
            for before, since in pairwise(positions):
                if since.date_start == after:
                    return self.env._(
                        "Until %(day)s: moved to %(place)s.",
                        day=day,
                        place=self._place_name(since, before),
                    )
        return self.env._("Until %(day)s.", day=day)

    def _say_move(self, positions, today):
        """A goal that went along when its owner moved."""
        for before, since in reversed(list(pairwise(positions))):
            if self.date_start < since.date_start <= min(self.date_end, today) and (
                before.job_id,
                before.department_id,
            ) != (since.job_id, since.department_id):
                return self.env._(
                    "Moved to %(place)s on %(day)s.",
                    place=self._place_name(since, before),
                    day=format_date(self.env, since.date_start),
                )
        return ""

    def _say_leave(self, leave):
        if not leave:
            return []
        cycle = self.cycle_id
        total = span_days(cycle.date_start, cycle.date_end)
        names = {
            "days": round(self.pro_rata * total),
            "total": total,
            "spans": ", ".join(
                f"{format_date(self.env, start)} – {format_date(self.env, end)}"
                for start, end in leave
            ),
        }
        return [
            self.env._(
                "Target covers %(days)s of %(total)s days: on leave %(spans)s.", **names
            )
            if self.post_goal_id
            else self.env._(
                "Weighs for %(days)s of %(total)s days: on leave %(spans)s.", **names
            )
        ]

    def _say_owner_left(self, positions, today):
        owner = self.responsible_id
        left = positions[-1].date_left if positions else None
        if not owner or (owner.active and not (left and left < today)):
            return ""
        if self.successor_ids or self.date_end < today:
            return ""
        if not left:
            return self.env._("The owner has left: choose who goes on.")
        return self.env._(
            "Owner left on %(day)s: choose who goes on.",
            day=format_date(self.env, left),
        )

    def _say_new_manager(self, managers):
        owner = self.responsible_id
        since, manager_id = managers.get(owner.id, (None, None))
        if not since or manager_id != owner.parent_id.id or since < self.date_start:
            return ""
        return self.env._(
            "New manager since %(day)s: %(person)s.",
            day=format_date(self.env, since),
            person=owner.parent_id.name,
        )

    def _say_post_closed(self):
        if self.post_goal_id.state != "closed":
            return ""
        return self.env._("The goal of the post is closed: close this one, too.")

    def _say_holders_open(self):
        count = len(self._held_goals().filtered(lambda goal: goal.state != "closed"))
        if not count:
            return ""
        return self.env._(
            "Goals of holders still to be closed, each with its own decision: %(count)s.",
            count=count,
        )

    def _place_name(self, place, other):
        """The post of ``place``, or the department where that is what differs."""
        job, unit = (
            self.env["hr.job"].browse(place.job_id),
            self.env["hr.department"].browse(place.department_id),
        )
        if place.job_id != other.job_id and job:
            return job.name
        return unit.name or self.env._("another post")
