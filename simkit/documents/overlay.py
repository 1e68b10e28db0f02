"""Overlay: a flat list of path -> value laid on a tree -> a new tree and its diff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from simkit.base.errors import MOST_TOLD, Fault
from simkit.base.said import Said
from simkit.documents.build import TreePath, show
from simkit.documents.spelling import nearest
from simkit.documents.tree import Tree, has, paths_of

__all__ = ["Change", "lay", "near_path", "split_path", "value_text"]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an overlay's diff.

    Attributes
    ----------
    path : str
        Dotted path.
    before, after : anything a file can hold
        None: not there.
    """

    path: str
    before: Any
    after: Any

    @property
    def same(self) -> bool:
        """Whether it changes nothing."""
        truth = isinstance(self.before, bool) == isinstance(self.after, bool)  # True == 1 in Python
        return truth and bool(self.before == self.after)


def value_text(value: Any, nothing: str = "—") -> str:
    """A value as a person writes it: keys and items in words, no signs of a programming language."""
    if value is None:
        return nothing
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_inner(item)}" for key, item in value.items()) or nothing
    if isinstance(value, list | tuple):
        return ", ".join(map(_inner, value)) or nothing
    return str(value)


def _inner(value: Any) -> str:
    """A value inside another: what has parts of its own in brackets."""
    text = value_text(value)
    return f"({text})" if isinstance(value, dict | list | tuple) and value else text


def lay(
    tree: Tree, changes: Mapping[str, Any] | Tree, origin: str = "overlay"
) -> tuple[Tree, list[Change], list[Fault]]:
    """Lay changes on a tree, which stays as it is. All paths are checked before anything changes.

    Parameters
    ----------
    tree : Tree
    changes : mapping of dotted path to value, or Tree of one
        None takes a key away. Items of lists go by number; the last key may be new, and so may the item
        after a list's last. Given a Tree, what is laid on keeps its file and line.
    origin : str
        Stands as the file of a mapping's values and faults.

    Returns
    -------
    the new tree (the old one where there are faults), what changed, faults
    """
    overlay = changes if isinstance(changes, Tree) else Tree(dict(changes), origin)
    if not isinstance(overlay.data, dict):
        return tree, [], [overlay.fault((), Said("fault.paths_with_values"))]
    if not overlay.data:
        return tree, [], []
    paths = {key: split_path(tree.data, key) for key in overlay.data}
    faults = list(islice((fault for key in paths for fault in _check(tree, overlay, key, paths)), MOST_TOLD))
    if faults:
        return tree, [], faults
    done, data = [], tree.data
    for key, path in paths.items():
        done.append(Change(key, tree.get(path), overlay.data[key]))
        data = _changed(data, path, overlay.data[key])
    return Tree(data, tree.file, _places(tree, overlay, paths)), done, []


def _places(tree: Tree, overlay: Tree, paths: dict[str, TreePath]) -> dict[TreePath, tuple[str, int]]:
    """Where everything stands once the overlay is laid on: what it replaced stands nowhere any more."""
    places = dict(tree.places)
    for path in paths.values():
        places.pop(path, None)
        for below in paths_of(tree.get(path)):
            places.pop((*path, *below), None)
    for key, path in paths.items():
        if overlay.data[key] is not None:
            places |= {(*path, *below): place for below, place in overlay.under((key,)).places.items()}
    return places


def split_path(data: Any, key: str) -> TreePath:
    """Take a dotted path apart; what names an item of a list becomes its number."""
    path: list[str | int] = []
    node = data
    for word in key.split("."):
        is_item = isinstance(node, list) and word.isascii() and word.isdigit() and len(word) < 6
        segment = int(word) if is_item else word
        path.append(segment)
        node = node[segment] if has(node, segment) else None
    return tuple(path)


def _check(tree: Tree, overlay: Tree, key: str, paths: dict[str, TreePath]) -> Iterator[Fault]:
    path = paths[key]
    around = tree.get(path[:-1])
    taken_away = overlay.data[key] is None
    may_be_new = isinstance(around, dict) or (isinstance(around, list) and path[-1] == len(around))
    if not has(around, path[-1]) and (taken_away or not may_be_new):
        yield _no_such_path(tree, overlay, key)
    elif taken_away and isinstance(around, list):
        yield overlay.fault(
            (key,), Said("fault.value_for_item_list"), hint=Said("fault.give_whole_list_anew")
        )
    others = (other for other in paths if other != key and paths[other][: len(path)] == path)
    for other in others:
        yield overlay.fault(
            (other,), Said("fault.paths_none_which_lies_another"), Said("fault.one_in", one=show(key))
        )


def _no_such_path(tree: Tree, overlay: Tree, key: str) -> Fault:
    return overlay.fault(
        (key,), Said("fault.a_path_that_exists"), Said("fault.no_such_path"), near_path(key, tree.data)
    )


def near_path(key: str, data: Any) -> Said | None:
    """The path that a key is a slip of, as a hint: the first word that is not there, mended; else None."""
    node, words = data, key.split(".")
    for at, word in enumerate(words):
        known = {str(one): one for one in (node if isinstance(node, dict) else range(len(node or ())))}
        if word not in known:
            return nearest(key, (".".join([*words[:at], one, *words[at + 1 :]]) for one in known))
        node = node[known[word]]
        if not isinstance(node, dict | list):
            break
    return None


def _changed(node: Any, path: TreePath, value: Any) -> Any:
    """Copy data along one path, with `value` at its end; the rest is shared, since nothing changes it."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(node, list):
        items = [*node, None] if head == len(node) else list(node)
        items[int(head)] = _changed(items[int(head)], rest, value)
        return items
    if value is None and not rest:
        return {key: item for key, item in node.items() if key != head}
    return {**node, head: _changed(node.get(head), rest, value)}
