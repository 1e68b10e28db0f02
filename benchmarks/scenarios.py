"""The scenarios that are measured: the baseline, and the same with other numbers of agencies."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from simkit.base.money import parse_quantity
from simkit.scenario import Scenario, load_scenario

__all__ = ["BASELINE", "baseline", "changes_of_agencies", "changes_of_take_up", "tripled", "with_agencies"]

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
#: The number of agencies that the baseline aims at.
_TARGET = 2_500


@cache
def baseline() -> Scenario:
    """The Ningbo baseline."""
    return load_scenario(BASELINE)


def scaled(value: Any, factor: float) -> Any:
    """A number with its unit, or a law, of which every amount is multiplied."""
    if isinstance(value, dict):
        return {name: item if name == "dist" else scaled(item, factor) for name, item in value.items()}
    return float(parse_quantity(value).value) * factor


def changes_of_agencies(factor: float) -> dict[str, Any]:
    """So many times the agencies at the start, and as the target."""
    growth = baseline().plan_data["population"]["growth"]
    return {
        "population.growth.start.value": scaled(growth["start"]["value"], factor),
        "population.growth.target.agencies": round(growth["target"]["agencies"] * factor),
    }


def changes_of_take_up(factor: float) -> dict[str, Any]:
    """Take-up and its ceiling times a factor, for every measure that agencies claim.

    A rare event arises at a rate by agency whoever files, so three times the agencies have three times the
    events; with a third of them filed, as many claims come as before. So a take-up of 1 is multiplied like any
    other, a missing ceiling being 1. Parks, buildings and the city are as many as before and keep theirs, and
    what others pay comes with the claims that are filed.
    """
    changes: dict[str, Any] = {}
    for name, plan in baseline().plan_data["claims"].items():
        if plan.get("among", "agency") != "agency" or "companion" in plan:
            continue
        changes[f"claims.{name}.take_up.value"] = scaled(plan["take_up"]["value"], factor)
        changes[f"claims.{name}.ceiling"] = float(plan.get("ceiling", 1)) * factor
    return changes


@cache
def with_agencies(agencies: int) -> Scenario:
    """The baseline with this target, its start in proportion."""
    return load_scenario(BASELINE, (), changes_of_agencies(agencies / _TARGET))


@cache
def tripled() -> Scenario:
    """Three times the agencies, a third of the take-up and of its ceiling."""
    return load_scenario(BASELINE, (), changes_of_agencies(3) | changes_of_take_up(1 / 3))
