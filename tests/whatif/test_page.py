"""The page's data: decided by its chains they are what simkit pays, to the fen; and which caps have a slider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.base.errors import InputError
from simkit.scenario import load_scenario
from simkit.whatif.caps.movable import RANGE, REASONS, find_sliders, step_of
from simkit.whatif.caps.page_data import PageData, page_data
from tests.small_scenarios import BOTH, assumed, attribute, claim, measure
from tests.whatif.page_shapes import (
    LAW,
    NINGBO,
    RATE,
    SHAPES,
    bound,
    cap,
    engine,
    matter,
    overlay_of,
    random_settings,
    scenario_of,
    settle,
    shares_of,
    with_caps,
)

DRAWS, SEED = 40, 11
NAMES = ["ningbo", *SHAPES]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PageData]:
    scenarios = {name: shape(tmp_path_factory.mktemp(name)) for name, shape in SHAPES.items()}
    scenarios["ningbo"] = load_scenario(NINGBO)
    return {name: page_data(one, draws=DRAWS, seed=SEED, jobs=1) for name, one in scenarios.items()}


def plainly(data: PageData, caps: list[int]) -> tuple[np.ndarray, dict[int, tuple[int, int]]]:
    """The whole page decided plainly: paid, and the shares at the caps."""
    paid, shares = data.rest.copy(), {}
    for group in data.groups:
        more, found = settle(group, caps, DRAWS)
        paid += more
        shares |= found
    return paid, shares


# ------------------------------------------------------------------ the same as simkit


@pytest.mark.parametrize("name", NAMES)
def test_at_the_baseline_the_page_is_the_run(name: str, pages: dict[str, PageData]) -> None:
    """To the fen, in every draw, year and view; shares by floats, so a thousandth of a fen is let pass."""
    data = pages[name]
    caps = [one.amount for one in data.sliders]
    paid, shares = plainly(data, caps)
    exact, result = engine(data, data.scenario)
    assert np.abs(paid - exact).max() <= 1e-3
    assert shares == {n: shares_of(result, one) for n, one in enumerate(data.sliders)}
    assert paid.sum() > 0


@pytest.mark.parametrize("name", NAMES)
def test_at_any_setting_the_page_is_a_run_with_these_caps(name: str, pages: dict[str, PageData]) -> None:
    data = pages[name]
    base = engine(data, data.scenario)[0]
    for caps in random_settings(data.sliders, 5 if name == "ningbo" else 20, seed=1):
        paid, shares = plainly(data, caps)
        exact, result = engine(data, with_caps(data.scenario, data.sliders, caps))
        stands = caps == [one.amount for one in data.sliders]
        assert stands or (exact != base).any(), "the setting changes nothing: it tests nothing"
        assert np.abs(paid - exact).max() <= bound(data)
        assert shares == {n: shares_of(result, one) for n, one in enumerate(data.sliders)}


def test_every_slider_moves_money_in_every_shape(pages: dict[str, PageData]) -> None:
    """Else the tests above would not see it."""
    for data in pages.values():
        base = [one.amount for one in data.sliders]
        whole = plainly(data, base)[0]
        for number, slider in enumerate(data.sliders):
            caps = [*base[:number], max(slider.amount // 20, 1), *base[number + 1 :]]
            assert (plainly(data, caps)[0] != whole).any(), slider.path


def test_with_caps_is_an_overlay(pages: dict[str, PageData]) -> None:
    data = pages["ningbo"]
    caps = random_settings(data.sliders, 1, seed=2)[0]
    loaded = load_scenario(NINGBO, changes=overlay_of(data.sliders, caps))
    assert loaded.policy == with_caps(data.scenario, data.sliders, caps).policy


def test_threads_move_nothing(pages: dict[str, PageData]) -> None:
    data = pages["matters"]
    other = page_data(data.scenario, draws=DRAWS, seed=SEED, jobs=2)
    assert np.array_equal(data.rest, other.rest)
    for one, two in zip(data.groups, other.groups, strict=True):
        assert one.rules == two.rules and one.kinds == two.kinds
        for name in ("firsts", "kind", "amount"):
            assert np.array_equal(getattr(one, name), getattr(two, name)), name


def test_claims_decided_as_one_are_joined_and_chains_apart(pages: dict[str, PageData]) -> None:
    """Headhunting has many claims an agency and year, one cap and no matter: a row a paid year is left."""
    data = pages["ningbo"]
    first = next(group for group in data.groups if group.rules[0].measure == "headhunting")
    assert len(first.kind) < 0.7 * first.claims
    assert first.used == (None,) and first.covered is None and first.account is None
    standards = next(group for group in data.groups if group.rules[0].measure == "standards")
    assert len(standards.kind) == standards.claims


def test_amounts_beyond_every_setting_are_cut_and_the_rest_kept_whole(pages: dict[str, PageData]) -> None:
    for data in pages.values():
        for group in data.groups:
            for number, rule in enumerate(group.rules):
                ours = np.array([kind.measure == number for kind in group.kinds])[group.kind >> 1]
                amounts = group.amount[ours].astype(np.float64) * rule.unit
                ends = [data.sliders[one].most for one in rule.running]
                kept = [data.sliders[one].most for one in rule.claim_caps]
                assert amounts.max(initial=0) <= max(min(ends, default=np.inf), *kept, 0)
                assert (amounts == np.round(amounts)).all() and (amounts > 0).all()


# ------------------------------------------------------------------ which caps


def test_ningbo_has_a_slider_for_every_cap(pages: dict[str, PageData]) -> None:
    data = pages["ningbo"]
    policy = data.scenario.policy
    caps = [(name, one) for name, measure in policy.measures.items() for one in measure.caps]
    assert [(one.measure, one.cap) for one in data.sliders] == caps and not data.fixed
    assert len(caps) == 8


def test_a_cap_that_would_move_the_selection_has_no_slider(pages: dict[str, PageData]) -> None:
    data = pages["ranked"]
    assert [one.path for one in data.sliders] == [
        "measures.money.caps.term.amount",
        "measures.places.caps.term.amount",
    ]
    found = [(one.measure, one.cap, one.reason) for one in data.fixed]
    assert found == [("money", "one", "selection"), ("places", "one", "selection")]


def fixed_caps(folder: Path, measures: dict[str, Any], **more: Any) -> dict[str, str]:
    """Reasons of caps without a slider, beside a cap that has one."""
    measures = measures | {"free": measure(RATE, caps={"one": cap("5万元")})}
    matters = more.pop("matters", {})
    data = page_data(scenario_of(folder, measures, matters, **more), draws=20, seed=1, jobs=1)
    assert "free" in {one.measure for one in data.sliders}
    return {f"{one.measure}.{one.cap}": one.reason for one in data.fixed}


def test_every_reason_to_have_no_slider(tmp_path: Path) -> None:
    capped = {"caps": {"one": cap("5万元")}}
    share = {"per": "agency", "within": "year", "share": "5%", "of": "revenue"}
    revenue = {"attributes": {"revenue": attribute("agency", "yuan"), "listed": attribute("agency", "flag")}}
    both = {
        "a": measure(RATE, caps={"part": share, "one": cap("5万元")}),
        "b": measure(RATE, **capped),
        "c": measure(RATE, repeat="yearly", **capped),
        "d": measure(RATE),
        "e": measure(RATE, **capped),
        "f": measure(RATE, status="suspended", **capped),
    }
    policy = revenue | {
        "total_caps": {"all": {"name": BOTH, "clause": "一", "amount": "9万元", "measures": ["b", "d"]}}
    }
    found = fixed_caps(
        tmp_path,
        both | {"g": measure(RATE)},
        matters={"settled": matter(("e", "g"), "agency", payer="settlement")},
        policy=policy,
        claims={"a": claim(1, base=LAW)},
        population={"numbers": {"revenue": {"value": assumed("500万元")}}},
    )
    assert found == {
        "a.part": "share",
        "a.one": "beside_share",
        "b.one": "total_cap",
        "c.one": "repeat",
        "e.one": "settlement",
        "f.one": "no_claims",
    }
    assert set(found.values()) | {"selection"} == set(REASONS)


def test_a_policy_without_a_cap_is_refused(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, {"plain": measure(RATE)}, {})
    with pytest.raises(
        InputError, match=r"found none that can be moved alone \(no cap\): give the policy"
    ) as caught:
        page_data(scenario, draws=20)
    assert "封顶试算页面需要" in caught.value.said("zh") and scenario.file in caught.value.said("zh")


def test_a_policy_whose_caps_cannot_move_says_which_and_why(tmp_path: Path) -> None:
    once = measure(RATE, caps={"one": cap("5万元")}, repeat="yearly")
    scenario = scenario_of(tmp_path, {"once": once}, {})
    with pytest.raises(InputError, match=r"found none that can be moved alone \(once\.one: repeat\)"):
        page_data(scenario, draws=20)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"draws": 19}, "draws: expected a whole number from 20 to 2000, found 19"),
        ({"draws": 2_001}, "found 2001"),
        ({"seed": -1}, "seed: expected"),
        ({"jobs": 0}, "jobs: expected"),
    ],
)
def test_bad_arguments_are_named(options: dict[str, Any], words: str, pages: dict[str, PageData]) -> None:
    with pytest.raises(InputError, match=words):
        page_data(pages["ranked"].scenario, **options)


@given(st.integers(1, 10**15))
def test_steps_are_round_and_neither_too_fine_nor_too_coarse(amount: int) -> None:
    step = step_of(amount)
    assert step >= 1
    assert amount < 50 or amount // step >= 33
    assert RANGE * amount // step <= 400


@given(st.sampled_from((1, 2, 3, 5, 10, 12, 30, 50, 100, 300)))
def test_a_cap_in_whole_wan_is_on_a_round_step(wan: int) -> None:
    step = step_of(wan * 1_000_000)
    assert wan * 1_000_000 % step == 0 and str(step).rstrip("0") in ("1", "2", "5")


def test_no_claims_at_all_are_a_page_of_zeros(tmp_path: Path) -> None:
    """A cap whose claims are too rare for any draw still has its slider."""
    measures = {"rare": measure(RATE, caps={"one": cap("5万元")})}
    scenario = scenario_of(tmp_path, measures, {}, claims={"rare": claim(1e-9, base=LAW)})
    data = page_data(scenario, draws=20, jobs=1)
    assert len(data.sliders) == 1 and not data.rest.any()
    assert len(data.groups[0].kind) == 0 and len(data.groups[0].firsts) == 21


def test_find_sliders_asks_for_claims(pages: dict[str, PageData]) -> None:
    policy = pages["ningbo"].scenario.policy
    sliders, fixed_ = find_sliders(policy, {"students"}, "some.yaml")
    assert [one.measure for one in sliders] == ["students"]
    assert {one.reason for one in fixed_} == {"no_claims"} and len(fixed_) == 7
