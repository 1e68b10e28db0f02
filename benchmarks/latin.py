"""What stratified parameters (`--parameters latin`) save on the baseline, against draws that stand each for itself.

Run from the project's folder: `.venv/bin/python benchmarks/latin.py [--repeats 40] [--draws 2048] [--json FILE]`.
Every figure is estimated by many runs of each kind, no two with the same seed. The gain is the ratio of the
variances of the estimates: that many times more draws, each for itself, would give the same error.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from simkit.arrays import FenArray, FloatArray
from simkit.scenario import Scenario, load_scenario, uncertain
from simkit.simulate import Result, run
from simkit.sizing.quantiles import Estimate, mean, quantile
from simkit.streams import GROUP, decision, uniforms

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
_P = 0.95
#: Bins of a parameter's uniform in which the main effect on a figure is measured.
_BINS = 16


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
    """Share of the variance of values[draw] that functions of one shared number each explain, all added up.

    The mean between bins holds some of the variance within them; that part is taken off.
    """
    n, total = len(values), float(values.var())
    found = 0.0
    for one in shared:
        place = (one * _BINS).astype(np.int64)
        count = np.bincount(place, minlength=_BINS)
        means = np.bincount(place, weights=values, minlength=_BINS) / count
        between = float((count * (means - values.mean()) ** 2).sum() / n)
        within = total - between
        found += between - within * (_BINS - 1) / (n - _BINS)
    return found / total


def gain(repeats: int = 40, draws: int = 2_048, jobs: int = 1) -> dict[str, dict[str, float]]:
    """By figure: the gain, its 95 % interval, the gain that the main effects foretell, and stated errors.

    Returns
    -------
    dict
        `gain`, `low`, `high`: the ratio of variances and its interval from the F distribution. `foretold`:
        1 / (1 - share of main effects), of the indicator of the quantile for a quantile: what is left when
        every main effect is gone. `stated`: root mean square of the stated standard errors under `latin`, to
        the spread of the estimates; `stated_crude`: the same of crude draws.
    """
    scenario = load_scenario(BASELINE)
    figures: dict[str, Callable[..., Estimate]] = {
        "mean": mean,
        f"P{_P * 100:.0f}": lambda sample, group: quantile(sample, _P, group=group),
    }
    found: dict[str, dict[str, list[Estimate]]] = {"crude": {}, "latin": {}}
    pooled: dict[str, list[FenArray]] = {}
    for number, parameters in enumerate(found):
        for seed in range(1 + number * repeats, 1 + (number + 1) * repeats):
            result = run(scenario, draws=draws, seed=seed, jobs=jobs, parameters=parameters)
            for view, sample in special_paid(result).items():
                if parameters == "crude":
                    pooled.setdefault(view, []).append(sample)
                for name, figure in figures.items():
                    of_figure = found[parameters].setdefault(f"{name}, {view}", [])
                    of_figure.append(figure(sample, group=result.group))
    numbers = np.arange(draws, dtype=np.int64)
    shared = [
        np.concatenate([uniforms(seed, asked, numbers, index) for seed in range(1, 1 + repeats)])
        for asked, index in questions(scenario)
    ]
    told: dict[str, dict[str, float]] = {}
    reach = stats.f.ppf([0.975, 0.025], repeats - 1, repeats - 1)
    for view, samples in pooled.items():
        values = np.concatenate(samples).astype(np.float64)
        for name in figures:
            key = f"{name}, {view}"
            looked = values if name == "mean" else (values <= np.quantile(values, _P)).astype(np.float64)
            ratio = _spread(found["crude"][key]) / _spread(found["latin"][key])
            told[key] = {
                "gain": ratio,
                "low": float(ratio / reach[0]),
                "high": float(ratio / reach[1]),
                "foretold": 1 / (1 - main_effects(looked, shared)),
                "stated": _stated(found["latin"][key]),
                "stated_crude": _stated(found["crude"][key]),
            }
    return told


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
