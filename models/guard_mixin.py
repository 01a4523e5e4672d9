from odoo import api, models
from odoo.exceptions import AccessError


class HrPerformanceGuardMixin(models.AbstractModel):
    """Fields that only this addon's own code may set.

    Results, ratings and states are outcomes. Odoo lets everybody who may write a record
    write its stored computed and read-only fields over RPC too; for the fields in
    ``_method_only_fields`` this mixin refuses that, whatever the caller's role. Methods
    check what has to be checked and then write in superuser mode, which nobody can enter
    from outside.
    """

    _name = "hr.performance.guard.mixin"
    _description = "Fields set by methods only"

    _method_only_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # a default in the context is one more way to set a field
            self = self.with_context(
                {
                    key: value
                    for key, value in self.env.context.items()
                    if key.removeprefix("default_") not in self._method_only_fields
                }
            )
            defaults = self.default_get(list(self._method_only_fields))
            for vals in vals_list:
                self._check_method_only(
                    {
                        name: value
                        for name, value in vals.items()
                        if value and value != defaults.get(name)
                    }
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_method_only(vals)
        return super().write(vals)

    def _check_method_only(self, vals):
        """Refuse ``vals`` when it would set a field that only methods set."""
        for name in self._method_only_fields & vals.keys():
            raise AccessError(
                self.env._(
                    "“%(field)s” of %(record)s cannot be typed in: it follows from the"
                    " steps and values behind it. Use the buttons of the form, or the"
                    " method of the step.",
                    field=self._fields[name]._description_string(self.env),
                    record=self[:1].display_name or self._description,
                )
            )
