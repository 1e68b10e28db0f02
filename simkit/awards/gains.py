"""Awards of the same claims under two policies, held against each other agency by agency."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import BoolArray, FenArray, IndexArray
from simkit.base.compiled import compiled
from simkit.base.order import COUNTS, sort_by
from simkit.claims.types import Claims

__all__ = [
    "GAINS",
    "LOSES",
    "STAYS",
    "Gathered",
    "Groups",
    "Held",
    "gains_by_agency",
    "gather",
    "no_gathered",
]

GAINS, LOSES, STAYS = range(3)


class Held(NamedTuple):
    """Claims, and their awards before and after: int64[claim]."""

    claims: Claims
    before: FenArray
    after: FenArray


class Groups(NamedTuple):
    """How agencies are grouped.

    Attributes
    ----------
    column : int64[measure]
        Column of the attribute that says whether an agency is large, -1 where there is none.
    outside : bool[measure]
        Whose awards are not counted.
    lines, line_bits : int
        The line of business stands above the lowest `line_bits` of an agency's number; `lines` of them, then all
        else.
    """

    column: IndexArray
    outside: BoolArray
    lines: int
    line_bits: int


class Gathered(NamedTuple):
    """Agency, size, award before and after of a draw's claims: int64[claim]; what sorting them needs."""

    agency: IndexArray
    large: IndexArray
    before: FenArray
    after: FenArray
    spare: IndexArray
    digits: IndexArray


def no_gathered(claims: int) -> Gathered:
    """Room for the claims of a draw."""
    agency, large, before, after = np.zeros((4, claims), dtype=np.int64)
    return Gathered(
        agency=agency,
        large=large,
        before=before,
        after=after,
        spare=np.zeros((3, claims), dtype=np.int64),
        digits=np.zeros(COUNTS, dtype=np.int64),
    )


@compiled
def gather(held: Held, draw: int, groups: Groups, into: Gathered, count: int) -> int:
    """Take down the claims of a draw that were awarded something, before or after; returns how many stand there."""
    rows, attributes, firsts = held.claims.rows, held.claims.attributes, held.claims.firsts
    for row in range(firsts[draw], firsts[draw + 1]):
        measure = rows[row].measure
        if groups.outside[measure] or (held.before[row] == 0 and held.after[row] == 0):
            continue
        column = groups.column[measure]
        into.agency[count] = rows[row].agency
        into.large[count] = column >= 0 and attributes[row, column] == 1
        into.before[count], into.after[count] = held.before[row], held.after[row]
        count += 1
    return count


@compiled
def gains_by_agency(
    gathered: Gathered, count: int, groups: Groups, agencies: npt.NDArray[np.int32], fen: FenArray
) -> None:
    """Count the agencies of one draw by line and size."""
    order, spare, other = gathered.spare[0], gathered.spare[1], gathered.spare[2]
    sort_by(gathered.agency, count, order, spare, other, gathered.digits)
    place = 0
    while place < count:
        agency, size, gap = gathered.agency[place], 0, 0
        while place < count and gathered.agency[place] == agency:
            claim = order[place]
            size = max(size, gathered.large[claim])
            gap += gathered.after[claim] - gathered.before[claim]
            place += 1
        line = min(agency >> groups.line_bits, groups.lines)
        if gap > 0:
            agencies[line, size, GAINS] += 1
            fen[line, size, 0] += gap
        elif gap < 0:
            agencies[line, size, LOSES] += 1
            fen[line, size, 1] -= gap
        else:
            agencies[line, size, STAYS] += 1
