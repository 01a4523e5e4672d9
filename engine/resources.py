"""Resources where the goals are: what actions take, whose share it is, what is left."""

from decimal import Decimal

#: states of an action that is still to be done
OPEN = ("todo", "doing")

#: a goal with weight on which nothing is spent
STARVED = "starved"
#: a goal without weight that takes resources all the same
UNWEIGHTED = "unweighted"
BALANCED = "balanced"


def counted(planned, used, state):
    """What an action takes of what there is, in hours or money.

    While it is open: what is planned, or more where more has been used. Once done: what was
    used, as far as anybody said, else what was planned. Cancelled: what is gone.

    :param used: None while nobody has said
    :param state: todo, doing, done or cancelled

    >>> counted(40, None, "todo"), counted(40, 10, "doing"), counted(40, 55, "doing")
    (40, 40, 55)
    >>> counted(40, 10, "done"), counted(40, 0, "done"), counted(40, None, "done")
    (10, 0, 40)
    >>> counted(40, 5, "cancelled"), counted(40, None, "cancelled")
    (5, 0)
    """
    if state in OPEN:
        return max(planned or 0, used or 0)
    if state == "done" and used is None:
        return planned or 0
    return used or 0


def shares(amounts):
    """Each amount as its share of all, in %; None where there is nothing to share.

    >>> shares([60, 20, 0]), shares([0, 0]), shares([])
    ([75.0, 25.0, 0.0], [None, None], [])
    """
    total = sum(amounts)
    return [100.0 * amount / total if total else None for amount in amounts]


def resource_share(*parts):
    """The share of resources that a goal has: the mean of the kinds that are planned.

    Hours and money are not added, as nobody knows what an hour costs.

    >>> resource_share(75.0, 25.0), resource_share(75.0, None), resource_share(None, None)
    (50.0, 75.0, None)
    """
    known = [part for part in parts if part is not None]
    return sum(known) / len(known) if known else None


def balance(weight_share, share):
    """Whether a goal's weight and its share of resources go together.

    None where the goals of that holder have no weight, or nothing is planned for any.

    >>> balance(60.0, 0.0), balance(0.0, 5.0), balance(10.0, 90.0), balance(60.0, None)
    ('starved', 'unweighted', 'balanced', None)
    """
    if weight_share is None or share is None:
        return None
    if weight_share and not share:
        return STARVED
    if share and not weight_share:
        return UNWEIGHTED
    return BALANCED


def left(allowance, planned):
    """What is left of an allowance; negative where more is planned; None without one.

    Reckoned in the decimals that people typed:

    >>> left(400, 520), left(0.3, 0.1), left(None, 5), left(0, 0)
    (-120.0, 0.2, None, 0.0)
    """
    if allowance is None:
        return None
    # repr() is the shortest text that gives the same float: the figure people typed
    return float(Decimal(repr(float(allowance))) - Decimal(repr(float(planned))))
