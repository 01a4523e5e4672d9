"""Worked cases of achievement and points; each row is reckoned by hand."""

import pytest

from ...engine.scoring import (
    HIGHER,
    LOWER,
    RANGE,
    Band,
    Rule,
    ScoringError,
    Target,
    achievement,
    bands_from_target,
    check_target,
    curve,
    customary_bands,
    milestone_share,
    score,
)

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
    assert achievement(Rule(), actual, Target(baseline, target)) == expected


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
    assert score(Rule(), actual, Target(baseline, target)).points == points


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
        assert score(rule, actual, Target(baseline, target)).raw == raw


@pytest.mark.parametrize(("cap", "actual"), [(120, 0), (150, 0), (120, -3)])
def test_ratio_with_nothing_of_what_should_be_small_earns_the_cap(cap, actual):
    assert score(Rule("ratio", LOWER, cap=cap), actual, Target(20, 8)).points == cap


def test_ratio_is_cut_at_floor_and_cap():
    rule = Rule("ratio", floor=50, cap=110)
    assert score(rule, 40, Target(0, 100)).points == 50
    assert score(rule, 125, Target(0, 100)).points == 110
    assert score(rule, 125, Target(0, 100)).raw == 125


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
    assert score(rule, 2 * percent, Target(0, 200)).points == points
    falling = Rule("steps", LOWER, cap=140, bands=UP)
    assert score(falling, 200 - percent, Target(200, 100)).points == points


def test_steps_are_limited_by_the_cap():
    assert score(Rule("steps", cap=120, bands=UP), 130, Target(0, 100)).points == 120


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
    assert score(rule, actual, Target(6, 0)).points == points


def test_below_the_bands_the_lowest_points_if_the_rule_says_so():
    rule = Rule("steps", below_bands="lowest", bands=UP)
    assert score(rule, 10, Target(0, 100)).points == 60
    assert score(rule, 10, Target(0, 100)).band is None


def test_binary_fractions_do_not_cost_a_band():
    # 57/60 is 94.99999999999999 in floating point and 95 % to people
    rule = Rule("steps", bands=(Band(95, 100),))
    assert score(rule, 57, Target(0, 60)).points == 100
    # 0.1 + 0.2 is a hair more than 0.3, where fewer are better
    rule = Rule("steps", LOWER, band_basis="value", bands=(Band(0.3, 100),))
    assert score(rule, 0.1 + 0.2, Target(1, 0)).points == 100


# ------------------------------------------------------------------- range

#: 19 to 22 degrees are right; 4 degrees more or less are worth nothing
ROOM = Target(None, None, 19, 22, 4)

RANGE_ACHIEVEMENT = [
    # actual, % achieved
    (19, 100),  # the edges belong to the range
    (20.5, 100),
    (22, 100),
    (18, 75),  # 1 of the 4 outside
    (24, 50),  # 2 of the 4 outside
    (15, 0),  # the whole tolerance outside, on either side
    (26, 0),
    (14, 0),  # further outside is not less than nothing
    (40, 0),
    (0, 0),
    (-20, 0),
]


@pytest.mark.parametrize(("actual", "expected"), RANGE_ACHIEVEMENT)
def test_achievement_of_a_range(actual, expected):
    rule = Rule(direction=RANGE)
    assert achievement(rule, actual, ROOM) == expected
    assert score(rule, actual, ROOM).points == expected
    # the same range around nought, 20.5 lower
    shifted = Target(None, None, -1.5, 1.5, 4)
    assert achievement(rule, actual - 20.5, shifted) == expected


def test_a_range_may_be_a_single_value():
    point = Target(None, None, 7.4, 7.4, 0.5)
    rule = Rule(direction=RANGE)
    check_target(rule, point)
    assert achievement(rule, 7.4, point) == 100
    assert achievement(rule, 7.9, point) == 0


# ------------------------------------------------------------------- interpolate

