"""Resources: what holds for every plan."""

import math

from hypothesis import given
from hypothesis import strategies as st

from ...engine import resources, wording

amounts = st.floats(0, 1e9, allow_nan=False)
used = st.none() | amounts
states = st.sampled_from(["todo", "doing", "done", "cancelled"])


@given(amounts, used, states)
def test_counted_is_one_of_what_was_said(planned, used, state):
    counted = resources.counted(planned, used, state)
    assert counted in (planned, used, 0)
    assert counted >= 0


@given(amounts, used)
def test_an_open_action_takes_no_less_than_planned(planned, used):
    assert resources.counted(planned, used, "doing") >= planned


@given(st.lists(st.integers(0, 10**9), max_size=20))
def test_shares_are_of_a_whole(parts):
    shares = resources.shares(parts)
    if any(parts):
        assert math.isclose(math.fsum(shares), 100)
        assert all(0 <= share <= 100 for share in shares)
    else:
        assert shares == [None] * len(parts)


@given(st.none() | st.floats(0, 100), st.none() | st.floats(0, 100))
def test_the_share_of_resources_lies_between_its_parts(hours, money):
    share = resources.resource_share(hours, money)
    known = [part for part in (hours, money) if part is not None]
    assert (share is None) == (not known)
    if known:
        assert min(known) <= share <= max(known)


@given(st.none() | st.floats(0, 100), st.none() | st.floats(0, 100))
def test_every_goal_is_in_one_box(weight, share):
    box = resources.balance(weight, share)
    assert (box is None) == (weight is None or share is None)
    if box == resources.STARVED:
        assert weight > 0 and share == 0
    if box == resources.UNWEIGHTED:
        assert weight == 0 and share > 0


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_is_left_is_exact_in_cents(allowance, planned):
    left = resources.left(allowance / 100, planned / 100)
    assert left == (allowance - planned) / 100


@given(st.text(max_size=60))
def test_a_text_is_found_by_its_own_pieces(text):
    whole = wording.normalise(text).casefold()
    found = wording.pieces(text)
    assert len(found) <= 6
    assert all(piece in whole for piece in found)


def test_texts_that_are_alike_share_a_piece():
    for one, other in (
        ("Visit the ten largest customers", "visit ten of the largest customers"),
        ("Besøke de ti største kundene", "Besøk til de ti største kundene"),
        ("拜访十大重点客户", "拜访重点客户"),
    ):
        assert wording.likeness(one, other) >= 65
        assert set(wording.pieces(one)) & set(wording.pieces(other))
