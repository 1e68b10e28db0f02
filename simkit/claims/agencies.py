"""Agencies of one draw: who is there from when until when, who holds a status; compiled, by address.

Agencies of one line of business have consecutive slots (`line << 20 | serial`), in order of
entry, so a slot is never reused and another line's growth never moves it.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.base.random import (
    WordArray,
    decision,
    uniform_pair,
    unit,
    words_of_run,
)
from simkit.distributions.frequency import poisson_quantile

__all__ = [
    "CELL",
    "CELL_SHIFT",
    "NEVER",
    "SERIAL_BITS",
    "SERIAL_MASK",
    "cells_of",
    "day_in",
    "district_of",
    "grow",
]

#: Consecutive slots that share a stream of points; part of every address, so never to be changed.
CELL = 64
#: A word shifted by this is a place in a cell.
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


@compiled
def _leaving(years: Records, gone: FloatArray) -> None:
    """Chance to have left by the end of a year, by year of entry: gone[cohort, year], cohort 0 the start."""
    for cohort in range(gone.shape[0]):
        hazard = 0.0
        for at in range(gone.shape[1]):
            if at >= cohort:
                hazard += years[at].exit_hazard
            gone[cohort, at] = -math.expm1(-hazard)


@compiled
def _enter(
    seed: int,
    path: int,
    line: int,
    first: int,
    last: int,
    cohort: int,
    opens: IndexArray,
    gone: FloatArray,
    eligible: float,
    known: npt.NDArray[np.int8],
    words: WordArray,
    entered: npt.NDArray[np.int32],
    left: npt.NDArray[np.int32],
    home: npt.NDArray[np.uint32],
    leavers: IndexArray,
) -> None:
    """Draw all that an agency is, four words each: whether it qualifies, where, from which day, until which."""
    count, slot = last - first, (line << SERIAL_BITS) | first
    words_of_run(seed, _AGENCY, path, slot, count, words)
    begin, days = 0, 0
    if cohort > 0:
        begin, days = opens[cohort - 1], opens[cohort] - opens[cohort - 1]
    day_of, until, where = entered[line, first:last], left[line, first:last], home[line, first:last]
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
    chance = gone[cohort]
    ever = chance[len(chance) - 1]
    for one in range(count):
        u = unit(words[3, one])
        if u < ever:
            at = cohort
            while u >= chance[at]:
                at += 1
            before = chance[at - 1] if at > cohort else 0.0
            until[one] = day_in(opens, at, (u - before) / (chance[at] - before))
            leavers[at] += 1


@compiled
def grow(
    seed: int,
    path: int,
    first_year: int,
    opens: IndexArray,
    years: Records,
    start: IndexArray,
    share: FloatArray,
    eligible: float,
    known: npt.NDArray[np.int8],
    gone: FloatArray,
    words: WordArray,
    leavers: IndexArray,
    bounds: IndexArray,
    entered: npt.NDArray[np.int32],
    left: npt.NDArray[np.int32],
    home: npt.NDArray[np.uint32],
    agencies: IndexArray,
) -> bool:
    """Draw who enters and who leaves.

    Parameters
    ----------
    path : int
        Draw number of the population's addresses.
    opens : int64[year + 1]
        First day of each year, and of the one after the last.
    years : POPULATION_YEAR[year], start : int64[line], share : float[line]
        Of this draw.
    known : int8[line, serial]
        What a roster says of eligibility.
    gone : float[year + 1, year], words : uint32[4, agency], leavers : int64[year]
        Scratch.
    bounds : int64[line, year + 1]
        Out: serials below `bounds[line, y]` have entered by the end of year y - 1.
    entered, left : int32[line, serial]
        Out: an agency that qualifies is there from day `entered` until before day `left`; NEVER: it
        does not qualify, it does not leave.
    home : uint32[line, serial]
        Out: where it is, for `district_of`.
    agencies : int64[year + 1]
        Out: agencies there at the end of each year, whether they qualify or not.

    Returns
    -------
    bool
        False where a line outgrew the room for it.
    """
    lines, room = left.shape
    agencies[:] = 0
    _leaving(years, gone)
    for line in range(lines):
        here = start[line]
        if here > room:
            return False
        bounds[line, 0] = here
        agencies[0] += here
        leavers[:] = 0
        _enter(
            seed, path, line, 0, here, 0, opens, gone, eligible, known, words, entered, left, home, leavers
        )
        for at in range(len(years)):
            mean = years[at].entry_mean * here + years[at].entry_plus * share[line]
            more = 0
            if mean > 0:
                more = poisson_quantile(uniform_pair(seed, _ENTRIES, path, first_year + at, line, 0)[0], mean)
            before = bounds[line, at]
            bounds[line, at + 1] = before + more
            if before + more > room:
                return False
            _enter(
                seed,
                path,
                line,
                before,
                before + more,
                at + 1,
                opens,
                gone,
                eligible,
                known,
                words,
                entered,
                left,
                home,
                leavers,
            )
            here += more - leavers[at]
            agencies[at + 1] += here
    return True


@compiled
def cells_of(bounds: IndexArray, cells: IndexArray, cell_first: IndexArray) -> None:
    """First slots of all cells with an agency in the last year; those of a line are `cell_first[line : line + 2]`."""
    count = 0
    for line in range(bounds.shape[0]):
        cell_first[line] = count
        for begin in range(0, bounds[line, bounds.shape[1] - 1], CELL):
            cells[count] = (line << SERIAL_BITS) | begin
            count += 1
    cell_first[bounds.shape[0]] = count
