from odoo import api, models
from odoo.exceptions import UserError

#: what a file is and says
CONTENT = frozenset(
    {"raw", "datas", "db_datas", "store_fname", "url", "name", "res_model", "res_id"}
)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if CONTENT & vals.keys():
            # first: what is said names the check-in
            self.check_access("write")
            self._check_not_posted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self._check_not_posted()

    def _check_not_posted(self):
        """What was posted with a check-in stays as it was, the files as well."""
        # sudo: which files are evidence, for whoever may delete files
        files = self.sudo().filtered(
            lambda file: file.res_model == "hr.performance.checkin"
        )
        if not files:
            return
        checkin = (
            self.env["hr.performance.checkin"]
            .sudo()
            .search(
                [("attachment_ids", "in", files.ids), ("state", "!=", "draft")], limit=1
            )
        )
        if checkin:
            raise UserError(
                self.env._(
                    "The file was posted with the check-in “%(checkin)s” and stays as it"
                    " was. Correct the check-in to put something right.",
                    checkin=checkin.display_name,
                )
            )
