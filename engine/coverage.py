"""How much of a target the targets below it take up."""

from decimal import Decimal
from typing import NamedTuple


class Coverage(NamedTuple):
    """What is ``assigned`` below a target, and what is left of it ``uncovered``."""

    assigned: float
    uncovered: float


def cover(target, *totals, lower_is_better=False):
    """The :class:`Coverage` of ``target`` by what lies below it.

    Goals below lie along two dimensions, the organisation and time. Each may take up the
    whole target, so their totals are never added: the one that holds less well says what
    is assigned. That is the smaller one; for a target below zero the one nearer to zero;
    where less is better, and parts should allow exactly the whole, the one farther off.

    :param totals: the sum of the targets along each dimension, None where nothing lies
    :return: in the unit of the target; ``uncovered`` is negative where more is assigned

    >>> cover(120, 110, None), cover(120, 110, 120)
    (Coverage(assigned=110.0, uncovered=10.0), Coverage(assigned=110.0, uncovered=10.0))
    >>> cover(120, None, None), cover(100, 130)
    (Coverage(assigned=0.0, uncovered=120.0), Coverage(assigned=130.0, uncovered=-30.0))

    >>> cover(-120, -110, -120), cover(100, 100, 110, lower_is_better=True)
    (Coverage(assigned=-110.0, uncovered=-10.0), Coverage(assigned=110.0, uncovered=-10.0))

    It is reckoned in the decimals people typed:

    >>> cover(0.3, 0.1), 0.3 - 0.1
    (Coverage(assigned=0.1, uncovered=0.2), 0.19999999999999998)
    """
    known = [total for total in totals if total is not None]
    if lower_is_better:
        assigned = max(
            known, key=lambda total: abs(_exact(target) - _exact(total)), default=0
        )
    else:
        assigned = (max if target < 0 else min)(known, default=0)
    return Coverage(float(assigned), float(_exact(target) - _exact(assigned)))


def falls_short(target, uncovered, *, lower_is_better=False):
    """Whether what is ``uncovered`` of ``target`` is something to act on.

    More than the target is a reserve where more is better. Where less is better, parts
    that allow more than the whole do not hold either.

    :param uncovered: rounded to the decimals that people see

    >>> falls_short(120, 10), falls_short(120, 0), falls_short(120, -10)
    (True, False, False)
    >>> falls_short(-120, -10), falls_short(120, -10, lower_is_better=True)
    (True, True)
    """
    if lower_is_better:
        return uncovered != 0
    return uncovered < 0 if target < 0 else uncovered > 0


def _exact(value):
    # repr() is the shortest text that gives the same float: the figure people typed
    return Decimal(repr(float(value)))
