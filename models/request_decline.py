import random

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL


class HrPerformanceRequest(models.Model):
    """Saying no: by name at once, without a name in the night after.

    Told at once, an anonymous no would be by whoever is at their desk right now.
    """

    _inherit = "hr.performance.request"

    def _tell_declined(self):
        """Tell manager and HR, who can name others: they follow the appraisal."""
        self.filtered("is_handover").appraisal_id._share_out()
        for request in self:
            request.appraisal_id.message_post(
                body=self.env._(
                    "%(reviewer)s declined to review: %(reason)s",
                    reviewer=request.reviewer_id.name,
                    reason=request.decline_reason,
                )
            )

    @api.model
    def _tell_anonymous_declines(self):
        """Tell of those of the days before, in no order. In superuser mode, at night."""
        requests = self.search(
            [
                ("is_anonymous", "=", True),
                ("declined_on", "<", fields.Date.today()),
                ("is_decline_told", "=", False),
                ("appraisal_id.is_collecting", "=", True),
                ("appraisal_id.collection_closed_on", "=", False),
            ]
        )
        for request in random.SystemRandom().sample(requests, len(requests)):
            request._tell_declined_by_nobody()
        requests.is_decline_told = True

    def _tell_declined_by_nobody(self):
        """No author, no language of theirs, and a day instead of a time."""
        appraisal = self.appraisal_id
        appraisal = appraisal.with_user(SUPERUSER_ID).with_context(
            lang=appraisal.company_id.partner_id.lang
        )
        message = appraisal.message_post(
            body=appraisal.env._(
                "Somebody asked as %(role)s has declined: %(reason)s",
                role=self.with_env(appraisal.env)._role_name(),
                reason=self.decline_reason,
            )
        )
        message.flush_recordset()
        appraisal.env.cr.execute(
            SQL(
                """
                UPDATE mail_message
                   SET date = date_trunc('day', date),
                       create_date = date_trunc('day', create_date),
                       write_date = date_trunc('day', write_date)
                 WHERE id = %s
                """,
                message.id,
            )
        )
        message.invalidate_recordset()
