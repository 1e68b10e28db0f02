"""Awards: the policy's rules laid on the claims, claim by claim, in their published order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.arrays import BoolArray, FenArray, IndexArray, Records, check_length
from simkit.claims import CLAIM, Claims, Ledger, claim_rows, ledger_rows
from simkit.compiled import compiled
from simkit.errors import InputError
from simkit.money import LARGEST_FEN, RATE_ONE
from simkit.policy.compile import KINDS, PER, WITHIN, CompiledPolicy, compile_policy
from simkit.policy.types import Policy
from simkit.rules.book import (
    EVER,
    LARGEST_AGENCY,
    STATE,
    VALUE,
    entry,
    is_flagged,
    new_book,
    sum_of,
)
from simkit.rules.calendar import year_of
from simkit.rules.cap import capped, room
from simkit.rules.condition import holds
from simkit.rules.formula import banded, of_rate, of_share, tiered
from simkit.rules.split import part
from simkit.rules.top_up import top_up

__all__ = [
    "KEEP_ALL",
    "REFUSALS",
    "STEPS",
    "Awards",
    "Desk",
    "Levers",
    "Parts",
    "adjudicate",
    "desk_rows",
    "lever_names",
    "most_parts",
    "no_levers",
    "split",
    "split_claim",
]

#: Reasons of step 1, by code.
REFUSALS = ("none", "not_in_force", "conditions", "not_first_time", "already_paid")
#: The columns of Awards in which steps 3 to 7 say what they took.
STEPS = ("over_claim_cap", "not_selected", "over_running_cap", "same_matter", "over_total_cap")
#: No lever is taken away: every cap and rule stands.
KEEP_ALL = -1

#: One row of Records, in compiled code.
Record = Any

#: Kinds of running sums beside accounts; an account is what a measure awarded an agency in a year.
_ONCE, _USED, _COUNTED, _COVERED, _TOTAL, _BEST, _BEST_MEASURE, _ANY = range(1, 9)
#: Flags of an account, and of all that an agency is awarded in a year: awarded something; from _AT_CAP on
#: one a cap (of the measure; a total cap): stood at it.
_AWARDED, _AT_CAP = 0, 1
_GROSS, _CLAIM_CAP, _SELECTION, _RUNNING, _MATTER, _TOTAL_CAP, _AWARD = range(7)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Awards:
    """What the rules decide on each claim; rows as in Claims, money in fen.

    Attributes
    ----------
    gross : int64[claim]
        The formula on a claim that passes step 1, else 0.
    over_claim_cap, not_selected, over_running_cap, same_matter, over_total_cap : int64[claim]
        What steps 3, 4, 5, 6, 7 took; `gross` is their sum and `award`.
    award : int64[claim]
        Awarded. For an outside measure what others paid.
    refusal : uint8[claim]
        Reason of step 1 (`REFUSALS`).
    bound : uint8[claim]
        The last step (3 to 7) that took something, 0 for none.
    booked : int16[claim]
        Measure whose funds pay.
    """

    gross: FenArray
    over_claim_cap: FenArray
    not_selected: FenArray
    over_running_cap: FenArray
    same_matter: FenArray
    over_total_cap: FenArray
    award: FenArray
    refusal: npt.NDArray[np.uint8]
    bound: npt.NDArray[np.uint8]
    booked: npt.NDArray[np.int16]

    def __post_init__(self) -> None:
        names = [name for name in self.__slots__ if name != "gross"]
        check_length("claim", len(self.gross), **{name: getattr(self, name) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levers:
    """What each cap did, by draw and earned year. Levers are the caps of measures, then the total caps.

    Attributes
    ----------
    taken : int64[draw, lever, year]
        Fen that the cap took, in the order of the rules.
    agencies_at : int32[draw, lever, year]
        Agencies awarded in the year (by the measure; for a total cap by any) that were cut by the cap or
        stood exactly at it.
    agencies_awarded : int32[draw, measure, year]
        Agencies awarded more than nothing.
    agencies_any : int32[draw, year]
        Different agencies awarded more than nothing by any measure; parks, buildings and the city left out.
    """

    taken: FenArray
    agencies_at: npt.NDArray[np.int32]
    agencies_awarded: npt.NDArray[np.int32]
    agencies_any: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Awards split over funds and instalments: rows by claim, only parts above 0.

    Attributes
    ----------
    claim : int64[part]
        Row of the claim.
    fund, district : int16[part]
        Position of the fund; of the district that pays, -1 for a fund that is not a district's.
    paid_year : int16[part]
        Calendar year of payment.
    fen : int64[part]
        Money.
    forfeited : bool[part]
        A later instalment whose conditions do not hold: not paid.
    """

    claim: IndexArray
    fund: npt.NDArray[np.int16]
    district: npt.NDArray[np.int16]
    paid_year: npt.NDArray[np.int16]
    fen: FenArray
    forfeited: BoolArray


