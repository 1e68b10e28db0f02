"""The numbers of data that were read: each with its path; those that are unusual are confirmed in their file."""

from __future__ import annotations

import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from simkit.base.errors import Fault
from simkit.base.leaf import Leaf
from simkit.base.said import Said
from simkit.documents.build import TreePath, dotted
from simkit.documents.overlay import split_path
from simkit.documents.tree import Tree, has

__all__ = ["Number", "confirm_faults", "is_in", "numbers", "unusual_numbers"]

_UNIONS = (Union, types.UnionType)


class Number(NamedTuple):
    """A number of the data: its path, what it is, and its value."""

    path: TreePath
    leaf: Leaf
    value: Any


class _Shape(NamedTuple):
    """Where numbers are in the values of a field; of a model, its own class tells.

    `leaf`: what the value itself is; `keyed`: what stands in a mapping; `items`: in a list, or at each place of it.
    """

    leaf: Leaf | None = None
    keyed: _Shape | None = None
    items: tuple[_Shape | None, ...] = ()


def numbers(data: BaseModel, path: TreePath = ()) -> Iterator[Number]:
    """Every number that says what it is, in the order of the schema; what is not given is left out."""
    found: list[Number] = []
    _add_fields(found, data, path)
    return iter(found)


def _add_fields(found: list[Number], data: BaseModel, path: TreePath) -> None:
    for name, key, shape in _fields(type(data)):
        value = getattr(data, name, None)
        if value is not None:
            _add(found, shape, value, (*path, key))


@cache
def _fields(model: type[BaseModel]) -> list[tuple[str, str, _Shape]]:
    """Name, key in the file and shape of the fields that may hold numbers."""
    shapes = (
        (name, field, _shape(field.annotation, field.metadata)) for name, field in model.model_fields.items()
    )
    return [(name, field.alias or name, shape) for name, field, shape in shapes if shape is not None]


def _shape(annotation: Any, marks: Sequence[Any] = ()) -> _Shape | None:
    """The shape of an annotation; None where no number that says what it is can be in it."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(parts[0], (*parts[1:], *marks))
    if origin in _UNIONS and type(None) in parts and len(parts) == 2:
        return _shape(parts[0] if parts[1] is type(None) else parts[1], marks)
    leaf = next((mark for mark in reversed(marks) if isinstance(mark, Leaf)), None)
    keyed = _shape(parts[1]) if isinstance(origin, type) and issubclass(origin, Mapping) else None
    items = tuple(_shape(part) for part in parts if part is not ...) if origin in (list, tuple) else ()
    is_model = (
        isinstance(annotation, type) and issubclass(annotation, BaseModel) and bool(_fields(annotation))
    )
    models = is_model or (origin in _UNIONS and any(map(_shape, parts)))
    return _Shape(leaf, keyed, items) if leaf or keyed or any(items) or models else None


def _add(found: list[Number], shape: _Shape, value: Any, path: TreePath) -> None:
    if shape.leaf is not None:
        found.append(Number((*path, "value") if hasattr(value, "source") else path, shape.leaf, value))
    if isinstance(value, BaseModel):
        _add_fields(found, value, path)
    elif shape.keyed is not None and isinstance(value, dict):
        for key, item in value.items():
            if item is not None:
                _add(found, shape.keyed, item, (*path, str(key)))
    elif shape.items and isinstance(value, list | tuple):
        for place, item in enumerate(value):
            inner = shape.items[0] if len(shape.items) == 1 else shape.items[place]
            if inner is not None and item is not None:
                _add(found, inner, item, (*path, place))


def confirm_faults(
    laid: Sequence[tuple[BaseModel, Tree]],
    file: Tree,
    confirmed: Mapping[str, str],
    may_be: Collection[str] = (),
    instead: Mapping[TreePath, Said | None] | None = None,
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
    instead : mapping of path to what is usual there, None where the value is
        Of numbers that are unusual or not only beside others.
    """
    needed: set[str] = set()
    seen: set[str] = set()
    for data, tree in laid:
        for path, leaf, value in numbers(data):
            expected = (instead or {}).get(path, leaf.unusual(value))
            name = dotted(path) if expected or confirmed else ""
            if not expected and name not in confirmed:
                continue  # most numbers: nothing to confirm, and nothing that was
            where, line = tree.place(path)
            if where != file.file or not line:
                continue
            seen.add(name)
            if expected:
                needed.add(name)
            if expected and name not in confirmed:
                yield tree.fault(path, expected, hint=Said("fault.write_under_confirmed", name=name))
    for name in confirmed:
        spared = any(name == one or name.startswith(f"{one}.") for one in may_be)
        # What stands here and was not seen has a fault of its own.
        known = name in seen or not any(is_in(file, tree, name) for _, tree in laid)
        if known and name not in needed and not spared:
            yield file.fault(("confirmed", name), Said("fault.path_unusual_value_file"), name)


def unusual_numbers(
    laid: Sequence[tuple[BaseModel, Tree]], paths: Collection[str], instead: Mapping[TreePath, Said | None]
) -> Iterator[Fault]:
    """Name unusual values at, below or above some paths, which no file can confirm: typed, or set in a program.

    `laid`, `instead`: as `confirm_faults`.
    """
    for data, tree in laid:
        for path, leaf, value in numbers(data):
            expected = instead.get(path, leaf.unusual(value))
            if not expected:
                continue  # most numbers
            name = dotted(path)
            if any(f"{name}.".startswith(f"{one}.") or one.startswith(f"{name}.") for one in paths):
                yield tree.fault(path, expected)


def is_in(file: Tree, tree: Tree, path: str) -> bool:
    """Whether what stands at a path is the file's, or what a question puts in its place."""
    at = split_path(tree.data, path)
    where, line = tree.place(at)
    return has(tree.get(at[:-1]), at[-1]) and (where == file.file or not line)
