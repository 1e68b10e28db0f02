"""The desk: claims in their order, decided step by step."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simkit.awards.book import STATE, VALUE, entry, is_flagged, sum_of
from simkit.awards.ranking import rank_candidates
from simkit.awards.running import (
    ANY,
    AT_CAP,
    AWARDED,
    BEST,
    BEST_MEASURE,
    COVERED,
    TOTAL,
    count_account,
    counted_row_of,
    is_of_account,
    matter_row_of,
    once_row_of,
    used_row_of,
)
from simkit.awards.steps import (
    AWARD,
    CLAIM_CAP,
    GROSS,
    MATTER,
    RUNNING,
    SELECTION,
    TOTAL_CAP,
    is_entitled,
    limit_of,
)
from simkit.base.arrays import BoolArray, FenArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.base.days import year_of
from simkit.rules.cap import room
from simkit.rules.top_up import top_up

__all__ = ["decide", "sizes"]


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
            count_account(measures[paid.measure], caps, total_list, book, stamp, paid, year, paid.base, 0)
        if ranks:
            rank_candidates(
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
            elif not is_entitled(
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
                    book[matter_row_of(measure, book, stamp, claim, year, COVERED), VALUE] += left
                continue
            account = claim.account
            if measure.repeat > 0:
                before = account_sums[account]
                if measure.repeat > 1:
                    before = book[once_row_of(measure, book, stamp, claim), VALUE]
                if before > 0:
                    refusal[row] = 4
                    money[row, GROSS] = 0
                    continue
            for number in range(measure.cap_first, measure.cap_last):
                cap = caps[number]
                if cap.within == 0 and number != without:
                    limit = limit_of(cap.amount, cap.share, cap.column, attributes, row)
                    if left >= limit and left > 0:
                        at_cap = AT_CAP + number - measure.cap_first
                        flags = account_flags[account]
                        if is_flagged(flags, AWARDED) and not is_flagged(flags, at_cap):
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
                    if not is_of_account(cap):
                        used = used_row_of(cap, number, book, stamp, claim, year)
                        counts = used >= 0
                        so_far = book[used, VALUE] if counts else 0
                    limit = limit_of(cap.amount, cap.share, cap.column, attributes, row)
                    on_matter = 0
                    if has_matter and counts:
                        on_matter = book[
                            counted_row_of(measure, cap, number, book, stamp, claim, year), VALUE
                        ]
                    allowed = room(limit, so_far, on_matter)
                    if left >= allowed and left > 0:
                        at_cap = AT_CAP + number - measure.cap_first
                        flags = account_flags[account]
                        if is_flagged(flags, AWARDED) and not is_flagged(flags, at_cap):
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
                    best = matter_row_of(measure, book, stamp, claim, year, BEST)
                    which = matter_row_of(measure, book, stamp, claim, year, BEST_MEASURE)
                    # Stored + 1, so that 0 says "no claim yet"; ties go to the first in the policy.
                    tie = left + 1 == book[best, VALUE] and claim.measure < book[which, VALUE]
                    if left + 1 > book[best, VALUE] or tie:
                        book[best, VALUE] = left + 1
                        book[which, VALUE] = claim.measure
                award = top_up(left, book[matter_row_of(measure, book, stamp, claim, year, COVERED), VALUE])
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
                limit = limit_of(total.amount, total.share, total.column, attributes, row)
                used = entry(book, stamp, sum_of(TOTAL, total_list[place], year, claim.agency), 0)
                allowed = room(limit, book[used, VALUE], 0)
                if left >= allowed and left > 0:
                    any_measure = entry(book, stamp, sum_of(ANY, 0, year, claim.agency), 0)
                    at_cap, flags = AT_CAP + total_list[place], book[any_measure, STATE]
                    if is_flagged(flags, AWARDED) and not is_flagged(flags, at_cap):
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
            count_account(measure, caps, total_list, book, stamp, claim, year, left, not_made_up)
            # An agency stands at a cap when it was at it and is awarded something in the year, in either order.
            flags = account_flags[account]
            if left > 0 and not is_flagged(flags, AWARDED):
                account_flags[account] = flags | (1 << AWARDED)
                agencies_awarded[draw, claim.measure, at] += 1
                for number in range(measure.cap_first, measure.cap_last):
                    agencies_at[draw, number, at] += is_flagged(flags, AT_CAP + number - measure.cap_first)
                any_measure = entry(book, stamp, sum_of(ANY, 0, year, claim.agency), 0)
                flags = book[any_measure, STATE]
                if not is_flagged(flags, AWARDED):
                    book[any_measure, STATE] = flags | (1 << AWARDED)
                    agencies_any[draw, at] += measure.of_agency
                    for number in range(len(totals)):
                        agencies_at[draw, len(caps) + number, at] += is_flagged(flags, AT_CAP + number)
        if settles:
            for row in range(begin, end):
                claim = rows[row]
                measure = measures[claim.measure]
                settled = measure.matter >= 0 and measure.settlement
                if settled and not measure.outside and refusal[row] == 0:
                    which = matter_row_of(measure, book, stamp, claim, year_of(claim.earned), BEST_MEASURE)
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