INTERPOLATE_ACHIEVEMENT = [
    # % of the way, raw points (cap 150, floor 10); UP is 80/90/100/110/120
    (-10, 10),
    (0, 10),
    (79.99, 10),  # below the worst band: the floor
    (80, 60),
    (80.01, 60.02),  # 2 points a percent
    (85, 70),
    (89.99, 79.98),
    (90, 80),
    (97.5, 95),
    (100, 100),
    (105, 110),
    (119.99, 139.98),
    (120, 140),  # the best threshold earns its points
    (120.01, 150),  # above the best band: the cap
    (500, 150),
]


@pytest.mark.parametrize(("percent", "points"), INTERPOLATE_ACHIEVEMENT)
def test_interpolation_on_achievement(percent, points):
    rule = Rule("interpolate", floor=10, cap=150, bands=UP)
    assert score(rule, 2 * percent, Target(0, 200)).raw == pytest.approx(points)
    falling = Rule("interpolate", LOWER, floor=10, cap=150, bands=UP)
    actual = -100 - percent  # from -100 down to -200
    assert score(falling, actual, Target(-100, -200)).raw == pytest.approx(points)


INTERPOLATE_VALUE = [
    # accidents, points; floor -10, cap 110
    (5, -10),
    (4.01, -10),
    (4, 0),
    (3.99, 0.25),  # 25 points an accident
    (3, 25),
    (2, 50),
    (1.5, 65),
    (1, 80),
    (0.25, 95),
    (0, 100),
    (-1, 110),
]


@pytest.mark.parametrize(("actual", "points"), INTERPOLATE_VALUE)
def test_interpolation_on_the_value_itself(actual, points):
    how = {"floor": -10, "cap": 110, "band_basis": "value", "bands": ACCIDENTS}
    rule = Rule("interpolate", LOWER, **how)
    scored = score(rule, actual, Target(6, 0))
    assert scored.raw == pytest.approx(points)


def test_interpolation_names_the_bands_around():
    rule = Rule("interpolate", cap=140, bands=UP)
    way = Target(0, 100)
    between = score(rule, 85, way)
    assert (between.band, between.next_band) == (UP[0], UP[1])
    below = score(rule, 10, way)
    assert (below.band, below.next_band) == (None, UP[0])
    above = score(rule, 130, way)
    assert (above.band, above.next_band) == (UP[-1], None)
    # steps need no neighbour to be explained
    assert score(Rule("steps", bands=UP), 85, way).next_band is None


def test_interpolation_does_not_lose_points_to_binary_fractions():
    rule = Rule("interpolate", bands=(Band(95, 40), Band(100, 100)))
    assert score(rule, 57, Target(0, 60)).points == 40
    assert score(rule, 0.1 + 0.2, Target(0, 0.3)).points == 100


IN_RANGE = (Band(0, 0), Band(50, 60), Band(100, 100))

RANGE_BANDS = [
    # degrees, % achieved, steps, interpolated; points
    (10, 0, 0, 0),
    (14.99, 0, 0, 0),
    (16, 25, 0, 30),
    (16.99, 49.75, 0, 59.7),
    (17, 50, 60, 60),
    (18, 75, 60, 80),
    (18.99, 99.75, 60, 99.8),
    (19, 100, 100, 100),
    (22, 100, 100, 100),
    (22.01, 99.75, 60, 99.8),
    (24, 50, 60, 60),
    (24.01, 49.75, 0, 59.7),
    (26, 0, 0, 0),
]


@pytest.mark.parametrize(("actual", "percent", "step", "between"), RANGE_BANDS)
def test_bands_over_a_range(actual, percent, step, between):
    steps = score(Rule("steps", RANGE, bands=IN_RANGE), actual, ROOM)
    assert steps.achievement == pytest.approx(percent)
    assert steps.points == step
    line = score(Rule("interpolate", RANGE, bands=IN_RANGE), actual, ROOM)
    assert line.points == pytest.approx(between)


# ------------------------------------------------------------------- deduct

