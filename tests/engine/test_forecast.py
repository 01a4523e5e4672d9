"""Forecasts: cases reckoned by hand, and what holds for every series."""

from itertools import pairwise
from math import isclose, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ...engine.forecast import LINEAR, SEASONAL_NAIVE, Forecast, forecast, misses
from ...engine.scoring import HIGHER, LOWER, RANGE, Target

LAST_YEAR = [10, 20, 30, 20]

CASES = [
    # series, steps, aggregation, history, season, expected
    # the line through 2, 4, 6 goes on with 8 and 10
    ([2, 4, 6], 5, "sum", [], None, (30, LINEAR, 0, [8, 10])),
    ([2, 4, 6], 5, "average", [], None, (6, LINEAR, 0, [8, 10])),
    ([2, 4, 6], 5, "last", [], None, (10, LINEAR, 0, [8, 10])),
    ([2, 4, 6], 5, "max", [], None, (10, LINEAR, 0, [8, 10])),
    ([2, 4, 6], 5, "min", [], None, (2, LINEAR, 0, [8, 10])),
    ([6, 4, 2], 5, "min", [], None, (-2, LINEAR, 0, [0, -2])),
    # a gap moves nothing: 2, –, 6, 8 lie on one line
    ([2, None, 6, 8], 5, "sum", [], None, (26, LINEAR, 0, [10])),
    ([2, None, 6, 8], 5, "average", [], None, (6.5, LINEAR, 0, [10])),
    # 1, 2, 6: from 1 and 2 one expected 3, 3 off. The line is 0.5 + 2.5·x
    ([1, 2, 6], 4, "last", [], None, (8, LINEAR, 3, [8])),
    ([1, 2, 6], 5, "last", [], None, (10.5, LINEAR, 3, [8, 10.5])),
    ([1, 2, 6], 5, "sum", [], None, (27.5, LINEAR, 3 * sqrt(2), [8, 10.5])),
    ([1, 2, 6], 5, "average", [], None, (5.5, LINEAR, 3 * sqrt(2) / 5, [8, 10.5])),
    # nothing remains: the value is what it is
    ([1, 2, 6], 3, "sum", [], None, (9, LINEAR, 0, [])),
    ([1, 2, None, 6], 4, "last", [], None, (6, LINEAR, 0, [])),
    # 11, 21, 31 against 10, 20, 30 a year ago: 1 off; the line is exact
    ([11, 21, 31], 4, "sum", LAST_YEAR, 4, (104, LINEAR, 0, [41])),
    # 10, 22, 30: the line from 10 and 22 to 34 is 4 off, a year ago is exact at 30
    ([10, 22, 30], 4, "sum", LAST_YEAR, 4, (82, SEASONAL_NAIVE, 2 / 3, [20])),
    # without a full season of history there is nothing to compare
    ([10, 22, 30], 4, "last", LAST_YEAR[2:], 4, (122 / 3, LINEAR, 4, [122 / 3])),
    ([10, 22, 30], 4, "last", [], 4, (122 / 3, LINEAR, 4, [122 / 3])),
    # a gap a season ago: the season before that
    (
        [10, 22, 30],
        4,
        "last",
        [10, 20, 30, 18, 10, 20, 30, None],
        4,
        (18, SEASONAL_NAIVE, 2 / 3, [18]),
    ),
]


@pytest.mark.parametrize(
    ("series", "steps", "aggregation", "history", "season", "expected"), CASES
)
def test_worked(series, steps, aggregation, history, season, expected):
    value, method, error, remaining = expected
    found = forecast(series, steps, aggregation, history, season)
    assert found.method == method
    assert found.value == pytest.approx(value)
    assert found.error == pytest.approx(error, abs=1e-9)
    assert found.steps == pytest.approx(remaining)


@pytest.mark.parametrize("series", [[], [1], [1, 2], [1, None, 2], [None] * 9])
def test_too_little_is_no_forecast(series):
    assert forecast(series, 12, "sum", [5] * 24, 12) is None


