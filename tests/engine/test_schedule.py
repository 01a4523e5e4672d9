"""Properties of days that come back."""

from datetime import date

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from ...engine.schedule import last_due

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(days, st.integers(0, 36), st.integers(0, 36), days, st.integers(0, 9))
def test_it_is_the_last_one_of_the_series(joined, first, every, until, times):
    found = last_due(joined, first, every, until, times)
    series = [joined + relativedelta(months=first)]
    while every and series[-1] <= until:
        series.append(joined + relativedelta(months=first + len(series) * every))
    if times:
        series = series[:times]
    past = [day for day in series if day <= until]
    assert found == (past[-1] if past else None)
