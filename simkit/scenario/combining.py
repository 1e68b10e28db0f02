"""Several overlays together: none left unresolved, none idle, none at odds with another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from simkit.base.errors import Fault
from simkit.base.money import parse_quantity
from simkit.base.said import Said
from simkit.documents.build import TreePath, show
from simkit.documents.overlay import Change
from simkit.documents.overlay_file import Lines, Overlay, scan_overlay, variants
from simkit.documents.tree import Tree
from simkit.scenario.laying import value_at

__all__ = ["conflicts", "idle_faults", "idle_values", "read_lines"]

_NAMED = 6


def read_lines(overlays: Sequence[str | Path | Lines]) -> tuple[list[Lines], list[Fault]]:
    """Read the files among overlays; one that is swept must be resolved first."""
    laid: list[Lines] = []
    faults: list[Fault] = []
    for one in overlays:
        if isinstance(one, Lines):
            laid.append(one)
            continue
        overlay, tree, more = scan_overlay(one)
        faults += more
        if overlay is None or tree is None:
            continue
        if overlay.sweep:
            faults.append(_unresolved(overlay, tree))
        else:
            laid.append(variants(overlay, tree)[0].changes)
    return laid, faults


def _unresolved(overlay: Overlay, tree: Tree) -> Fault:
    names = [one.name for one in variants(overlay, tree)]
    shown = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
    hint = Said("fault.compare_whole_lay_on_one_values")
    return tree.fault(
        ("sweep",),
        Said("fault.one_value_a_path"),
        Said("fault.variants", names=len(names), shown=shown),
        hint,
    )


def conflicts(laid: Sequence[Lines]) -> Iterator[Fault]:
    """Name paths that two overlays set to different values, or of which one lies in the other's."""
    for place, later in enumerate(laid):
        for earlier in laid[:place]:
            for path in later:
                for other in earlier:
                    if _at_odds(path, later, other, earlier):
                        yield _conflict(path, later, other, earlier)


def _at_odds(path: str, later: Lines, other: str, earlier: Lines) -> bool:
    if path == other:
        return not _alike(earlier[path], later[path])
    return path.startswith(f"{other}.") or other.startswith(f"{path}.")


def _conflict(path: str, later: Lines, other: str, earlier: Lines) -> Fault:
    file, line = earlier.tree.place((other,))
    where = f"{file}:{line}" if line else file
    expected = Said(
        "fault.path_no_other_overlay_sets_otherwise", where=where, other=other, earlier=show(earlier[other])
    )
    return later.tree.fault((path,), expected, hint=Said("fault.lay_on_one_two_write_one"))


def idle_faults(laid: Sequence[Lines], tree: Tree, policy: Tree) -> Iterator[Fault]:
    """Name lines of overlays that change nothing of a baseline, swept ones with all their values.

    An overlay that only chooses default readings says how it reads, which is no fault.
    """
    for one in laid:
        swept: dict[str, list[Any]] = one.overlay.sweep if one.overlay is not None else {}
        values = {path: swept.get(path, [value]) for path, value in one.items()}
        if all(_is_default(path, value, policy) for path, given in values.items() for value in given):
            continue
        for path, given in values.items():
            if all(_changes_nothing(path, value, tree, policy) for value in given):
                section = "sweep" if path in swept else "changes"
                where: TreePath = (section, path) if one.overlay is not None else (path,)
                yield one.file.fault(where, Said("fault.value_not_baseline"), show(given[0]))


def idle_values(tree: Tree, policy: Tree) -> Iterator[Fault]:
    """Name values that a scenario assumes for its policy and that are the policy's own."""
    values = tree.get(("policy_values",))
    for path, entry in values.items() if isinstance(values, dict) else ():
        value = entry.get("value") if isinstance(entry, dict) else None
        if value is not None and _changes_nothing(str(path), value, tree, policy):
            expected = Said("fault.value_not_policy_own")
            yield tree.fault(("policy_values", path, "value"), expected, show(value))


def _is_default(path: str, value: Any, policy: Tree) -> bool:
    root, _, name = path.partition(".")
    return root == "choose" and bool(name) and value == policy.get(("readings", name, "default"))


def _changes_nothing(path: str, value: Any, tree: Tree, policy: Tree) -> bool:
    return _alike(value_at(path, tree, policy), value)


def _alike(before: Any, after: Any) -> bool:
    """Whether two values are the same, or the same quantity in other units."""
    if Change("", before, after).same:
        return True
    try:
        return parse_quantity(before) == parse_quantity(after)
    except ValueError:
        return False
