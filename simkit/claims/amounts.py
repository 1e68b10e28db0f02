"""Amounts: base and attributes of the claims of one measure in one draw, column by column; compiled, by address."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled_step
from simkit.base.days import first_day
from simkit.base.random import WordArray, unit, words_of_places
from simkit.claims.agencies import SERIAL_BITS, SERIAL_MASK, district_of
from simkit.claims.memory import DONE, UNKNOWN_KIND, Agencies, Arrivals, Scratch
from simkit.claims.records import (
    BY_BANDS,
    BY_CHANCE,
    BY_KEY,
    BY_LAW,
    BY_LINE,
    BY_NOBODY,
    BY_NUMBER,
    BY_STATUS,
    BY_VARIABLE,
    BY_WEIGHTS,
    NUMBER_YEARS_BACK,
    Draw,
    LawTables,
    Model,
    PopulationRates,
    Record,
)
from simkit.claims.types import UNKNOWN
from simkit.claims.values import banded_tax, category, number_of_agency, values_of_law, whole

__all__ = ["write"]


@compiled_step
def _by_variable(how: Record, scratch: Scratch, rank: IndexArray, column: IndexArray) -> None:
    for one in range(len(rank)):
        column[rank[one]] = whole(scratch.values[how.reference, one] * how.factor)


@compiled_step
def _by_bands(how: Record, tables: LawTables, scratch: Scratch, rank: IndexArray, column: IndexArray) -> None:
    """Progressive tax; list of bands and variable stand in one number."""
    for one in range(len(rank)):
        income = scratch.values[how.reference & 3, one] - how.minus
        column[rank[one]] = whole(banded_tax(how.reference >> 2, tables, income) * how.factor)


@compiled_step
def _by_law(
    draw: Draw, how: Record, tables: LawTables, scratch: Scratch, arrivals: Arrivals, column: IndexArray
) -> bool:
    # The product of the variables is no longer needed: its place serves.
    rank, values = arrivals.rank, scratch.values[4, : len(arrivals.rank)]
    words_of_places(draw.seed, how.asked, draw.number, arrivals.slots, arrivals.places, scratch.words)
    known = values_of_law(tables.laws[how.reference], tables.table, scratch.words, values)
    for one in range(len(rank)):
        column[rank[one]] = whole(values[one] * how.factor)
    return known


@compiled_step
def _by_weights(
    draw: Draw, how: Record, tables: LawTables, words: WordArray, arrivals: Arrivals, column: IndexArray
) -> None:
    words_of_places(draw.seed, how.asked, draw.number, arrivals.slots, arrivals.places, words)
    for one in range(len(arrivals.rank)):
        column[arrivals.rank[one]] = category(how.reference, tables, unit(words[0, one]))


@compiled_step
def _by_chance(
    draw: Draw, how: Record, chance: float, words: WordArray, arrivals: Arrivals, column: IndexArray
) -> None:
    words_of_places(draw.seed, how.asked, draw.number, arrivals.slots, arrivals.places, words)
    for one in range(len(arrivals.rank)):
        column[arrivals.rank[one]] = 1 if unit(words[0, one]) < chance else 0


@compiled_step
def _by_key(arrivals: Arrivals, column: IndexArray) -> None:
    for one in range(len(arrivals.rank)):
        column[arrivals.rank[one]] = arrivals.notes[one].key


@compiled_step
def _by_nobody(rank: IndexArray, column: IndexArray) -> None:
    for one in range(len(rank)):
        column[rank[one]] = UNKNOWN


# What belongs to an agency: nobody gave it of parks and the like, whose lines are beyond those of agencies.


@compiled_step
def _by_line(lines: int, arrivals: Arrivals, column: IndexArray) -> None:
    for one in range(len(arrivals.rank)):
        line = arrivals.slots[one] >> SERIAL_BITS
        column[arrivals.rank[one]] = line if line < lines else UNKNOWN


@compiled_step
def _by_status(how: Record, since: npt.NDArray[np.int32], arrivals: Arrivals, column: IndexArray) -> None:
    """Whether a status held on the earned day, or at the end of another year."""
    for one in range(len(arrivals.rank)):
        slot, year, known = arrivals.slots[one], arrivals.places[one] >> 20, UNKNOWN
        line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
        if line < len(since):
            day = arrivals.notes[one].day if how.year == 0 else first_day(year + how.year + 1) - 1
            known = 1 if 0 < since[line, serial] <= day else 0
        column[arrivals.rank[one]] = known


@compiled_step
def _by_number(draw: Draw, how: Record, model: Model, arrivals: Arrivals, column: IndexArray) -> bool:
    number, known = model.blueprint.numbers[how.reference], model.rates.known.number[how.reference]
    growth, lines = model.drawn.number[draw.row, how.reference], known.shape[0]
    sound = True
    for one in range(len(arrivals.rank)):
        slot, year, rounded = arrivals.slots[one], (arrivals.places[one] >> 20) + how.year, UNKNOWN
        if slot >> SERIAL_BITS < lines:
            at = min(max(year - model.rates.first_year + NUMBER_YEARS_BACK, 0), len(growth) - 1)
            value = number_of_agency(draw, number, known, model.blueprint.tables, slot, year, growth[at])
            sound = sound and not math.isnan(value)
            rounded = whole(value * how.factor)
        column[arrivals.rank[one]] = rounded
    return sound


@compiled_step
def _write_attributes(
    draw: Draw,
    model: Model,
    number: int,
    agencies: Agencies,
    scratch: Scratch,
    arrivals: Arrivals,
    attributes: IndexArray,
) -> bool:
    """Write the attribute columns of a measure's claims; whether every way and family is known."""
    ways, tables, known = model.blueprint.ways[number], model.blueprint.tables, True
    for place in range(len(ways)):
        how, column = ways[place], attributes[:, place]
        if how.way == BY_NOBODY:
            _by_nobody(arrivals.rank, column)
        elif how.way == BY_VARIABLE:
            _by_variable(how, scratch, arrivals.rank, column)
        elif how.way == BY_BANDS:
            _by_bands(how, tables, scratch, arrivals.rank, column)
        elif how.way == BY_LAW:
            known = _by_law(draw, how, tables, scratch, arrivals, column) and known
        elif how.way == BY_WEIGHTS:
            _by_weights(draw, how, tables, scratch.words, arrivals, column)
        elif how.way == BY_CHANCE:
            chance = model.drawn.chance[draw.row, number, place]
            _by_chance(draw, how, chance, scratch.words, arrivals, column)
        elif how.way == BY_KEY:
            _by_key(arrivals, column)
        elif how.way == BY_LINE:
            _by_line(agencies.since.shape[1], arrivals, column)
        elif how.way == BY_STATUS:
            _by_status(how, agencies.since[how.reference], arrivals, column)
        elif how.way == BY_NUMBER:
            known = _by_number(draw, how, model, arrivals, column) and known
        else:
            known = False
    return known


