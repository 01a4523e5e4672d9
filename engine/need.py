"""Who needs help, and why: what is known about a person, turned into reasons and an order.

Nothing here judges a person: each reason is something that a manager can do about.
"""

import statistics
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

#: something cannot wait · this week · to keep in mind
NOW, WEEK, MIND = 3, 2, 1
#: a hint that makes nobody need help
HINT = 0

#: a blocker that is so many days old cannot wait
BLOCKER_DAYS = 7
#: an answer to a check-in is looked for after so many days
ANSWER_DAYS = 5
#: without a talk for so many days one loses sight of each other
CONTACT_DAYS = 30
#: without anything noted for so many days an appraisal is about the last weeks
NOTED_DAYS = 60
#: so much more than usual is much, and never less than so many actions or hours more
LOAD_FACTOR, LOAD_ACTIONS, LOAD_HOURS = 1.5, 3, 20.0

#: the reasons in the order in which they are said, and which deed answers each
DEEDS = {
    "blocked": "meet",
    "off_track": "meet",
    "to_answer": "answer",
    "high_risk": "goals",
    "stale": "message",
    "overdue": "message",
    "at_risk": "goals",
    "late": "message",
    "overloaded": "meet",
    "no_contact": "meet",
    "no_goals": "goals",
    "not_noted": "feedback",
}


@dataclass(frozen=True)
class Facts:
    """What is known about one person, as far as whoever asks may know it.

    Days are the oldest of their kind; ``None`` where there is none, or never was one.
    """

    off_track: int = 0
    at_risk: int = 0
    stale: int = 0
    stale_since: date | None = None
    late: int = 0
    late_since: date | None = None
    blocked: int = 0
    blocked_since: date | None = None
    overdue: int = 0
    overdue_since: date | None = None
    high_risk: int = 0
    to_answer: int = 0
    answer_since: date | None = None
    goals: int = 0
    actions: int = 0
    hours: float = 0.0
    usual_actions: float = 0.0
    usual_hours: float = 0.0
    last_contact: date | None = None
    next_meeting: date | None = None
    last_noted: date | None = None


class Reason(NamedTuple):
    """Why somebody needs help: of which kind, how urgent, how many, for how many days."""

    code: str
    urgency: int
    count: int = 0
    days: int | None = None


def with_usual(people):
    """Each person's facts with what is usual among all of them: the median.

    >>> [facts.usual_actions for facts in with_usual([Facts(actions=2), Facts(actions=8)])]
    [5.0, 5.0]
    """
    if not people:
        return []
    usual = {
        "usual_actions": float(statistics.median(facts.actions for facts in people)),
        "usual_hours": float(statistics.median(facts.hours for facts in people)),
    }
    return [replace(facts, **usual) for facts in people]


def is_overloaded(facts):
    """Whether somebody has clearly more to do than is usual among the others.

    >>> is_overloaded(Facts(actions=7, usual_actions=4.0))
    True
    >>> is_overloaded(Facts(actions=2, usual_actions=0.0))
    False
    >>> is_overloaded(Facts(hours=61, usual_hours=40.0))
    True
    >>> is_overloaded(Facts(hours=15, usual_hours=5.0))
    False
    """
    many = (
        facts.actions >= LOAD_FACTOR * facts.usual_actions
        and facts.actions - facts.usual_actions >= LOAD_ACTIONS
    )
    long = (
        facts.hours >= LOAD_FACTOR * facts.usual_hours
        and facts.hours - facts.usual_hours >= LOAD_HOURS
    )
    return many or long


def reasons(facts, today):
    """Why this person needs help, the most urgent first; empty where all is well.

    >>> today = date(2026, 6, 15)
    >>> [reason.code for reason in reasons(Facts(goals=2, at_risk=1), today)]
    ['at_risk', 'no_contact', 'not_noted']
    >>> facts = Facts(goals=1, blocked=1, blocked_since=date(2026, 6, 1))
    >>> reasons(facts, today)[0]
    Reason(code='blocked', urgency=3, count=1, days=14)
    >>> facts = Facts(goals=1, last_contact=today, last_noted=today)
    >>> reasons(facts, today)
    []
    """

    def age(day):
        return None if day is None else max(0, (today - day).days)

    def far(day, limit):
        return day is None or age(day) > limit

    blocked, waiting = age(facts.blocked_since), age(facts.answer_since)
    found = [
        Reason(
            "blocked",
            NOW if (blocked or 0) >= BLOCKER_DAYS else WEEK,
            facts.blocked,
            blocked,
        ),
        Reason("off_track", NOW, facts.off_track),
        Reason(
            "to_answer",
            WEEK if (waiting or 0) >= ANSWER_DAYS else MIND,
            facts.to_answer,
            waiting,
        ),
        Reason("high_risk", WEEK, facts.high_risk),
        Reason("stale", WEEK, facts.stale, age(facts.stale_since)),
        Reason("overdue", WEEK, facts.overdue, age(facts.overdue_since)),
        Reason("at_risk", MIND, facts.at_risk),
        # a goal that is stale is late as well: said once
        Reason("late", MIND, facts.late - facts.stale, age(facts.late_since)),
        Reason("overloaded", MIND, int(is_overloaded(facts))),
        Reason(
            "no_contact",
            MIND,
            int(far(facts.last_contact, CONTACT_DAYS) and facts.next_meeting is None),
            age(facts.last_contact),
        ),
        Reason("no_goals", MIND, int(not facts.goals)),
        Reason(
            "not_noted",
            HINT,
            int(far(facts.last_noted, NOTED_DAYS)),
            age(facts.last_noted),
        ),
    ]
    order = list(DEEDS)
    return sorted(
        (reason for reason in found if reason.count > 0),
        key=lambda reason: (-reason.urgency, order.index(reason.code)),
    )


def needs_help(why):
    """Whether one of the reasons is for this week, or for now.

    >>> needs_help([Reason("stale", WEEK, 1)]), needs_help([Reason("late", MIND, 1)])
    (True, False)
    """
    return any(reason.urgency >= WEEK for reason in why)


def order(why):
    """Sort key: worst first.

    First who has the most reasons that cannot wait, then the most for this week, then the
    most to keep in mind; among equals the one with more goals and actions behind them, then
    who has waited longer.

    >>> one = [Reason("off_track", NOW, 1)]
    >>> two = [Reason("stale", WEEK, 3), Reason("overdue", WEEK, 9)]
    >>> sorted([two, [], one], key=order) == [one, two, []]
    True
    """
    return (
        *(
            -sum(reason.urgency == urgency for reason in why)
            for urgency in (NOW, WEEK, MIND)
        ),
        -sum(reason.count for reason in why if reason.urgency >= WEEK),
        -max((reason.days or 0 for reason in why if reason.urgency >= WEEK), default=0),
        -sum(reason.count for reason in why if reason.urgency == MIND),
    )


def deed(why):
    """What to do first, or None.

    >>> deed([Reason("to_answer", WEEK, 1, 9)]), deed([])
    ('answer', None)
    """
    return DEEDS[why[0].code] if why else None
