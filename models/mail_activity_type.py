from odoo import fields, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    #: an activity that opens the check-in dialog, and is done by checking in
    category = fields.Selection(selection_add=[("performance_checkin", "Check-in")])
