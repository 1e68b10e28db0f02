"""What each provision costs: closed forms, whole runs of every set of provisions, and the axioms of Shapley."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from simkit.whatif import games
from simkit.whatif.answers import load_answer, save_answer
from simkit.whatif.provisions import Provisions, passes, provisions
from tests.small_scenarios import BOTH, claim, fixed, measure, write_scenario
from tests.statistical import FALSE_ALARM

BASELINE = Path(__file__).parent.parent.parent / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
WAN = 1_000_000
#: One claim of every agency in the year: nothing is left to chance.
SURE = {"frequency": "fixed", "base": {"unit": "yuan", "scale": {"value": "1元", "source": "made_up"}}}
AGENCIES = 40


def matter(*members: str, **more: Any) -> dict[str, Any]:
    """One agency's year is one matter."""
    plain = {"name": BOTH, "clause": "一", "why": BOTH, "members": list(members), "key": ["agency", "year"]}
    plain |= {"levels": [], "departments": [], "years": "ever", "mode": "inclusive", "payer": "sequential"}
    return plain | more


def total_cap(amount: str, measures: Sequence[str]) -> dict[str, Any]:
    return {"name": BOTH, "clause": "一", "amount": amount, "measures": list(measures)}


def scenario(folder: Path, amounts: Mapping[str, str], intensity: Any = 1, **more: Any) -> Scenario:
    """Measures of fixed amounts."""
    measures = {name: measure(fixed(amount)) for name, amount in amounts.items()}
    how = claim(intensity, **SURE) if intensity == 1 else claim(intensity)
    policy = more.pop("policy", {})
    measures |= more.pop("measures", {})
    claims = dict.fromkeys(amounts, how) | more.pop("claims", {})
    return load_scenario(write_scenario(folder, measures, claims, start=AGENCIES, policy=policy, **more))


def wan(found: Provisions, field: str, draws: int) -> dict[str, float]:
    """万元 an agency and draw."""
    return {one.measure: getattr(one.total, field) / (WAN * draws * AGENCIES) for one in found.provisions}


# ------------------------------------------------------------------ closed forms


def test_two_on_one_matter_by_hand(tmp_path: Path) -> None:
    """3 and 4 (10,000 yuan) for the same matter pay 4: 3 and 1 in the policy's order, 1.5 and 2.5 without one."""
    one = scenario(
        tmp_path, {"a": "3万元", "b": "4万元", "c": "5万元"}, policy={"matters": {"m": matter("a", "b")}}
    )
    found = provisions(one, draws=3, seed=1, jobs=1)
    assert wan(found, "alone", 3) == {"a": 3, "b": 4, "c": 5}
    assert wan(found, "stacked", 3) == {"a": 3, "b": 1, "c": 5}
    assert wan(found, "order_free", 3) == {"a": 1.5, "b": 2.5, "c": 5}
    assert wan(found, "saved", 3) == {"a": 1.5, "b": 1.5, "c": 0}
    assert [one.together for one in found.provisions] == [("b",), ("a",), ()]
    assert [one.way for one in found.provisions] == ["all sets", "all sets", "alone"]
    assert found.total == found.budget_year
    assert found.total.order_free == 9 * WAN * 3 * AGENCIES
    assert (found.total.alone, found.total.saved) == (12 * WAN * 3 * AGENCIES, 3 * WAN * 3 * AGENCIES)


def test_three_under_a_total_cap_by_hand(tmp_path: Path) -> None:
    """3, 4 and 5 under 6: Shapley's formula gives 1.5, 2 and 2.5."""
    policy = {"total_caps": {"all": total_cap("6万元", "abc")}}
    found = provisions(
        scenario(tmp_path, {"a": "3万元", "b": "4万元", "c": "5万元"}, policy=policy), draws=2, seed=1, jobs=1
    )
    assert wan(found, "alone", 2) == {"a": 3, "b": 4, "c": 5}
    assert wan(found, "stacked", 2) == {"a": 3, "b": 3, "c": 0}
    assert wan(found, "order_free", 2) == {"a": 1.5, "b": 2, "c": 2.5}


def test_a_third_of_a_fen_goes_to_the_largest_remainder(tmp_path: Path) -> None:
    """Three alike under a cap that three do not divide: equal but for the last fen, and exact in sum."""
    policy = {"total_caps": {"all": total_cap("1.000001万元", "abc")}}
    one = scenario(tmp_path, dict.fromkeys("abc", "1万元"), policy=policy)
    found = provisions(one, draws=2, seed=1, jobs=1)
    parts = [one.total.order_free for one in found.provisions]
    assert sum(parts) == found.total.order_free == 2 * AGENCIES * 1_000_001
    assert sorted(parts) == [26_666_693, 26_666_693, 26_666_694]


