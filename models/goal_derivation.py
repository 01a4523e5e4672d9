from odoo import models

from ..engine.derivation import node, part
from ..engine.scoring import Target


class HrPerformanceGoal(models.Model):
    """How a goal's points arise, for the derivation of what they go into."""

    _inherit = "hr.performance.goal"

    def _kind_on_form(self):
        """What a form takes it for: ``okr``, else the kind of indicator that weighs most.

        Among equals results come first; so does what nothing measures.
        """
        if self.method == "okr":
            return "okr"
        weights = dict.fromkeys(("result", "process", "growth"), 0.0)
        for measure in self.measure_ids:
            weights[measure.indicator_id.kind] += measure.weight
        return max(weights, key=weights.get)

    def _derive(self, points):
        """The node of the goal's ``points``: the weighted mean of its measures.

        Where the measures make something else today (they moved on after the goal was
        settled), the points are an input, with nothing behind them that is not theirs.
        """
        if points is not None:
            made = node(
                "goal",
                [
                    part(
                        measure._derive(),
                        measure.weight,
                        name=measure.indicator_id.name,
                        indicator_id=measure.indicator_id.id,
                    )
                    for measure in self.measure_ids
                ],
            )
            if made["value"] == points:
                return made
        return node("input", value=points)


class HrPerformanceMeasure(models.Model):
    """How a measure's points arise: its rule, what it was given, the band hit."""

    _inherit = "hr.performance.measure"

    def _derive(self):
        facts = self.derivation
        if facts and "points" in facts:
            rule = facts["rule"]
            made = node(
                "points",
                scoring=rule["scoring"],
                definition=rule.get("version"),
                target={name: facts.get(name) for name in Target._fields},
                actual=facts["actual"],
                unit=self.indicator_id.unit or "",
                digits=self.indicator_id.digits,
            )
            if made["value"] == self.score:
                return made
        return node("input", value=self.score)
