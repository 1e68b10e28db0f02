"""The overlays of Ningbo: each loads, changes something, is labelled, is stamped, and runs."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from simkit.claims.population import expected_agencies
from simkit.documents.tree import paths_of
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Lines, Scenario, ScenarioFile, read_overlay, variants

NINGBO = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023"
OVERLAYS = NINGBO / "overlays"
FILES = sorted(OVERLAYS.rglob("*.yaml"))
BASES = {base: ScenarioFile(NINGBO / f"{base}.yaml") for base in ("baseline", "successor")}
POLICY: dict[str, Any] = yaml.safe_load((NINGBO / "policy.yaml").read_text("utf-8"))
DRAWS, SEED = 50, 7
AWARDED = 6


def changes_of(name: str) -> list[Lines]:
    overlay, tree = read_overlay(OVERLAYS / f"{name}.yaml")
    return [one.changes for one in variants(overlay, tree)]


def laid(name: str) -> list[Scenario]:
    return [BASES[read_overlay(OVERLAYS / f"{name}.yaml")[0].base].lay([one]) for one in changes_of(name)]


def ran(scenario: Scenario) -> Result:
    return run(scenario, draws=DRAWS, seed=SEED)


@pytest.fixture(scope="module")
def baseline() -> Result:
    return ran(BASES["baseline"].lay())


def awarded(result: Result, measure: str) -> int:
    return int(yearly(result, measure).sum())


def yearly(result: Result, measure: str) -> Any:
    """What was awarded by earned year, all draws together."""
    place = list(result.scenario.policy.measures).index(measure)
    return np.asarray(result.money[:, place, :, AWARDED]).sum(axis=0)


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(OVERLAYS).with_suffix("").as_posix()
)
def test_each_is_labelled_stamped_and_runs(path: Path) -> None:
    overlay, tree = read_overlay(path)
    base = BASES[overlay.base]
    assert overlay.name == path.stem and overlay.author and overlay.date <= datetime.date(2026, 11, 30)
    label = "解读：" if path.parent.name == "readings" else "假设："
    assert overlay.title.zh.startswith(label) and len(overlay.reason.zh) > 20
    assert overlay.base_digest == base.base_digest, f"simkit overlay stamp SCENARIO {path}"
    plain = base.lay()
    differing = 0
    for one in variants(overlay, tree):
        scenario = base.lay([one.changes])
        assert not scenario.outdated and scenario.changes
        votes = scenario.plan.appropriations
        assert votes is None or "虚构" in votes.label.zh  # no budget of Ningbo's is public
        differing += (scenario.policy, scenario.plan) != (plain.policy, plain.plan)
        result = ran(scenario)
        assert len(result.outlays.fen) and (result.outlays.fen > 0).all()
    today = 1 if path.stem in ("headhunting_rate", "student_subsidy", "supply_threshold") else 0
    assert differing == len(variants(overlay, tree)) - today


@pytest.mark.parametrize(("name", "factor"), [("caps_up", 1.2), ("caps_down", 0.8)])
def test_caps_are_all_that_stand_as_amounts(name: str, factor: float, baseline: Result) -> None:
    found = {
        ".".join(map(str, path))
        for section in ("measures", "total_caps")
        for path in paths_of(POLICY.get(section, {}), (section,))
        if path[-1] == "amount" and (section == "total_caps" or path[2] == "caps")
    }
    (lines,) = changes_of(name)
    assert set(lines) == found and len(found) == 8
    (scenario,) = laid(name)
    plain = BASES["baseline"].lay()
    for measure, before in plain.policy.measures.items():
        for cap, old in before.caps.items():
            new = scenario.policy.measures[measure].caps[cap]
            assert new.amount == pytest.approx(old.amount * factor) and new.share == old.share
    moved = awarded(ran(scenario), "headhunting") - awarded(baseline, "headhunting")
    assert (moved > 0) == (factor > 1) and moved


def test_readings_are_the_policys_register() -> None:
    files = {path.stem: read_overlay(path)[0] for path in (OVERLAYS / "readings").glob("*.yaml")}
    assert list(files) and set(files) == set(POLICY["readings"])
    for name, overlay in files.items():
        reading = POLICY["readings"][name]
        others = [option for option in reading["options"] if option != reading["default"]]
        assert overlay.sweep == {f"choose.{name}": others} and not overlay.changes
        assert reading["question"]["zh"] in overlay.title.zh and reading["why"]["zh"] in overlay.reason.zh
        assert all(reading["options"][option]["label"]["zh"] in overlay.reason.zh for option in others)


def test_a_lower_threshold_of_supply_shows_more_claims(baseline: Result) -> None:
    """So the heads that are drawn reach below 300; about a tenth of them do."""
    low, today, high = (awarded(ran(one), "supplied_employees") for one in laid("supply_threshold"))
    assert low > today > high and today == awarded(baseline, "supplied_employees")
    heads = BASES["baseline"].lay().plan.claims["supplied_employees"].base.variables["heads"]
    least, most = heads.ppf(np.array([0.10, 0.12]))
    assert least < 300 < most


@pytest.mark.parametrize(
    ("name", "measure"), [("headhunting_rate", "headhunting"), ("student_subsidy", "students")]
)
def test_dearer_rates_cost_more(name: str, measure: str, baseline: Result) -> None:
    low, today, high = (awarded(ran(one), measure) for one in laid(name))
    assert low < today < high and today == awarded(baseline, measure)


def test_growth_is_what_it_says() -> None:
    def agencies(scenario: Scenario) -> float:
        return expected_agencies(scenario.plan.population, 2025)[2025]

    slow, fast, flat = (agencies(laid(f"growth_{word}")[0]) for word in ("slow", "fast", "flat"))
    plain = agencies(BASES["baseline"].lay())
    assert (round(flat), round(slow), round(plain), round(fast)) == (1840, 2020, 2500, 3060)


def test_what_has_expired_pays_its_tail_in_the_first_year_alone() -> None:
    (scenario,) = laid("expired")
    assert scenario.plan.renewed is None and scenario.policy.document.in_force.until == datetime.date(
        2026, 4, 11
    )
    result = ran(scenario)
    cells = result.outlays.cells[np.unique(result.outlays.cell)]
    assert set(cells["paid"].tolist()) == {2026}


def test_the_clean_up_pays_what_was_earned_before(baseline: Result) -> None:
    (scenario,) = laid("compliance_cleanup")
    result = ran(scenario)
    stopped = ("headquarters", "recommended_list", "building_contribution")
    for measure in stopped:
        assert not yearly(result, measure)[2:].any()  # 2025, 2026
    assert yearly(baseline, "headquarters")[2:].any()
    assert sum(awarded(result, one) for one in stopped) < sum(awarded(baseline, one) for one in stopped)
    assert sum(awarded(result, one) for one in stopped) > 0


def test_renewal_goes_on_for_three_years() -> None:
    (scenario,) = laid("renewed_three_years")
    assert scenario.policy.document.in_force.until == datetime.date(2029, 4, 11)
    assert (yearly(ran(scenario), "headhunting") > 0).all() and scenario.plan.earned_years == (2023, 2029)
    renewed = BASES["successor"].lay().policy.document.in_force.until
    assert scenario.policy.document.in_force.until == renewed
