"""Amounts: base and attributes of the claims of one measure in one draw, column by column; compiled, by address."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.base.days import first_day
from simkit.base.money import LARGEST_FEN
from simkit.base.random import WordArray, uniform_pair, unit, unit_of_two, words_of_places
from simkit.claims.agencies import SERIAL_BITS, SERIAL_MASK, district_of
from simkit.claims.arrivals import category
from simkit.claims.records import (
    BY_BANDS,
    BY_CHANCE,
    BY_KEY,
    BY_LAW,
    BY_LINE,
    BY_NUMBER,
    BY_STATUS,
    BY_VARIABLE,
    BY_WEIGHTS,
    NUMBER_YEARS_BACK,
)
from simkit.claims.types import UNKNOWN
from simkit.distributions.normal import normal_quantile
from simkit.distributions.quantile import quantile

__all__ = ["emit"]

Record = Any


@compiled
def _whole(value: float) -> int:
    """To the nearest whole unit; what is beyond all money stays at the largest amount."""
    return min(int(max(0.0, min(value, 1e15)) + 0.5), LARGEST_FEN)


@compiled
def _banded_tax(which: int, band_first: IndexArray, bands: Records, income: float) -> float:
    own = bands[band_first[which] : band_first[which + 1]]
    tax = 0.0
    for place in range(len(own)):
        upper = own[place + 1].above if place + 1 < len(own) else math.inf
        tax += max(0.0, min(income, upper) - own[place].above) * own[place].rate
    return tax


@compiled
def _sampled(law: Record, table: FloatArray, words: WordArray, values: FloatArray) -> None:
    """Values of a law, two words each."""
    if law.family == 3:
        for one in range(len(values)):
            score = normal_quantile(unit_of_two(words[0, one], words[1, one]))
            values[one] = math.exp(law.first + law.second * score)
        return
    for one in range(len(values)):
        u = unit_of_two(words[0, one], words[1, one])
        values[one] = quantile(law.family, law.first, law.second, law.third, table, law.begin, law.end, u)


@compiled
def _number(
    seed: int,
    draw: int,
    number: Record,
    known: FloatArray,
    laws: Records,
    table: FloatArray,
    slot: int,
    year: int,
    growth: float,
) -> float:
    """A number of an agency in a year (revenue, ...): its start, growth and the year's noise."""
    line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
    if serial < known.shape[1] and known[line, serial] >= 0.0:
        value = known[line, serial] * growth
    else:
        law = laws[number.sampler]
        u = uniform_pair(seed, number.asked, draw, 0, slot, 0)[0]
        value = growth * quantile(law.family, law.first, law.second, law.third, table, law.begin, law.end, u)
    if number.noise > 0.0:
        score = normal_quantile(uniform_pair(seed, number.asked, draw, year, slot, 1)[0])
        value *= math.exp(number.noise * score - number.noise * number.noise / 2)
    return value


