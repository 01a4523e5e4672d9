"""Numbers as people read them."""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

#: room for every float, written out in full
EXACT = Context(prec=400)
#: the largest number that people may enter
LARGEST = 1e15


def is_finite(value):
    """Whether ``value`` is a number one can calculate with.

    >>> is_finite(3.5), is_finite(float("nan")), is_finite(float("inf"))
    (True, False, False)
    """
    return math.isfinite(value)


def is_ordinary(value):
    """Whether ``value`` is a number that people may enter.

    Finite, and not so large that sums and quotients of such numbers leave what a float
    can hold.

    >>> [is_ordinary(value) for value in (-3.5, True, 1e15, 1e16, 10**400)]
    [True, True, True, False, False]
    >>> [is_ordinary(value) for value in (float("nan"), None, "3", [3])]
    [False, False, False, False]
    """
    return isinstance(value, int | float) and abs(value) <= LARGEST


def half_up(value, digits=0):
    """Round ``value`` half-up (away from zero) to ``digits`` decimals, for display.

    Stored figures are never rounded; this is the only rounding, and it happens once.

    >>> half_up(2.5), half_up(-2.5), half_up(1.005, 2)
    (3.0, -3.0, 1.01)
    >>> half_up(1e300, 2), half_up(1250, -2)
    (1e+300, 1300.0)
    """
    if value is None:
        return None
    step = Decimal(1).scaleb(-digits)
    # repr() is the shortest text that gives the same float: the figure people typed
    exact = Decimal(repr(float(value)))
    return float(exact.quantize(step, rounding=ROUND_HALF_UP, context=EXACT))


def rate(numerator, denominator, factor=100.0):
    """The value of ``numerator`` out of ``denominator``, times ``factor``.

    Together with its denominator as the weight it averages to a ratio of sums; see
    :func:`~.accumulation.accumulate`.

    :param denominator: above 0
    :param factor: 100 for percent, 1,000,000 for accidents per million hours
    :raise ValueError: for a denominator that nothing can be a part of

    >>> rate(30, 120), rate(3, 1_500_000, 1_000_000)
    (25.0, 2.0)
    >>> rate(1, 0)
    Traceback (most recent call last):
    ValueError: the denominator must be above 0
    """
    if not denominator > 0:
        raise ValueError("the denominator must be above 0")
    # in this order, so that 11 of 20 is 55 % exactly
    return numerator * factor / denominator
