from odoo import api, fields, models

from ..engine.derivation import node, part
from .nullable import NullableFloat


class HrPerformanceAppraisal(models.Model):
    """What an appraisal comes to, and how that follows from goals and answers.

    ``derivation`` is the engine's tree: suggested level ← mean of the sections, each on the
    scale of the result ← their lines ← the measures of a goal, or what each role answered.
    It holds everything that goes in, so that ``engine.derivation.recompute`` finds the
    same figures whatever becomes of form, goals and scales; and it holds no names of
    reviewers, of anonymous ones no answer either, but the mean of those published.
    """

    _inherit = "hr.performance.appraisal"

    score = NullableFloat(
        compute="_compute_score",
        store=True,
        help="Weighted mean of the sections, on the rating scale.",
    )
    coverage = NullableFloat(
        compute="_compute_score",
        store=True,
        help="The share of the form's weight that has a value, in %.",
    )
    derivation = fields.Json(
        compute="_compute_score",
        store=True,
        help="How the score arose, down to what was measured and answered. Empty as long"
        " as nothing has a value.",
    )
    level_suggested_id = fields.Many2one(
        "hr.performance.scale.level",
        "Suggested Rating",
        compute="_compute_level_suggested_id",
        store=True,
    )

    def _is_counting(self):
        """Whether results still move: until the manager has assessed."""
        return self.state in ("draft", "open")

    def _waits_for_the_manager(self):
        """Whether no answers may count yet: the manager's own review comes first.

        Figures would tell what others have said. In superuser mode only.
        """
        return self.template_id.is_blind and any(
            request.role == "manager"
            and request.reviewer_id == self.manager_id
            and not (request.submitted_on or request.decline_reason)
            for request in self.request_ids
        )

    @api.depends(
        "item_ids.score",
        "item_ids.weight",
        "item_ids.pro_rata",
        "rating_mode",
        "template_id.section_ids.weight",
        "scale_id.value_min",
        "scale_id.value_max",
        "scale_id.level_ids.score_min",
    )
    def _compute_score(self):
        # the same few scales for thousands of people
        levels = {scale: scale._levels_told() for scale in self.scale_id}
        # read what goes into all of them together, not goal by goal
        measures = self.item_ids.goal_id.measure_ids
        measures.fetch(("indicator_id", "weight", "score", "derivation"))
        measures.indicator_id.fetch(("name", "unit", "digits"))
        for appraisal in self:
            if not appraisal._is_counting():
                for name in ("score", "coverage", "derivation"):
                    appraisal[name] = appraisal[name]  # settled
                continue
            tree = appraisal._derive(levels[appraisal.scale_id])
            mean = tree["parts"][0]["node"] if tree else {}
            appraisal.score = mean.get("value")
            appraisal.coverage = (
                None
                if appraisal.rating_mode == "none"
                else 100 * mean.get("coverage", 0.0)
            )
            appraisal.derivation = tree

    def _derive(self, levels):
        """The tree of the score; None while nothing has a value, or where none is due.

        :param levels: those of the scale, as :meth:`_levels_told` has them
        """
        items = self.item_ids
        if self.rating_mode == "none" or all(item.score is None for item in items):
            return None
        scale = self.scale_id
        by_section = items.filtered(lambda item: item._can_count()).grouped(
            "section_id"
        )
        sections = [
            part(
                section._derive(by_section.get(section, items.browse()), scale),
                section.weight,
                name=section.name,
                section_id=section.id,
            )
            for section in self.template_id.section_ids
            # a form that asks for goals misses them; texts alone never had a value
            if section in by_section
            or (section.kind == "goals" and section.sharing != "never")
        ]
        return node(
            "level",
            [part(node("mean", sections))],
            levels=levels,
        )

    @api.depends("score", "scale_id.level_ids.score_min")
    def _compute_level_suggested_id(self):
        for appraisal in self:
            if appraisal._is_counting():
                appraisal.level_suggested_id = appraisal.scale_id._level_for(
                    appraisal.score
                )
            else:
                appraisal.level_suggested_id = appraisal.level_suggested_id

    def _recount(self):
        """Let results move again after reopening."""
        self.item_ids._recount()


class HrPerformanceScale(models.Model):
    _inherit = "hr.performance.scale"

    def _levels_told(self):
        """The levels, as a derivation keeps them."""
        return [
            {"id": level.id, "name": level.name, "score_min": level.score_min}
            for level in self.level_ids
        ]


class HrPerformanceTemplateSection(models.Model):
    """How a section's lines become one figure on the scale of the result."""

    _inherit = "hr.performance.template.section"

    def _takes(self, goal):
        """Whether the ``goal`` belongs here, unless a section before takes it."""
        return self.goal_filter == "all" or self.goal_filter == goal._kind_on_form()

    def _derive(self, items, scale):
        """The node of the section's score, of its ``items``, on the form's ``scale``."""
        mean = node(
            "mean",
            [
                part(
                    item._derive(),
                    item.weight,
                    pro_rata=item.pro_rata,
                    name=item.name,
                    item_id=item.id,
                )
                for item in items
            ],
        )
        return node(
            "rescale",
            [part(mean)],
            scale=list(self._score_range(scale)),
            onto=[scale.value_min, scale.value_max],
        )