def lever_names(policy: Policy) -> tuple[str, ...]:
    """Names of the levers: `measure.cap` for caps of measures, then the ids of the total caps."""
    caps = [f"{name}.{cap}" for name, measure in policy.measures.items() for cap in measure.caps]
    return (*caps, *policy.total_caps)


@compiled
def _limit(amount: int, share: int, column: int, attributes: IndexArray, row: int) -> int:
    """A cap's limit: an amount, or a share of an attribute of the claim; 0 of what nobody gave."""
    return of_share(attributes[row, column], share) if column >= 0 else amount


@compiled
def _all_hold(
    conditions: Records, first: int, last: int, base: int, attributes: IndexArray, row: int
) -> bool:
    for place in range(first, last):
        test = conditions[place]
        value = attributes[row, test.column] if test.column >= 0 else base
        earlier = attributes[row, test.before] if test.before >= 0 else 0
        if not holds(test.test, value, earlier, test.value):
            return False
    return True


@compiled
def _refused(measure: Record, conditions: Records, claim: Record, attributes: IndexArray, row: int) -> int:
    """Step 1 without repetition: 0 passes, else the code of the reason."""
    if measure.live == 0:
        return 1
    if measure.outside:
        return 0
    if claim.earned < measure.since or claim.earned > measure.until:
        return 1
    if not _all_hold(
        conditions, measure.condition_first, measure.condition_last, claim.base, attributes, row
    ):
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
    base, kind, number = claim.base, measure.kind, measure.number
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
    money[row, _GROSS] = 0
    if refusal[row] > 0:
        return False
    money[row, _GROSS] = _gross(measure, tier_first, tiers, bands, claim, attributes, row)
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
        left = money[row, _GROSS]
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
def _decide(
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
            for step in range(_CLAIM_CAP, _AWARD + 1):
                money[row, step] = 0
            if measure.ranked:
                if refusal[row] > 0:
                    continue
            elif not _passes(
                measure, conditions, tier_first, tiers, bands, claim, attributes, row, refusal, money
            ):
                continue
            left = money[row, _GROSS]
            year = year_of(claim.earned)
            at = year - first_year
            has_matter = measure.matter >= 0 and not without_matter
            if measure.outside:
                money[row, _AWARD] = left
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
                    money[row, _GROSS] = 0
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
            if left < money[row, _GROSS]:
                money[row, _CLAIM_CAP] = money[row, _GROSS] - left
                bound[row] = _CLAIM_CAP + 2
            if measure.ranked and not chosen[row]:
                money[row, _SELECTION] = left
                bound[row] = _SELECTION + 2 if left > 0 else bound[row]
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
                money[row, _RUNNING] = before - left
                bound[row] = _RUNNING + 2
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
                    money[row, _MATTER] = left - award
                    bound[row] = _MATTER + 2
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
                money[row, _TOTAL_CAP] = before - left
                bound[row] = _TOTAL_CAP + 2
            money[row, _AWARD] = left
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
def _sizes(need: IndexArray, rows: Records, firsts: IndexArray, ledger: Records) -> tuple[int, int]:
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


def _need(policy: CompiledPolicy) -> IndexArray:
    """Most sums that a claim touches.

    All of its agency, what it was once paid for, one a total cap; one a running cap that does not look at the
    account; on a matter three, and one a running cap.
    """
    table, caps = policy.measures, policy.caps
    running = caps["within"] > WITHIN["claim"]
    apart = running & ~((caps["within"] == WITHIN["year"]) & (caps["per"] == PER["agency"]))
    most = 1 + (table["repeat"] > 1) + (table["total_last"] - table["total_first"])
    for number, measure in enumerate(table):
        own = slice(measure["cap_first"], measure["cap_last"])
        on_matter = measure["matter"] >= 0
        most[number] += apart[own].sum() + on_matter * (running[own].sum() + 3)
    return np.asarray(most)


class Desk:
    """Decides blocks of draws with scratch memory of its own, one for each worker.

    What `decide` gives lasts until the next call.
    """

    def __init__(self, policy: CompiledPolicy, ledger: Records, years: tuple[int, int]) -> None:
        self.policy, self.ledger, self.years = policy, ledger, years
        self.need = _need(policy)
        self.ranks = bool(policy.measures["ranked"].any())
        self.book, self.stamp = new_book(0), 1
        self.accounts = np.zeros((2, 0), dtype=np.int64)
        self._room(0)

    def _room(self, claims: int) -> None:
        """Columns for so many claims."""
        self.room = claims
        self.chosen = np.ones(claims, dtype=np.bool_)
        self.amounts, self.candidates = np.zeros((2, claims), dtype=np.int64)
        self.money = np.zeros((claims, 7), dtype=np.int64)
        self.refusal, self.bound = np.zeros((2, claims), dtype=np.uint8)
        self.booked = np.zeros(claims, dtype=np.int16)

    def decide(
        self,
        rows: Records,
        attributes: IndexArray,
        firsts: IndexArray,
        levers: Levers,
        *,
        without: int = KEEP_ALL,
        without_matter: bool = False,
    ) -> Awards:
        """Decide the claims of some draws.

        Parameters
        ----------
        rows : CLAIM[claim], attributes : int64[claim, attribute]
            In order of decision within a draw.
        firsts : int64[draw + 1]
            First row of each draw, and the number of rows.
        levers : Levers
            Out: zeros of these draws, to be added to.
        without : int
            A lever that does not stand, or KEEP_ALL.
        without_matter : bool
            No same-matter rule stands.
        """
        claims, draws = len(rows), len(firsts) - 1
        if claims > self.room:
            self._room(max(claims, 2 * self.room))
        entries, accounts = _sizes(self.need, rows, firsts, self.ledger)
        if accounts > self.accounts.shape[1]:
            self.accounts = np.zeros((2, 2 * accounts), dtype=np.int64)
        if 2 * entries > len(self.book):
            self.book = new_book(entries)
        self.chosen[:claims] = True
        policy = self.policy
        _decide(
            policy.measures,
            policy.conditions,
            policy.tier_first,
            policy.tiers,
            policy.bands,
            policy.caps,
            policy.totals,
            policy.total_list,
            rows,
            attributes,
            firsts,
            self.ledger,
            self.accounts[0],
            self.accounts[1],
            self.book,
            self.stamp,
            without,
            without_matter,
            self.years[0],
            self.ranks,
            self.chosen,
            self.amounts,
            self.candidates,
            self.money,
            self.refusal,
            self.bound,
            self.booked,
            levers.taken,
            levers.agencies_at,
            levers.agencies_awarded,
            levers.agencies_any,
        )
        self.stamp += draws
        money = self.money[:claims]
        return Awards(
            gross=money[:, _GROSS],
            over_claim_cap=money[:, _CLAIM_CAP],
            not_selected=money[:, _SELECTION],
            over_running_cap=money[:, _RUNNING],
            same_matter=money[:, _MATTER],
            over_total_cap=money[:, _TOTAL_CAP],
            award=money[:, _AWARD],
            refusal=self.refusal[:claims],
            bound=self.bound[:claims],
            booked=self.booked[:claims],
        )


def no_levers(policy: CompiledPolicy, draws: int, years: tuple[int, int]) -> Levers:
    """Zeros that `decide` adds to."""
    span, count = years[1] - years[0] + 1, len(policy.caps) + len(policy.totals)
    return Levers(
        taken=np.zeros((draws, count, span), dtype=np.int64),
        agencies_at=np.zeros((draws, count, span), dtype=np.int32),
        agencies_awarded=np.zeros((draws, len(policy.measures), span), dtype=np.int32),
        agencies_any=np.zeros((draws, span), dtype=np.int32),
    )


def _largest_base(policy: CompiledPolicy, number: int) -> int:
    """Largest base of a measure whose formula neither overflows int64 nor leaves the range of money."""
    measure = policy.measures[number]
    limits = [LARGEST_FEN]

    def of_step(per_full: int, amount: int) -> int:
        return int(per_full) * (LARGEST_FEN // int(amount))

    def of_rate_(rate: int) -> int:
        return min((2**63 - RATE_ONE) // int(rate), LARGEST_FEN * RATE_ONE // int(rate))

    if measure["kind"] == KINDS["rate"]:
        limits.append(of_rate_(measure["number"]))
    elif measure["kind"] == KINDS["per_unit"]:
        limits.append(of_step(1, measure["number"]))
    elif measure["kind"] == KINDS["step"]:
        limits.append(of_step(measure["number"], measure["amount"]))
    bands = policy.bands[measure["band_first"] : measure["band_last"]]
    for band in bands:
        most = of_step(band["per_full"], band["amount"]) if band["per_full"] else of_rate_(band["rate"])
        limits.append(most // len(bands))
    return min(limits)


def check_amounts(policy: CompiledPolicy, claims: Claims) -> None:
    """Raise InputError where a base is negative or so large that an award could overflow."""
    limits = np.array(
        [_largest_base(policy, number) for number in range(len(policy.measures))], dtype=np.int64
    )
    wrong = np.flatnonzero((claims.base < 0) | (claims.base > limits[claims.measure]))
    if len(wrong):
        row = int(wrong[0])
        raise InputError(
            f"claims: row {row}: base: expected a number from 0 to {limits[claims.measure[row]]} "
            f"(fen, cents or a count), found {int(claims.base[row])}"
        )


def adjudicate(policy: Policy, claims: Claims, ledger: Ledger | None = None) -> Awards:
    """Lay the policy's rules on the claims, in the published order.

    Parameters
    ----------
    policy : Policy
        The policy as data.
    claims : Claims
        Rows in order of decision within a draw; simulated, or the real ones (one draw).
    ledger : Ledger, optional
        What was paid before.

    Returns
    -------
    Awards
        Rows as in `claims`.

    Raises
    ------
    InputError
        When a column that the policy reads is missing or a base is out of range.

    References
    ----------
    The order of the rules: the published steps 1 to 7; 甬人社发〔2023〕9号, 附则.
    """
    compiled_policy = compile_policy(policy, claims.attribute_names)
    check_amounts(compiled_policy, claims)
    draws = int(claims.draw.max(initial=-1)) + 1
    firsts = np.searchsorted(claims.draw, np.arange(draws + 1)).astype(np.int64)
    rows, paid = desk_rows(claims, ledger)
    years = _years(claims)
    desk = Desk(compiled_policy, paid, years)
    return desk.decide(rows, claims.attributes, firsts, no_levers(compiled_policy, draws, years))


def desk_rows(claims: Claims, ledger: Ledger | None = None) -> tuple[Records, Records]:
    """Claims and what was paid before as a Desk reads them: CLAIM[claim], CLAIM[award]."""
    paid = ledger_rows(ledger) if ledger is not None else np.zeros(0, dtype=CLAIM)
    rows = claim_rows(claims)
    _number_agencies(rows, paid)
    _number_accounts(rows, claims.draw, paid)
    return rows, paid


def _number_agencies(rows: Records, paid: Records) -> None:
    """Number the agencies anew where their own numbers are too large for the book of sums."""
    agencies = np.concatenate([rows["agency"], paid["agency"]])
    if agencies.min(initial=0) < 0 or agencies.max(initial=0) > LARGEST_AGENCY:
        numbers = np.unique(agencies, return_inverse=True)[1]
        rows["agency"], paid["agency"] = numbers[: len(rows)], numbers[len(rows) :]


def _number_accounts(rows: Records, draw: npt.NDArray[np.int32], paid: Records) -> None:
    """Number measure, agency and earned year: first those paid before, then within each draw from there on."""

    def keys(claims: Records) -> IndexArray:
        year = claims["earned"].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
        parts = (claims["measure"].astype(np.int64) << 44, (year & 0xFFF) << 32, claims["agency"])
        return np.asarray(parts[0] | parts[1] | parts[2])

    known, numbers = np.unique(keys(paid), return_inverse=True)
    paid["account"] = numbers
    own = keys(rows)
    order = np.lexsort((own, draw))
    begins = np.diff(draw[order], prepend=-1) != 0
    number = np.cumsum(begins | (np.diff(own[order], prepend=-1) != 0))
    first = np.maximum.accumulate(np.where(begins, number, 0))
    rows["account"][order] = len(paid) + number - first
    place = np.minimum(np.searchsorted(known, own), max(len(known) - 1, 0))
    before = known[place] == own if len(known) else np.zeros(len(own), dtype=np.bool_)
    rows["account"][before] = place[before]


def _years(claims: Claims) -> tuple[int, int]:
    """First and last earned year."""
    if not len(claims):
        return 1970, 1970
    calendar = claims.earned.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return int(calendar.min()), int(calendar.max())


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
            held = _all_hold(
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


@compiled
def _split(
    measures: Records,
    conditions: Records,
    payers: Records,
    instalments: Records,
    rows: Records,
    attributes: IndexArray,
    award: FenArray,
    booked: npt.NDArray[np.int16],
    parts: IndexArray,
) -> int:
    """Rows (claim, fund, district, paid year, fen, forfeited); returns their number."""
    at = 0
    for row in range(len(award)):
        claim = rows[row]
        if award[row] > 0 and not measures[claim.measure].outside:
            at = split_claim(
                measures,
                conditions,
                payers,
                instalments,
                claim,
                row,
                attributes,
                award[row],
                booked[row],
                parts,
                at,
            )
    return at


def split(policy: Policy, claims: Claims, awards: Awards) -> Parts:
    """Split each award over the funds that pay and the instalments (steps 8 and 9).

    Remainders go to the first payer and the first instalment, so the parts of a claim sum to its award.
    """
    compiled_policy = compile_policy(policy, claims.attribute_names)
    parts = np.zeros((len(claims) * most_parts(compiled_policy), 6), dtype=np.int64)
    count = _split(
        compiled_policy.measures,
        compiled_policy.conditions,
        compiled_policy.payers,
        compiled_policy.instalments,
        claim_rows(claims),
        claims.attributes,
        np.ascontiguousarray(awards.award),
        awards.booked,
        parts,
    )
    parts = parts[:count]
    return Parts(
        claim=parts[:, 0],
        fund=parts[:, 1].astype(np.int16),
        district=parts[:, 2].astype(np.int16),
        paid_year=parts[:, 3].astype(np.int16),
        fen=parts[:, 4],
        forfeited=parts[:, 5].astype(np.bool_),
    )


def most_parts(policy: CompiledPolicy) -> int:
    """Most parts that one award can have."""
    table = policy.measures
    payers = (table["payer_last"] - table["payer_first"]).max(initial=1)
    return int(payers * (table["instalment_last"] - table["instalment_first"]).max(initial=1))
