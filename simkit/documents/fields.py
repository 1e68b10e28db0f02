"""Which keys a place in a file may have, and which may be left empty, read from the pydantic models."""

from __future__ import annotations

import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from simkit.documents.build import TreePath

__all__ = ["UNIONS", "children", "field_names", "may_be_empty", "members"]

#: Both ways to write a union.
UNIONS = (Union, types.UnionType)
_EMPTY: tuple[Any, ...] = ({}, (), "")


def field_names(annotation: Any, path: TreePath, node: Any) -> list[str]:
    """Keys that the model at `path` knows, `node` being what stands there; none where no model stands."""
    return [name for model in _models(annotation, path, node) for name in model.model_fields]


def may_be_empty(annotation: Any, path: TreePath, around: Any) -> bool:
    """Whether a key with nothing after it means none: what stands there when it is left out is empty.

    `around`: the mapping that the last key of `path` stands in.
    """
    models = _models(annotation, path[:-1], around)
    known = [model.model_fields[str(path[-1])] for model in models if path[-1] in model.model_fields]
    return any(one.default in _EMPTY or isinstance(one.default, BaseModel) for one in known)


def _models(annotation: Any, path: TreePath, node: Any) -> list[type[BaseModel]]:
    """The models that may stand at `path`; of a union's, those whose tags fit `node`, if any do."""
    kinds = members(annotation)
    for segment in path:
        kinds = [child for kind in kinds for child in children(kind, segment)]
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [model for model in models if _tagged(model, node)] or models


def members(annotation: Any) -> list[Any]:
    """Take unions and annotations apart."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return members(get_args(annotation)[0])
    if origin in UNIONS:
        return [member for part in get_args(annotation) for member in members(part)]
    return [annotation]


def children(kind: Any, segment: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        known = kind.model_fields.get(str(segment))
        return members(known.annotation) if known else []
    arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
    return members(arguments[-1]) if arguments and get_origin(kind) is not Literal else []


def _tagged(model: type[BaseModel], node: Any) -> bool:
    """Tell whether the fields of `model` that allow one word only hold that word in `node`."""
    tags = {
        name: get_args(known.annotation)
        for name, known in model.model_fields.items()
        if get_origin(known.annotation) is Literal
    }
    given = node if isinstance(node, dict) else {}
    return all(given.get(name) in words for name, words in tags.items() if len(words) == 1)
