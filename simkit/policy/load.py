"""YAML -> Policy: every fault in one pass, each with its file, line and path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said, Words
from simkit.documents.build import dotted
from simkit.documents.file_kinds import misplaced
from simkit.documents.overlay import lay
from simkit.documents.tree import Tree, read_yaml, scan_yaml
from simkit.documents.validate import survey, validate
from simkit.policy.checks import sense_faults
from simkit.policy.quotes import quote_faults
from simkit.policy.schema import Policy
from simkit.policy.units import unit_faults
from simkit.policy.view import View, partial_policy

__all__ = [
    "SCENARIO_ROOTS",
    "check_policy",
    "find_faults",
    "json_schema",
    "load_policy",
    "policy_file",
    "read_yaml",
    "scan_yaml",
    "validate",
]

#: Beginnings of overlay paths that lead into the scenario, not into the policy.
SCENARIO_ROOTS = (
    "as_of",
    "appropriations",
    "budget_year",
    "calendar",
    "choose",
    "claims",
    "confidence",
    "earned_years",
    "factor",
    "policy_values",
    "population",
    "renewed",
)


def load_policy(path: str | Path, overlay: Mapping[str, Any] | Tree | None = None) -> Policy:
    """Read a policy and lay an overlay on it.

    Parameters
    ----------
    path : str or Path
        `policy.yaml`, or a folder that holds one.
    overlay : mapping or Tree, optional
        Dotted path -> value.

    Raises
    ------
    FaultsError
        With every fault, in order of the file.
    """
    policy, faults = _load(path, overlay)
    if policy is None or faults:
        raise FaultsError(faults)
    return policy


def find_faults(path: str | Path, overlay: Mapping[str, Any] | Tree | None = None) -> tuple[Fault, ...]:
    """Every fault of a policy; none when `load_policy` would read it."""
    return tuple(_load(path, overlay)[1])


def check_policy(tree: Tree) -> tuple[Policy | None, list[Fault]]:
    """Make a policy from a tree; its text is looked for beside the tree's file.

    Returns
    -------
    Policy, or None where there are faults; list of Fault, in order of the file
    """
    policy, faults, view = _check(tree)
    faults += quote_faults(tree)
    faults += _option_faults(view, set(map(_same, faults)))
    return (None if faults else policy), _in_order(faults)


def json_schema() -> dict[str, Any]:
    """JSON Schema of `policy.yaml`, for completion in editors."""
    return Policy.model_json_schema()


def policy_file(path: str | Path) -> Path:
    """Take a folder for the `policy.yaml` in it."""
    return Path(path) / "policy.yaml" if Path(path).is_dir() else Path(path)


def _load(path: str | Path, overlay: Mapping[str, Any] | Tree | None) -> tuple[Policy | None, list[Fault]]:
    file = policy_file(path)
    tree, faults = scan_yaml(file)
    other = misplaced(file, "policy", tree)
    if tree is None or other:
        return None, other or faults
    if overlay is not None:
        tree, _, more = lay(tree, overlay)
        faults += more
    policy, more = check_policy(tree)
    unreadable = {fault.path for fault in faults}  # stands as None in the tree: do not name it twice
    return policy, _in_order(faults + [fault for fault in more if fault.path not in unreadable])


def _check(tree: Tree) -> tuple[Policy | None, list[Fault], View]:
    """Check all but the text and the readings."""
    policy, wrong, clean = survey(Policy, tree)
    view = View(partial_policy(clean, wrong) if policy is None else policy, clean)
    faults = [one.fault for one in wrong]
    faults += [*sense_faults(view), *unit_faults(view)]
    return policy, faults, view


def _option_faults(view: View, known: set[tuple[str, Said, Words]]) -> Iterator[Fault]:
    """Lay each reading on the policy: it must change something, and leave a sound policy."""
    for name, reading in view.policy.readings.items():
        for option in reading.options:
            path = ("readings", name, "options", option, "overlay")
            tree = view.tree.under(path)
            given = tree.data if isinstance(tree.data, dict) else {}
            ours = {key: value for key, value in given.items() if key.split(".")[0] not in SCENARIO_ROOTS}
            laid, changes, faults = lay(view.tree, Tree(ours, tree.file, tree.places))
            prefix = dotted(path)
            yield from (replace(fault, path=f"{prefix}.{fault.path}") for fault in faults)
            ours_alone = len(ours) == len(given) and not faults
            if option != reading.default and ours_alone and all(change.same for change in changes):
                yield view.tree.fault(path, Said("fault.overlay_changes_something_unless_default"))
            if changes:
                yield from _new_faults(laid, known, view.tree, path)


def _new_faults(
    laid: Tree, known: set[tuple[str, Said, Words]], tree: Tree, path: tuple[str, ...]
) -> Iterator[Fault]:
    file, line = tree.place(path)
    for fault in _check(laid)[1]:
        if _same(fault) not in known:
            found = Said("fault.at", found=fault.found, path=fault.path)
            yield Fault(file, line, dotted(path), fault.expected, found, fault.hint)


def _same(fault: Fault) -> tuple[str, Said, Words]:
    return fault.path, fault.expected, fault.found


def _in_order(faults: list[Fault]) -> list[Fault]:
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))
