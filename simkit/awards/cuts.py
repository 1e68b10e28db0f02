"""Steps 3 to 7 of one claim: what caps, selections and other money on its matter leave of it."""

from __future__ import annotations

from simkit.awards.book import STATE, VALUE, entry, is_flagged, sum_of
from simkit.awards.ranking import Ranking
from simkit.awards.running import (
    ANY,
    AT_CAP,
    AWARDED,
    BEST,
    BEST_MEASURE,
    COVERED,
    TOTAL,
    Accounts,
    counted_row_of,
    is_of_account,
    matter_row_of,
    used_row_of,
)
from simkit.awards.steps import AtHand, limit_of, note_taken
from simkit.awards.types import Awards, Levers, Without
from simkit.base.arrays import IndexArray
from simkit.base.compiled import compiled_step
from simkit.policy.tables import CompiledPolicy
from simkit.rules import codes
from simkit.rules.cap import room
from simkit.rules.top_up import top_up

__all__ = [
    "cut_by_claim_caps",
    "cut_by_running_caps",
    "cut_by_total_caps",
    "note_agencies_at_caps",
    "select",
    "top_up_matter",
]


@compiled_step
def _cut(hand: AtHand, number: int, left: int, allowed: int, accounts: Accounts, levers: Levers) -> int:
    """What a cap of the measure leaves; notes what it took, and that the agency stands at it."""
    if left < allowed or left <= 0:
        return left
    account, year = hand.claim.account, hand.year - levers.first_year
    flag, flags = AT_CAP + number - hand.measure.cap_first, accounts.flags[account]
    if is_flagged(flags, AWARDED) and not is_flagged(flags, flag):
        levers.agencies_at[hand.draw, number, year] += 1
    accounts.flags[account] = flags | (1 << flag)
    levers.taken[hand.draw, number, year] += left - allowed
    return allowed


@compiled_step
def cut_by_claim_caps(
    policy: CompiledPolicy,
    attributes: IndexArray,
    hand: AtHand,
    accounts: Accounts,
    without: Without,
    levers: Levers,
    awards: Awards,
) -> int:
    """Step 3: what the caps of one claim leave of the formula."""
    gross = left = awards.money[hand.row, codes.GROSS]
    for number in range(hand.measure.cap_first, hand.measure.cap_last):
        cap = policy.caps[number]
        if not cap.shared and number != without.lever:
            limit = limit_of(cap.amount, cap.share, cap.column, attributes, hand.row)
            left = _cut(hand, number, left, limit, accounts, levers)
    note_taken(awards, hand.row, codes.CLAIM_CAP, gross - left)
    return left


@compiled_step
def select(hand: AtHand, ranking: Ranking, awards: Awards, left: int) -> int:
    """Step 4: nothing for a claim that was not chosen."""
    if not hand.measure.ranked or ranking.chosen[hand.row]:
        return left
    note_taken(awards, hand.row, codes.SELECTION, left)
    return 0


@compiled_step
def cut_by_running_caps(
    policy: CompiledPolicy,
    attributes: IndexArray,
    hand: AtHand,
    accounts: Accounts,
    without: Without,
    levers: Levers,
    awards: Awards,
    before: int,
) -> int:
    """Step 5: what the rooms of the caps of an agency or a measure leave."""
    left, book, claim, year = before, accounts.book, hand.claim, hand.year
    for number in range(hand.measure.cap_first, hand.measure.cap_last):
        cap = policy.caps[number]
        if not cap.shared or number == without.lever:
            continue
        so_far, is_counted = accounts.sums[claim.account], True
        if not is_of_account(cap):
            used = used_row_of(cap, number, book, claim, year)
            is_counted = used >= 0
            so_far = book.sums[used, VALUE] if is_counted else 0
        on_matter = 0
        if hand.has_matter and is_counted:
            on_matter = book.sums[counted_row_of(hand.measure, cap, number, book, claim, year), VALUE]
        limit = limit_of(cap.amount, cap.share, cap.column, attributes, hand.row)
        left = _cut(hand, number, left, room(limit, so_far, on_matter), accounts, levers)
    note_taken(awards, hand.row, codes.RUNNING, before - left)
    return left


