"""Whom to ask for a review, and for how much of the period each manager speaks."""

from hashlib import sha256

from .periods import span_days


def choose(candidates, count, seed):
    """``count`` of ``candidates``, chosen by lot: the same ones whenever it is asked again.

    Neither name nor seniority helps or spares anybody, and nobody can draw again until the
    lot falls differently. Everybody is asked about as often as the others, as each person
    appraised (``seed``) draws anew.

    :param candidates: ids, without doubles, in any order
    :param count: how many at most; 0: all
    :param seed: what the lot is drawn for
    :return: list of ids, in the order of the lot

    >>> choose([1, 2, 3, 4], 2, "Anita 2026") == choose([4, 3, 2, 1], 2, "Anita 2026")
    True
    >>> len(choose([1, 2, 3, 4], 0, "Anita 2026")), choose([], 3, "Anita 2026")
    (4, [])
    """
    drawn = sorted(
        candidates,
        key=lambda candidate: sha256(f"{seed}|{candidate}".encode()).digest(),
    )
    return drawn[:count] if count else drawn


def days_led(stints, period):
    """The calendar days of ``period`` on which each manager led.

    :param stints: iterable of ``(manager, first day, last day)``, without overlap; a last
        day of None has not come yet
    :param period: ``(first day, last day)``
    :return: ``{manager: days}``, of those who led in the period

    Led until 31 May by one, from then on by another, and once more by the first:

    >>> from datetime import date
    >>> year = date(2026, 1, 1), date(2026, 12, 31)
    >>> days_led(
    ...     [
    ...         ("Ann", date(2020, 1, 1), date(2026, 5, 31)),
    ...         ("Bo", date(2026, 6, 1), date(2026, 8, 31)),
    ...         ("Ann", date(2026, 9, 1), None),
    ...     ],
    ...     year,
    ... )
    {'Ann': 273, 'Bo': 92}
    """
    first, last = period
    days = {}
    for manager, start, end in stints:
        led = span_days(max(start, first), min(end or last, last))
        if led:
            days[manager] = days.get(manager, 0) + led
    return days


def shares(former, period):
    """For which share of ``period`` each manager's review counts (DESIGN §3, *Pro rata*).

    Whoever appraises speaks for all the days for which nobody else has been asked: also
    for those of a manager who led too short a time, or has left.

    :param former: ``{manager: days}`` of the former managers who are asked
    :return: ``({manager: share}, share of the appraiser)``, together 1

    >>> from datetime import date
    >>> by_manager, rest = shares({"Ann": 151}, (date(2026, 1, 1), date(2026, 12, 31)))
    >>> by_manager["Ann"] == 151 / 365, rest == 214 / 365
    (True, True)
    >>> shares({}, (date(2026, 1, 1), date(2026, 12, 31)))
    ({}, 1.0)
    """
    total = max(span_days(*period), sum(former.values()))
    if not total:
        return dict.fromkeys(former, 0.0), 1.0
    rest = total - sum(former.values())
    return {manager: days / total for manager, days in former.items()}, rest / total
