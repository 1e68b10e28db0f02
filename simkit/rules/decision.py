"""The order of the rules: each claim through all steps, claim by claim, draw by draw; compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.arrays import BoolArray, FenArray, IndexArray, Records
from simkit.compiled import compiled
from simkit.rules.book import EVER, STATE, VALUE, entry, is_flagged, sum_of
from simkit.rules.calendar import year_of
from simkit.rules.cap import capped, room
from simkit.rules.condition import all_hold
from simkit.rules.formula import banded, of_rate, of_share, tiered
from simkit.rules.top_up import top_up

__all__ = [
    "AWARD",
    "CLAIM_CAP",
    "GROSS",
    "KEEP_ALL",
    "MATTER",
    "RUNNING",
    "SELECTION",
    "TOTAL_CAP",
    "decide",
    "sizes",
]

#: No lever is taken away: every cap and rule stands.
KEEP_ALL = -1

#: One row of Records, in compiled code.
Record = Any

#: Kinds of running sums beside accounts; an account is what a measure awarded an agency in a year.
_ONCE, _USED, _COUNTED, _COVERED, _TOTAL, _BEST, _BEST_MEASURE, _ANY = range(1, 9)
#: Flags of an account, and of all that an agency is awarded in a year: awarded something; from _AT_CAP on
#: one a cap (of the measure; a total cap): stood at it.
_AWARDED, _AT_CAP = 0, 1
#: Columns of a claim's money.
GROSS, CLAIM_CAP, SELECTION, RUNNING, MATTER, TOTAL_CAP, AWARD = range(7)


@compiled
def _limit(amount: int, share: int, column: int, attributes: IndexArray, row: int) -> int:
    """A cap's limit: an amount, or a share of an attribute of the claim; 0 of what nobody gave."""
    return of_share(attributes[row, column], share) if column >= 0 else amount


@compiled
def _refused(measure: Record, conditions: Records, claim: Record, attributes: IndexArray, row: int) -> int:
    """Step 1 without repetition: 0 passes, else the code of the reason."""
    if measure.live == 0:
        return 1
    if measure.outside:
        return 0
    if claim.earned < measure.since or claim.earned > measure.until:
        return 1
    if not all_hold(conditions, measure.condition_first, measure.condition_last, claim.base, attributes, row):
        return 2
    if measure.first_time and not claim.first_time:
        return 3
    return 0


@compiled
def _gross(
    measure: Record,
    tier_first: IndexArray,
    tiers: Records,
    bands: Records,
    claim: Record,
    attributes: IndexArray,
    row: int,
) -> int:
    """Step 2: the formula."""
    base, kind, number = min(claim.base, measure.most_base), measure.kind, measure.number
    if kind == 1:
        return of_rate(base, number)
    if kind == 2:
        return base * number
    if kind == 3:
        return number
    if kind == 4:
        width = tier_first.shape[1] - 1
        code = attributes[row, measure.tier_by] if measure.tier_by >= 0 else width - 1
        if code < 0 or code >= width:
            code = width - 1
        value = attributes[row, measure.on] if measure.on >= 0 else base
        first, last = tier_first[claim.measure, code], tier_first[claim.measure, code + 1]
        return tiered(value, tiers, first, last)
    if kind == 5:
        return banded(base, bands, measure.band_first, measure.band_last)
    if kind == 6:
        return base // number * measure.amount
    return base


@compiled
def _round(rows: Records, row: int) -> int:
    """The round in which a claim competes: its measure and year of decision."""
    return rows[row].measure * 100_000 + year_of(rows[row].decided)


@compiled
def _select(
    measures: Records, rows: Records, amounts: FenArray, candidates: IndexArray, count: int, chosen: BoolArray
) -> None:
    """Step 4: in each round the best first, until one does not fit.

    Parameters
    ----------
    amounts : int64[claim]
        Money after step 3.
    candidates : int64[candidate]
        Rows of one draw in order of decision; sorted here by round and score. Equal scores keep their order.
    chosen : bool[claim]
        Out.
    """
    for place in range(1, count):
        row, at = candidates[place], place
        round_, score = _round(rows, row), rows[row].score
        while at > 0:
            other = candidates[at - 1]
            other_round = _round(rows, other)
            if other_round < round_ or (other_round == round_ and rows[other].score >= score):
                break
            candidates[at] = other
            at -= 1
        candidates[at] = row
    current, places, money, limited, open_ = -1, 0, 0, False, False
    for place in range(count):
        row = candidates[place]
        round_ = _round(rows, row)
        if round_ != current:
            current, open_ = round_, True
            measure = measures[rows[row].measure]
            places, money, limited = measure.places, measure.envelope, measure.envelope >= 0
        if open_ and (places == 0 or (limited and amounts[row] > money)):
            open_ = False
        if open_:
            chosen[row] = True
            places -= 1
            if limited:
                money -= amounts[row]


