"""Days that come back: n months after somebody has joined, then every m."""

from dateutil.relativedelta import relativedelta


def last_due(joined, first_months, every_months, until, times=0):
    """The last day of the series that is not after ``until``, or None before the first.

    Months are counted from the day of joining each time: the 31st does not drift to the
    28th.

    :param joined: first day of work
    :param first_months: the first day of the series comes so many months later
    :param every_months: then one every so many months; 0: the first is the only one
    :param times: how many there are in all; 0: without end

    >>> from datetime import date
    >>> joined = date(2026, 1, 31)
    >>> [str(last_due(joined, 1, 3, date(2026, *day))) for day in ((2, 27), (2, 28), (5, 31))]
    ['None', '2026-02-28', '2026-05-31']
    >>> str(last_due(joined, 3, 0, date(2036, 1, 1)))
    '2026-04-30'
    >>> str(last_due(joined, 3, 3, date(2036, 1, 1), times=2))
    '2026-07-31'
    """

    def day(number):
        return joined + relativedelta(months=first_months + number * every_months)

    if day(0) > until:
        return None
    if not every_months:
        return day(0)
    months = (until.year - joined.year) * 12 + until.month - joined.month
    number = max((months - first_months) // every_months, 0)
    # the month may hold a day of the series that is still to come
    number = number if day(number) <= until else number - 1
    return day(min(number, times - 1) if times else number)
