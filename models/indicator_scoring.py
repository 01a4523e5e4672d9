from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import formatLang

from ..engine.scoring import (
    Band,
    Rule,
    ScoringError,
    Target,
    bands_from_target,
    curve,
    customary_bands,
    score,
)
from ..engine.value import half_up, is_ordinary
from .nullable import NullableFloat

#: rules that read a table of bands
BAND_RULES = ("steps", "interpolate")


class HrPerformanceIndicator(models.Model):
    """How a value of the indicator becomes points, and when it turns amber and red."""

    _inherit = "hr.performance.indicator"

    scoring_rule = fields.Selection(
        [
            ("linear", "Linear: the way from baseline to target"),
            ("ratio", "Ratio: the value against the target"),
            ("steps", "Steps: a table of bands"),
            ("interpolate", "Curve: straight lines between the bands"),
            ("deduct", "Deduction: so many points off for each unit"),
            ("efficacy", "Efficacy: between unacceptable and satisfactory"),
            ("binary", "Reached or not: 100 or 0"),
            ("milestones", "Milestones: the share that is reached"),
            ("manual", "Judgement: points given with a reason"),
        ],
        required=True,
        default="linear",
        tracking=True,
    )
    score_floor = fields.Float("Fewest Points", default=0.0, tracking=True)
    score_cap = fields.Float("Most Points", default=120.0, tracking=True)
    band_basis = fields.Selection(
        [
            ("achievement", "Achievement (% of the way from baseline to target)"),
            ("value", "The value itself"),
        ],
        "Thresholds Are",
        required=True,
        default="achievement",
        tracking=True,
    )
    below_bands = fields.Selection(
        [("floor", "The fewest points"), ("lowest", "The points of the lowest band")],
        "Below the Lowest Band",
        required=True,
        default="floor",
    )
    band_ids = fields.One2many(
        "hr.performance.indicator.band", "indicator_id", "Bands", copy=True
    )
    points_base = fields.Float(
        "Points to Start From",
        default=100.0,
        tracking=True,
        help="What a value of 0 earns before anything is taken off.",
    )
    points_per_unit = fields.Float(
        "Points Off per Unit",
        default=10.0,
        tracking=True,
        help="A negative number gives points instead.",
    )
    unacceptable = NullableFloat(
        "Unacceptable Value", tracking=True, help="Earns 60 points."
    )
    satisfactory = NullableFloat(
        "Satisfactory Value", tracking=True, help="Earns 100 points."
    )
    range_low = NullableFloat(
        "Lowest Good Value", help="The usual range; a goal may have its own."
    )
    range_high = NullableFloat("Highest Good Value")
    range_tolerance = NullableFloat(
        "Tolerance", help="So far outside the range nothing is left of the 100 points."
    )
    amber_limit = NullableFloat(
        "Amber Below",
        help="At risk below this achievement in %, at any time of the period. Empty: when"
        " it lies too far behind the calendar.",
    )
    red_limit = NullableFloat(
        "Red Below",
        help="Off track below this achievement in %. Belongs to “Amber Below”.",
    )
    example_baseline = fields.Float(
        help="Only for the picture below and for filling the table; goals have their own."
    )
    example_target = fields.Float(
        default=100.0,
        help="Only for the picture below and for filling the table; goals have their own.",
    )

    example_value = NullableFloat(
        "Try a Value", store=False, help="See what this value would earn."
    )
    preview = fields.Json(
        compute="_compute_preview",
        help="The points of each value, and of the one that is tried.",
    )

    @api.depends(
        "scoring_rule",
        "direction",
        "score_floor",
        "score_cap",
        "band_basis",
        "below_bands",
        "band_ids.threshold",
        "band_ids.points",
        "points_base",
        "points_per_unit",
        "unacceptable",
        "satisfactory",
        "range_low",
        "range_high",
        "range_tolerance",
        "example_baseline",
        "example_target",
        "example_value",
        "unit",
    )
    @api.depends_context("lang")
    def _compute_preview(self):
        for indicator in self:
            try:
                indicator.preview = indicator._preview()
            except ScoringError:
                indicator.preview = {
                    "problem": self.env._(
                        "The picture appears when the rule is complete: its numbers, its"
                        " table, and an example of baseline and target that lie apart."
                    )
                }

    def _preview(self):
        """What the chart draws (see ``chart_field.js``); ScoringError when it cannot."""
        rule, target, value = self._scoring_rule(), self._example(), self.example_value
        drawn = curve(rule, target)
        if not all(is_ordinary(number) for point in drawn for number in point):
            raise ScoringError("not_ordinary")
        lines = [
            {
                "label": self.env._("Points"),
                "points": drawn,
                "color": "value",
            }
        ]
        text = False
        if value is not None and is_ordinary(value):
            earned = score(rule, value, target)
            lines.append(
                {
                    "label": self.env._("Tried"),
                    "points": [[value, earned.points]],
                    "color": "forecast",
                    "dots": True,
                }
            )
            text = self.env._(
                "%(value)s %(unit)s earn %(points)s points.",
                value=self._format(value),
                unit=self.unit or "",
                points=formatLang(self.env, half_up(earned.points, 1), digits=1),
            )
        return {
            "lines": lines,
            "text": text,
            "x_title": self.unit or self.env._("Value"),
            "y_title": self.env._("Points"),
        }

    @api.constrains(
        "scoring_rule",
        "direction",
        "band_basis",
        "band_ids",
        "score_floor",
        "score_cap",
        "points_base",
        "points_per_unit",
        "unacceptable",
        "satisfactory",
    )
    def _check_scoring(self):
        for indicator in self:
            if not (
                is_ordinary(indicator.score_floor)
                and is_ordinary(indicator.score_cap)
                and indicator.score_floor < indicator.score_cap
            ):
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s”: “Fewest Points” must be smaller than"
                        " “Most Points”.",
                        indicator=indicator.name,
                    )
                )
            if not all(
                number is None or is_ordinary(number)
                for number in (
                    indicator.points_base,
                    indicator.points_per_unit,
                    indicator.unacceptable,
                    indicator.satisfactory,
                )
            ):
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s”: “Points to Start From”, “Points Off"
                        " per Unit”, “Unacceptable Value” and “Satisfactory Value” must be"
                        " ordinary numbers.",
                        indicator=indicator.name,
                    )
                )
            try:
                indicator._scoring_rule().check()
            except ScoringError as error:
                raise ValidationError(indicator._scoring_problem(error.code)) from error

    def _scoring_problem(self, code):
        """What is wrong with the definition, in words, with the way out.

        :param code: of an :class:`~..engine.scoring.ScoringError`
        """
        name = self.name
        problems = {
            "no_bands": self.env._(
                "Indicator “%(indicator)s” scores by steps: add at least one band on the"
                " page “Scoring”.",
                indicator=name,
            ),
            "few_bands": self.env._(
                "Indicator “%(indicator)s” scores by a curve: add at least two bands on"
                " the page “Scoring”.",
                indicator=name,
            ),
            "bands": self.env._(
                "Indicator “%(indicator)s”: each better threshold must be new and earn more"
                " points than the one before. Correct the bands on the page “Scoring”.",
                indicator=name,
            ),
            "ratio_range": self.env._(
                "Indicator “%(indicator)s”: a ratio cannot say how far a value lies outside"
                " a range. Choose the rule “Linear” or another “Direction”.",
                indicator=name,
            ),
            "bands_range": self.env._(
                "Indicator “%(indicator)s”: with a range, “Thresholds Are” has to be"
                " “Achievement”, since values on both sides of it are worse.",
                indicator=name,
            ),
            "efficacy_missing": self.env._(
                "Indicator “%(indicator)s”: fill in “Unacceptable Value” and “Satisfactory"
                " Value”.",
                indicator=name,
            ),
            "efficacy_equal": self.env._(
                "Indicator “%(indicator)s”: “Unacceptable Value” and “Satisfactory Value”"
                " must differ.",
                indicator=name,
            ),
        }
        return problems[code]

    @api.constrains("amber_limit", "red_limit")
    def _check_limits(self):
        for indicator in self:
            amber, red = indicator.amber_limit, indicator.red_limit
            if amber is None and red is None:
                continue
            if (
                amber is None
                or red is None
                or not (is_ordinary(amber) and is_ordinary(red) and red < amber)
            ):
                raise ValidationError(
                    self.env._(
                        "Indicator “%(indicator)s”: “Red Below” must be smaller than “Amber"
                        " Below”. Fill in both or none.",
                        indicator=indicator.name,
                    )
                )

    @api.constrains("scoring_rule", "direction")
    def _check_targets(self):
        """A new rule has to fit the targets of all goals that are not agreed yet."""
        # sudo: it reaches goals that the user cannot see
        self.sudo().measure_ids.filtered(
            lambda measure: not measure.rule
        )._check_numbers()

    def _scoring_rule(self):
        """This definition's :class:`~..engine.scoring.Rule`."""
        self.ensure_one()
        return Rule(
            scoring_rule=self.scoring_rule,
            direction=self.direction,
            floor=self.score_floor,
            cap=self.score_cap,
            band_basis=self.band_basis,
            below_bands=self.below_bands,
            bands=tuple(
                Band(band.threshold, band.points, band.label or "")
                for band in self.band_ids
            ),
            points_base=self.points_base,
            points_per_unit=self.points_per_unit,
            unacceptable=self.unacceptable,
            satisfactory=self.satisfactory,
        )

    def _rule(self):
        """All that decides what a value is worth, as a JSON-ready dict.

        It is what an agreed goal keeps: where the figure comes from (see
        :mod:`~..engine.definition`), ``rollups`` of the indicators whose readings go in,
        the ``scoring`` rule, the ``limits`` of amber and red, and the ``version``.
        """
        self.ensure_one()
        return self._definition() | {
            "rollups": {str(leaf.id): leaf.rollup for leaf in self.leaf_ids},
            "scoring": self._scoring_rule().to_dict(),
            "limits": self._limits(),
            "version": self.version,
        }

    def _limits(self):
        """Below which achievement it is amber, and red; empty: the calendar decides."""
        if self.amber_limit is None:
            return []
        return [self.amber_limit, self.red_limit]

    def _example(self):
        """The :class:`~..engine.scoring.Target` of the picture on the form."""
        self.ensure_one()
        return Target(
            self.example_baseline,
            self.example_target,
            self.range_low,
            self.range_high,
            self.range_tolerance,
        )

    @api.onchange("scoring_rule")
    def _onchange_scoring_rule(self):
        """A table to start from: without a band the form could not even be saved."""
        if self.scoring_rule in BAND_RULES and not self.band_ids:
            self.update(self._customary_bands())

    def action_fill_bands(self):
        """Fill the table with the customary bands: 80…120 % earn 60…140 points.

        Where thresholds are values, the percentages are taken of the example target.
        """
        for indicator in self:
            indicator.write(indicator._customary_bands())

    def _customary_bands(self):
        self.ensure_one()
        rule = self.scoring_rule if self.scoring_rule in BAND_RULES else "steps"
        bands = customary_bands(rule)
        if self.band_basis == "value":
            try:
                bands = bands_from_target(
                    self.example_target, self.example_baseline, self.direction
                )
            except ScoringError as error:
                raise UserError(
                    self.env._(
                        "Indicator “%(indicator)s”: the table of values is filled from"
                        " “Example Baseline” to “Example Target”, in the indicator's"
                        " direction. Correct these two first.",
                        indicator=self.name,
                    )
                ) from error
        return {
            "scoring_rule": rule,
            "score_cap": max(self.score_cap, bands[-1].points),
            "band_ids": [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {"threshold": band.threshold, "points": band.points}
                    )
                    for band in bands
                ),
            ],
        }
