from odoo import api, models
from odoo.fields import Domain

MEETING = "hr.performance.meeting"


class IrAttachment(models.Model):
    """What two people attach to their talk below a meeting is for the two of them.

    Odoo shows files to whoever may read the record, which for a meeting are more people
    than may read what is said there.
    """

    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        ids = [record_id for record_id in model_and_ids.get(MEETING, ()) if record_id]
        if operation == "read" and ids and not self.env.su:
            meetings = self.env[MEETING].browse(ids).exists()
            for meeting in meetings - meetings._filtered_access("write"):
                yield MEETING, meeting.id

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Lists of the files of named models do not ask the above."""
        domain = Domain(domain)
        if not (self.env.su or bypass_access) and any(
            condition.field_expr == "res_model"
            and (
                condition.value == MEETING
                or (not isinstance(condition.value, str | bool))
            )
            for condition in domain.iter_conditions()
        ):
            mine = self.env[MEETING]._search([("is_party", "=", True)])
            domain &= Domain("res_model", "!=", MEETING) | Domain("res_id", "in", mine)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
