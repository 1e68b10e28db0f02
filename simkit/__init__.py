"""simkit sizes a special fund: policy as data, claims drawn, awards decided, outlays summed, a budget report."""

from typing import Any

#: Where each name of the face lives.
_HOMES = {
    "compare": "questions",
    "copy_notebook": "notebooks",
    "decide": "decisions",
    "drivers": "questions",
    "load_policy": "policy",
    "load_result": "result",
    "load_scenario": "scenario",
    "options": "options",
    "provisions": "questions",
    "readings": "questions",
    "run": "result",
    "run_notebooks": "notebooks",
    "seek": "questions",
    "sliders": "sliders",
    "sweep": "questions",
}
__all__ = [
    "compare",
    "copy_notebook",
    "decide",
    "drivers",
    "load_policy",
    "load_result",
    "load_scenario",
    "options",
    "provisions",
    "readings",
    "run",
    "run_notebooks",
    "seek",
    "sliders",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Import a name's home when it is asked for, so that `import simkit` is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simkit' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"simkit.face.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """The names of the face, and no others: what Tab shows."""
    return list(__all__)
