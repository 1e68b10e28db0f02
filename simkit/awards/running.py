"""Accounts that run over claims: limits used, matters paid, awards counted, in one table of keys."""

from __future__ import annotations

from simkit.awards.book import EVER, VALUE, entry, sum_of
from simkit.awards.steps import Record
from simkit.base.arrays import IndexArray, Records
from simkit.base.compiled import compiled

__all__ = [
    "ANY",
    "AT_CAP",
    "AWARDED",
    "BEST",
    "BEST_MEASURE",
    "COVERED",
    "TOTAL",
    "count_account",
    "counted_row_of",
    "is_of_account",
    "matter_row_of",
    "once_row_of",
    "used_row_of",
]

#: Kinds of running sums beside accounts; an account is what a measure awarded an agency in a year.
_ONCE, _USED, _COUNTED, COVERED, TOTAL, BEST, BEST_MEASURE, ANY = range(1, 9)
#: Flags of an account, and of all that an agency is awarded in a year: awarded something; from AT_CAP on
#: one a cap (of the measure; a total cap): stood at it.
AWARDED, AT_CAP = 0, 1


@compiled
def matter_row_of(measure: Record, book: IndexArray, stamp: int, claim: Record, year: int, kind: int) -> int:
    """Row of a sum of the matter instance that a claim belongs to; those of the settlement go by year."""
    in_year = year if measure.matter_year or kind >= BEST else EVER
    number = measure.matter * 256 + measure.ledger_class
    own = claim.matter if measure.matter_own else 0
    return entry(
        book, stamp, sum_of(kind, number, in_year, claim.agency if measure.matter_agency else -1), own
    )


@compiled
def is_of_account(cap: Record) -> bool:
    """Whether what counts against a cap is the whole account."""
    return cap.within == 1 and cap.per == 1


@compiled
def used_row_of(cap: Record, number: int, book: IndexArray, stamp: int, claim: Record, year: int) -> int:
    """Row of what counted against a running cap; -1 where the award lies outside the cap's window."""
    if claim.earned < cap.since or claim.earned > cap.until:
        return -1
    in_year = year if cap.within == 1 else EVER
    return entry(book, stamp, sum_of(_USED, number, in_year, claim.agency if cap.per == 1 else -1), 0)


@compiled
def counted_row_of(
    measure: Record, cap: Record, number: int, book: IndexArray, stamp: int, claim: Record, year: int
) -> int:
    """Row of the part of a running cap's sum that was awarded on the claim's own matter."""
    in_year = year if cap.within == 1 or measure.matter_year else EVER
    whose = claim.agency if cap.per == 1 or measure.matter_agency else -1
    own = claim.matter if measure.matter_own else 0
    return entry(book, stamp, sum_of(_COUNTED, number, in_year, whose), own)


@compiled
def once_row_of(measure: Record, book: IndexArray, stamp: int, claim: Record) -> int:
    """Row of the money that repetition looks at, where it is not that of a year."""
    which = sum_of(_ONCE, claim.measure, EVER, claim.agency)
    return entry(book, stamp, which, claim.key if measure.repeat == 3 else 0)


@compiled
def count_account(
    measure: Record,
    caps: Records,
    total_list: IndexArray,
    book: IndexArray,
    stamp: int,
    claim: Record,
    year: int,
    award: int,
    not_made_up: int,
) -> None:
    """Let an award count beside its account: for repetition, in the rooms of its caps, on its matter."""
    if measure.repeat > 1:
        book[once_row_of(measure, book, stamp, claim), VALUE] += award
    for number in range(measure.cap_first, measure.cap_last):
        cap = caps[number]
        if cap.within == 0:
            continue
        if not is_of_account(cap):
            used = used_row_of(cap, number, book, stamp, claim, year)
            if used < 0:
                continue
            book[used, VALUE] += award
        if measure.matter >= 0:
            book[counted_row_of(measure, cap, number, book, stamp, claim, year), VALUE] += award
    for place in range(measure.total_first, measure.total_last):
        which = sum_of(TOTAL, total_list[place], year, claim.agency)
        book[entry(book, stamp, which, 0), VALUE] += award
    if measure.matter >= 0:
        book[matter_row_of(measure, book, stamp, claim, year, COVERED), VALUE] += award + not_made_up