@compiled
def _matter_row(measure: Record, book: IndexArray, stamp: int, claim: Record, year: int, kind: int) -> int:
    """Row of a sum of the matter instance that a claim belongs to; those of the settlement go by year."""
    in_year = year if measure.matter_year or kind >= _BEST else EVER
    number = measure.matter * 256 + measure.ledger_class
    own = claim.matter if measure.matter_own else 0
    return entry(
        book, stamp, sum_of(kind, number, in_year, claim.agency if measure.matter_agency else -1), own
    )


@compiled
def _is_of_account(cap: Record) -> bool:
    """Whether what counts against a cap is the whole account."""
    return cap.within == 1 and cap.per == 1


@compiled
def _used_row(cap: Record, number: int, book: IndexArray, stamp: int, claim: Record, year: int) -> int:
    """Row of what counted against a running cap; -1 where the award lies outside the cap's window."""
    if claim.earned < cap.since or claim.earned > cap.until:
        return -1
    in_year = year if cap.within == 1 else EVER
    return entry(book, stamp, sum_of(_USED, number, in_year, claim.agency if cap.per == 1 else -1), 0)


@compiled
def _counted_row(
    measure: Record, cap: Record, number: int, book: IndexArray, stamp: int, claim: Record, year: int
) -> int:
    """Row of the part of a running cap's sum that was awarded on the claim's own matter."""
    in_year = year if cap.within == 1 or measure.matter_year else EVER
    whose = claim.agency if cap.per == 1 or measure.matter_agency else -1
    own = claim.matter if measure.matter_own else 0
    return entry(book, stamp, sum_of(_COUNTED, number, in_year, whose), own)


@compiled
def _once_row(measure: Record, book: IndexArray, stamp: int, claim: Record) -> int:
    """Row of the money that repetition looks at, where it is not that of a year."""
    which = sum_of(_ONCE, claim.measure, EVER, claim.agency)
    return entry(book, stamp, which, claim.key if measure.repeat == 3 else 0)


