"""Step 1: one test on one number of a claim."""

from __future__ import annotations

from simkit.base.arrays import IndexArray, Records
from simkit.base.compiled import compiled

__all__ = ["all_hold", "holds"]

_UNKNOWN = -(2**63)


@compiled
def holds(test: int, value: int, before: int, limit: int) -> bool:
    """Whether a value passes a test; a value that nobody gave passes none.

    Parameters
    ----------
    test : int
        0 at least, 1 more than, 2 at most, 3 less than, 4 one of, 5 none of, 6 flag is, 7 grew at least.
    value, before : int
        The value, and that of the year before (used by 7).
    limit : int
        Threshold; set of codes as bits (4, 5); flag (6); growth factor over 10,000 (7).
    """
    if value == _UNKNOWN:
        return False
    if test == 0:
        return value >= limit
    if test == 1:
        return value > limit
    if test == 2:
        return value <= limit
    if test == 3:
        return value < limit
    if test == 4:
        return (limit >> value) & 1 == 1
    if test == 5:
        return (limit >> value) & 1 == 0
    if test == 6:
        return value == limit
    # value * 10,000 >= before * limit, in two parts: the product is beyond int64 for the largest values.
    whole, rest = divmod(before, 10_000)
    return before > 0 and value >= whole * limit + (rest * limit + 9_999) // 10_000


@compiled
def all_hold(conditions: Records, first: int, last: int, base: int, attributes: IndexArray, row: int) -> bool:
    """Whether a claim passes conditions `first:last`; column -1 is its base."""
    for place in range(first, last):
        test = conditions[place]
        value = attributes[row, test.column] if test.column >= 0 else base
        earlier = attributes[row, test.before] if test.before >= 0 else 0
        if not holds(test.test, value, earlier, test.value):
            return False
    return True
