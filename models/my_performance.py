from datetime import timedelta
from itertools import chain

from odoo import api, fields, models

from ..engine import health


class HrPerformanceMine(models.AbstractModel):
    """What the screen *My performance* shows, under the user's own rights."""

    _name = "hr.performance.mine"
    _description = "My Performance"

    @api.model
    def get_my_performance(self):
        """One dict for the whole screen: where the year stands, what to do, my goals."""
        today = fields.Date.context_today(self)
        goals = self.env["hr.performance.goal"].search(
            [
                ("is_mine", "=", True),
                ("state", "!=", "cancelled"),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ]
        )
        result = self.env["hr.performance.appraisal"].search(
            # conversations without a rating have no level to ask about
            [("is_mine", "=", True), ("level_final_id", "!=", False)],
            limit=1,
        )
        return {
            "has_employee": bool(self.env.user.employee_id),
            "periods": self._periods(today),
            "to_do": self._to_do(today),
            "goals": self._goal_lines(goals),
            "next_meeting": self._next_meeting(),
            "feedback": self._new_feedback(today),
            "result": {
                "id": result.id,
                "cycle": result.cycle_id.name,
                "level": result.level_final_id.name or "",
            }
            if result
            else False,
        }

    @api.model
    def _new_feedback(self, today):
        """How much feedback of the last month there is for the user to read."""
        return self.env["hr.performance.feedback"].search_count(
            [
                ("is_mine", "=", True),
                ("state", "=", "given"),
                ("date", ">", today - timedelta(days=30)),
            ]
        )

    @api.model
    def _next_meeting(self):
        """The next meeting of the user: when, of which kind and with whom."""
        meeting = self.env["hr.performance.meeting"]._next_of_mine()
        if not meeting:
            return False
        kinds = dict(meeting._fields["kind"]._description_selection(self.env))
        return {
            "id": meeting.id,
            "name": self.env._(
                "Next: %(kind)s with %(person)s",
                kind=kinds[meeting.kind],
                person=meeting.other_id.name,
            ),
            "when": meeting._when(),
        }

    @api.model
    def _periods(self, today):
        """The running cycles from the longest to the shortest, with their stages."""
        cycles = self.env["hr.performance.cycle"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ]
        )
        stages = cycles._fields["state"]._description_selection(self.env)
        return [
            {
                "id": cycle.id,
                "name": cycle.name,
                "stages": [
                    {"name": label, "current": key == cycle.state}
                    for key, label in stages
                    if key != "closed"
                ],
            }
            for cycle in cycles.sorted(
                lambda cycle: cycle.date_end - cycle.date_start, reverse=True
            )
        ]

    @api.model
    def _to_do(self, today):
        """What is asked of the user now or within a week; the same as *What I owe*."""
        owed = self.env["hr.performance.owed"].search(
            [
                ("is_mine", "=", True),
                ("state", "!=", "done"),
                "|",
                ("state", "in", ("to_do", "overdue")),
                ("deadline", "<=", fields.Date.add(today, days=7)),
            ]
        )
        return [
            {
                "id": line.id,
                "name": line.display_name,
                # sudo: a name that whoever may see the row may know
                "about": ""
                if line.about_id == line.employee_id
                else line.about_id.sudo().name or "",
                "date": line.deadline,
                "days": line.deadline and (line.deadline - today).days,
            }
            for line in owed
        ]

    @api.model
    def _goal_lines(self, goals):
        """What the screen shows of each goal."""
        labels = {
            name: dict(goals._fields[name]._description_selection(self.env))
            for name in ("health", "link", "state")
        }
        above = self._goals_above(goals)
        return [
            {
                "id": goal.id,
                "name": goal.name,
                "figure": goal.figure or "",
                "score": False if goal.score is None else goal.score,
                "progress": False if goal.progress is None else goal.progress,
                "expected": goal.expected,
                "health": goal.health,
                "health_label": labels["health"][goal.health or health.NO_VALUE],
                "health_reason": goal.health_reason or "",
                "state": goal.state,
                "state_label": labels["state"][goal.state],
                "link": labels["link"][goal.link],
                "path": [parent.name for parent in above[goal]],
            }
            for goal in goals
        ]

    @api.model
    def _goals_above(self, goals):
        """Per goal the way up to the company's, nearest first, as far as visible."""
        path_ids = {
            goal: [int(part) for part in goal.parent_path.split("/") if part][-2::-1]
            for goal in goals
        }
        visible = goals.search([("id", "in", sorted({*chain(*path_ids.values())}))])
        return {
            goal: [goals.browse(id_) for id_ in ids if id_ in visible._ids]
            for goal, ids in path_ids.items()
        }
