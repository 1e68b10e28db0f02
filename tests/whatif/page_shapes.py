"""Policies of many shapes with caps to move, settings of them, and two ways to decide: simkit's and a plain one."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any, get_args

import numpy as np

from simkit.base.arrays import FloatArray
from simkit.policy.limits import Per, Selection, Within
from simkit.policy.measure import Matter
from simkit.policy.repetition import Repeat
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from simkit.whatif.caps.groups import Group
from simkit.whatif.caps.movable import Movable
from simkit.whatif.caps.page_data import PageData
from tests.small_scenarios import BOTH, assumed, attribute, claim, fixed, measure, write_scenario

Data = dict[str, Any]

NINGBO = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
LAW = {
    "unit": "yuan",
    "variables": {"x": {"dist": "lognormal", "mean": "20万元", "cv": 1}},
    "source": "made_up",
}
RATE = {"kind": "rate", "rate": "50%"}
FUNDS = {
    "hr": {"name": BOTH, "department": "hr", "level": "city", "special": True},
    "local": {"name": BOTH, "department": "hr", "level": "district", "per_district": True},
}
SHARED = {"payers": {"shares": {"hr": "66.67%", "local": "33.33%"}}}


def cap(amount: str, per: str = "claim", within: str = "claim") -> Data:
    """A cap with an amount."""
    return {"per": per, "within": within, "amount": amount}


def matter(members: Sequence[str], *key: str, **more: Any) -> Data:
    """A matter of some measures."""
    return {"name": BOTH, "clause": "一", "why": BOTH, "members": list(members), "key": list(key)} | more


LISTED = {"listed": {"share": assumed(0.3), "rate": assumed(0.3)}}


def scenario_of(
    folder: Path, measures: Mapping[str, Data], matters: Mapping[str, Data], **more: Any
) -> Scenario:
    """Three years of busy agencies, decided in two rounds a year, so that years and matters interleave."""
    claims = {
        name: claim(1.3, frequency="poisson", base=LAW, take_up=assumed(0.8), loading=assumed(0.5))
        for name in measures
    }
    for name, one in measures.items():
        if one["award"]["kind"] == "fixed":  # nothing reads its base
            claims[name]["base"] = claim()["base"]
    policy = more.pop("policy", {})
    return load_scenario(
        write_scenario(
            folder,
            measures,
            claims | more.pop("claims", {}),
            years=(2024, 2026),
            start=30,
            population={"districts": {"甲": assumed(0.5), "乙": assumed(0.5)}}
            | ({"statuses": LISTED} if "'listed'" in str(measures) else {})
            | more.pop("population", {}),
            policy={
                "funds": FUNDS,
                "districts": ["甲", "乙"],
                "attributes": {"listed": attribute("agency", "flag")},
                "matters": dict(matters),
            }
            | policy,
            calendar={
                "filing_days": [0, 400],
                "review_days": 30,
                "rounds": ["06-30", "11-30"],
                "source": "made_up",
            },
            factor_cv=0.3,
            **more,
        )
    )


def scopes(folder: Path) -> Scenario:
    """Caps of every scope, several of one measure; instalments that can be forfeited; a district's own fund."""
    instalments = [
        {"share": "33.33%"},
        {"share": "33.33%", "after_years": 1, "conditions": [{"of": "listed", "is_true": False}]},
        {"share": "33.34%", "after_years": 2},
    ]
    caps = {
        "one": cap("12万元"),
        "yearly": cap("15万元", "agency", "year"),
        "term": cap("25万元", "agency", "term"),
        "ever": cap("24万元", "agency", "ever"),
    }
    pot = {"yearly": cap("150万元", "measure", "year"), "most": cap("320万元", "measure", "term")}
    return scenario_of(
        folder,
        {
            "alone": measure(RATE, caps=caps),
            "pot": measure(RATE, caps=pot, lag_days=200),
            "parts": measure(RATE, caps={"one": cap("9.87万元")}, instalments=instalments, **SHARED),
            "beside": measure(RATE, **SHARED),
        },
        {},
    )


