"""What to look at when a result lies behind: rules as data, applied to facts.

A rule names a fact, a limit and what to say. Facts are worked out elsewhere and come as
:class:`Finding`; nothing that people type is ever evaluated as code. Advice is a proposal:
nothing follows from it by itself, and nothing is scored.
"""

from collections.abc import Hashable
from typing import NamedTuple


class Fact(NamedTuple):
    """A fact that rules may ask for.

    ``names`` are the figures and names it comes with, beside ``value`` and ``limit``;
    ``below``: it is found at or below the limit instead of at or above it.
    """

    names: tuple[str, ...] = ()
    below: bool = False


class Rule(NamedTuple):
    """Of which fact, and from which value on, something is said."""

    fact: str
    limit: float


class Finding(NamedTuple):
    """A fact as it is: how much, of what, and with which names and figures.

    ``subject`` is what it is about (a measure, a goal): of each, a rule speaks once.
    """

    fact: str
    value: float
    subject: Hashable = None
    names: dict = {}
    where: object = None


#: by what a result that lies behind can be explained; the model has them in words
FACTS = {
    "blocker": Fact(("blocker",)),
    "driver_lags": Fact(("measure", "driver", "figure")),
    "driver_unmeasured": Fact(("measure", "driver")),
    "counter_lags": Fact(("measure", "counter", "figure")),
    "goal_below_lags": Fact(("goal",)),
    "uncovered": Fact(("uncovered",)),
    "forecast_misses": Fact(("measure", "forecast", "target")),
    "target_beyond_history": Fact(("measure", "target", "former")),
    "readings_late": Fact(("measure", "date")),
    "checkin_late": Fact(("date",)),
    "confidence": Fact(("date",), below=True),
    "high_risk": Fact(("risk",)),
    "worked_before": Fact(("measure", "action")),
    "no_open_action": Fact(),
    "action_overdue": Fact(("action", "date")),
    "no_talk": Fact(("owner",)),
}


def applies(rule, finding):
    """Whether ``rule`` has something to say about ``finding``.

    >>> applies(Rule("blocker", 7), Finding("blocker", 7))
    True
    >>> applies(Rule("confidence", 4), Finding("confidence", 5))
    False
    >>> applies(Rule("no_talk", 7), Finding("blocker", 70))
    False
    """
    if rule.fact != finding.fact:
        return False
    if FACTS[rule.fact].below:
        return finding.value <= rule.limit
    return finding.value >= rule.limit


def advise(rules, findings):
    """What is to be said, in the order of the rules: ``[(place of the rule, finding), ...]``.

    Of several findings of one rule on one subject the strongest is said. Where two rules
    ask for the same fact, the first that applies speaks.

    >>> rules = [Rule("driver_lags", 10), Rule("driver_lags", 1), Rule("no_open_action", 1)]
    >>> findings = [
    ...     Finding("no_open_action", 1, "goal"),
    ...     Finding("driver_lags", 12, "sales", {"driver": "visits"}),
    ...     Finding("driver_lags", 30, "sales", {"driver": "offers"}),
    ...     Finding("driver_lags", 3, "quality", {"driver": "training"}),
    ... ]
    >>> [(place, finding.names.get("driver")) for place, finding in advise(rules, findings)]
    [(0, 'offers'), (1, 'training'), (2, None)]
    """
    said, spoken = [], set()
    for place, rule in enumerate(rules):
        strongest = {}
        for finding in findings:
            key = finding.fact, finding.subject
            if key in spoken or not applies(rule, finding):
                continue
            known = strongest.get(key)
            if known is None or _strength(finding) > _strength(known):
                strongest[key] = finding
        spoken |= strongest.keys()
        said += [(place, finding) for finding in strongest.values()]
    return said


def _strength(finding):
    return -finding.value if FACTS[finding.fact].below else finding.value
