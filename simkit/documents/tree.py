"""A YAML file as plain data that knows the place of each of its keys, with every fault of its writing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said, Words
from simkit.documents.build import TreePath, build, dotted, show
from simkit.documents.given import read_text
from simkit.documents.slips import hint_of_value

__all__ = ["Tree", "TreePath", "dotted", "parse_yaml", "paths_of", "scan_yaml", "show"]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A file as plain dicts, lists and scalars, and where each of them stands.

    Attributes
    ----------
    data : dict, list, str, int, float, bool, date or None
        Keys are always text.
    file : str
        Path as the user gave it.
    places : dict from path to (file, line)
        The line of the key, or of the item of a list. What an overlay laid on stands in its file.
    """

    data: Any
    file: str
    places: dict[TreePath, tuple[str, int]] = field(default_factory=dict)

    def place(self, path: TreePath) -> tuple[str, int]:
        """File and line of a path, or of the nearest thing around it that has one."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return self.file, 0

    def get(self, path: TreePath, default: Any = None) -> Any:
        """Value at a path, or `default` where there is none."""
        node = self.data
        for segment in path:
            if not has(node, segment):
                return default
            node = node[segment]
        return node

    def fault(
        self, path: TreePath, expected: Said, found: Words | None = None, hint: Said | None = None
    ) -> Fault:
        """Build a fault at a path; what is found is what stands there unless `found` is given."""
        file, line = self.place(path)
        value = self.get(path)
        what = show(value) if found is None else found
        return Fault(
            file, line, dotted(path) or "(file)", expected, what, hint or hint_of_value(expected, value)
        )

    def under(self, path: TreePath) -> Tree:
        """Part of the tree as a tree of its own, each place kept."""
        data = self.get(path)
        places = {
            below: self.places[full] for below in paths_of(data) if (full := (*path, *below)) in self.places
        }
        return Tree(data, self.file, {(): self.place(path), **places})


def has(node: Any, segment: str | int) -> bool:
    """Tell whether a dict has the key, or a list the position."""
    if isinstance(node, dict):
        return segment in node
    return isinstance(node, list) and isinstance(segment, int) and 0 <= segment < len(node)


def scan_yaml(path: str | Path) -> tuple[Tree | None, list[Fault]]:
    """Read a YAML file as far as it can be read, and name what is wrong with its writing."""
    try:
        _, text = read_text(path)
    except FaultsError as error:
        return None, list(error.faults)
    return parse_yaml(text, str(path))


def parse_yaml(text: str, file: str) -> tuple[Tree | None, list[Fault]]:
    """Take text apart that was read from `file`, as far as it can be, and name what is wrong with its writing."""
    data, places, faults = build(text, file)
    return (None if data is None else Tree(data, file, places)), faults


def paths_of(node: Any, path: TreePath = ()) -> Iterator[TreePath]:
    """Every path of the data, those of whole mappings and lists too."""
    if path:
        yield path
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for segment, value in pairs:
        yield from paths_of(value, (*path, segment))
