"""YAML -> Policy: every fault in one pass, each with its file, line and path."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said, Words
from simkit.documents.build import dotted
from simkit.documents.file_kinds import misplaced
from simkit.documents.overlay import lay
from simkit.documents.tree import Tree, scan_yaml
from simkit.documents.validate import survey
from simkit.policy.checks import sense_faults
from simkit.policy.quotes import quote_faults
from simkit.policy.schema import Policy
from simkit.policy.units import unit_faults
from simkit.policy.view import View, partial_policy, relay

__all__ = ["Checked", "check_policy", "load_policy", "policy_file"]

#: Sections that no check of a single measure reads beside the measure itself.
_APART = {"measures", "matters"}


class Checked(NamedTuple):
    """What a policy's tree was found to hold.

    Attributes
    ----------
    policy : Policy or None
        None where there are faults.
    faults : list of Fault
        In order of the file.
    given : Tree
        As it was given.
    view : View
        What is sound of it, and the tree without unknown and empty keys.
    """

    policy: Policy | None
    faults: list[Fault]
    given: Tree
    view: View


def load_policy(
    path: str | Path,
    overlay: Mapping[str, Any] | Tree | None = None,
    elsewhere: Collection[str] | None = None,
) -> Policy:
    """Read a policy and lay an overlay on it.

    Parameters
    ----------
    path : str or Path
        `policy.yaml`, or a folder that holds one.
    overlay : mapping or Tree, optional
        Dotted path -> value.
    elsewhere : words, optional
        As `check_policy`.

    Raises
    ------
    FaultsError
        With every fault, in order of the file.
    """
    policy, faults = _load(path, overlay, elsewhere)
    if policy is None or faults:
        raise FaultsError(faults)
    return policy


def check_policy(
    tree: Tree, before: Checked | None = None, elsewhere: Collection[str] | None = None
) -> Checked:
    """Make a policy from a tree; its text is looked for beside the tree's file.

    Parameters
    ----------
    tree : Tree
    before : Checked, optional
        Of a tree that this one was made from by laying something on it: what stands in both is validated once.
    elsewhere : words, optional
        What the paths of readings begin with that lead into another file. None: all that are no part of a policy.
    """
    faults, view = _check(tree, before)
    faults += quote_faults(tree)
    faults += _option_faults(view, set(map(_same, faults)), elsewhere)
    return Checked(None if faults else view.policy, _in_order(faults), tree, view)


def policy_file(path: str | Path) -> Path:
    """Take a folder for the `policy.yaml` in it."""
    return Path(path) / "policy.yaml" if Path(path).is_dir() else Path(path)


def _load(
    path: str | Path, overlay: Mapping[str, Any] | Tree | None, elsewhere: Collection[str] | None = None
) -> tuple[Policy | None, list[Fault]]:
    file = policy_file(path)
    tree, faults = scan_yaml(file)
    other = misplaced(file, "policy", tree)
    if tree is None or other:
        return None, other or faults
    if overlay is not None:
        tree, _, more = lay(tree, overlay)
        faults += more
    checked = check_policy(tree, elsewhere=elsewhere)
    unreadable = {fault.path for fault in faults}  # stands as None in the tree: do not name it twice
    return checked.policy, _in_order(
        faults + [fault for fault in checked.faults if fault.path not in unreadable]
    )


def _check(tree: Tree, before: Checked | None = None) -> tuple[list[Fault], View]:
    """Check all but the text and the readings."""
    relaid = relay(before.view, before.given, tree) if before and before.policy is not None else None
    if relaid is not None:
        view, faults = relaid[0], []
    else:
        policy, wrong, clean = survey(Policy, tree)
        view = View(policy or partial_policy(clean, wrong), clean, whole=policy is not None)
        faults = [one.fault for one in wrong]
    return [*faults, *sense_faults(view), *unit_faults(view)], view


def _option_faults(
    view: View, known: set[tuple[str, Said, Words]], elsewhere: Collection[str] | None
) -> Iterator[Fault]:
    """Lay each reading on the policy: it must change something, and leave a sound policy."""

    def is_ours(path: str) -> bool:
        root = path.split(".")[0]
        return root in Policy.model_fields if elsewhere is None else root not in elsewhere

    for name, reading in view.policy.readings.items():
        for option in reading.options:
            path = ("readings", name, "options", option, "overlay")
            tree = view.tree.under(path)
            given = tree.data if isinstance(tree.data, dict) else {}
            ours = {key: value for key, value in given.items() if is_ours(key)}
            laid, changes, faults = lay(view.tree, Tree(ours, tree.file, tree.places))
            prefix = dotted(path)
            yield from (replace(fault, path=f"{prefix}.{fault.path}") for fault in faults)
            ours_alone = len(ours) == len(given) and not faults
            if option != reading.default and ours_alone and all(change.same for change in changes):
                yield view.tree.fault(path, Said("fault.overlay_changes_something_unless_default"))
            if changes:
                file, line = view.tree.place(path)
                for fault in _faults_beside(view, laid):
                    if _same(fault) not in known:
                        found = Said("fault.at", found=fault.found, path=fault.path)
                        yield Fault(file, line, prefix, fault.expected, found, fault.hint)


def _faults_beside(view: View, laid: Tree) -> list[Fault]:
    """Faults of a policy with something laid on it; of what is as it was, some are left out."""
    relaid = relay(view, view.tree, laid)
    if relaid is None:
        return _check(laid)[0]
    again, changed = relaid
    if set(changed) <= _APART:
        measures = again.policy.measures
        again = replace(again, only=[name for name in changed.get("measures", ()) if name in measures])
    return [*sense_faults(again), *unit_faults(again)]


def _same(fault: Fault) -> tuple[str, Said, Words]:
    return fault.path, fault.expected, fault.found


def _in_order(faults: list[Fault]) -> list[Fault]:
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))