@compiled_step
def top_up_matter(hand: AtHand, accounts: Accounts, awards: Awards, left: int) -> int:
    """Step 6: what raises the matter to the higher entitlement; notes the highest where a year is settled."""
    if not hand.has_matter:
        return left
    measure, claim, sums = hand.measure, hand.claim, accounts.book.sums
    if measure.settlement:
        best = matter_row_of(measure, accounts.book, claim, hand.year, BEST)
        which = matter_row_of(measure, accounts.book, claim, hand.year, BEST_MEASURE)
        # Stored + 1, so that 0 says "no claim yet"; ties go to the first in the policy.
        tie = left + 1 == sums[best, VALUE] and claim.measure < sums[which, VALUE]
        if left + 1 > sums[best, VALUE] or tie:
            sums[best, VALUE] = left + 1
            sums[which, VALUE] = claim.measure
    award = top_up(left, sums[matter_row_of(measure, accounts.book, claim, hand.year, COVERED), VALUE])
    note_taken(awards, hand.row, codes.MATTER, left - award)
    return award


@compiled_step
def cut_by_total_caps(
    policy: CompiledPolicy,
    attributes: IndexArray,
    hand: AtHand,
    accounts: Accounts,
    without: Without,
    levers: Levers,
    awards: Awards,
    before: int,
) -> tuple[int, int]:
    """Step 7: what the caps of an agency and year over measures leave; and what they took that is not made up."""
    left, not_made_up, book, sums = before, 0, accounts.book, accounts.book.sums
    year = hand.year - levers.first_year
    for place in range(hand.measure.total_first, hand.measure.total_last):
        which = policy.total_list[place]
        number, total = len(policy.caps) + which, policy.totals[which]
        if number == without.lever:
            continue
        limit = limit_of(total.amount, total.share, total.column, attributes, hand.row)
        used = entry(book, sum_of(TOTAL, which, hand.year, hand.claim.agency), 0)
        allowed = room(limit, sums[used, VALUE], 0)
        if left < allowed or left <= 0:
            continue
        whole = entry(book, sum_of(ANY, 0, hand.year, hand.claim.agency), 0)
        flags = sums[whole, STATE]
        if is_flagged(flags, AWARDED) and not is_flagged(flags, AT_CAP + which):
            levers.agencies_at[hand.draw, number, year] += 1
        sums[whole, STATE] = flags | (1 << (AT_CAP + which))
        levers.taken[hand.draw, number, year] += left - allowed
        if not total.make_up:
            not_made_up += left - allowed
        left = allowed
    note_taken(awards, hand.row, codes.TOTAL_CAP, before - left)
    return left, not_made_up


@compiled_step
def note_agencies_at_caps(policy: CompiledPolicy, hand: AtHand, accounts: Accounts, levers: Levers) -> None:
    """Count the agency of an award, and where it stands at a cap.

    It stands at a cap when it was at it and is awarded something in the year, in either order.
    """
    measure, claim, sums = hand.measure, hand.claim, accounts.book.sums
    draw, year, flags = hand.draw, hand.year - levers.first_year, accounts.flags[claim.account]
    if is_flagged(flags, AWARDED):
        return
    accounts.flags[claim.account] = flags | (1 << AWARDED)
    levers.agencies_awarded[draw, claim.measure, year] += 1
    for number in range(measure.cap_first, measure.cap_last):
        levers.agencies_at[draw, number, year] += is_flagged(flags, AT_CAP + number - measure.cap_first)
    whole = entry(accounts.book, sum_of(ANY, 0, hand.year, claim.agency), 0)
    flags = sums[whole, STATE]
    if is_flagged(flags, AWARDED):
        return
    sums[whole, STATE] = flags | (1 << AWARDED)
    levers.agencies_any[draw, year] += measure.of_agency
    for number in range(len(policy.totals)):
        levers.agencies_at[draw, len(policy.caps) + number, year] += is_flagged(flags, AT_CAP + number)
