from datetime import timedelta
from itertools import accumulate

from odoo import api, fields, models
from odoo.tools import format_date

from ..engine import health
from ..engine.definition import evaluate, leaves
from ..engine.forecast import forecast_figure, misses
from ..engine.periods import bucket_start, buckets
from ..engine.scoring import RANGE, UNTARGETED, Rule, achievement

#: from fine to coarse
STEPS = ("day", "week", "month", "quarter", "half", "year")
#: how a step is named, and how many make the year after which a season comes again
STEP_LABELS = {"day": "d MMM", "week": "d MMM", "month": "MMM", "quarter": "QQQ"}
SEASONS = {"month": 12, "quarter": 4}


class HrPerformanceMeasure(models.Model):
    """How a measure's value develops, and where it will end if nothing changes."""

    _inherit = "hr.performance.measure"

    trend = fields.Json(
        compute="_compute_trend",
        help="Values so far, what was expected, and the forecast for the end.",
    )
    forecast_misses = fields.Boolean(
        "Forecast Misses the Target",
        readonly=True,
        copy=False,
        help="If it goes on as it did, the target is missed by more than what passes for on"
        " track. Worked out every night.",
    )

    @api.depends("derivation", "target_by_days", "date_start", "date_end")
    @api.depends_context("lang", "uid")
    def _compute_trend(self):
        developments = self._developments(fields.Date.context_today(self))
        hidden = self._hidden_values(developments)
        for measure in self:
            development = developments.get(measure._origin)
            measure.trend = (
                development
                and measure._origin not in hidden
                and measure._draw(development)
            )

    def _hidden_values(self, developments):
        """The measures whose steps would show a person's values to who may not read them.

        The result of the whole period may be read by all who may read the goal. A step in
        which a single person has reported is that person's own value.
        """
        alone = {
            (indicator_id, employee_id)
            for development in developments.values()
            for indicator_id, employee_id in development["alone"]
        }
        if self.env.su or not alone:
            return self.browse()
        indicator_ids, employee_ids = map(list, map(set, zip(*alone, strict=True)))
        # what the rules let through is what the user may read
        readable = {
            (indicator.id, employee.id)
            for indicator, employee in self.env["hr.performance.reading"]._read_group(
                [
                    ("indicator_id", "in", indicator_ids),
                    ("employee_id", "in", employee_ids),
                ],
                ["indicator_id", "employee_id"],
            )
        }
        return self.browse().union(
            *(
                measure
                for measure, development in developments.items()
                if development["alone"] - readable
            )
        )

    def _refresh_forecasts(self):
        """Store which forecasts miss their target. In superuser mode only."""
        developments = self._developments(fields.Date.context_today(self))
        missing = self.filtered(
            lambda measure: developments.get(measure, {}).get("misses")
        )
        known = self.filtered("forecast_misses")
        (missing - known).forecast_misses = True
        (known - missing).forecast_misses = False

    # ---------------------------------------------------------------- figures

    def _developments(self, today):
        """``{measure: its values, step by step, and the forecast}``, in one query.

        Measures without readings, dates or a single target are left out.
        """
        drawn = self._origin.filtered(
            lambda measure: (
                measure._scored_by("scoring_rule") not in UNTARGETED
                and measure.date_start <= today
            )
        )
        steps = {measure: measure._steps() for measure in drawn}
        spans = [
            (measure, start, end)
            for measure, (_name, history, period) in steps.items()
            for start, end in history + period
            if start <= today
        ]
        added = self._moments_in(spans)
        alone = {}
        for (measure, _start, _end), moments in zip(spans, added, strict=True):
            for indicator_id, rows in moments.items():
                kind, *employee_id = rows[0].holder
                if len(rows) == 1 and kind == "employee":
                    alone.setdefault(measure, set()).add((indicator_id, *employee_id))
        added = iter(added)
        found = {}
        for measure, (name, history, period) in steps.items():
            former = [next(added) for _step in history]
            values = [next(added) for start, _end in period if start <= today]
            if any(values):
                found[measure] = measure._development(
                    name, period, former, values, today
                ) | {"alone": alone.get(measure, set())}
        return found

    def _steps(self):
        """``(name, steps of the year before, steps of the period)``."""
        days = (self.date_end - self.date_start).days + 1
        finest = "month" if days > 200 else "week" if days > 45 else "day"
        name = max(finest, self.indicator_id.frequency or finest, key=STEPS.index)
        before = []
        if name in SEASONS:
            # whole steps, so that each has its own step a season ago, also when the
            # period begins within one
            first = bucket_start(self.date_start, name)
            a_year_ago = first.replace(year=first.year - 1)
            before = buckets(a_year_ago, first - timedelta(days=1), name)
        return name, before, buckets(self.date_start, self.date_end, name)

    def _development(self, name, period, former, moments, today):
        """All that is drawn of one measure.

        :param former: what readings add up to in each step of the year before
        :param moments: the same for the steps of the period so far
        """
        rule = self._effective_rule()
        # a step that is not over yet would pull the forecast down
        complete = sum(end < today for _start, end in period)
        season = SEASONS.get(name)
        ahead = forecast_figure(
            rule,
            _series(rule, moments[:complete]),
            len(period),
            _series(rule, former),
            season=season,
            # months pass for equal, so that each has its own a year ago
            lengths=None
            if season
            else [(end - start).days + 1 for start, end in period],
        )
        return {
            "rule": rule,
            "step": name,
            "period": period,
            "moments": moments,
            "complete": complete,
            "forecast": ahead,
            "misses": bool(ahead) and self._is_missed_by(ahead, rule),
        }

    def _is_missed_by(self, ahead, rule):
        """Whether the target is missed by more than what passes for on track."""
        scoring, target = Rule.from_dict(rule["scoring"]), self._target()
        if not misses(ahead, target, scoring.direction):
            return False
        reached = achievement(scoring, ahead.value, target)
        return self._status_of(reached, self.date_end) != health.ON_TRACK

    # ---------------------------------------------------------------- drawing

    def _draw(self, development):
        """What the chart shows (see ``chart_field.js``), ready to be drawn."""
        rule, moments = development["rule"], development["moments"]
        values = _drawn_values(rule, moments)
        lines = [
            {
                "label": self.env._("Value"),
                "points": _points(values),
                "color": "value",
                "steps": True,
            },
            {
                "label": self.env._("Expected"),
                "points": self._expected_points(development),
                "color": "expected",
                "dashed": True,
            },
        ]
        if development["forecast"]:
            lines.append(
                {
                    "label": self.env._("Forecast"),
                    "points": _forecast_points(development, values),
                    "color": "forecast",
                    "dashed": True,
                }
            )
        return {
            "labels": [
                format_date(
                    self.env,
                    start,
                    date_format=STEP_LABELS.get(development["step"], "yyyy"),
                )
                for start, _end in development["period"]
            ],
            "lines": lines,
            "y_title": self.unit or "",
            "text": self._forecast_text(development["forecast"], development["misses"]),
            "misses": development["misses"],
        }

    def _curves(self, day):
        """``{measure: its trend, with the place of a new value}``; None without values.

        ``place`` is the step that ``day`` lies in. What is reported there falls on
        ``base`` where values add up (else 0) and stands by itself otherwise.
        """
        curves = {}
        for measure in self:
            trend = measure.trend
            curves[measure] = None
            if not trend:
                continue
            _name, _before, period = measure._steps()
            points = [
                point for point in trend["lines"][0]["points"] if point[1] is not None
            ]
            adds = measure._effective_rule().get("aggregation") == "sum"
            curves[measure] = {
                "labels": trend["labels"],
                # what is to come is no help while typing what was
                "lines": trend["lines"][:2],
                "place": next(
                    (place for place, (_start, end) in enumerate(period) if day <= end),
                    len(period) - 1,
                ),
                "base": points[-1][1] if adds and points else 0,
            }
        return curves

    def _expected_points(self, development):
        """The way from baseline to target by the calendar; for a mean, the target."""
        target = self._target()
        steps = len(development["period"])
        if self._scored_by("direction") == RANGE:
            return [[0, target.low], [steps - 1, target.low]]
        if development["rule"].get("aggregation") not in ("sum", "last"):
            return [[0, target.target], [steps - 1, target.target]]
        return [
            [
                place,
                target.baseline
                + (target.target - target.baseline)
                * health.expected_progress(self.date_start, self.date_end, end)
                / 100,
            ]
            for place, (_start, end) in enumerate(development["period"])
        ]

    def _forecast_text(self, ahead, is_missed):
        if not ahead:
            return self.env._("A forecast needs values of at least three whole steps.")
        indicator = self.indicator_id
        facts = {
            "date": format_date(self.env, self.date_end),
            "value": indicator._format(ahead.value),
            "error": indicator._format(ahead.error),
            "unit": indicator.unit or "",
            "target": self._target_text(),
            "method": self.env._("the trend so far")
            if ahead.method == "linear"
            else self.env._("the season of the year before"),
        }
        if is_missed:
            return self.env._(
                "Forecast for %(date)s: %(value)s ± %(error)s %(unit)s by %(method)s."
                " That misses the target of %(target)s.",
                **facts,
            )
        return self.env._(
            "Forecast for %(date)s: %(value)s ± %(error)s %(unit)s by %(method)s. The target"
            " is %(target)s.",
            **facts,
        )


