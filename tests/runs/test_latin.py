"""Stratified parameters in a run: the same laws, smaller errors, and a random number keeps its address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.errors import InputError
from simkit.base.random import GROUP
from simkit.claims.population import draw_law
from simkit.report.tables import all as tables
from simkit.runs.loading import load_result
from simkit.runs.manifest import read_manifest
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.runs.store import save_result
from simkit.scenario import Scenario, load_scenario, uncertain
from simkit.sizing.drivers import rank_drivers
from tests.runs.test_simulate import BASELINE, assert_same, rich_path
from tests.small_scenarios import assumed, claim, fixed, measure, write_scenario
from tests.statistical import assert_mean, assert_variance

SCALE = {"dist": "uniform", "low": "1万元", "high": "3万元"}


def small(folder: Path) -> Scenario:
    """An amount that is uncertain, and Poisson claims of 10,000 yuan under an uncertain rate and the factor."""
    base = {"unit": "yuan", "scale": assumed(SCALE)}
    rate = {"dist": "uniform", "low": 1, "high": 3}
    path = write_scenario(
        folder,
        {"amount": measure({"kind": "rate", "rate": "100%"}), "count": measure(fixed("1万元"))},
        {
            "amount": claim(1, frequency="fixed", among="city", base=base),
            "count": claim(rate, frequency="poisson", among="city", loading=assumed(1)),
        },
        factor_cv=0.5,
    )
    return load_scenario(path)


def total(result: Result) -> np.ndarray:
    """Money awarded in 10,000 yuan: float[draw]."""
    return np.asarray(result.money[..., 6].sum(axis=(1, 2)) / 1e6)


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load_scenario(BASELINE)


@pytest.fixture(scope="module")
def reference(baseline: Scenario) -> Result:
    """200 draws of the baseline, three groups and a part, one after the other."""
    return run(baseline, draws=200, seed=3, jobs=1, parameters="latin")


def test_crude_is_the_default(baseline: Scenario, reference: Result) -> None:
    plain = run(baseline, draws=200, seed=3, jobs=1)
    assert (plain.parameters, plain.group, plain.luck) == ("crude", None, 3)
    assert_same(run(baseline, draws=200, seed=3, jobs=2, parameters="crude"), plain)
    assert (reference.parameters, reference.group) == ("latin", GROUP)
    assert (total(plain) != total(reference)).mean() > 0.95


def test_another_word_is_refused(baseline: Scenario) -> None:
    with pytest.raises(InputError, match=r"parameters: expected crude \| latin, found 'sobol'"):
        run(baseline, draws=10, parameters="sobol")


# ------------------------------------------------------------------ law 3


@pytest.mark.parametrize(("block", "one_pass", "jobs"), [(7, 3, 2), (100, 64, 3), (200, 1, 1)])
def test_blocks_and_workers_move_no_figure(
    baseline: Scenario,
    reference: Result,
    monkeypatch: pytest.MonkeyPatch,
    block: int,
    one_pass: int,
    jobs: int,
) -> None:
    monkeypatch.setattr("simkit.runs.job.PASS", one_pass)
    assert_same(run(baseline, draws=200, seed=3, jobs=jobs, block=block, parameters="latin"), reference)


def test_more_draws_keep_the_first(baseline: Scenario, reference: Result) -> None:
    """Also those of a group that was cut: 100 draws are the first 100 of 200."""
    assert 100 % GROUP and 200 % GROUP
    fewer = run(baseline, draws=100, seed=3, jobs=2, parameters="latin")
    assert_same(fewer, reference, draws=100)


@pytest.mark.parametrize("before", [False, True])
def test_a_measure_that_is_not_there_moves_no_other_figure(tmp_path: Path, before: bool) -> None:
    uncertain_rate = {"dist": "uniform", "low": 0.5, "high": 1.5}
    new = {"new": (measure(fixed("1万元")), claim(uncertain_rate, frequency="poisson"))}
    without, more = (
        run(load_scenario(rich_path(tmp_path / name, extra, before=before)), draws=150, parameters="latin")
        for name, extra in (("without", None), ("more", new))
    )
    names = list(more.scenario.policy.measures)
    places = [names.index(name) for name in without.scenario.policy.measures]
    assert len(names) > len(places)
    for name in ("money", "counts", "outside", "agencies_awarded"):
        assert np.array_equal(getattr(more, name)[:, places], getattr(without, name)), name
    assert np.array_equal(more.agencies, without.agencies)


# ------------------------------------------------------------------ laws and errors


def test_an_uncertain_amount_is_latin_in_the_money(tmp_path: Path) -> None:
    """A claim a draw of the uncertain amount: one in each of the strata, and the tables know which draw has which."""
    result = run(small(tmp_path), draws=5 * GROUP, seed=2, parameters="latin")
    paid = result.money[:, 0, 0, 6]
    strata = np.floor((paid / 1e6 - 1) / 2 * GROUP).astype(int).reshape(5, GROUP)
    assert np.array_equal(np.sort(strata, axis=1), np.tile(np.arange(GROUP), (5, 1)))
    path = "claims.amount.base.scale"
    drawn = draw_law(uncertain(result.scenario)[path], result.luck, path, np.arange(5 * GROUP))
    assert np.abs(drawn * 100 - paid).max() <= 1
    shown = {row["path"]: row["correlation"] for row in tables.drivers(result, lang="en").rows}
    (of_law,) = rank_drivers(drawn[:, None], result.paid(special=True)[:, 0])
    assert of_law is not None and shown[path] == pytest.approx(of_law.correlation, abs=1e-12)


def test_the_mean_is_the_same_and_its_variance_what_main_effects_leave(tmp_path: Path) -> None:
    """Amount U(1, 3) and Poisson claims at U(1, 3) F, F of cv 1/2: mean 4, variance 3.75.

    Main effects: amount 1/3, rate 1/3, factor 4/4. Left are chance, 2, and the product of rate and factor,
    1/12. Group means of 2,000 groups show it to 16 %; without strata the variance is 80 % higher.
    """
    scenario = small(tmp_path)
    left = 2 + 1 / 12
    for parameters, variance in (("crude", 3.75), ("latin", left)):
        result = run(scenario, draws=2_000 * GROUP, seed=8, parameters=parameters)
        means = total(result).reshape(2_000, GROUP).mean(axis=1)
        assert_mean(means, 4, np.sqrt(variance / GROUP))
        # The product of two ranks' scores varies a little more over permutations: by 1 / (m - 1) of 1/12.
        assert_variance(means, variance / GROUP, excess_kurtosis=0.1)


def test_whole_distributions_are_the_same(baseline: Scenario) -> None:
    """Shares beyond nine levels of what the baseline awards: z = 5, the error that of draws each for itself."""
    crude, latin = (
        total(run(baseline, draws=20 * GROUP, seed=seed, parameters=parameters))
        for seed, parameters in ((21, "crude"), (22, "latin"))
    )
    n = len(crude)
    for p in np.linspace(0.1, 0.9, 9):
        level = np.quantile(np.concatenate([crude, latin]), p)
        gap = (latin > level).mean() - (crude > level).mean()
        assert abs(gap) < 5 * np.sqrt(2 * p * (1 - p) / n), p
    gap = latin.mean() - crude.mean()
    assert abs(gap) < 5 * np.sqrt((crude.var() + latin.var()) / n)


# ------------------------------------------------------------------ saved


def test_a_saved_run_says_how_its_parameters_were_drawn(tmp_path: Path) -> None:
    scenario = small(tmp_path)
    for parameters in ("crude", "latin"):
        result = run(scenario, draws=100, seed=2, parameters=parameters)
        folder = save_result(result, tmp_path / parameters)
        assert read_manifest(folder)["parameters"] == parameters
        again: Any = load_result(folder)
        assert (again.parameters, again.luck, again.group) == (parameters, result.luck, result.group)
