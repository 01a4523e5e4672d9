from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..engine.value import half_up
from .appraisal import RELEASED_STATES


class HrPerformanceAppraisal(models.Model):
    """The appraisal as it is read: the result, why, and what was said by whom.

    Nothing here knows more than its reader: answers come through the record rules, which
    hide those of others until one's own review is submitted, and from the person appraised
    what is never shared.
    """

    _inherit = "hr.performance.appraisal"

    said = fields.Json(
        "What Was Said",
        compute="_compute_said",
        help="The form with what was answered, role by role, as far as the user may read it.",
    )
    suggestion = fields.Char(
        "Why",
        compute="_compute_suggestion",
        help="How the suggested rating follows from the score.",
    )
    result_description = fields.Text(
        "What It Means", related="level_final_id.description"
    )
    is_released = fields.Boolean(compute="_compute_is_released")

    @api.depends("state")
    def _compute_is_released(self):
        for appraisal in self:
            appraisal.is_released = appraisal.state in RELEASED_STATES

    @api.depends("score", "level_suggested_id.score_min", "rating_mode")
    @api.depends_context("lang")
    def _compute_suggestion(self):
        for appraisal in self:
            level = appraisal.level_suggested_id
            if appraisal.rating_mode == "none" or appraisal.score is None or not level:
                appraisal.suggestion = False
                continue
            appraisal.suggestion = self.env._(
                "The score is %(score)s; from %(limit)s on it says “%(level)s”.",
                score=formatLang(self.env, half_up(appraisal.score, 1), digits=1),
                limit=formatLang(self.env, half_up(level.score_min, 1), digits=1),
                level=level.name,
            )

    @api.depends("state", "item_ids", "review_ids")
    @api.depends_context("uid", "lang")
    def _compute_said(self):
        for appraisal in self:
            appraisal.said = appraisal._origin and appraisal._origin._said()

    def _said(self):
        """The form with the answers that the user may read; False without any."""
        items = self.item_ids
        if self.is_mine:
            items = items.filtered(lambda item: item.sharing != "never")
        answers = self.env["hr.performance.answer"].search(
            [("review_id.appraisal_id", "=", self.id)]
        )
        voices = answers._voices()
        if not voices:
            return False
        items = items.filtered(lambda item: item in voices)
        # sudo: of the form itself nothing is secret to who reads the appraisal
        goals = self.sudo().item_ids.goal_id._evidence_for(self.env, sees_all=True)
        return {
            "form": {
                "person": self.employee_id.name,
                "readonly": True,
                "sections": [
                    section._form_section(
                        self.scale_id,
                        [item._form_item() for item in of_section],
                        False,
                    )
                    for section, of_section in items.sudo()
                    .grouped("section_id")
                    .items()
                ],
            },
            "evidence": {
                "items": {
                    str(item.id): {
                        "goal": goals.get(item.goal_id.id, False),
                        "last": [],
                        "answers": voices.get(item, []),
                    }
                    for item in items
                },
            },
        }

    def action_accept_suggested(self):
        """Settle the suggested level as the manager's rating.

        :return: as :meth:`action_assess`, of the last that is to be looked at again
        """
        told = None
        for appraisal in self:
            told = appraisal.action_assess(appraisal.level_suggested_id.id) or told
        return told
