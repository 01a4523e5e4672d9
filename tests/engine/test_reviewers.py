from datetime import date, timedelta
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from ...engine.reviewers import choose, days_led, shares

FIRST = date(2026, 1, 1)
YEAR = FIRST, date(2026, 12, 31)
MANAGERS = st.sampled_from("ABCD")


@given(st.sets(st.integers(1, 1000)), st.integers(0, 10), st.text(), st.randoms())
def test_the_lot_is_the_same_in_any_order(candidates, count, seed, random):
    shuffled = list(candidates)
    random.shuffle(shuffled)
    chosen = choose(shuffled, count, seed)
    assert chosen == choose(sorted(candidates), count, seed)
    assert set(chosen) <= candidates
    assert len(chosen) == (min(count, len(candidates)) if count else len(candidates))


def test_the_lot_spares_nobody():
    """Of ten people two are drawn a hundred times: each about twenty times, none never."""
    times = {
        person: sum(
            person in choose(range(10), 2, f"person {number}") for number in range(100)
        )
        for person in range(10)
    }
    assert sum(times.values()) == 200
    assert min(times.values()) >= 8 and max(times.values()) <= 36


@given(st.lists(st.tuples(MANAGERS, st.integers(1, 200)), min_size=1, max_size=8))
def test_every_day_is_led_by_one(changes):
    """Stints that follow one another without a gap make up the period, to the day."""
    stints, start = [], FIRST - timedelta(days=30)
    for manager, length in changes:
        stints.append((manager, start, start + timedelta(days=length - 1)))
        start += timedelta(days=length)
    stints.append(("Z", start, None))
    days = days_led(stints, YEAR)
    assert sum(days.values()) == 365
    assert all(days.values())


@given(st.dictionaries(MANAGERS, st.integers(1, 150)))
def test_shares_add_up_to_the_whole(former):
    by_manager, rest = shares(former, YEAR)
    assert by_manager.keys() == former.keys()
    assert rest >= 0
    assert isclose(sum(by_manager.values()) + rest, 1)
