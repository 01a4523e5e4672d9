"""What holds for every input, whatever the figures: tried with figures from hypothesis.

Plain pytest without Odoo: ``./dev test engine``.
"""

import calendar
import json
import math
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ...engine import (
    accumulation,
    advice,
    agreement,
    closing,
    health,
    need,
    periods,
    rating,
    scoring,
    tally,
    value,
    weighting,
    working_days,
)
from ...engine.scoring import HIGHER, LOWER, RANGE, Band, Rule, Target

# the same figures on every run, and no failure because the machine is busy
settings.register_profile(
    "addon",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("addon")

# figures as they occur: neither astronomic nor so small that a product vanishes
figures = st.floats(-1e9, 1e9).map(lambda x: round(x, 6))
weights = st.floats(0, 1e6).map(lambda x: round(x, 3))
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


# ------------------------------------------------------------------- accumulation

readings = st.lists(
    st.builds(
        accumulation.Reading,
        holder=st.sampled_from(["ann", "bo", "cy"]),
        date=days,
        value=figures,
        weight=weights,
    ),
    max_size=12,
).map(lambda rows: [row._replace(order=n) for n, row in enumerate(rows)])
aggregations = st.sampled_from(sorted(accumulation.OVER_TIME))
rollups = st.sampled_from(sorted(set(accumulation.ACROSS_HOLDERS) - {"none"}))


@given(readings, aggregations, rollups, st.randoms(use_true_random=False))
def test_accumulation_does_not_depend_on_the_order(rows, aggregation, rollup, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    expected = accumulation.accumulate(rows, aggregation, rollup)
    found = accumulation.accumulate(shuffled, aggregation, rollup)
    # to the last bit: a nightly recomputation must not move a result
    assert found.value == expected.value
    assert found.count == expected.count == len(rows)


@given(readings, st.lists(days, max_size=4))
def test_sums_of_sub_periods_add_up_to_the_whole(rows, cuts):
    edges = [date.min, *sorted(cuts), date.max]
    parts = [
        accumulation.accumulate(
            [row for row in rows if start <= row.date < end], "sum", "sum"
        ).value
        for start, end in pairwise(edges)
    ]
    whole = accumulation.accumulate(rows, "sum", "sum").value
    if whole is None:
        assert not any(part is not None for part in parts)
    else:
        assert close(math.fsum(part for part in parts if part is not None), whole)


@given(readings)
def test_sums_of_people_add_up_to_the_unit(rows):
    whole = accumulation.accumulate(rows, "sum", "sum")
    people = [
        accumulation.accumulate(
            [r for r in rows if r.holder == who], "sum", "none"
        ).value
        for who in {row.holder for row in rows}
    ]
    assert close(math.fsum(people), whole.value or 0)


@given(aggregations, rollups)
def test_nothing_accumulates_to_no_value(aggregation, rollup):
    assert accumulation.accumulate([], aggregation, rollup).value is None


@given(readings, rollups)
def test_average_without_weight_is_no_value(rows, rollup):
    unweighted = [row._replace(weight=0.0) for row in rows]
    assert accumulation.accumulate(unweighted, "average", rollup).value is None


@given(readings, st.sampled_from(["average", "last", "min", "max"]))
def test_figures_that_are_no_sums_stay_among_the_readings(rows, aggregation):
    rollup = "average" if aggregation in ("average", "last") else aggregation
    found = accumulation.accumulate(rows, aggregation, rollup).value
    if found is not None:
        low, high = min(r.value for r in rows), max(r.value for r in rows)
        assert low - 1e-6 <= found <= high + 1e-6


@given(readings)
def test_average_of_averages_is_the_ratio_of_sums(rows):
    """Averaging within and across holders by weight equals one weighted mean of all."""
    found = accumulation.accumulate(rows, "average", "average").value
    total = math.fsum(row.weight for row in rows)
    if not total:
        assert found is None
    else:
        expected = math.fsum(row.value * row.weight for row in rows) / total
        assert math.isclose(found, expected, rel_tol=1e-6, abs_tol=1e-3)


@given(readings, aggregations, st.lists(days, max_size=4), st.data())
def test_merged_sub_periods_are_the_whole(rows, aggregation, cuts, data):
    """Whatever has been added up per month gives the year, for every aggregation."""
    edges = [date.min, *sorted(cuts), date.max]
    parts = [
        moments
        for start, end in pairwise(edges)
        for moments in accumulation.moments_by_holder(
            row for row in rows if start <= row.date < end
        )
    ]
    parts = data.draw(st.permutations(parts))
    whole = accumulation.accumulate(rows, aggregation, "sum")
    merged = accumulation.accumulate_moments(parts, aggregation, "sum")
    assert merged.count == whole.count == len(rows)
    found = {part.holder: part for part in merged.parts}
    assert len(found) == len(merged.parts) == len(whole.parts)
    size = math.fsum(abs(row.value) for row in rows)
    for part in whole.parts:
        other = found[part.holder]
        assert other.count == part.count
        assert close(other.weight, part.weight)
        if part.value is None or aggregation in ("last", "min", "max"):
            assert other.value == part.value
        else:
            # figures that cancel out leave the error of the figures, not of the rest
            assert math.isclose(
                other.value, part.value, rel_tol=1e-9, abs_tol=1e-9 * size
            )


def test_only_the_moments_of_one_holder_are_merged():
    rows = [accumulation.Reading(who, date(2026, 1, 1), 1) for who in ("ann", "bo")]
    for moments in ([], accumulation.moments_by_holder(rows)):
        with pytest.raises(ValueError, match="one holder"):
            accumulation.merge(moments)


@pytest.mark.parametrize("aggregation", sorted(accumulation.OVER_TIME))
def test_nought_is_a_value(aggregation):
    rows = [accumulation.Reading("ann", date(2026, 1, 1), 0)]
    assert accumulation.accumulate(rows, aggregation, "sum").value == 0


def test_rollup_none_refuses_several_holders():
    day = date(2026, 1, 1)
    rows = [accumulation.Reading(holder, day, 1) for holder in ("ann", "bo")]
    with pytest.raises(ValueError, match="one holder"):
        accumulation.accumulate(rows, "sum", "none")


# ------------------------------------------------------------------- scoring


@st.composite
def bands(draw, rises=True, at_least=1):
    thresholds = sorted(
        draw(
            st.lists(st.integers(-50, 150), min_size=at_least, max_size=6, unique=True)
        )
    )
    points = sorted(
        draw(
            st.lists(
                st.integers(-20, 160),
                min_size=len(thresholds),
                max_size=len(thresholds),
                unique=True,
            )
        )
    )
    if not rises:
        thresholds.reverse()
    return tuple(Band(t, p) for t, p in zip(thresholds, points, strict=True))


KINDS = (
    "linear",
    "ratio",
    "steps",
    "interpolate",
    "deduct",
    "efficacy",
    "binary",
    "milestones",
    "manual",
)


@st.composite
def rules(draw, directions=(HIGHER, LOWER, RANGE), kinds=KINDS):
    """A definition that passes its check and pays for moving in its direction."""
    direction = draw(st.sampled_from(directions))
    kind = draw(
        st.sampled_from(
            [k for k in sorted(kinds) if (k, direction) != ("ratio", RANGE)]
        )
    )
    bases = ["achievement"] if direction == RANGE else ["achievement", "value"]
    basis = draw(st.sampled_from(bases))
    rises = basis == "achievement" or direction == HIGHER
    floor = draw(st.integers(-50, 50))
    sign = -1 if direction == HIGHER else 1
    unacceptable = draw(st.integers(-100, 100))
    table = ()
    if kind in scoring.BANDED:
        table = draw(bands(rises, at_least=2 if kind == "interpolate" else 1))
    rule = Rule(
        scoring_rule=kind,
        direction=direction,
        floor=floor,
        cap=floor + draw(st.integers(1, 200)),
        band_basis=basis,
        below_bands=draw(st.sampled_from(["floor", "lowest"])),
        bands=table,
        points_base=draw(st.integers(-50, 200)),
        points_per_unit=sign * draw(st.floats(0, 20)),
        unacceptable=unacceptable,
        satisfactory=unacceptable - sign * draw(st.integers(1, 100)),
    )
    rule.check()
    return rule


@st.composite
def cases(draw, directions=(HIGHER, LOWER, RANGE), kinds=KINDS):
    """A rule with a target that fits it."""
    rule = draw(rules(directions, kinds))
    if rule.direction == RANGE:
        low = draw(st.integers(-1000, 1000))
        high = low + draw(st.integers(0, 1000))
        target = Target(None, None, low, high, draw(st.integers(1, 1000)))
    else:
        end = draw(st.integers(1 if rule.scoring_rule == "ratio" else -1000, 1000))
        way = draw(st.integers(1, 1000))
        start = end - way if rule.direction == HIGHER else end + way
        target = Target(float(start), float(end))
    scoring.check_target(rule, target)
    return rule, target


ONE_WAY = (HIGHER, LOWER)
TARGETED = sorted(set(KINDS) - scoring.UNTARGETED)
one_way = cases(ONE_WAY, TARGETED)


@given(one_way, figures, figures)
def test_more_of_the_better_never_earns_less(case, one, other):
    rule, target = case
    worse, better = sorted((one, other), reverse=rule.direction == LOWER)
    assert (
        scoring.score(rule, worse, target).points
        <= scoring.score(rule, better, target).points
    )


@given(
    cases(ONE_WAY, scoring.BANDED), st.integers(-1100, 1100), st.integers(-1100, 1100)
)
def test_more_of_the_better_never_earns_less_near_the_bands(case, one, other):
    """As above, with figures that often meet a threshold."""
    rule, target = case
    worse, better = (
        figure / 10 if rule.band_basis == "value" else value_at(target, figure / 10)
        for figure in sorted((one, other), reverse=not rule.rises)
    )
    assert (
        scoring.score(rule, worse, target).points
        <= scoring.score(rule, better, target).points
    )


def value_at(target, percent):
    return target.baseline + (target.target - target.baseline) * percent / 100


@given(
    cases([RANGE], ["linear", "binary", *scoring.BANDED]),
    st.integers(0, 2000),
    st.integers(0, 2000),
    st.booleans(),
)
def test_further_outside_the_range_never_earns_more(case, one, other, above):
    rule, target = case
    near, far = sorted((one, other))
    if above:
        near, far = target.high + near, target.high + far
    else:
        near, far = target.low - near, target.low - far
    inside = scoring.score(rule, (target.low + target.high) / 2, target)
    points = [scoring.score(rule, figure, target).points for figure in (near, far)]
    assert inside.points >= points[0] >= points[1]
    assert inside.achievement == 100


@given(cases(), figures)
def test_points_stay_between_floor_and_cap(case, actual):
    rule, target = case
    scored = scoring.score(rule, actual, target)
    assert rule.floor <= scored.points <= rule.cap
    assert scored.points == min(max(scored.raw, rule.floor), rule.cap)


@given(cases(), figures)
def test_a_value_never_becomes_no_value_nor_the_other_way_round(case, actual):
    rule, target = case
    scored = scoring.score(rule, actual, target)
    for figure in (scored.points, scored.raw, scored.achievement):
        assert isinstance(figure, float) and math.isfinite(figure)


@given(one_way)
def test_achievement_runs_from_0_at_the_baseline_to_100_at_the_target(case):
    rule, target = case
    assert scoring.achievement(rule, target.baseline, target) == 0
    assert scoring.achievement(rule, target.target, target) == 100


@given(
    st.sampled_from(["linear", "ratio", "binary"]),
    st.sampled_from([HIGHER, LOWER]),
    st.integers(1, 1000),
    st.integers(1, 1000),
)
def test_on_target_is_100_points(kind, direction, end, way):
    target = Target(end - way if direction == HIGHER else end + way, end)
    assert close(scoring.score(Rule(kind, direction), end, target).points, 100)


@given(cases(ONE_WAY, ["interpolate"]), st.data())
def test_interpolation_lies_between_the_bands_around_it(case, data):
    rule, target = case
    ordered = rule.ordered_bands()
    at = data.draw(st.integers(0, len(ordered) - 2))
    worse, better = ordered[at : at + 2]
    share = data.draw(st.floats(0.01, 0.99))
    figure = worse.threshold + share * (better.threshold - worse.threshold)
    if rule.band_basis == "achievement":
        figure = value_at(target, figure)
    scored = scoring.score(rule, figure, target)
    assert (scored.band, scored.next_band) == (worse, better)
    expected = worse.points + share * (better.points - worse.points)
    assert math.isclose(scored.raw, expected, abs_tol=1e-6)


@given(cases(), st.integers(2, 80))
def test_the_curve_is_made_of_scores(case, count):
    rule, target = case
    drawn = scoring.curve(rule, target, count)
    values = [x for x, _points in drawn]
    assert values == sorted(set(values))
    assert len(values) >= count
    for x, points in drawn:
        assert points == scoring.score(rule, x, target).points
    if rule.scoring_rule in scoring.UNTARGETED:
        shown = [0, 100]
    elif rule.scoring_rule == "efficacy":
        shown = [rule.unacceptable, rule.satisfactory]
    elif rule.scoring_rule in scoring.BANDED and rule.band_basis == "value":
        shown = [band.threshold for band in rule.bands]
    elif rule.direction == RANGE:
        shown = [target.low - target.tolerance, target.high + target.tolerance]
    else:
        shown = [target.baseline, target.target]
    assert set(shown) <= set(values)


@given(cases(ONE_WAY, scoring.BANDED))
def test_the_curve_shows_every_band_at_its_threshold(case):
    rule, target = case
    drawn = [points for _value, points in scoring.curve(rule, target)]
    for band in rule.bands:
        shown = min(max(band.points, rule.floor), rule.cap)
        assert any(close(points, shown) for points in drawn)


@given(cases(ONE_WAY, scoring.UNTARGETED), figures, figures)
def test_points_given_are_better_when_more_whatever_is_counted(case, one, other):
    rule, target = case
    worse, better = sorted((one, other))
    assert (
        scoring.score(rule, worse, target).points
        <= scoring.score(rule, better, target).points
    )


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_the_table_from_the_target_pays_100_on_target(baseline, end):
    assume(end != baseline)
    direction = HIGHER if end > baseline else LOWER
    table = scoring.bands_from_target(end, baseline, direction)
    rule = Rule("steps", direction, 0, 140, "value", bands=table)
    rule.check()
    target = Target(baseline, end)
    assert scoring.score(rule, end, target).points == 100
    # the same as the customary table in % of the way
    by_way = Rule("steps", direction, 0, 140, bands=scoring.customary_bands("steps"))
    for percent in (79, 80, 89, 90, 99, 100, 109, 110, 119, 120, 121):
        actual = value_at(target, percent)
        assert (
            scoring.score(rule, actual, target).points
            == scoring.score(by_way, actual, target).points
        )


@given(st.lists(st.tuples(weights, st.booleans()), max_size=8))
def test_milestones_count_by_weight(rows):
    share = scoring.milestone_share(rows)
    assert (share is None) == (not any(weight for weight, _reached in rows))
    if share is not None:
        rest = scoring.milestone_share([(w, not reached) for w, reached in rows])
        assert 0 <= share <= 100
        assert close(share + rest, 100)


@given(
    st.sampled_from(["achievement", "value"]),
    st.sampled_from([HIGHER, LOWER]),
    st.data(),
)
def test_a_threshold_belongs_to_the_better_band(basis, direction, data):
    rises = basis == "achievement" or direction == HIGHER
    table = data.draw(bands(rises))
    rule = Rule("steps", direction, -100, 200, basis, "floor", table)
    rule.check()
    baseline, target = (0.0, 100.0) if direction == HIGHER else (100.0, 0.0)

    def points(figure):
        actual = figure
        if basis == "achievement":
            actual = baseline + figure / 100 * (target - baseline)
        return scoring.score(rule, actual, Target(baseline, target)).points

    hair = 1e-4 if rises else -1e-4
    ordered = rule.ordered_bands()
    for number, band in enumerate(ordered):
        assert points(band.threshold) == band.points
        assert points(band.threshold + hair) == band.points
        below = ordered[number - 1].points if number else rule.floor
        assert points(band.threshold - hair) == below


@given(cases())
def test_rules_survive_json(case):
    rule = case[0]
    assert Rule.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule


def test_a_rule_stored_before_still_loads():
    stored = {
        "scoring_rule": "steps",
        "direction": "higher",
        "floor": 0.0,
        "cap": 120.0,
        "band_basis": "achievement",
        "below_bands": "floor",
        "bands": [[80.0, 60.0, ""]],
    }
    assert Rule.from_dict(stored) == Rule("steps", bands=(Band(80, 60),))
    assert Rule.from_dict({}) == Rule()
    with pytest.raises(TypeError, match="colour"):
        Rule.from_dict(stored | {"colour": "red"})


@given(bands(at_least=2), st.data())
def test_tables_that_are_not_monotone_are_refused(table, data):
    rows = list(table)
    at = data.draw(st.integers(0, len(rows) - 2))
    spoiled = data.draw(st.sampled_from(["points", "threshold"]))
    if spoiled == "points":  # the better band earns no more than the worse one
        rows[at + 1] = rows[at + 1]._replace(points=rows[at].points)
    else:
        rows[at + 1] = rows[at + 1]._replace(threshold=rows[at].threshold)
    with pytest.raises(scoring.ScoringError) as caught:
        Rule("steps", bands=tuple(rows)).check()
    assert caught.value.code == "bands"


@given(figures)
def test_target_at_the_baseline_is_refused(figure):
    for kind in set(KINDS) - scoring.UNTARGETED:
        with pytest.raises(scoring.ScoringError) as caught:
            scoring.check_target(Rule(kind), Target(figure, figure))
        assert caught.value.code == "target_is_baseline"
    for kind in scoring.UNTARGETED:
        scoring.check_target(Rule(kind), Target(figure, figure))


@given(st.floats(-1e9, 0), figures)
def test_ratio_without_a_positive_target_is_refused(end, baseline):
    assume(end != baseline)
    with pytest.raises(scoring.ScoringError) as caught:
        scoring.check_target(Rule("ratio"), Target(baseline, end))
    assert caught.value.code == "ratio_target"
    scoring.check_target(Rule("linear"), Target(baseline, end))


# ------------------------------------------------------------------- weighting

pairs = st.lists(st.tuples(st.none() | figures, weights), max_size=10)


@given(pairs)
def test_weighted_mean_lies_among_its_values(rows):
    mean = weighting.weighted_mean(rows)
    counted = [x for x, weight in rows if x is not None and weight]
    assert (mean.value is None) == (not counted)
    if counted:
        slack = 1e-9 * max(1.0, *map(abs, counted))
        assert min(counted) - slack <= mean.value <= max(counted) + slack
    assert 0 <= mean.coverage <= 1


@given(pairs)
def test_coverage_is_whole_only_when_nothing_is_missing(rows):
    mean = weighting.weighted_mean(rows)
    missing = math.fsum(weight for x, weight in rows if x is None)
    assume(mean.value is not None)
    assert (mean.coverage == 1) == (missing == 0)


@given(pairs, weights)
def test_no_value_never_moves_the_mean(rows, weight):
    """Something without a value is left out; it does not count as 0."""
    without = weighting.weighted_mean(rows)
    with_gap = weighting.weighted_mean([*rows, (None, weight)])
    assert with_gap.value == without.value
    assert with_gap.coverage <= without.coverage


totals = st.decimals(-(10**9), 10**9, allow_nan=False, places=4)


@given(totals, st.lists(weights, min_size=1, max_size=30), st.integers(0, 4))
def test_shares_add_up_to_the_last_decimal(total, shares_by, digits):
    """Negative totals too: a saving is shared out like a gain."""
    unit = Decimal(1).scaleb(-digits)
    total = total.quantize(unit)
    shares = weighting.split(total, shares_by, digits)
    assert sum(shares) == total
    assert len(shares) == len(shares_by)
    whole = sum(map(Decimal, map(str, shares_by)))
    for share, weight in zip(shares, shares_by, strict=True):
        assert share == share.quantize(unit)
        weight = Decimal(str(weight)) / whole if whole else Decimal(1) / len(shares)
        # nobody is off by a unit or more
        assert abs(share - total * weight) < unit + Decimal("1e-12")


@given(totals, st.lists(weights, min_size=1, max_size=30))
def test_who_weighs_more_never_gets_less(total, shares_by):
    shares = weighting.split(abs(total), shares_by)
    for one, share in zip(shares_by, shares, strict=True):
        for other, other_share in zip(shares_by, shares, strict=True):
            if one > other:
                assert share >= other_share


@given(totals, st.integers(1, 30))
def test_without_weights_all_get_the_same(total, count):
    shares = weighting.split(total, [0] * count)
    assert max(shares) - min(shares) <= Decimal("0.01")


def test_split_rounds_the_total_half_up():
    """One rounding rule everywhere: 0.125 is 0.13 and not, as in banking, 0.12."""
    assert sum(weighting.split(0.125, [1, 1])) == Decimal("0.13")
    assert sum(weighting.split(-0.125, [1, 1])) == Decimal("-0.13")


def test_split_among_nobody_and_by_negative_weights():
    assert weighting.split(10, []) == []
    with pytest.raises(ValueError, match="negative"):
        weighting.split(10, [2, -1])


@given(st.lists(weights, min_size=1, max_size=30))
def test_normalised_weights_come_to_100(rows):
    assert sum(weighting.normalise(rows)) == 100


# ------------------------------------------------------------------- rating


@given(figures, figures, figures, figures)
def test_rescale_maps_ends_to_ends(low, high, new_low, new_high):
    assume(high - low > 1e-3 and new_low < new_high)
    move = (low, high, new_low, new_high)
    assert close(rating.rescale(low, *move), new_low)
    assert close(rating.rescale(high, *move), new_high)
    middle = rating.rescale((low + high) / 2, *move)
    assert math.isclose(middle, (new_low + new_high) / 2, rel_tol=1e-6, abs_tol=1e-3)
    assert rating.rescale(None, *move) is None


@given(st.lists(st.integers(0, 120), min_size=1, max_size=8, unique=True), st.data())
def test_a_level_begins_at_its_threshold(thresholds, data):
    at = data.draw(st.integers(0, len(thresholds) - 1))
    assert rating.level_reached(thresholds[at], thresholds) == at
    just_below = rating.level_reached(thresholds[at] - 0.001, thresholds)
    assert just_below is None or thresholds[just_below] < thresholds[at]
    assert rating.level_reached(None, thresholds) is None
    assert rating.level_reached(min(thresholds) - 1, thresholds) is None


# ------------------------------------------------------------------- values


@given(st.decimals(-(10**6), 10**6, places=4, allow_nan=False), st.integers(0, 3))
def test_half_up_never_moves_further_than_half_a_unit(figure, digits):
    unit = Decimal(1).scaleb(-digits)
    rounded = Decimal(repr(value.half_up(float(figure), digits)))
    assert abs(rounded - figure) <= unit / 2
    if abs(rounded - figure) == unit / 2:
        assert abs(rounded) > abs(figure)  # the half goes up


@given(figures, st.integers(0, 6))
def test_half_up_is_odd_and_settled(figure, digits):
    rounded = value.half_up(figure, digits)
    assert value.half_up(rounded, digits) == rounded
    assert value.half_up(-figure, digits) == -rounded
    assert value.half_up(None, digits) is None


# ------------------------------------------------------------------- periods


@given(
    st.dates(date(2000, 1, 1), date(2080, 12, 31)),
    st.sampled_from(sorted(periods.MONTHS)),
    st.integers(2, 13),
)
def test_sub_periods_cover_the_period_without_gap(start, period_type, count):
    end = start + relativedelta(months=periods.MONTHS[period_type] * count)
    end -= timedelta(days=1)
    found = periods.split_period(start, end, period_type)
    assert len(found) == count
    assert (found[0][0], found[-1][1]) == (start, end)
    for (first, last), (following, _end) in pairwise(found):
        assert first <= last
        assert following == last + timedelta(days=1)


@given(days, st.integers(0, 800), st.sampled_from(sorted(periods.MONTHS)))
def test_a_period_is_split_whole_or_not_at_all(start, length, period_type):
    end = start + timedelta(days=length)
    try:
        found = periods.split_period(start, end, period_type)
    except ValueError:
        return
    assert sum((last - first).days + 1 for first, last in found) == length + 1


FREQUENCIES = ["day", "week", "month", "quarter", "half", "year"]


@given(days, st.integers(0, 800), st.sampled_from(FREQUENCIES))
def test_buckets_tile_the_period(start, length, frequency):
    end = start + timedelta(days=length)
    found = periods.buckets(start, end, frequency)
    assert (found[0][0], found[-1][1]) == (start, end)
    assert sum((last - first).days + 1 for first, last in found) == length + 1
    for (_first, last), (following, _last) in pairwise(found):
        assert following == last + timedelta(days=1)
        # only the ends of the period cut a bucket
        assert last == periods.bucket_end(last, frequency)
        assert following == periods.bucket_start(following, frequency)


@given(days, st.sampled_from(FREQUENCIES))
def test_all_days_of_a_bucket_have_the_same_bucket(day, frequency):
    start = periods.bucket_start(day, frequency)
    end = periods.bucket_end(day, frequency)
    assert start <= day <= end
    for other in (start, end):
        assert periods.bucket_start(other, frequency) == start
        assert periods.bucket_end(other, frequency) == end


@given(days)
def test_buckets_agree_with_the_calendar(day):
    """Reckoned in another way: by the calendar module and the ISO week."""
    month_end = calendar.monthrange(day.year, day.month)[1]
    assert periods.bucket_start(day, "month") == date(day.year, day.month, 1)
    assert periods.bucket_end(day, "month") == date(day.year, day.month, month_end)
    week = [
        date(day.year, day.month, number)
        for number in range(1, month_end + 1)
        if date(day.year, day.month, number).isocalendar()[:2] == day.isocalendar()[:2]
    ]
    assert periods.bucket_start(day, "week") == week[0]
    assert periods.bucket_end(day, "week") == week[-1]
    assert periods.bucket_end(day, "quarter").month == math.ceil(day.month / 3) * 3
    assert periods.bucket_end(day, "half").month == math.ceil(day.month / 6) * 6
    assert periods.bucket_start(day, "year") == date(day.year, 1, 1)
    assert periods.bucket_end(day, "year") == date(day.year, 12, 31)


@given(days, st.sampled_from(FREQUENCIES[2:]))
def test_longer_buckets_are_whole_weeks(day, frequency):
    start = periods.bucket_start(day, frequency)
    end = periods.bucket_end(day, frequency)
    weeks = periods.buckets(start, end, "week")
    assert weeks[0][0] == periods.bucket_start(start, "week")
    assert weeks[-1][1] == periods.bucket_end(end, "week")


@given(
    st.lists(st.tuples(days, figures), min_size=1, max_size=5),
    days,
    st.integers(0, 800),
)
def test_a_changed_value_counts_by_its_days(changes, start, length):
    end = start + timedelta(days=length)
    changes.sort(key=lambda change: change[0])
    in_force = []
    for number in range(length + 1):
        day = start + timedelta(days=number)
        since = [figure for first, figure in changes if first <= day]
        in_force.append(since[-1] if since else changes[0][1])
    expected = math.fsum(in_force) / len(in_force)
    found = periods.days_weighted(changes, start, end)
    assert math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-3)


def test_nothing_in_force_is_no_value():
    assert periods.days_weighted([], date(2026, 1, 1), date(2026, 12, 31)) is None


CHANGES = [
    # changes, mean over the ten days 1 to 10 June
    ([(1, 50)], 50),
    ([(1, 50), (6, 70)], 60),  # five days each
    ([(8, 50)], 50),  # the first one counts from the start
    ([(1, 50), (2, 100)], 95),
    ([(1, 50), (10, 100)], 55),  # the last day alone
    ([(1, 50), (11, 100)], 50),  # after the end
    ([(1, 0), (6, -10)], -5),
    ([(1, 10), (4, 20), (4, 30), (9, 40)], 26),  # 3·10 + 5·30 + 2·40
]


@pytest.mark.parametrize(("changes", "mean"), CHANGES)
def test_changes_within_ten_days(changes, mean):
    june = [(date(2026, 6, day), figure) for day, figure in changes]
    found = periods.days_weighted(june, date(2026, 6, 1), date(2026, 6, 10))
    assert found == mean


# ------------------------------------------------------------------- health


@given(days, st.integers(0, 400), st.integers(-50, 450))
def test_expected_progress_rises_with_the_calendar(start, length, offset):
    end = start + timedelta(days=length)
    today = start + timedelta(days=offset)
    expected = health.expected_progress(start, end, today)
    following = health.expected_progress(start, end, today + timedelta(days=1))
    assert 0 <= expected <= following <= 100
    assert health.expected_progress(start, end, end) == 100
    assert health.expected_progress(start, end, start - timedelta(days=1)) == 0


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_more_progress_is_never_less_healthy(expected, one, other):
    worse, better = sorted((one, other))
    order = health.SEVERITY.index
    assert order(health.status(worse, expected)) >= order(
        health.status(better, expected)
    )


@given(st.lists(st.sampled_from([*health.SEVERITY, health.NO_VALUE])))
def test_the_worst_part_decides(parts):
    found = health.worst(parts)
    valued = [part for part in parts if part != health.NO_VALUE]
    assert found == max(valued, key=health.SEVERITY.index, default=health.NO_VALUE)


# -------------------------------------------------------------------------- tally


@given(
    st.sampled_from(["count", "sum", "average", "min", "max", "share"]),
    st.lists(st.lists(figures, min_size=1, max_size=5), min_size=1, max_size=6),
)
def test_groups_of_records_add_up_to_the_figure_of_all(operation, groups):
    amount = {
        "count": len,
        "min": min,
        "max": max,
        "share": lambda rows: sum(row > 0 for row in rows),
    }.get(operation, math.fsum)
    merged = None
    for rows in groups:
        found = tally.Tally(len(rows), amount(rows))
        merged = tally.merge(operation, merged, found) if merged else found
    every = [row for rows in groups for row in rows]
    whole = tally.figure(operation, tally.Tally(len(every), amount(every)))
    parts = tally.figure(operation, merged)
    assert math.isclose(parts.value, whole.value, rel_tol=1e-9, abs_tol=1e-4)
    assert parts.weight == whole.weight


# ------------------------------------------------------------------ what was agreed

lines = st.fixed_dictionaries(
    {
        "indicator_id": st.integers(1, 3).map(lambda id_: [id_, f"Indicator {id_}"]),
        "target": st.none() | figures,
        "milestones": st.lists(
            st.fixed_dictionaries({"name": st.sampled_from("abc"), "weight": figures}),
            max_size=2,
        ),
    }
)


def _numbered(records, first=1):
    return [record | {"id": number} for number, record in enumerate(records, first)]


@st.composite
def statements(draw):
    measures = _numbered(draw(st.lists(lines, max_size=3)), draw(st.integers(1, 3)))
    for measure in measures:
        measure["milestones"] = _numbered(measure["milestones"])
    return {"goal": {"weight": draw(figures)}, "measures": measures}


@given(statements())
def test_nothing_differs_from_itself(statement):
    assert agreement.changes(statement, json.loads(json.dumps(statement))) == []


@given(statements(), statements())
def test_what_differs_one_way_differs_the_other_way(former, content):
    there = agreement.changes(former, content)
    back = agreement.changes(content, former)
    count = sum(change.field == "measure" for change in there)
    assert sum(change.field == "measure" for change in back) == count
    assert bool(there) == bool(back)
    assert ("weight" in {change.field for change in there}) == (
        former["goal"]["weight"] != content["goal"]["weight"]
    )


# ------------------------------------------------------------------ what is left


@given(figures, figures, st.none() | figures, st.booleans())
def test_the_way_left_is_a_way_and_never_longer(baseline, target, actual, adds_up):
    assume(baseline != target)
    way = closing.Way(baseline, target)
    left = closing.way_left(way, actual, adds_up=adds_up)
    assert left.baseline != left.target
    assert (left.target > left.baseline) == (target > baseline)
    assert abs(left.target - left.baseline) <= abs(target - baseline)


patterns = st.dictionaries(
    st.integers(0, 13), st.just(((8.0, 12.0), (13.0, 17.0))), min_size=1
)
leaves = st.lists(st.tuples(st.integers(-20, 60), st.integers(1, 30)), max_size=4)


@given(days, patterns, leaves, st.integers(0, 12))
def test_working_days_are_counted_one_by_one(day, pattern, absent, number):
    """The n-th working day after a day has exactly n - 1 of them between."""
    spans = [
        (
            datetime.combine(day + timedelta(days=first), time()),
            datetime.combine(day + timedelta(days=first + length), time()),
        )
        for first, length in absent
    ]
    working = working_days.WorkingDays([(day, pattern, working_days.merged(spans))])
    found = working.after(day, number)
    between = [
        day + timedelta(days=ahead)
        for ahead in range(1, (found - day).days)
        if working.works(day + timedelta(days=ahead))
    ]
    assert len(between) == max(number - 1, 0)
    assert not number or working.works(found)
    # nobody works on a whole day of leave
    assert not any(
        working.works(start.date() + timedelta(days=ahead))
        for start, end in spans
        for ahead in range((end - start).days)
    )


# ------------------------------------------------------------------- who needs help

known_people = st.builds(
    need.Facts,
    off_track=st.integers(0, 5),
    at_risk=st.integers(0, 5),
    stale=st.integers(0, 5),
    stale_since=st.none() | days,
    late=st.integers(0, 5),
    late_since=st.none() | days,
    blocked=st.integers(0, 5),
    blocked_since=st.none() | days,
    overdue=st.integers(0, 5),
    overdue_since=st.none() | days,
    high_risk=st.integers(0, 2),
    to_answer=st.integers(0, 3),
    answer_since=st.none() | days,
    goals=st.integers(0, 9),
    actions=st.integers(0, 30),
    hours=st.floats(0, 500),
    last_contact=st.none() | days,
    next_meeting=st.none() | days,
    last_noted=st.none() | days,
)


@given(st.lists(known_people, max_size=8), days)
def test_worst_first_is_an_order_by_urgency(people, today):
    why = [need.reasons(facts, today) for facts in need.with_usual(people)]
    ranked = sorted(why, key=need.order)
    # nobody who can wait comes before somebody who cannot
    helps = [need.needs_help(reasons) for reasons in ranked]
    assert helps == sorted(helps, reverse=True)
    for reasons in ranked:
        urgencies = [reason.urgency for reason in reasons]
        assert urgencies == sorted(urgencies, reverse=True)
        assert all(reason.count > 0 for reason in reasons)
        assert (need.deed(reasons) is None) == (not reasons)


@given(known_people, days)
def test_one_more_goal_off_track_never_moves_anybody_down(facts, today):
    worse = replace(facts, off_track=facts.off_track + 1)
    before, after = (need.order(need.reasons(one, today)) for one in (facts, worse))
    assert after < before


# ------------------------------------------------------------------- what to look at

advice_rules = st.lists(
    st.builds(advice.Rule, st.sampled_from(sorted(advice.FACTS)), st.floats(0, 100)),
    max_size=8,
)
advice_findings = st.lists(
    st.builds(
        advice.Finding,
        st.sampled_from(sorted(advice.FACTS)),
        st.floats(-50, 200),
        st.sampled_from(["one", "two"]),
    ),
    max_size=12,
)


@given(advice_rules, advice_findings)
def test_advice_keeps_to_its_rules(rules, findings):
    said = advice.advise(rules, findings)
    places = [place for place, _finding in said]
    assert places == sorted(places)
    assert all(advice.applies(rules[place], finding) for place, finding in said)
    # of one thing it is said once
    keys = [(finding.fact, finding.subject) for _place, finding in said]
    assert len(keys) == len(set(keys))
    # and nothing that a rule asks for stays unsaid
    for finding in findings:
        if any(advice.applies(rule, finding) for rule in rules):
            assert (finding.fact, finding.subject) in keys
