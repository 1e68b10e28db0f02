"""Memory that the kernels of claims write into, and what they answer where they cannot go on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.days import first_day
from simkit.base.order import COUNTS
from simkit.base.random import WordArray
from simkit.claims.records import PopulationRates

__all__ = [
    "CELL",
    "DONE",
    "NO_ROOM_FOR_AGENCIES",
    "NO_ROOM_FOR_CLAIMS",
    "UNKNOWN_KIND",
    "Agencies",
    "Arrivals",
    "Room",
    "Scratch",
    "agencies_of",
    "arrivals_of",
    "scratch_of",
]

#: What a kernel answers: that all went well (or how many rows there are), or why it cannot go on.
DONE, NO_ROOM_FOR_CLAIMS, NO_ROOM_FOR_AGENCIES, UNKNOWN_KIND = 0, -1, -2, -3
#: Consecutive slots that share a stream of points; part of every address, so never to be changed.
CELL = 64

#: An agency that holds a status: from which day, since which year (0: from the start).
_HOLDER = np.dtype([(name, np.int64) for name in ("slot", "day", "year")])
#: What is known of a claim beside its address. `held`: not before this day; `day`: earned, -1 until drawn.
_NOTE = np.dtype(
    [
        *((name, np.int64) for name in ("held", "files", "day", "filed", "decided", "order")),
        *((name, np.int64) for name in ("key", "first_time", "matter", "account")),
        ("score", np.float64),
    ]
)


class Room(NamedTuple):
    """Most agencies of a line, holders of statuses, and claims of a draw."""

    agencies: int
    holders: int
    claims: int = 0


class Agencies(NamedTuple):
    """Agencies of one draw. Years run from `first_year`.

    Attributes
    ----------
    first_year : int
    opens : int64[year + 1]
        First day of each year, and of the one after the last.
    bounds : int64[line, year + 1]
        Serials below `bounds[line, y]` have entered by the end of year y - 1.
    entered, left : int32[line, serial]
        An agency that qualifies is there from day `entered` until before day `left`; NEVER: it does not
        qualify, it does not leave.
    home : uint32[line, serial]
        Where it is, for `district_of`.
    since : int32[status, line, serial]
        Day from which a status holds, 0 for never, 1 for from the start.
    cells : int64[cell], cell_first : int64[line + 1]
        First slots of all cells with an agency in the last year; those of a line are `cell_first[line : line + 2]`.
    holders : HOLDER[holder], holder_first : int64[status + 1]
        Those of a status are `holder_first[status : status + 2]`; after the last, others that are no agencies.
    """

    first_year: int
    opens: IndexArray
    bounds: IndexArray
    entered: npt.NDArray[np.int32]
    left: npt.NDArray[np.int32]
    home: npt.NDArray[np.uint32]
    since: npt.NDArray[np.int32]
    cells: IndexArray
    cell_first: IndexArray
    holders: Records
    holder_first: IndexArray


class Scratch(NamedTuple):
    """What lasts no longer than one step.

    Attributes
    ----------
    slots, places, held : int64[address]; words : uint32[4, address]
        Addresses that are tried, the day from which each can claim, and the random words of these or of claims.
    clear : float[line]
        Chance that a cell has no point.
    none : float[line + 1]
        Chance of no claim in a year; last that of what is no agency.
    gone : float[year + 1, year], leavers : int64[year]
    seen : int64[line + 1, serial]
        Keys of which an event was seen, a bit each.
    values : float[5, claim]
        The base's variables as drawn (the first with its growth), then their product.
    keys, order, spare : int64[claim]; digits : int64[COUNTS]
    """

    slots: IndexArray
    places: IndexArray
    held: IndexArray
    words: WordArray
    clear: FloatArray
    none: FloatArray
    gone: FloatArray
    leavers: IndexArray
    seen: IndexArray
    values: FloatArray
    keys: IndexArray
    order: IndexArray
    spare: IndexArray
    digits: IndexArray


class Arrivals(NamedTuple):
    """Claims of one draw, measure by measure: columns of one length.

    Attributes
    ----------
    slots, places : int64[claim]
        Who claims; year and number within it (`place_of`).
    notes : NOTE[claim]
    rank : int64[claim]
        Place in the order of decision.
    """

    slots: IndexArray
    places: IndexArray
    notes: Records
    rank: IndexArray


def _cells(rates: PopulationRates, room: Room) -> int:
    return rates.start.shape[1] * (room.agencies // CELL + 1)


def agencies_of(rates: PopulationRates, room: Room) -> Agencies:
    """Memory for the agencies of a draw."""
    lines, years, statuses = rates.start.shape[1], rates.years.shape[1], len(rates.asked_status)
    shape = (lines, room.agencies)
    opens = [first_day(rates.first_year + at) for at in range(years + 1)]
    return Agencies(
        first_year=rates.first_year,
        opens=np.array(opens, dtype=np.int64),
        bounds=np.zeros((lines, years + 1), dtype=np.int64),
        entered=np.zeros(shape, dtype=np.int32),
        left=np.zeros(shape, dtype=np.int32),
        home=np.zeros(shape, dtype=np.uint32),
        since=np.zeros((statuses, *shape), dtype=np.int32),
        cells=np.zeros(_cells(rates, room), dtype=np.int64),
        cell_first=np.zeros(lines + 1, dtype=np.int64),
        holders=np.zeros(room.holders, dtype=_HOLDER),
        holder_first=np.zeros(statuses + 1, dtype=np.int64),
    )


def scratch_of(rates: PopulationRates, room: Room) -> Scratch:
    """Scratch memory for the agencies and the claims of a draw."""
    lines, years = rates.start.shape[1], rates.years.shape[1]
    addresses = max(room.claims, room.holders, room.agencies, _cells(rates, room))
    slots, places, held = np.zeros((3, addresses), dtype=np.int64)
    keys, order, spare = np.zeros((3, room.claims), dtype=np.int64)
    return Scratch(
        slots=slots,
        places=places,
        held=held,
        words=np.zeros((4, addresses), dtype=np.uint32),
        clear=np.zeros(lines),
        none=np.zeros(lines + 1),
        gone=np.zeros((years + 1, years)),
        leavers=np.zeros(years, dtype=np.int64),
        seen=np.zeros((lines + 1, room.agencies), dtype=np.int64),
        values=np.zeros((5, room.claims)),
        keys=keys,
        order=order,
        spare=spare,
        digits=np.zeros(COUNTS, dtype=np.int64),
    )


def arrivals_of(room: Room) -> Arrivals:
    """Memory for the claims of a draw."""
    slots, places, rank = np.zeros((3, room.claims), dtype=np.int64)
    return Arrivals(slots=slots, places=places, notes=np.zeros(room.claims, dtype=_NOTE), rank=rank)
