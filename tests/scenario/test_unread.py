"""Every setting moves something or is refused: none that nothing reads."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.arrays import arrays_in
from simkit.base.errors import FaultsError, InputError
from simkit.base.money import Quantity, parse_quantity, quantity_text
from simkit.claims.blueprint import blueprint
from simkit.claims.drawn import draw_rates
from simkit.documents.build import dotted
from simkit.policy.compile import compile_policy
from simkit.scenario import Scenario, ScenarioFile
from simkit.scenario.kinds_of_change import kind_of
from tests.small_scenarios import BOTH, assumed, attribute, claim, fixed, measure, write_scenario

Data = dict[str, Any]
NINGBO = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023"

#: Keys of prose and of what papers alone print, wherever they stand; what-ifs alone read an elasticity.
PROSE = {"source", "note", "department", "departments", "level", "size", "special", "zh", "en", "elasticity"}
UNIFORM = {"dist": "uniform", "low": "10%", "high": "20%"}


def full(folder: Path) -> ScenarioFile:
    """A small policy and scenario with every feature of the schema that moves a figure."""
    status = {"is_true": {"of": "listed", "is_true": True}, "grew": {"of": "revenue", "grew_at_least": "5%"}}
    measures = {
        "rate": measure(
            {"kind": "rate", "rate": "50%"},
            conditions={
                "tax": {"of": "tax", "at_least": "1万元"},
                "client": {"of": "client", "one_of": ["big", "small"]},
                "line": {"of": "line", "none_of": ["c"]},
                **status,
            },
            caps={
                "one": {"per": "claim", "within": "claim", "amount": "20万元"},
                "year": {"per": "agency", "within": "year", "share": "5%", "of": "revenue", "year": -1},
                "term": {"per": "agency", "within": "term", "amount": "90万元"},
            },
            payers={"shares": {"hr": "60%", "local": "40%"}},
            instalments=[
                {"share": "50%"},
                {"share": "50%", "after_years": 1, "conditions": [{"of": "listed", "is_true": True}]},
            ],
            lag_days=30,
        ),
        "ranked": measure(
            {"kind": "bands", "bands": [{"above": "0元", "rate": "10%"}, {"above": "9万元", "rate": "20%"}]},
            rigidity="adjustable",
            selection={"kind": "ranked", "envelope": "80万元", "places": "9家"},
            repeat="yearly",
        ),
        "tiers": measure(
            {
                "kind": "tiers",
                "on": "revenue",
                "tiers": [{"reached": "10万元", "amount": "2万元"}],
                "by": "line",
                "by_value": {"b": [{"reached": "20万元", "amount": "3万元"}]},
                "top_up": True,
            }
        ),
        "heads": measure({"kind": "per_unit", "amount": "500元"}, base_unit="count"),
        "step": measure(
            {"kind": "step", "per_full": "1万美元", "amount": "300元"},
            base_unit="usd",
            in_force={"since": "2024-03-01", "until": "2025-10-31"},
        ),
        "first": measure(
            fixed("4万元"), first_time=True, conditions={"list": {"of": "list", "one_of": ["x"]}}
        ),
        "park": measure(fixed("9万元"), beneficiary="park"),
        "gain": measure(fixed("7万元")),
        "hold": measure(fixed("6万元")),
        "theirs": measure({"kind": "by_rule"}, priced_by="by_rule", outside=True, level="province"),
    }
    law = {"dist": "lognormal", "mean": "20万元", "cv": 0.8}
    base = {"unit": "yuan", "scale": assumed({"dist": "pert", "low": 0.5, "mode": 1, "high": 2})}
    drawn = {
        "tax": {
            "bands": [{"above": "0元", "rate": "3%"}, {"above": "3万元", "rate": "10%"}],
            "of": "pay",
            "minus": "1万元",
            "source": "made_up",
        },
        "client": {"weights": {"big": 0.6, "small": 0.3, "other": 0.1}},
    }
    claims = {
        "rate": claim(
            {"dist": "triangular", "low": 0.5, "mode": 1, "high": 2},
            lines={"a": 1, "b": 0.5},
            frequency="negative_binomial",
            spread=0.7,
            take_up=assumed(0.5),
            ceiling=0.8,
            take_up_factor=0.9,
            ramp={2024: 0.7, 2025: 1},
            mark="claim",
            loading=assumed(1),
            base=base
            | {
                "variables": {"pay": law},
                "growth": assumed(UNIFORM),
                "of_year": 2023,
                "source": "made_up",
            },
            attributes=drawn,
            heads_elsewhere=assumed(0.2),
            remove_elsewhere=True,
            calendar={"filing_days": [10, 60], "review_days": 20, "rounds": ["05-31"], "source": "made_up"},
        ),
        "ranked": claim(0.8, base={"unit": "yuan", "scale": assumed("12万元")}, day="06-30"),
        "tiers": claim(0.4),
        "heads": claim(
            2, frequency="binomial", spread=5, base={"unit": "count", "scale": assumed("30人")}, district="甲"
        ),
        "step": claim(0.3, base={"unit": "usd", "scale": assumed("5万美元")}),
        "first": claim(
            0.6,
            keys={"x": 0.5, "y": 0.5},
            attributes={"list": {"key": True}},
            already=assumed(0.3),
        ),
        "park": claim(1, frequency="fixed", among="park"),
        "gain": claim(transition="listed"),
        "hold": claim(0.2, holders="listed", lines={"a": 1, "b": 2}),
        "theirs": claim(
            companion={"of": "ranked", "chance": assumed(0.4), "days": 20},
            take_up=None,
            base={"unit": "yuan", "scale": assumed("1万元")},
        ),
    }
    claims["heads"].pop("district")
    rest = {
        "funds": {
            "hr": {"name": BOTH, "department": "hr", "level": "city", "special": True},
            "local": {"name": BOTH, "department": "hr", "level": "district", "per_district": True},
        },
        "districts": ["甲", "乙"],
        "attributes": {
            "line": attribute("agency", "category", values=["a", "b", "c"]),
            "listed": attribute("agency", "flag"),
            "revenue": attribute("agency", "yuan"),
            "tax": attribute("claim", "yuan"),
            "client": attribute("claim", "category", values=["big", "small", "other"]),
            "list": attribute("claim", "category", values=["x", "y"]),
        },
        "matters": {
            "same": {
                "name": BOTH,
                "clause": "一",
                "why": BOTH,
                "members": ["ranked", "hold", "theirs"],
                "key": ["agency", "matter"],
            }
        },
        "total_caps": {
            "all": {"name": BOTH, "clause": "一", "measures": ["rate", "heads"], "amount": "60万元"}
        },
    }
    part = {name: assumed(share) for name, share in {"a": 0.5, "b": 0.3, "c": 0.2}.items()}
    population = {
        "lines": part,
        "eligible": assumed(0.8),
        "districts": {"甲": assumed(0.4), "乙": assumed(0.6)},
        "statuses": {
            "listed": {
                "share": assumed(0.3),
                "rate": assumed(0.1),
                "lines": {"a": 1, "b": 2, "c": 1},
                "loading": assumed(1),
            }
        },
        "numbers": {
            "revenue": {
                "value": assumed(law | {"mean": "300万元"}),
                "growth": assumed("10%"),
                "noise_cv": 0.2,
            }
        },
        "others": {"park": assumed(3)},
    }
    growth = {
        "mode": "target",
        "target": {"year": 2025, "agencies": 140},
        "entry_rate": assumed(UNIFORM),
        "entry_by_year": {2025: assumed("15%")},
        "exit_rate": assumed("5%"),
        "exit_by_year": {2025: assumed("4%")},
        "entries": {2024: assumed(2)},
        "shock_sd": assumed(0.2),
    }
    path = write_scenario(
        folder,
        measures,
        claims,
        years=(2024, 2025),
        start=100,
        growth=growth,
        population=population,
        policy=rest,
        factor_cv=0.3,
        loading=0.5,
        factor={"activity_sd": assumed(0.1)},
        calendar={"filing_days": [0, 90], "review_days": 15, "rounds": ["06-30"], "source": "made_up"},
    )
    return ScenarioFile(path)


def fingerprint(scenario: Scenario) -> list[bytes]:
    """All that the kernels read of a scenario, for a few draws."""
    plan, policy, draws = scenario.plan, scenario.policy, np.arange(16, dtype=np.int64)
    last = plan.earned_years[1]
    flat = compile_policy(policy)
    sketch = blueprint(policy, plan.population, plan.claims, plan.calendar, plan.earned_years)
    rates, drawn = draw_rates(policy, plan.population, plan.claims, plan.factor, last, 1, draws)
    return [one.tobytes() for one in arrays_in((flat, sketch, rates, drawn))]


def leaves(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every number, word and truth value of plain data."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from leaves(value, (*path, place))
    else:
        yield path, node


def others(value: Any) -> list[Any]:
    """Values in the place of one, near enough to be meant."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value / 2 if isinstance(value, float) else value // 2, value * 2, value + 1, value - 1]
    if isinstance(value, datetime.date):
        return [value + datetime.timedelta(days=days) for days in (40, -40)]
    try:
        quantity = parse_quantity(value)
    except ValueError:
        return [_later(value), "no_such_word"]
    near = (quantity.value / 2, quantity.value * 2, quantity.value + 1)
    return [quantity_text(Quantity(number, quantity.kind)) for number in near]


