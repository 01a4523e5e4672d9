"""How large a risk is, and whether it may stand as it is.

A risk is judged by how likely it is and by what it would do to the goal, each from 1 to 5;
its level is the product. The level is compared with what the unit accepts (its tolerance),
before and after treatment. This is how Norwegian public bodies tie risk to their goals (DFØ,
*Risikostyring i staten*: assessed by probability and consequence, then handled so that it
lies within what is accepted) and follows ISO 31000:2018, 6.4 and 6.5 (compare with criteria,
choose a response, assess what remains). The usual 5×5 matrix has three zones.

ISO calls every effect of uncertainty a risk, a good one too: an *opportunity* is judged in
the same way, its consequence being what it would bring.
"""

from .health import AT_RISK, OFF_TRACK, ON_TRACK

STEPS = (1, 2, 3, 4, 5)
THREAT, OPPORTUNITY = "threat", "opportunity"

#: what is accepted where nobody has said otherwise, by whose goal it is: 3 × 3 is looked at
#: on a goal of the whole company, and may stand on the others
TOLERANCE = {"company": 8, "department": 9, "job": 9, "employee": 9}
#: from which level on a risk endangers the goal itself
CRITICAL_FROM = 15

#: zones of threats, from best to worst, and of opportunities, from least to most
WITHIN, HIGH, CRITICAL = "within", "high", "critical"
MINOR, WORTHWHILE, GREAT = "minor", "worthwhile", "great"
ZONES = {THREAT: (WITHIN, HIGH, CRITICAL), OPPORTUNITY: (MINOR, WORTHWHILE, GREAT)}

#: ISO 31000, 6.5.2, in the words of everyday risk registers
RESPONSES = {
    THREAT: ("avoid", "reduce", "transfer", "accept"),
    OPPORTUNITY: ("exploit", "enhance", "share", "ignore"),
}


def is_step(value):
    """Whether ``value`` is one of the five steps.

    >>> [is_step(value) for value in (0, 1, 5, 6, 2.5, True, None)]
    [False, True, True, False, False, False, False]
    """
    return type(value) is int and value in STEPS


def level(probability, consequence):
    """From 1 to 25; 0, which is no level, as long as one of the two is not judged.

    >>> level(4, 5), level(4, 0)
    (20, 0)
    """
    if not (is_step(probability) and is_step(consequence)):
        return 0
    return probability * consequence


def zone(level, tolerance, critical_from=CRITICAL_FROM, kind=THREAT):
    """Where ``level`` lies against what is accepted; None for no level.

    What is accepted is never critical, however low the critical limit.

    >>> [zone(value, 9) for value in (0, 9, 10, 15)]
    [None, 'within', 'high', 'critical']
    >>> zone(16, 20, 15)
    'within'
    >>> [zone(value, 9, kind="opportunity") for value in (9, 10, 15)]
    ['minor', 'worthwhile', 'great']
    """
    if not level:
        return None
    if level <= tolerance:
        number = 0
    else:
        number = 1 if level < critical_from else 2
    return ZONES[kind][number]


def is_untreated_high(zone, state):
    """Whether a risk of that zone and state still lies open above what is accepted.

    Opportunities are not dangers, so none of them ever does.

    >>> is_untreated_high("high", "open"), is_untreated_high("high", "treated")
    (True, False)
    >>> is_untreated_high("within", "open"), is_untreated_high("great", "open")
    (False, False)
    """
    return state == "open" and zone in (HIGH, CRITICAL)


def worst_zone(zones):
    """The worst of several zones of threats; None without any.

    >>> worst_zone(["high", "critical", "within"]), worst_zone([])
    ('critical', None)
    """
    order = ZONES[THREAT]
    return max((item for item in zones if item in order), key=order.index, default=None)


def health(zone):
    """What the worst untreated zone makes of a goal's health: never better than this.

    >>> [health(item) for item in (None, "within", "high", "critical")]
    ['on_track', 'on_track', 'at_risk', 'off_track']
    """
    return {HIGH: AT_RISK, CRITICAL: OFF_TRACK}.get(zone, ON_TRACK)


def is_possible_rest(before, after, kind=THREAT):
    """Whether treatment can have led from level ``before`` to level ``after``.

    It makes threats no larger and opportunities no smaller.

    >>> is_possible_rest(12, 6), is_possible_rest(12, 15)
    (True, False)
    >>> is_possible_rest(6, 12, "opportunity"), is_possible_rest(12, 6, "opportunity")
    (True, False)
    """
    return after <= before if kind == THREAT else after >= before


def after(before, rest):
    """The pair that stands after treatment: ``rest``, or ``before`` until that is judged.

    >>> after((4, 5), (2, 5)), after((4, 5), (0, 0))
    ((2, 5), (4, 5))
    """
    return rest if level(*rest) else before


def matrix(counts):
    """Two 5×5 tables of how many risks there are, before and after treatment.

    :param counts: ``{(before, after): count}`` of pairs (probability, consequence)
    :return: two dicts by pair, with all 25 of them

    >>> before, after = matrix({((4, 5), (2, 5)): 2, ((4, 5), (0, 0)): 1})
    >>> before[4, 5], after[4, 5], after[2, 5], len(after)
    (3, 1, 2, 25)
    """
    tables = [{(p, c): 0 for p in STEPS for c in STEPS} for _both in range(2)]
    for (before, rest), count in counts.items():
        tables[0][before] += count
        tables[1][after(before, rest)] += count
    return tuple(tables)
