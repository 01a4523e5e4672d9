from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.rating import level_reached
from ..engine.value import is_ordinary
from .table_check import CHECK_LATER, is_checked_later


class HrPerformanceScale(models.Model):
    """A rating scale: a range of scores, cut into levels that say what they mean."""

    _name = "hr.performance.scale"
    _description = "Rating Scale"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to share it with all companies."
    )
    value_min = fields.Float(
        "Lowest Score", default=0.0, required=True, help="The worst possible score."
    )
    value_max = fields.Float(
        "Highest Score", default=120.0, required=True, help="The best possible score."
    )
    level_ids = fields.One2many(
        "hr.performance.scale.level", "scale_id", "Levels", copy=True
    )
    description = fields.Text(translate=True)

    @api.constrains("value_min", "value_max")
    def _check_range(self):
        for scale in self:
            if not (
                is_ordinary(scale.value_min)
                and is_ordinary(scale.value_max)
                and scale.value_min < scale.value_max
            ):
                raise ValidationError(
                    self.env._(
                        "Rating scale “%(scale)s”: the lowest score must be smaller than"
                        " the highest.",
                        scale=scale.name,
                    )
                )

    @api.constrains("level_ids", "value_min", "value_max")
    def _check_levels(self):
        self.level_ids.with_context(
            performance_table_check_later=None
        )._check_monotone()

    @api.model_create_multi
    def create(self, vals_list):
        later = self.with_context(**CHECK_LATER)
        return super(HrPerformanceScale, later).create(vals_list).with_env(self.env)

    def write(self, vals):
        # levels are written one after the other; the table is checked when it is whole
        later = self.with_context(**CHECK_LATER)
        return super(HrPerformanceScale, later).write(vals)

    def _level_for(self, score):
        """The level whose lower limit ``score`` reaches (inclusive); empty without one."""
        self.ensure_one()
        levels = self.level_ids
        index = level_reached(score, levels.mapped("score_min"))
        return levels[index] if index is not None else levels.browse()


class HrPerformanceScaleLevel(models.Model):
    """One level of a rating scale, from worst to best."""

    _name = "hr.performance.scale.level"
    _description = "Rating Level"
    _order = "scale_id, value, id"

    scale_id = fields.Many2one(
        "hr.performance.scale", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scale_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    value = fields.Float(
        required=True, help="What this level counts as when somebody answers with it."
    )
    score_min = fields.Float(
        "From Score",
        required=True,
        help="A score from here on (inclusive) suggests this level.",
    )
    description = fields.Text(
        "What It Looks Like",
        translate=True,
        help="An anchor: what one sees when somebody is on this level.",
    )
    evidence_required = fields.Boolean(
        "Needs an Example",
        help="Whoever chooses this level has to say what they base it on.",
    )
    coefficient = fields.Float(
        default=1.0, help="The factor that a bonus rule may multiply with."
    )

    @api.constrains("value", "score_min")
    def _check_monotone(self):
        if is_checked_later(self.env):
            return
        for scale, levels in self.scale_id.level_ids.grouped("scale_id").items():
            previous = None
            for level in levels.sorted(lambda level: (level.value, level.id)):
                if not (
                    is_ordinary(level.score_min)
                    and scale.value_min <= level.value <= scale.value_max
                ):
                    raise ValidationError(
                        self.env._(
                            "Level “%(level)s”: its value must lie between"
                            " %(low)s and %(high)s, the range of scale “%(scale)s”.",
                            level=level.name,
                            low=scale.value_min,
                            high=scale.value_max,
                            scale=scale.name,
                        )
                    )
                if previous and not (
                    previous.value < level.value
                    and previous.score_min < level.score_min
                ):
                    raise ValidationError(
                        self.env._(
                            "Scale “%(scale)s”: value and limit must both grow from"
                            " “%(worse)s” to “%(better)s”.",
                            scale=scale.name,
                            worse=previous.name,
                            better=level.name,
                        )
                    )
                previous = level
