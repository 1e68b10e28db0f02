"""Agencies of one draw: who is there from when until when, who holds a status; compiled, by address.

Agencies of one line of business have consecutive slots (`line << 20 | serial`), in order of
entry, so a slot is never reused and another line's growth never moves it.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled, compiled_step, compiled_within
from simkit.base.random import decision, uniform_pair, unit, words_of_run
from simkit.claims.memory import CELL, Agencies, Scratch
from simkit.claims.records import Draw, PopulationRates
from simkit.distributions.frequency import poisson_quantile

__all__ = [
    "CELL_SHIFT",
    "NEVER",
    "SERIAL_BITS",
    "SERIAL_MASK",
    "cells_of",
    "day_in",
    "district_of",
    "grow",
]

#: A word shifted by this is a place in a cell of `CELL` slots.
CELL_SHIFT = 32 - 6
#: A slot is a line of business and a serial number in it.
SERIAL_BITS = 20
SERIAL_MASK = (1 << SERIAL_BITS) - 1
#: A day that does not come.
NEVER = 2**31 - 1
_ENTRIES = decision("population", "entries")
_AGENCY = decision("population", "agency")


@compiled
def day_in(opens: IndexArray, at: int, u: float) -> int:
    """A day of year number `at` by a uniform; `opens` are the first days of the years."""
    return opens[at] + int(u * (opens[at + 1] - opens[at]))


@compiled
def district_of(
    slot: int, home: npt.NDArray[np.uint32], up_to: FloatArray, known: npt.NDArray[np.int16]
) -> int:
    """District of an agency: as the roster says, else by cumulated shares."""
    line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
    if serial < known.shape[1] and known[line, serial] >= 0:
        return int(known[line, serial])
    u = unit(home[line, serial])
    district = 0
    for place in range(len(up_to) - 1):
        district += u >= up_to[place]
    return district


@compiled_step
def _leaving(years: Records, gone: FloatArray) -> None:
    """Chance to have left by the end of a year, by year of entry: gone[cohort, year], cohort 0 the start."""
    for cohort in range(gone.shape[0]):
        hazard = 0.0
        for at in range(gone.shape[1]):
            if at >= cohort:
                hazard += years[at].exit_hazard
            gone[cohort, at] = -math.expm1(-hazard)


@compiled_within
def _enter(
    people: Draw,
    rates: PopulationRates,
    agencies: Agencies,
    scratch: Scratch,
    line: int,
    cohort: int,
    first: int,
    last: int,
) -> None:
    """Draw all that an agency is, four words each: whether it qualifies, where, from which day, until which."""
    opens, words, known = agencies.opens, scratch.words, rates.known.eligible
    entered, eligible = agencies.entered, rates.eligible[people.row]
    count, slot = last - first, (line << SERIAL_BITS) | first
    words_of_run(people.seed, _AGENCY, people.number, slot, count, words)
    begin, days = 0, 0
    if cohort > 0:
        begin, days = opens[cohort - 1], opens[cohort] - opens[cohort - 1]
    day_of, until = entered[line, first:last], agencies.left[line, first:last]
    where = agencies.home[line, first:last]
    for one in range(count):
        where[one] = words[1, one]
        until[one] = NEVER
        day = begin + int(unit(words[2, one]) * days)
        day_of[one] = day if unit(words[0, one]) < eligible else NEVER
    for serial in range(first, min(last, known.shape[1])):
        if known[line, serial] == 0:
            entered[line, serial] = NEVER
        elif known[line, serial] == 1:
            entered[line, serial] = begin + int(unit(words[2, serial - first]) * days)
    chance = scratch.gone[cohort]
    ever = chance[len(chance) - 1]
    for one in range(count):
        u = unit(words[3, one])
        if u < ever:
            at = cohort
            while u >= chance[at]:
                at += 1
            before = chance[at - 1] if at > cohort else 0.0
            until[one] = day_in(opens, at, (u - before) / (chance[at] - before))
            scratch.leavers[at] += 1


@compiled_step
def grow(
    people: Draw, rates: PopulationRates, agencies: Agencies, scratch: Scratch, counted: IndexArray
) -> bool:
    """Draw who enters and who leaves; False where a line outgrew the room for it.

    `counted`: out, agencies there at the end of each year, whether they qualify or not.
    """
    lines, room = agencies.left.shape
    years, bounds = rates.years[people.row], agencies.bounds
    counted[:] = 0
    _leaving(years, scratch.gone)
    for line in range(lines):
        here = rates.start[people.row, line]
        if here > room:
            return False
        bounds[line, 0] = here
        counted[0] += here
        scratch.leavers[:] = 0
        _enter(people, rates, agencies, scratch, line, 0, 0, here)
        for at in range(len(years)):
            mean = years[at].entry_mean * here + years[at].entry_plus * rates.line_share[people.row, line]
            more = 0
            if mean > 0:
                year = agencies.first_year + at
                more = poisson_quantile(
                    uniform_pair(people.seed, _ENTRIES, people.number, year, line, 0)[0], mean
                )
            before = bounds[line, at]
            bounds[line, at + 1] = before + more
            if before + more > room:
                return False
            _enter(people, rates, agencies, scratch, line, at + 1, before, before + more)
            here += more - scratch.leavers[at]
            counted[at + 1] += here
    return True


@compiled_step
def cells_of(agencies: Agencies) -> None:
    """First slots of all cells with an agency in the last year."""
    bounds, count = agencies.bounds, 0
    for line in range(bounds.shape[0]):
        agencies.cell_first[line] = count
        for begin in range(0, bounds[line, bounds.shape[1] - 1], CELL):
            agencies.cells[count] = (line << SERIAL_BITS) | begin
            count += 1
    agencies.cell_first[bounds.shape[0]] = count