@compiled
def _count(
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
        book[_once_row(measure, book, stamp, claim), VALUE] += award
    for number in range(measure.cap_first, measure.cap_last):
        cap = caps[number]
        if cap.within == 0:
            continue
        if not _is_of_account(cap):
            used = _used_row(cap, number, book, stamp, claim, year)
            if used < 0:
                continue
            book[used, VALUE] += award
        if measure.matter >= 0:
            book[_counted_row(measure, cap, number, book, stamp, claim, year), VALUE] += award
    for place in range(measure.total_first, measure.total_last):
        which = sum_of(_TOTAL, total_list[place], year, claim.agency)
        book[entry(book, stamp, which, 0), VALUE] += award
    if measure.matter >= 0:
        book[_matter_row(measure, book, stamp, claim, year, _COVERED), VALUE] += award + not_made_up


@compiled
def _passes(
    measure: Record,
    conditions: Records,
    tier_first: IndexArray,
    tiers: Records,
    bands: Records,
    claim: Record,
    attributes: IndexArray,
    row: int,
    refusal: npt.NDArray[np.uint8],
    money: FenArray,
) -> bool:
    """Steps 1 (without repetition) and 2 of one claim: writes its refusal and gross."""
    refusal[row] = _refused(measure, conditions, claim, attributes, row)
    money[row, GROSS] = 0
    if refusal[row] > 0:
        return False
    money[row, GROSS] = _gross(measure, tier_first, tiers, bands, claim, attributes, row)
    return True


@compiled
def _rank(
    measures: Records,
    conditions: Records,
    tier_first: IndexArray,
    tiers: Records,
    bands: Records,
    caps: Records,
    rows: Records,
    attributes: IndexArray,
    begin: int,
    end: int,
    without: int,
    chosen: BoolArray,
    after_claim_cap: FenArray,
    candidates: IndexArray,
    money: FenArray,
    refusal: npt.NDArray[np.uint8],
) -> None:
    """Step 4 of one draw: steps 1 to 3 of all claims of ranked measures, then the best of each round."""
    ranked = 0
    for row in range(begin, end):
        claim = rows[row]
        measure = measures[claim.measure]
        if not measure.ranked:
            continue
        if not _passes(measure, conditions, tier_first, tiers, bands, claim, attributes, row, refusal, money):
            continue
        left = money[row, GROSS]
        for number in range(measure.cap_first, measure.cap_last):
            cap = caps[number]
            if cap.within == 0 and number != without:
                left = capped(left, _limit(cap.amount, cap.share, cap.column, attributes, row))
        after_claim_cap[row] = left
        chosen[row] = False
        candidates[ranked] = row
        ranked += 1
    _select(measures, rows, after_claim_cap, candidates, ranked, chosen)


@compiled
def decide(
    measures: Records,
    conditions: Records,
    tier_first: IndexArray,
    tiers: Records,
    bands: Records,
    caps: Records,
    totals: Records,
    total_list: IndexArray,
    rows: Records,
    attributes: IndexArray,
    firsts: IndexArray,
    ledger: Records,
    account_sums: FenArray,
    account_flags: IndexArray,
    book: IndexArray,
    first_stamp: int,
    without: int,
    without_matter: bool,
    first_year: int,
    ranks: bool,
    chosen: BoolArray,
    after_claim_cap: FenArray,
    candidates: IndexArray,
    money: FenArray,
    refusal: npt.NDArray[np.uint8],
    bound: npt.NDArray[np.uint8],
    booked: npt.NDArray[np.int16],
    taken: FenArray,
    agencies_at: npt.NDArray[np.int32],
    agencies_awarded: npt.NDArray[np.int32],
    agencies_any: npt.NDArray[np.int32],
) -> None:
    """Decide claim by claim, draw by draw; money[claim] = gross, what each step took, award."""
    for draw in range(len(firsts) - 1):
        stamp = first_stamp + draw
        begin, end = firsts[draw], firsts[draw + 1]
        for row in range(begin, end):
            account_sums[rows[row].account] = 0
            account_flags[rows[row].account] = 0
        for place in range(len(ledger)):
            account_sums[ledger[place].account] = 0
        for place in range(len(ledger)):
            paid = ledger[place]
            account_sums[paid.account] += paid.base
            year = year_of(paid.earned)
            _count(measures[paid.measure], caps, total_list, book, stamp, paid, year, paid.base, 0)
        if ranks:
            _rank(
                measures,
                conditions,
                tier_first,
                tiers,
                bands,
                caps,
                rows,
                attributes,
                begin,
                end,
                without,
                chosen,
                after_claim_cap,
                candidates,
                money,
                refusal,
            )
        settles = False
        for row in range(begin, end):
            claim = rows[row]
            measure = measures[claim.measure]
            booked[row] = claim.measure
            bound[row] = 0
            for step in range(CLAIM_CAP, AWARD + 1):
                money[row, step] = 0
            if measure.ranked:
                if refusal[row] > 0:
                    continue
            elif not _passes(
                measure, conditions, tier_first, tiers, bands, claim, attributes, row, refusal, money
            ):
                continue
            left = money[row, GROSS]
            year = year_of(claim.earned)
            at = year - first_year
            has_matter = measure.matter >= 0 and not without_matter
            if measure.outside:
                money[row, AWARD] = left
                if has_matter:
                    book[_matter_row(measure, book, stamp, claim, year, _COVERED), VALUE] += left
                continue
            account = claim.account
            if measure.repeat > 0:
                before = account_sums[account]
                if measure.repeat > 1:
                    before = book[_once_row(measure, book, stamp, claim), VALUE]
                if before > 0:
                    refusal[row] = 4
                    money[row, GROSS] = 0
                    continue
            for number in range(measure.cap_first, measure.cap_last):
                cap = caps[number]
                if cap.within == 0 and number != without:
                    limit = _limit(cap.amount, cap.share, cap.column, attributes, row)
                    if left >= limit and left > 0:
                        at_cap = _AT_CAP + number - measure.cap_first
                        flags = account_flags[account]
                        if is_flagged(flags, _AWARDED) and not is_flagged(flags, at_cap):
                            agencies_at[draw, number, at] += 1
                        account_flags[account] = flags | (1 << at_cap)
                        taken[draw, number, at] += left - limit
                        left = limit
            if left < money[row, GROSS]:
                money[row, CLAIM_CAP] = money[row, GROSS] - left
                bound[row] = CLAIM_CAP + 2
            if measure.ranked and not chosen[row]:
                money[row, SELECTION] = left
                bound[row] = SELECTION + 2 if left > 0 else bound[row]
                left = 0
            before = left
            for number in range(measure.cap_first, measure.cap_last):
                cap = caps[number]
                if cap.within > 0 and number != without:
                    so_far, counts = account_sums[account], True
                    if not _is_of_account(cap):
                        used = _used_row(cap, number, book, stamp, claim, year)
                        counts = used >= 0
                        so_far = book[used, VALUE] if counts else 0
                    limit = _limit(cap.amount, cap.share, cap.column, attributes, row)
                    on_matter = 0
                    if has_matter and counts:
                        on_matter = book[_counted_row(measure, cap, number, book, stamp, claim, year), VALUE]
                    allowed = room(limit, so_far, on_matter)
                    if left >= allowed and left > 0:
                        at_cap = _AT_CAP + number - measure.cap_first
                        flags = account_flags[account]
                        if is_flagged(flags, _AWARDED) and not is_flagged(flags, at_cap):
                            agencies_at[draw, number, at] += 1
                        account_flags[account] = flags | (1 << at_cap)
                        taken[draw, number, at] += left - allowed
                        left = allowed
            if left < before:
                money[row, RUNNING] = before - left
                bound[row] = RUNNING + 2
            if has_matter:
                if measure.settlement:
                    settles = True
                    best = _matter_row(measure, book, stamp, claim, year, _BEST)
                    which = _matter_row(measure, book, stamp, claim, year, _BEST_MEASURE)
                    # Stored + 1, so that 0 says "no claim yet"; ties go to the first in the policy.
                    tie = left + 1 == book[best, VALUE] and claim.measure < book[which, VALUE]
                    if left + 1 > book[best, VALUE] or tie:
                        book[best, VALUE] = left + 1
                        book[which, VALUE] = claim.measure
                award = top_up(left, book[_matter_row(measure, book, stamp, claim, year, _COVERED), VALUE])
                if award < left:
                    money[row, MATTER] = left - award
                    bound[row] = MATTER + 2
                left = award
            before = left
            not_made_up = 0
            for place in range(measure.total_first, measure.total_last):
                number = len(caps) + total_list[place]
                total = totals[total_list[place]]
                if number == without:
                    continue
                limit = _limit(total.amount, total.share, total.column, attributes, row)
                used = entry(book, stamp, sum_of(_TOTAL, total_list[place], year, claim.agency), 0)
                allowed = room(limit, book[used, VALUE], 0)
                if left >= allowed and left > 0:
                    any_measure = entry(book, stamp, sum_of(_ANY, 0, year, claim.agency), 0)
                    at_cap, flags = _AT_CAP + total_list[place], book[any_measure, STATE]
                    if is_flagged(flags, _AWARDED) and not is_flagged(flags, at_cap):
                        agencies_at[draw, number, at] += 1
                    book[any_measure, STATE] = flags | (1 << at_cap)
                    taken[draw, number, at] += left - allowed
                    if not total.make_up:
                        not_made_up += left - allowed
                    left = allowed
            if left < before:
                money[row, TOTAL_CAP] = before - left
                bound[row] = TOTAL_CAP + 2
            money[row, AWARD] = left
            account_sums[account] += left
            _count(measure, caps, total_list, book, stamp, claim, year, left, not_made_up)
            # An agency stands at a cap when it was at it and is awarded something in the year, in either order.
            flags = account_flags[account]
            if left > 0 and not is_flagged(flags, _AWARDED):
                account_flags[account] = flags | (1 << _AWARDED)
                agencies_awarded[draw, claim.measure, at] += 1
                for number in range(measure.cap_first, measure.cap_last):
                    agencies_at[draw, number, at] += is_flagged(flags, _AT_CAP + number - measure.cap_first)
                any_measure = entry(book, stamp, sum_of(_ANY, 0, year, claim.agency), 0)
                flags = book[any_measure, STATE]
                if not is_flagged(flags, _AWARDED):
                    book[any_measure, STATE] = flags | (1 << _AWARDED)
                    agencies_any[draw, at] += measure.of_agency
                    for number in range(len(totals)):
                        agencies_at[draw, len(caps) + number, at] += is_flagged(flags, _AT_CAP + number)
        if settles:
            for row in range(begin, end):
                claim = rows[row]
                measure = measures[claim.measure]
                settled = measure.matter >= 0 and measure.settlement
                if settled and not measure.outside and refusal[row] == 0:
                    which = _matter_row(measure, book, stamp, claim, year_of(claim.earned), _BEST_MEASURE)
                    booked[row] = book[which, VALUE]


@compiled
def sizes(need: IndexArray, rows: Records, firsts: IndexArray, ledger: Records) -> tuple[int, int]:
    """Most running sums that one draw can need, and the number of accounts.

    `need` is the most that a claim of each measure touches.
    """
    before, accounts = 0, 0
    for place in range(len(ledger)):
        before += need[ledger[place].measure]
        accounts = max(accounts, ledger[place].account + 1)
    most = before
    for draw in range(len(firsts) - 1):
        entries = before
        for row in range(firsts[draw], firsts[draw + 1]):
            entries += need[rows[row].measure]
            accounts = max(accounts, rows[row].account + 1)
        most = max(most, entries)
    return most, accounts
