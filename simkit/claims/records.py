"""Records and structs that the kernels of claims read, the numbers of their kinds, and the decisions of a measure."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records

__all__ = [
    "BAND_ROW",
    "BY_BANDS",
    "BY_CHANCE",
    "BY_KEY",
    "BY_LAW",
    "BY_LINE",
    "BY_NOBODY",
    "BY_NUMBER",
    "BY_STATUS",
    "BY_VARIABLE",
    "BY_WEIGHTS",
    "COMPANION",
    "DRAWN",
    "DRAWN_YEAR",
    "FROM_COMPANION",
    "FROM_HOLDERS",
    "FROM_LINES",
    "FROM_OTHERS",
    "FROM_TRANSITION",
    "LAW",
    "MARKS",
    "MARK_OF_AGENCY",
    "MARK_OF_AGENCY_YEAR",
    "MARK_OF_CLAIM",
    "NUMBER",
    "NUMBER_YEARS_BACK",
    "ORIGINS",
    "PLAN",
    "POPULATION_YEAR",
    "QUESTIONS",
    "WAY",
    "Blueprint",
    "Draw",
    "Drawn",
    "Known",
    "LawTables",
    "Model",
    "PopulationRates",
    "Record",
]

#: One row of `Records`, as a kernel sees it.
Record = Any

#: Where claims come from: all agencies, a transition, beside other claims, holders of a status, parks and the like.
FROM_LINES, FROM_TRANSITION, FROM_COMPANION, FROM_HOLDERS, FROM_OTHERS = range(5)
ORIGINS = {
    "lines": FROM_LINES,
    "transition": FROM_TRANSITION,
    "companion": FROM_COMPANION,
    "holders": FROM_HOLDERS,
    "others": FROM_OTHERS,
}
MARK_OF_AGENCY_YEAR, MARK_OF_CLAIM, MARK_OF_AGENCY = range(3)
MARKS = {"agency_year": MARK_OF_AGENCY_YEAR, "claim": MARK_OF_CLAIM, "agency": MARK_OF_AGENCY}
BY_NOBODY, BY_VARIABLE, BY_LAW, BY_WEIGHTS, BY_CHANCE, BY_BANDS, BY_KEY, BY_LINE, BY_STATUS, BY_NUMBER = (
    range(10)
)
NUMBER_YEARS_BACK = 11
QUESTIONS = ("points", "mark", "count", "calendar", "key", "first", "companion")


def _record(whole: str, real: str = "") -> np.dtype[np.void]:
    fields: list[tuple[str, Any]] = [(name, np.int64) for name in whole.split()]
    return np.dtype(fields + [(name, np.float64) for name in real.split()])


#: A claim plan. `asked_*` are numbers of decisions, `x_first:x_last` rows of the list x.
PLAN = _record(
    "measure origin frequency status other district mark ranked first_time since until "
    "variable_first variable_last key_list "
    "filing_low filing_width review round_first round_last companion_first companion_last "
    + " ".join(f"asked_{question}" for question in QUESTIONS),
    "spread",
)
#: How a plan draws an attribute; `factor` goes from the law's unit to the stored one.
WAY = _record("way reference asked year", "factor minus")
#: A law; its table is `table[begin:end]`.
LAW = _record("family begin end asked", "first second third")
BAND_ROW = _record("", "above rate")
COMPANION = _record("plan days")
#: A number of agencies (revenue, ...): its law and yearly noise.
NUMBER = _record("law asked", "noise")
#: What a draw fixes for a plan in a year, for a plan, and for the population in a year.
DRAWN_YEAR = _record("", "intensity take_up base growth")
DRAWN = _record("", "already companion")
POPULATION_YEAR = _record("", "entry_mean entry_plus exit_hazard")


class LawTables(NamedTuple):
    """Ragged lists that claim plans refer to by number.

    Attributes
    ----------
    laws : LAW[law]; table : float[knot]
    band_first : int64[list + 1]; bands : BAND_ROW[band]
    weight_first : int64[list + 1]; weight_up_to : float[value]
        Cumulated weights of categories and keys.
    """

    laws: Records
    table: FloatArray
    band_first: IndexArray
    bands: Records
    weight_first: IndexArray
    weight_up_to: FloatArray


class Blueprint(NamedTuple):
    """All of the claim plans that does not change from draw to draw.

    Attributes
    ----------
    plans : PLAN[plan]
    weight : float[plan, line]
    earned_day : int64[plan, year]
        The day on which all claims of a year are earned, -1 for any.
    ways : WAY[plan, column]
        Columns of each measure: `claim_columns`.
    tables : LawTables
    round_day : int64[round]
        Days of decision of each plan, ascending.
    companions : COMPANION[companion]; numbers : NUMBER[number]
    """

    plans: Records
    weight: FloatArray
    earned_day: IndexArray
    ways: Records
    tables: LawTables
    round_day: IndexArray
    companions: Records
    numbers: Records


class Drawn(NamedTuple):
    """What each draw fixes for all its claims; years from the population's first.

    Attributes
    ----------
    by_year : DRAWN_YEAR[draw, plan, year]; by_plan : DRAWN[draw, plan]
    chance : float[draw, plan, column]
    others : int64[draw, other]
    number : float[draw, number, year]
        Growth of numbers of agencies since the start; years from NUMBER_YEARS_BACK before the first.
    """

    by_year: Records
    by_plan: Records
    chance: FloatArray
    others: IndexArray
    number: FloatArray


class Known(NamedTuple):
    """What a roster says of the first agencies of each line; -1 or nan: nothing. No columns without a roster.

    Attributes
    ----------
    district : int16[line, serial], eligible : int8[line, serial]
    status : int8[status, line, serial], number : float[number, line, serial]
    """

    district: npt.NDArray[np.int16]
    eligible: npt.NDArray[np.int8]
    status: npt.NDArray[np.int8]
    number: FloatArray


class PopulationRates(NamedTuple):
    """What a block of draws fixes for its agencies. Years run from `first_year`.

    Attributes
    ----------
    first_year : int
    years : POPULATION_YEAR[draw, year]
        Expected entries per agency present and besides; hazard of leaving.
    start : int64[draw, line]
        Agencies at the start.
    line_share : float[draw, line]
    status_start : float[draw, status, line], status_hazard : float[draw, status, line, year]
    asked_status : int64[status, 2]
        Numbers of the decisions who, and when.
    eligible : float[draw]
    districts : float[draw, district]
        Cumulative shares.
    known : Known
    """

    first_year: int
    years: Records
    start: IndexArray
    line_share: FloatArray
    status_start: FloatArray
    status_hazard: FloatArray
    asked_status: IndexArray
    eligible: FloatArray
    districts: FloatArray
    known: Known


class Model(NamedTuple):
    """All that the claims of a block of draws rest on."""

    blueprint: Blueprint
    drawn: Drawn
    rates: PopulationRates


class Draw(NamedTuple):
    """One draw: the seed and its number, of which its addresses are made, and its row in what draws fix."""

    seed: int
    number: int
    row: int
