"""Records of a blueprint, the numbers of their kinds, and the random decisions of a measure."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

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
    "MARKS",
    "NUMBER",
    "NUMBER_YEARS_BACK",
    "ORIGINS",
    "PLAN",
    "QUESTIONS",
    "SAMPLER",
    "WAY",
    "Blueprint",
    "Drawn",
]

#: Where claims come from: all agencies, a transition, beside other claims, holders of a status, parks and the like.
ORIGINS = {"lines": 0, "transition": 1, "companion": 2, "holders": 3, "others": 4}
MARKS = {"agency_year": 0, "claim": 1, "agency": 2}
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
    "measure origin kind status other district mark ranked first_time since until "
    "variable_first variable_last key_list "
    "filing_low filing_width review round_first round_last companion_first companion_last "
    + " ".join(f"asked_{question}" for question in QUESTIONS),
    "spread",
)
#: How a plan draws an attribute; `factor` goes from the law's unit to the stored one.
WAY = _record("way reference asked year", "factor minus")
#: A law; its table is `table[begin:end]`.
SAMPLER = _record("family begin end asked", "first second third")
BAND_ROW = _record("", "above rate")
COMPANION = _record("plan days")
#: A number of agencies (revenue, ...): its law and yearly noise.
NUMBER = _record("sampler asked", "noise")
#: What a draw fixes for a plan in a year, and for a plan.
DRAWN_YEAR = _record("", "intensity take_up base growth")
DRAWN = _record("", "already companion")


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
    samplers : SAMPLER[law]; table : float[knot]
    band_first : int64[list + 1]; bands : BAND_ROW[band]
    weight_first : int64[list + 1]; weight_up_to : float[value]
        Cumulated weights of categories and keys.
    round_day : int64[round]
        Days of decision of each plan, ascending.
    companions : COMPANION[companion]; numbers : NUMBER[number]
    """

    plans: Records
    weight: FloatArray
    earned_day: IndexArray
    ways: Records
    samplers: Records
    table: FloatArray
    band_first: IndexArray
    bands: Records
    weight_first: IndexArray
    weight_up_to: FloatArray
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