def matters(folder: Path) -> Scenario:
    """Two measures of a matter a year; a matter ever, under a cap of all; outside awards; tiers topped up; levels."""
    tiers = {
        "kind": "tiers",
        "top_up": True,
        "tiers": [{"reached": "0元", "amount": "3万元"}, {"reached": "20万元", "amount": "10万元"}],
    }
    outside = measure({"kind": "by_rule"}, priced_by="by_rule", outside=True, level="province")
    return scenario_of(
        folder,
        {
            "low": measure(RATE, caps={"one": cap("8万元"), "yearly": cap("11万元", "agency", "year")}),
            "high": measure(RATE, caps={"ever": cap("21万元", "agency", "ever")}, **SHARED),
            "early": measure(RATE, caps={"all": cap("100万元", "measure", "year")}),
            "late": measure(RATE, caps={"one": cap("13万元")}, lag_days=400),
            "ours": measure(RATE, caps={"term": cap("17万元", "agency", "term")}),
            "theirs": outside,
            "tiered": measure(
                tiers,
                caps={"ever": cap("13万元", "agency", "ever"), "yearly": cap("10万元", "agency", "year")},
            ),
            "city": measure(RATE, caps={"yearly": cap("9万元", "agency", "year")}),
            "district": measure(RATE, caps={"one": cap("6万元")}, payers={"shares": {"local": "100%"}}),
        },
        {
            "yearly": matter(("low", "high"), "agency", "year"),
            "ever": matter(("early", "late"), "agency"),
            "own": matter(("ours", "theirs"), "agency", "matter"),
            "apart": matter(("city", "district"), "agency", mode="additive"),
        },
        claims={
            "theirs": claim(
                companion={"of": "ours", "chance": assumed(0.5), "days": -15}, take_up=None, base=LAW
            )
        },
        confirmed={"claims.theirs.companion.days": "the district decides before the city"},
    )


def ranked(folder: Path) -> Scenario:
    """The best first while money lasts, under a cap of the term; a cap per claim that would move the selection."""
    selection = {"kind": "ranked", "envelope": "200万元"}
    caps = {"one": cap("9万元"), "term": cap("13万元", "agency", "term")}
    places = {"kind": "ranked", "places": "20个"}
    return scenario_of(
        folder,
        {
            "money": measure(RATE, caps=caps, selection=selection, rigidity="adjustable"),
            "places": measure(RATE, caps=caps, selection=places, rigidity="adjustable"),
            "plain": measure(fixed("2万元")),
        },
        {},
    )


def kinds(folder: Path) -> Scenario:
    """Every word that the schema has for a rule after the formula, so that none is added without being decided here.

    Of each scope a cap by itself and beside a cap a claim, on a matter of each kind; each repetition and selection.
    """
    scopes = [
        (per, within)
        for per in get_args(Per)
        for within in get_args(Within)
        if (per == "claim") == (within == "claim")
    ]
    amount_of = dict.fromkeys(get_args(Per), "11万元") | {"measure": "150万元"}
    measures: dict[str, Data] = {}
    for per, within in scopes:
        caps = {"one": cap("14万元"), "two": cap(amount_of[per], per, within)}
        measures[f"{per}_{within}"] = measure(RATE, caps=caps)
    matters: dict[str, Data] = {}
    for word in get_args(Repeat):
        measures[f"repeat_{word}"] = measure(RATE, caps={"one": cap("9万元")}, repeat=word)
    for kind in get_args(Selection.model_fields["kind"].annotation):
        selection = {"kind": kind} | ({} if kind == "none" else {"places": "20个"})
        caps = {"one": cap("16万元"), "ever": cap("13万元", "agency", "ever")}
        measures[f"chosen_{kind}"] = measure(RATE, caps=caps, selection=selection, rigidity="adjustable")
    words = {name: get_args(Matter.model_fields[name].annotation) for name in ("years", "mode", "payer")}
    for number, chosen in enumerate(product(*words.values())):
        members = [f"matter_{number}_{part}" for part in ("a", "b")]
        for part, (per, within) in zip(members, islice(cycle(scopes), number, None), strict=False):
            measures[part] = measure(RATE, caps={"one": cap(amount_of[per], per, within)})
        matters[f"matter_{number}"] = matter(members, "agency", **dict(zip(words, chosen, strict=True)))
    return scenario_of(folder, measures, matters)


SHAPES: dict[str, Callable[[Path], Scenario]] = {
    "scopes": scopes,
    "matters": matters,
    "ranked": ranked,
    "kinds": kinds,
}


def random_settings(sliders: Sequence[Movable], count: int, seed: int) -> list[list[int]]:
    """Settings in fen: each cap from a fen to its slider's end; a quarter of them as they stand."""
    found = []
    for number in range(count):
        luck = np.random.default_rng([seed, number])
        found.append(
            [one.amount if luck.random() < 0.25 else 1 + int(luck.integers(one.most)) for one in sliders]
        )
    return found


