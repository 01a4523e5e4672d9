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


def bucket_start(day, frequency):
    """The first day of the bucket that ``day`` falls into.

    A week begins on Monday and is cut at the ends of months, so that every bucket lies in
    one month, quarter and year.

    :param frequency: ``day``, ``week``, ``month``, ``quarter``, ``half`` or ``year``

    >>> from datetime import date
    >>> str(bucket_start(date(2026, 5, 20), "quarter"))
    '2026-04-01'
    >>> str(bucket_start(date(2026, 10, 2), "week"))  # a Friday
    '2026-10-01'
    """
    if frequency == "day":
        return day
    if frequency == "week":
        return max(day - timedelta(days=day.weekday()), day.replace(day=1))
    months = MONTHS[frequency]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def bucket_end(day, frequency):
    """The last day of the bucket that ``day`` falls into; see :func:`bucket_start`.

    >>> from datetime import date
    >>> str(bucket_end(date(2026, 2, 3), "half"))
    '2026-06-30'
    >>> str(bucket_end(date(2026, 9, 29), "week"))  # a Tuesday
    '2026-09-30'
    """
    if frequency == "day":
        return day
    end_of_month = day + relativedelta(day=31)
    if frequency == "week":
        return min(day + timedelta(days=6 - day.weekday()), end_of_month)
    start = bucket_start(day, frequency)
    return start + relativedelta(months=MONTHS[frequency], days=-1)


def buckets(date_start, date_end, frequency):
    """All buckets that ``date_start``…``date_end`` touches, whole, in order.

    :return: list of ``(start, end)``, both inclusive

    >>> from datetime import date
    >>> week = buckets(date(2026, 9, 29), date(2026, 10, 5), "week")
    >>> [(str(start), str(end)) for start, end in week]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('2026-09-28', '2026-09-30'), ('2026-10-01', '2026-10-04'),
     ('2026-10-05', '2026-10-11')]
    """
    found = []
    day = date_start
    while day <= date_end:
        start, end = bucket_start(day, frequency), bucket_end(day, frequency)
        found.append((start, end))
        day = end + timedelta(days=1)
    return found


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
