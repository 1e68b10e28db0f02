"""simkit sizes a special fund: policy as data, claims drawn, awards decided, outlays summed, a budget report."""

from typing import Any

__all__ = [
    "adjudicate",
    "load_policy",
    "load_result",
    "load_scenario",
    "run",
    "save_result",
]

_HOMES = {
    "adjudicate": "simkit.awards",
    "load_policy": "simkit.policy.load",
    "load_result": "simkit.store",
    "load_scenario": "simkit.scenario",
    "run": "simkit.simulate",
    "save_result": "simkit.store",
}


def __getattr__(name: str) -> Any:
    """Import a name's home when it is asked for, so that `import simkit` is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simkit' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
