from odoo import models


class HrPerformanceSilentMixin(models.AbstractModel):
    """Records of which not even their existence is told to those who may not read them.

    Odoo answers differently for a record that is hidden and for one that is not there: who
    knows the numbers of some, as they are given one after the other, would see them go.
    """

    _name = "hr.performance.silent.mixin"
    _description = "Records that nobody can ask about"

    def exists(self):
        return super().exists() if self.env.su else self

    def _check_access(self, operation):
        if self.env.su or not self:
            return super()._check_access(operation)
        there = self.sudo().exists().sudo(False)
        result = super(HrPerformanceSilentMixin, there)._check_access(operation)
        hidden = (self - there) | (result[0] if result else self.browse())
        if not hidden:
            return result
        return hidden, lambda: self.env["ir.rule"]._make_access_error(operation, hidden)
