from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..engine.closing import Way, suggested_decision, way_left


class HrPerformanceMeasure(models.Model):
    _inherit = "hr.performance.measure"

    def _carried_values(self):
        """The values of this measure in the next period: what is left of it.

        Milestones that were reached are behind; without any left, all are to be reached
        again, as before.
        """
        self.ensure_one()
        vals = self.copy_data()[0]
        for name in ("goal_id", "date_start", "date_end"):
            vals.pop(name, None)
        targets = self._targets_in_force()
        adds_up = self.indicator_id.aggregation == "sum"
        # where each holder of a post has the whole target, each has a share of the rest
        times = self._held_times() or 1
        has_value = self._scoring().has_target and self.actual is not None
        way = way_left(
            Way(
                self.baseline,
                self.target_by_days / times if adds_up else targets[-1][1],
            ),
            self.actual / times if has_value else None,
            adds_up=adds_up,
        )
        left = self.milestone_ids.filtered(lambda milestone: not milestone.date_reached)
        milestones = left or self.milestone_ids
        return vals | {
            **way._asdict(),
            "milestone_ids": [
                Command.create(
                    {
                        name: value
                        for name, value in line.items()
                        if name not in ("measure_id", "date_deadline")
                    }
                )
                for line in milestones.copy_data()
            ],
        }


class HrPerformanceGoal(models.Model):
    """What happens next to a goal that is closed."""

    _inherit = "hr.performance.goal"

    former_id = fields.Many2one(
        "hr.performance.goal",
        "Carried Over From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    next_ids = fields.One2many(
        "hr.performance.goal", "former_id", "Carried Over To", readonly=True
    )

    def _suggested_decision(self):
        """How the goal ended by its points, or by its progress; False: no value."""
        self.ensure_one()
        points = self.progress if self.score is None else self.score
        return suggested_decision(points) or False

    def _carry_over(self):
        """Make these goals anew as drafts in the period after theirs, once.

        Those that came with a post are left out: they come with its goal again, to whoever
        holds it then.

        :return: the goals there, also those that had been made before
        """
        self -= self._handed_out()
        following = self.cycle_id._following()
        for goal in self:
            if not following[goal.cycle_id]:
                raise UserError(
                    self.env._(
                        "There is no open period after “%(cycle)s” to carry “%(goal)s”"
                        " over to. Ask HR to create it, or end the goal here.",
                        cycle=goal.cycle_id.name,
                        goal=goal.name,
                    )
                )
        parents = self._parents_there(following)
        vals_list = [
            goal._carried_values(following[goal.cycle_id], parents[goal])
            for goal in self
        ]
        self._make_missing(vals_list)
        made = self._made([vals["origin"] for vals in vals_list])
        carried = self.browse().concat(*made.values()).with_env(self.env)
        carried._hang_below_carried()
        return carried

    def _handed_out(self):
        """Those of the goals that came with a post."""
        # sudo: the goal of the post may be hidden; that there is one is no news
        return self.sudo().filtered("post_goal_id").with_env(self.env)

    def _carried_values(self, cycle, parent):
        """The values of this goal in ``cycle``, below ``parent``."""
        self.ensure_one()
        vals = self.copy_data({"name": self.name, "cycle_id": cycle.id})[0]
        for name in ("date_start", "date_end"):
            vals.pop(name, None)
        return vals | {
            "origin": f"carry:{self.id}:cycle:{cycle.id}",
            "former_id": self.id,
            "parent_id": parent.id,
            "measure_ids": [
                Command.create(measure._carried_values())
                for measure in self.measure_ids
                if measure.indicator_id.state != "retired"
            ],
        }

    def _parents_there(self, following):
        """Per goal the one above it in the next period, if there is one."""
        # sudo: the goal above may be hidden; that it is above is no news
        parents = {}
        for goal in self:
            parent = goal.sudo().parent_id
            cycle = following[goal.cycle_id]
            if parent and parent.cycle_id.date_end < cycle.date_end:
                parent = parent.next_ids.filtered(
                    lambda copy, cycle=cycle: (
                        copy.cycle_id.date_start <= cycle.date_start
                        and copy.cycle_id.date_end >= cycle.date_end
                    )
                )[:1]
            parents[goal] = parent
        return parents

    def _hang_below_carried(self):
        """Take in the goals that were carried over before the one above them."""
        # sudo: what hung below the former goal may be hidden from who closes it
        waiting = self.sudo().search(
            [
                ("former_id.parent_id", "in", self.sudo().former_id.ids),
                ("parent_id", "=", False),
                ("state", "in", ("draft", "proposed")),
            ]
        )
        for goal in waiting:
            above = self.filtered(
                lambda carried, goal=goal: (
                    carried.former_id == goal.former_id.parent_id
                    and carried.cycle_id.date_start <= goal.cycle_id.date_start
                    and carried.cycle_id.date_end >= goal.cycle_id.date_end
                )
            )
            goal.parent_id = above[:1].id


class HrPerformanceCycle(models.Model):
    _inherit = "hr.performance.cycle"

    def _following(self):
        """``{cycle: the next open one of its kind}``, an empty one where there is none."""
        later = self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("period_type", "in", self.mapped("period_type")),
                ("state", "!=", "closed"),
            ],
            order="date_start, id",
        )
        return {
            cycle: later.filtered(
                lambda other, cycle=cycle: (
                    other.company_id == cycle.company_id
                    and other.period_type == cycle.period_type
                    and other.date_start > cycle.date_end
                )
            )[:1]
            for cycle in self
        }
