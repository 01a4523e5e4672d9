from odoo import api, models


class HrPerformanceDialogMixin(models.AbstractModel):
    """A dialog about a record, refused to who may not read that.

    It shows the record's name, as every link does, whatever the rules of the record say.
    """

    _name = "hr.performance.dialog.mixin"
    _inherit = ["hr.performance.form.mixin"]
    _description = "Dialog about a record"

    #: the many2one to the record that the dialog is about
    _about_field = "goal_id"

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        # not a constraint: those are checked in superuser mode
        dialogs[self._about_field].check_access("read")
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self[self._about_field].check_access("read")
        return result
