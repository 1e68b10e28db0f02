"""Scenario: the policy with readings and overlays laid on, and every assumption of a run."""

from simkit.documents.overlay_file import Lines, Overlay, Variant, read_overlay, stamp, variants
from simkit.scenario.assumptions import assumptions, central_changes, uncertain
from simkit.scenario.read import ScenarioFile, load_scenario
from simkit.scenario.saved import restore_scenario
from simkit.scenario.typed_changes import Variation, read_value, read_words
from simkit.scenario.types import Appropriations, Comparable, Outdated, Plan, PolicyValue, Renewed, Scenario

__all__ = [
    "Appropriations",
    "Comparable",
    "Lines",
    "Outdated",
    "Overlay",
    "Plan",
    "PolicyValue",
    "Renewed",
    "Scenario",
    "ScenarioFile",
    "Variant",
    "Variation",
    "assumptions",
    "central_changes",
    "load_scenario",
    "read_overlay",
    "read_value",
    "read_words",
    "restore_scenario",
    "stamp",
    "uncertain",
    "variants",
]
