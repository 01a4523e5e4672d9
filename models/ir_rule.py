from odoo import models
from odoo.exceptions import AccessError

#: what hangs below records is called by its text, too
BELOW = ("ir.attachment", "mail.activity", "mail.scheduled.message")


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """In debug mode, which anybody can turn on, Odoo names the records it refuses.

        In this addon names tell: what is on an agenda, who wrote about whom.
        """
        if isinstance(records, self.env.registry["hr.performance.silent.mixin"]):
            # the same words whether they are there or not
            return AccessError(
                self.env._(
                    "“%(records)s” is read by its author alone.",
                    records=records._description,
                )
            )
        error = super()._make_access_error(operation, records)
        if records._name.startswith("hr.performance.") or records._name in BELOW:
            message = str(error)
            for record in records[:6].sudo():
                message = message.replace(f", {record.display_name} (", " (")
            error.args = (message, *error.args[1:])
            records.invalidate_recordset()
        return error