@compiled_step
def _bases(
    draw: Draw,
    plan: Record,
    by_year: Records,
    first_year: int,
    tables: LawTables,
    scratch: Scratch,
    arrivals: Arrivals,
) -> bool:
    """Draw the variables of the bases and multiply them; whether the family of each is known."""
    values, words, places, known = scratch.values, scratch.words, arrivals.places, True
    claims, count = len(places), plan.variable_last - plan.variable_first
    bases = values[4, :claims]
    for one in range(claims):
        bases[one] = by_year[(places[one] >> 20) - first_year].base
    for which in range(count):
        law, drawn = tables.laws[plan.variable_first + which], values[which, :claims]
        words_of_places(draw.seed, law.asked, draw.number, arrivals.slots, places, words)
        known = values_of_law(law, tables.table, words, drawn) and known
        for one in range(claims):
            bases[one] *= drawn[one]
    if count > 0:
        for one in range(claims):
            values[0, one] *= by_year[(places[one] >> 20) - first_year].growth
    return known


@compiled_step
def _write_rows(
    draw: Draw,
    plan: Record,
    rates: PopulationRates,
    agencies: Agencies,
    bases: FloatArray,
    arrivals: Arrivals,
    rows: Records,
) -> None:
    """Write all of a measure's claims but their attributes."""
    lines, districts = agencies.since.shape[1], rates.districts[draw.row]
    for one in range(len(arrivals.rank)):
        claim, note, slot = rows[arrivals.rank[one]], arrivals.notes[one], arrivals.slots[one]
        claim.agency = slot
        claim.key = note.key
        claim.matter = note.matter
        claim.base = whole(bases[one])
        claim.score = note.score
        claim.earned = note.day
        claim.filed = note.filed
        claim.decided = note.decided
        claim.measure = plan.measure
        claim.district = plan.district
        if plan.district < 0:
            is_agency = slot >> SERIAL_BITS < lines
            claim.district = (
                district_of(slot, agencies.home, districts, rates.known.district) if is_agency else 0
            )
        claim.first_time = note.first_time
        claim.account = note.account


@compiled_step
def write(
    draw: Draw,
    model: Model,
    number: int,
    agencies: Agencies,
    scratch: Scratch,
    arrivals: Arrivals,
    rows: Records,
    attributes: IndexArray,
) -> int:
    """Write the claims of plan `number`, each into the row that is its rank; DONE or UNKNOWN_KIND."""
    plan, by_year = model.blueprint.plans[number], model.drawn.by_year[draw.row, number]
    known = _bases(draw, plan, by_year, agencies.first_year, model.blueprint.tables, scratch, arrivals)
    _write_rows(draw, plan, model.rates, agencies, scratch.values[4], arrivals, rows)
    known = _write_attributes(draw, model, number, agencies, scratch, arrivals, attributes) and known
    return DONE if known else UNKNOWN_KIND
