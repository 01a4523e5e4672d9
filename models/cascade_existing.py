from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from .goal import HOLDERS


class Standing(NamedTuple):
    """What exists already of a plan, and counts as it is.

    ``goals``: ``{(line id, period id or 0): goal}``, in superuser mode.
    ``figures``: ``{(goal id, indicator id): measure}`` of goals that the user may read and
    that contribute. A goal without a figure takes no share of the target.
    ``others``: goals directly below the sources that are not in the table, such as those of
    receivers who were not chosen; only such as count there too.
    """

    goals: dict
    figures: dict
    others: models.BaseModel


class HrPerformanceCascade(models.Model):
    """Goals that exist where a cascade would make one, by a former cascade or by hand.

    They stay as they are and stand in the plan with their own figures; the others share
    the rest. A cancelled goal is out of the way: another one may take its place.
    """

    _inherit = "hr.performance.cascade"

    def _existing(self, items):
        """``{origin: goal}`` of those ``items`` that exist, in superuser mode.

        Made by any cascade, or by hand: a goal of the same receiver for the same period
        that hangs where this one would. Of several the one that is measured alike.
        """
        goals = self.env["hr.performance.goal"]
        found = {
            origin: goal
            for origin, goal in goals._made([item.origin for item in items]).items()
            if goal.state != "cancelled"
        }
        holders = {}
        for item in items:
            line = item.line.sudo()
            holders.setdefault(line.scope, set()).add(line._holder().id)
        # sudo: what the user cannot see is there all the same
        below = goals.sudo().search_fetch(
            Domain("id", "child_of", self.source_ids.ids)
            & Domain("state", "!=", "cancelled")
            & Domain.OR(
                Domain("scope", "=", scope) & Domain(HOLDERS[scope], "in", ids)
                for scope, ids in holders.items()
            ),
            ["parent_id", "scope", "cycle_id", *HOLDERS.values()],
        )
        indicators = self.sudo().source_ids.measure_ids.indicator_id
        by_place = {
            (
                goal.parent_id.id,
                goal.scope,
                (goal._holder() or goal.company_id).id,
                goal.cycle_id.id,
            ): goal
            for goal in below.sorted(
                lambda goal: len(goal.measure_ids.indicator_id & indicators)
            )
        }
        for item in items:
            if item.origin in found:
                continue
            line = item.line.sudo()
            above = (
                found.get(self._origin_above(item)) if item.is_part else line.source_id
            )
            place = above and (above.id, line.scope, line._holder().id, item.cycle.id)
            if place in by_place:
                found[item.origin] = by_place[place]
        return found

    def _standing(self, items=None, existing=None):
        """What of the plan exists already, as :class:`Standing`.

        :param items: everything that is planned, where that is known
        :param existing: as from :meth:`_existing` for these
        """
        items = self._items() if items is None else items
        existing = self._existing(items) if existing is None else existing
        goals = {
            (item.line.id, item.column): existing[item.origin]
            for item in items
            if item.origin in existing
        }
        others = self.env["hr.performance.goal"]
        if self.receiver != "holder":
            others = others.search(
                [
                    ("parent_id", "in", self.source_ids.ids),
                    ("id", "not in", [goal.id for goal in goals.values()]),
                    ("is_time_part", "=", False),
                    ("link", "=", "contributes"),
                    ("state", "!=", "cancelled"),
                ]
            )
        # with the user's rights: nobody learns a hidden goal's target from what is left
        measures = self.env["hr.performance.measure"].search(
            [
                ("goal_id", "in", [goal.id for goal in goals.values()]),
                ("goal_id.active", "=", True),
                ("goal_id.link", "=", "contributes"),
            ]
        )
        return Standing(
            goals,
            {
                (measure.goal_id.id, measure.indicator_id.id): measure
                for measure in measures
            },
            others,
        )

    def _free_origins(self, items):
        """Let go of cancelled goals in whose place ``items`` are made."""
        made = self.env["hr.performance.goal"]._made([item.origin for item in items])
        for goal in made.values():
            if goal.state == "cancelled":
                goal.origin = False
