"""Walks over a model: its paths, and what its fields tell of themselves (`About`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from simkit.documents.about import About
from simkit.documents.fields import children, members

__all__ = ["Named", "Placed", "abouts_on", "leaf_paths", "named", "placed"]

#: Dotted paths in parts, `*` for an id or a number.
Pattern = tuple[str, ...]


class Named(NamedTuple):
    """A place that has a name, and what may stand there."""

    pattern: Pattern
    about: About
    kinds: list[Any]


class Placed(NamedTuple):
    """A value of a model: where it stands, in what, and what its field tells."""

    path: tuple[str, ...]
    value: Any
    owner: BaseModel
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


def placed(thing: BaseModel, path: tuple[str, ...] = ()) -> Iterator[Placed]:
    """Every value of a model, in the order of the fields."""
    for name, field in type(thing).model_fields.items():
        abouts = tuple(one for one in field.metadata if isinstance(one, About))
        for at, value in _values(getattr(thing, name), (*path, name)):
            if isinstance(value, BaseModel):
                yield from placed(value, at)
            elif value is not None:
                yield Placed(at, value, thing, abouts)


def _values(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """A value, or those in it."""
    if isinstance(value, dict):
        items: Iterable[tuple[Any, Any]] = value.items()
    elif type(value) in (tuple, list):
        items = enumerate(value)
    else:
        yield path, value
        return
    for key, inner in items:
        yield from _values(inner, (*path, str(key)))


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
