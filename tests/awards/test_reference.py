"""The reference alone: what the policy promises, and examples worked by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simkit.claims.types import UNKNOWN
from simkit.policy.limits import Cap, Selection, TotalCap
from simkit.policy.measure import Matter
from simkit.policy.schema import Policy
from tests.claim_columns import ClaimColumns
from tests.reference import REFUSALS, Account, Decision, account, decide, worth
from tests.strategies import World, claims_of, ledger_of, policy_of, random_world, shrink, take_claims, worlds

WAN = 1_000_000  # fen
BY_RULE = {"kind": "by_rule"}
EMPTY = {"zh": "某", "en": "some"}
STEPS = ("over_claim_cap", "not_selected", "over_running_cap", "same_matter", "over_total_cap")
Key = tuple[Any, ...]
Row = dict[str, Any]


def awards(policy: Policy, rows: list[Row], ledger: list[Row] | None = None) -> list[int]:
    """Awards of rows in order, in fen."""
    book = None if ledger is None else ledger_of(policy, ledger)
    return [decision.award for decision in decide(policy, claims_of(policy, rows), book)]


def matter(*members: str, **parts: Any) -> dict[str, Any]:
    """One matter of these members, keyed by agency unless told."""
    return {
        "m": {"name": EMPTY, "clause": "附则", "why": EMPTY, "members": members, "key": ["agency"], **parts}
    }


def total_cap(amount: str, *measures: str, **parts: Any) -> dict[str, Any]:
    return {"name": EMPTY, "clause": "附则", "measures": measures, "amount": amount, **parts}


# What every world keeps. Each check computes from columns and decisions, not with the reference's own means.


def year(day: int) -> int:
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(day)).year


def measure_name(world: World, row: int) -> str:
    return list(world.policy.measures)[int(world.claims.measure[row])]


def value(claims: ClaimColumns, row: int, of: str, later: int) -> int:
    names = {name: int(claims.attributes[row, i]) for i, name in enumerate(claims.attribute_names)}
    return names.get((of, later), names.get((of, 0), int(UNKNOWN)))


def most(cap: Cap | TotalCap, claims: ClaimColumns, row: int) -> int:
    if cap.amount is not None:
        return cap.amount
    return max(0, value(claims, row, str(cap.of), cap.year)) * int(cap.share or 0) // 10_000


def every_step_foots(world: World, result: Account) -> None:
    for row, decision in enumerate(result.decisions):
        taken = [getattr(decision, step) for step in STEPS]
        assert min(decision.gross, decision.award, *taken) >= 0
        assert decision.gross == decision.award + sum(taken)
        assert decision.bound == max([0, *(step for step, fen in enumerate(taken, start=3) if fen)])
        if decision.refusal != "none":
            assert decision.gross == 0 and decision.parts == []
        elif world.policy.measures[measure_name(world, row)].outside:
            assert decision.award == world.claims.base[row]


def parts_sum_to_the_award(world: World, result: Account) -> None:
    for row, decision in enumerate(result.decisions):
        if world.policy.measures[measure_name(world, row)].outside:
            assert decision.parts == []
            continue
        assert sum(fen for *_, fen, _ in decision.parts) == decision.award
        for fund, district, paid, fen, _ in decision.parts:
            payers = world.policy.measures[decision.booked].payers
            assert payers is not None and fund in payers.shares and fen > 0
            assert (district >= 0) == world.policy.funds[fund].per_district
            assert paid >= year(world.claims.decided[row])


def nothing_is_above_a_cap(world: World, result: Account) -> None:
    """No award is above what the cap leaves after all that counted before, of one draw and the ledger."""
    policy, claims = world.policy, world.claims
    used: dict[Key, int] = defaultdict(int)

    def scopes(name: str, agency: int, earned: int) -> list[tuple[Cap | TotalCap, Key]]:
        found: list[tuple[Cap | TotalCap, Key]] = []
        for cap_name, cap in policy.measures[name].caps.items():
            whose = int(agency) if cap.per == "agency" else "all"
            window = {"year": year(earned), "claim": None}.get(cap.within, "ever")
            if window is not None:
                found.append((cap, (name, cap_name, whose, window)))
        for cap_name, total in policy.total_caps.items():
            if name in total.measures:
                found.append((total, (cap_name, int(agency), year(earned))))
        return found

    for draw in np.unique(claims.draw):
        used.clear()
        if world.ledger is not None:
            for place, agency, earned, award in zip(
                world.ledger.measure,
                world.ledger.agency,
                world.ledger.earned,
                world.ledger.award,
                strict=True,
            ):
                for cap, key in scopes(list(policy.measures)[place], agency, earned):
                    if not (isinstance(cap, Cap) and cap.within == "term"):  # checked without the ledger
                        used[key] += int(award)
        for row in np.flatnonzero(claims.draw == draw).tolist():
            name, award = measure_name(world, row), result.decisions[row].award
            if policy.measures[name].outside:
                continue
            claim_caps = [cap for cap in policy.measures[name].caps.values() if cap.within == "claim"]
            assert all(award <= most(cap, claims, row) for cap in claim_caps)
            for cap, key in scopes(name, claims.agency[row], claims.earned[row]):
                assert award <= max(0, most(cap, claims, row) - used[key])
                used[key] += award


def plain_matters(policy: Policy) -> list[Matter]:
    return [
        m for m in policy.matters.values() if not m.levels and not m.departments and m.mode == "inclusive"
    ]


def key_of(which: Matter, agency: int, earned: int, number: int) -> Key:
    own = {"agency": int(agency), "year": year(earned), "matter": int(number)}
    return (*(own[part] for part in which.key), year(earned) if which.years == "same_year" else 0)


def a_matter_is_paid_up_to_its_highest_entitlement(world: World, result: Account) -> None:
    """Never more than the highest; exactly it where no other policy and no total cap stands between."""
    policy, claims, order = world.policy, world.claims, list(world.policy.measures)
    for which in plain_matters(policy):
        places = [order.index(name) for name in which.members]
        before: dict[Key, int] = defaultdict(int)
        if world.ledger is not None:
            for i in np.flatnonzero(np.isin(world.ledger.measure, places)):
                own = key_of(which, world.ledger.agency[i], world.ledger.earned[i], world.ledger.matter[i])
                before[own] += int(world.ledger.award[i])
        groups: dict[Key, list[int]] = defaultdict(list)
        for row in np.flatnonzero(np.isin(claims.measure, places)).tolist():
            own = key_of(which, claims.agency[row], claims.earned[row], claims.matter[row])
            groups[(claims.draw[row], *own)].append(row)
        for (_, *parts), rows in groups.items():
            key = tuple(parts)
            ours = [
                result.decisions[row] for row in rows if not policy.measures[measure_name(world, row)].outside
            ]
            paid, highest = sum(d.award for d in ours), max((d.entitled for d in ours), default=0)
            assert before[key] + paid <= max(before[key], highest)
            if len(ours) == len(rows) and not any(d.over_total_cap for d in ours):
                assert before[key] + paid == max(before[key], highest)


def a_settled_matter_stays_settled(world: World, result: Account) -> None:
    """Claims that were decided and stand in the ledger are paid nothing when they come again."""
    policy, claims = world.policy, world.claims
    if not all(cap.make_up for cap in policy.total_caps.values()):
        return  # what was forgone is not in the ledger
    members = {name for m in plain_matters(policy) for name in m.members}
    for name, measure in policy.measures.items():
        if getattr(measure.award, "top_up", False):
            members.add(name)
    for draw in np.unique(claims.draw):
        rows = [int(row) for row in np.flatnonzero(claims.draw == draw)]
        names = ("agency", "key", "matter", "earned")
        paid = [
            {
                "measure": measure_name(world, row),
                "award": result.decisions[row].award,
                **{name: int(getattr(claims, name)[row]) for name in names},
            }
            for row in rows
        ]
        if world.ledger is not None:
            for i, place in enumerate(world.ledger.measure):
                old = {name: int(getattr(world.ledger, name)[i]) for name in (*names, "award")}
                paid.append({"measure": list(policy.measures)[place], **old})
        again = decide(policy, take_claims(claims, rows), ledger_of(policy, paid))
        for row, decision in zip(rows, again, strict=True):
            name, first = measure_name(world, row), result.decisions[row]
            if policy.measures[name].outside:
                continue
            if name in members:
                assert decision.award == 0
            if policy.measures[name].repeat != "always" and first.award > 0:
                assert decision.refusal == "already paid"


def draws_do_not_meet(world: World, result: Account) -> None:
    for draw in np.unique(world.claims.draw):
        rows = [int(row) for row in np.flatnonzero(world.claims.draw == draw)]
        alone = decide(world.policy, take_claims(world.claims, rows), world.ledger)
        assert alone == [result.decisions[row] for row in rows]


def caps_took_what_their_steps_took(world: World, result: Account) -> None:
    running = sum(decision.over_claim_cap + decision.over_running_cap for decision in result.decisions)
    assert sum(result.taken.values()) == running
    assert sum(result.taken_in_total.values()) == sum(
        decision.over_total_cap for decision in result.decisions
    )


def order_does_not_move_a_matter(world: World, _: Account) -> None:
    """Where neither running nor total caps, rounds, repetition nor other policies stand between."""
    measures = {
        name: measure.model_copy(
            update={
                "caps": {key: cap for key, cap in measure.caps.items() if cap.within == "claim"},
                "repeat": "always",
                "selection": Selection(),
                "outside": False,
                "status": "suspended" if measure.outside else measure.status,
            }
        )
        for name, measure in world.policy.measures.items()
    }
    policy = world.policy.model_copy(update={"measures": measures, "total_caps": {}})
    order = list(range(len(world.claims)))
    Random(len(order)).shuffle(order)
    order.sort(key=lambda row: int(world.claims.draw[row]))

    def totals(claims: ClaimColumns) -> dict[Key, int]:
        found: dict[Key, int] = defaultdict(int)
        owner = {name: key for key, m in policy.matters.items() for name in m.members}
        for row, decision in enumerate(decide(policy, claims, world.ledger)):
            name = list(policy.measures)[claims.measure[row]]
            found[int(claims.draw[row]), owner.get(name, name)] += decision.award
        return found

    assert totals(world.claims) == totals(take_claims(world.claims, order))


CHECKS = (
    every_step_foots,
    parts_sum_to_the_award,
    nothing_is_above_a_cap,
    a_matter_is_paid_up_to_its_highest_entitlement,
    a_settled_matter_stays_settled,
    draws_do_not_meet,
    caps_took_what_their_steps_took,
    order_does_not_move_a_matter,
)


@lru_cache
def seeded() -> tuple[tuple[World, Account], ...]:
    """120 worlds of 30 to 90 claims, decided."""
    found = (random_world(seed) for seed in range(120))
    return tuple((world, account(world.policy, world.claims, world.ledger)) for world in found)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_promise_over_seeds(check: Callable[[World, Account], None]) -> None:
    """A world that breaks the promise is made small first."""

    def breaks(world: World, decided: Account | None = None) -> bool:
        try:
            check(world, decided or account(world.policy, world.claims, world.ledger))
        except AssertionError:
            return True
        return False

    for world, decided in seeded():
        if breaks(world, decided):
            small = shrink(world, breaks)
            check(small, account(small.policy, small.claims, small.ledger))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_every_promise_in_any_world(world: World) -> None:
    decided = account(world.policy, world.claims, world.ledger)
    for check in CHECKS:
        check(world, decided)


def test_the_worlds_reach_every_step() -> None:
    """The generator is of use: each refusal, step and kind of part happens, and not rarely."""
    decisions = [d for seed in range(60) for d in _decided(random_world(seed))]
    for refusal in REFUSALS:
        assert sum(d.refusal == refusal for d in decisions) >= 20, refusal
    for step in STEPS:
        assert sum(getattr(d, step) > 0 for d in decisions) >= 20, step
    assert sum(d.award > 0 for d in decisions) >= 500
    assert sum(any(part[-1] for part in d.parts) for d in decisions) >= 20
    assert sum(any(part[1] >= 0 for part in d.parts) for d in decisions) >= 20


def _decided(world: World) -> list[Decision]:
    return decide(world.policy, world.claims, world.ledger)


# Examples worked by hand.


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=6),
    st.integers(0, 500),
    st.integers(0, 5),
    st.integers(0, 99),
)
@settings(deadline=None)
def test_raising_an_amount_never_lowers_the_total(
    bases: list[int], before: int, place: int, more: int
) -> None:
    policy = policy_of({"a": {"award": BY_RULE}}, matters=matter("a"))
    higher = list(bases)
    higher[place % len(bases)] += more
    paid = [{"measure": "a", "award": before}]
    low, high = (
        sum(awards(policy, [{"measure": "a", "base": b} for b in each], paid)) for each in (bases, higher)
    )
    assert low == max(0, max(bases) - before) and high >= low


@pytest.mark.parametrize(
    ("tiers", "reached", "paid"),
    [
        # 深圳: 2/5/10/20/30亿 -> 10/30/50/80/100万, 差额补足 (facts.md 4.1)
        ("2:10 5:30 10:50 20:80 30:100", [2, 5], [10, 20]),
        ("2:10 5:30 10:50 20:80 30:100", [1.9, 10], [0, 50]),
        ("2:10 5:30 10:50 20:80 30:100", [2, 5, 10, 20, 30, 40], [10, 20, 20, 30, 20, 0]),
        # 海曙: 1/10/50/100/150/200亿, 累计 10/30/100/200/300/400万
        (
            "1:10 10:30 50:100 100:200 150:300 200:400",
            [1, 10, 50, 100, 150, 200],
            [10, 20, 70, 100, 100, 100],
        ),
        # 嘉兴: 50/80/100万; a step back takes nothing back
        ("1:50 2:80 3:100", [2, 1, 3], [80, 0, 20]),
    ],
)
def test_tiers_pay_the_difference(tiers: str, reached: list[float], paid: list[int]) -> None:
    ladder = [tier.split(":") for tier in tiers.split()]
    steps = [{"reached": f"{point}亿元", "amount": f"{amount}万元"} for point, amount in ladder]
    policy = policy_of({"a": {"award": {"kind": "tiers", "tiers": steps, "top_up": True}}})
    rows = [{"measure": "a", "base": round(each * 10_000 * WAN)} for each in reached]
    assert awards(policy, rows) == [each * WAN for each in paid]


def test_a_local_standard_that_becomes_a_national_one() -> None:
    """10万, then 50万 on the same standard pays 40万; another standard is another matter."""
    measures = {
        name: {"award": {"kind": "fixed", "amount": amount}}
        for name, amount in (("local", "10万元"), ("national", "50万元"))
    }
    policy = policy_of(measures, matters=matter("local", "national", key=["agency", "matter"]))
    rows: list[Row] = [{"measure": "local"}, {"measure": "national"}, {"measure": "national", "matter": 1}]
    assert awards(policy, rows) == [10 * WAN, 40 * WAN, 50 * WAN]
    assert awards(policy, [rows[1], rows[0]]) == [50 * WAN, 0]
    assert awards(policy, rows[1:2], [{"measure": "local", "award": 10 * WAN}]) == [40 * WAN]


@pytest.mark.parametrize(("mode", "city"), [("inclusive", 10), ("additive", 20)])
def test_district_first_then_city(mode: str, city: int) -> None:
    measures = {
        "district": {"award": BY_RULE, "outside": True, "level": "district"},
        "city": {"award": {"kind": "fixed", "amount": "20万元"}},
    }
    policy = policy_of(measures, matters=matter("district", "city", mode=mode))
    rows: list[Row] = [{"measure": "district", "base": 10 * WAN}, {"measure": "city"}]
    assert awards(policy, rows) == [10 * WAN, city * WAN]
    assert awards(policy, rows[::-1]) == [20 * WAN, 10 * WAN]  # a fact is never reduced, nor what was paid


def test_levels_and_departments_out_of_scope_are_not_topped_up() -> None:
    award = {"award": {"kind": "fixed", "amount": "20万元"}}
    measures = {"hr": {**award, "departments": ["hr"]}, "science": {**award, "departments": ["science"]}}
    rows = [{"measure": "hr"}, {"measure": "science"}, {"measure": "hr"}]
    for scope in ({"departments": ["hr"]}, {"levels": ["city"], "departments": ["hr", "other"]}):
        policy = policy_of(measures, matters=matter("hr", "science", **scope))
        assert awards(policy, rows) == [20 * WAN, 20 * WAN, 0]
    assert (
        awards(policy_of(measures, matters=matter("hr", "science", levels=["province"])), rows)
        == [20 * WAN] * 3
    )


@pytest.mark.parametrize(("matters", "paid"), [(matter("listing"), [30, 70, 200]), ({}, [30, 100, 170])])
def test_listing_by_stages(matters: dict[str, Any], paid: list[int]) -> None:
    """30/100/300 under at most 300万 ever: on one matter 30, 70, 200; else what the room leaves."""
    caps = {"ever": {"per": "agency", "within": "ever", "amount": "300万元"}}
    policy = policy_of({"listing": {"award": BY_RULE, "caps": caps}}, matters=matters)
    assert awards(policy, [{"measure": "listing", "base": each * WAN} for each in (30, 100, 300)]) == [
        p * WAN for p in paid
    ]


@pytest.mark.parametrize(
    ("per", "within", "paid"),
    [
        ("agency", "year", [50, 10, 60, 60]),
        ("agency", "ever", [50, 10, 0, 60]),
        ("measure", "year", [50, 10, 60, 0]),
        ("measure", "term", [50, 10, 0, 0]),
    ],
)
def test_the_scope_of_a_cap(per: str, within: str, paid: list[int]) -> None:
    """A cap of 60万: 50, then 60; 60 a year later; 60 of another agency in the first year."""
    caps = {"cap": {"per": per, "within": within, "amount": "60万元"}}
    policy = policy_of({"a": {"award": BY_RULE, "caps": caps}})
    rows: list[Row] = [{"measure": "a", "base": 50 * WAN}, {"measure": "a", "base": 60 * WAN}]
    rows += [{**rows[1], "earned": date(2024, 1, 1)}, {**rows[1], "agency": 1, "earned": date(2023, 1, 1)}]
    assert awards(policy, rows) == [each * WAN for each in paid]


def test_the_ledger_in_a_cap_of_the_term() -> None:
    """It counts there only when it was earned in the policy's term; the measure's own may be shorter."""
    caps = {"cap": {"per": "agency", "within": "term", "amount": "60元"}}
    policy = policy_of({"a": {"award": BY_RULE, "caps": caps, "in_force": {"since": "2023-01-01"}}})
    begun = policy.document.in_force.since
    for earned, paid in ((begun - timedelta(days=1), 6_000), (begun, 5_000)):
        assert awards(
            policy, [{"measure": "a", "base": 9_999}], [{"measure": "a", "award": 1_000, "earned": earned}]
        ) == [paid]


def test_room_that_a_total_cap_did_not_use_stays() -> None:
    """At most 100 ever and 40 a year in total: 40, 40, and then the 20 that are left."""
    caps = {"ever": {"per": "agency", "within": "ever", "amount": "100元"}}
    policy = policy_of({"a": {"award": BY_RULE, "caps": caps}}, total_caps={"year": total_cap("40元", "a")})
    rows = [{"measure": "a", "base": 10_000, "earned": date(year, 1, 1)} for year in (2022, 2023, 2024)]
    assert awards(policy, rows) == [4_000, 4_000, 2_000]


@pytest.mark.parametrize(("make_up", "later"), [(True, 40), (False, 0)])
def test_what_a_total_cap_took(make_up: bool, later: int) -> None:
    policy = policy_of(
        {"a": {"award": {"kind": "fixed", "amount": "100万元"}}},
        matters=matter("a"),
        total_caps={"year": total_cap("60万元", "a", make_up=make_up)},
    )
    rows: list[Row] = [{"measure": "a"}, {"measure": "a"}, {"measure": "a", "earned": date(2024, 6, 1)}]
    assert awards(policy, rows) == [60 * WAN, 0, later * WAN]


def test_settlement_books_to_the_highest_entitlement() -> None:
    measures = {
        name: {"award": {"kind": "fixed", "amount": amount}, "payers": {"shares": {fund: "100%"}}}
        for name, amount, fund in (
            ("low", "10万元", "talent"),
            ("high", "50万元", "science"),
            ("same", "50万元", "upper"),
        )
    }
    rows: list[Row] = [{"measure": name} for name in ("low", "same", "high")] + [
        {"measure": "low", "earned": date(2024, 1, 1)}
    ]
    for payer, booked in (
        ("settlement", ["high"] * 3 + ["low"]),
        ("sequential", ["low", "same", "high", "low"]),
    ):
        policy = policy_of(measures, matters=matter("low", "high", "same", payer=payer))
        decisions = decide(policy, claims_of(policy, rows))
        assert [d.award for d in decisions] == [10 * WAN, 40 * WAN, 0, 0]
        assert [d.booked for d in decisions] == booked
    assert decisions[0].parts == [("talent", -1, 2023, 10 * WAN, False)]


def test_selection_stops_at_the_first_that_does_not_fit() -> None:
    policy = policy_of(
        {"a": {"award": BY_RULE, "selection": {"kind": "ranked", "envelope": "10元", "places": "4家"}}}
    )
    scored = [(400, 0.5), (300, 0.9), (400, 0.5), (1, 0.1)]
    rows = [{"measure": "a", "base": base, "score": score} for base, score in scored]
    assert awards(policy, rows) == [400, 300, 0, 0]
    assert awards(policy, [*rows[:2], {**rows[2], "base": 300}, rows[3]]) == [400, 300, 300, 0]
    next_round = {**rows[2], "decided": date(2024, 1, 1)}
    assert awards(policy, [*rows[:2], next_round]) == [400, 300, 400]


def test_a_selected_claim_that_is_paid_nothing_keeps_its_place() -> None:
    measure = {"award": BY_RULE, "repeat": "once", "selection": {"kind": "ranked", "places": "2家"}}
    rows: list[Row] = [{"measure": "a", "base": 5, "agency": agency, "score": -agency} for agency in range(3)]
    assert awards(policy_of({"a": measure}), rows, [{"measure": "a", "award": 1}]) == [0, 5, 0]


@pytest.mark.parametrize(
    ("award", "base", "paid"),
    [
        ({"kind": "rate", "rate": "50%"}, 3, 2),
        ({"kind": "rate", "rate": "33.33%"}, 100, 33),
        ({"kind": "per_unit", "amount": "500元"}, 3, 150_000),
        ({"kind": "step", "per_full": "10元", "amount": "1元"}, 2_999, 200),
        ({"kind": "tiers", "tiers": [{"reached": "10元", "amount": "1元"}]}, 999, 0),
        ({"kind": "tiers", "tiers": [{"reached": "10元", "amount": "1元"}]}, 1_000, 100),
        (
            {"kind": "bands", "bands": [{"above": "1元", "rate": "10%"}, {"above": "3元", "rate": "50%"}]},
            400,
            20 + 50,
        ),
        ({"kind": "bands", "bands": [{"above": "1元", "per_full": "2元", "amount": "7元"}]}, 599, 1_400),
        ({"kind": "bands", "bands": [{"above": "1元", "rate": "10%"}]}, 100, 0),
    ],
)
def test_formula(award: dict[str, Any], base: int, paid: int) -> None:
    assert awards(policy_of({"a": {"award": award}}), [{"measure": "a", "base": base}]) == [paid]


@pytest.mark.parametrize(
    ("condition", "values", "refused"),
    [
        ({"of": "revenue", "at_least": "10元"}, {("revenue", 0): 1_000}, False),
        ({"of": "revenue", "more_than": "10元"}, {("revenue", 0): 1_000}, True),
        ({"of": "revenue", "at_most": "10元"}, {("revenue", 0): 1_000}, False),
        ({"of": "revenue", "less_than": "10元"}, {("revenue", 0): 1_000}, True),
        ({"of": "revenue", "at_most": "10元"}, {("revenue", 0): int(UNKNOWN)}, True),
        ({"of": "revenue", "at_most": "10元", "year": -1}, {("revenue", 0): 1, ("revenue", -1): 1_001}, True),
        ({"of": "line", "one_of": ["training"]}, {("line", 0): 2}, False),
        ({"of": "line", "none_of": ["training"]}, {("line", 0): int(UNKNOWN)}, True),
        ({"of": "licensed", "is_true": False}, {("licensed", 0): 0}, False),
        ({"of": "licensed", "is_true": False}, {("licensed", 0): int(UNKNOWN)}, True),
        ({"of": "staff", "grew_at_least": "20%"}, {("staff", 0): 12, ("staff", -1): 10}, False),
        ({"of": "staff", "grew_at_least": "20.01%"}, {("staff", 0): 12, ("staff", -1): 10}, True),
        ({"of": "staff", "grew_at_least": "20%"}, {("staff", 0): 12, ("staff", -1): 0}, True),
        (
            {"of": "staff", "grew_at_least": "20%", "years": 2},
            {("staff", 0): 12, ("staff", -1): 10, ("staff", -2): 9},
            True,
        ),
    ],
)
def test_condition(condition: dict[str, Any], values: dict[tuple[str, int], int], refused: bool) -> None:
    policy = policy_of({"a": {"award": BY_RULE, "conditions": {"c": condition}}})
    claims = claims_of(policy, [{"measure": "a", "base": 1, "attributes": values}], tuple(values))
    assert decide(policy, claims)[0].refusal == ("conditions" if refused else "none")


@pytest.mark.parametrize(
    ("earned", "refusal"),
    [
        (date(2022, 12, 31), "not in force"),
        (date(2023, 1, 1), "none"),
        (date(2023, 9, 30), "none"),
        (date(2023, 10, 1), "not in force"),
    ],
)
def test_first_and_last_day_of_the_term(earned: date, refusal: str) -> None:
    """The policy's own term and the measure's both hold."""
    measure = {"award": BY_RULE, "in_force": {"since": "2023-01-01", "until": "2025-12-31"}}
    policy = policy_of({"a": measure}, in_force={"since": "2022-01-01", "until": "2023-09-30"})
    assert decide(policy, claims_of(policy, [{"measure": "a", "earned": earned}]))[0].refusal == refusal


def test_repetition_counts_money_and_not_claims() -> None:
    for repeat, paid in (
        ("yearly", [0, 5, 0, 5, 0]),
        ("once", [0, 5, 0, 0, 0]),
        ("once_per_key", [0, 5, 5, 0, 0]),
    ):
        policy = policy_of({"a": {"award": BY_RULE, "repeat": repeat}})
        rows = [
            {"measure": "a", "base": 0},
            {"measure": "a", "base": 5},
            {"measure": "a", "base": 5, "key": 1},
        ]
        rows += [{"measure": "a", "base": 5, "earned": date(2024, 1, 1)}] * 2
        assert awards(policy, rows) == paid


def test_split_over_funds_and_instalments() -> None:
    kept = {"of": "licensed", "is_true": True}
    measure = {
        "award": BY_RULE,
        "payers": {"shares": {"local": "33.33%", "talent": "66.67%"}},
        "instalments": [{"share": "50%"}, {"share": "50%", "after_years": 2, "conditions": [kept]}],
        "lag_days": 31,
    }
    policy = policy_of({"a": measure})
    row = {
        "measure": "a",
        "base": 101,
        "district": 2,
        "decided": date(2023, 12, 1),
        "attributes": {("licensed", 0): 1, ("licensed", 2): 0},
    }
    decision = decide(policy, claims_of(policy, [row], (("licensed", 0), ("licensed", 2))))[0]
    assert decision.parts == [
        ("local", 2, 2024, 17, False),
        ("local", 2, 2026, 17, True),
        ("talent", -1, 2024, 34, False),
        ("talent", -1, 2026, 33, True),
    ]


def test_taken_is_not_worth() -> None:
    """A cap of 50 under a total cap of 40: the cap takes 30, and without it nothing more would be paid."""
    caps = {"yearly": {"per": "agency", "within": "year", "amount": "50元"}}
    policy = policy_of({"a": {"award": BY_RULE, "caps": caps}}, total_caps={"all": total_cap("40元", "a")})
    claims = claims_of(policy, [{"measure": "a", "base": 8_000}, {"measure": "a", "base": 100, "agency": 1}])
    result = account(policy, claims)
    assert (result.taken["a", "yearly"], result.taken_in_total["all"]) == (3_000, 1_000)
    assert worth(policy, claims, None, "a.yearly") == 0
    assert worth(policy, claims, None, "total_caps.all") == 1_000
    assert result.at_cap["a", "yearly", 2023] == {(0, 0)}
    assert result.awarded["a", 2023] == {(0, 0), (0, 1)}


def test_equal_to_the_cap_is_at_the_cap() -> None:
    caps = {"yearly": {"per": "agency", "within": "year", "amount": "50元"}}
    policy = policy_of({"a": {"award": BY_RULE, "caps": caps}}, matters=matter("a", key=["agency", "matter"]))
    rows = [
        {"measure": "a", "base": base, "agency": agency} for agency, base in enumerate((4_999, 5_000, 5_001))
    ]
    claims = claims_of(policy, [*rows, *rows])
    assert account(policy, claims).at_cap["a", "yearly", 2023] == {(0, 1), (0, 2)}
    assert worth(policy, claims, None, "a.yearly") == 1
    assert worth(policy, claims, None, "same_matter") == 1
    with pytest.raises(KeyError):
        worth(policy, claims, None, "a.absent")