def test_what_others_pay_stays(tmp_path: Path) -> None:
    """An outside award of 2 on the matter of 3 and 4: alone, 1 and 2 are paid; it comes with whom it accompanies."""
    by_rule = {"priced_by": "by_rule", "base_unit": "yuan", "level": "district"}
    outside = {"d": measure({"kind": "by_rule"}, outside=True, **by_rule)}
    claims = {
        "d": {
            "companion": {"of": "a", "chance": {"value": 1, "source": "made_up"}, "days": 0},
            "base": {"unit": "yuan", "scale": {"value": "2万元", "source": "made_up"}},
        }
    }
    one = scenario(
        tmp_path,
        {"a": "3万元", "b": "4万元"},
        measures=outside,
        claims=claims,
        policy={"matters": {"m": matter("a", "b", "d", key=["agency"])}},
    )
    found = provisions(one, draws=2, seed=1, jobs=1)
    assert [one.measure for one in found.provisions] == ["a", "b"]
    assert_brute_force(one, found, 2)


# ------------------------------------------------------------------ against whole runs


def pays(scenario: Scenario, names: Sequence[str], draws: int) -> tuple[int, int]:
    """Fen of all draws in a whole run where the other provisions are removed: both amounts."""
    changes = {
        f"measures.{name}.status": "removed"
        for name, one in scenario.policy.measures.items()
        if not one.outside and name in scenario.plan.claims and name not in names
    }
    result = run(load_scenario(scenario.file, changes=changes), draws=draws, seed=1, jobs=1)
    year = result.paid_years.index(scenario.plan.budget_year)
    return int(result.paid(special=False).sum()), int(result.paid(special=True)[:, year].sum())


def assert_brute_force(scenario: Scenario, found: Provisions, draws: int) -> None:
    """Fail unless every figure is what whole runs of every set of provisions make of it, order by order."""
    names = [one.measure for one in found.provisions]
    values = {
        frozenset(names[place] for place in range(len(names)) if one >> place & 1): None
        for one in range(2 ** len(names))
    }
    paid = {some: pays(scenario, sorted(some), draws) for some in values}
    for view, field in enumerate(("total", "budget_year")):
        assert getattr(found, field).order_free == paid[frozenset(names)][view]
        assert (
            sum(getattr(one, field).order_free for one in found.provisions) == getattr(found, field).stacked
        )
        assert sum(getattr(one, field).stacked for one in found.provisions) == getattr(found, field).stacked
        for place, one in enumerate(found.provisions):
            cost, name = getattr(one, field), names[place]
            assert cost.alone == paid[frozenset([name])][view]
            before = frozenset(names[:place])
            assert cost.stacked == paid[before | {name}][view] - paid[before][view]
            added = Fraction(0)
            for order in permutations(names):
                before = frozenset(order[: order.index(name)])
                added += paid[before | {name}][view] - paid[before][view]
            assert abs(cost.order_free - added / factorial(len(names))) < 1
            assert cost.saved == cost.alone - cost.order_free


@pytest.mark.parametrize(
    "policy",
    [
        {"matters": {"m": matter("a", "b", "c")}},
        {
            "matters": {"m": matter("a", "b", key=["agency"])},
            "total_caps": {"all": total_cap("6万元", "bcd")},
        },
        {"matters": {"m": matter("a", "b", "c", payer="settlement")}},
    ],
    ids=["one matter", "a matter and a total cap", "settled at year end"],
)
def test_every_set_is_a_whole_run(policy: dict[str, Any], tmp_path: Path) -> None:
    """By chance who claims what, in two years, from two funds: to the fen."""
    funds = {
        "hr": {"name": BOTH, "department": "hr", "level": "city", "special": True},
        "other": {"name": BOTH, "department": "other", "level": "city"},
    }
    amounts = {"a": "3万元", "b": "4万元", "c": "2.5万元", "d": "5万元"}
    shared = measure(fixed("4万元"), payers={"shares": {"hr": "30%", "other": "70%"}})
    one = scenario(
        tmp_path, amounts, 0.7, policy=policy | {"funds": funds}, measures={"b": shared}, years=(2024, 2025)
    )
    found = provisions(one, draws=30, seed=1, jobs=1)
    assert any(one.total.saved for one in found.provisions)
    assert_brute_force(one, found, 30)


