"""The desk: claims in their order, decided step by step."""

from __future__ import annotations

from simkit.awards.book import VALUE, Book
from simkit.awards.cuts import (
    cut_by_claim_caps,
    cut_by_running_caps,
    cut_by_total_caps,
    note_agencies_at_caps,
    select,
    top_up_matter,
)
from simkit.awards.ranking import Ranking, rank_candidates
from simkit.awards.running import (
    BEST_MEASURE,
    COVERED,
    Accounts,
    count_award,
    count_paid_before,
    matter_row_of,
    open_accounts,
    paid_to_agency,
)
from simkit.awards.steps import AtHand, formula, refuse
from simkit.awards.types import Awards, Levers, Without
from simkit.base.arrays import IndexArray, Records
from simkit.base.compiled import compiled, compiled_step
from simkit.base.days import year_of
from simkit.claims.types import Claims, PaidBefore
from simkit.policy.tables import CompiledPolicy
from simkit.rules import codes

__all__ = ["decide", "sizes"]


@compiled
def decide(
    policy: CompiledPolicy,
    claims: Claims,
    paid_before: PaidBefore,
    accounts: Accounts,
    ranking: Ranking,
    without: Without,
    levers: Levers,
    awards: Awards,
) -> None:
    """Decide claim by claim, draw by draw, in the published order; writes `awards`, adds to `levers`.

    A claim that holds what no kernel knows is refused, and `awards.refusal` says what it is.
    """
    attributes = claims.attributes
    for draw in range(len(claims.firsts) - 1):
        begin, end = claims.firsts[draw], claims.firsts[draw + 1]
        book = Book(sums=accounts.book.sums, stamp=accounts.book.stamp + draw)
        so_far = Accounts(sums=accounts.sums, flags=accounts.flags, book=book)
        open_accounts(claims.rows, begin, end, paid_before, so_far)
        count_paid_before(policy, paid_before, so_far)
        if ranking.is_needed:
            rank_candidates(policy, claims, begin, end, without, ranking, awards)
        settles = False
        for row in range(begin, end):
            claim = claims.rows[row]
            measure = policy.measures[claim.measure]
            hand = AtHand(
                draw=draw,
                row=row,
                claim=claim,
                measure=measure,
                year=year_of(claim.earned),
                has_matter=measure.matter >= 0 and not without.matter,
            )
            _begin(hand, awards)
            if not measure.ranked:  # they were held against each other before
                awards.refusal[row] = refuse(policy, claims, row)
                formula(policy, claims, row, awards)
            if awards.refusal[row] != codes.PASSED:
                continue
            if measure.outside:
                _count_outside(hand, book, awards)
                continue
            if _is_repeated(hand, so_far, awards):
                continue
            left = cut_by_claim_caps(policy, attributes, hand, so_far, without, levers, awards)
            left = select(hand, ranking, awards, left)
            left = cut_by_running_caps(policy, attributes, hand, so_far, without, levers, awards, left)
            left = top_up_matter(hand, so_far, awards, left)
            left, lost = cut_by_total_caps(policy, attributes, hand, so_far, without, levers, awards, left)
            awards.money[row, codes.AWARD] = left
            count_award(policy, claim, hand.year, so_far, left, lost)
            if left > 0:
                note_agencies_at_caps(policy, hand, so_far, levers)
            settles |= hand.has_matter and measure.settlement != 0
        if settles:
            _settle(policy, claims.rows, begin, end, book, awards)


@compiled_step
def _begin(hand: AtHand, awards: Awards) -> None:
    """Nothing is taken or awarded yet; the measure's own funds pay."""
    awards.booked[hand.row] = hand.claim.measure
    awards.bound[hand.row] = 0
    for step in range(codes.CLAIM_CAP, codes.AWARD + 1):
        awards.money[hand.row, step] = 0


@compiled_step
def _count_outside(hand: AtHand, book: Book, awards: Awards) -> None:
    """What others paid is a fact: it counts on its matter, and nothing takes from it."""
    paid = awards.money[hand.row, codes.GROSS]
    awards.money[hand.row, codes.AWARD] = paid
    if hand.has_matter:
        book.sums[matter_row_of(hand.measure, book, hand.claim, hand.year, COVERED), VALUE] += paid


@compiled_step
def _is_repeated(hand: AtHand, accounts: Accounts, awards: Awards) -> bool:
    """Step 1 at the claim's turn: whether the agency has had what it may have once."""
    if paid_to_agency(hand.measure, accounts, hand.claim) <= 0:
        return False
    awards.refusal[hand.row] = codes.ALREADY_PAID
    awards.money[hand.row, codes.GROSS] = 0
    return True


@compiled_step
def _settle(policy: CompiledPolicy, rows: Records, begin: int, end: int, book: Book, awards: Awards) -> None:
    """Book a year's money on a matter to the measure with the highest entitlement."""
    for row in range(begin, end):
        claim = rows[row]
        measure = policy.measures[claim.measure]
        settled = measure.matter >= 0 and measure.settlement
        if settled and not measure.outside and awards.refusal[row] == codes.PASSED:
            which = matter_row_of(measure, book, claim, year_of(claim.earned), BEST_MEASURE)
            awards.booked[row] = book.sums[which, VALUE]


@compiled
def sizes(need: IndexArray, claims: Claims, paid_before: PaidBefore) -> tuple[int, int]:
    """Most running sums that one draw can need, and the number of accounts.

    `need` is the most that a claim of each measure touches.
    """
    before, accounts = 0, 0
    for place in range(len(paid_before.rows)):
        paid = paid_before.rows[place]
        before += need[paid.measure]
        accounts = max(accounts, paid.account + 1)
    most = before
    for draw in range(len(claims.firsts) - 1):
        entries = before
        for row in range(claims.firsts[draw], claims.firsts[draw + 1]):
            entries += need[claims.rows[row].measure]
            accounts = max(accounts, claims.rows[row].account + 1)
        most = max(most, entries)
    return most, accounts
