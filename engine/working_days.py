"""Which days somebody works, and counting in such days.

Days are those of the person's own time zone; what is asked here is naive local time.
"""

from bisect import bisect_right
from datetime import datetime, time, timedelta

#: working hours repeat after two weeks at the latest
FORTNIGHT = 14
#: Monday to Friday for whoever chooses the hours: away is who is away around noon
WEEKDAYS = {slot: ((11.9, 12.1),) for slot in range(FORTNIGHT) if slot % 7 < 5}
#: so many days ahead somebody is looked for who works again
HORIZON = 3 * 366
#: what is written as the end of a day differs by as much
MINUTE = timedelta(minutes=1)


def slot_of(day):
    """The place of ``day`` in the fortnight: 0 to 6 in weeks of the first kind, then 7 on.

    >>> from datetime import date
    >>> [slot_of(date(2026, 3, day)) for day in (2, 8, 9, 16)]
    [0, 6, 7, 0]
    """
    return (day.toordinal() - 1) % FORTNIGHT


def merged(spans):
    """``(start, end)`` spans in order, those that meet or overlap made one.

    >>> from datetime import datetime
    >>> [(a.hour, b.hour) for a, b in merged([
    ...     (datetime(2026, 3, 2, 12), datetime(2026, 3, 2, 16)),
    ...     (datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 12)),
    ... ])]
    [(8, 16)]
    """
    found = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + MINUTE:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


class WorkingDays:
    """The days on which somebody works.

    A day with some hours left of a leave is a working day; so is a half-day.

    :param versions: ``[(since, pattern, away), ...]`` by date, at least one; the first
        holds for the time before it, too. A pattern is ``{slot: ((from, to), ...)}`` in
        hours of the day, by :func:`slot_of`. Away are ``(start, end)`` datetimes, merged
        (:func:`merged`).

    Easter of 2026, and nothing else:

    >>> from datetime import date, datetime
    >>> easter = [(datetime(2026, 4, 2), datetime(2026, 4, 6, 23, 59, 59))]
    >>> days = WorkingDays([(date(2020, 1, 1), WEEKDAYS, easter)])
    >>> days.works(date(2026, 4, 1)), days.works(date(2026, 4, 6))
    (True, False)
    >>> days.next(date(2026, 4, 4)), days.after(date(2026, 4, 1), 3)
    (datetime.date(2026, 4, 7), datetime.date(2026, 4, 9))
    """

    def __init__(self, versions):
        self._versions = versions
        self._known = {}

    def works(self, day):
        """Whether ``day`` is a working day."""
        if day not in self._known:
            self._known[day] = self._works(day)
        return self._known[day]

    def _works(self, day):
        place = 0
        while place + 1 < len(self._versions) and self._versions[place + 1][0] <= day:
            place += 1
        _since, pattern, away = self._versions[place]
        hours = pattern.get(slot_of(day), ())
        if not away:
            return bool(hours)
        midnight = datetime.combine(day, time())
        return any(
            not _covers(
                away,
                midnight + timedelta(hours=first) + MINUTE,
                midnight + timedelta(hours=last) - MINUTE,
            )
            for first, last in hours
        )

    def next(self, day):
        """``day``, or the first working day after it; None when there is none in sight."""
        for ahead in range(HORIZON):
            if self.works(found := day + timedelta(days=ahead)):
                return found
        return None

    def after(self, day, number):
        """The working day ``number`` working days after ``day``; None as for ``next``.

        >>> from datetime import date
        >>> days = WorkingDays([(date(2020, 1, 1), WEEKDAYS, [])])
        >>> friday = date(2026, 3, 6)
        >>> [str(days.after(friday, number)) for number in (0, 1, 5)]
        ['2026-03-06', '2026-03-09', '2026-03-13']
        """
        for _count in range(number):
            day = day and self.next(day + timedelta(days=1))
        return day


def _covers(spans, start, end):
    place = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return place >= 0 and spans[place][1] >= end
