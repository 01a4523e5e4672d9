"""From the level somebody is on to points: 100 = what the post expects."""

from .scoring import POINTS

#: so many points at most: whoever is far above what the post needs is well above, no more
CAP = POINTS[1]


def nearest(progress, levels):
    """Index of the level whose progress lies nearest to ``progress``, or None.

    Half-way between two it is the higher one, as figures are rounded half-up.

    :param progress: a mean of levels, 0…100; None: nobody has said
    :param levels: the progress of each level, 0…100, in any order

    >>> nearest(60, [0, 50, 100]), nearest(75, [0, 50, 100]), nearest(10, [100, 20])
    (1, 2, 1)
    >>> nearest(None, [0, 50]) is None, nearest(40, []) is None
    (True, True)
    """
    if progress is None or not levels:
        return None
    return min(
        range(len(levels)), key=lambda i: (abs(levels[i] - progress), -levels[i], i)
    )


def points(assessed, expected, cap=CAP):
    """Points of an ``assessed`` level against the ``expected`` one, both 0…100.

    >>> points(60, 80), points(80, 80), points(100, 50)
    (75.0, 100.0, 120.0)

    Nothing expected, or nobody has said: no value:

    >>> points(60, 0) is None, points(60, None) is None, points(None, 80) is None
    (True, True, True)
    """
    if assessed is None or not expected:
        return None
    return min(100.0 * assessed / expected, cap)


def is_gap(assessed, expected):
    """Whether less is there than expected; what nobody has assessed is no gap.

    >>> is_gap(40, 60), is_gap(60, 60), is_gap(None, 60), is_gap(40, None)
    (True, False, False, False)
    """
    return assessed is not None and expected is not None and assessed < expected
