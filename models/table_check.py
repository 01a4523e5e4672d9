"""Putting off the check of a table until all of its rows are written."""

#: compared by identity: no client can send this very object
_MARK = object()
CHECK_LATER = {"performance_table_check_later": _MARK}


def is_checked_later(env):
    """Whether whoever writes the rows checks the whole table afterwards."""
    return env.context.get("performance_table_check_later") is _MARK
