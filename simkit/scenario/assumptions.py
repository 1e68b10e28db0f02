"""The assumptions of a scenario: all of them, those that are drawn, and what sets them to their means."""

from __future__ import annotations

from simkit.claims.assumed import Assumed
from simkit.distributions.severity import Severity
from simkit.documents.build import dotted
from simkit.documents.walks import numbers
from simkit.scenario.types import Scenario

__all__ = ["assumptions", "central_changes", "uncertain"]


def uncertain(scenario: Scenario) -> dict[str, Severity]:
    """Every assumption that is drawn once a draw: path -> law. Its draws are `draw_law(law, seed, path, draws)`.

    Numbers of agencies are laws across agencies, not parameters.
    """
    numbers = {f"population.numbers.{name}.value" for name in scenario.plan.population.numbers}
    found = ((path, one.value) for path, one in assumptions(scenario) if path not in numbers)
    return {path: law for path, law in found if law.var() > 0}


def assumptions(scenario: Scenario) -> list[tuple[str, Assumed]]:
    """Every assumption of the plan with its path, in the order of the file's schema."""
    found = ((one.path[:-1], one.value) for one in numbers(scenario.plan))
    return [(dotted(path), value) for path, value in found if isinstance(value, Assumed)]


def central_changes(scenario: Scenario) -> dict[str, str]:
    """The overlay that sets every uncertain assumption to its mean: path -> value."""
    units = {"yuan": "元", "usd": "美元", "count": "人", "days": "天", "share": "%", "": ""}
    changes = {}
    for path, law in uncertain(scenario).items():
        mean = law.mean() * (100 if law.kind == "share" else 1)
        changes[f"{path}.value"] = f"{mean:.12f}{units[law.kind]}"
    return changes
