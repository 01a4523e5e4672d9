from dateutil.relativedelta import relativedelta

from odoo import models

from ..engine import smart
from ..engine.definition import evaluate
from ..engine.scoring import HIGHER, RANGE, UNTARGETED


class HrPerformanceMeasure(models.Model):
    """The facts of a measure by which its target is too low, too high, or just right."""

    _inherit = "hr.performance.measure"

    def _smart_facts(self, today):
        """``{measure: the engine's facts}``, in a number of queries that none adds to.

        History and forecast are those of what is saved. Who may write a goal may see them
        (see ``measure._may_see_parts``), but not those of a measure of another goal, which
        an unsaved form can name.
        """
        saved = self.filtered(
            lambda measure: (
                measure._origin.goal_id == measure.goal_id._origin
                and measure._origin.indicator_id == measure.indicator_id._origin
            )
        )._origin
        former = saved._former_values()
        developments = saved._developments(today)
        return {
            measure: measure._smart_fact(
                former.get(measure._origin),
                measure._origin.actual if measure._origin in saved else None,
                developments.get(measure._origin, {}).get("forecast"),
            )
            for measure in self
        }

    def _smart_fact(self, former, actual, ahead):
        indicator = self.indicator_id
        aimed = (
            self.direction != RANGE
            and self.scoring_rule not in UNTARGETED
            and bool(indicator)
        )
        error = ahead and (ahead.error if self.direction == HIGHER else -ahead.error)
        return smart.Measure(
            indicator.name or "",
            indicator.kind,
            indicator.unit or "",
            self.direction or HIGHER,
            self.baseline if aimed else None,
            self.target if aimed else None,
            adds_up=indicator.aggregation == "sum",
            former=former,
            actual=actual,
            likely=ahead and ahead.value + error,
            date_start=self.date_start,
            date_end=self.date_end,
        )

    def _former_values(self):
        """``{measure: its value in the same days a year before, else None}``."""
        year = relativedelta(years=1)
        added = self._moments_in(
            [
                (measure, measure.date_start - year, measure.date_end - year)
                for measure in self
            ]
        )
        return {
            measure: evaluate(measure._effective_rule(), moments).value
            for measure, moments in zip(self, added, strict=True)
            if moments and measure.scoring_rule not in UNTARGETED
        }


class HrPerformanceIndicator(models.Model):
    """Which indicators have to do with each other."""

    _inherit = "hr.performance.indicator"

    def _is_related_to(self, others):
        """Whether any of these has to do with any of ``others``.

        The same one, one that drives it, counts in it or watches it, or one of the same
        set. None where either side has no indicator: then nothing can be said.
        """
        own, others = self.sudo()._origin, others.sudo()._origin
        if not own or not others:
            return None

        def kin(indicators):
            return (
                indicators
                | indicators.driver_ids
                | indicators.driven_ids
                | indicators.counter_id
                | indicators.leaf_ids
            )

        return bool(kin(own) & kin(others) or own.set_id & others.set_id)
