from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.scoring import POINTS
from ..engine.value import is_ordinary

ROLES = [("self", "Employee"), ("manager", "Manager")]


class HrPerformanceTemplate(models.Model):
    """An appraisal form: which sections it has, who answers, and what counts how much."""

    _name = "hr.performance.template"
    _description = "Appraisal Form"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to share it with all companies."
    )
    section_ids = fields.One2many(
        "hr.performance.template.section", "template_id", "Sections", copy=True
    )
    role_ids = fields.One2many(
        "hr.performance.template.role",
        "template_id",
        "Reviewers",
        copy=True,
        default=lambda self: [
            fields.Command.create({"role": "self", "weight": 0}),
            fields.Command.create({"role": "manager", "weight": 100}),
        ],
    )


class HrPerformanceTemplateRole(models.Model):
    """Who reviews, and how much the answers of that role count."""

    _name = "hr.performance.template.role"
    _description = "Appraisal Form Reviewer"
    _order = "template_id, id"
    _rec_name = "role"

    template_id = fields.Many2one(
        "hr.performance.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    role = fields.Selection(ROLES, required=True)
    weight = fields.Float(
        default=100.0,
        help="How much the answers of this role count beside those of the others. 0:"
        " they are read, but do not count.",
    )

    _role_unique = models.UniqueIndex(
        "(template_id, role)", "A role reviews once on a form."
    )

    @api.constrains("weight")
    def _check_weight(self):
        for role in self:
            if not is_ordinary(role.weight) or role.weight < 0:
                raise ValidationError(
                    self.env._(
                        "Form “%(form)s”: the weight of a reviewer cannot be negative.",
                        form=role.template_id.name,
                    )
                )


class HrPerformanceTemplateSection(models.Model):
    """A part of the form: the person's goals, or questions."""

    _name = "hr.performance.template.section"
    _description = "Appraisal Form Section"
    _order = "template_id, sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one(
        "hr.performance.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    description = fields.Text("Guidance", translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("goals", "Goals"), ("questions", "Questions")],
        required=True,
        default="questions",
    )
    weight = fields.Float(
        default=100.0, help="How much the section counts in the overall result."
    )
    scale_id = fields.Many2one(
        "hr.performance.scale",
        "Scale",
        check_company=True,
        help="What the answers are given on. Empty: the scale of the overall result.",
    )
    okr_counts = fields.Boolean(
        "OKR Goals Count",
        help="Off: OKR goals are shown, but weigh nothing. People aim higher when a miss"
        " costs nothing.",
    )
    question_ids = fields.One2many(
        "hr.performance.template.question", "section_id", "Questions", copy=True
    )

    def _score_range(self, form_scale):
        """Lowest and highest score of the section's items.

        Goals score in points whatever scale the form is on; answers are given on the
        section's scale, else on the form's.
        """
        self.ensure_one()
        if self.kind == "goals" and not self.scale_id:
            return POINTS
        scale = self.scale_id or form_scale
        return scale.value_min, scale.value_max

    @api.constrains("weight")
    def _check_weight(self):
        for section in self:
            if not is_ordinary(section.weight) or section.weight < 0:
                raise ValidationError(
                    self.env._(
                        "Form “%(form)s”, section “%(section)s”: “Weight” cannot be"
                        " negative.",
                        form=section.template_id.name,
                        section=section.name,
                    )
                )


class HrPerformanceTemplateQuestion(models.Model):
    """A question of a form."""

    _name = "hr.performance.template.question"
    _description = "Appraisal Form Question"
    _order = "section_id, sequence, id"

    section_id = fields.Many2one(
        "hr.performance.template.section", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="section_id.company_id", store=True)
    name = fields.Char("Question", required=True, translate=True)
    description = fields.Text("Guidance", translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("rating", "Rating"), ("text", "Text")], required=True, default="rating"
    )
    weight = fields.Float(default=100.0)
    required = fields.Boolean(default=True)

    @api.constrains("weight")
    def _check_weight(self):
        for question in self:
            if not is_ordinary(question.weight) or question.weight < 0:
                raise ValidationError(
                    self.env._(
                        "Question “%(question)s”: “Weight” cannot be negative.",
                        question=question.name,
                    )
                )
