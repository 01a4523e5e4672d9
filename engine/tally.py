"""What a set of records comes to: one value, and how much it weighs in an average.

Records are grouped in the database, finer than the buckets they are wanted for where need
be. The groups of one bucket are put together and read as one figure here.
"""

from typing import NamedTuple


class Tally(NamedTuple):
    """A group of records.

    ``number``: how many have a value (``count`` and ``share``: how many there are).
    ``amount``: their number, sum, lowest or highest value; of a ``share`` those that count.
    """

    number: int
    amount: float


class Weighed(NamedTuple):
    """A reading's value and weight."""

    value: float
    weight: float = 1.0


#: no records: a true 0 for whoever was to have some, no value in all other operations
NOTHING = Weighed(0.0)
ZERO_OPERATIONS = frozenset({"count", "sum"})


def merge(operation, one, other):
    """The tally of two groups together.

    >>> merge("sum", Tally(2, 30.0), Tally(1, 12.0))
    Tally(number=3, amount=42.0)
    >>> merge("min", Tally(2, 3.0), Tally(1, 1.0))
    Tally(number=3, amount=1.0)
    """
    join = {"min": min, "max": max}.get(operation, lambda a, b: a + b)
    return Tally(one.number + other.number, join(one.amount, other.amount))


def figure(operation, tally, factor=100.0):
    """The :class:`Weighed` of a tally, None when no record has a value.

    Averages and shares weigh as much as they have records, so that their mean over
    periods and people is the mean over all records:

    >>> figure("average", Tally(4, 10.0))
    Weighed(value=2.5, weight=4)
    >>> figure("share", Tally(8, 6))
    Weighed(value=75.0, weight=8)

    All other figures weigh 1:

    >>> figure("count", Tally(3, 3))
    Weighed(value=3.0, weight=1.0)
    >>> figure("max", Tally(0, 0.0)) is None
    True
    """
    if not tally.number:
        return None
    if operation == "average":
        return Weighed(tally.amount / tally.number, tally.number)
    if operation == "share":
        return Weighed(factor * tally.amount / tally.number, tally.number)
    return Weighed(float(tally.amount))
