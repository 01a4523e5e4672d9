from odoo import fields, models

from .nullable import NullableFloat
from .template import ROLES, SHARING


class HrPerformanceReview(models.Model):
    """What one reviewer has submitted on an appraisal.

    Without log columns and without chatter: who wrote what and when is said by the fields
    below or not at all, so that anonymous roles can join without a trace. Nobody creates
    or changes one but the submission of a request and, in anonymous roles, the closing of
    the collection (``collection.py``).
    """

    _name = "hr.performance.review"
    _description = "Appraisal Review"
    _log_access = False
    _order = "appraisal_id, id"

    appraisal_id = fields.Many2one(
        "hr.performance.appraisal",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True)
    role = fields.Selection(ROLES, required=True, readonly=True)
    reviewer_id = fields.Many2one("hr.employee", index=True, readonly=True)
    is_anonymous = fields.Boolean(readonly=True)
    share = fields.Float(
        "Share of the Period", default=1.0, readonly=True, digits=0, aggregator=None
    )
    submitted_on = fields.Date(readonly=True)
    answer_ids = fields.One2many(
        "hr.performance.answer", "review_id", "Answers", readonly=True
    )


class HrPerformanceAnswer(models.Model):
    """One answer of a review: a level, a text, both, or “don't know”."""

    _name = "hr.performance.answer"
    _description = "Appraisal Answer"
    _log_access = False
    _order = "review_id, id"

    review_id = fields.Many2one(
        "hr.performance.review",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(related="review_id.company_id", store=True)
    item_id = fields.Many2one(
        "hr.performance.appraisal.item",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    level_id = fields.Many2one(
        "hr.performance.scale.level", readonly=True, ondelete="restrict"
    )
    option_id = fields.Many2one(
        "hr.performance.template.option", readonly=True, ondelete="restrict"
    )
    yes_no = fields.Selection([("yes", "Yes"), ("no", "No")], readonly=True)
    skill_level_id = fields.Many2one(
        "hr.skill.level", readonly=True, ondelete="restrict"
    )
    value = NullableFloat(
        readonly=True, help="What the answer counted as when it was given."
    )
    sharing = fields.Selection(SHARING, readonly=True, default="shared")
    text = fields.Text(readonly=True)
    dont_know = fields.Boolean("Don't Know", readonly=True)