def _later(text: str) -> str:
    """Another day of the year; another word where it is none."""
    return "08-15" if len(text) == 5 and text[2] == "-" else f"{text}_"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> ScenarioFile:
    return full(tmp_path_factory.mktemp("full"))


def test_every_setting_moves_something_or_is_refused(file: ScenarioFile) -> None:
    before = fingerprint(file.lay())
    idle, looked = [], 0
    for tree in file.unchanged:
        for path, value in leaves(tree.data):
            name = dotted(path)
            if kind_of(name) in ("words", "budget") or path[-1] in PROSE or name in ("policy", "as_of"):
                continue
            looked += 1
            if not any(_tells(file, name, other, before) for other in others(value)):
                idle.append(f"{name}: {value!r}")
    assert looked > 200 and not idle, "\n".join(idle)


def _tells(file: ScenarioFile, path: str, value: Any, before: list[bytes]) -> bool:
    try:
        return fingerprint(file.lay(changes={path: value})) != before
    except InputError:
        return True


#: What is set and read by nothing, and what is expected in its place.
UNREAD = {
    "district": ({"claims.tiers.district": "甲"}, "a fund of a district among the measure's payers"),
    "loading": ({"claims.park.loading": assumed(1)}, "no loading where frequency is fixed"),
    "lines of parks": ({"claims.park.lines": {"a": 1}}, "no lines beside others"),
    "day of a gain": ({"claims.gain.day": "05-05"}, "no day beside transition"),
    "ramp beyond": ({"claims.tiers.ramp": {2024: 0.5, 2026: 1}}, "a year from 2024 to 2025"),
    "already": ({"claims.tiers.already": assumed(0.5)}, "first_time in the measure, beside already"),
    "keys": ({"claims.tiers.keys": {"x": 1}}, "first_time, a repetition or an attribute"),
    "attribute": ({"claims.tiers.attributes": {"client": {"weights": {"big": 1}}}}, "that the measure reads"),
    "base": ({"claims.hold.base.scale.value": "2元"}, "1, since the award does not read the base"),
    "variables": (
        {
            "claims.hold.base": {
                "unit": "yuan",
                "variables": {"x": {"dist": "constant", "value": "1元"}},
                "source": "made_up",
            }
        },
        "a variable that an attribute reads",
    ),
    "heads": ({"claims.tiers.heads_elsewhere": assumed(0.1)}, "remove_elsewhere: true beside it"),
    "companion's take-up": ({"claims.theirs.take_up": assumed(0.1)}, "no take_up beside companion"),
    "others": ({"population.others.tower": assumed(2)}, "claims among: tower"),
    "status": (
        {"population.statuses.big": {"share": assumed(0.1), "rate": assumed(0.1)}},
        "a measure or claims that read it",
    ),
    "entries": ({"population.growth.entries.2030": assumed(2)}, "a year from 2024 to 2025"),
    "order": (
        {
            "appropriations": {
                "amounts": {"hr": {2024: "1万元", 2025: "1万元"}},
                "mode": "defer",
                "order": ["rate"],
                "label": BOTH,
            }
        },
        "mode: priority beside an order",
    ),
    "years": ({"measures.rate.conditions.tax.years": 2}, "years only beside grew_at_least"),
    "year of a cap": ({"measures.rate.caps.one.year": -1}, "year only beside share and of"),
    "minus": ({"claims.rate.attributes.client.minus": "1元"}, "minus only beside bands"),
}


