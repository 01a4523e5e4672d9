from odoo import fields, models


class HrPerformanceDialogueMixin(models.AbstractModel):
    """A record with messages and activities below it that fewer people may read than itself.

    What reading the dialogue takes is said in one place, by
    ``_mail_get_operation_for_mail_message_operation``. Odoo asks that for messages; here it
    holds for whatever else hangs below a record as well: activities and files (see
    ``dialogue_around.py``), following, which brings copies, and what is searched for or
    summed up through the record.
    """

    _name = "hr.performance.dialogue.mixin"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Records with a dialogue"

    # a search through the record finds what is found without it, and no more
    message_ids = fields.One2many(bypass_search_access=False)
    activity_ids = fields.One2many(bypass_search_access=False)
    # of the activities that the user may read
    activity_type_id = fields.Many2one(related_sudo=False)
    activity_type_icon = fields.Char(related_sudo=False)
    activity_summary = fields.Char(related_sudo=False)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Following takes what reading the dialogue takes: followers get it as a copy."""
        if not self.env.su:
            for operation, records in self._by_operation_to_read().items():
                records.check_access(operation)
        return super().message_subscribe(partner_ids, subtype_ids)

    def _by_operation_to_read(self):
        """``{operation: records}``: what it takes to read what is said below them."""
        return self._mail_group_by_operation_for_mail_message_operation("read")

    def _without_dialogue(self):
        """Those of these records below which the user may not read."""
        readable = self.browse()
        for operation, records in self._by_operation_to_read().items():
            readable |= records._filtered_access(operation)
        return self - readable
