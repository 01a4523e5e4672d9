from odoo import api, fields, models


class HrPerformanceOwed(models.Model):
    """The list *What I owe*, and for those who lead or help: who owes what."""

    _inherit = "hr.performance.owed"

    record_name = fields.Char("Subject", compute="_compute_record_name")
    days_late = fields.Integer(compute="_compute_days_late")

    @api.depends("type_id", "record_name")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        for owed in self:
            owed.display_name = self.env._(
                "%(deed)s: %(record)s",
                # sudo: what a deed is called is no secret
                deed=owed.sudo().type_id.name or "",
                record=owed.record_name,
            )

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_record_name(self):
        names = {}
        for model, several in self.grouped("res_model").items():
            records = self.env[model].browse(several.mapped("res_id")).exists()
            # whoever may know that something is owed need not be able to read all of it
            readable = records._filtered_access("read")
            names |= {(model, record.id): record.display_name for record in readable}
        for owed in self:
            owed.record_name = names.get((owed.res_model, owed.res_id), "")

    @api.depends("deadline", "state")
    def _compute_days_late(self):
        today = fields.Date.today()
        for owed in self:
            owed.days_late = (
                (today - owed.deadline).days if owed.state == "overdue" else 0
            )

    def action_do(self):
        """Open what is owed where it is done: the check-in, the review, the goal."""
        self.ensure_one()
        self.check_access("read")
        record = self.env[self.res_model].browse(self.res_id)
        if self.state == "done" or not self.is_mine:
            # no dialog that would do what is done, or what is somebody else's to do
            return record._owed_action(False)
        return record._owed_action(self.kind)
