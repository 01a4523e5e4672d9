from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import competency
from ..engine.derivation import node, part
from ..engine.rating import rescale
from ..engine.scoring import POINTS
from ..engine.weighting import weighted_mean
from .nullable import NullableFloat
from .template import QUESTION_KINDS, ROLES, SHARING


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
        "hr.skill.level",
        "Assessed",
        compute="_compute_score",
        store=True,
        ondelete="restrict",
        help="What the manager says, else the level nearest to what all roles say.",
    )
    suggested_level_id = fields.Many2one(
        "hr.performance.scale.level",
        "Suggested",
        compute="_compute_suggested_level_id",
        store=True,
        ondelete="restrict",
        help="What the goal's points come to on the section's scale.",
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

    def _is_rated(self):
        """Whether it is answered with a level of the section's scale."""
        return self.kind == "rating" or (
            self.kind == "goal" and self.section_id.goal_rating == "rating"
        )

    def _scale(self):
        """The scale its levels are of."""
        return self.section_id.scale_id or self.appraisal_id.scale_id

    def _can_count(self):
        """Whether it could have a value: words have none, nor options without one.

        What the person appraised never reads is not told by a figure either.
        """
        if self.sharing == "never":
            return False
        if self.kind == "choice":
            return any(
                option.value is not None for option in self.question_id.option_ids
            )
        return self.kind != "text"

    @api.depends(
        "goal_id.score",
        "goal_id.state",
        "answer_ids.value",
        "answer_ids.dont_know",
        "answer_ids.review_id.role",
        "answer_ids.review_id.share",
        "appraisal_id.template_id.role_ids.weight",
        # until the manager's own review is in, nobody's answers count; the request says
        # when that is, lest asking ten thousand reviewers counts everything again
        "appraisal_id.template_id.is_blind",
        "appraisal_id.manager_id",
    )
    def _compute_score(self):
        for item in self:
            if not item.appraisal_id._is_counting():
                # settled, also in the copy that an open dialog holds
                settled = item._origin or item
                item.score = settled.score
                item.assessed_level_id = settled.assessed_level_id
                continue
            if not item._can_count():
                item.score = None
            elif item.kind == "goal" and not item._is_rated():
                goal = item.goal_id
                item.score = None if goal.state == "cancelled" else goal.score
            elif not item.answer_ids:
                item.score = None
            else:
                item.score = item._derive()["value"]
            item.assessed_level_id = item._assessed_level()

    @api.depends("goal_id.score", "goal_id.state")
    def _compute_suggested_level_id(self):
        """What a goal's points come to on the scale on which reviewers rate it."""
        for item in self:
            if not item.appraisal_id._is_counting():
                # settled, also in the copy that an open dialog holds
                settled = item._origin or item
                item.suggested_level_id = settled.suggested_level_id
            elif item.kind == "goal" and item._is_rated():
                goal, scale = item.goal_id, item._scale()
                points = None if goal.state == "cancelled" else goal.score
                item.suggested_level_id = scale._level_for(
                    rescale(points, *POINTS, scale.value_min, scale.value_max)
                )
            else:
                item.suggested_level_id = False

    # ---------------------------------------------------------------- how it arises

    def _derive(self):
        """The node of the item's score: see ``engine.derivation``."""
        if self.kind == "goal" and not self._is_rated():
            return self.goal_id._derive(self.score)
        if self.kind == "skill":
            expected = self.expected_level_id
            return node(
                "competency",
                [part(self._derive_level())],
                expected=expected.level_progress if expected else None,
                cap=competency.CAP,
                expected_name=expected.name or "",
            )
        return self._derive_roles(self._answers_by_role())

    def _answers_by_role(self):
        """The answers that count, by role."""
        if not self.answer_ids or self.appraisal_id._waits_for_the_manager():
            return {}
        return self.answer_ids.filtered(
            lambda answer: not answer.dont_know and answer.value is not None
        ).grouped(lambda answer: answer.review_id.role)

    def _derive_roles(self, by_role):
        """Mean per role over what was answered, then weighted over the roles."""
        if not by_role:
            return node("roles")
        weights = {
            role.role: role.weight for role in self.appraisal_id.template_id.role_ids
        }
        return node(
            "roles",
            [
                part(
                    self._derive_answers(by_role[role]), weights.get(role, 0), role=role
                )
                for role, _label in ROLES
                if role in by_role
            ],
        )

    def _derive_answers(self, answers):
        """The mean of one role; each manager counts for the part of the year they led."""
        reviews = answers.review_id
        if any(reviews.mapped("is_anonymous")):
            # what is told of an anonymous group is how many, and their mean
            mean = weighted_mean((answer.value, 1.0) for answer in answers).value
            return node("input", value=mean, count=len(answers))
        return node(
            "answers",
            [
                part(node("input", value=answer.value), answer.review_id.share)
                for answer in answers
            ],
        )

    def _derive_level(self):
        """The level of a competency: as the manager says, else as all roles together do."""
        by_role = self._answers_by_role()
        said = (
            self._derive_answers(by_role["manager"])
            if "manager" in by_role
            else self._derive_roles(by_role)
        )
        levels = self._skill_levels()
        return node(
            "nearest",
            [part(said, role="manager" if "manager" in by_role else "")],
            levels=levels.mapped("level_progress"),
            names=levels.mapped("name"),
        )

    def _skill_levels(self):
        return self.skill_id.skill_type_id.skill_level_ids.sorted("level_progress")

    def _assessed_level(self):
        """The level that the answers come to; empty: nobody has said, or may tell."""
        none = self.env["hr.skill.level"]
        if self.kind != "skill" or not self.answer_ids or not self._can_count():
            return none
        found = self._derive_level()
        index = competency.nearest(found["parts"][0]["node"]["value"], found["levels"])
        return none if index is None else self._skill_levels()[index]

    def _recount(self):
        """Let results follow what happened while they were settled."""
        names = ("score", "assessed_level_id", "suggested_level_id", "pro_rata")
        for name in names:
            self.env.add_to_compute(self._fields[name], self)
        self.modified(names)

    # ---------------------------------------------------------------- changes

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
