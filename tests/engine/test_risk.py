"""A risk is never small because somebody forgot to judge it, and treatment never hurts."""

from hypothesis import given
from hypothesis import strategies as st

from ...engine import risk
from ...engine.health import SEVERITY

steps = st.sampled_from(risk.STEPS)
pairs = st.tuples(steps, steps)
tolerances = st.integers(0, 25)
limits = st.integers(1, 25)
kinds = st.sampled_from(list(risk.ZONES))


@given(pairs, pairs)
def test_a_level_grows_with_either_step(one, other):
    if one[0] <= other[0] and one[1] <= other[1]:
        assert risk.level(*one) <= risk.level(*other)
    assert 1 <= risk.level(*one) <= 25


@given(st.integers(-3, 9), st.integers(-3, 9))
def test_there_is_no_level_without_both_steps(probability, consequence):
    known = probability in risk.STEPS and consequence in risk.STEPS
    assert bool(risk.level(probability, consequence)) == known


@given(pairs, pairs, tolerances, limits, kinds)
def test_a_larger_level_never_lies_in_a_better_zone(one, other, tolerance, limit, kind):
    levels = sorted([risk.level(*one), risk.level(*other)])
    order = risk.ZONES[kind]
    places = [order.index(risk.zone(level, tolerance, limit, kind)) for level in levels]
    assert places == sorted(places)


@given(pairs, tolerances, tolerances, limits)
def test_who_accepts_more_finds_less_too_high(pair, one, other, limit):
    level = risk.level(*pair)
    order = risk.ZONES[risk.THREAT]
    strict, mild = sorted([one, other])
    assert order.index(risk.zone(level, mild, limit)) <= order.index(
        risk.zone(level, strict, limit)
    )


@given(pairs, tolerances, limits)
def test_what_is_accepted_is_never_high(pair, tolerance, limit):
    level = risk.level(*pair)
    zone = risk.zone(level, tolerance, limit)
    assert risk.is_untreated_high(zone, "open") == (level > tolerance)
    for state in ("treated", "closed"):
        assert not risk.is_untreated_high(zone, state)


@given(pairs, tolerances, limits)
def test_opportunities_are_no_danger(pair, tolerance, limit):
    zone = risk.zone(risk.level(*pair), tolerance, limit, risk.OPPORTUNITY)
    assert not risk.is_untreated_high(zone, "open")
    assert risk.health(zone) == "on_track"


@given(st.lists(st.sampled_from(risk.ZONES[risk.THREAT])))
def test_the_worst_zone_decides_on_health(zones):
    worst = max((SEVERITY.index(risk.health(zone)) for zone in zones), default=0)
    assert SEVERITY.index(risk.health(risk.worst_zone(zones))) == worst


@given(pairs, pairs)
def test_treatment_lessens_threats_and_furthers_opportunities(before, after):
    one, other = risk.level(*before), risk.level(*after)
    as_threat = risk.is_possible_rest(one, other)
    as_chance = risk.is_possible_rest(one, other, risk.OPPORTUNITY)
    assert as_threat or as_chance
    assert (as_threat and as_chance) == (one == other)


@given(
    st.dictionaries(
        st.tuples(pairs, st.one_of(pairs, st.just((0, 0)))), st.integers(1, 50)
    )
)
def test_no_risk_is_lost_in_the_matrix(counts):
    before, after = risk.matrix(counts)
    assert sum(before.values()) == sum(after.values()) == sum(counts.values())
    for pair in before:
        assert before[pair] == sum(n for (b, _r), n in counts.items() if b == pair)
        assert after[pair] == sum(
            n for (b, r), n in counts.items() if (r if r != (0, 0) else b) == pair
        )
