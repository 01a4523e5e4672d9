"""Which answers of anonymous reviewers are shown, and in which order.

Nobody may learn who wrote what: neither from a group that is too small, nor by taking the
groups that are shown from a total, nor from the order in which answers came in, nor from
two answers of one person that stand together.
"""

from typing import NamedTuple

#: a group of fewer is no group: with two, each of them knows what the other one wrote
SMALLEST = 2


class Groups(NamedTuple):
    """What becomes of the groups of reviewers.

    ``shown``: ``{role: roles}``, which roles are shown together under the name of the
    first one · ``merged``: ``{role: role}``, which too small group joined which other ·
    ``dropped``: the roles of too small groups that nobody joins · ``withheld``: the roles
    of a group large enough that is hidden all the same, so that the only hidden one is not
    found by subtraction.
    """

    shown: dict
    merged: dict
    dropped: tuple
    withheld: tuple


class Answer(NamedTuple):
    """One person's answer to one item. ``rating``: any level, option or the like, or None."""

    rating: object = None
    text: str | None = None
    dont_know: bool = False


NOTHING = Answer()


def groups(counts, minimum, merge_into=None):
    """Decide which groups are shown.

    A group with fewer than ``minimum`` answers joins the one it is to be merged into,
    which may have to join another one in turn; with none to join it is dropped. When that
    leaves exactly one group hidden beside several that are shown, the smallest of these is
    hidden too: beside several groups stands what all others say together, from which the
    one could be found by subtraction. A group that is shown alone has nothing beside it.

    :param counts: ``{role: how many have answered}``
    :param minimum: the smallest group that is shown (at least 2 whatever is given)
    :param merge_into: ``{role: role}``; a role that is not in it, or has None, is dropped
    :return: :class:`Groups`; roles without any answer are in none of its parts

    >>> groups({"peer": 5, "report": 3}, 3)
    Groups(shown={'peer': ('peer',), 'report': ('report',)}, merged={}, dropped=(), withheld=())

    Two reports are too few; they join the colleagues:

    >>> groups({"peer": 5, "report": 2}, 3, {"report": "peer"})
    Groups(shown={'peer': ('peer', 'report')}, merged={'report': 'peer'}, dropped=(), withheld=())

    One reviewer too few, and none to join: the next smallest group is hidden as well.

    >>> groups({"peer": 5, "report": 3, "other": 1}, 3)
    Groups(shown={'peer': ('peer',)}, merged={}, dropped=('other',), withheld=('report',))

    With one group left there is no total to take it from:

    >>> groups({"peer": 5, "other": 1}, 3).shown
    {'peer': ('peer',)}

    Two hidden groups hide each other:

    >>> groups({"peer": 5, "report": 2, "other": 1}, 3)
    Groups(shown={'peer': ('peer',)}, merged={}, dropped=('other', 'report'), withheld=())

    Together they may be enough:

    >>> groups({"peer": 2, "report": 1}, 3, {"report": "peer", "peer": "report"}).shown
    {'peer': ('peer', 'report')}
    >>> groups({"peer": 1}, 3, {"peer": "peer"}).dropped
    ('peer',)
    """
    minimum = max(minimum, SMALLEST)
    merge_into = merge_into or {}
    sizes = {role: count for role, count in counts.items() if count > 0}
    together = {role: (role,) for role in sizes}
    merged = {}

    def host(role):
        """The living group that ``role`` is to join, if any."""
        seen, target = {role}, merge_into.get(role)
        while target is not None and target not in seen:
            if target in sizes:
                return target
            seen.add(target)
            # it went elsewhere itself, or nobody answered in it: on to where it would go
            target = merged.get(target, merge_into.get(target))
        return None

    def by_size(roles):
        return sorted(roles, key=lambda role: (sizes[role], role))

    while joining := [
        role for role in by_size(sizes) if sizes[role] < minimum and host(role)
    ]:
        role = joining[0]
        target = host(role)
        merged[role] = target
        together[target] += together.pop(role)
        sizes[target] += sizes.pop(role)
    small = [role for role in by_size(sizes) if sizes[role] < minimum]
    shown = [role for role in by_size(sizes) if sizes[role] >= minimum]
    withheld = shown[:1] if len(small) == 1 and len(shown) > 1 else []
    return Groups(
        {role: together[role] for role in sorted(shown) if role not in withheld},
        merged,
        tuple(sorted(role for head in small for role in together[head])),
        tuple(sorted(role for head in withheld for role in together[head])),
    )


def shuffle(forms, minimum, rng):
    """Deal the answers of one group out to as many forms without owners.

    Every item is dealt by itself, so that what one person wrote on two items is found on
    one form by chance only. Of an item

    - that fewer than ``minimum`` of the group were asked, nothing is shown;
    - that fewer than ``minimum`` have rated, no rating is shown and no "don't know"; what
      was written stays.

    :param forms: for each reviewer ``{item: Answer or None}``, all items they were asked
    :param minimum: as in :func:`groups`
    :param rng: source of randomness with ``shuffle``; in earnest ``random.SystemRandom()``
    :return: for each new form ``{item: Answer}``, in no order

    >>> from random import Random
    >>> forms = [
    ...     {1: Answer("good", "Asks"), 2: Answer("bad")},
    ...     {1: Answer("fair"), 2: Answer(dont_know=True)},
    ...     {1: Answer("good"), 2: Answer("good", "Quick")},
    ... ]
    >>> dealt = shuffle(forms, 3, Random(7))
    >>> sorted(form[1].rating for form in dealt)
    ['fair', 'good', 'good']

    Two ratings of the second item are too few, but the comment is shown:

    >>> [form[2] for form in dealt if 2 in form]
    [Answer(rating=None, text='Quick', dont_know=False)]

    Only one of them was asked the third one:

    >>> shuffle([{3: Answer("bad", "Me")}, {}, {}], 3, Random(7))
    [{}, {}, {}]
    """
    minimum = max(minimum, SMALLEST)
    dealt = [{} for _form in forms]
    # in an order of its own: not the one of the first form that answered it
    for item in sorted({item for form in forms for item in form}):
        asked = [form[item] for form in forms if item in form]
        if len(asked) < minimum:
            continue
        answers = [answer for answer in asked if answer]
        if sum(answer.rating is not None for answer in answers) < minimum:
            answers = [Answer(text=answer.text) for answer in answers]
        answers = [answer for answer in answers if answer != NOTHING]
        places = list(range(len(dealt)))
        rng.shuffle(places)
        for place, answer in zip(places, answers, strict=False):
            dealt[place][item] = answer
    rng.shuffle(dealt)
    return dealt