DEDUCT = [
    # base, per unit, actual, raw points
    (100, 5, 0, 100),  # nothing to deduct
    (100, 5, 3, 85),
    (100, 5, 20, 0),
    (100, 5, 21, -5),
    (100, 5, -2, 110),  # a negative count gives back
    (100, 0, 7, 100),
    (60, -10, 0, 60),  # negative points per unit: a bonus
    (60, -10, 4, 100),
    (0, -2.5, -4, -10),
    (-20, 1, 5, -25),
]


@pytest.mark.parametrize(("base", "per_unit", "actual", "raw"), DEDUCT)
def test_deduct(base, per_unit, actual, raw):
    how = {"points_base": base, "points_per_unit": per_unit}
    for direction, target in (
        (HIGHER, Target(0, 10)),
        (LOWER, Target(10, 0)),
        (RANGE, ROOM),
    ):
        scored = score(Rule("deduct", direction, **how), actual, target)
        assert scored.raw == raw
        assert scored.points == min(max(raw, 0), 120)
    # what is achieved is still told by the target
    assert score(Rule("deduct", LOWER, **how), 4, Target(10, 0)).achievement == 60


# ------------------------------------------------------------------- efficacy

EFFICACY = [
    # unacceptable, satisfactory, actual, raw points
    (90, 98, 90, 60),  # rising
    (90, 98, 94, 80),
    (90, 98, 98, 100),
    (90, 98, 100, 110),
    (90, 98, 86, 40),
    (90, 98, 0, -390),  # 90 of the 8 below: 60 - 40·90/8
    (8, 3, 8, 60),  # falling
    (8, 3, 5.5, 80),
    (8, 3, 3, 100),
    (8, 3, 0, 124),  # 40 points for 5: 60 + 64
    (8, 3, 13, 20),
    (-10, 10, 0, 80),  # through nought
    (-20, -10, -15, 80),  # negative
    (0, 50, 0, 60),  # nought is a value
]


@pytest.mark.parametrize(("unacceptable", "satisfactory", "actual", "raw"), EFFICACY)
def test_efficacy(unacceptable, satisfactory, actual, raw):
    how = {"unacceptable": unacceptable, "satisfactory": satisfactory}
    direction = HIGHER if satisfactory > unacceptable else LOWER
    scored = score(
        Rule("efficacy", direction, **how), actual, Target(unacceptable, satisfactory)
    )
    assert scored.raw == pytest.approx(raw)
    assert scored.points == pytest.approx(min(max(raw, 0), 120))
    assert score(Rule("efficacy", RANGE, **how), actual, ROOM).raw == scored.raw


# ------------------------------------------------------------------- binary

BINARY = [
    # direction, target, actual, points
    (HIGHER, Target(0, 10), 9.99, 0),
    (HIGHER, Target(0, 10), 10, 100),
    (HIGHER, Target(0, 10), 10.01, 100),
    (HIGHER, Target(0, 10), -10, 0),
    (HIGHER, Target(-10, 0), -0.01, 0),  # to nought
    (HIGHER, Target(-10, 0), 0, 100),
    (HIGHER, Target(-10, -5), -5, 100),
    (HIGHER, Target(0, 0.3), 0.1 + 0.1 + 0.1, 100),
    (HIGHER, Target(0, 1), 0.1 * 3 + 0.7, 100),
    (LOWER, Target(8, 4), 4.01, 0),
    (LOWER, Target(8, 4), 4, 100),
    (LOWER, Target(8, 4), 3.99, 100),
    (LOWER, Target(8, 4), 0, 100),
    (LOWER, Target(5, 0), 0.01, 0),  # no accident at all
    (LOWER, Target(5, 0), 0, 100),
    (LOWER, Target(0, -5), -5, 100),
    (LOWER, Target(1, 0.3), 0.1 + 0.2, 100),  # a hair more than 0.3
    (RANGE, ROOM, 18.99, 0),  # the tolerance earns nothing here
    (RANGE, ROOM, 19, 100),
    (RANGE, ROOM, 20, 100),
    (RANGE, ROOM, 22, 100),
    (RANGE, ROOM, 22.01, 0),
    (RANGE, Target(None, None, 0.1, 0.3, 1), 0.1 + 0.2, 100),
]


