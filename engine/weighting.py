"""Weighted means that leave out what has no value, and splits that add up."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor, fsum
from typing import NamedTuple

#: what a goal weighs until somebody decides otherwise
USUAL_WEIGHT = 100.0


class Mean(NamedTuple):
    """A weighted mean (None: no value) and the share of the weight that has a value."""

    value: float | None
    coverage: float


def weighted_mean(pairs):
    """Mean of the ``(value, weight)`` pairs whose value is not None.

    :return: :class:`Mean`; ``coverage`` runs from 0 to 1

    >>> weighted_mean([(80, 60), (None, 40)])
    Mean(value=80.0, coverage=0.6)
    >>> weighted_mean([(50, 1), (100, 3)])
    Mean(value=87.5, coverage=1.0)
    >>> weighted_mean([(None, 1)]), weighted_mean([(70, 0)])
    (Mean(value=None, coverage=0.0), Mean(value=None, coverage=0.0))
    """
    pairs = list(pairs)
    total = fsum(weight for _value, weight in pairs)
    valued = [(value, weight) for value, weight in pairs if value is not None]
    covered = fsum(weight for _value, weight in valued)
    if not covered:
        return Mean(None, 0.0)
    value = fsum(value * weight for value, weight in valued) / covered
    return Mean(value, covered / total)


def off_balance(weights):
    """What ``weights`` in % add up to, where somebody set them and it is not 100.

    Values are averaged by weight, so whatever weighs the usual 100 counts alike: nothing
    has to be done about these. Thirds of 33.33 are near enough.

    :return: the sum, to one decimal; None: nothing to say

    >>> off_balance([60, 30]), off_balance([100, 50])
    (90.0, 150.0)
    >>> off_balance([60, 40]), off_balance([100, 100, 100]), off_balance([33.33] * 3)
    (None, None, None)
    """
    weights = list(weights)
    total = round(fsum(weights), 1)
    if total == 100 or all(weight == USUAL_WEIGHT for weight in weights):
        return None
    return total


def split(total, weights, digits=2):
    """Share ``total`` out by ``weights`` so that the shares add up to the last decimal.

    Largest-remainder method: everybody gets the share rounded down, the units left over
    go to the largest remainders (the first ones among equals). All weights 0: equal.
    A total with more decimals is rounded half-up first, as figures are everywhere; a
    negative one, such as a saving, is shared out in the same way.

    :return: list of :class:`decimal.Decimal`, one per weight

    >>> [str(share) for share in split(100, [1, 1, 1])]
    ['33.34', '33.33', '33.33']
    >>> sum(split("0.05", [5, 3, 2, 7])) == Decimal("0.05")
    True
    """
    weights = [Fraction(str(weight)) for weight in weights]
    if not weights:
        return []
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight cannot be negative")
    whole = sum(weights)
    if not whole:
        weights = [Fraction(1)] * len(weights)
        whole = len(weights)
    unit = Decimal(1).scaleb(-digits)
    total = Decimal(str(total)).quantize(unit, rounding=ROUND_HALF_UP)
    # in whole units and exact fractions: a quotient that was rounded up could give away
    # more than there is
    exact = [int(total / unit) * weight / whole for weight in weights]
    shares = [floor(share) for share in exact]
    by_remainder = sorted(
        range(len(weights)), key=lambda i: (shares[i] - exact[i], -weights[i], i)
    )
    for i in by_remainder[: int(total / unit) - sum(shares)]:
        shares[i] += 1
    return [share * unit for share in shares]


def normalise(weights, digits=2):
    """Bring ``weights`` to 100 % in proportion to what they were.

    >>> [float(weight) for weight in normalise([2, 1, 1])]
    [50.0, 25.0, 25.0]
    """
    return split(100, weights, digits)
