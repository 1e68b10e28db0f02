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
from simkit.policy.compile import KINDS, CompiledPolicy, compile_policy
from simkit.policy.types import Policy
from simkit.rules.book import VALUE, entry, new_book
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
    "Levers",
    "Parts",
    "adjudicate",
    "decide",
    "lever_names",
    "most_parts",
    "no_levers",
    "split",
    "split_rows",
]

#: Reasons of step 1, by code.
REFUSALS = ("none", "not_in_force", "conditions", "not_first_time", "already_paid")
#: The columns of Awards in which steps 3 to 7 say what they took.
STEPS = ("over_claim_cap", "not_selected", "over_running_cap", "same_matter", "over_total_cap")
#: No lever is taken away: every cap and rule stands.
KEEP_ALL = -1

#: One row of Records, in compiled code.
Record = Any

_ONCE, _USED, _COUNTED, _COVERED, _TOTAL, _BEST, _BEST_MEASURE, _AT_CAP, _AWARDED, _ANY = range(1, 11)
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
def _tag(kind: int, number: int, year: int) -> int:
    """One number that names a running sum: its kind, what it is of, and its year (0: ever)."""
    return (kind << 48) | (number << 16) | year


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
    in_year = year if measure.matter_year or kind >= _BEST else 0
    tag = _tag(kind, measure.matter * 256 + measure.ledger_class, in_year)
    own = claim.matter if measure.matter_own else 0
    return entry(book, stamp, tag, claim.agency if measure.matter_agency else -1, own)


@compiled
def _cap_rows(
    measure: Record, cap: Record, number: int, book: IndexArray, stamp: int, claim: Record, year: int
) -> tuple[int, int]:
    """Rows of what counted against a running cap, and of the part on the claim's own matter (-1: no matter).

    (-1, -1) where the award lies outside the cap's window: earned before or after the term.
    """
    if claim.earned < cap.since or claim.earned > cap.until:
        return -1, -1
    in_year = year if cap.within == 1 else 0
    used = entry(book, stamp, _tag(_USED, number, in_year), claim.agency if cap.per == 1 else -1, 0)
    if measure.matter < 0:
        return used, -1
    in_year = year if cap.within == 1 or measure.matter_year else 0
    whose = claim.agency if cap.per == 1 or measure.matter_agency else -1
    own = claim.matter if measure.matter_own else 0
    return used, entry(book, stamp, _tag(_COUNTED, number, in_year), whose, own)


@compiled
def _once_row(measure: Record, book: IndexArray, stamp: int, claim: Record, year: int) -> int:
    """Row of the money that repetition looks at."""
    tag = _tag(_ONCE, claim.measure, year if measure.repeat == 1 else 0)
    return entry(book, stamp, tag, claim.agency, claim.key if measure.repeat == 3 else 0)


@compiled
def _count(
    measure: Record,
    caps: Records,
    total_list: IndexArray,
    book: IndexArray,
    stamp: int,
    claim: Record,
    award: int,
    not_made_up: int,
) -> None:
    """Let an award count: for repetition, in the rooms of its caps, on its matter."""
    year = year_of(claim.earned)
    if measure.repeat > 0:
        book[_once_row(measure, book, stamp, claim, year), VALUE] += award
    for number in range(measure.cap_first, measure.cap_last):
        if caps[number].within > 0:
            used, counted = _cap_rows(measure, caps[number], number, book, stamp, claim, year)
            if used >= 0:
                book[used, VALUE] += award
            if counted >= 0:
                book[counted, VALUE] += award
    for place in range(measure.total_first, measure.total_last):
        book[entry(book, stamp, _tag(_TOTAL, total_list[place], year), claim.agency, 0), VALUE] += award
    if measure.matter >= 0:
        book[_matter_row(measure, book, stamp, claim, year, _COVERED), VALUE] += award + not_made_up


