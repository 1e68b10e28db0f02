"""The NumPy opponents of the speed benchmark are the same model: they agree with simkit, a difference is noticed."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from benchmarks import numpy_counts, numpy_reference
from benchmarks.numpy_common import Reference, agree, compare_measures, compare_steps
from benchmarks.scenarios import BASELINE, baseline
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import load_scenario

DRAWS = 600
#: Standard errors that chance may make: 17 figures are compared, and 25 measures.
ALLOWED = 5.0
OPPONENTS = [numpy_reference, numpy_counts]


@pytest.fixture(scope="module")
def result() -> Result:
    return run(baseline(), draws=DRAWS, seed=1, jobs=1)


@pytest.fixture(params=OPPONENTS, ids=["reference", "counts"])
def opponent(request: pytest.FixtureRequest) -> ModuleType:
    module: ModuleType = request.param
    return module


def test_the_opponents_agree_with_simkit(opponent: ModuleType, result: Result) -> None:
    """Means and P95 by year in both views, claims, and means by measure: sees 6 % of what is paid in 2024."""
    reference = opponent.simulate(baseline(), DRAWS, seed=2)
    agree(reference, result, ALLOWED)
    measures = compare_measures(reference, result)
    assert len(measures) == 25
    assert [one for one in measures if abs(one.apart) > ALLOWED] == []


def test_the_reference_agrees_step_by_step(result: Result) -> None:
    """By measure: claims refused, passed and awarded, agencies awarded, gross and what each step took."""
    kept = numpy_reference.simulate(baseline(), DRAWS, seed=2)
    steps = compare_steps(kept.sums, result)
    # What hardly ever happens has no error that could be estimated.
    assert [one for one in steps if abs(one.apart) > ALLOWED and one.often] == []
    asked = {"headhunting running_cap", "digital selection", "high_tech matter", "top10_list first_time"}
    assert asked <= {one.name for one in steps if one.often}


def test_the_reference_s_money_adds_up() -> None:
    """Gross is what the steps took and the awards; these are the outlays, by measure and earned year, to the fen."""
    kept = numpy_reference.simulate(baseline(), 50, seed=3)
    zero = np.zeros((4, 50))
    for name in kept.measures:
        sums = {
            what: kept.sums.get((name, what), zero) for what in ("gross", "award", *numpy_reference.STEPS)
        }
        assert np.array_equal(sums["gross"], sum(sums[what] for what in ("award", *numpy_reference.STEPS)))
        paid = [table.sum(axis=0) for (measure, *_), table in kept.outlays.items() if measure == name]
        assert np.array_equal(sums["award"], sum(paid, start=zero))
        assert np.array_equal(kept.measures[name].sum(axis=1), sums["award"].sum(axis=0))


@pytest.mark.parametrize(
    ("path", "value", "figure"),
    [
        ("measures.headhunting.award.rate", "20%", "special 2025 mean"),
        ("measures.supplied_employees.caps.yearly.amount", "10万元", "special 2026 mean"),
        ("claims.recruiting_trips.intensity.value", 5, "claims a draw"),
    ],
)
def test_another_figure_is_noticed(
    opponent: ModuleType, path: str, value: object, figure: str, result: Result
) -> None:
    other = load_scenario(BASELINE, changes={path: value})
    with pytest.raises(AssertionError, match=figure):
        agree(opponent.simulate(other, DRAWS, seed=2), result, ALLOWED)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("measures.listing.status", "removed"),
        ("measures.students.caps.yearly.within", "term"),
        ("matters.exports.members", ["export_subsidy"]),
        ("choose.matter_payer", "settlement"),
    ],
)
def test_other_rules_are_refused(opponent: ModuleType, path: str, value: object) -> None:
    with pytest.raises(ValueError, match="written for the rules of the baseline"):
        opponent.simulate(load_scenario(BASELINE, changes={path: value}), 10, seed=2)


def test_the_same_seed_gives_the_same_figures(opponent: ModuleType) -> None:
    first, second = (opponent.simulate(baseline(), 50, seed=3) for _ in range(2))
    assert isinstance(first, Reference)
    assert first.special.tolist() == second.special.tolist()
    assert (first.special <= first.whole).all()
    assert (sum(first.measures.values()) == first.whole).all()
