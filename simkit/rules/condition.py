"""Step 1: one test on one number of a claim."""

from __future__ import annotations

from simkit.base.arrays import IndexArray, Records
from simkit.base.compiled import compiled
from simkit.rules import codes

__all__ = ["all_hold", "holds"]

#: Value of an attribute that nobody gave.
_NOT_GIVEN = -(2**63)


@compiled
def holds(test: int, value: int, before: int, limit: int) -> int:
    """Whether a value passes a test: HOLDS, FAILS, or UNKNOWN of a test that is none.

    Parameters
    ----------
    test : int
        One of `codes.TESTS`.
    value, before : int
        The value, and that of the year before (used by GREW_AT_LEAST). A value that nobody gave passes no test.
    limit : int
        Threshold; set of codes as bits (ONE_OF, NONE_OF); flag (IS_TRUE); growth factor over 10,000.
    """
    if value == _NOT_GIVEN:
        return codes.FAILS
    if test == codes.AT_LEAST:
        passes = value >= limit
    elif test == codes.MORE_THAN:
        passes = value > limit
    elif test == codes.AT_MOST:
        passes = value <= limit
    elif test == codes.LESS_THAN:
        passes = value < limit
    elif test == codes.ONE_OF:
        passes = (limit >> value) & 1 == 1
    elif test == codes.NONE_OF:
        passes = (limit >> value) & 1 == 0
    elif test == codes.IS_TRUE:
        passes = value == limit
    elif test == codes.GREW_AT_LEAST:
        # value * 10,000 >= before * limit, in two parts: the product is beyond int64 for the largest values.
        whole, rest = divmod(before, 10_000)
        passes = before > 0 and value >= whole * limit + (rest * limit + 9_999) // 10_000
    else:
        return codes.UNKNOWN
    return codes.HOLDS if passes else codes.FAILS


@compiled
def all_hold(conditions: Records, first: int, last: int, base: int, attributes: IndexArray, row: int) -> int:
    """Whether a claim passes conditions `first:last`, as `holds` says it; column -1 is its base."""
    for place in range(first, last):
        test = conditions[place]
        value = attributes[row, test.column] if test.column >= 0 else base
        earlier = attributes[row, test.before] if test.before >= 0 else 0
        held = holds(test.test, value, earlier, test.value)
        if held != codes.HOLDS:
            return held
    return codes.HOLDS
