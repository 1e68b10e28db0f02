"""The policy's rules laid on claims one by one, in plain Python: to be read beside the policy (law 2).

Written from `design.md`, section 7, and shared with no kernel: whole numbers, dicts and lists only. Money
is fen, a share is over 10,000, a day is a number of days since 1970-01-01, a year is a calendar year.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from simkit.claims.types import UNKNOWN
from simkit.policy.conditions import Condition
from simkit.policy.document import Term
from simkit.policy.kinds.award import Award
from simkit.policy.kinds.bands import Bands
from simkit.policy.limits import Cap, TotalCap
from simkit.policy.measure import Matter, Measure
from simkit.policy.schema import Policy
from tests.claim_columns import ClaimColumns, PaidColumns

__all__ = ["REFUSALS", "Account", "Decision", "account", "decide", "worth"]

#: Names of the refusals, in the order in which they are checked; the position is the kernels' code.
REFUSALS = ("none", "not in force", "conditions", "not first time", "already paid")

Part: TypeAlias = tuple[str, int, int, int, bool]  # fund, district or -1, paid year, fen, forfeited
Place: TypeAlias = tuple[object, ...]  # where money counts together: a matter, a cap's scope, a repetition


@dataclass
class Decision:
    """One claim: the formula's amount, what each step took away, what is left, who pays it and when.

    `caps`, `total_caps`: the amount before each cap, and the limit or room that it met.
    """

    gross: int = 0
    over_claim_cap: int = 0
    not_selected: int = 0
    over_running_cap: int = 0
    same_matter: int = 0
    over_total_cap: int = 0
    award: int = 0
    refusal: str = "none"
    bound: int = 0
    booked: str = ""
    parts: list[Part] = field(default_factory=list)
    caps: dict[str, tuple[int, int]] = field(default_factory=dict)
    total_caps: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def took(self) -> list[int]:
        """What steps 3 to 7 took."""
        steps = [self.over_claim_cap, self.not_selected, self.over_running_cap]
        return [*steps, self.same_matter, self.over_total_cap]

    @property
    def entitled(self) -> int:
        """What the claim alone would pay: the amount after step 5."""
        return self.gross - self.over_claim_cap - self.not_selected - self.over_running_cap


@dataclass
class Account:
    """All decisions, in the order of the claims, and what each cap took.

    `taken`: fen by (measure, cap); `taken_in_total`: fen by total cap. `at_cap`: by (measure, cap, earned
    year) the (draw, agency) that had something before the cap, and exactly its limit or room after it.
    `awarded`: by (measure, earned year) the (draw, agency) that were awarded something.
    """

    decisions: list[Decision]
    taken: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    taken_in_total: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    at_cap: dict[tuple[str, str, int], set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    awarded: dict[tuple[str, int], set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class Claim:
    """One row of `ClaimColumns` or of the `PaidColumns`, in plain Python; an attribute that nobody gave is absent."""

    place: int
    draw: int
    measure: str
    agency: int
    key: int
    matter: int
    earned: int
    decided: int = 0
    base: int = 0
    first_time: bool = False
    score: float = 0.0
    district: int = -1
    attributes: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The earned year: thresholds, conditions and caps go by it."""
        return year_of(self.earned)


@dataclass
class Books:
    """What was awarded so far in one draw, the ledger included."""

    #: (measure, cap, its scope): money that counted against the cap; and the same by matter.
    used: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    used_on_matter: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    #: (total cap, agency, earned year)
    total_used: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    #: P of each matter.
    covered: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    #: What stands in the way of a repetition.
    paid: set[Place] = field(default_factory=set)


def decide(policy: Policy, claims: ClaimColumns, ledger: PaidColumns | None = None) -> list[Decision]:
    """Decide every claim, in the order in which they stand."""
    return account(policy, claims, ledger).decisions


def account(policy: Policy, claims: ClaimColumns, ledger: PaidColumns | None = None) -> Account:
    """Decide every claim, and note what each cap took. Draws do not know of each other."""
    rows = read_claims(policy, claims)
    result = Account([Decision(booked=row.measure) for row in rows])
    for draw in sorted({row.draw for row in rows}):
        one_draw = [row for row in rows if row.draw == draw]
        decide_draw(policy, one_draw, read_ledger(policy, ledger), result.decisions)
    for row, decision in zip(rows, result.decisions, strict=True):
        note(row, decision, result)
    return result


