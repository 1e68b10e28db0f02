"""Accounts that run over claims: limits used, matters paid, awards counted, in one table of keys."""

from __future__ import annotations

from typing import NamedTuple

from simkit.awards.book import NO_YEAR, VALUE, Book, entry, sum_of
from simkit.awards.steps import Record
from simkit.base.arrays import FenArray, IndexArray, Records
from simkit.base.compiled import compiled_step
from simkit.base.days import year_of
from simkit.claims.types import PaidBefore
from simkit.policy.tables import CompiledPolicy

__all__ = [
    "ANY",
    "AT_CAP",
    "AWARDED",
    "BEST",
    "BEST_MEASURE",
    "COVERED",
    "NOT_COUNTED",
    "TOTAL",
    "Accounts",
    "count_award",
    "count_paid_before",
    "counted_row_of",
    "is_of_account",
    "matter_row_of",
    "open_accounts",
    "paid_to_agency",
    "used_row_of",
]

#: Kinds of running sums beside accounts.
_ONCE, _USED, _COUNTED, COVERED, TOTAL, BEST, BEST_MEASURE, ANY = range(1, 9)
#: Flags of an account, and of all that an agency is awarded in a year: awarded something; from AT_CAP on
#: one a cap (of the measure; a total cap): stood at it.
AWARDED, AT_CAP = 0, 1
#: In the place of a row of the book: the award lies outside the cap's window.
NOT_COUNTED = -1


class Accounts(NamedTuple):
    """What was awarded in a draw so far. An account is what a measure awarded an agency in an earned year.

    Attributes
    ----------
    sums, flags : int64[account]
    book : Book
        All else that is summed.
    """

    sums: FenArray
    flags: IndexArray
    book: Book


@compiled_step
def matter_row_of(measure: Record, book: Book, claim: Record, year: int, kind: int) -> int:
    """Row of a sum of the matter instance that a claim belongs to; those of the settlement go by year."""
    in_year = year if measure.matter_year or kind >= BEST else NO_YEAR
    number = measure.matter * 256 + measure.ledger_class
    own = claim.matter if measure.matter_own else 0
    return entry(book, sum_of(kind, number, in_year, claim.agency if measure.matter_agency else -1), own)


@compiled_step
def is_of_account(cap: Record) -> bool:
    """Whether what counts against a cap is the whole account."""
    return cap.by_year and cap.by_agency


@compiled_step
def used_row_of(cap: Record, number: int, book: Book, claim: Record, year: int) -> int:
    """Row of what counted against a running cap; NOT_COUNTED."""
    if claim.earned < cap.since or claim.earned > cap.until:
        return NOT_COUNTED
    in_year, whose = year if cap.by_year else NO_YEAR, claim.agency if cap.by_agency else -1
    return entry(book, sum_of(_USED, number, in_year, whose), 0)


@compiled_step
def counted_row_of(measure: Record, cap: Record, number: int, book: Book, claim: Record, year: int) -> int:
    """Row of the part of a running cap's sum that was awarded on the claim's own matter."""
    in_year = year if cap.by_year or measure.matter_year else NO_YEAR
    whose = claim.agency if cap.by_agency or measure.matter_agency else -1
    own = claim.matter if measure.matter_own else 0
    return entry(book, sum_of(_COUNTED, number, in_year, whose), own)


@compiled_step
def _once_row_of(measure: Record, book: Book, claim: Record) -> int:
    """Row of the money that repetition looks at, where it is not that of a year."""
    own = claim.key if measure.once_by_key else 0
    return entry(book, sum_of(_ONCE, claim.measure, NO_YEAR, claim.agency), own)


@compiled_step
def paid_to_agency(measure: Record, accounts: Accounts, claim: Record) -> int:
    """What the agency has had so far that lets no more follow."""
    if measure.once_ever:
        return accounts.book.sums[_once_row_of(measure, accounts.book, claim), VALUE]
    return accounts.sums[claim.account] if measure.once_in_year else 0


@compiled_step
def open_accounts(rows: Records, begin: int, end: int, paid_before: PaidBefore, accounts: Accounts) -> None:
    """Empty the accounts of a draw's claims and of what was paid before."""
    for row in range(begin, end):
        accounts.sums[rows[row].account] = 0
        accounts.flags[rows[row].account] = 0
    for place in range(len(paid_before.rows)):
        accounts.sums[paid_before.rows[place].account] = 0


@compiled_step
def count_paid_before(policy: CompiledPolicy, paid_before: PaidBefore, accounts: Accounts) -> None:
    """Let what was paid before count."""
    for place in range(len(paid_before.rows)):
        paid = paid_before.rows[place]
        count_award(policy, paid, year_of(paid.earned), accounts, paid_before.award[place], 0)


@compiled_step
def count_award(
    policy: CompiledPolicy, claim: Record, year: int, accounts: Accounts, award: int, not_made_up: int
) -> None:
    """Let an award count: in its account, for repetition, in the rooms of its caps, on its matter."""
    measure, book, sums = policy.measures[claim.measure], accounts.book, accounts.book.sums
    accounts.sums[claim.account] += award
    if measure.once_ever:
        sums[_once_row_of(measure, book, claim), VALUE] += award
    for number in range(measure.cap_first, measure.cap_last):
        cap = policy.caps[number]
        if not cap.shared:
            continue
        if not is_of_account(cap):
            used = used_row_of(cap, number, book, claim, year)
            if used < 0:
                continue
            sums[used, VALUE] += award
        if measure.matter >= 0:
            sums[counted_row_of(measure, cap, number, book, claim, year), VALUE] += award
    for place in range(measure.total_first, measure.total_last):
        which = sum_of(TOTAL, policy.total_list[place], year, claim.agency)
        sums[entry(book, which, 0), VALUE] += award
    if measure.matter >= 0:
        sums[matter_row_of(measure, book, claim, year, COVERED), VALUE] += award + not_made_up
