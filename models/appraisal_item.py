from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.weighting import weighted_mean
from .nullable import NullableFloat
from .template import QUESTION_KINDS, SHARING


class HrPerformanceAppraisalItem(models.Model):
    """One line of an appraisal: a goal of the person or a question of the form.

    Name and weight are copied when the appraisal opens, so that a later change of the
    form does not rewrite what people have answered.
    """

    _name = "hr.performance.appraisal.item"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Appraisal Item"
    _order = "appraisal_id, section_sequence, sequence, id"
    _check_company_auto = True

    _method_only_fields = frozenset({"appraisal_id"})

    appraisal_id = fields.Many2one(
        "hr.performance.appraisal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True)
    section_id = fields.Many2one(
        "hr.performance.template.section", required=True, ondelete="restrict"
    )
    section_sequence = fields.Integer(
        "Order of the Section", related="section_id.sequence", store=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [("goal", "Goal"), ("skill", "Competency"), *QUESTION_KINDS],
        required=True,
        readonly=True,
    )
    weight = fields.Float(aggregator=None)
    pro_rata = fields.Float(
        "Share of the Period",
        compute="_compute_pro_rata",
        store=True,
        digits=0,
        aggregator=None,
        help="For which share of its period a goal was held (0 to 1). Its weight counts for"
        " this share.",
    )
    goal_id = fields.Many2one(
        "hr.performance.goal",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
    question_id = fields.Many2one(
        "hr.performance.template.question", readonly=True, ondelete="restrict"
    )
    required = fields.Boolean(readonly=True)
    word_limit = fields.Integer(readonly=True)
    sharing = fields.Selection(SHARING, readonly=True, default="shared")
    skill_id = fields.Many2one("hr.skill", readonly=True, ondelete="restrict")
    expected_level_id = fields.Many2one(
        "hr.skill.level", "Expected", readonly=True, ondelete="restrict"
    )
    current_level_id = fields.Many2one(
        "hr.skill.level", "Current", readonly=True, ondelete="restrict"
    )
    assessed_level_id = fields.Many2one(
        "hr.skill.level", "Assessed", readonly=True, ondelete="restrict"
    )
    suggested_level_id = fields.Many2one(
        "hr.performance.scale.level", "Suggested", readonly=True, ondelete="restrict"
    )
    answer_ids = fields.One2many("hr.performance.answer", "item_id", "Answers")
    score = NullableFloat(
        compute="_compute_score",
        store=True,
        help="A goal's points, or the answers' mean on the section's scale.",
    )
    figure = fields.Char("Result", related="goal_id.figure")

    @api.depends("goal_id.pro_rata")
    def _compute_pro_rata(self):
        for item in self:
            if not item.appraisal_id._is_counting():
                item.pro_rata = item.pro_rata  # settled
            else:
                item.pro_rata = item.goal_id.pro_rata if item.goal_id else 1.0

    @api.depends(
        "goal_id.score",
        "goal_id.state",
        "answer_ids.value",
        "answer_ids.dont_know",
        "answer_ids.review_id.role",
        "appraisal_id.template_id.role_ids.weight",
    )
    def _compute_score(self):
        for item in self:
            if not item.appraisal_id._is_counting():
                item.score = item.score  # settled
            elif item.kind == "goal":
                goal = item.goal_id
                item.score = None if goal.state == "cancelled" else goal.score
            else:
                item.score = item._answers_mean()

    def _answers_mean(self):
        """Mean per role over what was answered, then weighted over the roles."""
        answers = self.answer_ids.filtered(lambda answer: not answer.dont_know)
        weights = {
            role.role: role.weight for role in self.appraisal_id.template_id.role_ids
        }
        return weighted_mean(
            (
                weighted_mean((answer.value, 1) for answer in of_role).value,
                weights.get(role, 0),
            )
            for role, of_role in answers.grouped(
                lambda answer: answer.review_id.role
            ).items()
        ).value

    def write(self, vals):
        if not self.env.su:
            self._check_counting()
        return super().write(vals)

    def _check_counting(self):
        for item in self:
            if not item.appraisal_id._is_counting():
                raise UserError(
                    self.env._(
                        "“%(item)s” is part of “%(appraisal)s”, which is assessed: its"
                        " lines stay. Reopen the appraisal to change them.",
                        item=item.name,
                        appraisal=item.appraisal_id.display_name,
                    )
                )

    @api.model
    def _goal_weight(self, goal, section):
        """OKR goals weigh nothing unless the form says otherwise."""
        return goal.weight if goal.method == "kpi" or section.okr_counts else 0.0