def note(row: Claim, decision: Decision, result: Account) -> None:
    """Add one claim to the totals."""
    for name, (before, most) in decision.caps.items():
        result.taken[row.measure, name] += max(0, before - most)
        if 0 < before >= most:
            result.at_cap[row.measure, name, row.year].add((row.draw, row.agency))
    for name, (before, most) in decision.total_caps.items():
        result.taken_in_total[name] += max(0, before - most)
    if decision.award > 0:
        result.awarded[row.measure, row.year].add((row.draw, row.agency))


def decide_draw(policy: Policy, rows: list[Claim], before: list[Claim], decisions: list[Decision]) -> None:
    """Decide the claims of one draw; `before` are the awards of the ledger, the award being their base."""
    books = Books()
    for row in before:
        enter(policy, row, row.base, 0, books)
    for row in rows:  # steps 1 to 3
        start(policy, row, decisions[row.place])
    selected = select(policy, rows, decisions)  # step 4
    for row in rows:  # steps 5 to 7, one claim after the other
        if decisions[row.place].refusal == "none":
            decisions[row.place] = finish(policy, row, row.place in selected, books, decisions[row.place])
    settle(policy, rows, decisions)
    for row in rows:  # steps 8 and 9
        decisions[row.place].parts = split(policy, row, decisions[row.place])


# Step 1: in force, conditions, first time, repetition.


def start(policy: Policy, row: Claim, decision: Decision) -> None:
    """Steps 1 to 3, which look at no other claim. An outside award is a fact: nothing is asked of it."""
    measure = policy.measures[row.measure]
    decision.refusal = REFUSALS[refusal(policy, measure, row)]
    if decision.refusal != "none":
        return
    if measure.outside:
        decision.gross = decision.award = row.base
        return
    assert measure.award is not None
    decision.gross = left = formula(policy, measure.award, row)
    for name, cap in measure.caps.items():
        if cap.within == "claim":
            decision.caps[name] = (left, limit(policy, cap, row))
            left = min(decision.caps[name])
    decision.over_claim_cap = decision.gross - left


def refusal(policy: Policy, measure: Measure, row: Claim) -> int:
    """Position in REFUSALS; whether it was already paid is asked later, when the claim's turn comes."""
    if measure.status != "in_force":
        return 1
    if measure.outside:
        return 0
    if measure.award is None or not in_term(policy, measure, row.earned):
        return 1
    if not all(holds(policy, condition, row) for condition in measure.conditions.values()):
        return 2
    return 3 if measure.first_time and not row.first_time else 0


def in_term(policy: Policy, measure: Measure, day: int) -> bool:
    """Whether a day lies in the policy's term, and in the measure's own where it has one."""
    return all(
        in_force(term, day) for term in (policy.document.in_force, measure.in_force) if term is not None
    )


def in_force(term: Term, day: int) -> bool:
    """Whether a day lies in a term: first and last day are in it."""
    return day >= day_of(term.since) and (term.until is None or day <= day_of(term.until))


def holds(policy: Policy, condition: Condition, row: Claim, later: int = 0) -> bool:
    """Whether a condition holds (`later` years after the earned year); on an unknown value none does."""
    year = condition.year + later
    value = value_of(policy, row, condition.of, year)
    if value is None:
        return False
    if condition.at_least is not None:
        return value >= condition.at_least.value
    if condition.more_than is not None:
        return value > condition.more_than.value
    if condition.at_most is not None:
        return value <= condition.at_most.value
    if condition.less_than is not None:
        return value < condition.less_than.value
    if condition.one_of is not None:
        return policy.attributes[condition.of].values[value] in condition.one_of
    if condition.none_of is not None:
        return policy.attributes[condition.of].values[value] not in condition.none_of
    if condition.is_true is not None:
        return bool(value) == condition.is_true
    assert condition.grew_at_least is not None
    years = range(year - condition.years + 1, year + 1)
    return all(grew(policy, row, condition.of, each, condition.grew_at_least) for each in years)


def grew(policy: Policy, row: Claim, attribute: str, year: int, share: int) -> bool:
    """Whether the value grew by at least `share` over the year before, from more than nothing."""
    value, previous = value_of(policy, row, attribute, year), value_of(policy, row, attribute, year - 1)
    if value is None or previous is None or previous <= 0:
        return False
    return value * 10_000 >= previous * (10_000 + share)


