"""Days as numbers, and the day of a calendar year that an offset falls on."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import IndexArray
from simkit.base.compiled import compiled

__all__ = ["FAR", "days", "first_day", "quarter_of", "year_of", "years_of"]

_EPOCH = datetime.date(1970, 1, 1)
FAR = 2**31 - 1


def days(date: datetime.date | None) -> int:
    """Days since 1970-01-01; a day that never comes for None."""
    return FAR if date is None else (date - _EPOCH).days


_DAY_OF_2100 = 47_482


@compiled
def year_of(day: int) -> int:
    """Calendar year of a day.

    Parameters
    ----------
    day : int
        Days since 1970-01-01.

    References
    ----------
    Proleptic Gregorian calendar. From 1970 to 2099 every fourth year is a leap year: 1,461 days from one
    to the next. Else counted in eras of 400 years from 0000-03-01.
    """
    if 0 <= day < _DAY_OF_2100:
        return 1_969 + (4 * (day + 365) + 3) // 1_461
    shifted = day + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return year + era * 400 + (1 if month >= 10 else 0)


@compiled
def first_day(year: int) -> int:
    """The first of January of a year, in days since 1970-01-01."""
    before = year - 1
    return 365 * before + before // 4 - before // 100 + before // 400 - 719_162


@compiled
def quarter_of(day: int, year: int) -> int:
    """Quarter of the calendar year, 0 to 3, of a day of that year."""
    place = day - first_day(year)
    leap = first_day(year + 1) - first_day(year) - 365
    return (place >= 90 + leap) + (place >= 181 + leap) + (place >= 273 + leap)


def years_of(days: npt.NDArray[Any]) -> IndexArray:
    """Calendar years of days since 1970-01-01, vectorised."""
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970)
