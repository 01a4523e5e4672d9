"""From an actual value to achievement (%) and points (100 = on target).

Formulas: achievement from baseline to target is the usual percentage-of-way measure of
OKR and KPI practice; ``ratio`` and ``steps`` (banded tables) are the two rules most
pay-relevant schemes use. See ``docs/architecture.md``, *Arithmetic*.
"""

from dataclasses import asdict, dataclass, field
from itertools import pairwise
from math import isclose
from typing import NamedTuple

HIGHER, LOWER = "higher", "lower"
#: the range of points unless a definition says otherwise; 100 is on target
POINTS = (0.0, 120.0)


class ScoringError(ValueError):
    """A definition or target that cannot be scored; ``code`` says what is wrong.

    Codes: ``target_is_baseline``, ``ratio_target``, ``no_bands``, ``bands``.
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Band(NamedTuple):
    """From ``threshold`` on (it belongs to the better band) one gets ``points``."""

    threshold: float
    points: float
    label: str = ""


@dataclass(frozen=True)
class Rule:
    """How an actual value becomes points; what an agreed goal keeps a copy of."""

    scoring_rule: str = "linear"
    direction: str = HIGHER
    floor: float = POINTS[0]
    cap: float = POINTS[1]
    band_basis: str = "achievement"
    below_bands: str = "floor"
    bands: tuple[Band, ...] = field(default=())

    def to_dict(self):
        """A JSON-ready dict; ``Rule.from_dict(rule.to_dict()) == rule``."""
        return asdict(self) | {"bands": [list(band) for band in self.bands]}

    @classmethod
    def from_dict(cls, values):
        return cls(**values | {"bands": tuple(Band(*row) for row in values["bands"])})

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
        """Raise :class:`ScoringError` when the band table is missing or not monotone."""
        if self.scoring_rule != "steps":
            return
        if not self.bands:
            raise ScoringError("no_bands")
        bands = self.ordered_bands()
        for worse, better in pairwise(bands):
            if worse.threshold == better.threshold or worse.points >= better.points:
                raise ScoringError("bands")


class Score(NamedTuple):
    """The points, and what is needed to explain them.

    ``raw`` is before floor and cap; ``band`` is the band reached (steps only).
    """

    points: float
    raw: float
    achievement: float
    band: Band | None = None


def check_target(rule, baseline, target):
    """Raise :class:`ScoringError` when ``rule`` cannot work with this target.

    >>> try:
    ...     check_target(Rule(), 5, 5)
    ... except ScoringError as error:
    ...     error.code
    'target_is_baseline'
    """
    if target == baseline:
        raise ScoringError("target_is_baseline")
    if rule.scoring_rule == "ratio" and target <= 0:
        raise ScoringError("ratio_target")


def achievement(actual, baseline, target):
    """How much of the way from baseline to target is covered, in % (unbounded).

    >>> achievement(15, 10, 20), achievement(4, 6, 2), achievement(22, 10, 20)
    (50.0, 50.0, 120.0)
    """
    return 100.0 * (actual - baseline) / (target - baseline)


def score(rule, actual, baseline, target):
    """Points for ``actual`` by ``rule``.

    :return: :class:`Score`; ``points`` lies in ``rule.floor``…``rule.cap``

    Linear, rising and falling:

    >>> score(Rule(), 14, 0, 20).points, score(Rule(direction=LOWER), 5, 8, 4).points
    (70.0, 75.0)

    Ratio: 90 of 120, and 10 days where 8 were the target:

    >>> score(Rule("ratio"), 90, 0, 120).points
    75.0
    >>> score(Rule("ratio", LOWER), 10, 20, 8).points
    80.0

    Steps: a threshold belongs to the better band:

    >>> table = (Band(80, 60), Band(90, 80), Band(100, 100))
    >>> rule = Rule("steps", bands=table)
    >>> [score(rule, actual, 0, 100).points for actual in (79, 80, 90, 100)]
    [0.0, 60.0, 80.0, 100.0]
    """
    reached = achievement(actual, baseline, target)
    band = None
    if rule.scoring_rule == "linear":
        raw = reached
    elif rule.scoring_rule == "ratio":
        raw = _ratio(rule, actual, target)
    elif rule.scoring_rule == "steps":
        figure = reached if rule.band_basis == "achievement" else actual
        band = _band_reached(rule, figure)
        raw = band.points if band else _below_bands(rule)
    else:
        raise ValueError(f"unknown scoring rule: {rule.scoring_rule}")
    return Score(float(min(max(raw, rule.floor), rule.cap)), float(raw), reached, band)


def _ratio(rule, actual, target):
    if rule.direction == HIGHER:
        return 100.0 * actual / target
    # nothing of what should be small: as good as it gets
    return 100.0 * target / actual if actual > 0 else rule.cap


def _band_reached(rule, figure):
    """The best band whose threshold is reached, None below the worst one.

    Thresholds are compared with a hair's breadth of tolerance: 57 of 60 is 95 %, also in
    binary floating point.
    """
    reached = None
    for band in rule.ordered_bands():
        beyond = figure >= band.threshold if rule.rises else figure <= band.threshold
        if beyond or isclose(figure, band.threshold, rel_tol=1e-9, abs_tol=1e-9):
            reached = band
    return reached


def _below_bands(rule):
    if rule.below_bands == "lowest":
        return rule.ordered_bands()[0].points
    return rule.floor