@pytest.mark.parametrize(("direction", "target", "actual", "points"), BINARY)
def test_binary(direction, target, actual, points):
    assert score(Rule("binary", direction), actual, target).points == points


# ------------------------------------------------------------------- without a target

NONE_AT_ALL = Target(None, None)

MILESTONES = [
    # (weight, reached) …, share in %
    ([(1, True), (3, False)], 25),
    ([(1, True), (3, True)], 100),
    ([(1, False), (3, False)], 0),  # none reached is nought, not no value
    ([(1, True), (0, False)], 100),
    ([(0.1, True), (0.2, True), (0.7, False)], 30),
    ([(0, True), (0, False)], None),  # no weight
    ([], None),
]


@pytest.mark.parametrize(("rows", "share"), MILESTONES)
def test_milestones(rows, share):
    assert milestone_share(iter(rows)) == (share and pytest.approx(share))


POINTS_AS_GIVEN = [
    # actual, points within 0…120
    (0, 0),
    (45, 45),
    (100, 100),
    (120, 120),
    (130, 120),
    (-5, 0),
]


@pytest.mark.parametrize("name", ["milestones", "manual"])
@pytest.mark.parametrize("direction", [HIGHER, LOWER, RANGE])
@pytest.mark.parametrize(("actual", "points"), POINTS_AS_GIVEN)
def test_points_that_need_no_target(name, direction, actual, points):
    rule = Rule(name, direction)
    check_target(rule, NONE_AT_ALL)
    scored = score(rule, actual, NONE_AT_ALL)
    assert (scored.points, scored.raw, scored.achievement) == (points, actual, actual)


# ------------------------------------------------------------------- refusals

DEFINITIONS = [
    (Rule("steps"), "no_bands"),
    (Rule("interpolate"), "few_bands"),
    (Rule("interpolate", bands=UP[:1]), "few_bands"),
    (Rule("steps", bands=(Band(80, 60), Band(80, 70))), "bands"),
    (Rule("interpolate", bands=(Band(80, 60), Band(90, 60))), "bands"),
    (Rule("interpolate", bands=(Band(80, 60), Band(90, 50))), "bands"),
    (Rule("steps", LOWER, band_basis="value", bands=UP), "bands"),
    (Rule("steps", RANGE, band_basis="value", bands=UP), "bands_range"),
    (Rule("interpolate", RANGE, band_basis="value", bands=UP), "bands_range"),
    (Rule("ratio", RANGE), "ratio_range"),
    (Rule("efficacy"), "efficacy_missing"),
    (Rule("efficacy", unacceptable=0), "efficacy_missing"),
    (Rule("efficacy", satisfactory=0), "efficacy_missing"),
    (Rule("efficacy", unacceptable=0, satisfactory=0), "efficacy_equal"),
]


@pytest.mark.parametrize(("rule", "code"), DEFINITIONS)
def test_definitions_that_cannot_be_scored(rule, code):
    with pytest.raises(ScoringError) as caught:
        rule.check()
    assert caught.value.code == code


SOUND = [
    Rule("steps", bands=UP[:1]),
    Rule("interpolate", bands=UP[:2]),
    Rule("steps", RANGE, bands=UP),
    # a basis that is not used does no harm
    Rule("linear", RANGE, band_basis="value"),
    Rule("efficacy", unacceptable=0, satisfactory=-1),
    *(Rule(name, RANGE) for name in ("deduct", "binary", "milestones", "manual")),
]


@pytest.mark.parametrize("rule", SOUND)
def test_definitions_that_can(rule):
    rule.check()