@compiled
def _new_here(book: IndexArray, stamp: int, kind: int, number: int, agency: int, year: int) -> int:
    """1 if the agency is met for the first time at this lever or measure in this year."""
    row = entry(book, stamp, _tag(kind, number, year), agency, 0)
    seen = book[row, VALUE]
    book[row, VALUE] = 1
    return 1 - seen


@compiled
def _flag(book: IndexArray, stamp: int, kind: int, number: int, agency: int, year: int) -> bool:
    """Whether an agency was met at this lever or measure in this year."""
    return book[entry(book, stamp, _tag(kind, number, year), agency, 0), VALUE] > 0


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
    book: IndexArray,
    without: int,
    without_matter: bool,
    first_year: int,
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
        stamp = draw
        begin, end = firsts[draw], firsts[draw + 1]
        for place in range(len(ledger)):
            paid = ledger[place]
            _count(measures[paid.measure], caps, total_list, book, stamp, paid, paid.base, 0)
        ranked = 0
        for row in range(begin, end):
            claim = rows[row]
            measure = measures[claim.measure]
            booked[row] = claim.measure
            refusal[row] = _refused(measure, conditions, claim, attributes, row)
            if refusal[row] > 0:
                continue
            left = _gross(measure, tier_first, tiers, bands, claim, attributes, row)
            money[row, _GROSS] = left
            if measure.ranked:
                for number in range(measure.cap_first, measure.cap_last):
                    cap = caps[number]
                    if cap.within == 0 and number != without:
                        left = capped(left, _limit(cap.amount, cap.share, cap.column, attributes, row))
                after_claim_cap[row] = left
                chosen[row] = False
                ranked += 1
        if ranked > 0:
            ranked = 0
            for row in range(begin, end):
                if not chosen[row]:
                    candidates[ranked] = row
                    ranked += 1
            _select(measures, rows, after_claim_cap, candidates, ranked, chosen)
        settles = False
        for row in range(begin, end):
            claim = rows[row]
            measure = measures[claim.measure]
            if refusal[row] > 0:
                continue
            year = year_of(claim.earned)
            at = year - first_year
            has_matter = measure.matter >= 0 and not without_matter
            if measure.outside:
                money[row, _AWARD] = money[row, _GROSS]
                if has_matter:
                    book[_matter_row(measure, book, stamp, claim, year, _COVERED), VALUE] += money[
                        row, _AWARD
                    ]
                continue
            if measure.repeat > 0 and book[_once_row(measure, book, stamp, claim, year), VALUE] > 0:
                refusal[row] = 4
                money[row, _GROSS] = 0
                continue
            left = money[row, _GROSS]
            for number in range(measure.cap_first, measure.cap_last):
                cap = caps[number]
                if cap.within == 0 and number != without:
                    limit = _limit(cap.amount, cap.share, cap.column, attributes, row)
                    if left >= limit and left > 0:
                        if _new_here(book, stamp, _AT_CAP, number, claim.agency, year) and _flag(
                            book, stamp, _AWARDED, claim.measure, claim.agency, year
                        ):
                            agencies_at[draw, number, at] += 1
                        taken[draw, number, at] += left - limit
                        left = limit
            money[row, _CLAIM_CAP] = money[row, _GROSS] - left
            if not chosen[row]:
                money[row, _SELECTION] = left
                left = 0
            before = left
            for number in range(measure.cap_first, measure.cap_last):
                cap = caps[number]
                if cap.within > 0 and number != without:
                    used, counted = _cap_rows(measure, cap, number, book, stamp, claim, year)
                    limit = _limit(cap.amount, cap.share, cap.column, attributes, row)
                    on_matter = book[counted, VALUE] if counted >= 0 and not without_matter else 0
                    allowed = room(limit, book[used, VALUE] if used >= 0 else 0, on_matter)
                    if left >= allowed and left > 0:
                        if _new_here(book, stamp, _AT_CAP, number, claim.agency, year) and _flag(
                            book, stamp, _AWARDED, claim.measure, claim.agency, year
                        ):
                            agencies_at[draw, number, at] += 1
                        taken[draw, number, at] += left - allowed
                        left = allowed
            money[row, _RUNNING] = before - left
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
                money[row, _MATTER] = left - award
                left = award
            before = left
            not_made_up = 0
            for place in range(measure.total_first, measure.total_last):
                number = len(caps) + total_list[place]
                total = totals[total_list[place]]
                if number == without:
                    continue
                limit = _limit(total.amount, total.share, total.column, attributes, row)
                used = entry(book, stamp, _tag(_TOTAL, total_list[place], year), claim.agency, 0)
                allowed = room(limit, book[used, VALUE], 0)
                if left >= allowed and left > 0:
                    if _new_here(book, stamp, _AT_CAP, number, claim.agency, year) and _flag(
                        book, stamp, _ANY, 0, claim.agency, year
                    ):
                        agencies_at[draw, number, at] += 1
                    taken[draw, number, at] += left - allowed
                    if not total.make_up:
                        not_made_up += left - allowed
                    left = allowed
            money[row, _TOTAL_CAP] = before - left
            money[row, _AWARD] = left
            for step in range(_CLAIM_CAP, _TOTAL_CAP + 1):
                if money[row, step] > 0:
                    bound[row] = step + 2
            _count(measure, caps, total_list, book, stamp, claim, left, not_made_up)
            # An agency stands at a cap when it was at it and is awarded something in the year, in either order.
            if left > 0 and _new_here(book, stamp, _AWARDED, claim.measure, claim.agency, year):
                agencies_awarded[draw, claim.measure, at] += 1
                for number in range(measure.cap_first, measure.cap_last):
                    if _flag(book, stamp, _AT_CAP, number, claim.agency, year):
                        agencies_at[draw, number, at] += 1
            if left > 0 and _new_here(book, stamp, _ANY, 0, claim.agency, year):
                agencies_any[draw, at] += measure.of_agency
                for number in range(len(totals)):
                    if _flag(book, stamp, _AT_CAP, len(caps) + number, claim.agency, year):
                        agencies_at[draw, len(caps) + number, at] += 1
        if settles:
            for row in range(begin, end):
                claim = rows[row]
                measure = measures[claim.measure]
                settled = measure.matter >= 0 and measure.settlement
                if settled and not measure.outside and refusal[row] == 0:
                    which = _matter_row(measure, book, stamp, claim, year_of(claim.earned), _BEST_MEASURE)
                    booked[row] = book[which, VALUE]