@pytest.mark.parametrize(("changes", "words"), UNREAD.values(), ids=UNREAD)
def test_what_nothing_reads_is_a_fault(file: ScenarioFile, changes: Data, words: str) -> None:
    with pytest.raises(FaultsError) as caught:
        file.lay(changes=changes)
    found = [str(fault) for fault in caught.value.faults]
    assert any(words in fault for fault in found), found
    assert not any("nothing reads" in fault.said("zh") for fault in caught.value.faults)


def test_what_a_scenario_assumes_of_its_policy_is_not_the_policy_s_own(tmp_path: Path) -> None:
    same = {"measures.one.award.amount": {"value": "10000元", "source": "made_up"}}
    of: Data = {"measures": {"one": measure(fixed("1万元"))}, "claims": {"one": claim(1, among="city")}}
    path = write_scenario(tmp_path / "same", **of, policy_values=same)
    with pytest.raises(FaultsError, match="expected a value that is not the policy's own, found '10000元'"):
        ScenarioFile(path).lay()
    same["measures.one.award.amount"]["value"] = "2万元"
    assert ScenarioFile(write_scenario(tmp_path / "other", **of, policy_values=same)).lay()


def test_what_an_overlay_leaves_behind_is_no_fault(file: ScenarioFile) -> None:
    """A shorter horizon, another payer: what nothing reads any more is still the baseline's."""
    assert file.lay(changes={"earned_years": [2024, 2024]})
    assert file.lay(changes={"measures.rate.payers": {"shares": {"hr": "100%"}}})


def test_a_district_agrees_with_the_fund_that_pays() -> None:
    """The claims of the base are of Beilun, whose fund pays half."""
    baseline = ScenarioFile(NINGBO / "baseline.yaml")
    with pytest.raises(FaultsError, match="the district whose fund pays, 北仑区"):
        baseline.lay(changes={"claims.export_base_support.district": "海曙区"})
