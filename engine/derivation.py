"""A figure together with how it arose: a tree that can be worked out again.

A node is a JSON-ready dict: the ``rule`` that made its ``value``, the rule's ``version``,
what the rule needs besides (its parameters), and ``parts``, one for each figure that goes
in. A part says what it weighs and what it is, and holds the ``node`` it comes from::

    {"rule": "mean", "version": 1, "value": 88.0, "parts": [
        {"name": "Win 20 customers", "weight": 60, "node": {…}},
        {"name": "Answer in 4 h", "weight": 40, "pro_rata": 0.5, "node": {…}},
    ]}

:func:`recompute` works a stored tree out again from its leaves alone, whatever has become
of the records since. The same operations in the same order give the same floats, so what
it finds equals what was stored to the last bit; a rule that calculates otherwise one day
gets a new version beside the old one.

Rules of version 1 (``None`` is *no value* and stays so):

============ ======================================= ==================================
rule         parameters                              value
============ ======================================= ==================================
input        –                                       as given
mean         –                                       weighted mean of lines, sections;
                                                     with its ``coverage``
goal         –                                       weighted mean of its measures
roles        –                                       weighted mean of the reviewers' roles
answers      –                                       weighted mean of one role's answers
points       ``scoring``, ``target``, ``actual``     :func:`.scoring.score`
rescale      ``scale`` and ``onto``: [lowest, best]  :func:`.rating.rescale`
nearest      ``levels``: their progress              progress of the nearest level
competency   ``expected``, ``cap``                   :func:`.competency.points`
level        ``levels``: ``score_min`` of each       index of the level reached
============ ======================================= ==================================
"""

from . import competency
from .rating import level_reached, rescale
from .scoring import Rule, Target, score
from .weighting import weighted_mean

VERSION = 1


def node(rule, parts=(), **parameters):
    """A node of ``rule`` over ``parts``, with its value worked out.

    >>> leaves = [part(node("input", value=value), 1) for value in (3, 4)]
    >>> node("mean", leaves)["value"]
    3.5
    """
    made = {"rule": rule, "version": VERSION, **parameters}
    if parts:
        made["parts"] = list(parts)
    return made | _apply(made)


def part(of, weight=1.0, **facts):
    """What the node ``of`` is in another one, and what it weighs there.

    :param facts: ``name`` and the like; ``pro_rata``: for which share of its weight it
        counts (0…1)
    """
    return {"weight": weight, **facts, "node": of}


def recompute(tree):
    """``tree`` with every value worked out again from the leaves.

    :raise ValueError: on a rule, or a version of one, that is not known

    >>> leaf = node("input", value=3.4)
    >>> tree = node("rescale", [part(leaf)], scale=[1, 5], onto=[0.25, 5])
    >>> round(tree["value"], 2), recompute(tree | {"value": 4}) == tree
    (3.1, True)
    >>> recompute({"rule": "mean", "version": 9})
    Traceback (most recent call last):
    ValueError: unknown rule: mean, version 9
    """
    again = dict(tree)
    if "parts" in tree:
        again["parts"] = [
            one | {"node": recompute(one["node"])} for one in tree["parts"]
        ]
    return again | _apply(again)


def nodes(tree):
    """``tree`` and all the nodes below it, from the top.

    >>> [found["rule"] for found in nodes(node("roles", [part(node("input", value=1))]))]
    ['roles', 'input']
    """
    yield tree
    for one in tree.get("parts", ()):
        yield from nodes(one["node"])


def _apply(of):
    """What the rule of the node ``of`` makes of its parts and parameters."""
    rule = RULES.get((of["rule"], of.get("version")))
    if not rule:
        raise ValueError(f"unknown rule: {of['rule']}, version {of.get('version')}")
    return rule(of)


def _values(of):
    return [one["node"]["value"] for one in of.get("parts", ())]


def _only(of):
    """The value of the one part; None without it."""
    return next(iter(_values(of)), None)


def _weights(of):
    # an integer weight multiplies as the float it was, also after a way through JSON
    return [
        float(one["weight"]) * float(one.get("pro_rata", 1.0))
        for one in of.get("parts", ())
    ]


def _input(of):
    return {"value": of["value"]}


def _mean(of):
    """``coverage`` (0…1): the share of the weight that has a value, all the way down."""
    weights = _weights(of)
    covered = weighted_mean(
        zip(
            (_coverage(one["node"]) for one in of.get("parts", ())),
            weights,
            strict=True,
        )
    )
    return {
        "value": weighted_mean(zip(_values(of), weights, strict=True)).value,
        "coverage": covered.value or 0.0,
    }


def _coverage(of):
    """A line has a value or not; only what is made of lines is covered in part."""
    return of.get("coverage", 0.0 if of["value"] is None else 1.0)


def _line(of):
    """The mean of what makes up one line, which has a value or none."""
    return {"value": weighted_mean(zip(_values(of), _weights(of), strict=True)).value}


def _points(of):
    if of["actual"] is None:
        return {"value": None}
    scored = score(Rule.from_dict(of["scoring"]), of["actual"], Target(**of["target"]))
    return {
        "value": scored.points,
        "achievement": scored.achievement,
        "raw": scored.raw,
        "band": scored.band and list(scored.band),
        "next_band": scored.next_band and list(scored.next_band),
    }


def _rescale(of):
    below = [one["node"] for one in of.get("parts", ())]
    return {
        "value": rescale(_only(of), *of["scale"], *of["onto"]),
        "coverage": _coverage(below[0]) if below else 0.0,
    }


def _nearest(of):
    index = competency.nearest(_only(of), of["levels"])
    return {"value": None if index is None else of["levels"][index]}


def _competency(of):
    return {"value": competency.points(_only(of), of["expected"], of["cap"])}


def _level(of):
    limits = [level["score_min"] for level in of["levels"]]
    return {"value": level_reached(_only(of), limits)}


RULES = {
    (name, 1): rule
    for name, rule in {
        "input": _input,
        "mean": _mean,
        "goal": _line,
        "roles": _line,
        "answers": _line,
        "points": _points,
        "rescale": _rescale,
        "nearest": _nearest,
        "competency": _competency,
        "level": _level,
    }.items()
}
