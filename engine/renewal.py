"""What a measure aims at when its goal is set again for the next period."""

from .value import half_up


def raised(target, percent, lower_is_better=False, digits=0):
    """``target`` made more ambitious by ``percent``, as people write it.

    >>> raised(200, 5), raised(40, 10, lower_is_better=True)
    (210.0, 36.0)
    >>> raised(33, 5, digits=1), raised(-10, 10)
    (34.7, -9.0)
    >>> raised(1234.5678, 0)
    1234.5678
    """
    if not percent:
        return target
    step = abs(target) * percent / 100
    return half_up(target - step if lower_is_better else target + step, digits)


def baseline_from(actual, baseline, target):
    """Where the new period starts from: where the old one ended, if a way is left to go.

    :param actual: the last actual value, None without one
    :param baseline: that of the old period
    :param target: that of the new one

    >>> baseline_from(14, 0, 20), baseline_from(None, 0, 20)
    (14, 0)
    >>> baseline_from(20, 0, 20), baseline_from(25, 0, 20), baseline_from(5, 8, 4)
    (0, 0, 5)
    """
    if actual is None or (target - actual) * (target - baseline) <= 0:
        return baseline
    return actual
