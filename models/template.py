from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.scoring import POINTS
from ..engine.value import is_ordinary
from .nullable import NullableFloat

#: who reviews; the contract names the first ones, second managers and project leads have
#: words of their own
ROLES = [
    ("self", "Employee"),
    ("manager", "Manager"),
    ("second", "Second manager"),
    ("peer", "Colleague"),
    ("report", "Team member"),
    ("project", "Project lead"),
    ("indicator", "Indicator reviewer"),
    ("other", "Other"),
]
PURPOSES = [
    ("goal_setting", "Goal setting"),
    ("mid_year", "Mid-year"),
    ("annual", "Year-end"),
    ("feedback", "360° feedback"),
    ("probation", "Probation"),
    ("project", "End of a project"),
    ("exit", "Exit"),
]
RATING_MODES = [
    ("required", "A rating"),
    ("optional", "A provisional rating, if wanted"),
    ("none", "No score, no rating"),
]
QUESTION_KINDS = [
    ("rating", "Rating"),
    ("choice", "Choice"),
    ("yes_no", "Yes or no"),
    ("text", "Text"),
]
#: whether the person appraised reads the answers to a section
SHARING = [
    ("shared", "Shared with the person"),
    ("never", "Never shown to the person"),
]


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
    description = fields.Text("What It Is For", translate=True)
    purpose = fields.Selection(PURPOSES, required=True, default="annual")
    rating_mode = fields.Selection(
        RATING_MODES,
        "Result",
        required=True,
        default="required",
        help="A conversation about goals or the middle of the year may do without.",
    )
    is_blind = fields.Boolean(
        "Own Review First",
        default=True,
        help="Whoever is asked reads what others wrote only after having submitted or"
        " declined their own review, so that nobody's first thought is somebody else's.",
    )
    job_ids = fields.Many2many("hr.job", string="For Posts", check_company=True)
    department_ids = fields.Many2many(
        "hr.department",
        string="For Departments",
        check_company=True,
        help="And for those below them.",
    )
    people_level = fields.Selection(
        [
            ("all", "Everybody"),
            ("leaders", "Those who lead others"),
            ("others", "Those who lead nobody"),
        ],
        "For",
        required=True,
        default="all",
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "hr.performance.template",
        "Former Version",
        readonly=True,
        copy=False,
        ondelete="set null",
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

    is_anonymous = fields.Boolean(
        "Anonymous",
        help="Nobody ever learns who wrote what. Answers are shown when all have been"
        " collected, from a minimum number on.",
    )
    merge_into = fields.Selection(
        ROLES,
        "Too Few Join",
        help="Which anonymous role the answers join when there are too few of them. Empty:"
        " they are dropped.",
    )
    nomination = fields.Selection(
        [
            ("auto", "Named by the organisation"),
            ("employee", "Proposed by the employee"),
            ("manager", "Named by the manager"),
        ],
        "Who Names Them",
        required=True,
        default="auto",
    )
    count_min = fields.Integer("At Least")
    count_max = fields.Integer("At Most", help="0: as many as there are.")

    _role_unique = models.UniqueIndex(
        "(template_id, role)", "A role reviews once on a form."
    )

    @api.depends("role")
    @api.depends_context("lang")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for role in self:
            role.display_name = roles.get(role.role, "")

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
        [
            ("goals", "Goals"),
            ("competencies", "Competencies of the post"),
            ("criteria", "Criteria (values, behaviours)"),
            ("questions", "Questions"),
        ],
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
    role_ids = fields.Many2many(
        "hr.performance.template.role",
        "hr_performance_template_section_role_rel",
        "section_id",
        "role_id",
        "Answered By",
        domain="[('template_id', '=', template_id)]",
        help="Leave empty when everybody who is asked answers.",
    )
    sharing = fields.Selection(
        SHARING,
        required=True,
        default="shared",
        help="What is never shown to the person cannot count either.",
    )
    goal_filter = fields.Selection(
        [
            ("all", "All goals"),
            ("result", "Result goals (KPR)"),
            ("process", "Process goals (KPI)"),
            ("growth", "Growth goals"),
            ("okr", "OKR goals"),
        ],
        "Which Goals",
        required=True,
        default="all",
        help="A goal goes to the first section that takes it.",
    )
    goal_rating = fields.Selection(
        [
            ("points", "Their points count"),
            ("rating", "Reviewers rate them, their points suggest a level"),
        ],
        "Goals Count By",
        required=True,
        default="points",
    )
    show_goals = fields.Boolean("Show Goals and Results", default=True)
    show_talk = fields.Boolean("Show Check-ins and Feedback", default=True)
    show_last = fields.Boolean("Show Last Appraisal", default=True)
    show_skills = fields.Boolean("Show Skills", default=True)
    question_ids = fields.One2many(
        "hr.performance.template.question", "section_id", "Questions", copy=True
    )

    def _score_range(self, form_scale):
        """Lowest and highest score of the section's items.

        Goals and competencies score in points whatever scale the form is on; answers,
        those that rate a goal among them, are given on the section's scale, else on the
        form's.
        """
        self.ensure_one()
        by_points = self.kind == "goals" and self.goal_rating == "points"
        if self.kind == "competencies" or (by_points and not self.scale_id):
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
    kind = fields.Selection(QUESTION_KINDS, required=True, default="rating")
    weight = fields.Float(default=100.0)
    required = fields.Boolean(default=True)
    word_limit = fields.Integer("Words at Most", help="0: as many as it takes.")
    option_ids = fields.One2many(
        "hr.performance.template.option", "question_id", "Options", copy=True
    )

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


class HrPerformanceTemplateOption(models.Model):
    """One of the answers that a question offers."""

    _name = "hr.performance.template.option"
    _description = "Appraisal Form Option"
    _order = "question_id, sequence, id"

    question_id = fields.Many2one(
        "hr.performance.template.question",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="question_id.company_id", store=True)
    name = fields.Char("Answer", required=True, translate=True)
    sequence = fields.Integer(default=10)
    value = NullableFloat(
        help="What it counts as, on the section's scale. Empty: it does not count."
    )
