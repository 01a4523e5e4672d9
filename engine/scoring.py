"""From an actual value to achievement (%) and points (100 = on target).

Formulas: achievement from baseline to target is the usual percentage-of-way measure of
OKR and KPI practice; ``ratio``, ``steps`` and ``deduct`` are the rules most pay-relevant
schemes use, ``efficacy`` is the coefficient 功效系数法 of Chinese performance appraisal.
See ``docs/architecture.md``, *Arithmetic*.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from math import fsum, isclose
from typing import NamedTuple

HIGHER, LOWER, RANGE = "higher", "lower", "range"
#: the range of points unless a definition says otherwise; 100 is on target
POINTS = (0.0, 120.0)
#: the rules that look points up in a table of bands
BANDED = frozenset({"steps", "interpolate"})
#: the rules whose actual value already is the achievement: they need no target
UNTARGETED = frozenset({"milestones", "manual"})
#: the ready-made table: % of the way, points
CUSTOMARY = ((80, 60), (90, 80), (100, 100), (110, 120), (120, 140))


class ScoringError(ValueError):
    """A definition or target that cannot be scored; ``code`` says what is wrong.

    Codes of a definition: ``no_bands``, ``few_bands``, ``bands`` (not monotone),
    ``bands_range``, ``ratio_range``, ``efficacy_missing``, ``efficacy_equal``.
    Codes of a target: ``target_missing``, ``target_is_baseline``, ``target_direction``,
    ``ratio_target``, ``range_missing``, ``range_order``, ``range_tolerance``.
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Band(NamedTuple):
    """From ``threshold`` on (it belongs to the better band) one gets ``points``."""

    threshold: float
    points: float
    label: str = ""


class Target(NamedTuple):
    """What a measure aims at, in the indicator's unit.

    ``baseline`` and ``target`` for the directions higher and lower; ``low``…``high`` with
    the ``tolerance`` outside them for the direction range.
    """

    baseline: float | None
    target: float | None
    low: float | None = None
    high: float | None = None
    tolerance: float | None = None


@dataclass(frozen=True)
class Rule:
    """How an actual value becomes points; what an agreed goal keeps a copy of.

    ``points_base`` and ``points_per_unit`` belong to the rule ``deduct``,
    ``unacceptable`` and ``satisfactory`` (in the indicator's unit) to ``efficacy``.
    """

    scoring_rule: str = "linear"
    direction: str = HIGHER
    floor: float = POINTS[0]
    cap: float = POINTS[1]
    band_basis: str = "achievement"
    below_bands: str = "floor"
    bands: tuple[Band, ...] = field(default=())
    points_base: float = 100.0
    points_per_unit: float = 0.0
    unacceptable: float | None = None
    satisfactory: float | None = None

    def to_dict(self):
        """A JSON-ready dict; ``Rule.from_dict(rule.to_dict()) == rule``."""
        return asdict(self) | {"bands": [list(band) for band in self.bands]}

    @classmethod
    def from_dict(cls, values):
        """The rule in ``values``; what was not known yet when it was stored is default.

        :raise TypeError: on a key that no rule has
        """
        bands = tuple(Band(*row) for row in values.get("bands", ()))
        return cls(**values | {"bands": bands})

    @property
    def has_target(self):
        """Whether a target number decides, rather than a range, steps or a judgement."""
        return self.scoring_rule not in UNTARGETED and self.direction != RANGE

    @property
    def rises(self):
        """Whether a larger figure in the bands' basis is better."""
        return self.band_basis == "achievement" or self.direction == HIGHER

    def ordered_bands(self):
        """The bands from worst to best."""
        return sorted(
            self.bands, key=lambda band: band.threshold, reverse=not self.rises
        )

    def check(self):
        """Raise :class:`ScoringError` when the definition cannot be scored.

        >>> try:
        ...     Rule("interpolate", bands=(Band(100, 100),)).check()
        ... except ScoringError as error:
        ...     error.code
        'few_bands'
        """
        if self.scoring_rule in BANDED:
            self._check_bands()
        elif self.scoring_rule == "ratio" and self.direction == RANGE:
            raise ScoringError("ratio_range")
        elif self.scoring_rule == "efficacy":
            if self.unacceptable is None or self.satisfactory is None:
                raise ScoringError("efficacy_missing")
            if self.unacceptable == self.satisfactory:
                raise ScoringError("efficacy_equal")

    def _check_bands(self):
        if self.direction == RANGE and self.band_basis == "value":
            raise ScoringError("bands_range")
        if self.scoring_rule == "interpolate" and len(self.bands) < 2:
            raise ScoringError("few_bands")
        if not self.bands:
            raise ScoringError("no_bands")
        for worse, better in pairwise(self.ordered_bands()):
            if worse.threshold == better.threshold or worse.points >= better.points:
                raise ScoringError("bands")


