"""How a goal ended, and what is left of it for the next period."""

from typing import NamedTuple

#: points, or percent of progress, from which a goal counts as partly achieved
PARTLY_FROM = 50


def suggested_decision(points):
    """How a goal with so many ``points`` ended, as a suggestion to whoever decides.

    :param points: points of a goal, 100 is on target; None (no value) suggests nothing

    >>> [suggested_decision(points) for points in (104.2, 100, 99.9, 50, 12, None)]
    ['achieved', 'achieved', 'partly', 'partly', 'not_achieved', None]
    """
    if points is None:
        return None
    if points >= 100 - 1e-9:
        return "achieved"
    return "partly" if points >= PARTLY_FROM else "not_achieved"


class Way(NamedTuple):
    """From where to where a measure goes."""

    baseline: float
    target: float


def way_left(way, actual, *, adds_up):
    """The :class:`Way` of the next period, after ``actual`` (None: no value) in this one.

    What adds up begins at 0 in each period, and the rest is to be done: 90 of 120 leaves
    30. Anything else goes on from where it stands. Where nothing is left, or the result
    moved away from the target, the way is the former one.

    >>> way_left(Way(0, 120), 90, adds_up=True)
    Way(baseline=0, target=30)
    >>> way_left(Way(3.2, 4.0), 3.6, adds_up=False)
    Way(baseline=3.6, target=4.0)
    >>> way_left(Way(0, 120), 130, adds_up=True), way_left(Way(8, 5), 9, adds_up=False)
    (Way(baseline=0, target=120), Way(baseline=8, target=5))
    """
    if actual is None:
        return way
    low, high = sorted(way)
    if not low < actual < high:
        return way
    if not adds_up:
        return Way(actual, way.target)
    # less of something is a ceiling for each period: nothing of it is carried
    return Way(0, way.target - actual) if way.baseline < way.target else way
