from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

#: fields that the ORM itself keeps
ORM_FIELDS = frozenset(models.MAGIC_COLUMNS)


class HrPerformanceFormMixin(models.AbstractModel):
    """Forms that name only records that their user may read."""

    _name = "hr.performance.form.mixin"
    _description = "Forms without hidden records"

    def onchange(self, values, field_names, fields_spec):
        """Let a form compute from records only that its user may read.

        Stored fields are computed in superuser mode, on an unsaved form as well: one that
        named a hidden record would show what follows from it.
        """
        if not self.env.su:
            defaults = {} if field_names else self.default_get(list(fields_spec))
            check_named_records(self, defaults | values)
        return super().onchange(values, field_names, fields_spec)


class HrPerformanceGuardMixin(models.AbstractModel):
    """Fields that only this addon's own code may set, and records that stay in reach.

    Results, ratings and states are outcomes. Odoo lets everybody who may write a record
    write its stored computed and read-only fields over RPC too; for these, and for the
    fields in ``_method_only_fields``, this mixin refuses that, whatever the caller's role.
    Methods check what has to be checked and then write in superuser mode, which nobody
    can enter from outside.
    """

    _name = "hr.performance.guard.mixin"
    _inherit = ["hr.performance.form.mixin"]
    _description = "Fields set by methods only"

    #: in addition to all stored fields that are read-only
    _method_only_fields = frozenset()
    #: links of which no check ever tells what is linked
    _untold_links = frozenset()

    @api.model
    def _is_method_only(self, name):
        field = self._fields.get(name)
        return name in self._method_only_fields or bool(
            field and field.store and field.readonly and name not in ORM_FIELDS
        )

    @api.model
    def default_get(self, fields):
        """Neither the context nor a default somebody saved sets what only methods set."""
        guarded = [name for name in fields if self._is_method_only(name)]
        values = super().default_get([name for name in fields if name not in guarded])
        for name in guarded:
            field = self._fields[name]
            if field.default:
                values[name] = field.convert_to_write(field.default(self), self)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._without_method_only(vals) for vals in vals_list]
        with self._names_nothing_hidden(vals_list):
            return super().create(vals_list)

    def _without_method_only(self, vals):
        """``vals`` of a new record without what follows anyway; refuse what does not."""
        guarded = {name: vals[name] for name in vals if self._is_method_only(name)}
        defaults = self.default_get(list(guarded))
        self._check_method_only(
            {
                name: value
                for name, value in guarded.items()
                if value and value != defaults.get(name)
            }
        )
        return {name: value for name, value in vals.items() if name not in guarded}

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self._check_method_only(vals)
        self._check_not_emptied(vals)
        with self._names_nothing_hidden([vals]):
            result = super().write(vals)
        # the rules are asked before a write only: nobody hands a record over to where
        # they could not have made it
        self.check_access("write")
        return result

    @contextmanager
    def _names_nothing_hidden(self, vals_list):
        """Refuse bad ``vals_list`` without a word on what the user may not read.

        Constraints run in superuser mode and before the record rules: what they say about
        a record that somebody has only named would tell what that record is.
        """
        try:
            yield
        except UserError as error:
            told = error
        else:
            return
        if not self.env.su:
            try:
                for vals in vals_list:
                    named = self._named_by_context() | vals
                    for name in self._untold_links & named.keys():
                        del named[name]
                    # of no record: what a write has named is linked already
                    check_named_records(self.browse(), named)
            except AccessError as error:
                told = error
        # by itself: the server would tell with it what was wrong with the values
        raise told from None

    def _named_by_context(self):
        """The links that a new record takes from the context."""
        return {
            name: self.env.context[f"default_{name}"]
            for name in self._fields
            if f"default_{name}" in self.env.context
        }

    def _check_not_emptied(self, vals):
        """Refuse to empty what is required before anything reckons with it.

        The database refuses it too, but only when the change is written.
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if (
                field
                and field.required
                and field.type not in ("boolean", "integer", "float", "monetary")
                and not value
            ):
                self.check_access("read")
                raise ValidationError(
                    self.env._(
                        "“%(field)s” of %(record)s cannot be left empty. Fill it in.",
                        field=field._description_string(self.env),
                        record=self[:1].display_name or self._description,
                    )
                )

    def _check_method_only(self, vals):
        """Refuse ``vals`` when it would set a field that only methods set."""
        for name in vals:
            if self._is_method_only(name):
                # only those are told its name who may read it
                self.check_access("read")
                raise AccessError(
                    self.env._(
                        "“%(field)s” of %(record)s cannot be typed in: it follows from the"
                        " steps and values behind it. Use the buttons of the form, or the"
                        " method of the step.",
                        field=self._fields[name]._description_string(self.env),
                        record=self[:1].display_name or self._description,
                    )
                )


def check_named_records(record, values):
    """Refuse form ``values`` that name records of this addon which are hidden to the user.

    What ``record`` (one or none) is linked to already is no news and passes.
    """
    for name, value in values.items():
        field = record._fields.get(name)
        if not field or not (field.comodel_name or "").startswith("hr.performance."):
            continue
        comodel = record.env[field.comodel_name]
        ids = set()
        for code, record_id, content in _commands(field, value):
            if code in (Command.LINK, Command.UPDATE) and isinstance(record_id, int):
                ids.add(record_id)
            if code == Command.SET:
                ids.update(content)
            if code in (Command.CREATE, Command.UPDATE):
                check_named_records(comodel, content)
        (comodel.browse(ids) - record.sudo()[name].sudo(False)).check_access("read")


def _commands(field, value):
    """The form's ``value`` of a relational field as x2many commands of three parts."""
    if not value:
        return []
    if field.type == "many2one":
        if isinstance(value, dict):  # the parent of a line, with its own form's values
            return [(Command.UPDATE, value.get("id"), value)]
        return [
            (Command.LINK, value[0] if isinstance(value, list | tuple) else value, 0)
        ]
    return [
        (*command, *[False] * (3 - len(command)))
        if isinstance(command, list | tuple)
        else (Command.LINK, command, 0)
        for command in value
    ]
