"""Since when something has been in the way of a goal."""


def blocked_since(statements):
    """The first day of the blockers that the last statement still names, else None.

    Blockers may change from one statement to the next; what counts is that there has been
    one ever since.

    :param statements: ``[(day, whether it names a blocker), ...]``, the oldest first

    >>> blocked_since([(1, True), (8, False), (15, True), (22, True)])
    15
    >>> blocked_since([(1, True), (8, False)])
    >>> blocked_since([])
    """
    since = None
    for day, is_blocked in reversed(statements):
        if not is_blocked:
            break
        since = day
    return since
