"""What kind of change each path of the schema makes: decided on the same claims, drawn again, or neither."""

from __future__ import annotations

from simkit.documents.about import ChangeKind
from simkit.documents.walks import abouts_on, leaf_paths
from simkit.policy.schema import Policy
from simkit.scenario import Plan

__all__ = ["kind_of", "schema_paths"]


def kind_of(path: str) -> ChangeKind:
    """The kind of a path, with ids and numbers or with `*` in their places.

    Raises
    ------
    KeyError
        For a path that begins like none of the schema.
    """
    words = path.split(".")
    found = [
        one.change for root in (Policy, Plan) for one in abouts_on(root, words) if one.change is not None
    ]
    if not found:
        raise KeyError(path)
    return found[-1]


def schema_paths() -> list[str]:
    """Every path that a policy or a scenario can hold, `*` for an id or a number."""
    return list(dict.fromkeys(".".join(path) for root in (Policy, Plan) for path in leaf_paths(root)))
