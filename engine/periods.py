"""Periods and how they divide."""

from datetime import date, timedelta
from functools import lru_cache
from itertools import starmap
from math import fsum
from operator import mul

from dateutil.relativedelta import relativedelta

#: the days that people can enter: whatever is added to them or taken off stays a date
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
MONTHS = {"year": 12, "half": 6, "tertial": 4, "quarter": 3, "month": 1}


def is_ordinary_day(day):
    """Whether ``day`` is one that people may enter.

    >>> is_ordinary_day(date(2026, 1, 31)), is_ordinary_day(date(9999, 12, 31))
    (True, False)
    """
    return FIRST_DAY <= day <= LAST_DAY


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


def following_period(date_start, date_end):
    """The period of the same length that begins the day after ``date_end``.

    Whole months stay whole months; any other length is counted in days.

    :return: ``(start, end)``, both inclusive

    >>> from datetime import date
    >>> period = following_period(date(2026, 2, 1), date(2027, 1, 31))
    >>> [str(day) for day in period]
    ['2027-02-01', '2028-01-31']
    >>> period = following_period(date(2026, 1, 1), date(2026, 2, 28))
    >>> [str(day) for day in period]
    ['2026-03-01', '2026-04-30']
    >>> period = following_period(date(2026, 1, 5), date(2026, 1, 18))
    >>> [str(day) for day in period]
    ['2026-01-19', '2026-02-01']
    """
    start = date_end + timedelta(days=1)
    if start.day == date_start.day:
        length = relativedelta(start, date_start)
        return start, start + length - timedelta(days=1)
    return start, start + (date_end - date_start)


def bucket_start(day, frequency):
    """The first day of the day, week, month, quarter, half or year that holds ``day``.

    Weeks begin on Monday and are cut at the end of a month, so that months, quarters and
    years are made of whole weeks.

    >>> from datetime import date
    >>> day = date(2026, 8, 2)  # a Sunday
    >>> for frequency in ("day", "week", "month", "quarter", "half", "year"):
    ...     print(bucket_start(day, frequency), bucket_end(day, frequency))
    2026-08-02 2026-08-02
    2026-08-01 2026-08-02
    2026-08-01 2026-08-31
    2026-07-01 2026-09-30
    2026-07-01 2026-12-31
    2026-01-01 2026-12-31
    """
    if frequency == "day":
        return day
    if frequency == "week":
        return max(day - timedelta(days=day.weekday()), day.replace(day=1))
    months = MONTHS[frequency]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


@lru_cache(maxsize=4096)
def bucket_end(day, frequency):
    """The last day of what :func:`bucket_start` begins.

    >>> from datetime import date
    >>> bucket_end(date(2026, 7, 29), "week"), bucket_end(date(2028, 2, 1), "month")
    (datetime.date(2026, 7, 31), datetime.date(2028, 2, 29))
    """
    if frequency == "day":
        return day
    if frequency == "week":
        return min(day + timedelta(days=6 - day.weekday()), bucket_end(day, "month"))
    # day 31 is the last one of every month
    last = relativedelta(months=MONTHS[frequency] - 1, day=31)
    return bucket_start(day, frequency) + last


def buckets(date_start, date_end, frequency):
    """What ``frequency`` divides ``date_start``…``date_end`` into, clipped to it.

    :return: list of ``(start, end)``, both inclusive, without gap or overlap

    >>> from datetime import date
    >>> for start, end in buckets(date(2026, 7, 25), date(2026, 8, 5), "week"):
    ...     print(start, end)
    2026-07-25 2026-07-26
    2026-07-27 2026-07-31
    2026-08-01 2026-08-02
    2026-08-03 2026-08-05
    """
    found = []
    start = date_start
    while start <= date_end:
        end = min(bucket_end(start, frequency), date_end)
        found.append((start, end))
        start = end + timedelta(days=1)
    return found


def days_weighted(value_changes, date_start, date_end):
    """Mean of a value that has changed, each one weighed by its calendar days in force.

    ``Σ value·days / Σ days`` over ``date_start``…``date_end``.

    :param value_changes: ``(date from, value)``, by date; the first value is in force
        from the start, whatever its date
    :return: the mean; None without any value

    100 in January and February, 130 from 1 March, over the first quarter of 90 days:

    >>> from datetime import date
    >>> quarter = date(2026, 1, 1), date(2026, 3, 31)
    >>> changes = [(date(2026, 1, 1), 100), (date(2026, 3, 1), 130)]
    >>> round(days_weighted(changes, *quarter), 6) == round((100 * 59 + 130 * 31) / 90, 6)
    True
    """
    if not value_changes:
        return None
    values, days = zip(*days_in_force(value_changes, date_start, date_end), strict=True)
    return fsum(map(mul, values, days)) / sum(days)


