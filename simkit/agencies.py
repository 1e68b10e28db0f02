"""Agencies of one draw: who is there from when until when, who holds a status; compiled, by address.

Agencies of one line of business have consecutive slots (`line << 20 | serial`), in order of
entry, so a slot is never reused and another line's growth never moves it.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simkit.arrays import FloatArray, IndexArray, Records
from simkit.compiled import compiled
from simkit.distributions.frequency import poisson_quantile
from simkit.streams import (
    WordArray,
    decision,
    place_of,
    uniform_pair,
    unit,
    unit_of_two,
    words_at,
    words_of_places,
    words_of_run,
)

__all__ = [
    "CELL",
    "CELL_SHIFT",
    "HOLDER",
    "NEVER",
    "SERIAL_BITS",
    "SERIAL_MASK",
    "acquire",
    "cells_of",
    "day_in",
    "district_of",
    "grow",
    "scatter",
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
#: An agency that holds a status: from which day, since which year (0: from the start).
HOLDER = np.dtype([(name, np.int64) for name in ("slot", "day", "year")])

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


@compiled
def scatter(
    seed: int,
    asked: int,
    draw: int,
    year: int,
    cells: IndexArray,
    cell_first: IndexArray,
    reach: IndexArray,
    clear: FloatArray,
    words: WordArray,
    slots: IndexArray,
    places: IndexArray,
) -> int:
    """Points of each cell's unit Poisson process on slots x intensity, in order of intensity, up to a limit.

    A slot has an event when one of its points lies below its own intensity. So a higher intensity only
    adds events, and no bound on it is needed. A point's intensity is minus the logarithm of a product
    of uniforms, one more for each point, over CELL: what is compared is the product.

    Parameters
    ----------
    cells : int64[cell], cell_first : int64[line + 1]
        As `cells_of` gives them.
    reach : int64[line]
        Serials that exist in the year: cells beyond are passed over.
    clear : float[line]
        exp(-CELL x intensity), the chance that a cell has no point.
    words : uint32[4, ...]
        Scratch, as long as slots.
    slots, places : int64[point]
        Out: cell of each point, and year and number of the point within it as one number: the
        address of all else that is asked about it.

    Returns
    -------
    int
        Number of points, -1 where there is no room for them.
    """
    count = cell_first[len(cell_first) - 1]
    for at in range(count):
        places[at] = place_of(year, 0)
    words_of_places(seed, asked, draw, cells[:count], places[:count], words)
    found = 0
    for line in range(len(clear)):
        limit, begin = clear[line], cell_first[line]
        if limit >= 1.0:
            continue
        own = words[:, begin : begin + (reach[line] + CELL - 1) // CELL]
        for at in range(own.shape[1]):
            product = unit(own[0, at])
            if product <= limit:
                continue
            cell = cells[begin + at]
            w1, w2, w3 = np.uint64(own[1, at]), np.uint64(own[2, at]), np.uint64(own[3, at])
            w0, number = w1, 0
            while product > limit:
                if found >= len(slots):
                    return -1
                slots[found] = cell
                places[found] = place_of(year, number)
                found += 1
                number += 1
                which = number & 3
                if which == 0:
                    w0, w1, w2, w3 = words_at(seed, asked, draw, year, cell, number >> 2)
                word = w0
                if which == 1:
                    word = w1
                elif which == 2:
                    word = w2
                elif which == 3:
                    word = w3
                product *= unit(word)
    return found


@compiled
def acquire(
    seed: int,
    path: int,
    asked: IndexArray,
    first_year: int,
    opens: IndexArray,
    begun: FloatArray,
    hazard: FloatArray,
    bounds: IndexArray,
    cells: IndexArray,
    cell_first: IndexArray,
    entered: npt.NDArray[np.int32],
    left: npt.NDArray[np.int32],
    since: npt.NDArray[np.int32],
    known: npt.NDArray[np.int8],
    clear: FloatArray,
    words: WordArray,
    slots: IndexArray,
    places: IndexArray,
    holders: Records,
    row: int,
) -> int:
    """Draw which agencies that qualify hold a status from the start or gain it.

    Parameters
    ----------
    asked : int64[2]
        Numbers of the decisions who, and when.
    begun : float[line], hazard : float[line, year]
    since : int32[line, serial]
        Out: day from which the status holds, 0 for never, 1 for from the start.
    known : int8[line, serial]
        What a roster says of the start: 1 holds it, 0 does not, -1 nothing.
    clear, words, slots, places
        Scratch of `scatter`.
    holders : HOLDER[holder]
        Out, from row `row` on.

    Returns
    -------
    int
        The next free row, -1 where there is none.
    """
    years = bounds.shape[1] - 1
    for line in range(len(begun)):
        since[line, : bounds[line, years]] = 0
        for serial in range(known.shape[1]):
            if known[line, serial] == 1 and entered[line, serial] != NEVER:
                if row >= len(holders):
                    return -1
                since[line, serial] = 1
                holders[row].slot = (line << SERIAL_BITS) | serial
                holders[row].day = 1
                holders[row].year = 0
                row += 1
    for at in range(-1, years):
        for line in range(len(begun)):
            clear[line] = math.exp(-CELL * (begun[line] if at < 0 else hazard[line, at]))
        year = first_year + at
        found = scatter(
            seed, asked[0], path, year, cells, cell_first, bounds[:, at + 1], clear, words, slots, places
        )
        if found < 0:
            return -1
        words_of_places(seed, asked[1], path, slots[:found], places[:found], words)
        for one in range(found):
            slot = slots[one] + (np.int64(words[0, one]) >> CELL_SHIFT)
            line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
            if serial >= bounds[line, at + 1] or since[line, serial] != 0:
                continue
            day = 1
            if at < 0:
                if entered[line, serial] == NEVER or (serial < known.shape[1] and known[line, serial] == 0):
                    continue
            else:
                day = day_in(opens, at, unit_of_two(words[2, one], words[3, one]))
                if not entered[line, serial] <= day < left[line, serial]:
                    continue
            if row >= len(holders):
                return -1
            since[line, serial] = day
            holders[row].slot = slot
            holders[row].day = day
            holders[row].year = year if at >= 0 else 0
            row += 1
    return row