def _series(rule, moments):
    """``{indicator id: its value in each step}`` of all that goes into the figure."""
    return {
        leaf["id"]: [evaluate(leaf, step).value for step in moments]
        for leaf in leaves(rule)
    }


def _drawn_values(rule, moments):
    """A value for each step, as it is drawn.

    A sum and a formula grow on the way: what has come together until then. All else is
    the value of the step by itself.
    """
    while moments and not moments[-1]:
        # nothing reported yet is no flat line
        moments = moments[:-1]
    if "formula" not in rule and rule["aggregation"] != "sum":
        return [evaluate(rule, step).value for step in moments]
    return [
        evaluate(rule, _together(moments[: place + 1])).value
        for place in range(len(moments))
    ]


def _together(moments):
    """The moments of several steps as those of one: ``{indicator id: [Moments]}``."""
    together = {}
    for step in moments:
        for indicator_id, rows in step.items():
            together.setdefault(indicator_id, []).extend(rows)
    return together


def _forecast_points(development, values):
    """From the last whole step on to the end of the period."""
    ahead, complete = development["forecast"], development["complete"]
    last = max(complete - 1, 0)
    start = values[last] if last < len(values) else None
    if "formula" in development["rule"]:
        return [[last, start], [len(development["period"]) - 1, ahead.value]]
    steps = ahead.steps
    if development["rule"]["aggregation"] == "sum":
        steps = list(accumulate(steps, initial=start or 0))[1:]
    return [
        [last, start],
        *([complete + place, value] for place, value in enumerate(steps)),
    ]


def _points(values):
    return [[place, value] for place, value in enumerate(values)]