class Score(NamedTuple):
    """The points, and what is needed to explain them.

    ``raw`` is before floor and cap. ``band`` is the best band reached; ``next_band``, of
    the rule ``interpolate`` only, the one above it (None above the best).
    """

    points: float
    raw: float
    achievement: float
    band: Band | None = None
    next_band: Band | None = None


def check_target(rule, target):
    """Raise :class:`ScoringError` when ``rule`` cannot work with this :class:`Target`.

    >>> def problem(*args):
    ...     try:
    ...         check_target(*args)
    ...     except ScoringError as error:
    ...         return error.code
    >>> problem(Rule(), Target(5, 5))
    'target_is_baseline'
    >>> problem(Rule(direction=RANGE), Target(None, None, 20, 18, 1))
    'range_order'
    """
    if rule.scoring_rule in UNTARGETED:
        return
    if rule.direction == RANGE:
        _check_range(target)
        return
    if target.baseline is None or target.target is None:
        raise ScoringError("target_missing")
    if target.target == target.baseline:
        raise ScoringError("target_is_baseline")
    if rule.scoring_rule == "ratio" and target.target <= 0:
        raise ScoringError("ratio_target")


def _check_range(target):
    if target.low is None or target.high is None:
        raise ScoringError("range_missing")
    if target.low > target.high:
        raise ScoringError("range_order")
    if target.tolerance is None or target.tolerance <= 0:
        raise ScoringError("range_tolerance")


def achievement(rule, actual, target):
    """How far the target is achieved, in %.

    Directions higher and lower: the share of the way from baseline to target that is
    covered, unbounded. Direction range: 100 inside, falling to 0 over the tolerance
    outside, and 0 beyond. Milestones and points given by hand are their own achievement.

    >>> [achievement(Rule(), actual, Target(10, 20)) for actual in (15, 22, 5)]
    [50.0, 120.0, -50.0]
    >>> achievement(Rule(direction=LOWER), 4, Target(6, 2))
    50.0
    >>> room = Target(None, None, low=19, high=22, tolerance=4)
    >>> [achievement(Rule(direction=RANGE), degrees, room) for degrees in (18, 20, 30)]
    [75.0, 100.0, 0.0]
    """
    if rule.scoring_rule in UNTARGETED:
        return float(actual)
    if rule.direction == RANGE:
        outside = max(target.low - actual, actual - target.high, 0.0)
        return max(100.0 - 100.0 * outside / target.tolerance, 0.0)
    return 100.0 * (actual - target.baseline) / (target.target - target.baseline)


def score(rule, actual, target):
    """Points for ``actual`` by ``rule``.

    :param actual: the actual value; with ``milestones`` the :func:`milestone_share`, with
        ``manual`` the points given
    :param target: the :class:`Target`; rule and target have passed their checks
    :return: :class:`Score`; ``points`` lies in ``rule.floor``…``rule.cap``

    Linear, rising and falling:

    >>> score(Rule(), 14, Target(0, 20)).points
    70.0
    >>> score(Rule(direction=LOWER), 5, Target(8, 4)).points
    75.0

    Ratio: 90 of 120, and 10 days where 8 were the target:

    >>> score(Rule("ratio"), 90, Target(0, 120)).points
    75.0
    >>> score(Rule("ratio", LOWER), 10, Target(20, 8)).points
    80.0

    Steps and interpolation: a threshold belongs to the better band:

    >>> table = (Band(80, 60), Band(90, 80), Band(100, 100))
    >>> way = Target(0, 100)
    >>> rule = Rule("steps", bands=table)
    >>> [score(rule, actual, way).points for actual in (79, 80, 85, 90, 101)]
    [0.0, 60.0, 60.0, 80.0, 100.0]
    >>> rule = Rule("interpolate", bands=table)
    >>> [score(rule, actual, way).points for actual in (79, 80, 85, 90, 101)]
    [0.0, 60.0, 70.0, 80.0, 120.0]

    Deduction of 5 points for each of 3 complaints; efficacy half-way between what is
    unacceptable (60 points) and satisfactory (100):

    >>> score(Rule("deduct", LOWER, points_per_unit=5), 3, Target(10, 0)).points
    85.0
    >>> rule = Rule("efficacy", unacceptable=90, satisfactory=98)
    >>> score(rule, 94, Target(90, 98)).points
    80.0

    All or nothing, and what needs no target:

    >>> [score(Rule("binary"), actual, Target(0, 10)).points for actual in (9.9, 10)]
    [0.0, 100.0]
    >>> [score(Rule(name), 40, Target(None, None)).points for name in sorted(UNTARGETED)]
    [40.0, 40.0]
    """
    reached = achievement(rule, actual, target)
    band = next_band = None
    if rule.scoring_rule == "ratio":
        raw = _ratio(rule, actual, target)
    elif rule.scoring_rule == "deduct":
        raw = rule.points_base - rule.points_per_unit * actual
    elif rule.scoring_rule == "efficacy":
        way = rule.satisfactory - rule.unacceptable
        raw = 60.0 + 40.0 * (actual - rule.unacceptable) / way
    elif rule.scoring_rule == "binary":
        raw = 100.0 if on_target(rule.direction, actual, target) else 0.0
    elif rule.scoring_rule in BANDED:
        figure = reached if rule.band_basis == "achievement" else actual
        band, next_band = _neighbours(rule, figure)
        if rule.scoring_rule == "steps":
            raw, next_band = _step(rule, band), None
        else:
            raw = _between(rule, figure, band, next_band)
    elif rule.scoring_rule in {"linear", *UNTARGETED}:
        raw = reached
    else:
        raise ValueError(f"unknown scoring rule: {rule.scoring_rule}")
    points = float(min(max(raw, rule.floor), rule.cap))
    return Score(points, float(raw), reached, band, next_band)