def already_paid(measure: Measure, row: Claim, books: Books) -> bool:
    """Whether what the measure pays only so often was paid before (an award of nothing is none)."""
    return measure.repeat != "always" and repetition(measure.repeat, row) in books.paid


def repetition(repeat: str, row: Claim) -> Place:
    """What a repetition must not meet again."""
    extra = {"yearly": row.year, "once": None, "once_per_key": row.key}[repeat]
    return (repeat, row.measure, row.agency, extra)


# Step 2: the formula.


def formula(policy: Policy, award: Award, row: Claim) -> int:
    """The amount before any cap."""
    match award.kind:
        case "rate":
            return share_rounded(row.base, award.rate)
        case "per_unit":
            return row.base * award.amount
        case "fixed":
            return award.amount
        case "step":
            return row.base // award.per_full.value * award.amount
        case "by_rule":
            return row.base
        case "graded":
            rates = [grade.rate for grade in award.grades if row.base >= grade.reached.value]
            return share_rounded(row.base, rates[-1]) if rates else 0
        case "bands":
            return banded(award, row.base)
    value = value_of(policy, row, award.on, 0)
    line = None if award.by is None else value_of(policy, row, award.by, 0)
    tiers = award.tiers
    if award.by is not None and line is not None:
        tiers = award.by_value.get(policy.attributes[award.by].values[line], tiers)
    reached = [tier.amount for tier in tiers if value is not None and value >= tier.reached.value]
    return reached[-1] if reached else 0


def banded(award: Bands, base: int) -> int:
    """Each part of the base by its own band; the last band has no end."""
    total = 0
    ends = [band.above.value for band in award.bands[1:]]
    for band, end in zip(award.bands, [*ends, base], strict=True):
        part = max(0, min(base, end) - band.above.value)
        if band.rate is not None:
            total += share_rounded(part, band.rate)
        elif band.per_full is not None and band.amount is not None:
            total += part // band.per_full.value * band.amount
    return total


# Steps 3 and 5: caps.


def limit(policy: Policy, cap: Cap | TotalCap, row: Claim) -> int:
    """The cap's amount, or its share of an attribute, rounded down; of an unknown attribute nothing."""
    if cap.amount is not None:
        return cap.amount
    assert cap.share is not None and cap.of is not None
    return max(0, value_of(policy, row, cap.of, cap.year) or 0) * cap.share // 10_000


def scope(name: str, cap: Cap, row: Claim) -> Place:
    """Whose money in which window shares the cap's room."""
    agency = row.agency if cap.per == "agency" else None
    return (row.measure, name, agency, row.year if cap.within == "year" else None)


# Step 4: selection.


def select(policy: Policy, rows: list[Claim], decisions: list[Decision]) -> set[int]:
    """Places of the selected claims: whole projects, the best first, up to the first that does not fit."""
    selected: set[int] = set()
    rounds: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for row in rows:
        if decisions[row.place].refusal == "none":
            rounds[row.measure, year_of(row.decided)].append(row)
    for (name, _), entrants in rounds.items():
        selection = policy.measures[name].selection
        if selection.kind == "none" or policy.measures[name].outside:
            selected |= {row.place for row in entrants}
            continue
        money = 0
        ranked = sorted(entrants, key=lambda row: (-row.score, row.place))
        for places, row in enumerate(ranked, start=1):
            money += decisions[row.place].entitled
            if selection.places is not None and places > selection.places:
                break
            if selection.envelope is not None and money > selection.envelope:
                break
            selected.add(row.place)
    return selected


# Steps 5 to 7, when the claim's turn has come.