def days_in_force(value_changes, date_start, date_end):
    """The calendar days of ``date_start``…``date_end`` on which each value is in force.

    :param value_changes: as for :func:`days_weighted`
    :return: list like it of ``(value, days)``

    >>> from datetime import date
    >>> changes = [(date(2026, 1, 1), 100), (date(2026, 3, 1), 130)]
    >>> days_in_force(changes, date(2026, 1, 1), date(2026, 3, 31))
    [(100, 59), (130, 31)]
    """
    after = date_end + timedelta(days=1)
    later = [min(max(day, date_start), after) for day, _value in value_changes[1:]]
    return [
        (value, (end - start).days)
        for (_day, value), start, end in zip(
            value_changes, [date_start, *later], [*later, after], strict=True
        )
    ]


def span_days(date_start, date_end):
    """The calendar days of a span, both ends included; 0 for one that ends before it begins.

    >>> from datetime import date
    >>> span_days(date(2026, 5, 1), date(2026, 12, 31))
    245
    >>> span_days(date(2026, 5, 1), date(2026, 4, 30))
    0
    """
    return max((date_end - date_start).days + 1, 0)


def joined(spans):
    """``spans`` without overlap, by date; what touches or overlaps becomes one.

    Leave that was entered in several pieces, one right after the other, is one absence.

    :param spans: iterable of ``(first day, last day)``, in any order
    :return: list of the same

    >>> from datetime import date
    >>> march, april = date(2026, 3, 1), date(2026, 4, 1)
    >>> may = (date(2026, 5, 2), date(2026, 5, 9))
    >>> whole = joined([may, (april, date(2026, 4, 30)), (march, date(2026, 3, 31))])
    >>> whole == [(march, date(2026, 4, 30)), may]
    True
    """
    found = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def long_absences(absences, held, shortest):
    """The parts within ``held`` of those absences that last ``shortest`` days or more.

    An absence counts whole for its length, also where only a part of it lies in ``held``.

    :param absences: iterable of ``(first day, last day)``, in any order
    :param held: ``(first day, last day)``
    :return: list of ``(first day, last day)``, by date

    Ten days of Christmas leave are no long leave, four months are:

    >>> from datetime import date
    >>> year = date(2026, 1, 1), date(2026, 12, 31)
    >>> leave = date(2026, 3, 1), date(2026, 6, 30)
    >>> long_absences([(date(2026, 12, 22), date(2026, 12, 31)), leave], year, 30) == [leave]
    True
    """
    first, last = held
    return [
        (max(start, first), min(end, last))
        for start, end in joined(absences)
        if span_days(start, end) >= shortest and start <= last and end >= first
    ]


def pro_rata(held, period, absences=(), shortest=30):
    """The share of ``period`` for which something was held, from 0 to 1 (DESIGN §3).

    Calendar days held, less those of long absences, by the calendar days of the period.

    :param held: ``(first day, last day)``; what lies outside ``period`` does not count
    :param period: ``(first day, last day)``, at least one day
    :param absences: as in :func:`long_absences`, like ``shortest``

    Hired on 1 August, 153 of 365 days; on leave from March to June, 365 − 122 of 365:

    >>> from datetime import date
    >>> year = date(2026, 1, 1), date(2026, 12, 31)
    >>> pro_rata((date(2026, 8, 1), date(2026, 12, 31)), year) == 153 / 365
    True
    >>> pro_rata(year, year, [(date(2026, 3, 1), date(2026, 6, 30))]) == 243 / 365
    True
    """
    held = max(held[0], period[0]), min(held[1], period[1])
    away = sum(starmap(span_days, long_absences(absences, held, shortest)))
    return (span_days(*held) - away) / span_days(*period)


def without(span, gaps):
    """The parts of ``span`` outside ``gaps``.

    :param gaps: list of ``(first day, last day)`` by date, without overlap
    :return: list of the same

    >>> from datetime import date
    >>> for part in without((date(2026, 1, 1), date(2026, 1, 9)),
    ...                     [(date(2026, 1, 3), date(2026, 1, 4)),
    ...                      (date(2026, 1, 8), date(2026, 1, 12))]):
    ...     print(*part)
    2026-01-01 2026-01-02
    2026-01-05 2026-01-07
    """
    start, last = span
    found = []
    for gap_start, gap_end in gaps:
        if gap_end < start or gap_start > last:
            continue
        if gap_start > start:
            found.append((start, gap_start - timedelta(days=1)))
        start = gap_end + timedelta(days=1)
    return [*found, (start, last)] if start <= last else found
