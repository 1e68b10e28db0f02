"""Step 8: an amount over shares, exactly; what does not divide goes to the first."""

from __future__ import annotations

from simkit.base.arrays import Records
from simkit.base.compiled import compiled

__all__ = ["part"]


@compiled
def part(amount: int, rows: Records, first: int, last: int, row: int) -> int:
    """What row `row` of rows `first:last` gets of an amount.

    Each row after the first gets its share (over 10,000) floored, the first gets the rest, so the
    parts sum to the amount.
    """
    if row > first:
        return amount * rows[row].share // 10_000
    rest = amount
    for other in range(first + 1, last):
        rest -= amount * rows[other].share // 10_000
    return rest
