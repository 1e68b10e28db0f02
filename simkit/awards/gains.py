"""Awards of the same claims under two policies, held against each other agency by agency."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FenArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.base.order import sort_by

__all__ = ["GAINS", "LOSES", "STAYS", "gains_by_agency", "gather"]

GAINS, LOSES, STAYS = range(3)


@compiled
def gather(
    rows: Records,
    attributes: IndexArray,
    first: int,
    last: int,
    old: FenArray,
    new: FenArray,
    column: IndexArray,
    outside: npt.NDArray[np.bool_],
    keys: IndexArray,
    large: IndexArray,
    before: FenArray,
    after: FenArray,
    count: int,
) -> int:
    """Take down the claims of a draw that were awarded something, before or after; returns how many stand there."""
    for row in range(first, last):
        measure = rows[row].measure
        if outside[measure] or (old[row] == 0 and new[row] == 0):
            continue
        keys[count] = rows[row].agency
        large[count] = column[measure] >= 0 and attributes[row, column[measure]] == 1
        before[count], after[count] = old[row], new[row]
        count += 1
    return count


@compiled
def gains_by_agency(
    keys: IndexArray,
    large: IndexArray,
    before: FenArray,
    after: FenArray,
    sorting: IndexArray,
    counts: IndexArray,
    count: int,
    lines: int,
    line_bits: int,
    agencies: npt.NDArray[np.int32],
    fen: FenArray,
) -> None:
    """Count the agencies of one draw by line and size; `keys` are sorted.

    The line of business stands above the lowest `line_bits` of an agency's number; `lines` of them, then all else.
    """
    sort_by(keys, count, sorting[0], sorting[1], sorting[2], counts)
    place = 0
    while place < count:
        agency, size, gap = keys[place], 0, 0
        while place < count and keys[place] == agency:
            claim = sorting[0, place]
            size = max(size, large[claim])
            gap += after[claim] - before[claim]
            place += 1
        line = min(agency >> line_bits, lines)
        if gap > 0:
            agencies[line, size, GAINS] += 1
            fen[line, size, 0] += gap
        elif gap < 0:
            agencies[line, size, LOSES] += 1
            fen[line, size, 1] -= gap
        else:
            agencies[line, size, STAYS] += 1