def _ratio(rule, actual, target):
    if rule.direction == HIGHER:
        return 100.0 * actual / target.target
    # nothing of what should be small: as good as it gets
    return 100.0 * target.target / actual if actual > 0 else rule.cap


def _reaches(figure, threshold, rises):
    """Whether ``figure`` is at ``threshold`` or better.

    Compared with a hair's breadth of tolerance: 57 of 60 is 95 %, also in binary
    floating point.
    """
    beyond = figure >= threshold if rises else figure <= threshold
    return beyond or isclose(figure, threshold, rel_tol=1e-9, abs_tol=1e-9)


def on_target(direction, actual, target):
    """Whether ``actual`` reaches the :class:`Target` in ``direction``.

    >>> on_target(LOWER, 4, Target(8, 4)), on_target(RANGE, 4, Target(0, 9, 5, 6, 1))
    (True, False)
    """
    if direction == RANGE:
        reached = _reaches(actual, target.low, True)
        return reached and _reaches(actual, target.high, False)
    return _reaches(actual, target.target, direction == HIGHER)


def _neighbours(rule, figure):
    """The best band reached and the one above it; None where there is none."""
    reached = None
    for band in rule.ordered_bands():
        if not _reaches(figure, band.threshold, rule.rises):
            return reached, band
        reached = band
    return reached, None


def _step(rule, band):
    if band:
        return band.points
    return (
        rule.ordered_bands()[0].points if rule.below_bands == "lowest" else rule.floor
    )


def _between(rule, figure, band, next_band):
    """The points on the line from ``band`` to ``next_band``; outside them floor or cap."""
    if not band:
        return rule.floor
    if not next_band:
        # the best threshold itself still earns its points
        return band.points if _reaches(band.threshold, figure, rule.rises) else rule.cap
    way = next_band.threshold - band.threshold
    # not below 0: what reaches a threshold by tolerance only is at the threshold
    share = max((figure - band.threshold) / way, 0.0)
    return band.points + share * (next_band.points - band.points)


def milestone_share(milestones: Iterable[tuple[float, bool]]) -> float | None:
    """The share, in %, of the weight of the milestones that are reached.

    :param milestones: iterable of ``(weight, reached)``
    :return: 0…100; None without milestones or weight

    >>> milestone_share([(1, True), (3, False)]), milestone_share([(0, True)])
    (25.0, None)
    """
    milestones = list(milestones)
    total = fsum(weight for weight, _reached in milestones)
    if not total:
        return None
    # the quotient first: of all milestones it is exactly 1
    return 100.0 * (fsum(weight for weight, reached in milestones if reached) / total)


def customary_bands(rule_name):
    """The ready-made table in % of the way, for a rule that needs one (else empty).

    >>> [tuple(band) for band in customary_bands("steps")][:2], customary_bands("linear")
    ([(80.0, 60.0, ''), (90.0, 80.0, '')], ())
    """
    if rule_name not in BANDED:
        return ()
    return tuple(Band(float(percent), float(points)) for percent, points in CUSTOMARY)


