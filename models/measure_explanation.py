from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..engine.scoring import RANGE
from ..engine.value import half_up


class HrPerformanceMeasure(models.Model):
    """The result of a measure in words: the figure, and how it arose."""

    _inherit = "hr.performance.measure"

    explanation = fields.Text("How It Arose", compute="_compute_explanation")
    figure = fields.Char("Result", compute="_compute_figure")

    @api.depends(
        "actual",
        "target_by_days",
        "range_low",
        "range_high",
        "judged_points",
        "rule",
        "indicator_id.unit",
        "indicator_id.digits",
        "indicator_id.direction",
        "indicator_id.scoring_rule",
    )
    @api.depends_context("lang")
    def _compute_figure(self):
        for measure in self:
            indicator = measure.indicator_id
            if not indicator:
                measure.figure = False
            elif measure._scored_by("scoring_rule") == "milestones":
                measure.figure = self.env._(
                    "%(actual)s %% of the milestones",
                    actual=indicator._format(measure.actual),
                )
            elif measure._scored_by("scoring_rule") == "manual":
                measure.figure = self.env._(
                    "%(points)s points", points=indicator._format(measure.actual)
                )
            else:
                figure = self.env._(
                    "%(actual)s / %(target)s",
                    actual=indicator._format(measure.actual),
                    target=measure._target_text(),
                )
                measure.figure = " ".join(filter(None, [figure, measure.unit]))

    def _target_text(self):
        """The target as people read it; for a range, from its lowest to its highest."""
        indicator = self.indicator_id
        if self._scored_by("direction") == RANGE:
            return self.env._(
                "%(low)s to %(high)s",
                low=indicator._format(self.range_low),
                high=indicator._format(self.range_high),
            )
        return indicator._format(self.target_by_days)

    @api.depends("derivation", "judged_reason")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for measure in self:
            measure.explanation = "\n".join(measure._explain())

    def _explain(self):
        """How the points arose, step by step: a list of sentences."""
        facts = self.derivation
        if not facts:
            return [
                self.env._("No value yet: nothing has been reported in the period.")
            ]
        if "points" not in facts:
            return [self._explain_no_value(facts), *self._explain_inputs(facts)]
        return [
            self._explain_actual(facts),
            *self._explain_inputs(facts),
            *self._explain_targets(facts),
            *self._explain_band(facts),
            self._explain_points(facts),
        ]

    def _explain_no_value(self, facts):
        if facts.get("problem") == "division_by_zero":
            return self.env._("No value: the formula would divide by 0.")
        if facts.get("problem"):
            return self.env._("No value: the formula leads to no ordinary number.")
        return self.env._(
            "No value yet: nothing has been reported for %(codes)s.",
            codes=", ".join(facts["missing"]),
        )

    def _explain_actual(self, facts):
        indicator, rule = self.indicator_id, facts["rule"]
        if rule["scoring"]["scoring_rule"] == "manual":
            return self.env._("Judged: %(reason)s", reason=self.judged_reason)
        if rule["scoring"]["scoring_rule"] == "milestones":
            return self.env._(
                "Milestones reached: %(actual)s %% of their weight.",
                actual=self._one_decimal(facts["actual"]),
            )
        names = {
            "actual": indicator._format(facts["actual"]),
            "unit": indicator.unit or "",
            "readings": facts.get("readings", 0),
            "holders": facts.get("holders", 0),
            "start": format_date(self.env, facts["date_start"]),
            "end": format_date(self.env, facts["date_end"]),
        }
        if "formula" in rule:
            return self.env._(
                "%(actual)s %(unit)s, %(start)s – %(end)s. Readings: %(readings)s, people or"
                " units: %(holders)s. Worked out by %(formula)s.",
                formula=rule["formula"],
                **names,
            )
        return self.env._(
            "%(actual)s %(unit)s, %(start)s – %(end)s. Readings: %(readings)s, people or"
            " units: %(holders)s. Over time: %(aggregation)s. Across people: %(rollup)s.",
            aggregation=self._choice("aggregation", rule["aggregation"]),
            rollup=self._choice("rollup", rule["rollup"]),
            **names,
        )

    def _explain_inputs(self, facts):
        if not facts.get("inputs"):
            return []
        return [
            self.env._(
                "With %(inputs)s.",
                inputs=", ".join(
                    f"{code} = {self._plain(value)}"
                    for code, value in sorted(facts["inputs"].items())
                ),
            )
        ]

    def _explain_targets(self, facts):
        indicator = self.indicator_id
        scoring = facts["rule"]["scoring"]
        if scoring["scoring_rule"] in ("milestones", "manual"):
            return []
        achieved = self._one_decimal(facts["achievement"])
        if scoring["direction"] == RANGE:
            return [
                self.env._(
                    "Good is %(low)s to %(high)s; %(tolerance)s outside it nothing is left."
                    " Achieved: %(achievement)s %%.",
                    low=indicator._format(facts["low"]),
                    high=indicator._format(facts["high"]),
                    tolerance=indicator._format(facts["tolerance"]),
                    achievement=achieved,
                )
            ]
        steps = []
        if len(facts["targets"]) > 1:
            steps.append(
                self.env._(
                    "Target by days: %(targets)s; together %(target)s.",
                    targets=", ".join(
                        self.env._(
                            "%(target)s from %(date)s",
                            target=indicator._format(value),
                            date=format_date(self.env, since),
                        )
                        for since, value in facts["targets"]
                    ),
                    target=indicator._format(facts["target"]),
                )
            )
        steps.append(
            self.env._(
                "The way from %(baseline)s to %(target)s is covered by %(achievement)s %%.",
                baseline=indicator._format(facts["baseline"]),
                target=indicator._format(facts["target"]),
                achievement=achieved,
            )
        )
        return steps

    def _explain_band(self, facts):
        if not facts["band"]:
            return []
        threshold, points, label = facts["band"]
        if facts["next_band"]:
            return [
                self.env._(
                    "Between %(threshold)s (%(points)s points) and %(next_threshold)s"
                    " (%(next_points)s points).",
                    threshold=self._one_decimal(threshold),
                    points=self._one_decimal(points),
                    next_threshold=self._one_decimal(facts["next_band"][0]),
                    next_points=self._one_decimal(facts["next_band"][1]),
                )
            ]
        return [
            self.env._(
                "Band from %(threshold)s %(label)s: %(points)s points.",
                threshold=self._one_decimal(threshold),
                label=label,
                points=self._one_decimal(points),
            )
        ]

    def _explain_points(self, facts):
        scoring = facts["rule"]["scoring"]
        return self.env._(
            "%(rule)s: %(raw)s points, within %(floor)s … %(cap)s: %(points)s points.",
            rule=self._choice("scoring_rule", scoring["scoring_rule"]),
            raw=self._one_decimal(facts["raw"]),
            floor=self._one_decimal(scoring["floor"]),
            cap=self._one_decimal(scoring["cap"]),
            points=self._one_decimal(facts["points"]),
        )

    def _choice(self, name, value):
        """The label of a choice in the indicator's field ``name``."""
        field = self.indicator_id._fields[name]
        return dict(field._description_selection(self.env))[value]

    def _one_decimal(self, value):
        """``value`` for people, with the separators of their language."""
        return formatLang(self.env, half_up(value, 1), digits=1)

    def _plain(self, value):
        """``value`` with the decimals it has, at most six; no value is a dash."""
        if value is None:
            return "–"
        _whole, _point, decimals = f"{half_up(value, 6):f}".partition(".")
        digits = len(decimals.rstrip("0"))
        return formatLang(self.env, value, digits=digits)

    @api.depends("indicator_id.name", "goal_id.name")
    def _compute_display_name(self):
        for measure in self:
            measure.display_name = measure.indicator_id.name or ""
