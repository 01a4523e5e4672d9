from contextlib import contextmanager

EDGES = ("date_start", "date_end")


@contextmanager
def edges_follow(parts, whole):
    """Around a change of dates: what begins or ends with its whole goes on doing so.

    :param parts: records whose dates are computed from the whole and can be edited
    :param whole: name of their many2one to what they are a part of
    """
    at_edge = {
        name: parts.filtered(lambda part, name=name: part[name] == part[whole][name])
        for name in EDGES
    }
    yield
    for name, following in at_edge.items():
        parts.env.add_to_compute(parts._fields[name], following)
        following.modified([name])
    parts._check_dates()
