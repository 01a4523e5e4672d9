from odoo import api, fields, models
from odoo.fields import Domain

#: goals that the map does not draw; what hangs below them begins anew
DRAWN = Domain("state", "!=", "cancelled")


class HrPerformanceGoal(models.Model):
    """The map: the tree along the organisation, or in time, unfolded level by level.

    It begins with the company's goals and those of units that carry a tree. What else
    hangs below nothing is no map but a finding of the alignment report, unless it is one's
    own: everybody finds their own goals, below one that they cannot see as well.
    """

    _inherit = "hr.performance.goal"

    organisation_child_ids = fields.One2many(
        "hr.performance.goal",
        "parent_id",
        "Goals Below along the Organisation",
        domain=[("is_time_part", "=", False), *DRAWN],
        copy=False,
        export_string_translation=False,
    )
    time_child_ids = fields.One2many(
        "hr.performance.goal",
        "parent_id",
        "Parts in Time",
        domain=[("is_time_part", "=", True), *DRAWN],
        copy=False,
        export_string_translation=False,
    )
    is_map_root = fields.Boolean(
        compute="_compute_is_root",
        search="_search_is_map_root",
        export_string_translation=False,
    )
    is_time_root = fields.Boolean(
        compute="_compute_is_root",
        search="_search_is_time_root",
        export_string_translation=False,
    )

    @api.depends_context("uid")
    def _compute_is_root(self):
        for name in ("is_map_root", "is_time_root"):
            roots = self.search([("id", "in", self._origin.ids), (name, "=", True)])
            for goal in self:
                goal[name] = goal._origin in roots

    def _search_is_map_root(self, operator, value):
        if operator != "in":
            return NotImplemented
        return (
            DRAWN
            & Domain("parent_id", "not any", DRAWN)
            & (
                Domain("scope", "=", "company")
                | (
                    Domain("scope", "!=", "employee")
                    & Domain("organisation_child_ids", "any", Domain.TRUE)
                )
                | Domain("is_mine", "=", True)
            )
        )

    def _search_is_time_root(self, operator, value):
        if operator != "in":
            return NotImplemented
        return (
            DRAWN
            & (
                Domain("is_time_part", "=", False)
                | Domain("parent_id", "not any", DRAWN)
            )
            & Domain("time_child_ids", "any", Domain.TRUE)
            & (Domain("scope", "!=", "employee") | Domain("is_mine", "=", True))
        )

    @api.model
    def hierarchy_read(
        self, domain, specification, parent_field, child_field=None, order=None
    ):
        """The goals of ``domain``; a single one with what is around it.

        As in ``web_hierarchy``, but along ``child_field`` and without a goal above that
        the user cannot see, which has nothing to unfold either.
        """
        goals = self.search(domain, order=order)
        if len(goals) == 1:
            family = goals | goals[parent_field]._filtered_access("read")
            goals = family | family[child_field or "child_ids"]
        rows = goals.web_read({parent_field: {}} | specification)
        above = goals[parent_field]._filtered_access("read")
        for row in rows:
            parent = row[parent_field]
            if parent and (
                parent["id"] if isinstance(parent, dict) else parent
            ) not in (above.ids):
                row[parent_field] = False
        return rows
