"""What would make a goal clearer: checks over its text and its figures.

Every check is a function of a :class:`Rule` (what to look for) and a :class:`Goal` (plain
facts) that returns what it found as figures for a message, or None: then the goal is fine,
or there is too little to say. Which words are vague, which ones are verbs and how many goals
are many is data that is handed in; no check knows a language (see :mod:`~.wording`).
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from .scoring import HIGHER, RANGE, Target, on_target
from .weighting import off_balance
from .wording import (
    LETTER,
    UNSPACED,
    is_unspaced,
    likeness,
    normalise,
    numbers,
    search,
    word_count,
    years,
)


class Measure(NamedTuple):
    """One measure of a goal. ``None`` is *no value*, never 0.

    ``baseline`` and ``target`` are None where nothing is aimed at by a single number
    (ranges, milestones, points that are judged). ``former`` is the value of the same days a
    year before, ``actual`` that of the period so far, ``likely`` the best value that the
    forecast allows for. ``adds_up``: the value starts from nothing each period.
    """

    name: str
    kind: str = "result"
    unit: str = ""
    direction: str = HIGHER
    baseline: float | None = None
    target: float | None = None
    adds_up: bool = True
    former: float | None = None
    actual: float | None = None
    likely: float | None = None
    date_start: date | None = None
    date_end: date | None = None


class Other(NamedTuple):
    """Another goal of the same person or unit in the same period.

    ``weight`` is None for a goal that counts beside no others, such as an OKR.
    """

    name: str
    weight: float | None = 100.0
    kinds: frozenset[str] = frozenset()


class Goal(NamedTuple):
    """The facts of a goal. ``actions`` is None where nobody plans actions.

    ``has_parts``: it is followed by the goals below it. ``is_related``: whether its
    indicators have to do with those of the goal above; None where that cannot be told.
    ``period_start`` and ``period_end`` bound the period, ``date_start`` and ``date_end``
    the goal itself.
    """

    name: str
    description: str = ""
    measures: tuple[Measure, ...] = ()
    has_parts: bool = False
    has_owner: bool = True
    owner_left: bool = False
    has_parent: bool = True
    is_related: bool | None = None
    weight: float | None = 100.0
    others: tuple[Other, ...] = ()
    actions: int | None = None
    date_start: date | None = None
    date_end: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    today: date | None = None


class Rule(NamedTuple):
    """What to look for.

    :param check: a key of :data:`CHECKS`
    :param words: what is looked for, each word with a star where it may go on
    :param followers: only when one of these comes next; empty: whatever comes next
    :param place: where: ``name``, ``start`` of the name, or ``text`` (name and description)
    :param unless_number: not where a figure says how much
    :param limit: the number of the check, in its own unit
    """

    check: str
    words: tuple[str, ...] = ()
    followers: tuple[str, ...] = ()
    place: str = "name"
    unless_number: bool = False
    limit: float = 0.0


class Check(NamedTuple):
    """A check, and what of a rule it makes use of.

    ``facts`` are the keys of what it finds; ``uses`` names the rule's parameters.
    """

    find: Callable[[Rule, Goal], Mapping[str, Any] | None]
    facts: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()


def find(rule, goal):
    """What ``rule`` has to say about ``goal``.

    :return: dict of the facts that :data:`CHECKS` names for the check; None: nothing

    >>> vague = Rule("words_found", words=("improve*", "提高"), unless_number=True)
    >>> find(vague, Goal("Improve service")), find(vague, Goal("提高服务质量"))
    ({'found': 'Improve'}, {'found': '提高'})
    >>> find(vague, Goal("Improve on-time delivery from 91 to 96 %")) is None
    True
    """
    return CHECKS[rule.check].find(rule, goal)


# ------------------------------------------------------------------------------ text


def _says_how_much(goal):
    period = goal.period_start and goal.period_start.year
    return bool(numbers(goal.name, period)) or any(
        measure.target is not None for measure in goal.measures
    )


def _text(rule, goal):
    return f"{goal.name}\n{goal.description}" if rule.place == "text" else goal.name


def _words_found(rule, goal):
    if rule.unless_number and _says_how_much(goal):
        return None
    found = search(rule.words, _text(rule, goal), rule.followers, rule.place == "start")
    return found and {"found": found}


def _words_missing(rule, goal):
    text = _text(rule, goal)
    # nothing can be missing for who has no list of words in this script
    unspaced = is_unspaced(normalise(text))
    known = any(is_unspaced(normalise(word)) == unspaced for word in rule.words)
    if not known or search(rule.words, text, rule.followers, rule.place == "start"):
        return None
    return {}


def _name_short(rule, goal):
    count = word_count(goal.name)
    return {"value": count, "limit": rule.limit} if count < rule.limit else None


def _name_long(rule, goal):
    count = word_count(goal.name)
    return {"value": count, "limit": rule.limit} if count > rule.limit else None


def _abbreviations(rule, goal):
    """At least ``limit`` % of the words are capitals or codes."""
    name = normalise(goal.name)
    words = [
        word
        for word in re.findall(rf"{LETTER}+|[{UNSPACED}]+", name)
        if not word.isdigit()
    ]
    short = [
        word
        for word in words
        if not is_unspaced(word)
        and len(word) <= 6
        and word == word.upper() != word.lower()
    ]
    if not words or 100 * len(short) < rule.limit * len(words):
        return None
    return {"found": ", ".join(short)}


def _description_short(rule, goal):
    count = word_count(goal.description)
    return {"value": count, "limit": rule.limit} if count < rule.limit else None


def _duplicate(rule, goal):
    for other in goal.others:
        if likeness(goal.name, other.name) >= rule.limit:
            return {"other": other.name}
    return None


def _year_outside(rule, goal):
    if not (goal.period_start and goal.period_end):
        return None
    first, last = goal.period_start.year, goal.period_end.year
    written = years(f"{goal.name}\n{goal.description}", first)
    # a year before that is named beside one of the period is where things stood
    if not written or any(first <= year <= last for year in written):
        return None
    return {"year": str(written[0])}


# --------------------------------------------------------------------------- measures


def _measure_missing(rule, goal):
    return None if goal.measures or goal.has_parts else {}


def _first(goal, fails):
    """The facts of the first measure that ``fails`` gives some for."""
    for measure in goal.measures:
        facts = fails(measure)
        if facts is not None:
            return {"measure": measure.name} | facts
    return None


def _baseline_missing(rule, goal):
    return _first(
        goal,
        lambda measure: (
            {}
            if measure.target is not None
            and not measure.adds_up
            and not measure.baseline
            and measure.former != 0
            else None
        ),
    )


def _unit_missing(rule, goal):
    return _first(
        goal,
        lambda measure: (
            {"target": measure.target}
            if measure.target is not None and not measure.unit.strip()
            else None
        ),
    )


def _with_target(goal, fails):
    """Like :func:`_first`, over the measures that rise or fall to one number."""
    return _first(
        goal,
        lambda measure: (
            fails(measure)
            if measure.target is not None and measure.direction != RANGE
            else None
        ),
    )


def _is_met_by(measure, value):
    return value is not None and on_target(
        measure.direction, value, Target(measure.baseline or 0, measure.target)
    )


def _target_reached(rule, goal):
    def fails(measure):
        if _is_met_by(measure, measure.actual):
            return {"value": measure.actual, "target": measure.target}
        if measure.target == measure.former:
            return {"value": measure.former, "target": measure.target}
        return None

    return _with_target(goal, fails)


def _target_too_low(rule, goal):
    """The same days a year before were better by more than ``limit`` %."""

    def fails(measure):
        if not _is_met_by(measure, measure.former):
            return None
        better = abs(measure.former - measure.target)
        if not better or better <= abs(measure.former) * rule.limit / 100:
            return None
        return {"value": measure.former, "target": measure.target}

    return _with_target(goal, fails)


def _target_too_high(rule, goal):
    """More than ``limit`` % beyond the best that history and forecast make likely."""

    def fails(measure):
        known = [
            value for value in (measure.former, measure.likely) if value is not None
        ]
        if not known:
            return None
        best = (max if measure.direction == HIGHER else min)(known)
        beyond = (
            measure.target - best
            if measure.direction == HIGHER
            else best - measure.target
        )
        # of nothing there is no percentage
        if not best or beyond <= abs(best) * rule.limit / 100:
            return None
        return {"value": best, "target": measure.target, "limit": rule.limit}

    return _with_target(goal, fails)


def _target_absolute(rule, goal):
    """Everything or nothing: 100 % of what should rise, 0 of what should fall."""

    def fails(measure):
        rises = measure.direction == HIGHER
        everything = rises and measure.unit.strip() == "%" and measure.target >= 100
        nothing = not rises and measure.target == 0
        return {"target": measure.target} if everything or nothing else None

    return _with_target(goal, fails)


def _target_differs(rule, goal):
    """The name says figures, and none of them is that of a measure."""
    period = goal.period_start and goal.period_start.year
    written = numbers(goal.name, period)
    aimed = [measure for measure in goal.measures if measure.target is not None]
    if not written or not aimed:
        return None
    known = {number for measure in aimed for number in _figures(measure)}
    if any(
        math.isclose(value, number, rel_tol=5e-3)
        for values in written
        for value in values
        for number in known
    ):
        return None
    return {
        "measure": aimed[0].name,
        "value": max(written[0]),
        "target": aimed[0].target,
    }


def _figures(measure):
    """How a text may put the target: as it is, or as the way from the baseline."""
    target, baseline = abs(measure.target), measure.baseline
    yield target
    if baseline:
        yield abs(baseline)
        yield abs(measure.target - baseline)
        yield 100 * abs(measure.target - baseline) / abs(baseline)
        yield 100 * target / abs(baseline)


def _kinds(goal):
    """The kinds of measures of all goals of the person or unit."""
    own = {measure.kind for measure in goal.measures}
    return own.union(*(other.kinds for other in goal.others))


def _results_only(rule, goal):
    return {} if _kinds(goal) == {"result"} else None


def _process_only(rule, goal):
    return {} if _kinds(goal) == {"process"} else None


# --------------------------------------------------------- people, links, weights, dates


def _owner_missing(rule, goal):
    return None if goal.has_owner else {}


def _owner_left(rule, goal):
    return {} if goal.owner_left else None


def _parent_missing(rule, goal):
    return None if goal.has_parent else {}


def _parent_unrelated(rule, goal):
    return {} if goal.has_parent and goal.is_related is False else None


def _action_missing(rule, goal):
    return {} if goal.actions == 0 else None


def _many_goals(rule, goal):
    count = len(goal.others) + 1
    return {"value": count, "limit": rule.limit} if count > rule.limit else None


def _weight_small(rule, goal):
    # 0 is on purpose: a goal that shall not count
    if not 0 < (goal.weight or 0) < rule.limit:
        return None
    return {"value": goal.weight, "limit": rule.limit}


def _weights_off(rule, goal):
    if goal.weight is None:
        return None
    weights = [goal.weight, *(other.weight for other in goal.others)]
    total = off_balance(weight for weight in weights if weight is not None)
    return None if total is None else {"value": total}


def _dates_outside(rule, goal):
    if not (goal.period_start and goal.period_end):
        return None
    for name, start, end in (
        (goal.name, goal.date_start, goal.date_end),
        *(
            (measure.name, measure.date_start, measure.date_end)
            for measure in goal.measures
        ),
    ):
        for day in (start, end):
            if day and not goal.period_start <= day <= goal.period_end:
                return {"measure": name, "date": day}
    return None


def _period_over(rule, goal):
    end = goal.date_end or goal.period_end
    return {"date": end} if end and goal.today and end < goal.today else None


_TEXT = frozenset({"words", "followers", "place"})
_LIMIT = frozenset({"limit"})

#: all checks; the first ones look at the text alone, see :data:`TEXT_CHECKS`
CHECKS = {
    "words_found": Check(_words_found, ("found",), _TEXT | {"unless_number"}),
    "words_missing": Check(_words_missing, (), _TEXT),
    "name_short": Check(_name_short, ("value", "limit"), _LIMIT),
    "name_long": Check(_name_long, ("value", "limit"), _LIMIT),
    "abbreviations": Check(_abbreviations, ("found",), _LIMIT),
    "description_short": Check(_description_short, ("value", "limit"), _LIMIT),
    "duplicate": Check(_duplicate, ("other",), _LIMIT),
    "year_outside": Check(_year_outside, ("year",)),
    "measure_missing": Check(_measure_missing),
    "baseline_missing": Check(_baseline_missing, ("measure",)),
    "unit_missing": Check(_unit_missing, ("measure", "target")),
    "target_reached": Check(_target_reached, ("measure", "value", "target")),
    "target_too_low": Check(_target_too_low, ("measure", "value", "target"), _LIMIT),
    "target_too_high": Check(
        _target_too_high, ("measure", "value", "target", "limit"), _LIMIT
    ),
    "target_absolute": Check(_target_absolute, ("measure", "target")),
    "target_differs": Check(_target_differs, ("measure", "value", "target")),
    "results_only": Check(_results_only),
    "process_only": Check(_process_only),
    "owner_missing": Check(_owner_missing),
    "owner_left": Check(_owner_left),
    "parent_missing": Check(_parent_missing),
    "parent_unrelated": Check(_parent_unrelated),
    "action_missing": Check(_action_missing),
    "many_goals": Check(_many_goals, ("value", "limit"), _LIMIT),
    "weight_small": Check(_weight_small, ("value", "limit"), _LIMIT),
    "weights_off": Check(_weights_off, ("value",)),
    "dates_outside": Check(_dates_outside, ("measure", "date")),
    "period_over": Check(_period_over, ("date",)),
}
#: checks that a text alone can be tried on
TEXT_CHECKS = frozenset(
    {"words_found", "words_missing", "name_short", "name_long", "abbreviations"}
)
