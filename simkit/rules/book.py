"""What was awarded so far: a table of running sums, emptied for each draw in no time."""

from __future__ import annotations

from typing import Any

import numpy as np

from simkit.arrays import IndexArray
from simkit.compiled import compiled

__all__ = ["VALUE", "entry", "new_book"]

_KIND, _AGENCY, _OWN, _DRAW, VALUE = range(5)


def new_book(entries: int) -> IndexArray:
    """An empty book with room for `entries` sums a draw: at most half full, so a search is short."""
    size = 64
    while size < 2 * entries:
        size *= 2
    book = np.zeros((size, 8), dtype=np.int64)
    book[:, _DRAW] = -1
    return book


@compiled
def entry(book: IndexArray, draw: int, kind: int, agency: int, own: int) -> int:
    """Row of the sum that `(kind, agency, own)` names in this draw, made with 0 if it is new.

    Rows of another draw count as empty. Keys are compared whole: two sums never share a row.
    """
    mask = book.shape[0] - 1
    mixed: Any = np.uint64(kind) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= np.uint64(agency) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= np.uint64(own) * np.uint64(0x165667B19E3779F9)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    row: Any = np.int64((mixed >> np.uint64(32)) & np.uint64(mask))
    while book[row, _DRAW] == draw:
        if book[row, _KIND] == kind and book[row, _AGENCY] == agency and book[row, _OWN] == own:
            return row
        row = (row + 1) & mask
    book[row, _KIND] = kind
    book[row, _AGENCY] = agency
    book[row, _OWN] = own
    book[row, _DRAW] = draw
    book[row, VALUE] = 0
    return row