def test_nought_is_a_value():
    assert forecast([0, 0, 0], 4, "sum") == Forecast(0, LINEAR, 0, [0])


def test_more_values_than_steps_are_refused():
    with pytest.raises(ValueError, match="steps"):
        forecast([1, 2, 3], 2, "sum")


MISSES = [
    # forecast, target, direction, missed
    (99.9, Target(0, 100), HIGHER, True),
    (100, Target(0, 100), HIGHER, False),
    (120, Target(0, 100), HIGHER, False),
    (0.1 + 0.2, Target(1, 0.3), LOWER, False),
    (4.1, Target(8, 4), LOWER, True),
    (4, Target(8, 4), LOWER, False),
    (-1, Target(8, 0), LOWER, False),
    (18.9, Target(None, None, 19, 22, 4), RANGE, True),
    (19, Target(None, None, 19, 22, 4), RANGE, False),
    (22.1, Target(None, None, 19, 22, 4), RANGE, True),
]


@pytest.mark.parametrize(("value", "target", "direction", "missed"), MISSES)
def test_misses(value, target, direction, missed):
    assert misses(Forecast(value, LINEAR, 5.0, []), target, direction) is missed


aggregations = st.sampled_from(["sum", "average", "last", "min", "max"])
figures = st.integers(-1000, 1000)
gapped = st.lists(st.none() | figures, min_size=3, max_size=12)


@given(figures, figures, st.integers(3, 12), st.integers(0, 12), aggregations)
def test_a_straight_line_goes_on(start, slope, length, more, aggregation):
    line = [start + slope * step for step in range(length + more)]
    found = forecast(line[:length], length + more, aggregation)
    assert found.method == LINEAR
    assert found.steps == pytest.approx(line[length:])
    assert found.error == pytest.approx(0, abs=1e-6)
    whole = {
        "sum": sum(line),
        "average": sum(line) / len(line),
        "last": line[-1],
        "min": min(line),
        "max": max(line),
    }
    assert found.value == pytest.approx(whole[aggregation])


@given(st.lists(figures, min_size=4, max_size=12), st.integers(1, 3), st.data())
def test_a_season_that_repeats_is_seen(season, years, data):
    length = data.draw(st.integers(3, len(season)))
    # a straight line, which linear sees as well, is no season
    slopes = {b - a for a, b in pairwise(season[:length])}
    assume(len(slopes) > 1)
    history = season * years
    found = forecast(season[:length], len(season), "sum", history, len(season))
    assert (found.method, found.error) == (SEASONAL_NAIVE, 0)
    assert found.steps == season[length:]
    assert found.value == sum(season)


@given(figures, st.integers(3, 12), st.integers(0, 9), st.none() | st.integers(1, 6))
def test_what_is_constant_stays_constant(value, length, more, season):
    history = [value] * (season or 0)
    found = forecast([value] * length, length + more, "last", history, season)
    # on a tie the line
    assert found == Forecast(value, LINEAR, 0, [value] * more)


@given(gapped, st.integers(0, 6), aggregations, gapped, st.none() | st.integers(1, 12))
def test_what_holds_for_every_forecast(series, more, aggregation, history, season):
    steps = len(series) + more
    found = forecast(series, steps, aggregation, history, season)
    known = [value for value in series if value is not None]
    assert (found is None) == (len(known) < 3)
    if found:
        assert len(found.steps) == more
        assert None not in found.steps
        assert found.error >= 0
        if aggregation == "sum":
            assert isclose(found.value, sum(known) + sum(found.steps), abs_tol=1e-6)


@given(gapped, st.integers(1, 6), figures, aggregations)
def test_shifting_the_figures_shifts_the_forecast(series, more, shift, aggregation):
    moved = [None if value is None else value + shift for value in series]
    one, other = (
        forecast(values, len(series) + more, aggregation) for values in (series, moved)
    )
    assert (one is None) == (other is None)
    if one:
        assert other.steps == pytest.approx([x + shift for x in one.steps], abs=1e-6)
        assert other.error == pytest.approx(one.error, abs=1e-6)
