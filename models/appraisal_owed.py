from odoo import api, models
from odoo.tools import SQL

from .flush import flush_sql

#: days within which one reads one's result and answers it
READ_WITHIN = 7


class HrPerformanceAppraisal(models.Model):
    """A released appraisal asks to be read and answered."""

    _name = "hr.performance.appraisal"
    _inherit = ["hr.performance.appraisal", "hr.performance.owed.mixin"]

    def _take_step(self, name, **values):
        super()._take_step(name, **values)
        # sudo: a step may take it out of the user's reach
        self.sudo()._sync_owed()
        step = self._transitions[name]
        if "open" in (*step.sources, step.target):
            # what was asked of reviewers hangs on nothing else
            self.sudo().request_ids._sync_owed()

    @api.model
    def _owed_sql(self):
        return [
            *super()._owed_sql(),
            (
                "acknowledge",
                SQL(
                    """
                    SELECT id AS res_id, employee_id, employee_id AS about_id, company_id,
                           released_date AS date_from,
                           released_date + %(days)s AS deadline,
                           CASE WHEN state <> 'released' THEN acknowledged_date
                            END AS done_on, TRUE AS shared
                      FROM hr_performance_appraisal
                     WHERE state = 'released'
                        OR state IN ('acknowledged', 'closed')
                       AND acknowledged_date IS NOT NULL%(flush)s
                    """,
                    days=READ_WITHIN,
                    flush=flush_sql(
                        self.env,
                        (
                            "hr.performance.appraisal",
                            "employee_id company_id released_date acknowledged_date state",
                        ),
                    ),
                ),
            ),
        ]
