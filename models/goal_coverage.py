from odoo import api, fields, models
from odoo.fields import Domain


class HrPerformanceGoal(models.Model):
    """What the goals below have not taken on, of all measures of a goal."""

    _inherit = "hr.performance.goal"

    is_uncovered = fields.Boolean(
        "Not Fully Covered",
        compute="_compute_is_uncovered",
        search="_search_is_uncovered",
        help="The goals below have not taken on the whole target.",
    )
    uncovered_text = fields.Char("Uncovered", compute="_compute_is_uncovered")
    coverage_text = fields.Text("Taken On Below", compute="_compute_is_uncovered")

    @api.depends(
        "measure_ids.is_uncovered",
        "measure_ids.coverage_text",
        "measure_ids.uncovered",
        "measure_ids.indicator_id.unit",
        "measure_ids.indicator_id.digits",
    )
    @api.depends_context("lang", "uid")
    def _compute_is_uncovered(self):
        for goal in self:
            uncovered = goal.measure_ids.filtered("is_uncovered")
            goal.is_uncovered = bool(uncovered)
            goal.uncovered_text = " · ".join(
                measure._uncovered_text() for measure in uncovered
            )
            goal.coverage_text = "\n".join(
                f"{measure.display_name}: {measure.coverage_text}"
                for measure in goal.measure_ids
                if measure.coverage_text
            )

    def _search_is_uncovered(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("measure_ids.is_uncovered", "=", True)
