from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

#: appraisals in these states hold nobody to their form
FREE_STATES = ("draft", "cancelled")


class HrPerformanceTemplate(models.Model):
    """Once people are appraised on a form it stays; a new version goes on from it."""

    _name = "hr.performance.template"
    _inherit = ["hr.performance.template", "hr.performance.guard.mixin"]

    #: what a form that is in use keeps, beside its parts
    _locked_fields = frozenset({"purpose", "rating_mode", "is_blind", "company_id"})

    is_locked = fields.Boolean(
        "In Use",
        compute="_compute_is_locked",
        search="_search_is_locked",
        compute_sudo=True,
        help="People are or were appraised on this form, so it stays as it is. A new"
        " version can be changed.",
    )
    version_ids = fields.Many2many(
        "hr.performance.template",
        string="Versions",
        compute="_compute_version_ids",
        # former versions are archived
        context={"active_test": False},
    )
    version_count = fields.Integer(compute="_compute_version_ids")
    appraisal_count = fields.Integer("Appraisals", compute="_compute_appraisal_count")

    # ---------------------------------------------------------------- in use

    def _domain_used(self, in_any_state=False):
        """The appraisals that hold these forms to what they are.

        One that is still a draft has lines already when a former manager was asked at a
        transfer.
        """
        begun = Domain("item_ids", "!=", False)
        return Domain("template_id", "in", self.ids) & (
            Domain("state", "not in", FREE_STATES)
            | (begun if in_any_state else begun & Domain("state", "=", "draft"))
        )

    def _used(self, in_any_state=False):
        """Those of these forms that are in use; asked anew each time."""
        if not self.ids:
            return self.browse()
        # sudo: an officer's own appraisal, which they do not see, counts as well
        groups = (
            self.env["hr.performance.appraisal"]
            .sudo()
            ._read_group(self._domain_used(in_any_state), ["template_id"])
        )
        return self.browse([form.id for (form,) in groups])

    def _compute_is_locked(self):
        used = self._origin._used()
        for form in self:
            form.is_locked = form._origin in used

    def _compute_appraisal_count(self):
        # as many as the user can open
        counts = dict(
            self.env["hr.performance.appraisal"]._read_group(
                [("template_id", "in", self._origin.ids), ("state", "!=", "cancelled")],
                ["template_id"],
                ["__count"],
            )
        )
        for form in self:
            form.appraisal_count = counts.get(form._origin, 0)

    def action_view_appraisals(self):
        self.ensure_one()
        return self.env["hr.performance.appraisal"]._list_action(
            [("template_id", "=", self.id)], name=self.name
        )

    def _search_is_locked(self, operator, value):
        if operator != "in":
            return NotImplemented
        every = self.with_context(active_test=False).search([])
        return Domain("id", "in", every._used().ids)

    def _check_unlocked(self, in_any_state=False):
        """Refuse changes of what these forms ask while they are in use."""
        if self.env.su:
            return
        for form in self._used(in_any_state)[:1]:
            raise UserError(
                self.env._(
                    "Form “%(form)s” is in use: what people were asked stays as it is."
                    " Choose “New version” on the form and change that one.",
                    form=form.sudo().name,
                )
            )

    def write(self, vals):
        if self._locked_fields & vals.keys():
            # first: whoever may not change a form is told nothing of it
            self.check_access("write")
            self._check_unlocked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: appraisals that the user does not see hold it as well
        appraisals = self.env["hr.performance.appraisal"].sudo()
        for appraisal in appraisals.search([("template_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "People were appraised on form “%(form)s”, so it stays on file. Archive"
                    " it instead: nobody is offered it any more.",
                    form=appraisal.template_id.name,
                )
            )
        phases = self.env["hr.performance.cycle.phase"].sudo()
        for phase in phases.search([("template_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Form “%(form)s” is the one of phase “%(phase)s”. Choose another one"
                    " there first, or archive the form.",
                    form=phase.template_id.name,
                    phase=phase.display_name,
                )
            )

    # ---------------------------------------------------------------- versions

    def _compute_version_ids(self):
        lines = self._lines_of_versions()
        for form in self:
            ids = lines.get(form._origin.id, form._origin.ids)
            form.version_ids = self.browse(ids)
            form.version_count = len(ids)

    def _lines_of_versions(self):
        """``{form id: ids of all versions of that form}``, itself included."""
        if not self._origin.ids:
            return {}
        lines = {}
        for form_id, version_id in self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE line (form_id, id) AS (
                    SELECT id, id FROM hr_performance_template WHERE id = ANY(%(ids)s)
                    UNION
                    SELECT line.form_id, other.id
                      FROM line
                      JOIN hr_performance_template mine ON mine.id = line.id
                      JOIN hr_performance_template other
                        ON other.previous_id = mine.id OR other.id = mine.previous_id
                )
                SELECT form_id, id FROM line ORDER BY form_id, id DESC%(flush)s
                """,
                ids=self._origin.ids,
                flush=SQL("", to_flush=self._fields["previous_id"]),
            )
        ):
            lines.setdefault(form_id, []).append(version_id)
        return lines

    def action_view_versions(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions of %(form)s", form=self.name),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.version_ids.ids)],
            "context": {"active_test": False},
        }

    def action_new_version(self):
        """Copy the form, to be changed, and put the copy in its place.

        Whoever has begun on the former version goes on with it; plans that nobody has begun
        on go over to the new one.

        :return: the action that opens the new version
        """
        self.ensure_one()
        self.check_access("write")
        new = self.with_context(performance_new_version=True).copy({"active": True})
        # sudo: versions are counted here and nowhere else
        versions = self.sudo().browse(self._lines_of_versions()[self.id])
        new.sudo().write(
            {
                "version": max(versions.mapped("version")) + 1,
                "previous_id": self.id,
            }
        )
        self.active = False
        self._hand_plans_over(new)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    def _hand_plans_over(self, new):
        """Let cycles, phases and schedules that nobody has begun on use ``new``."""
        self.ensure_one()
        # sudo: a form that all companies share is changed for all of them
        own = self.sudo().with_context(active_test=False)
        begun = own.env["hr.performance.appraisal"].search_fetch(
            [("template_id", "=", self.id), ("state", "!=", "cancelled")],
            ["cycle_id", "phase_id"],
        )
        is_open = Domain("template_id", "=", self.id)
        cycles = own.env["hr.performance.cycle"].search(
            is_open & Domain("state", "!=", "closed")
        )
        year_end = begun.filtered(lambda appraisal: not appraisal.phase_id)
        (cycles - year_end.cycle_id).template_id = new
        phases = own.env["hr.performance.cycle.phase"].search(
            is_open & Domain("cycle_id.state", "!=", "closed")
        )
        (phases - begun.phase_id).template_id = new
        own.env["hr.performance.schedule"].search(is_open).template_id = new

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for form, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}) and not self.env.context.get(
                "performance_new_version"
            ):
                vals["name"] = self.env._("%(form)s (copy)", form=form.name)
            for command in vals.get("section_ids") or ():
                if command[0] == Command.CREATE:
                    # those of the original; see copy()
                    command[2].pop("role_ids", None)
        return vals_list

    def copy(self, default=None):
        copies = super().copy(default)
        if {"role_ids", "section_ids"} & (default or {}).keys():
            return copies
        for form, copied in zip(self, copies, strict=True):
            reviewers = {role.role: role.id for role in copied.role_ids}
            # parts are copied in the order of their ids
            pairs = zip(
                form.section_ids.sorted("id"),
                copied.section_ids.sorted("id"),
                strict=True,
            )
            for section, new_section in pairs:
                if section.role_ids:
                    new_section.role_ids = [
                        Command.set([reviewers[role.role] for role in section.role_ids])
                    ]
        return copies


class HrPerformanceTemplatePartMixin(models.AbstractModel):
    """A part of an appraisal form: it stays as it is while the form is in use."""

    _name = "hr.performance.template.part.mixin"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Part of an appraisal form"

    #: the way to the form; its first step is what the part hangs on
    _form_path = "template_id"

    def _form_of(self):
        """The forms that these parts are of, with the user's own rights."""
        return self.sudo().mapped(self._form_path).sudo(self.env.su)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._form_of()._check_unlocked()
        return parts

    def write(self, vals):
        self.check_access("write")
        self._form_of()._check_unlocked()
        result = super().write(vals)
        if self._form_path.split(".")[0] in vals:
            self._form_of()._check_unlocked()
        return result

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # does not come by write()
        self.check_access("write")
        self._form_of()._check_unlocked()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # lines of cancelled appraisals still name their question
        self._form_of()._check_unlocked(in_any_state=True)


class HrPerformanceTemplateRole(models.Model):
    _name = "hr.performance.template.role"
    _inherit = ["hr.performance.template.role", "hr.performance.template.part.mixin"]


class HrPerformanceTemplateSection(models.Model):
    _name = "hr.performance.template.section"
    _inherit = [
        "hr.performance.template.section",
        "hr.performance.template.part.mixin",
    ]


class HrPerformanceTemplateQuestion(models.Model):
    _name = "hr.performance.template.question"
    _inherit = [
        "hr.performance.template.question",
        "hr.performance.template.part.mixin",
    ]
    _form_path = "section_id.template_id"


class HrPerformanceTemplateOption(models.Model):
    _name = "hr.performance.template.option"
    _inherit = ["hr.performance.template.option", "hr.performance.template.part.mixin"]
    _form_path = "question_id.section_id.template_id"


class HrPerformanceScale(models.Model):
    """A scale that people were rated on stays as well: its range and its levels."""

    _inherit = "hr.performance.scale"

    def _check_unlocked(self):
        if self.env.su or not self.ids:
            return
        # sudo: appraisals that the user does not see hold it as well
        scales = self.sudo()
        used = scales.env["hr.performance.appraisal"].search(
            [("scale_id", "in", self.ids), ("state", "not in", FREE_STATES)], limit=1
        )
        sections = scales.env["hr.performance.template.section"].search(
            [("scale_id", "in", self.ids)]
        )
        forms = sections.template_id._used()
        on_form = sections.filtered(lambda section: section.template_id in forms)
        for scale in (used.scale_id | on_form.scale_id)[:1]:
            raise UserError(
                self.env._(
                    "People were rated on scale “%(scale)s”, so its range and its levels"
                    " stay as they are. Duplicate the scale, change the copy, and use that"
                    " one in a new version of the form.",
                    scale=scale.name,
                )
            )

    def write(self, vals):
        if {"value_min", "value_max", "company_id"} & vals.keys():
            self.check_access("write")
            self._check_unlocked()
        return super().write(vals)


class HrPerformanceScaleLevel(models.Model):
    _inherit = "hr.performance.scale.level"

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        levels.scale_id._check_unlocked()
        return levels

    def write(self, vals):
        self.check_access("write")
        self.scale_id._check_unlocked()
        result = super().write(vals)
        if "scale_id" in vals:
            self.scale_id._check_unlocked()
        return result

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # does not come by write()
        self.check_access("write")
        self.scale_id._check_unlocked()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.scale_id._check_unlocked()
