"""The figures of each scenario as they stood: they change only with a line in CHANGES.md.

`python -m tests.test_golden` writes them anew.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from simkit.runs.job import DEFAULT_SEED
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import load_scenario

FOLDER = Path(__file__).parent.parent / "scenarios" / "ningbo-hr-2023"
SCENARIOS = ("baseline", "successor")
DRAWS = 200


def outlays_of(name: str) -> dict[tuple[str, int], int]:
    """Fen paid over all draws by measure and paid year."""
    result: Result = run(load_scenario(FOLDER / f"{name}.yaml"), draws=DRAWS, seed=DEFAULT_SEED)
    found = {}
    for year in result.paid_years:
        sums = result.paid_by("measure", year).sum(axis=0)
        for measure, fen in zip(result.scenario.policy.measures, sums, strict=True):
            if fen:
                found[measure, year] = int(fen)
    return found


def expected() -> dict[str, dict[tuple[str, int], int]]:
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, dict[tuple[str, int], int]] = {name: {} for name in SCENARIOS}
    for row in rows:
        found[row["scenario"]][row["measure"], int(row["paid_year"])] = int(row["fen_over_all_draws"])
    return found


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_figures_stand(name: str) -> None:
    """The last bit of exp and log differs between systems, so a claim in a million may move by a fen."""
    stood, stand = expected()[name], outlays_of(name)
    assert list(stand) == list(stood)
    moved = {
        key: (stood[key], stand[key])
        for key in stood
        if not np.isclose(stood[key], stand[key], rtol=1e-7, atol=0)
    }
    assert not moved, f"figures moved (as they stood, now): {moved}"


def write() -> None:
    """Write the figures as they are now."""
    with (FOLDER / "expected.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["scenario", "measure", "paid_year", "fen_over_all_draws"])
        for name in SCENARIOS:
            for (measure, year), fen in outlays_of(name).items():
                writer.writerow([name, measure, year, fen])


if __name__ == "__main__":
    write()
