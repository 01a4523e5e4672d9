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


#: what to show where a frequency makes too many periods
COARSER = {"day": "week", "week": "month", "month": "quarter", "quarter": "year"}

_STEPS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    **{
        name: relativedelta(months=MONTHS[name])
        for name in ("month", "quarter", "half")
    },
    "year": relativedelta(years=1),
}


def calendar_periods(date_start, date_end, frequency):
    """The calendar's periods that ``date_start``…``date_end`` touches, cut to it.

    :param frequency: ``day``, ``week`` (from Monday), ``month``, ``quarter``, ``half`` or
        ``year``
    :return: list of ``(start, end)``, both inclusive, without gap or overlap

    >>> from datetime import date
    >>> days = date(2026, 1, 15), date(2026, 3, 31)
    >>> [(start.day, end.day) for start, end in calendar_periods(*days, "month")]
    [(15, 31), (1, 28), (1, 31)]
    >>> [f"{start:%d.%m}" for start, _end in calendar_periods(*days, "week")][:3]
    ['15.01', '19.01', '26.01']
    >>> len(calendar_periods(date(2026, 1, 1), date(2026, 12, 31), "half"))
    2
    """
    step = _STEPS[frequency]
    if frequency == "week":
        start = date_start - timedelta(days=date_start.weekday())
    elif frequency == "day":
        start = date_start
    else:
        months = MONTHS[frequency]
        first = (date_start.month - 1) // months * months + 1
        start = date_start.replace(month=first, day=1)
    periods = []
    while start <= date_end:
        following = start + step
        periods.append(
            (max(start, date_start), min(following - timedelta(days=1), date_end))
        )
        start = following
    return periods
