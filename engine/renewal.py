"""What a measure aims at when its goal is set again, or the goal above it has moved."""

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


def in_proportion(target, former_above, above, digits=0):
    """``target`` moved as the target above moved from ``former_above`` to ``above``.

    >>> in_proportion(40, 120, 112.7), in_proportion(40, 120, 112.7, digits=2)
    (38.0, 37.57)
    >>> in_proportion(40, 0, 10) is None  # of nothing there is no proportion
    True
    """
    if not former_above:
        return None
    return half_up(target * above / former_above, digits)


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
