from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.value import is_ordinary
from .table_check import CHECK_LATER, is_checked_later

#: everybody knows who these are
KNOWN_ROLES = ("self", "manager")
#: whom the organisation does not tell: somebody has to name them
NAMED_ROLES = ("project", "other")
#: kinds of sections that ask the form's own questions
ASKING_KINDS = ("criteria", "questions")


class HrPerformanceTemplate(models.Model):
    """A form is checked as a whole: what one part may be depends on the others."""

    _inherit = "hr.performance.template"

    @api.model_create_multi
    def create(self, vals_list):
        later = self.with_context(**CHECK_LATER)
        forms = super(HrPerformanceTemplate, later).create(vals_list)
        return forms.with_env(self.env)

    def write(self, vals):
        # parts are written one after the other; the form is checked when it is whole
        later = self.with_context(**CHECK_LATER)
        return super(HrPerformanceTemplate, later).write(vals)

    @api.constrains("role_ids", "section_ids")
    def _check_parts(self):
        for form in self:
            by_role = {role.role: role for role in form.role_ids}
            for role in form.role_ids:
                role._check_role(by_role)
            for section in form.section_ids:
                section._check_section()
                for question in section.question_ids:
                    question._check_question()


class HrPerformanceTemplateRole(models.Model):
    _inherit = "hr.performance.template.role"

    nomination = fields.Selection(
        default=None,
        compute="_compute_nomination",
        store=True,
        readonly=False,
        precompute=True,
        help="From the organisation come the manager's manager, those with the same"
        " manager, those who report to the person, and those responsible for the indicators"
        " on the person's goals.",
    )

    @api.depends("role")
    def _compute_nomination(self):
        for role in self:
            if not role.nomination:
                role.nomination = "manager" if role.role in NAMED_ROLES else "auto"
            elif role.nomination == "auto" and role.role in NAMED_ROLES:
                role.nomination = "manager"

    @api.onchange("role", "is_anonymous")
    def _onchange_anonymous(self):
        if self.role in KNOWN_ROLES:
            self.is_anonymous = False
        if not self.is_anonymous:
            self.merge_into = False

    @api.constrains(
        "template_id",
        "role",
        "is_anonymous",
        "merge_into",
        "nomination",
        "count_min",
        "count_max",
    )
    def _check_in_form(self):
        if not is_checked_later(self.env):
            self.template_id._check_parts()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_joined(self):
        if is_checked_later(self.env):
            return  # the form is checked when it is whole
        for role in self:
            joining = role.template_id.role_ids - self
            for other in joining.filtered(lambda o, r=role: o.merge_into == r.role):
                raise ValidationError(
                    self.env._(
                        "Form “%(form)s”: the answers of “%(other)s” join those of"
                        " “%(role)s” when there are too few. Change that first.",
                        form=role.template_id.name,
                        other=other.display_name,
                        role=role.display_name,
                    )
                )

    def _check_role(self, by_role):
        """Refuse what cannot be on a form with the roles ``by_role``."""
        where = {"form": self.template_id.name, "role": self.display_name}
        _ = self.env._
        if self.is_anonymous and self.role in KNOWN_ROLES:
            raise ValidationError(
                _(
                    "Form “%(form)s”: everybody knows who the “%(role)s” is, so that review"
                    " cannot be anonymous. Untick “Anonymous”.",
                    **where,
                )
            )
        if self.merge_into:
            self._check_merge(by_role, where)
        if self.nomination == "auto" and self.role in NAMED_ROLES:
            raise ValidationError(
                _(
                    "Form “%(form)s”, reviewer “%(role)s”: the organisation does not say who"
                    " that is. Under “Who Names Them” choose the employee or the manager.",
                    **where,
                )
            )
        if self.count_min < 0 or self.count_max < 0:
            raise ValidationError(
                _(
                    "Form “%(form)s”, reviewer “%(role)s”: “At Least” and “At Most” cannot"
                    " be negative. Use 0 for no limit.",
                    **where,
                )
            )
        if self.count_max and self.count_min > self.count_max:
            raise ValidationError(
                _(
                    "Form “%(form)s”, reviewer “%(role)s”: “At Least” (%(low)s) is more than"
                    " “At Most” (%(high)s). Swap them, or set “At Most” to 0 for no limit.",
                    low=self.count_min,
                    high=self.count_max,
                    **where,
                )
            )

    def _check_merge(self, by_role, where):
        _ = self.env._
        if not self.is_anonymous:
            raise ValidationError(
                _(
                    "Form “%(form)s”, reviewer “%(role)s”: “Too Few Join” is for anonymous"
                    " reviewers. Tick “Anonymous”, or empty “Too Few Join”.",
                    **where,
                )
            )
        target = by_role.get(self.merge_into)
        if not target or not target.is_anonymous or target == self:
            raise ValidationError(
                _(
                    "Form “%(form)s”, reviewer “%(role)s”: under “Too Few Join” choose"
                    " another anonymous reviewer of this form, or nobody.",
                    **where,
                )
            )
        passed = self
        while target and target.merge_into:
            passed |= target
            target = by_role.get(target.merge_into)
            if target in passed:
                raise ValidationError(
                    _(
                        "Form “%(form)s”: too few answers of “%(role)s” would join others"
                        " and come back to where they began. Empty “Too Few Join” of one of"
                        " them.",
                        **where,
                    )
                )


