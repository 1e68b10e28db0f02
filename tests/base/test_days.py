"""Calendar years and quarters, against the standard library's calendar."""

from __future__ import annotations

import datetime

import numpy as np

from simkit.base.days import first_day, quarter_of, year_of, years_of

EPOCH = datetime.date(1970, 1, 1).toordinal()
#: Every day of four centuries and more, leap centuries and others among them.
DAYS = range(datetime.date(1890, 1, 1).toordinal(), datetime.date(2310, 1, 1).toordinal())


def test_years_and_quarters_of_every_day() -> None:
    for ordinal in DAYS:
        date = datetime.date.fromordinal(ordinal)
        year = year_of(ordinal - EPOCH)
        assert year == date.year
        assert quarter_of(ordinal - EPOCH, year) == (date.month - 1) // 3
    assert all(first_day(year) == datetime.date(year, 1, 1).toordinal() - EPOCH for year in range(1890, 2310))


def test_years_of_many_days_are_those_of_each() -> None:
    days = np.array(DAYS, dtype=np.int32)[::97] - np.int32(EPOCH)
    assert years_of(days).tolist() == [year_of(int(day)) for day in days]
