"""One path of the population: who is there from when to when, qualifies, holds what; the same in every draw.

The only place that calls the population's kernels.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import BoolArray, FloatArray, IndexArray, Records
from simkit.base.days import first_day
from simkit.base.random import WordArray
from simkit.claims.agencies import NEVER, SERIAL_BITS, SERIAL_MASK, cells_of, grow
from simkit.claims.population import PopulationRates
from simkit.claims.statuses import HOLDER, acquire

__all__ = ["PopulationPath", "population_path", "repeated"]


class PopulationPath(NamedTuple):
    """Agencies of one path: rows of one length, in order of lines and entry.

    Attributes
    ----------
    first_year : int
        Years run from here.
    years : int
    line : int64[agency]
    entry, leave : int64[agency]
        First day there, NEVER for those that do not qualify; first day no longer there.
    eligible, from_start : bool[agency]
    holders : tuple of HOLDER[holder]
        By status; `slot` is the row of the agency here, `day` from when, `year` 0 from the start.
    """

    first_year: int
    years: int
    line: IndexArray
    entry: IndexArray
    leave: IndexArray
    eligible: BoolArray
    from_start: BoolArray
    holders: tuple[Records, ...]


def repeated(rates: PopulationRates, draws: int) -> PopulationRates:
    """The rates of one draw, for many draws."""
    by_draw = ("years", "start", "line_share", "status_start", "status_hazard", "eligible", "districts")
    rows: dict[str, Any] = {name: np.repeat(getattr(rates, name)[:1], draws, axis=0) for name in by_draw}
    return rates._replace(**rows)


class _Room(NamedTuple):
    """Arrays that the kernels of the population write into."""

    opens: IndexArray
    bounds: IndexArray
    cells: IndexArray
    clear: FloatArray
    words: WordArray
    points: IndexArray
    entered: npt.NDArray[np.int32]
    left: npt.NDArray[np.int32]
    home: npt.NDArray[np.uint32]


def _room(rates: PopulationRates, agencies: int) -> _Room:
    """Room for so many agencies in a line."""
    lines, years = rates.start.shape[1], rates.years.shape[1]
    size = lines * agencies
    return _Room(
        opens=np.array([first_day(rates.first_year + at) for at in range(years + 1)], dtype=np.int64),
        bounds=np.zeros((lines, years + 1), dtype=np.int64),
        cells=np.zeros(size, dtype=np.int64),
        clear=np.zeros(lines),
        words=np.zeros((4, size), dtype=np.uint32),
        points=np.zeros((2, size), dtype=np.int64),
        entered=np.zeros((lines, agencies), dtype=np.int32),
        left=np.zeros((lines, agencies), dtype=np.int32),
        home=np.zeros((lines, agencies), dtype=np.uint32),
    )


def population_path(rates: PopulationRates, seed: int, path: int) -> PopulationPath:
    """Draw the population of one draw number once, from the rates of that draw (one row)."""
    years, agencies = rates.years.shape[1], 1_024
    while True:
        room = _room(rates, agencies)
        given: tuple[Any, ...] = (
            *(seed, path, rates.first_year, room.opens, rates.years[0], rates.start[0], rates.line_share[0]),
            *(rates.eligible[0], rates.known_eligible, np.zeros((years + 1, years)), room.words),
            *(np.zeros(years, dtype=np.int64), room.bounds, room.entered, room.left, room.home),
            np.zeros(years + 1, dtype=np.int64),
        )
        if grow(*given):
            break
        agencies *= 2
    bounds = room.bounds
    first_row = np.concatenate([[0], np.cumsum(bounds[:, years])])
    line = np.repeat(np.arange(len(bounds)), bounds[:, years])
    serial = np.arange(len(line)) - first_row[line]
    holders = _holders(rates, seed, path, room)
    for rows in holders:
        rows["slot"] = first_row[rows["slot"] >> SERIAL_BITS] + (rows["slot"] & SERIAL_MASK)
    entry = room.entered[line, serial].astype(np.int64)
    return PopulationPath(
        first_year=rates.first_year,
        years=years,
        line=line,
        entry=entry,
        leave=room.left[line, serial].astype(np.int64),
        eligible=entry != NEVER,
        from_start=serial < bounds[line, 0],
        holders=tuple(holders),
    )


def _holders(rates: PopulationRates, seed: int, path: int, room: _Room) -> list[Records]:
    """Who of those that qualify holds each status, from when."""
    found = []
    cell_first = np.zeros(len(room.bounds) + 1, dtype=np.int64)
    cells_of(room.bounds, room.cells, cell_first)
    for status in range(len(rates.asked_status)):
        size = 1_024
        while True:
            holders: Records = np.zeros(size, dtype=HOLDER)
            given: tuple[Any, ...] = (
                *(seed, path, rates.asked_status[status], rates.first_year, room.opens),
                *(
                    rates.status_start[0, status],
                    rates.status_hazard[0, status],
                    room.bounds,
                    room.cells,
                    cell_first,
                ),
                *(room.entered, room.left, np.zeros(room.left.shape, dtype=np.int32)),
                *(rates.known_status[status], room.clear, room.words, *room.points, holders, 0),
            )
            held = acquire(*given)
            if held >= 0:
                break
            size *= 2
        found.append(holders[:held])
    return found
