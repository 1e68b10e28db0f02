"""Where a changed assumption comes from: the overlay that changed it, or nowhere that is stated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from simkit.documents.overlay import Change, lay, split_path
from simkit.documents.overlay_file import Overlay
from simkit.documents.tree import Tree
from simkit.scenario.types import Scenario

__all__ = ["Changed", "changed", "overlay_of", "since", "value_before"]

_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Changed:
    """An assumption whose value was changed without its source and note being written anew.

    Attributes
    ----------
    changes : tuple of Change
        The lines that changed it, each from what was there before any of them to what is there now.
    overlays : tuple of Overlay or None
        Whose lines they are, each once; None: of no file, as in a program or on a command line.
    own : collection of str
        Which of `source`, `date`, `reliability` and `note` the last of these overlays wrote for it too.
    source_before : str or None
        Source of what was there before, where another one was written since.
    """

    changes: tuple[Change, ...]
    overlays: tuple[Overlay | None, ...]
    own: Collection[str]
    source_before: str | None


def changed(scenario: Scenario, node: str, values: Collection[str], holder: str = "") -> Changed | None:
    """What changed the value of an assumption, None where it is as it was written, or was written anew as a whole.

    Parameters
    ----------
    node : str
        Path of the assumption: where all of it is replaced, its source and note are too. Empty: never.
    values : collection of str
        Paths that its value stands at.
    holder : str
        Path of what holds its source and note, where that is another one.
    """
    holder = holder or node
    found: dict[str, Change] = {}
    notes: dict[str, Change] = {}
    for one in scenario.changes:
        if _is_at_or_below(node, one.path):
            found, notes = {}, {}
        elif any(_touches(one.path, value) for value in values):
            found[one.path] = since(found.get(one.path), one)
        elif one.path.rpartition(".")[0] == holder:
            key = one.path.rpartition(".")[2]
            notes[key] = since(notes.get(key), one)
    lines = tuple(one for one in found.values() if not one.same)
    if not lines:
        return None
    overlays = [overlay_of(scenario, one) for one in lines]
    own = [key for key, one in notes.items() if overlay_of(scenario, one) is overlays[-1]]
    source = str(notes["source"].before) if "source" in notes else None
    return Changed(lines, tuple({id(one): one for one in overlays}.values()), own, source)


def value_before(scenario: Scenario, path: str, found: Changed) -> Any:
    """What stood at a path of the scenario before it was changed; None for nothing."""
    undone = {one.path: one.before for one in found.changes}
    tree, _, faults = lay(Tree(scenario.plan_data, scenario.file), undone)
    return None if faults else tree.get(split_path(tree.data, path))


def since(first: Change | None, last: Change) -> Change:
    """A line that goes over another one: from what was there before both."""
    return last if first is None else Change(last.path, first.before, last.after)


def _touches(path: str, value: str) -> bool:
    return _is_at_or_below(path, value) or _is_at_or_below(value, path)


def _is_at_or_below(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.")


def overlay_of(scenario: Scenario, change: Change) -> Overlay | None:
    """The overlay that gave the value which is there now."""
    for one in reversed(scenario.overlays):
        values = [one.changes.get(change.path, _ABSENT), *one.sweep.get(change.path, ())]
        if any(value is not _ABSENT and value == change.after for value in values):
            return one
    return None
