"""The assumptions of a scenario as a frame, before any run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simkit.distributions.severity import Severity
from simkit.documents.overlay import split_path
from simkit.documents.tree import Tree
from simkit.face.frames import frame, in_unit
from simkit.report.tables.assumed_words import path_words
from simkit.report.tables.registered import Registered, registered
from simkit.report.tables.rule_draft import OfScenario
from simkit.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["assumptions_frame", "holds", "settable"]

_COLUMNS = (
    "path", "name", "value", "low", "mode", "high", "mean", "dist", "unit", "source", "reliability", "note", "before",
    "reason",
)  # fmt: skip
_POLICY_VALUES = "policy_values."


def settable(scenario: Scenario, lang: str) -> list[Registered]:
    """Every assumption with where it comes from, at the path that `change` takes."""
    found = registered(OfScenario(scenario, lang))
    return [one._replace(path=path) for one in found if holds(scenario, path := _path(one))]


def assumptions_frame(scenario: Scenario, lang: str, unit: str) -> pd.DataFrame:
    """Every assumption that `change` can set, by its path."""
    draft = OfScenario(scenario, lang)
    rows = [
        {
            "path": one.path,
            "name": path_words(draft, one.path),
            "value": one.value,
            **_numbers(one.law, unit),
            "source": one.source,
            "reliability": one.reliability,
            "note": one.note,
            "before": one.before,
            "reason": one.reason,
        }
        for one in settable(scenario, lang)
    ]
    return frame(rows, unit=unit, index=["path"], columns=_COLUMNS)


def _path(one: Registered) -> str:
    """Where its value is set: of a figure that the policy leaves open in the policy, of payers their shares."""
    path = one.path.removeprefix(_POLICY_VALUES)
    return f"{path}.shares" if path.endswith(".payers") else path


def holds(scenario: Scenario, path: str) -> bool:
    """Whether something stands at a path of a scenario or its policy."""
    return any(
        Tree(data, "").get(split_path(data, path)) is not None
        for data in (scenario.plan_data, scenario.policy_data)
    )


def _numbers(law: Severity | None, unit: str) -> dict[str, Any]:
    """The numbers of a law: money in the unit asked for, shares from 0 to 1, all else as it is counted."""
    if law is None:
        return {"low": None, "mode": None, "high": None, "mean": None, "dist": "", "unit": ""}

    def number(value: float | None) -> float | None:
        return (
            None
            if value is None
            else float(in_unit(100 * value, unit))
            if law.kind == "yuan"
            else float(value)
        )

    given = {name: getattr(law, name, None) for name in ("low", "mode", "high")}
    return {
        **{name: number(None if one is None else one.value) for name, one in given.items()},
        "mean": number(law.mean()),
        "dist": law.dist,
        "unit": unit if law.kind == "yuan" else law.kind,
    }