def finish(policy: Policy, row: Claim, selected: bool, books: Books, decision: Decision) -> Decision:
    """What is left after the running caps, the same matter and the total caps; then it counts."""
    measure = policy.measures[row.measure]
    if measure.outside:
        enter(policy, row, row.base, 0, books)
        return decision
    if already_paid(measure, row, books):
        return Decision(refusal=REFUSALS[4], booked=row.measure)
    left = decision.entitled
    if not selected:
        decision.not_selected, left = left, 0
    matter = instance(policy, row)
    for name, cap in measure.caps.items():
        if cap.within != "claim":
            place = scope(name, cap, row)
            counted = books.used_on_matter[place, matter] if matter else 0
            room = max(0, limit(policy, cap, row) - books.used[place] + counted)
            decision.caps[name] = (left, room)
            left = min(left, room)
    decision.over_running_cap = decision.entitled - left
    if matter:
        decision.same_matter = min(left, books.covered[matter])
        left -= decision.same_matter
    forgone = 0
    for name, total_cap in policy.total_caps.items():
        if row.measure in total_cap.measures:
            room = max(0, limit(policy, total_cap, row) - books.total_used[name, row.agency, row.year])
            decision.total_caps[name] = (left, room)
            decision.over_total_cap += max(0, left - room)
            forgone += 0 if total_cap.make_up else max(0, left - room)
            left = min(left, room)
    decision.award = left
    decision.bound = max((step for step, fen in enumerate(decision.took, start=3) if fen > 0), default=0)
    enter(policy, row, left, forgone, books)
    return decision


def instance(policy: Policy, row: Claim) -> Place | None:
    """What makes money on this claim and on another the same matter; None where there is no such rule."""
    measure = policy.measures[row.measure]
    award = None if measure.outside else measure.award
    if award is not None and award.kind == "tiers" and award.top_up:
        return ("top-up", row.measure, row.agency)
    for name, matter in policy.matters.items():
        if row.measure in matter.members and in_scope(policy, matter, measure):
            own = {"agency": row.agency, "year": row.year, "matter": row.matter}
            key: list[object] = [name, *(own[part] for part in matter.key)]
            if matter.years == "same_year":
                key.append(row.year)
            if matter.mode == "additive":
                key.append(level(policy, measure))
            return tuple(key)
    return None


def in_scope(policy: Policy, matter: Matter, measure: Measure) -> bool:
    """Whether the matter looks at this measure's level and at one of its departments."""
    if matter.levels and level(policy, measure) not in matter.levels:
        return False
    return not matter.departments or bool(set(matter.departments) & set(measure.departments))


def level(policy: Policy, measure: Measure) -> str | None:
    """The measure's own level, or that of the fund that pays first."""
    if measure.level is not None or measure.payers is None:
        return measure.level
    return policy.funds[next(iter(measure.payers.shares))].level


def enter(policy: Policy, row: Claim, award: int, forgone: int, books: Books) -> None:
    """Let an award count: against the rooms, on its matter, against a repetition."""
    measure, matter = policy.measures[row.measure], instance(policy, row)
    if matter:
        books.covered[matter] += award + forgone
    if measure.outside:
        return
    for name, cap in measure.caps.items():
        if cap.within != "claim" and (cap.within != "term" or in_force(policy.document.in_force, row.earned)):
            books.used[scope(name, cap, row)] += award
            books.used_on_matter[scope(name, cap, row), matter] += award
    for name, total in policy.total_caps.items():
        if row.measure in total.measures:
            books.total_used[name, row.agency, row.year] += award
    if award > 0:
        books.paid |= {repetition(repeat, row) for repeat in ("yearly", "once", "once_per_key")}


# Steps 8 and 9: who pays, and when.


def settle(policy: Policy, rows: list[Claim], decisions: list[Decision]) -> None:
    """Book a year's money on a matter under `settlement` to the measure with the highest entitlement."""
    order = list(policy.measures)
    together: dict[Place, list[Claim]] = defaultdict(list)
    for row in rows:
        matter = instance(policy, row)
        settled = matter is not None and matter[0] in policy.matters
        if settled and not policy.measures[row.measure].outside and decisions[row.place].refusal == "none":
            assert matter is not None
            if policy.matters[str(matter[0])].payer == "settlement":
                together[matter, row.year].append(row)
    for group in together.values():
        best = min(group, key=lambda row: (-decisions[row.place].entitled, order.index(row.measure)))
        for row in group:
            decisions[row.place].booked = best.measure


def split(policy: Policy, row: Claim, decision: Decision) -> list[Part]:
    """The award over the funds of the measure that it is booked to, then over the claim's own instalments."""
    measure, payers = policy.measures[row.measure], policy.measures[decision.booked].payers
    if decision.award == 0 or measure.outside or payers is None:
        return []
    parts: list[Part] = []
    amounts = shared(decision.award, list(payers.shares.values()))
    for fund, amount in zip(payers.shares, amounts, strict=True):
        district = row.district if policy.funds[fund].per_district else -1
        fens = shared(amount, [instalment.share for instalment in measure.instalments])
        for instalment, fen in zip(measure.instalments, fens, strict=True):
            later = instalment.after_years
            kept = all(holds(policy, condition, row, later) for condition in instalment.conditions)
            if fen > 0:
                parts.append((fund, district, year_of(row.decided + measure.lag_days) + later, fen, not kept))
    return parts


