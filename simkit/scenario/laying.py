"""What is laid on plan and policy, in order: assumed values, readings, the renewal, overlays."""

from __future__ import annotations

from collections.abc import Iterator

from simkit.errors import Fault
from simkit.policy.load import SCENARIO_ROOTS
from simkit.policy.overlay import Change, lay
from simkit.policy.tree import Tree, TreePath

__all__ = ["lay_all"]


def lay_all(tree: Tree, policy: Tree, overlays: list[Tree]) -> tuple[Tree, Tree, list[Change], list[Fault]]:
    """Lay on: values the scenario assumes, readings, the renewal, then overlays, which win.

    An overlay may choose a reading, so overlays are laid on the scenario before the readings are
    looked up, and once more after.
    """
    # So that an overlay can choose a reading where the scenario chooses none.
    tree = Tree({"choose": {}} | dict(tree.data), tree.file, tree.places)
    chosen = tree
    for overlay in overlays:
        chosen, _, _ = lay(chosen, _part(overlay, True))
    faults: list[Fault] = []
    done: list[Change] = []
    values = chosen.get(("policy_values",), {}) or {}
    assumed = {path: entry.get("value") for path, entry in values.items() if isinstance(entry, dict)}
    places: dict[TreePath, tuple[str, int]] = {
        (path,): chosen.place(("policy_values", path)) for path in assumed
    }
    policy, _, more = lay(policy, Tree(assumed, tree.file, places))
    faults += more
    for reading in _readings(chosen, policy, faults):
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


def _readings(tree: Tree, policy: Tree, faults: list[Fault]) -> Iterator[Tree]:
    """The overlay of the option in force of each reading that is not read by default."""
    choices = tree.get(("choose",), {})
    choices = choices if isinstance(choices, dict) else {}  # what else stands there, the plan's types name
    readings = policy.get(("readings",), {}) or {}
    for name, option in choices.items():
        if name not in readings:
            faults.append(tree.fault(("choose", name), f"a reading of the policy: {', '.join(readings)}"))
            continue
        path = ("readings", name, "options")
        if option not in (policy.get(path, {}) or {}):
            faults.append(tree.fault(("choose", name), f"one of {', '.join(policy.get(path, {}))}"))
    for name in readings:
        option = choices.get(name, policy.get(("readings", name, "default")))
        laid = ("readings", name, "options", option, "overlay")
        found = policy.get(laid)
        if isinstance(found, dict) and found:
            yield policy.under(laid)


def _part(tree: Tree, of_scenario: bool) -> Tree:
    """The changes that lead into the scenario, or those that lead into the policy."""
    data = tree.data if isinstance(tree.data, dict) else {}
    kept = {key: value for key, value in data.items() if (key.split(".")[0] in SCENARIO_ROOTS) == of_scenario}
    return Tree(kept, tree.file, tree.places)
