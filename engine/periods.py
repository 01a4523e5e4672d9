"""Periods and how they divide."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

MONTHS = {"year": 12, "half": 6, "tertial": 4, "quarter": 3, "month": 1}


def split_period(date_start, date_end, period_type):
    """The sub-periods of ``period_type`` that fill ``date_start``…``date_end``.

    :return: list of ``(start, end)``, both inclusive, without gap or overlap
    :raise ValueError: when the period is not a whole number (two or more) of them

    >>> from datetime import date
    >>> year = date(2026, 1, 1), date(2026, 12, 31)
    >>> [(start.month, end.month) for start, end in split_period(*year, "tertial")]
    [(1, 4), (5, 8), (9, 12)]
    >>> len(split_period(*year, "month"))
    12
    """
    step = MONTHS[period_type]
    periods = []
    start = date_start
    while start <= date_end:
        # always from the first day: the 31st must not drift to the 28th
        following = date_start + relativedelta(months=step * (len(periods) + 1))
        periods.append((start, following - timedelta(days=1)))
        start = following
    if len(periods) < 2 or periods[-1][1] != date_end:
        raise ValueError(period_type)
    return periods


def days_weighted(value_changes, date_start, date_end):
    """TEMPORARY, the engine's helper writes it."""
    total = 0.0
    for (since, value), (until, _v) in zip(
        value_changes, [*value_changes[1:], (date_end + timedelta(1), 0)], strict=True
    ):
        total += (
            value * (min(until, date_end + timedelta(1)) - max(since, date_start)).days
        )
    return total / ((date_end - date_start).days + 1)
