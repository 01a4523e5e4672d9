"""From many dated readings to one actual value.

First over time *within each holder*, then *across holders*: three sales people who
report a monthly average each are three averages, not thirty-six readings.
"""

from collections import defaultdict
from collections.abc import Hashable
from datetime import date
from math import fsum
from typing import NamedTuple


class Reading(NamedTuple):
    """One value on a date. ``order`` breaks the tie between readings of the same day."""

    holder: Hashable
    date: date
    value: float
    weight: float = 1.0
    order: int = 0


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


def _mean(pairs):
    pairs = list(pairs)
    total = fsum(weight for _value, weight in pairs)
    if not total:
        return None
    return fsum(value * weight for value, weight in pairs) / total


OVER_TIME = {
    "sum": lambda rows: fsum(row.value for row in rows),
    "average": lambda rows: _mean((row.value, row.weight) for row in rows),
    "last": lambda rows: max(rows, key=lambda row: (row.date, row.order)).value,
    "min": lambda rows: min(row.value for row in rows),
    "max": lambda rows: max(row.value for row in rows),
}

ACROSS_HOLDERS = {
    "sum": lambda parts: fsum(part.value for part in parts),
    "average": lambda parts: _mean((part.value, part.weight) for part in parts),
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
    by_holder = defaultdict(list)
    for reading in readings:
        by_holder[reading.holder].append(reading)
    parts = tuple(
        Part(
            holder,
            OVER_TIME[aggregation](rows),
            fsum(row.weight for row in rows),
            len(rows),
        )
        for holder, rows in by_holder.items()
    )
    counted = [part for part in parts if part.value is not None]
    if rollup == "none" and len(counted) > 1:
        raise ValueError("rollup 'none' takes the readings of one holder only")
    value = ACROSS_HOLDERS[rollup](counted) if counted else None
    return Accumulation(value, parts)