class HrPerformanceTemplateSection(models.Model):
    _inherit = "hr.performance.template.section"

    @api.onchange("sharing")
    def _onchange_sharing(self):
        if self.sharing == "never":
            self.weight = 0

    @api.constrains(
        "template_id",
        "kind",
        "weight",
        "sharing",
        "scale_id",
        "goal_rating",
        "role_ids",
        "question_ids",
    )
    def _check_in_form(self):
        if not is_checked_later(self.env):
            self.template_id._check_parts()

    def _check_section(self):
        where = {"form": self.template_id.name, "section": self.name}
        _ = self.env._
        if self.sharing == "never" and self.weight:
            raise ValidationError(
                _(
                    "Form “%(form)s”, section “%(section)s”: what the person never reads"
                    " cannot count either. Set “Weight” to 0, or share the section.",
                    **where,
                )
            )
        if self.role_ids.template_id - self.template_id:
            raise ValidationError(
                _(
                    "Form “%(form)s”, section “%(section)s”: under “Answered By” choose"
                    " reviewers of this form.",
                    **where,
                )
            )
        if self.question_ids and self.kind not in ASKING_KINDS:
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            raise ValidationError(
                _(
                    "Form “%(form)s”, section “%(section)s”: a section of kind “%(kind)s”"
                    " has no questions of its own. Remove them, or choose “Questions”.",
                    kind=kinds[self.kind],
                    **where,
                )
            )
        if self.scale_id and not self.scale_id.level_ids and self._is_rated():
            raise ValidationError(
                _(
                    "Form “%(form)s”, section “%(section)s”: scale “%(scale)s” has no levels"
                    " to choose from. Add levels, or choose another scale.",
                    scale=self.scale_id.name,
                    **where,
                )
            )

    def _is_rated(self):
        """Whether somebody chooses a level of the section's scale."""
        return "rating" in self.question_ids.mapped("kind") or (
            self.kind == "goals" and self.goal_rating == "rating"
        )


class HrPerformanceTemplateQuestion(models.Model):
    _inherit = "hr.performance.template.question"

    @api.constrains("section_id", "kind", "word_limit", "option_ids")
    def _check_in_form(self):
        if not is_checked_later(self.env):
            self.section_id.template_id._check_parts()

    def _check_question(self):
        where = {"form": self.section_id.template_id.name, "question": self.name}
        _ = self.env._
        if self.word_limit < 0:
            raise ValidationError(
                _(
                    "Form “%(form)s”, question “%(question)s”: “Words at Most” cannot be"
                    " negative. Use 0 for no limit.",
                    **where,
                )
            )
        if self.kind != "choice":
            return
        if len(self.option_ids) < 2 and not self._options_follow():
            raise ValidationError(
                _(
                    "Form “%(form)s”, question “%(question)s”: a choice needs at least two"
                    " answers to choose from. Add them under “Options”.",
                    **where,
                )
            )
        for option in self.option_ids:
            option._check_value(self.section_id.scale_id, where)

    def _options_follow(self):
        """Whether a data file is being read: options are records of their own there."""
        return self.env.su and bool(self.env.context.get("install_module"))


class HrPerformanceTemplateOption(models.Model):
    _inherit = "hr.performance.template.option"

    @api.constrains("question_id", "value")
    def _check_in_form(self):
        if not is_checked_later(self.env):
            self.question_id.section_id.template_id._check_parts()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        if is_checked_later(self.env):
            return
        for question in self.question_id:
            if question.kind == "choice" and len(question.option_ids - self) < 2:
                raise ValidationError(
                    self.env._(
                        "Form “%(form)s”, question “%(question)s”: a choice needs at least"
                        " two answers to choose from. Add others first.",
                        form=question.section_id.template_id.name,
                        question=question.name,
                    )
                )

    def _check_value(self, scale, where):
        if self.value is None:
            return
        if not is_ordinary(self.value):
            raise ValidationError(
                self.env._(
                    "Form “%(form)s”, question “%(question)s”: the value of “%(option)s” is"
                    " not an ordinary number.",
                    option=self.name,
                    **where,
                )
            )
        if scale and not scale.value_min <= self.value <= scale.value_max:
            raise ValidationError(
                self.env._(
                    "Form “%(form)s”, question “%(question)s”: the value of “%(option)s”"
                    " must lie between %(low)s and %(high)s, the range of scale"
                    " “%(scale)s”. Empty it when the answer shall not count.",
                    option=self.name,
                    low=scale.value_min,
                    high=scale.value_max,
                    scale=scale.name,
                    **where,
                )
            )


class HrPerformanceScale(models.Model):
    _inherit = "hr.performance.scale"

    @api.constrains("value_min", "value_max", "level_ids")
    def _check_forms(self):
        """Let no answer that forms offer fall off the scale."""
        sections = self.env["hr.performance.template.section"]
        sections.search([("scale_id", "in", self.ids)]).template_id._check_parts()
