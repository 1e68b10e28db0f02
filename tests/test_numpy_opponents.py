"""The opponent of the speed benchmark is the same model: it agrees with simkit, and what differs is noticed."""

from __future__ import annotations

import pytest

from benchmarks.numpy_common import Reference, agree, compare_measures
from benchmarks.numpy_counts import simulate
from benchmarks.scenarios import BASELINE
from simkit.scenario import Scenario, load_scenario
from simkit.simulate import Result, run

DRAWS = 600
#: Standard errors that chance may make: 17 figures are compared, and 25 measures.
ALLOWED = 5.0


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load_scenario(BASELINE)


@pytest.fixture(scope="module")
def result(baseline: Scenario) -> Result:
    return run(baseline, draws=DRAWS, seed=1, jobs=1)


def test_the_numpy_reference_agrees_with_simkit(baseline: Scenario, result: Result) -> None:
    """Means and P95 by year in both views, claims, and means by measure: sees 6 % of what is paid in 2024."""
    reference = simulate(baseline, DRAWS, seed=2)
    agree(reference, result, ALLOWED)
    measures = compare_measures(reference, result)
    assert len(measures) == 25
    assert [one for one in measures if abs(one.apart) > ALLOWED] == []


@pytest.mark.parametrize(
    ("path", "value", "figure"),
    [
        ("measures.headhunting.award.rate", "20%", "special 2025 mean"),
        ("measures.supplied_employees.caps.yearly.amount", "10万元", "special 2026 mean"),
        ("claims.recruiting_trips.intensity.value", 5, "claims a draw"),
    ],
)
def test_another_figure_is_noticed(path: str, value: object, figure: str, result: Result) -> None:
    with pytest.raises(AssertionError, match=figure):
        agree(simulate(load_scenario(BASELINE, changes={path: value}), DRAWS, seed=2), result, ALLOWED)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("measures.listing.status", "removed"),
        ("measures.students.caps.yearly.within", "term"),
        ("matters.exports.members", ["export_subsidy"]),
        ("choose.matter_payer", "settlement"),
    ],
)
def test_other_rules_are_refused(path: str, value: object) -> None:
    with pytest.raises(ValueError, match="written for the rules of the baseline"):
        simulate(load_scenario(BASELINE, changes={path: value}), 10, seed=2)


def test_the_same_seed_gives_the_same_figures(baseline: Scenario) -> None:
    first, second = (simulate(baseline, 50, seed=3) for _ in range(2))
    assert isinstance(first, Reference)
    assert first.special.tolist() == second.special.tolist()
    assert (first.special <= first.whole).all()
    assert (sum(first.measures.values()) == first.whole).all()