AMOUNTS = st.integers(1, 12)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), cap=st.integers(1, 40))
def test_the_axioms(
    amounts: tuple[int, int, int], cap: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Efficiency to the fen; who meets nobody costs the same in all ways; alike measures cost alike."""
    a, b, c = (f"{one}万元" for one in amounts)
    policy = {"total_caps": {"all": total_cap(f"{cap}万元", ["a", "twin", "b"])}}
    measures = {"a": a, "twin": a, "b": b, "c": c}
    one = scenario(tmp_path_factory.mktemp("one"), measures, policy=policy)
    found = provisions(one, draws=2, seed=1, jobs=1)
    assert sum(one.total.order_free for one in found.provisions) == found.total.order_free
    by_name = {one.measure: one.total for one in found.provisions}
    assert by_name["c"].alone == by_name["c"].stacked == by_name["c"].order_free
    assert abs(by_name["a"].order_free - by_name["twin"].order_free) <= 1
    assert by_name["a"].alone == by_name["twin"].alone
    binds = 2 * amounts[0] + amounts[1] > cap
    assert (by_name["a"].saved > 0) == binds == (by_name["b"].saved > 0)


# ------------------------------------------------------------------ more than can be decided in every set

MANY = {f"m{place}": f"{1 + place % 4}万元" for place in range(10)}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Ten under a total cap that about half of them fill."""
    policy = {"total_caps": {"all": total_cap("9万元", list(MANY))}}
    return scenario(tmp_path_factory.mktemp("many"), MANY, 0.6, policy=policy)


def test_drawn_orders_agree_with_all_sets(many: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the same draws, so that the sampling of orders is all the difference; it sees one of 3 %."""
    draws = 256
    sampled = provisions(many, draws=draws, seed=5, jobs=1)
    assert {one.way for one in sampled.provisions} == {"drawn orders"}
    monkeypatch.setattr(games, "EXACT", 10)
    exact = provisions(many, draws=draws, seed=5, jobs=1)
    assert {one.way for one in exact.provisions} == {"all sets"}
    reach = norm.isf(FALSE_ALARM / 2 / len(MANY))
    errors = []
    for one, other in zip(sampled.provisions, exact.provisions, strict=True):
        assert (one.total.alone, one.total.stacked) == (other.total.alone, other.total.stacked)
        assert other.total.sampling_error == 0 < one.total.sampling_error
        gap = abs(one.total.order_free - other.total.order_free) / draws
        assert gap <= reach * one.total.sampling_error + 1
        errors.append(gap / one.total.sampling_error)
        assert reach * one.total.sampling_error < 0.03 * other.total.order_free / draws
    assert (
        sum(one.total.order_free for one in sampled.provisions)
        == sampled.total.order_free
        == exact.total.order_free
    )
    assert max(errors) > 0.05  # they were drawn


def test_orders_have_addresses(many: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither threads nor blocks of draws move a figure."""
    one = provisions(many, draws=20, seed=5, jobs=1)
    monkeypatch.setattr("simkit.whatif.kept.claims.BLOCK_DRAWS", 7)
    assert provisions(many, draws=20, seed=5, jobs=2) == one


# ------------------------------------------------------------------ the baseline


@pytest.fixture(scope="module")
def found() -> Provisions:
    return provisions(load_scenario(BASELINE), draws=200, seed=3, jobs=1)


def test_the_baseline_adds_up_to_the_fen(found: Provisions) -> None:
    result = run(load_scenario(BASELINE), draws=200, seed=3, jobs=1)
    assert found.total.order_free == result.paid(special=False).sum()
    assert found.total.order_free == sum(one.total.order_free for one in found.provisions)
    assert found.total.alone == sum(one.total.alone for one in found.provisions)
    year = result.paid_years.index(2024)
    assert found.budget_year.order_free == result.paid(special=True)[:, year].sum()
    assert found.budget_year.order_free == sum(one.budget_year.order_free for one in found.provisions)
    meeting = {one.measure: one.together for one in found.provisions if one.together}
    assert meeting == {
        "export_subsidy": ("offshore_interest",),
        "offshore_interest": ("export_subsidy",),
        "headquarters": ("recommended_list",),
        "recommended_list": ("headquarters",),
    }
    exports = next(one for one in found.provisions if one.measure == "offshore_interest")
    assert exports.total.saved > 0
    assert len(found.origin.unpriced) == 6


def test_it_is_an_answer(found: Provisions, tmp_path: Path) -> None:
    path = save_answer(found, tmp_path)
    assert path.name.startswith("provisions-")
    assert load_answer(Provisions, path) == found


def test_progress_comes_to_its_end(many: Scenario) -> None:
    steps: list[int] = []
    provisions(many, draws=20, seed=5, jobs=1, progress=steps.append)
    assert sum(steps) == 20 * passes(many)
    assert len(steps) > 1


def test_errors_are_those_of_the_draws(found: Provisions) -> None:
    """Of a measure that meets nobody, the three ways have one error; the policy's is not below a part's share."""
    for one in found.provisions:
        cost = one.total
        if one.way == "alone":
            assert cost.alone_error == cost.stacked_error == pytest.approx(cost.order_free_error)
            assert cost.saved == cost.saved_error == 0
    assert (
        0 < found.total.order_free_error < np.sum([one.total.alone_error or 0.0 for one in found.provisions])
    )
