"""From many dated readings to one actual value.

First over time *within each holder*, then *across holders*: three sales people who
report a monthly average each are three averages, not thirty-six readings.
"""

from collections import defaultdict
from collections.abc import Hashable
from datetime import date
from math import fsum
from typing import Any, NamedTuple


class Reading(NamedTuple):
    """One value on a date. ``order`` breaks the tie between readings of the same day."""

    holder: Hashable
    date: date
    value: float
    weight: float = 1.0
    order: int = 0


class Moments(NamedTuple):
    """All that the readings of one holder in one span of time can still be asked for.

    A database adds them up; whatever the aggregation, no single reading is needed any
    more, and the moments of a year are those of its months, merged.
    """

    holder: Hashable
    count: int
    sum: float
    #: Σ value·weight and Σ weight
    weighted_sum: float
    weight: float
    min: float
    max: float
    #: the newest reading's value, and what tells which one is newer, such as (date, id)
    last: float
    last_order: Any


class Part(NamedTuple):
    """What one holder's readings come to; ``value`` None when they come to nothing."""

    holder: Hashable
    value: float | None
    weight: float
    count: int


class Accumulation(NamedTuple):
    """The actual value (None: no value) and the parts it came from."""

    value: float | None
    parts: tuple[Part, ...]

    @property
    def count(self):
        return sum(part.count for part in self.parts)


def _mean(parts):
    total = fsum(part.weight for part in parts)
    if not total:
        return None
    return fsum(part.value * part.weight for part in parts) / total


OVER_TIME = {
    "sum": lambda moments: moments.sum,
    "average": lambda moments: (
        moments.weighted_sum / moments.weight if moments.weight else None
    ),
    "last": lambda moments: moments.last,
    "min": lambda moments: moments.min,
    "max": lambda moments: moments.max,
}

ACROSS_HOLDERS = {
    "sum": lambda parts: fsum(part.value for part in parts),
    "average": _mean,
    "min": lambda parts: min(part.value for part in parts),
    "max": lambda parts: max(part.value for part in parts),
    # the caller hands over the readings of exactly one holder
    "none": lambda parts: parts[0].value,
}


def accumulate(readings, aggregation, rollup):
    """Accumulate ``readings`` over time, then across holders.

    :param readings: iterable of :class:`Reading`, in any order
    :param aggregation: ``sum``, ``average`` (weighted by the readings' weights: with the
        denominators as weights it is a ratio of sums), ``last``, ``min`` or ``max``
    :param rollup: ``sum``, ``average`` (each holder weighs its summed weights), ``min``,
        ``max`` or ``none``
    :return: :class:`Accumulation`; its value is None without readings or weight

    Two people, summed over time, then over people:

    >>> day = date(2026, 1, 31)
    >>> rows = [Reading("ann", day, 3), Reading("ann", day, 4), Reading("bo", day, 5)]
    >>> accumulate(rows, "sum", "sum").value
    12.0

    A rate with its denominators as weights is a ratio of sums, 30 of 110:

    >>> rows = [Reading("ann", day, 0.5, 20), Reading("bo", day, 20 / 90, 90)]
    >>> round(accumulate(rows, "average", "average").value, 6) == round(30 / 110, 6)
    True

    Nothing to accumulate is no value:

    >>> accumulate([], "sum", "sum").value is None
    True
    """
    return accumulate_moments(moments_by_holder(readings), aggregation, rollup)


def accumulate_moments(moments, aggregation, rollup):
    """As :func:`accumulate`, from readings that have been added up already.

    :param moments: iterable of :class:`Moments`, in any order; several of one holder, as
        of several months, are merged first

    >>> ann = Moments("ann", 2, 7.0, 7.0, 2.0, 3.0, 4.0, last=4.0, last_order=31)
    >>> bo = Moments("bo", 1, 5.0, 5.0, 1.0, 5.0, 5.0, last=5.0, last_order=31)
    >>> accumulate_moments([ann, bo], "sum", "sum").value
    12.0
    >>> accumulate_moments([ann, bo], "average", "max")
    ... # doctest: +NORMALIZE_WHITESPACE
    Accumulation(value=5.0,
                 parts=(Part(holder='ann', value=3.5, weight=2.0, count=2),
                        Part(holder='bo', value=5.0, weight=1.0, count=1)))
    """
    by_holder = defaultdict(list)
    for found in moments:
        by_holder[found.holder].append(found)
    parts = tuple(
        Part(holder, OVER_TIME[aggregation](whole), whole.weight, whole.count)
        for holder, found in by_holder.items()
        for whole in [found[0] if len(found) == 1 else merge(found)]
    )
    counted = [part for part in parts if part.value is not None]
    if rollup == "none" and len(counted) > 1:
        raise ValueError("rollup 'none' takes the readings of one holder only")
    value = ACROSS_HOLDERS[rollup](counted) if counted else None
    return Accumulation(value, parts)


def moments_by_holder(readings):
    """The :class:`Moments` of each holder in an iterable of :class:`Reading`.

    >>> day = date(2026, 1, 31)
    >>> rows = [Reading("ann", day, 3), Reading("ann", day, 4, weight=2, order=1)]
    >>> moments_by_holder(rows)
    ... # doctest: +NORMALIZE_WHITESPACE
    [Moments(holder='ann', count=2, sum=7.0, weighted_sum=11.0, weight=3.0, min=3, max=4,
             last=4, last_order=(datetime.date(2026, 1, 31), 1))]
    """
    by_holder = defaultdict(list)
    for reading in readings:
        by_holder[reading.holder].append(reading)
    moments = []
    for holder, rows in by_holder.items():
        newest = max(rows, key=lambda row: (row.date, row.order))
        moments.append(
            Moments(
                holder,
                len(rows),
                fsum(row.value for row in rows),
                fsum(row.value * row.weight for row in rows),
                fsum(row.weight for row in rows),
                min(row.value for row in rows),
                max(row.value for row in rows),
                newest.value,
                (newest.date, newest.order),
            )
        )
    return moments


def merge(moments):
    """The :class:`Moments` of the whole from those of its parts, in any order.

    :param moments: at least one, all of one holder and of readings that are in none of
        the others

    >>> january = Moments("ann", 2, 7.0, 7.0, 2.0, 3.0, 4.0, last=4.0, last_order=31)
    >>> february = Moments("ann", 1, 9.0, 9.0, 1.0, 9.0, 9.0, last=9.0, last_order=59)
    >>> merge([february, january])
    ... # doctest: +NORMALIZE_WHITESPACE
    Moments(holder='ann', count=3, sum=16.0, weighted_sum=16.0, weight=3.0, min=3.0,
            max=9.0, last=9.0, last_order=59)
    """
    moments = list(moments)
    if len({part.holder for part in moments}) != 1:
        raise ValueError("only the moments of one holder can be merged")
    newest = max(moments, key=lambda part: part.last_order)
    return Moments(
        newest.holder,
        sum(part.count for part in moments),
        fsum(part.sum for part in moments),
        fsum(part.weighted_sum for part in moments),
        fsum(part.weight for part in moments),
        min(part.min for part in moments),
        max(part.max for part in moments),
        newest.last,
        newest.last_order,
    )
