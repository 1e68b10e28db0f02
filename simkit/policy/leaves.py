"""The numbers of data that were read: each with its path; those that are unusual are confirmed in their file."""

from __future__ import annotations

import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from simkit.errors import Fault
from simkit.leaf import Leaf
from simkit.policy.overlay import split_path
from simkit.policy.tree import Tree, TreePath, dotted, has

__all__ = ["Number", "confirm_faults", "is_in", "numbers", "unusual_numbers"]

_HINT = "if it is meant, write under confirmed: at the top level of this file: {}: (the reason)"


class Number(NamedTuple):
    """A number of the data: its path, what it is, and its value."""

    path: TreePath
    leaf: Leaf
    value: Any


def numbers(data: BaseModel) -> Iterator[Number]:
    """Every number that says what it is, in the order of the schema; what is not given is left out."""
    for name, field in type(data).model_fields.items():
        value = getattr(data, name, None)
        yield from _numbers(field.annotation, field.metadata, value, (field.alias or name,))


def _numbers(annotation: Any, marks: Collection[Any], value: Any, path: TreePath) -> Iterator[Number]:
    if value is None:
        return
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _numbers(parts[0], (*parts[1:], *marks), value, path)
        return
    if origin in (Union, types.UnionType) and type(None) in parts and len(parts) == 2:
        inner = parts[0] if parts[1] is type(None) else parts[1]
        yield from _numbers(inner, marks, value, path)
        return
    leaf = next((mark for mark in reversed(list(marks)) if isinstance(mark, Leaf)), None)
    if leaf is not None:
        yield Number((*path, "value") if hasattr(value, "source") else path, leaf, value)
    if isinstance(value, BaseModel):
        yield from (one._replace(path=(*path, *one.path)) for one in numbers(value))
    elif isinstance(value, dict) and len(parts) == 2:
        for key, item in value.items():
            yield from _numbers(parts[1], (), item, (*path, str(key)))
    elif isinstance(value, list | tuple) and origin in (list, tuple):
        for place, item in enumerate(value):
            inner = parts[0] if Ellipsis in parts or len(parts) == 1 else parts[place]
            yield from _numbers(inner, (), item, (*path, place))


def confirm_faults(
    laid: Sequence[tuple[BaseModel, Tree]],
    file: Tree,
    confirmed: Mapping[str, str],
    may_be: Collection[str] = (),
    instead: Mapping[TreePath, str] | None = None,
) -> Iterator[Fault]:
    """Name unusual values that stand in a file and are not confirmed in it, and confirmations that nothing needs.

    Parameters
    ----------
    laid : data and the trees they were made from, with all that was laid on
    file : Tree
        Of the file that is looked at.
    confirmed : mapping of path to reason
        That stand in the file.
    may_be : paths
        At or below which a confirmation may be needed by what is not laid on now, such as a reading.
    instead : mapping of path to what is usual there, empty where the value is
        Of numbers that are unusual or not only beside others.
    """
    needed: set[str] = set()
    seen: set[str] = set()
    for data, tree in laid:
        for path, leaf, value in numbers(data):
            where, line = tree.place(path)
            if where != file.file or not line:
                continue
            name, expected = dotted(path), (instead or {}).get(path, leaf.unusual(value))
            seen.add(name)
            if expected:
                needed.add(name)
            if expected and name not in confirmed:
                yield tree.fault(path, expected, hint=_HINT.format(name))
    for name in confirmed:
        spared = any(name == one or name.startswith(f"{one}.") for one in may_be)
        # What stands here and was not seen has a fault of its own.
        known = name in seen or not any(is_in(file, tree, name) for _, tree in laid)
        if known and name not in needed and not spared:
            yield file.fault(("confirmed", name), "the path of an unusual value in this file", name)


def unusual_numbers(
    laid: Sequence[tuple[BaseModel, Tree]], paths: Collection[str], instead: Mapping[TreePath, str]
) -> Iterator[Fault]:
    """Name unusual values at, below or above some paths, which no file can confirm: typed, or set in a program.

    `laid`, `instead`: as `confirm_faults`.
    """
    for data, tree in laid:
        for path, leaf, value in numbers(data):
            name = dotted(path)
            near = (f"{name}.".startswith(f"{one}.") or one.startswith(f"{name}.") for one in paths)
            if any(near) and (expected := instead.get(path, leaf.unusual(value))):
                yield tree.fault(path, expected)


def is_in(file: Tree, tree: Tree, path: str) -> bool:
    """Whether what stands at a path is the file's, or what a question puts in its place."""
    at = split_path(tree.data, path)
    where, line = tree.place(at)
    return has(tree.get(at[:-1]), at[-1]) and (where == file.file or not line)