def with_caps(scenario: Scenario, sliders: Sequence[Movable], caps: Sequence[int]) -> Scenario:
    """The scenario under other caps, as `load_scenario` with an overlay gives it."""
    changed = dict(scenario.policy.measures)
    for slider, amount in zip(sliders, caps, strict=True):
        old = changed[slider.measure]
        new = old.caps | {slider.cap: old.caps[slider.cap].model_copy(update={"amount": amount})}
        changed[slider.measure] = old.model_copy(update={"caps": new})
    return dataclasses.replace(scenario, policy=scenario.policy.model_copy(update={"measures": changed}))


def overlay_of(sliders: Sequence[Movable], caps: Sequence[int]) -> dict[str, str]:
    """The changes of an overlay with these caps."""
    return {
        slider.path: f"{amount // 100}.{amount % 100:02}元"
        for slider, amount in zip(sliders, caps, strict=True)
    }


def engine(data: PageData, scenario: Scenario) -> tuple[FloatArray, Result]:
    """What simkit pays the page's draws, float64[view, page's year, draw], the special view first; the result."""
    result = run(scenario, draws=data.origin.draws, seed=data.origin.seed, jobs=1)
    paid = np.zeros((2, len(data.years), data.origin.draws))
    for view, special in enumerate((True, False)):
        for place, year in enumerate(result.paid_years):
            column = result.paid(special=special)[:, place]
            if year in data.years:
                paid[view, data.years.index(year)] = column
            else:
                assert not column.any(), f"the page does not show {year}"
    return paid, result


def bound(data: PageData) -> float:
    """Fen by which one draw's sum can differ from simkit's: 0 where no award is split by shares.

    Awards are whole fen on both sides and equal. Of a split claim each part but the first is floored once for the
    payer and once for the instalment, and the first gets the rest: `Rules.slack` a claim, at the setting and
    once more at the baseline, where the page is put right. A hair for sums of shares in floating point.
    """
    most = 0
    for group in data.groups:
        rows = int(np.diff(group.firsts.astype(np.int64)).max(initial=0))
        joined = group.claims - len(group.kind)
        most += 2 * max(rule.slack for rule in group.rules) * (rows + joined)
    return most + 1e-3


def settle(group: Group, caps: Sequence[int], draws: int) -> tuple[FloatArray, dict[int, tuple[int, int]]]:
    """Decide a tie plainly: what is paid, float64[view, year, draw], and of each slider agencies at it and awarded."""
    years = len(group.kinds[0].weights[0]) if group.kinds else 0
    paid = np.zeros((2, years, draws))
    at: dict[int, int] = defaultdict(int)
    awarded: dict[int, int] = defaultdict(int)

    def of(column: Any, row: int) -> int:
        return 0 if column is None else int(column[row])

    for draw in range(draws):
        chain = -1
        sums: dict[tuple[Any, ...], int] = defaultdict(int)
        flags: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        for row in range(int(group.firsts[draw]), int(group.firsts[draw + 1])):
            number, begins = divmod(int(group.kind[row]), 2)
            chain += begins
            kind = group.kinds[number]
            rule = group.rules[kind.measure]
            left = int(group.amount[row]) * rule.unit
            covered = ("covered", chain, of(group.covered, row))
            if rule.outside:
                sums[covered] += left
                continue
            stood = set()
            for slider in rule.claim_caps:
                if left >= caps[slider]:
                    left = caps[slider]
                    stood.add(slider)
            counting = []
            for slot, slider in enumerate(rule.running):
                used = ("used", slot, chain, of(group.used[slot], row))
                part = ("part", slot, chain, of(group.counted[slot], row))
                counting += [used, part] if rule.matter else [used]
                room = max(0, caps[slider] - sums[used] + (sums[part] if rule.matter else 0))
                if left >= room and left > 0:
                    left = room
                    stood.add(slider)
            if rule.matter:
                left = max(0, left - sums[covered])
                counting.append(covered)
            for one in counting:
                sums[one] += left
            account = flags[kind.measure, chain, of(group.account, row)]
            account |= stood
            if left > 0:
                account.add(-1)
            paid[:, :, draw] += np.array(kind.weights) * left
        for (place, _, _), stood in flags.items():
            if -1 in stood:
                awarded[place] += 1
                for slider in stood - {-1}:
                    at[slider] += 1
    shares = {
        slider: (at[slider], awarded[place])
        for place, rule in enumerate(group.rules)
        for slider in (*rule.claim_caps, *rule.running)
    }
    return paid, shares


def shares_of(result: Result, slider: Movable) -> tuple[int, int]:
    """Agencies at a cap, and awarded, in all draws and years, as the run counts them."""
    lever = result.levers.index(f"{slider.measure}.{slider.cap}")
    place = list(result.scenario.policy.measures).index(slider.measure)
    return int(result.agencies_at.totals()[lever].sum()), int(result.agencies_awarded.totals()[place].sum())
