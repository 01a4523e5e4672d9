"""How somebody sees themselves, and how the others see them."""

from typing import NamedTuple

from .weighting import weighted_mean

HIDDEN_STRENGTH, BLIND_SPOT, ALIKE = "hidden_strength", "blind_spot", "alike"
#: from which distance on, as a share of the scale, the two see it differently: on five
#: levels half a level
THRESHOLD = 0.125


class Gap(NamedTuple):
    """``gap`` = others − self; ``kind`` says what it is. None: one of them has not said."""

    own: float | None
    others: float | None
    gap: float | None
    kind: str | None


def gap(own, others, low, high, threshold=THRESHOLD):
    """What lies between one's own view and that of the others.

    :param low: lowest value of the scale both are on; ``high``: its highest
    :param threshold: from which share of the scale on (inclusive) it is a hidden strength
        (the others see more) or a blind spot (they see less)

    >>> gap(3, 4, 1, 5)
    Gap(own=3, others=4, gap=1, kind='hidden_strength')
    >>> gap(4, 3.5, 1, 5).kind, gap(4, 3.6, 1, 5).kind, gap(None, 3, 1, 5).kind
    ('blind_spot', 'alike', None)
    """
    if own is None or others is None:
        return Gap(own, others, None, None)
    difference = others - own
    # a hair's breadth of tolerance, as with bands: 3.6 - 3.1 is half a level
    limit = threshold * (high - low) - 1e-9
    if difference >= limit:
        kind = HIDDEN_STRENGTH
    elif difference <= -limit:
        kind = BLIND_SPOT
    else:
        kind = ALIKE
    return Gap(own, others, difference, kind)


def others_mean(by_role, weights, own="self"):
    """What the others say, of the means ``{role: value}``, by the weight of each role.

    Where none of those who said something counts in the form, all roles count alike.

    >>> others_mean({"self": 5, "manager": 3, "peer": 4}, {"manager": 75, "peer": 25})
    3.25
    >>> others_mean({"self": 5, "peer": 4, "report": 2}, {"self": 100})
    3.0
    >>> others_mean({"self": 5}, {}) is None
    True
    """
    said = {role: value for role, value in by_role.items() if role != own}
    mean = weighted_mean(
        (value, weights.get(role, 0.0)) for role, value in said.items()
    ).value
    if mean is None:
        return weighted_mean((value, 1.0) for value in said.values()).value
    return mean


def theme(rows):
    """The mean of each view over the lines of a theme, as shares of their scales.

    :param rows: dicts ``{view: (value, low, high)}``; a view that has not said is left out
    :return: ``{view: 0…1}``

    >>> theme([{"self": (3, 1, 5), "peer": (80, 0, 100)}, {"self": (5, 1, 5)}])
    {'self': 0.75, 'peer': 0.8}
    """
    shares = {}
    for row in rows:
        for view, (value, low, high) in row.items():
            if value is not None and high > low:
                shares.setdefault(view, []).append((value - low) / (high - low))
    return {
        view: weighted_mean((share, 1.0) for share in found).value
        for view, found in shares.items()
    }
