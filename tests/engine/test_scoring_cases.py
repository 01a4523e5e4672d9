"""Worked cases of achievement and points; each row is reckoned by hand."""

import pytest

from ...engine.scoring import HIGHER, LOWER, Band, Rule, achievement, score

ACHIEVEMENT = [
    # actual, baseline, target, % of the way
    (10, 10, 20, 0),  # rising: at the start
    (15, 10, 20, 50),  # half of the 10
    (20, 10, 20, 100),
    (25, 10, 20, 150),  # 15 of 10, unbounded
    (5, 10, 20, -50),  # 5 backwards of 10
    (8, 8, 4, 0),  # falling: at the start
    (6, 8, 4, 50),  # 2 of the 4 down
    (4, 8, 4, 100),
    (3, 8, 4, 125),  # 5 of 4
    (10, 8, 4, -50),  # 2 the wrong way of 4
    (0, 0, 50, 0),  # nought is a value
    (0, 10, -10, 50),  # through nought: 10 of the 20 down
    (-5, -10, 0, 50),  # negative, rising: 5 of 10
    (-30, -10, -20, 200),  # negative, falling: 20 of 10
]


@pytest.mark.parametrize(("actual", "baseline", "target", "expected"), ACHIEVEMENT)
def test_achievement(actual, baseline, target, expected):
    assert achievement(actual, baseline, target) == expected


FREE = {"floor": -1000, "cap": 1000}

LINEAR = [
    # actual, baseline, target, points within the default 0…120
    (14, 0, 20, 70),  # 14/20
    (24, 0, 20, 120),  # exactly at the cap
    (30, 0, 20, 120),  # 150 % is cut
    (-4, 0, 20, 0),  # -20 % is lifted to the floor
    (5, 8, 4, 75),  # 3 of 4 down
    (9, 8, 4, 0),  # the wrong way
    (-5, -10, 0, 50),
]


@pytest.mark.parametrize(("actual", "baseline", "target", "points"), LINEAR)
def test_linear(actual, baseline, target, points):
    assert score(Rule(), actual, baseline, target).points == points


RATIO = [
    # direction, actual, target, raw points
    (HIGHER, 90, 120, 75),  # 100·90/120
    (HIGHER, 120, 120, 100),
    (HIGHER, 180, 120, 150),
    (HIGHER, 0, 120, 0),
    (HIGHER, -12, 120, -10),
    (LOWER, 10, 8, 80),  # 100·8/10
    (LOWER, 8, 8, 100),
    (LOWER, 5, 8, 160),  # 100·8/5
]


@pytest.mark.parametrize(("direction", "actual", "target", "raw"), RATIO)
def test_ratio(direction, actual, target, raw):
    # the baseline plays no part
    for baseline in (0.5, 300):
        rule = Rule("ratio", direction, **FREE)
        assert score(rule, actual, baseline, target).raw == raw


@pytest.mark.parametrize(("cap", "actual"), [(120, 0), (150, 0), (120, -3)])
def test_ratio_with_nothing_of_what_should_be_small_earns_the_cap(cap, actual):
    assert score(Rule("ratio", LOWER, cap=cap), actual, 20, 8).points == cap


def test_ratio_is_cut_at_floor_and_cap():
    rule = Rule("ratio", floor=50, cap=110)
    assert score(rule, 40, 0, 100).points == 50
    assert score(rule, 125, 0, 100).points == 110
    assert score(rule, 125, 0, 100).raw == 125


UP = (Band(80, 60), Band(90, 80), Band(100, 100), Band(110, 120), Band(120, 140))

STEPS_ACHIEVEMENT = [
    # % of the way, points (cap 140, floor 0)
    (-10, 0),
    (0, 0),
    (79.99, 0),  # below the worst band: the floor
    (80, 60),  # the threshold belongs to the better band
    (89.99, 60),
    (90, 80),
    (99.99, 80),
    (100, 100),
    (109.99, 100),
    (110, 120),
    (120, 140),
    (500, 140),
]


@pytest.mark.parametrize(("percent", "points"), STEPS_ACHIEVEMENT)
def test_steps_on_achievement(percent, points):
    rule = Rule("steps", cap=140, bands=UP)
    # rising: 0 to 200, twice the percentage; falling: 200 to 100, one down per percent
    assert score(rule, 2 * percent, 0, 200).points == points
    falling = Rule("steps", LOWER, cap=140, bands=UP)
    assert score(falling, 200 - percent, 200, 100).points == points


def test_steps_are_limited_by_the_cap():
    assert score(Rule("steps", cap=120, bands=UP), 130, 0, 100).points == 120


ACCIDENTS = (Band(4, 0), Band(2, 50), Band(1, 80), Band(0, 100))

STEPS_VALUE = [
    # accidents (fewer are better), points; below the bands -10 by the floor
    (5, -10),
    (4, 0),
    (3, 0),
    (2, 50),
    (1.01, 50),
    (1, 80),
    (0.01, 80),
    (0, 100),
    (-1, 100),
]


@pytest.mark.parametrize(("actual", "points"), STEPS_VALUE)
def test_steps_on_the_value_itself(actual, points):
    rule = Rule("steps", LOWER, floor=-10, cap=100, band_basis="value", bands=ACCIDENTS)
    assert score(rule, actual, 6, 0).points == points


def test_below_the_bands_the_lowest_points_if_the_rule_says_so():
    rule = Rule("steps", below_bands="lowest", bands=UP)
    assert score(rule, 10, 0, 100).points == 60
    assert score(rule, 10, 0, 100).band is None


def test_binary_fractions_do_not_cost_a_band():
    # 57/60 is 94.99999999999999 in floating point and 95 % to people
    rule = Rule("steps", bands=(Band(95, 100),))
    assert score(rule, 57, 0, 60).points == 100
    # 0.1 + 0.2 is a hair more than 0.3, where fewer are better
    rule = Rule("steps", LOWER, band_basis="value", bands=(Band(0.3, 100),))
    assert score(rule, 0.1 + 0.2, 1, 0).points == 100
