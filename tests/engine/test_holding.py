"""What holders of a post share adds up, and nobody's past moves."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ...engine.holding import amounts, share_out
from ...engine.periods import joined, long_absences, pro_rata, span_days
from ...engine.weighting import split

YEAR = date(2026, 1, 1), date(2026, 12, 31)
days = st.dates(date(2025, 11, 1), date(2027, 2, 28))
spans = st.tuples(days, days).map(lambda pair: tuple(sorted(pair)))
holders = st.lists(st.lists(spans, max_size=3).map(joined), max_size=6)
figures = st.integers(1, 10**6).map(lambda number: number / 100)


def calendar_of(own):
    """The days of the year in ``own``, counted one by one."""
    return {
        day
        for number in range(365)
        for day in [YEAR[0] + timedelta(days=number)]
        if any(start <= day <= end for start, end in own)
    }


@given(holders, figures, figures, st.dates(*YEAR))
def test_each_day_is_shared_by_those_who_hold_it(everybody, before, since, changed):
    changes = [(YEAR[0], before), (changed, since)]
    held = [calendar_of(own) for own in everybody]
    shares, vacant = amounts(everybody, YEAR, changes)
    expected = [0.0] * len(everybody)
    rest = 0.0
    for number in range(365):
        day = YEAR[0] + timedelta(days=number)
        worth = (since if day >= changed else before) / 365
        there = [index for index, own in enumerate(held) if day in own]
        for index in there:
            expected[index] += worth / len(there)
        rest += 0 if there else worth
    for share, one in zip([*shares, vacant], [*expected, rest], strict=True):
        assert abs(share - one) < 1e-6


@given(holders, figures, st.integers(0, 4))
def test_shares_never_exceed_the_whole(everybody, figure, digits):
    total = split(figure, [1], digits)[0]
    shares = share_out(everybody, YEAR, [(YEAR[0], figure)], digits)
    assert sum(shares) <= total
    if everybody and len(set.union(*map(calendar_of, everybody))) == 365:
        assert sum(shares) == total


@given(holders, spans, figures)
def test_who_comes_later_moves_nobodys_past(everybody, newcomer, figure):
    changes = [(YEAR[0], figure)]
    until = max(newcomer[0], YEAR[0]) - timedelta(days=1)
    past = [
        [(start, min(end, until)) for start, end in own if start <= until]
        for own in everybody
    ]
    alone, _vacant = amounts(past, YEAR, changes)
    beside, _vacant = amounts([*past, [newcomer]], YEAR, changes)
    assert all(abs(x - y) < 1e-6 for x, y in zip(alone, beside[:-1], strict=True))


@given(spans, st.lists(spans, max_size=4), st.integers(1, 60))
def test_the_share_of_the_period_counts_days_one_by_one(held, absences, shortest):
    away = set()
    for start, end in joined(absences):
        if span_days(start, end) >= shortest:
            away |= calendar_of([(start, end)])
    expected = len(calendar_of([held]) - away) / 365
    assert abs(pro_rata(held, YEAR, absences, shortest) - expected) < 1e-12
    assert 0 <= expected <= 1
    for start, end in long_absences(absences, held, shortest):
        assert held[0] <= start <= end <= held[1]
