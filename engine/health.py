"""Where something stands against the calendar.

``progress`` and ``expected`` run from 0 to 100; gaps are in points.
"""

from dateutil.relativedelta import relativedelta

ON_TRACK, AT_RISK, OFF_TRACK = "on_track", "at_risk", "off_track"
STALE, NO_VALUE, DONE = "stale", "no_value", "done"

#: from best to worst, for the health of something made of parts
SEVERITY = (ON_TRACK, AT_RISK, OFF_TRACK)

FREQUENCIES = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "two_weeks": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "half": relativedelta(months=6),
    "year": relativedelta(years=1),
}
#: how long a value may take to come in after the time it is about has ended
GRACE_SHARE = 0.5


def clamp(value, low=0.0, high=100.0):
    """``value`` limited to ``low``…``high``.

    >>> clamp(-3), clamp(40), clamp(130)
    (0.0, 40, 100.0)
    """
    return min(max(value, low), high)


def expected_progress(date_start, date_end, today):
    """The elapsed share of the period in %, today included.

    >>> from datetime import date
    >>> expected_progress(date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 4))
    40.0
    >>> expected_progress(date(2026, 1, 1), date(2026, 1, 10), date(2025, 12, 31))
    0.0
    """
    days = (date_end - date_start).days + 1
    elapsed = (today - date_start).days + 1
    return clamp(100.0 * elapsed / days)


def status(progress, expected, at_risk_gap=10.0, off_track_gap=25.0):
    """Health of one figure by how many points it lies behind what was expected.

    >>> [status(progress, 50) for progress in (40, 39.9, 25, 24.9)]
    ['on_track', 'at_risk', 'at_risk', 'off_track']
    >>> status(None, 50)
    'no_value'
    """
    if progress is None:
        return NO_VALUE
    gap = expected - progress
    if gap <= at_risk_gap:
        return ON_TRACK
    return AT_RISK if gap <= off_track_gap else OFF_TRACK


def status_by_limits(achievement, amber, red):
    """Health of one figure by limits of its own, whatever the calendar says.

    >>> [status_by_limits(value, 90, 75) for value in (90, 89.9, 75, 74.9)]
    ['on_track', 'at_risk', 'at_risk', 'off_track']
    """
    if achievement >= amber:
        return ON_TRACK
    return AT_RISK if achievement >= red else OFF_TRACK


def worst(statuses):
    """The worst of several; without any value: no value.

    >>> worst(["on_track", "no_value", "at_risk"]), worst([])
    ('at_risk', 'no_value')
    """
    known = [SEVERITY.index(item) for item in statuses if item in SEVERITY]
    return SEVERITY[max(known)] if known else NO_VALUE


def checkin_due(last_checkin, frequency):
    """The day on which the next check-in is due.

    >>> from datetime import date
    >>> checkin_due(date(2026, 1, 31), "month")
    datetime.date(2026, 2, 28)
    """
    return last_checkin + FREQUENCIES[frequency]


def reading_due(last, frequency):
    """The last day on which the next value is in time.

    A value for a month is not there on the last of the month: half of the time between
    two values is left for reporting it.

    >>> from datetime import date
    >>> reading_due(date(2026, 1, 31), "month"), reading_due(date(2026, 1, 31), "week")
    (datetime.date(2026, 3, 14), datetime.date(2026, 2, 10))
    """
    due = last + FREQUENCIES[frequency]
    return due + (due - last) * GRACE_SHARE