@compiled
def _attribute(
    seed: int,
    draw: int,
    how: Record,
    chance: float,
    number: FloatArray,
    laws: Records,
    table: FloatArray,
    band_first: IndexArray,
    bands: Records,
    weight_first: IndexArray,
    up_to: FloatArray,
    numbers: Records,
    known_number: FloatArray,
    first_year: int,
    since: npt.NDArray[np.int32],
    variables: FloatArray,
    words: WordArray,
    slots: IndexArray,
    places: IndexArray,
    notes: Records,
    spare: FloatArray,
    rank: IndexArray,
    attributes: npt.NDArray[np.int64],
) -> None:
    """One attribute of the claims; claim `one` goes to row `rank[one]` of the column."""
    lines = since.shape[1]
    if how.way == BY_VARIABLE:
        for one in range(len(slots)):
            attributes[rank[one]] = _whole(variables[how.reference, one] * how.factor)
    elif how.way == BY_BANDS:
        for one in range(len(slots)):
            income = variables[how.reference & 3, one] - how.minus
            tax = _banded_tax(how.reference >> 2, band_first, bands, income)
            attributes[rank[one]] = _whole(tax * how.factor)
    elif how.way == BY_LAW:
        words_of_places(seed, how.asked, draw, slots, places, words)
        _sampled(laws[how.reference], table, words, spare)
        for one in range(len(slots)):
            attributes[rank[one]] = _whole(spare[one] * how.factor)
    elif how.way == BY_WEIGHTS:
        words_of_places(seed, how.asked, draw, slots, places, words)
        for one in range(len(slots)):
            attributes[rank[one]] = category(how.reference, weight_first, up_to, unit(words[0, one]))
    elif how.way == BY_CHANCE:
        words_of_places(seed, how.asked, draw, slots, places, words)
        for one in range(len(slots)):
            attributes[rank[one]] = 1 if unit(words[0, one]) < chance else 0
    elif how.way == BY_KEY:
        for one in range(len(slots)):
            attributes[rank[one]] = notes[one].key
    else:
        # What belongs to an agency; nobody gave it of parks and the like.
        for one in range(len(slots)):
            slot, year, known = slots[one], places[one] >> 20, UNKNOWN
            line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
            if line < lines and how.way == BY_LINE:
                known = line
            elif line < lines and how.way == BY_STATUS:
                when = since[how.reference, line, serial]
                day = notes[one].day if how.year == 0 else first_day(year + how.year + 1) - 1
                known = 1 if 0 < when <= day else 0
            elif line < lines and how.way == BY_NUMBER:
                at = min(max(year + how.year - first_year + NUMBER_YEARS_BACK, 0), number.shape[1] - 1)
                growth = number[how.reference, at]
                x = _number(
                    seed,
                    draw,
                    numbers[how.reference],
                    known_number[how.reference],
                    laws,
                    table,
                    slot,
                    year + how.year,
                    growth,
                )
                known = _whole(x * how.factor)
            attributes[rank[one]] = known


@compiled
def emit(
    seed: int,
    draw: int,
    plan: Record,
    by_year: Records,
    chance: FloatArray,
    number: FloatArray,
    ways: Records,
    laws: Records,
    table: FloatArray,
    band_first: IndexArray,
    bands: Records,
    weight_first: IndexArray,
    up_to: FloatArray,
    numbers: Records,
    known_number: FloatArray,
    first_year: int,
    districts: FloatArray,
    known_district: npt.NDArray[np.int16],
    home: npt.NDArray[np.uint32],
    since: npt.NDArray[np.int32],
    variables: FloatArray,
    words: WordArray,
    slots: IndexArray,
    places: IndexArray,
    notes: Records,
    rank: IndexArray,
    rows: Records,
    attributes: IndexArray,
) -> None:
    """Write the claims of a measure: claim `one` into row `rank[one]`.

    Parameters
    ----------
    variables : float[5, claim]
        Scratch: the base's variables as drawn (the first with its growth), then their product.
    """
    claims, count = len(slots), plan.variable_last - plan.variable_first
    bases = variables[4, :claims]
    for one in range(len(slots)):
        bases[one] = by_year[(places[one] >> 20) - first_year].base
    for which in range(count):
        law, values = laws[plan.variable_first + which], variables[which, :claims]
        words_of_places(seed, law.asked, draw, slots, places, words)
        _sampled(law, table, words, values)
        for one in range(len(slots)):
            bases[one] *= values[one]
    if count > 0:
        for one in range(len(slots)):
            variables[0, one] *= by_year[(places[one] >> 20) - first_year].growth
    lines = since.shape[1]
    for one in range(len(slots)):
        claim, note, slot = rows[rank[one]], notes[one], slots[one]
        claim.agency = slot
        claim.key = note.key
        claim.matter = note.matter
        claim.base = _whole(bases[one])
        claim.score = note.score
        claim.earned = note.day
        claim.filed = note.filed
        claim.decided = note.decided
        claim.measure = plan.measure
        claim.district = plan.district
        if plan.district < 0:
            claim.district = (
                district_of(slot, home, districts, known_district) if slot >> SERIAL_BITS < lines else 0
            )
        claim.first_time = note.first_time
        claim.account = note.account
    # The product is no longer needed: its place serves laws of attributes.
    for column in range(len(ways)):
        _attribute(
            seed,
            draw,
            ways[column],
            chance[column],
            number,
            laws,
            table,
            band_first,
            bands,
            weight_first,
            up_to,
            numbers,
            known_number,
            first_year,
            since,
            variables,
            words,
            slots,
            places,
            notes,
            bases,
            rank,
            attributes[:, column],
        )
