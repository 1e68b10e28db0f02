"""Scenario: the policy with readings and overlays laid on, and every assumption of a run."""

from simkit.scenario.assumptions import assumptions, central_changes, uncertain
from simkit.scenario.overlays import Overlay
from simkit.scenario.read import ScenarioFile, load_scenario, restore_scenario
from simkit.scenario.types import Appropriations, Comparable, Plan, PolicyValue, Renewed, Scenario

__all__ = [
    "Appropriations",
    "Comparable",
    "Overlay",
    "Plan",
    "PolicyValue",
    "Renewed",
    "Scenario",
    "ScenarioFile",
    "assumptions",
    "central_changes",
    "load_scenario",
    "restore_scenario",
    "uncertain",
]
