"""Numbers as people read them."""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

#: room for every float, written out in full
EXACT = Context(prec=400)


def is_finite(value):
    """Whether ``value`` is a number one can calculate with.

    >>> is_finite(3.5), is_finite(float("nan")), is_finite(float("inf"))
    (True, False, False)
    """
    return math.isfinite(value)


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
