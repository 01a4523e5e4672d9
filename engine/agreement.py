"""What differs between two statements of what a goal demands.

A statement ("content") is plain data, so that it can be kept and compared for good::

    {"goal": {field: value, ...},
     "measures": [{"id": 7, "indicator_id": [3, "New customers"], field: value, ...,
                   "milestones": [{"id": 2, "name": "Contract signed", ...}]}]}

A value is a number, a text, a boolean, a list, None (no value), or ``[id, name]`` of a
record, which stays the same when the record gets another name.
"""

from typing import NamedTuple

#: what identifies a line and is not part of what it says
_KEYS = ("id", "milestones")


class Change(NamedTuple):
    """One thing that differs.

    ``measure`` is None for the goal itself, else the measure's later statement (the former
    one where it is gone). ``field`` names what differs; it is ``"measure"`` where the
    whole measure, and ``"milestone"`` where a milestone was added (``old`` is None),
    removed (``new`` is None) or changed.
    """

    measure: dict | None
    field: str
    old: object
    new: object


def same(old, new):
    """Whether two values mean the same.

    >>> same([3, "Sales"], [3, "Sales and service"]), same(None, 0.0)
    (True, False)
    """
    if _is_record(old) and _is_record(new):
        return old[0] == new[0]
    return old == new


def _is_record(value):
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and isinstance(value[0], int)
        and isinstance(value[1], str)
    )


def changes(former, content):
    """What differs from ``former`` (None: there was nothing) to ``content``.

    Fields that only one of them knows are left out: a later version of the addon may look
    at more of a goal. A measure that was taken away and put back is found again by its
    indicator.

    :return: list of :class:`Change`, the goal's own first

    >>> old = {"goal": {"weight": 40.0}, "measures": [
    ...     {"id": 7, "indicator_id": [3, "New customers"], "target": 120.0}]}
    >>> new = {"goal": {"weight": 40.0}, "measures": [
    ...     {"id": 7, "indicator_id": [3, "New customers"], "target": 100.0},
    ...     {"id": 8, "indicator_id": [4, "Revenue"], "target": 9.0}]}
    >>> [(change.field, change.old, change.new) for change in changes(old, new)][0]
    ('target', 120.0, 100.0)
    >>> [change.field for change in changes(old, new)]
    ['target', 'measure']
    >>> changes(new, new)
    []
    """
    former = former or {"goal": {}, "measures": []}
    found = _fields(None, former["goal"], content["goal"])
    for old, new in _pairs(former["measures"], content["measures"], _indicator):
        if not (old and new):
            found.append(Change(new or old, "measure", old, new))
            continue
        found += _fields(new, old, new)
        for milestones in _pairs(
            old.get("milestones", ()), new.get("milestones", ()), _name
        ):
            if not all(milestones) or _fields(new, *milestones):
                found.append(Change(new, "milestone", *milestones))
    return found


def _fields(measure, old, new):
    return [
        Change(measure, name, old[name], value)
        for name, value in new.items()
        if name in old and name not in _KEYS and not same(old[name], value)
    ]


def _indicator(line):
    return line["indicator_id"][0]


def _name(line):
    return line["name"]


def _pairs(old_lines, new_lines, second_key):
    """``(old, new)`` of lines that are the same: by id, else by ``second_key``."""
    left = {line["id"]: line for line in old_lines}
    partners = {line["id"]: left.pop(line["id"], None) for line in new_lines}
    for line in new_lines:
        if not partners[line["id"]]:
            again = (
                old for old in left.values() if second_key(old) == second_key(line)
            )
            if old := next(again, None):
                partners[line["id"]] = left.pop(old["id"])
    return [
        *((partners[line["id"]], line) for line in new_lines),
        *((line, None) for line in left.values()),
    ]
