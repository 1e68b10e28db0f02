"""Results and answers that the tests of reports share: each is made once in a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario, central_changes, load_scenario
from simkit.whatif.drivers import Drivers, drivers
from simkit.whatif.readings import Readings, readings

FOLDER = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023"
BASELINE = FOLDER / "baseline.yaml"
TREND = {"population.growth.mode": "trend", "population.growth.target": None}
DRAWS = 400
#: Draws of an answer; its seed is the run's.
ASKED = 100


@lru_cache
def baseline() -> Scenario:
    return load_scenario(BASELINE)


@lru_cache
def result(draws: int = DRAWS) -> Result:
    return run(baseline(), draws=draws, seed=1)


@lru_cache
def variants() -> dict[str, Result]:
    """The runs beside the baseline that `all_tables` compares it with."""
    central = central_changes(baseline())
    quiet = {"factor.cv.value": 0, "factor.activity_sd.value": 0, "population.growth.shock_sd.value": 0}
    changes = {
        "independent": {"factor.cv.value": 0},
        "trend": TREND,
        "central": central,
        "chance": central | quiet,
    }
    return {
        name: run(load_scenario(BASELINE, changes=one), draws=DRAWS, seed=1) for name, one in changes.items()
    }


@lru_cache
def asked() -> Drivers:
    return drivers(baseline(), draws=ASKED, seed=1)


@lru_cache
def priced() -> Readings:
    """Takes as long as all else here."""
    return readings(BASELINE, draws=ASKED, seed=1)


@lru_cache
def empty() -> Result:
    """Nobody there: no agencies, parks, buildings or programmes, so no claims."""
    others = {f"population.others.{name}.value": 0 for name in baseline().plan.population.others}
    changes = {**TREND, "population.growth.start.value": 0, **others}
    return run(load_scenario(BASELINE, changes=changes), draws=120, seed=1)


@lru_cache
def budgeted(mode: str) -> Result:
    """With appropriations that are short in some draws."""
    money = {"hr": {2023: "800万元", 2024: "2000万元", 2025: "2500万元", 2026: "2000万元"}}
    voted = {"amounts": money, "mode": mode, "label": {"zh": "试验", "en": "trial"}}
    return run(load_scenario(BASELINE, changes={"appropriations": voted}), draws=200, seed=1)


MANIFEST = {
    "scenario": "baseline",
    "file": "scenarios/ningbo-hr-2023/baseline.yaml",
    "seed": 1,
    "draws": DRAWS,
    "digests": {"policy": "a" * 64},
    "overlay": [{"path": "factor.cv.value", "before": 0.28, "after": 0}],
    "code": {"version": "0.1.0", "commit": "", "dirty": False},
    "versions": {"numpy": "2.4.6"},
    "files": {"outlays.parquet": "b" * 64},
}
