"""Walks over a model and over its data: paths, numbers, and what fields tell of themselves (`Leaf`, `About`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from simkit.base.leaf import Leaf
from simkit.documents.about import About
from simkit.documents.build import TreePath
from simkit.documents.fields import UNIONS, children, members

__all__ = ["Named", "Number", "abouts_on", "leaf_paths", "named", "numbers"]

#: Dotted paths in parts, `*` for an id or a number.
Pattern = tuple[str, ...]


class Named(NamedTuple):
    """A place that has a name, and what may stand there."""

    pattern: Pattern
    about: About
    kinds: list[Any]


class Number(NamedTuple):
    """A number of some data: its path, what it is, its value, the thing that has it, and what its field tells."""

    path: TreePath
    leaf: Leaf
    value: Any
    owner: BaseModel
    abouts: tuple[About, ...]


class _Shape(NamedTuple):
    """Where numbers are in the values of a field; of a model, its own class tells.

    `leaf`: what the value itself is; `inner`: what a mapping or a list holds, or a tuple at each of its places.
    """

    leaf: Leaf | None
    inner: tuple[_Shape | None, ...]
    abouts: tuple[About, ...]


def leaf_paths(annotation: Any, path: Pattern = ()) -> Iterator[Pattern]:
    """Every path that ends in a value."""
    for kind in members(annotation):
        below = list(_below(kind))
        for step, inner in below:
            yield from leaf_paths(inner, (*path, step))
        if not below and kind is not type(None):
            yield path


def named(annotation: Any, path: Pattern = ()) -> Iterator[Named]:
    """Every place with a name, in the order of the fields."""
    for kind in members(annotation):
        for step, inner in _below(kind):
            here = (*path, step)
            for about in _abouts(kind, step):
                if about.name:
                    at = _parts(about.at)
                    yield Named((*here, *at), about, _kinds_at(inner, at))
            if not any(about.nameless for about in _abouts(kind, step)):
                yield from named(inner, here)


def abouts_on(annotation: Any, path: Sequence[str]) -> Iterator[About]:
    """What is told of a place or of what it stands in, the outermost first; `*` may stand for an id or a number."""
    kinds = members(annotation)
    for place, step in enumerate(path):
        for kind in kinds:
            for about in _abouts(kind, step):
                if _begins(path[place + 1 :], _parts(about.at)):
                    yield about
        kinds = [child for kind in kinds for child in children(kind, step)]


def numbers(data: BaseModel) -> list[Number]:
    """Every number that says what it is, in the order of the schema; what is not given is left out."""
    found: list[Number] = []
    _gather(data, (), found)
    return found


def _gather(data: BaseModel, path: TreePath, found: list[Number]) -> None:
    for name, key, shape in _shapes(type(data)):
        _look_into(getattr(data, name, None), shape, (*path, key), data, found)


def _look_into(value: Any, shape: _Shape, path: TreePath, owner: BaseModel, found: list[Number]) -> None:
    if value is None:
        return
    if shape.leaf is not None:
        at = (*path, "value") if hasattr(value, "source") else path
        found.append(Number(at, shape.leaf, value, owner, shape.abouts))
    if isinstance(value, BaseModel):
        _gather(value, path, found)
    elif shape.inner:
        keyed = isinstance(value, dict)
        for place, (key, item) in enumerate(value.items() if keyed else enumerate(value)):
            inner = shape.inner[place if len(shape.inner) > 1 else 0]
            if inner is not None:
                _look_into(item, inner, (*path, str(key) if keyed else place), owner, found)


@cache
def _shapes(model: type[BaseModel]) -> list[tuple[str, str, _Shape]]:
    """Name, key in the file and shape of the fields that may hold numbers."""
    shapes = (
        (name, field.alias or name, _shape(field.annotation, field.metadata))
        for name, field in model.model_fields.items()
    )
    return [(name, key, shape) for name, key, shape in shapes if shape is not None]


def _shape(annotation: Any, marks: Sequence[Any] = ()) -> _Shape | None:
    """The shape of an annotation; None where no number that says what it is can be in it."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(parts[0], (*parts[1:], *marks))
    kinds = [part for part in parts if part is not type(None)] if origin in UNIONS else []
    if len(kinds) == 1:
        return _shape(kinds[0], marks)
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    is_held = (is_model and bool(_shapes(annotation))) or any(map(_shape, kinds))
    held = parts[-1:] if origin is dict else parts if origin in (list, tuple) else ()
    inner = tuple(_shape(part) for part in held if part is not ...)
    leaf = next((mark for mark in reversed(marks) if isinstance(mark, Leaf)), None)
    abouts = tuple(mark for mark in marks if isinstance(mark, About))
    return _Shape(leaf, inner, abouts) if leaf or is_held or any(inner) else None


def _below(kind: Any) -> Iterator[tuple[str, Any]]:
    """The fields of a model; what a list or a mapping holds."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from ((name, field.annotation) for name, field in kind.model_fields.items())
    elif get_origin(kind) in (dict, list, tuple):
        yield "*", [one for one in get_args(kind) if one is not Ellipsis][-1]


def _abouts(kind: Any, step: str) -> list[About]:
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)) or step not in kind.model_fields:
        return []
    return [one for one in kind.model_fields[step].metadata if isinstance(one, About)]


def _kinds_at(annotation: Any, path: Pattern) -> list[Any]:
    kinds = members(annotation)
    for step in path:
        kinds = [child for kind in kinds for child in children(kind, step)]
    return kinds


def _parts(at: str) -> Pattern:
    return tuple(at.split(".")) if at else ()


def _begins(path: Sequence[str], pattern: Pattern) -> bool:
    fits = all(one in ("*", step) for one, step in zip(pattern, path, strict=False))
    return len(pattern) <= len(path) and fits
