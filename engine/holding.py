"""Who has how much of what a post shall achieve, by the days they hold it."""

from bisect import bisect_right
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from .periods import days_weighted, span_days
from .value import half_up
from .weighting import split


def amounts(holders, period, changes, each=False):
    """What each holder's days come to, of a figure for the whole period.

    A day is worth the figure in force on it, by the days of the period. Shared, it goes to
    those who hold the post on that day in equal parts, so that whoever comes or goes moves
    nobody's past; else each of them has all of it.

    :param holders: per holder a list of ``(first day, last day)`` without overlap
    :param period: ``(first day, last day)``
    :param changes: ``[(date from, figure), ...]``, as in :func:`.periods.days_weighted`
    :return: ``(amounts, one a holder, amount of the days that nobody holds)``

    365 a year is 1 a day: Ann until April, nobody in May, Bo since June:

    >>> from datetime import date
    >>> year = date(2026, 1, 1), date(2026, 12, 31)
    >>> ann, bo = (year[0], date(2026, 4, 30)), (date(2026, 6, 1), year[1])
    >>> shares, vacant = amounts([[ann], [bo]], year, [(year[0], 365)])
    >>> [round(share, 6) for share in shares], round(vacant, 6)
    ([120.0, 214.0], 31.0)
    >>> shares, _vacant = amounts([[year], [bo]], year, [(year[0], 365)])
    >>> [round(share, 6) for share in shares]
    [258.0, 107.0]
    """
    first, after = period[0], period[1] + timedelta(days=1)
    spans = [
        [
            (max(start, first), min(end + timedelta(days=1), after))
            for start, end in own
            if start < after and end >= first
        ]
        for own in holders
    ]
    coming = Counter(start for own in spans for start, _end in own)
    going = Counter(end for own in spans for _start, end in own)
    dates = [day for day, _figure in changes]
    cuts = sorted(
        {first, after, *coming, *going, *(day for day in dates if first < day < after)}
    )
    reached, vacant, there = {first: 0.0}, 0.0, 0
    for day, following in pairwise(cuts):
        there += coming[day] - going[day]
        _since, figure = changes[max(bisect_right(dates, day) - 1, 0)]
        part = figure * (following - day).days / span_days(*period)
        if not there:
            vacant += part
        reached[following] = reached[day] + (part if each else part / max(there, 1))
    return [
        sum(reached[end] - reached[start] for start, end in own) for own in spans
    ], vacant


def share_out(holders, period, changes, digits, each=False):
    """:func:`amounts` in whole units of ``digits`` decimals.

    Shared, the shares and what the vacancy leaves add up to the figure of the period to
    the last decimal (largest remainder); else each is rounded half-up by itself.

    :return: list of :class:`decimal.Decimal`, one a holder

    >>> from datetime import date
    >>> year = date(2026, 1, 1), date(2026, 12, 31)
    >>> [str(share) for share in share_out([[year]] * 3, year, [(year[0], 100)], 2)]
    ['33.34', '33.33', '33.33']
    >>> hired = [(date(2026, 8, 1), year[1])]
    >>> share_out([hired], year, [(year[0], 100)], 1, each=True)
    [Decimal('41.9')]
    """
    if each:
        return [
            Decimal(str(half_up(amount, digits)))
            for amount in amounts(holders, period, changes, each)[0]
        ]
    figures = [figure for _day, figure in changes]
    if min(figures) < 0 < max(figures):
        # a figure that changes its sign has no shares that could be compared: go by days
        weights, vacant = amounts(holders, period, [(period[0], 1)])
    else:
        weights, vacant = amounts(holders, period, changes)
    total = days_weighted(changes, *period)
    shares = split(total, map(_weight, [*weights, vacant]), digits)
    return shares[:-1]


def _weight(amount):
    """``amount`` as a weight; what floating point leaves of nothing is nothing."""
    return round(abs(amount), 9)