TARGETS = [
    (Rule(), Target(None, 5), "target_missing"),
    (Rule(), Target(0, None), "target_missing"),
    (Rule("binary"), NONE_AT_ALL, "target_missing"),
    (Rule(), Target(5, 5), "target_is_baseline"),
    (Rule("deduct"), Target(0, 0), "target_is_baseline"),
    (Rule("ratio"), Target(-1, 0), "ratio_target"),
    (Rule("ratio", LOWER), Target(4, -2), "ratio_target"),
    (Rule(direction=RANGE), Target(0, 5), "range_missing"),
    (Rule("binary", RANGE), Target(0, 5, 1), "range_missing"),
    (Rule(direction=RANGE), Target(0, 5, None, 1, 1), "range_missing"),
    (Rule(direction=RANGE), Target(0, 5, 3, 2, 1), "range_order"),
    (Rule(direction=RANGE), Target(0, 5, 2, 3), "range_tolerance"),
    (Rule(direction=RANGE), Target(0, 5, 2, 3, 0), "range_tolerance"),
    (Rule(direction=RANGE), Target(0, 5, 2, 3, -1), "range_tolerance"),
]


@pytest.mark.parametrize(("rule", "target", "code"), TARGETS)
def test_targets_that_cannot_be_scored(rule, target, code):
    with pytest.raises(ScoringError) as caught:
        check_target(rule, target)
    assert caught.value.code == code


# ------------------------------------------------------------------- ready-made tables


@pytest.mark.parametrize("name", ["steps", "interpolate"])
def test_the_customary_table(name):
    assert customary_bands(name) == UP
    Rule(name, bands=customary_bands(name)).check()


FROM_TARGET = [
    # target, baseline, direction, thresholds
    (50, 0, HIGHER, [40, 45, 50, 55, 60]),
    (30, 20, HIGHER, [28, 29, 30, 31, 32]),
    (0, -100, HIGHER, [-20, -10, 0, 10, 20]),
    (4, 9, LOWER, [5, 4.5, 4, 3.5, 3]),
    (0, 10, LOWER, [2, 1, 0, -1, -2]),
]


@pytest.mark.parametrize(("target", "baseline", "direction", "expected"), FROM_TARGET)
def test_the_table_from_the_target(target, baseline, direction, expected):
    table = bands_from_target(target, baseline, direction)
    assert [band.threshold for band in table] == expected
    assert [band.points for band in table] == [60, 80, 100, 120, 140]


@pytest.mark.parametrize(
    ("target", "baseline", "direction", "code"),
    [
        (5, 5, HIGHER, "target_is_baseline"),
        (5, None, HIGHER, "target_missing"),
        (None, 5, LOWER, "target_missing"),
        (5, 0, LOWER, "target_direction"),
        (0, 5, HIGHER, "target_direction"),
        (5, 0, RANGE, "bands_range"),
    ],
)
def test_no_table_without_a_way_to_go(target, baseline, direction, code):
    with pytest.raises(ScoringError) as caught:
        bands_from_target(target, baseline, direction)
    assert caught.value.code == code


# ------------------------------------------------------------------- drawing


def test_a_drawn_step_is_upright():
    drawn = curve(Rule("steps", cap=140, bands=UP), Target(0, 200))
    before, at = (
        max(pair for pair in drawn if pair[0] < 180),
        min(pair for pair in drawn if pair[0] >= 180),
    )
    assert (at, before[1]) == ((180, 80), 60)
    assert at[0] - before[0] < 0.001


def test_a_drawing_keeps_to_what_matters():
    # the floor is reached at 100,000 units; the way is 10
    rule = Rule("deduct", LOWER, points_per_unit=0.001)
    values = [value for value, _points in curve(rule, Target(10, 0))]
    assert (min(values), max(values)) == (0, 11)
    # a balance below nought may be drawn below nought
    values = [value for value, _points in curve(Rule(), Target(-10, 10))]
    assert min(values) < -10


def test_what_cannot_be_scored_is_not_drawn():
    with pytest.raises(ScoringError):
        curve(Rule(), Target(5, 5))
    with pytest.raises(ScoringError):
        curve(Rule("steps"), Target(0, 5))
