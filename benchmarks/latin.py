"""What stratified parameters (`--parameters latin`) save on the baseline, against draws that stand each for itself.

Run from the project's folder: `.venv/bin/python benchmarks/latin.py [--repeats 40] [--draws 2048] [--json FILE]`.
Every figure is estimated by many runs of each kind, no two with the same seed. The gain is the ratio of the
variances of the estimates: that many times more draws, each for itself, would give the same error. Forty runs
tell it to a factor of two only; the groups of all of them, thousands, tell the first-order gain to a twentieth.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from simkit.base.arrays import FenArray, FloatArray
from simkit.base.random import GROUP, decision, uniforms
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario, uncertain
from simkit.sizing.estimate import Estimate
from simkit.sizing.quantiles import mean, quantile

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
_P = 0.95


def special_paid(result: Result) -> dict[str, FenArray]:
    """What the special fund pays, fen[draw]: in the budget year, and over all years."""
    paid = result.paid(special=True)
    year = result.scenario.plan.budget_year
    return {"budget year": paid[:, result.paid_years.index(year)], "all years": paid.sum(axis=1)}


def questions(scenario: Scenario) -> list[tuple[int, int]]:
    """(decision, index) of all that a whole draw shares."""
    plan = scenario.plan
    years = range(plan.population.growth.start_year + 1, plan.earned_years[1] + 1)
    shocks = [decision("population", "entry shock"), decision("factor", "activity shock")]
    asked = [(decision(path, "parameter"), 0) for path in uncertain(scenario)]
    asked.append((decision("factor", "common"), 0))
    return asked + [(shock, year) for shock in shocks for year in years]


def main_effects(values: FloatArray, shared: list[FloatArray]) -> float:
    """Share of the variance of values[draw] between the strata of each shared number, all added up.

    Means of strata differ by chance too; that part is taken off.
    """
    n, total = len(values), float(values.var())
    found = 0.0
    for one in shared:
        place = (one * GROUP).astype(np.int64)
        count = np.bincount(place, minlength=GROUP)
        means = np.bincount(place, weights=values, minlength=GROUP) / count
        between = float((count * (means - values.mean()) ** 2).sum() / n)
        within = total - between
        found += between - within * (GROUP - 1) / (n - GROUP)
    return found / total


def gain(repeats: int = 40, draws: int = 2_048, jobs: int = 1) -> dict[str, dict[str, float]]:
    """By figure: the gain, its 95 % interval, the gain that the main effects foretell, and stated errors.

    Parameters
    ----------
    draws : int
        Of each run: GROUP or more.

    Returns
    -------
    dict
        `gain`, `low`, `high`: the ratio of variances and its interval from the F distribution. `of_groups`,
        `of_groups_error`: the variance of a draw to GROUP times that between groups, and its standard error;
        for a quantile, of the share of draws up to it. `foretold`: 1 / (1 - share of main effects) of the
        same, from crude draws alone: what stratifying leaves. `stated`: root mean square of the stated standard
        errors under `latin`, to the spread of the estimates; `stated_crude`: the same of crude draws.
    """
    scenario = load_scenario(BASELINE)
    figures: dict[str, Callable[..., Estimate]] = {
        "mean": mean,
        f"P{_P * 100:.0f}": lambda sample, group: quantile(sample, _P, group=group),
    }
    found: dict[str, dict[str, list[Estimate]]] = {"crude": {}, "latin": {}}
    pooled: dict[str, dict[str, list[FenArray]]] = {"crude": {}, "latin": {}}
    for number, parameters in enumerate(found):
        for seed in range(1 + number * repeats, 1 + (number + 1) * repeats):
            result = run(scenario, draws=draws, seed=seed, jobs=jobs, parameters=parameters)
            for view, sample in special_paid(result).items():
                pooled[parameters].setdefault(view, []).append(sample)
                for name, figure in figures.items():
                    of_figure = found[parameters].setdefault(f"{name}, {view}", [])
                    of_figure.append(figure(sample, group=result.group))
    numbers = np.arange(draws, dtype=np.int64)
    shared = [
        np.concatenate([uniforms(seed, asked, numbers, index) for seed in range(1, 1 + repeats)])
        for asked, index in questions(scenario)
    ]
    told = {}
    for view in pooled["crude"]:
        crude, latin = (np.array(of[view], dtype=np.float64) for of in pooled.values())
        level = np.quantile(crude, _P)
        for name in figures:
            key = f"{name}, {view}"
            if name != "mean":
                crude, latin = ((one <= level).astype(np.float64) for one in (crude, latin))
            told[key] = _of_runs(found["crude"][key], found["latin"][key]) | _of_draws(crude, latin, shared)
    return told


def _of_runs(crude: list[Estimate], latin: list[Estimate]) -> dict[str, float]:
    """What the estimates of all runs tell."""
    ratio = _spread(crude) / _spread(latin)
    least, most = stats.f.ppf([0.025, 0.975], len(crude) - 1, len(latin) - 1)
    stated = {"stated": _stated(latin), "stated_crude": _stated(crude)}
    return {"gain": ratio, "low": float(ratio / most), "high": float(ratio / least), **stated}


def _of_draws(crude: FloatArray, latin: FloatArray, shared: list[FloatArray]) -> dict[str, float]:
    """What the draws of all runs tell, float[run, draw]."""
    whole = latin.shape[1] // GROUP * GROUP
    means = latin[:, :whole].reshape(-1, GROUP).mean(axis=1)
    ratio = float(crude.var() / GROUP / means.var(ddof=1))
    return {
        "of_groups": ratio,
        "of_groups_error": ratio * float(np.sqrt(2 / (len(means) - 1))),
        "foretold": 1 / (1 - main_effects(np.ravel(crude), shared)),
    }


def _spread(estimates: list[Estimate]) -> float:
    return float(np.var([one.value for one in estimates], ddof=1))


def _stated(estimates: list[Estimate]) -> float:
    """Stated standard error to the spread of the estimates; 1 is right, above it too wide."""
    squares = np.mean([one.standard_error**2 for one in estimates])
    return float(np.sqrt(squares / _spread(estimates)))


def main() -> int:
    """Print the table, save it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--draws", type=int, default=2_048)
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    told: dict[str, Any] = gain(options.repeats, options.draws)
    print(f"{options.repeats} runs of {options.draws} draws of each kind; groups of {GROUP}")
    for name, row in told.items():
        print(name.ljust(20), "  ".join(f"{key} {value:.2f}" for key, value in row.items()))
    if options.json is not None:
        options.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
