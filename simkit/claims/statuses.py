"""Agencies of a draw that hold a status: those of a list, and those who gain one while the draw runs."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.base.random import (
    WordArray,
    place_of,
    unit,
    unit_of_two,
    words_at,
    words_of_places,
)
from simkit.claims.agencies import CELL, CELL_SHIFT, NEVER, SERIAL_BITS, SERIAL_MASK, day_in

__all__ = ["HOLDER", "acquire", "scatter"]

#: An agency that holds a status: from which day, since which year (0: from the start).
HOLDER = np.dtype([(name, np.int64) for name in ("slot", "day", "year")])


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
