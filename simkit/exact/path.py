"""One path of the population: who is there from when to when, qualifies, holds what; the same in every draw.

The only place that calls the population's kernels.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simkit.base.arrays import BoolArray, IndexArray, Records
from simkit.claims.agencies import NEVER, SERIAL_BITS, SERIAL_MASK
from simkit.claims.memory import DONE, Room, agencies_of, scratch_of
from simkit.claims.records import Draw, PopulationRates
from simkit.claims.statuses import agencies_of_draw

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


def population_path(rates: PopulationRates, seed: int, path: int) -> PopulationPath:
    """Draw the population of one draw number once, from the rates of that draw (one row)."""
    years, room = rates.years.shape[1], Room(agencies=1_024, holders=1_024)
    counted = np.zeros(years + 1, dtype=np.int64)
    while True:
        people = agencies_of(rates, room)
        draw = Draw(seed=seed, number=path, row=0)
        if agencies_of_draw(draw, rates, people, scratch_of(rates, room), counted) == DONE:
            break
        room = Room(agencies=2 * room.agencies, holders=2 * room.holders)
    bounds = people.bounds
    first_row = np.concatenate([[0], np.cumsum(bounds[:, years])])
    line = np.repeat(np.arange(len(bounds)), bounds[:, years])
    serial = np.arange(len(line)) - first_row[line]
    entry = people.entered[line, serial].astype(np.int64)
    rows = people.holders[: people.holder_first[-1]]
    rows["slot"] = first_row[rows["slot"] >> SERIAL_BITS] + (rows["slot"] & SERIAL_MASK)
    return PopulationPath(
        first_year=rates.first_year,
        years=years,
        line=line,
        entry=entry,
        leave=people.left[line, serial].astype(np.int64),
        eligible=entry != NEVER,
        from_start=serial < bounds[line, 0],
        holders=tuple(np.split(rows, people.holder_first[1:-1])) if len(rates.asked_status) else (),
    )
