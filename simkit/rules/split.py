"""Step 8: an amount over shares, exactly; what does not divide goes to the first."""

from __future__ import annotations

from typing import Any

from simkit.base.arrays import IndexArray, Records
from simkit.base.compiled import compiled
from simkit.base.days import year_of
from simkit.rules.condition import all_hold

__all__ = ["part", "split_claim"]

#: One row of Records, in compiled code.
Record = Any


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


@compiled
def split_claim(
    measures: Records,
    conditions: Records,
    payers: Records,
    instalments: Records,
    claim: Record,
    row: int,
    attributes: IndexArray,
    award: int,
    booked: int,
    parts: IndexArray,
    at: int,
) -> int:
    """Steps 8 and 9 of one award: its parts above 0, as rows `at`, ... of `_split`; the next free row."""
    measure, books = measures[claim.measure], measures[booked]
    year = year_of(claim.decided + measure.lag)
    for payer in range(books.payer_first, books.payer_last):
        share = part(award, payers, books.payer_first, books.payer_last, payer)
        for number in range(measure.instalment_first, measure.instalment_last):
            instalment = instalments[number]
            fen = part(share, instalments, measure.instalment_first, measure.instalment_last, number)
            if fen <= 0:
                continue
            parts[at, 0] = row
            parts[at, 1] = payers[payer].fund
            parts[at, 2] = claim.district if payers[payer].per_district else -1
            parts[at, 3] = year + instalment.years
            parts[at, 4] = fen
            held = all_hold(
                conditions,
                instalment.condition_first,
                instalment.condition_last,
                claim.base,
                attributes,
                row,
            )
            parts[at, 5] = 0 if held else 1
            at += 1
    return at
