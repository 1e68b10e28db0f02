"""What was awarded so far: a table of running sums, emptied for each draw in no time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simkit.base.arrays import IndexArray
from simkit.base.compiled import compiled, compiled_step

__all__ = [
    "FLAGS",
    "LARGEST_AGENCY",
    "NO_YEAR",
    "STATE",
    "VALUE",
    "Book",
    "entry",
    "is_flagged",
    "new_book",
    "sum_of",
]

#: A row: which sum, the claim's own matter number, the sum, and draw and flags in one number.
_WHICH, _OWN, VALUE, STATE = range(4)
#: Bits for flags of a sum, below the draw's number.
FLAGS = 24
#: An agency's number must fit beside the rest in one integer.
LARGEST_AGENCY = 2**31 - 2
#: A sum of no year.
NO_YEAR = 1_900


class Book(NamedTuple):
    """Running sums of one draw.

    Attributes
    ----------
    sums : int64[row, 4]
        At most half of them used.
    stamp : int
        Number of the draw, >= 1: rows with another are empty.
    """

    sums: IndexArray
    stamp: int


def new_book(entries: int) -> IndexArray:
    """Empty sums with room for `entries` a draw: at most half full, so a search is short."""
    size = 64
    while size < 2 * entries:
        size *= 2
    return np.zeros((size, 4), dtype=np.int64)


@compiled_step
def sum_of(kind: int, number: int, year: int, agency: int) -> int:
    """One number that names a running sum.

    Its kind (below 16), what it is of (below 2**16), its year (or NO_YEAR), whose it is (an agency, -1: all).
    """
    return (((((kind << 16) | number) << 12) | (year - NO_YEAR)) << 31) | (agency + 1)


@compiled
def entry(book: Book, which: int, own: int) -> int:
    """Row of the sum that `(which, own)` names in this draw, made with 0 and no flag if it is new.

    Names are compared whole: two sums never share a row.
    """
    sums, stamp = book.sums, book.stamp
    mask = sums.shape[0] - 1
    mixed: Any = np.uint64(which) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= np.uint64(own) * np.uint64(0x165667B19E3779F9)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    row: Any = np.int64((mixed >> np.uint64(32)) & np.uint64(mask))
    while sums[row, STATE] >> FLAGS == stamp:
        if sums[row, _WHICH] == which and sums[row, _OWN] == own:
            return row
        row = (row + 1) & mask
    sums[row, _WHICH] = which
    sums[row, _OWN] = own
    sums[row, VALUE] = 0
    sums[row, STATE] = stamp << FLAGS
    return row


@compiled_step
def is_flagged(flags: int, flag: int) -> bool:
    """Whether a flag (0 to FLAGS - 1) is raised."""
    return (flags >> flag) & 1 == 1