def shared(amount: int, shares: list[int]) -> list[int]:
    """Split an amount, each share rounded down; what is left over goes to the first."""
    rest = [amount * share // 10_000 for share in shares[1:]]
    return [amount - sum(rest), *rest]


# What a cap or a rule is worth.


def worth(policy: Policy, claims: ClaimColumns, ledger: PaidColumns | None, without: str) -> int:
    """What would be paid more without a cap, all claims being decided again.

    `without` is `MEASURE.CAP`, `total_caps.NAME`, or `same_matter` for all rules of the same matter, the
    top-up of tiers included.
    """
    return total(without_rule(policy, without), claims, ledger) - total(policy, claims, ledger)


def total(policy: Policy, claims: ClaimColumns, ledger: PaidColumns | None) -> int:
    """All that the policy itself pays."""
    rows, decisions = read_claims(policy, claims), decide(policy, claims, ledger)
    return sum(decisions[row.place].award for row in rows if not policy.measures[row.measure].outside)


def without_rule(policy: Policy, without: str) -> Policy:
    """The policy without one cap, or without the rules of the same matter."""
    if without == "same_matter":
        measures = {name: without_top_up(measure) for name, measure in policy.measures.items()}
        return policy.model_copy(update={"measures": measures, "matters": {}})
    home, _, name = without.partition(".")
    if home == "total_caps":
        kept = {key: cap for key, cap in policy.total_caps.items() if key != name}
        if len(kept) == len(policy.total_caps):
            raise KeyError(without)
        return policy.model_copy(update={"total_caps": kept})
    caps = dict(policy.measures[home].caps)
    del caps[name]
    measure = policy.measures[home].model_copy(update={"caps": caps})
    return policy.model_copy(update={"measures": {**policy.measures, home: measure}})


def without_top_up(measure: Measure) -> Measure:
    """The measure, every tier being paid whole."""
    if measure.award is None or measure.award.kind != "tiers":
        return measure
    return measure.model_copy(update={"award": measure.award.model_copy(update={"top_up": False})})


# Small things.


def share_rounded(amount: int, share: int) -> int:
    """A share of an amount, half a fen rounded up."""
    return (amount * share + 5_000) // 10_000


def year_of(day: int) -> int:
    """Calendar year of a day."""
    return (date(1970, 1, 1) + timedelta(days=day)).year


def day_of(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def value_of(policy: Policy, row: Claim, name: str, year: int) -> int | None:
    """The base, an attribute of the claim, or one of the agency `year` years after the earned year."""
    if name == "base":
        return row.base
    return row.attributes.get((name, year if policy.attributes[name].of == "agency" else 0))


def read_claims(policy: Policy, claims: ClaimColumns) -> list[Claim]:
    """The columns as plain rows."""
    names, measures = claims.attribute_names, list(policy.measures)
    return [
        Claim(
            place=i,
            draw=int(claims.draw[i]),
            measure=measures[int(claims.measure[i])],
            agency=int(claims.agency[i]),
            key=int(claims.key[i]),
            matter=int(claims.matter[i]),
            earned=int(claims.earned[i]),
            decided=int(claims.decided[i]),
            base=int(claims.base[i]),
            first_time=bool(claims.first_time[i]),
            score=float(claims.score[i]),
            district=int(claims.district[i]),
            attributes={
                name: int(value)
                for name, value in zip(names, claims.attributes[i], strict=True)
                if int(value) != int(UNKNOWN)
            },
        )
        for i in range(len(claims))
    ]


def read_ledger(policy: Policy, ledger: PaidColumns | None) -> list[Claim]:
    """What was paid before, as plain rows whose base is the award."""
    if ledger is None:
        return []
    measures = list(policy.measures)
    columns = (ledger.measure, ledger.agency, ledger.key, ledger.matter, ledger.earned, ledger.award)
    return [
        Claim(-1, 0, measures[int(name)], int(agency), int(key), int(matter), int(earned), base=int(award))
        for name, agency, key, matter, earned, award in zip(*columns, strict=True)
    ]
