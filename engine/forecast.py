"""Where a period will end if it goes on like this.

Two simple methods, and the one that would have been closer so far is used. Formulas:
Hyndman & Athanasopoulos, *Forecasting: Principles and Practice* (3rd ed.): seasonal
naïve method §5.2, mean absolute error §5.8, evaluation on a rolling forecasting origin
§5.10, regression on time §7.
"""

from collections.abc import Sequence
from math import fsum, isclose, sqrt
from typing import NamedTuple

from .scoring import on_target

LINEAR, SEASONAL_NAIVE = "linear", "seasonal_naive"
#: fewer known values tell no direction that could be tested
FEWEST = 3


class Forecast(NamedTuple):
    """The expected value at the end of the period.

    ``error`` is how far off the method was so far, on average and brought to the end of
    the period: ``value`` ± ``error`` can be drawn. ``steps`` are the expected values of
    the remaining steps.
    """

    value: float
    method: str
    error: float
    steps: list[float]


AT_THE_END = {
    "sum": fsum,
    "average": lambda values: fsum(values) / len(values),
    "last": lambda values: values[-1],
    "min": min,
    "max": max,
}


def forecast(
    series: Sequence[float | None],
    steps: int,
    aggregation: str,
    history: Sequence[float | None] = (),
    season: int | None = None,
) -> Forecast | None:
    """Forecast the value at the end of a period of ``steps`` equal steps.

    :param series: the values of the steps so far, None for a step without one
    :param aggregation: how the steps make up the period: ``sum``, ``average`` (plain mean
        of the steps with a value), ``last``, ``min`` or ``max``
    :param history: the values of the steps before the period, the newest last
    :param season: after how many steps things repeat; None: they do not. It is heeded
        once ``history`` holds a whole season
    :return: :class:`Forecast`; None with fewer than three values in ``series``

    ``linear`` is the least-squares line through the values of the period;
    ``seasonal_naive`` is the value one season ago (or more, where there is a gap). Both
    are tested on the steps already known, each forecast from what was known before it;
    the smaller mean absolute error wins, a tie goes to ``linear``.

    The error at the end takes the errors of the steps as independent: with ``r``
    remaining of ``n`` steps it is the mean absolute error times √r for a sum, times √r/n
    for an average, and the error of one step for ``last``, ``min`` and ``max``. With
    nothing remaining it is 0.

    >>> forecast([10, 20, 30], 5, "sum")
    Forecast(value=150.0, method='linear', error=0.0, steps=[40.0, 50.0])
    >>> last_year = [5, 9, 5, 1]
    >>> forecast([5, 9, 5], 4, "last", last_year, season=4)
    Forecast(value=1, method='seasonal_naive', error=0.0, steps=[1])
    >>> forecast([5, None, 9], 4, "sum") is None
    True
    """
    if len(series) > steps:
        raise ValueError("more values than the period has steps")
    known = [(step, value) for step, value in enumerate(series) if value is not None]
    if len(known) < FEWEST:
        return None
    remaining = range(len(series), steps)
    method, (errors, expected) = LINEAR, _linear(known, remaining)
    if season and len(history) >= season:
        other = _seasonal_naive(series, history, season, remaining)
        # the two are compared on the same steps
        tested = errors.keys() & other[0].keys()
        if tested and None not in other[1] and _closer(other[0], errors, tested):
            method, (errors, expected) = SEASONAL_NAIVE, other
    whole = [value for _step, value in known] + expected
    error = _mean(errors.values()) * _growth(aggregation, len(remaining), len(whole))
    return Forecast(AT_THE_END[aggregation](whole), method, error, expected)


def misses(forecast, target, direction):
    """Whether what is forecast would miss the :class:`~.scoring.Target`.

    >>> from .scoring import Target
    >>> expected = Forecast(95.0, LINEAR, 3.0, [])
    >>> misses(expected, Target(0, 100), "higher"), misses(expected, Target(120, 100), "lower")
    (True, False)
    """
    return not on_target(direction, forecast.value, target)


class _Line:
    """The least-squares line through the points so far, brought up one at a time.

    ``slope = (n·Σxy − Σx·Σy) / (n·Σx² − (Σx)²)``, with y counted from the first one so
    that large figures keep their decimals.
    """

    def __init__(self):
        self.count = self.x = self.y = self.xx = self.xy = 0
        self.origin = None

    def add(self, x, y):
        if self.origin is None:
            self.origin = y
        y -= self.origin
        self.count += 1
        self.x += x
        self.y += y
        self.xx += x * x
        self.xy += x * y

    def at(self, x):
        spread = self.count * self.xx - self.x * self.x
        slope = (self.count * self.xy - self.x * self.y) / spread
        middle = self.x / self.count
        return self.origin + self.y / self.count + slope * (x - middle)


def _linear(known, remaining):
    """``({step: absolute error}, [expected values])``"""
    line = _Line()
    errors = {}
    for step, value in known:
        if line.count >= 2:
            errors[step] = abs(line.at(step) - value)
        line.add(step, value)
    return errors, [line.at(step) for step in remaining]


def _seasonal_naive(series, history, season, remaining):
    """``({step: absolute error}, [expected values, None where there is none])``"""
    values = [*history, *series]
    start = len(history)

    def a_season_ago(step):
        seasons = range(start + step - season, -1, -season)
        found = (values[at] for at in seasons if at < len(values))
        return next((value for value in found if value is not None), None)

    errors = {}
    for step, value in enumerate(series):
        expected = a_season_ago(step)
        if value is not None and expected is not None:
            errors[step] = abs(expected - value)
    return errors, [a_season_ago(step) for step in remaining]


def _closer(one, other, steps):
    """Whether the errors ``one`` are smaller on ``steps``, beyond a rounding error."""
    one, other = (_mean(errors[step] for step in steps) for errors in (one, other))
    return one < other and not isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _mean(values):
    values = list(values)
    return fsum(values) / len(values)


def _growth(aggregation, remaining, steps):
    """By what the error of one step is multiplied for the whole period."""
    if not remaining:
        return 0.0
    growth = {"sum": sqrt(remaining), "average": sqrt(remaining) / steps}
    return growth.get(aggregation, 1.0)
