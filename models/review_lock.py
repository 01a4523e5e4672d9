from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .flush import flush_sql


class HrPerformanceAppraisal(models.Model):
    """Own review first: nobody's first thought is somebody else's.

    The record rules of reviews and answers ask ``owes_review``, for all groups alike: a
    manager who is an officer as well waits like every other one.
    """

    _inherit = "hr.performance.appraisal"

    owes_review = fields.Boolean(
        compute="_compute_owes_review",
        search="_search_owes_review",
        export_string_translation=False,
        help="Whether the user has been asked for a review of their own and has neither"
        " submitted nor declined it, or may still be asked.",
    )

    @api.depends(
        "state",
        "is_collecting",
        "collection_closed_on",
        "template_id.is_blind",
        "request_ids.state",
        "request_ids.reviewer_id",
    )
    @api.depends_context("uid")
    def _compute_owes_review(self):
        rows = self.env.execute_query(
            SQL("%s AND appraisal.id = ANY(%s)", self._owing_sql(), self._origin.ids)
        )
        owing = {row[0] for row in rows}
        for appraisal in self:
            appraisal.owes_review = appraisal._origin.id in owing or (
                appraisal.state == "draft" and appraisal.template_id.is_blind
            )

    def _search_owes_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        # before the opening nobody has been asked, save a former manager for a farewell
        not_begun = Domain("state", "=", "draft") & Domain(
            "template_id.is_blind", "=", True
        )
        return not_begun | Domain("id", "in", SQL("(%s)", self._owing_sql()))

    @api.model
    def _owing_sql(self):
        """The ids of the appraisals on which the current user owes a review."""
        return SQL(
            """
            SELECT appraisal.id
              FROM hr_employee me
              JOIN hr_performance_request asked ON asked.reviewer_id = me.id
              JOIN hr_performance_appraisal appraisal
                ON appraisal.id = asked.appraisal_id AND appraisal.is_collecting
              JOIN hr_performance_template form
                ON form.id = appraisal.template_id AND form.is_blind
             WHERE me.user_id = %(user)s
               AND asked.state NOT IN ('done', 'declined')
               AND NOT (asked.is_anonymous IS TRUE
                        AND appraisal.collection_closed_on IS NOT NULL)%(flush)s
            """,
            user=self.env.uid,
            flush=flush_sql(
                self.env,
                ("hr.employee", "user_id"),
                (
                    "hr.performance.request",
                    "reviewer_id appraisal_id state is_anonymous",
                ),
                (
                    "hr.performance.appraisal",
                    "is_collecting template_id collection_closed_on",
                ),
                ("hr.performance.template", "is_blind"),
            ),
        )
