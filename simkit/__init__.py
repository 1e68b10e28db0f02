"""simkit sizes a special fund: policy as data, claims drawn, awards decided, outlays summed, a budget report."""

from typing import Any

__all__ = [
    "ScenarioFile",
    "adjudicate",
    "compare",
    "drivers",
    "load_policy",
    "load_result",
    "load_scenario",
    "provisions",
    "readings",
    "run",
    "save_result",
    "seek",
    "sweep",
]

_HOMES = {
    "ScenarioFile": "simkit.scenario",
    "adjudicate": "simkit.awards.adjudicate",
    "compare": "simkit.whatif.compare",
    "drivers": "simkit.whatif.drivers",
    "load_policy": "simkit.policy.load",
    "load_result": "simkit.runs.store",
    "load_scenario": "simkit.scenario",
    "provisions": "simkit.whatif.provisions",
    "readings": "simkit.whatif.readings",
    "run": "simkit.runs.simulate",
    "save_result": "simkit.runs.store",
    "seek": "simkit.whatif.seek",
    "sweep": "simkit.whatif.sweep",
}


def __getattr__(name: str) -> Any:
    """Import a name's home when it is asked for, so that `import simkit` is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simkit' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