def bands_from_target(target, baseline, direction):
    """The ready-made table in the indicator's own unit (``band_basis`` value).

    :raise ScoringError: when target and baseline leave no way to go in ``direction``

    >>> [band.threshold for band in bands_from_target(50, 0, HIGHER)]
    [40.0, 45.0, 50.0, 55.0, 60.0]
    >>> [band.threshold for band in bands_from_target(4, 9, LOWER)]
    [5.0, 4.5, 4.0, 3.5, 3.0]
    """
    if direction == RANGE:
        raise ScoringError("bands_range")
    check_target(Rule(direction=direction), Target(baseline, target))
    way = target - baseline
    if (way > 0) != (direction == HIGHER):
        # the table would pay for going the wrong way
        raise ScoringError("target_direction")
    return tuple(
        Band(baseline + way * percent / 100, float(points))
        for percent, points in CUSTOMARY
    )


# ------------------------------------------------------------------- drawing


def curve(rule, target, count=60):
    """Points over a sensible range of actual values, for drawing the rule.

    The range covers baseline, target, bands and the range with its tolerance, with a
    margin; it does not go below zero unless one of them does. Besides ``count`` values
    at equal distances it holds every corner of the curve, and the values a hair before
    and after, so that a step looks like a step.

    :return: list of ``(value, points)`` by rising value; each is the exact score
    :raise ScoringError: when rule or target cannot be scored

    >>> rule = Rule("binary")
    >>> drawn = curve(rule, Target(0, 10), count=5)
    >>> [(round(value, 2), points) for value, points in drawn if 9 < value < 10.1]
    [(10.0, 0.0), (10, 100.0), (10.0, 100.0)]
    """
    rule.check()
    check_target(rule, target)
    anchors = _anchors(rule, target)
    start, end = min(anchors), max(anchors)
    span = end - start or abs(start) or 1.0
    # a bend far off, as with a very low floor, must not squeeze what matters
    bends = {
        value for value in _bends(rule, target) if start - span <= value <= end + span
    }
    corners = {*anchors, *bends}
    start, end = min(corners) - span / 10, max(corners) + span / 10
    if start < 0 <= min(corners):
        start = 0.0
    values = {start + (end - start) * number / (count - 1) for number in range(count)}
    hair = span * 1e-6
    for corner in corners:
        values |= {max(corner - hair, start), corner, corner + hair}
    return [(value, score(rule, value, target).points) for value in sorted(values)]


def _anchors(rule, target):
    """The actual values that a drawing has to show."""
    if rule.scoring_rule in UNTARGETED:
        return [0.0, 100.0]
    if rule.scoring_rule == "efficacy":
        return [rule.unacceptable, rule.satisfactory]
    if rule.scoring_rule in BANDED and rule.band_basis == "value":
        return [band.threshold for band in rule.bands]
    if rule.direction == RANGE:
        anchors = _values_at(rule, target, (0, 100))
    else:
        anchors = [target.baseline, target.target]
    if rule.scoring_rule in BANDED:
        anchors += _values_of_figures(rule, target, (band[0] for band in rule.bands))
    return anchors


def _bends(rule, target):
    """The actual values at which the curve meets floor or cap."""
    limits = (rule.floor, rule.cap)
    if rule.scoring_rule in UNTARGETED:
        return limits
    if rule.scoring_rule == "linear":
        return _values_at(rule, target, limits)
    if rule.scoring_rule == "ratio":
        if rule.direction == HIGHER:
            return [target.target * points / 100 for points in limits]
        # towards a floor of nought the curve runs out for ever
        return [target.target * 100 / points for points in limits if points > 0]
    if rule.scoring_rule == "deduct" and rule.points_per_unit:
        return [(rule.points_base - points) / rule.points_per_unit for points in limits]
    if rule.scoring_rule == "efficacy":
        way = rule.satisfactory - rule.unacceptable
        return [rule.unacceptable + (points - 60) / 40 * way for points in limits]
    if rule.scoring_rule == "interpolate":
        figures = (
            worse.threshold
            + (points - worse.points)
            / (better.points - worse.points)
            * (better.threshold - worse.threshold)
            for worse, better in pairwise(rule.ordered_bands())
            for points in limits
            if worse.points < points < better.points
        )
        return _values_of_figures(rule, target, figures)
    return []


def _values_of_figures(rule, target, figures):
    """The actual values that meet ``figures`` in the basis of the bands."""
    if rule.band_basis == "achievement":
        return _values_at(rule, target, figures)
    return list(figures)


def _values_at(rule, target, percentages):
    """The actual values whose achievement is one of ``percentages``."""
    if rule.direction != RANGE:
        way = target.target - target.baseline
        return [target.baseline + way * percent / 100 for percent in percentages]
    return [
        value
        for percent in percentages
        if 0 <= percent <= 100
        for outside in [target.tolerance * (1 - percent / 100)]
        for value in (target.low - outside, target.high + outside)
    ]
