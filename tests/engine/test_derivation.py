"""A stored derivation gives the same figures again, to the last bit."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...engine import competency, gap
from ...engine.derivation import node, nodes, part, recompute
from ...engine.rating import rescale
from ...engine.scoring import HIGHER, LOWER, Band, Rule, Target, score
from ...engine.weighting import weighted_mean

figures = st.floats(-1e6, 1e6)
points = st.floats(0, 120)
weights = st.one_of(st.just(0.0), st.floats(0.001, 1000), st.integers(0, 100))
shares = st.floats(0, 1)
scales = st.tuples(st.floats(-100, 100), st.floats(0.5, 200)).map(
    lambda pair: [pair[0], pair[0] + pair[1]]
)

rules = st.one_of(
    st.builds(
        Rule,
        scoring_rule=st.sampled_from(["linear", "ratio", "binary", "deduct"]),
        direction=st.sampled_from([HIGHER, LOWER]),
        floor=st.floats(0, 20),
        cap=st.floats(80, 140),
        points_per_unit=st.floats(-5, 5),
    ),
    st.builds(
        Rule,
        scoring_rule=st.sampled_from(["steps", "interpolate"]),
        below_bands=st.sampled_from(["floor", "lowest"]),
        bands=st.just((Band(80, 60), Band(90, 80, "nearly"), Band(100, 100))),
    ),
    st.builds(
        Rule,
        scoring_rule=st.just("efficacy"),
        unacceptable=st.floats(0, 50),
        satisfactory=st.floats(60, 99),
    ),
    st.builds(Rule, scoring_rule=st.just("manual")),
)


@st.composite
def measures(draw):
    baseline = draw(st.floats(0, 1000))
    target = baseline + draw(st.floats(1, 1000))
    return node(
        "points",
        scoring=draw(rules).to_dict(),
        target=Target(baseline, target)._asdict(),
        actual=draw(st.one_of(st.none(), figures)),
    )


@st.composite
def lines(draw):
    """A goal, an answered question, a competency or a line without a value."""
    kind = draw(st.sampled_from(["goal", "rating", "skill", "input"]))
    if kind == "goal":
        parts = [
            part(one, draw(weights)) for one in draw(st.lists(measures(), max_size=4))
        ]
        return node("goal", parts)
    if kind == "input":
        return node("input", value=draw(st.one_of(st.none(), points)))
    roles = [
        part(
            node(
                "answers",
                [
                    part(node("input", value=value), draw(shares))
                    for value in draw(st.lists(points, max_size=4))
                ],
            ),
            draw(weights),
            role=role,
        )
        for role in ("self", "manager", "peer")[: draw(st.integers(0, 3))]
    ]
    answered = node("roles", roles)
    if kind == "rating":
        return answered
    near = node("nearest", [part(answered)], levels=[0, 25, 50, 75, 100])
    expected = draw(st.sampled_from([None, 0, 25, 50, 100]))
    return node("competency", [part(near)], expected=expected, cap=120.0)


@st.composite
def forms(draw):
    onto = draw(scales)
    sections = []
    for _number in range(draw(st.integers(0, 4))):
        own = [
            part(line, draw(weights), pro_rata=draw(shares), name="A line")
            for line in draw(st.lists(lines(), max_size=4))
        ]
        mean = node("mean", own)
        sections.append(
            part(
                node("rescale", [part(mean)], scale=draw(scales), onto=onto),
                draw(weights),
                name="A section",
            )
        )
    levels = [{"score_min": limit} for limit in sorted(draw(st.lists(figures)))]
    return node("level", [part(node("mean", sections))], levels=levels)


@given(forms())
def test_what_is_stored_is_found_again_to_the_last_bit(tree):
    stored = json.loads(json.dumps(tree))
    assert recompute(stored) == stored == tree
    # not nearly: every float is the same one
    for before, after in zip(nodes(tree), nodes(recompute(stored)), strict=True):
        assert before["value"] == after["value"]


@given(forms())
def test_only_the_leaves_decide(tree):
    stored = json.loads(json.dumps(tree))
    for found in nodes(stored):
        if found["rule"] != "input":
            found["value"] = 12345.678
    assert recompute(stored) == tree


@given(forms())
def test_no_value_is_ever_made_up(tree):
    for found in nodes(tree):
        below = [one["node"]["value"] for one in found.get("parts", ())]
        is_mean = found["rule"] in ("mean", "goal", "roles", "answers")
        if is_mean and all(value is None for value in below):
            assert found["value"] is None
        if found["value"] is not None:
            assert math.isfinite(found["value"])
        assert 0 <= found.get("coverage", 0) <= 1 + 1e-9


@given(st.lists(st.tuples(st.one_of(st.none(), points), weights), max_size=8), scales)
def test_it_is_the_arithmetic_of_everywhere_else(pairs, scale):
    mean = node("mean", [part(node("input", value=v), w) for v, w in pairs])
    expected = weighted_mean(pairs)
    assert mean["value"] == expected.value
    assert mean["coverage"] == pytest.approx(expected.coverage)
    moved = node("rescale", [part(mean)], scale=[0, 120], onto=scale)
    assert moved["value"] == rescale(expected.value, 0, 120, *scale)


@given(rules, st.floats(0, 1000), figures)
def test_points_are_those_of_the_measure(rule, baseline, actual):
    target = Target(baseline, baseline + 10)
    found = node(
        "points", scoring=rule.to_dict(), target=target._asdict(), actual=actual
    )
    scored = score(rule, actual, target)
    assert found["value"] == scored.points
    assert found["raw"] == scored.raw
    assert found["band"] == (scored.band and list(scored.band))


def test_published_cases():
    """3.4 on 1–5 is 3.1 on 0.25–5; 5.44 on 1–10 is 6.47 on 4–9."""
    for value, scale, onto, expected in (
        (3.4, [1, 5], [0.25, 5], 3.1),
        (5.44, [1, 10], [4, 9], 6.47),
    ):
        leaf = node("input", value=value)
        moved = node("rescale", [part(leaf)], scale=scale, onto=onto)
        assert round(moved["value"], 2) == expected


def test_weights_of_nought_never_divide():
    leaf = node("input", value=70)
    for rule in ("mean", "goal", "roles", "answers"):
        assert node(rule, [part(leaf, 0), part(leaf, 0.0)])["value"] is None
        assert node(rule, [part(leaf, 10, pro_rata=0)])["value"] is None
        assert node(rule)["value"] is None


def test_unknown_rules_are_refused():
    for unknown in ({"rule": "guess", "version": 1}, {"rule": "mean"}):
        with pytest.raises(ValueError, match="unknown rule"):
            recompute(unknown)
    with pytest.raises(ValueError, match="unknown rule"):
        node("guess")


# ------------------------------------------------------------------- competencies, gaps

progress = st.integers(0, 100)


@given(st.floats(0, 100), st.lists(progress, min_size=1, max_size=6))
def test_the_nearest_level_is_nearest(value, levels):
    found = levels[competency.nearest(value, levels)]
    assert abs(found - value) == min(abs(level - value) for level in levels)


@given(progress, progress)
def test_points_of_a_competency(assessed, expected):
    found = competency.points(assessed, expected)
    if not expected:
        assert found is None
    else:
        assert 0 <= found <= competency.CAP
        assert (found >= 100) == (assessed >= expected)
        assert (found < 100) == competency.is_gap(assessed, expected)


@given(points, points, st.floats(0.01, 1))
def test_gaps_are_the_same_from_both_sides(own, others, threshold):
    one = gap.gap(own, others, 0, 120, threshold)
    other = gap.gap(others, own, 0, 120, threshold)
    assert one.gap == -other.gap
    turned = {
        gap.HIDDEN_STRENGTH: gap.BLIND_SPOT,
        gap.BLIND_SPOT: gap.HIDDEN_STRENGTH,
        gap.ALIKE: gap.ALIKE,
    }
    assert turned[one.kind] == other.kind


@given(
    st.dictionaries(st.sampled_from(["self", "manager", "peer", "report"]), points),
    st.dictionaries(st.sampled_from(["manager", "peer", "report"]), weights),
)
def test_others_never_hold_ones_own_view(by_role, of_roles):
    found = gap.others_mean(by_role, of_roles)
    said = [value for role, value in by_role.items() if role != "self"]
    if not said:
        assert found is None
    else:
        assert min(said) - 1e-9 <= found <= max(said) + 1e-9
        assert found == gap.others_mean(by_role | {"self": 7}, of_roles)
