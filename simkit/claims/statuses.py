"""Agencies of a draw that hold a status: those of a list, and those who gain one while the draw runs."""

from __future__ import annotations

import math

import numpy as np

from simkit.base.arrays import IndexArray
from simkit.base.compiled import compiled, compiled_step
from simkit.base.random import place_of, unit, unit_of_two, words_at, words_of_places
from simkit.claims.agencies import CELL_SHIFT, NEVER, SERIAL_BITS, SERIAL_MASK, cells_of, day_in, grow
from simkit.claims.memory import (
    CELL,
    DONE,
    NO_ROOM_FOR_AGENCIES,
    NO_ROOM_FOR_CLAIMS,
    Agencies,
    Scratch,
)
from simkit.claims.records import Draw, PopulationRates

__all__ = ["agencies_of_draw", "scatter"]


@compiled_step
def _points_of_cell(
    draw: Draw,
    asked: int,
    year: int,
    limit: float,
    place: int,
    agencies: Agencies,
    scratch: Scratch,
    row: int,
) -> int:
    """The points of cell number `place`, from row `row` on; the row after them."""
    cell, words = agencies.cells[place], scratch.words
    product = unit(words[0, place])
    w1, w2, w3 = np.uint64(words[1, place]), np.uint64(words[2, place]), np.uint64(words[3, place])
    w0, number = w1, 0
    while product > limit:
        if row >= len(scratch.slots):
            return NO_ROOM_FOR_CLAIMS
        scratch.slots[row] = cell
        scratch.places[row] = place_of(year, number)
        row += 1
        number += 1
        which = number & 3
        if which == 0:
            w0, w1, w2, w3 = words_at(draw.seed, asked, draw.number, year, cell, number >> 2)
        word = w0
        if which == 1:
            word = w1
        elif which == 2:
            word = w2
        elif which == 3:
            word = w3
        product *= unit(word)
    return row


@compiled_step
def scatter(draw: Draw, asked: int, at: int, agencies: Agencies, scratch: Scratch) -> int:
    """Points of each cell's unit Poisson process on slots x intensity, in order of intensity, up to a limit.

    A slot has an event when one of its points lies below its own intensity. So a higher intensity only
    adds events, and no bound on it is needed. A point's intensity is minus the logarithm of a product
    of uniforms, one more for each point, over CELL: what is compared is the product.

    Parameters
    ----------
    asked : int
        Number of the decision.
    at : int
        Number of the year, -1 for the one before the first: cells of agencies that enter later are passed over.
    scratch : Scratch
        `clear` is exp(-CELL x intensity), the chance that a cell has no point. Out: `slots` and `places`,
        the cell of each point, and year and number of the point within it: the address of all else that
        is asked about it.

    Returns
    -------
    int
        Number of points, NO_ROOM_FOR_CLAIMS where there is no room for them.
    """
    cell_first, places = agencies.cell_first, scratch.places
    year, count = agencies.first_year + at, cell_first[len(cell_first) - 1]
    for place in range(count):
        places[place] = place_of(year, 0)
    words_of_places(draw.seed, asked, draw.number, agencies.cells[:count], places[:count], scratch.words)
    found = 0
    for line in range(len(scratch.clear)):
        limit, begin = scratch.clear[line], cell_first[line]
        if limit >= 1.0:
            continue
        for place in range(begin, begin + (agencies.bounds[line, at + 1] + CELL - 1) // CELL):
            found = _points_of_cell(draw, asked, year, limit, place, agencies, scratch, found)
            if found < 0:
                return found
    return found


@compiled_step
def _hold(agencies: Agencies, status: int, slot: int, day: int, year: int, row: int) -> int:
    """Write down a holder; the next free row."""
    if row >= len(agencies.holders):
        return NO_ROOM_FOR_AGENCIES
    agencies.since[status, slot >> SERIAL_BITS, slot & SERIAL_MASK] = day
    holder = agencies.holders[row]
    holder.slot = slot
    holder.day = day
    holder.year = year
    return row + 1


@compiled_step
def _known_holders(rates: PopulationRates, status: int, agencies: Agencies, row: int) -> int:
    """Those of a list that hold a status from the start."""
    known, entered = rates.known.status[status], agencies.entered
    for line in range(known.shape[0]):
        agencies.since[status, line, : agencies.bounds[line, agencies.bounds.shape[1] - 1]] = 0
        for serial in range(known.shape[1]):
            if known[line, serial] == 1 and entered[line, serial] != NEVER:
                row = _hold(agencies, status, (line << SERIAL_BITS) | serial, 1, 0, row)
                if row < 0:
                    return row
    return row


@compiled_step
def _gained(
    people: Draw, rates: PopulationRates, status: int, at: int, agencies: Agencies, scratch: Scratch, row: int
) -> int:
    """Those that gain a status in a year; with -1 for the year, those that hold it from the start."""
    known, since, entered = rates.known.status[status], agencies.since[status], agencies.entered
    for line in range(len(scratch.clear)):
        rate = rates.status_start[people.row, status, line]
        if at >= 0:
            rate = rates.status_hazard[people.row, status, line, at]
        scratch.clear[line] = math.exp(-CELL * rate)
    asked, slots, words = rates.asked_status[status], scratch.slots, scratch.words
    found = scatter(people, asked[0], at, agencies, scratch)
    if found < 0:
        return NO_ROOM_FOR_AGENCIES
    words_of_places(people.seed, asked[1], people.number, slots[:found], scratch.places[:found], words)
    for one in range(found):
        slot = slots[one] + (np.int64(words[0, one]) >> CELL_SHIFT)
        line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
        if serial >= agencies.bounds[line, at + 1] or since[line, serial] != 0:
            continue
        day, year = 1, 0
        if at < 0:
            if entered[line, serial] == NEVER or (serial < known.shape[1] and known[line, serial] == 0):
                continue
        else:
            year = agencies.first_year + at
            day = day_in(agencies.opens, at, unit_of_two(words[2, one], words[3, one]))
            if not entered[line, serial] <= day < agencies.left[line, serial]:
                continue
        row = _hold(agencies, status, slot, day, year, row)
        if row < 0:
            return row
    return row


@compiled
def agencies_of_draw(
    people: Draw, rates: PopulationRates, agencies: Agencies, scratch: Scratch, counted: IndexArray
) -> int:
    """Draw the agencies of a draw, and which of those that qualify hold a status from the start or gain it.

    `counted`: out, agencies there at the end of each year. Returns DONE or NO_ROOM_FOR_AGENCIES.
    """
    if not grow(people, rates, agencies, scratch, counted):
        return NO_ROOM_FOR_AGENCIES
    cells_of(agencies)
    years, row = agencies.bounds.shape[1] - 1, 0
    for status in range(len(rates.asked_status)):
        agencies.holder_first[status] = row
        row = _known_holders(rates, status, agencies, row)
        for at in range(-1, years):
            if row >= 0:
                row = _gained(people, rates, status, at, agencies, scratch, row)
        if row < 0:
            return NO_ROOM_FOR_AGENCIES
    agencies.holder_first[len(rates.asked_status)] = row
    return DONE
