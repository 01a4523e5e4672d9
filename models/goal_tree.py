from odoo import api, fields, models

#: which field names the holder of a goal of each scope
HOLDERS = {
    "company": "company_id",
    "department": "department_id",
    "job": "job_id",
    "employee": "employee_id",
}
PERIOD = ("cycle_id.date_start", "cycle_id.date_end")


class HrPerformanceGoal(models.Model):
    """The two dimensions of the tree: a goal's parts along the organisation and in time.

    The same holder's goal for a quarter below that for the year is a *time part*; every
    other goal below lies along the organisation.
    """

    _inherit = "hr.performance.goal"

    is_time_part = fields.Boolean(
        "Part in Time",
        compute="_compute_is_time_part",
        store=True,
        help="The goal above is that of the same holder for a longer period.",
    )

    @api.depends(
        lambda self: [
            f"{prefix}{name}"
            for prefix in ("", "parent_id.")
            for name in (
                "scope",
                *(name for name in HOLDERS.values() if name in self._fields),
                *PERIOD,
            )
        ]
    )
    def _compute_is_time_part(self):
        for goal in self:
            above = goal.parent_id
            period, whole = goal.cycle_id, above.cycle_id
            goal.is_time_part = bool(
                period
                and whole
                and goal._holder() == above._holder()
                and period._is_shorter_part_of(whole)
            )

    def _holder(self):
        """The company, department, post or person whose goal it is; empty: not yet said."""
        return self[HOLDERS[self.scope]] if self.scope else None
