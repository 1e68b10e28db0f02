"""What is laid on plan and policy, in order: assumed values, readings, the renewal, overlays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simkit.base.errors import Fault
from simkit.base.said import Said
from simkit.documents.build import TreePath
from simkit.documents.overlay import Change, lay, near_path, split_path
from simkit.documents.tree import Tree
from simkit.policy.readings import readings_chosen
from simkit.policy.schema import Policy
from simkit.scenario.types import SCENARIO_ROOTS

__all__ = ["is_of_scenario", "lay_all", "value_at"]

_ABSENT = object()


def is_of_scenario(path: str) -> bool:
    """Whether a dotted path leads into the scenario, not into the policy."""
    return path.split(".")[0] in SCENARIO_ROOTS


def value_at(path: str, tree: Tree, policy: Tree) -> Any:
    """What stands at a path of the scenario or of the policy, an object like nothing else where none is."""
    whole = tree if is_of_scenario(path) else policy
    return whole.get(split_path(whole.data, path), _ABSENT)


def lay_all(tree: Tree, policy: Tree, overlays: list[Tree]) -> tuple[Tree, Tree, list[Change], list[Fault]]:
    """Lay on: values the scenario assumes, readings, the renewal, then overlays, which win.

    An overlay may choose a reading, so overlays are laid on the scenario before the readings are
    looked up, and once more after. What nothing is laid on stays the same object.
    """
    faults = [fault for overlay in overlays for fault in _strays(overlay, tree, policy)]
    chosen = tree
    for overlay in overlays:
        chosen, _, _ = lay(chosen, _part(overlay, True))
    done: list[Change] = []
    values = chosen.get(("policy_values",), {}) or {}
    assumed = {path: entry.get("value") for path, entry in values.items() if isinstance(entry, dict)}
    places: dict[TreePath, tuple[str, int]] = {
        (path,): chosen.place(("policy_values", path)) for path in assumed
    }
    policy, _, more = lay(policy, Tree(assumed, tree.file, places))
    faults += more
    for reading in readings_chosen(chosen, policy, faults):
        tree, _, more = lay(tree, _part(reading, True))
        policy, _, more_policy = lay(policy, _part(reading, False))
        faults += [*more, *more_policy]
    for overlay in overlays:
        tree, changed, more = lay(tree, _part(overlay, True))
        done += changed
        faults += more
    until = tree.get(("renewed", "until"))
    if until is not None:
        policy, _, more = lay(policy, {"document.in_force.until": until}, tree.file)
        faults += more
    for overlay in overlays:
        policy, changed, more = lay(policy, _part(overlay, False))
        done += changed
        faults += more
    return tree, policy, done, faults


def _strays(overlay: Tree, tree: Tree, policy: Tree) -> Iterator[Fault]:
    """Paths that lead neither into the scenario nor into the policy."""
    strays = [path for path in overlay.data if not is_of_scenario(path) and not _is_of_policy(path)]
    for path in strays:
        if path.split(".")[0] in tree.data:
            roots = ", ".join(SCENARIO_ROOTS)
            yield overlay.fault((path,), Said("fault.path_policy_one_begins_with", roots=roots), path)
            continue
        near = near_path(path, {**dict.fromkeys(SCENARIO_ROOTS), **tree.data, **policy.data})
        yield overlay.fault((path,), Said("fault.a_path_that_exists"), Said("fault.no_such_path"), near)


def _is_of_policy(path: str) -> bool:
    return path.split(".")[0] in Policy.model_fields


def _part(tree: Tree, of_scenario: bool) -> Tree:
    """The changes that lead into the scenario, or those that lead into the policy."""
    data = tree.data if isinstance(tree.data, dict) else {}
    belongs = is_of_scenario if of_scenario else _is_of_policy
    return Tree({key: value for key, value in data.items() if belongs(key)}, tree.file, tree.places)