@compiled
def _most_entries(need: IndexArray, rows: Records, firsts: IndexArray, ledger: Records) -> int:
    """Most running sums that one draw can need; `need` is the most that a claim of each measure touches."""
    before = 0
    for place in range(len(ledger)):
        before += need[ledger[place].measure]
    most = before
    for draw in range(len(firsts) - 1):
        entries = before
        for row in range(firsts[draw], firsts[draw + 1]):
            entries += need[rows[row].measure]
        most = max(most, entries)
    return most


def _need(policy: CompiledPolicy) -> IndexArray:
    """Sums of a claim: three a cap (used, on the matter, at it), two a total cap, three a matter, three more."""
    table = policy.measures
    caps, totals = table["cap_last"] - table["cap_first"], table["total_last"] - table["total_first"]
    return np.asarray(
        3 * caps + 2 * totals + len(policy.totals) + 3 * (table["matter"] >= 0) + (table["repeat"] > 0) + 2
    )


def decide(
    policy: CompiledPolicy,
    rows: Records,
    attributes: IndexArray,
    firsts: IndexArray,
    ledger: Records,
    *,
    years: tuple[int, int],
    without: int = KEEP_ALL,
    without_matter: bool = False,
    levers: Levers | None = None,
) -> Awards:
    """Decide the claims of one block of draws.

    Parameters
    ----------
    policy : CompiledPolicy
        Compiled for the columns of `attributes`.
    rows : CLAIM[claim], attributes : int64[claim, attribute]
        In order of decision within a draw.
    firsts : int64[draw + 1]
        First row of each draw, and the number of rows.
    ledger : CLAIM[award]
        Paid before, `base` its amount; counts in every draw.
    years : (int, int)
        First and last earned year of the claims.
    without : int
        A lever that does not stand, or KEEP_ALL.
    without_matter : bool
        No same-matter rule stands.
    levers : Levers, optional
        Out: zeros of these draws, to be added to.
    """
    if levers is None:
        levers = no_levers(policy, len(firsts) - 1, years)
    money = np.zeros((len(rows), 7), dtype=np.int64)
    refusal, bound = np.zeros((2, len(rows)), dtype=np.uint8)
    booked = np.zeros(len(rows), dtype=np.int16)
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
        ledger,
        new_book(_most_entries(_need(policy), rows, firsts, ledger)),
        without,
        without_matter,
        years[0],
        np.ones(len(rows), dtype=np.bool_),
        np.empty(len(rows), dtype=np.int64),
        np.empty(len(rows), dtype=np.int64),
        money,
        refusal,
        bound,
        booked,
        levers.taken,
        levers.agencies_at,
        levers.agencies_awarded,
        levers.agencies_any,
    )
    return Awards(
        gross=money[:, _GROSS],
        over_claim_cap=money[:, _CLAIM_CAP],
        not_selected=money[:, _SELECTION],
        over_running_cap=money[:, _RUNNING],
        same_matter=money[:, _MATTER],
        over_total_cap=money[:, _TOTAL_CAP],
        award=money[:, _AWARD],
        refusal=refusal,
        bound=bound,
        booked=booked,
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
    paid = ledger_rows(ledger) if ledger is not None else np.zeros(0, dtype=CLAIM)
    rows = claim_rows(claims)
    return decide(compiled_policy, rows, claims.attributes, firsts, paid, years=_years(claims))


def _years(claims: Claims) -> tuple[int, int]:
    """First and last earned year."""
    if not len(claims):
        return 1970, 1970
    calendar = claims.earned.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return int(calendar.min()), int(calendar.max())


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
        measure = measures[claim.measure]
        if award[row] == 0 or measure.outside:
            continue
        year = year_of(claim.decided + measure.lag)
        books = measures[booked[row]]
        for payer in range(books.payer_first, books.payer_last):
            share = part(award[row], payers, books.payer_first, books.payer_last, payer)
            for number in range(measure.instalment_first, measure.instalment_last):
                instalment = instalments[number]
                fen = part(share, instalments, measure.instalment_first, measure.instalment_last, number)
                if fen > 0:
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


def split(policy: Policy, claims: Claims, awards: Awards) -> Parts:
    """Split each award over the funds that pay and the instalments (steps 8 and 9).

    Remainders go to the first payer and the first instalment, so the parts of a claim sum to its award.
    """
    compiled_policy = compile_policy(policy, claims.attribute_names)
    parts = np.zeros((len(claims) * most_parts(compiled_policy), 6), dtype=np.int64)
    rows = split_rows(compiled_policy, claim_rows(claims), claims.attributes, awards, parts)
    parts = parts[:rows]
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


def split_rows(
    policy: CompiledPolicy, rows: Records, attributes: IndexArray, awards: Awards, parts: IndexArray
) -> int:
    """Write the parts of awards into `parts`, int64[part, 6]; returns how many there are.

    Columns: row of the claim, fund, district or -1, paid year, fen, forfeited.
    """
    return int(
        _split(
            policy.measures,
            policy.conditions,
            policy.payers,
            policy.instalments,
            rows,
            attributes,
            np.ascontiguousarray(awards.award),
            awards.booked,
            parts,
        )
    )
