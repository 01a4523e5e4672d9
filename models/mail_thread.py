from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Whoever is reminded of something does not follow it for that."""
        if self.env.context.get("performance_no_follower"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)
