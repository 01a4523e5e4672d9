from odoo import api, models
from odoo.tools import SQL

from .flush import flush_sql


class HrPerformanceCheckin(models.Model):
    """A check-in that is posted is what was owed, done."""

    _inherit = "hr.performance.checkin"

    def action_post(self):
        result = super().action_post()
        # sudo: those above were asked about it too
        self.sudo().goal_id._sync_owed()
        return result

    @api.model
    def _owed_sql(self):
        return [
            *super()._owed_sql(),
            (
                "checkin",
                SQL(
                    """
                    SELECT id AS res_id, employee_id, owner_id AS about_id, company_id,
                           date AS date_from, date AS deadline, date AS done_on,
                           TRUE AS shared
                      FROM hr_performance_checkin
                     WHERE state IN ('posted', 'acknowledged')
                       AND corrected_by_id IS NULL%(flush)s
                    """,
                    flush=flush_sql(
                        self.env,
                        (
                            "hr.performance.checkin",
                            "employee_id owner_id company_id date state corrected_by_id",
                        ),
                    ),
                ),
            ),
        ]
