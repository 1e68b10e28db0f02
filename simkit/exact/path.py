"""One path of the population: who is there from when to when, qualifies, holds what; the same in every draw.

The only place that calls the population's kernels.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simkit.arrays import BoolArray, IndexArray, Records
from simkit.population import (
    HOLDER,
    SERIAL_BITS,
    SERIAL_MASK,
    PopulationRates,
    acquire,
    exists,
    grow,
    is_eligible,
)
from simkit.rules.calendar import first_day

__all__ = ["PopulationPath", "population_path", "repeated"]

_NEVER = 2**30


class PopulationPath(NamedTuple):
    """Agencies of one path: rows of one length, in order of lines and entry.

    Attributes
    ----------
    first_year : int
        Years run from here.
    years : int
    line : int64[agency]
    entry, leave : int64[agency]
        First day there, first day no longer there.
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


def population_path(rates: PopulationRates, seed: int, path: int) -> PopulationPath:
    """Draw the population of one draw number once, from the rates of that draw (one row)."""
    lines, years, room = rates.start.shape[1], rates.years.shape[1], 1_024
    while True:
        bounds, exits = np.zeros((lines, years + 1), dtype=np.int64), np.zeros((lines, room), dtype=np.int32)
        agencies = np.zeros(years + 1, dtype=np.int64)
        begin = (rates.years[0], rates.start[0], rates.line_share[0])
        given: tuple[Any, ...] = (seed, path, rates.first_year, *begin, bounds, exits, agencies)
        if grow(*given):
            break
        room *= 2
    first_row = np.concatenate([[0], np.cumsum(bounds[:, years])])
    line = np.repeat(np.arange(lines), bounds[:, years])
    serial = np.arange(len(line)) - first_row[line]
    slots = (line << SERIAL_BITS) | serial
    entry = np.array([_entry_day(rates.first_year, seed, path, int(slot), bounds, exits) for slot in slots])
    left = exits[line, serial].astype(np.int64)
    known = rates.known_eligible
    holders = _holders(rates, seed, path, bounds, exits)
    for rows in holders:
        rows["slot"] = first_row[rows["slot"] >> SERIAL_BITS] + (rows["slot"] & SERIAL_MASK)
    return PopulationPath(
        first_year=rates.first_year,
        years=years,
        line=line,
        entry=entry.astype(np.int64),
        leave=np.where(left == 0, _NEVER, left),
        eligible=np.array(
            [is_eligible(seed, path, int(slot), rates.eligible[0], known) for slot in slots], dtype=np.bool_
        ),
        from_start=serial < bounds[line, 0],
        holders=tuple(holders),
    )


def _entry_day(first_year: int, seed: int, path: int, slot: int, bounds: IndexArray, exits: Any) -> int:
    """The first day on which an agency is there: nobody leaves in the year of entry."""
    line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
    at = int(np.searchsorted(bounds[line], serial, side="right")) - 1
    if at < 0:
        return 0
    year = first_year + at
    low, high = int(first_day(year)), int(first_day(year + 1)) - 1
    while low < high:
        middle = (low + high) // 2
        if exists(seed, path, slot, middle, at, year, bounds, exits):
            high = middle
        else:
            low = middle + 1
    return low


def _holders(rates: PopulationRates, seed: int, path: int, bounds: IndexArray, exits: Any) -> list[Records]:
    """Who holds each status, from when."""
    found = []
    for status in range(len(rates.asked_status)):
        room = 1_024
        while True:
            holders: Records = np.zeros(room, dtype=HOLDER)
            held = acquire(
                seed,
                path,
                rates.asked_status[status],
                rates.first_year,
                rates.status_start[0, status],
                rates.status_hazard[0, status],
                bounds,
                exits,
                np.zeros(exits.shape, dtype=np.int32),
                rates.known_status[status],
                holders,
                0,
            )
            if held >= 0:
                break
            room *= 2
        found.append(holders[:held])
    return found
