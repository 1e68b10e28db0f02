"""What kind of change each path of the schema makes: decided on the same claims, drawn again, or neither."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from simkit.documents.fields import members
from simkit.policy.schema import Policy
from simkit.scenario import Plan

__all__ = ["KINDS", "Kind", "kind_of", "schema_paths"]

#: `kept`: decided again on the same claims. `kept_shorter`: so where a term gets shorter or a measure goes, else
#: drawn again. `kept_carried`: so where the claims carry what is read, else drawn again. `again`: drawn again at
#: the same addresses. `budget`: the same outlays, held against other money or read otherwise. `reading`: as the
#: paths that the reading lays on. `words`: no figure moves.
Kind = Literal["kept", "kept_shorter", "kept_carried", "again", "budget", "reading", "words"]

#: The kind of all paths that begin so; `*` is any id or number. The longest beginning counts.
KINDS: dict[str, Kind] = {
    # the policy
    "id": "words",
    "document": "words",
    "document.in_force.since": "again",
    "document.in_force.until": "kept_shorter",
    "funds": "kept",
    "funds.*.name": "words",
    "funds.*.district": "words",
    "districts": "again",
    "attributes": "again",
    "measures": "kept",
    "measures.*.name": "words",
    "measures.*.clause": "words",
    "measures.*.quote": "words",
    "measures.*.modelled": "words",
    "measures.*.priced_by": "words",
    "measures.*.status_note": "words",
    "measures.*.base_unit": "again",
    "measures.*.first_time": "again",
    "measures.*.outside": "again",
    "measures.*.selection.kind": "again",
    "measures.*.status": "kept_shorter",
    "measures.*.in_force": "kept_shorter",
    "measures.*.award": "kept_carried",
    "measures.*.conditions": "kept_carried",
    "measures.*.caps": "kept_carried",
    "measures.*.instalments": "kept_carried",
    "measures.*.rigidity": "budget",
    "matters": "kept",
    "matters.*.name": "words",
    "matters.*.clause": "words",
    "matters.*.why": "words",
    "matters.*.members": "kept_carried",
    "total_caps": "kept_carried",
    "total_caps.*.name": "words",
    "total_caps.*.clause": "words",
    "readings": "words",
    "goals": "words",
    "clauses": "words",
    "confirmed": "words",
    # the scenario
    "title": "words",
    "about": "words",
    "policy": "again",
    "as_of": "again",
    "budget_year": "budget",
    "confidence": "budget",
    "earned_years": "kept_shorter",
    "renewed": "kept_shorter",
    "choose": "reading",
    "policy_values": "reading",
    "appropriations": "budget",
    "sources": "words",
    "comparables": "words",
    "population": "again",
    "calendar": "again",
    "factor": "again",
    "claims": "again",
}


def kind_of(path: str) -> Kind:
    """The kind of a path, with ids and numbers or with `*` in their places.

    Raises
    ------
    KeyError
        For a path that begins like none of the schema.
    """
    words = path.split(".")
    best: tuple[int, Kind] | None = None
    for beginning, kind in KINDS.items():
        parts = beginning.split(".")
        fits = len(parts) <= len(words) and all(
            part in ("*", word) or word == "*" for part, word in zip(parts, words, strict=False)
        )
        if fits and (best is None or len(parts) > best[0]):
            best = (len(parts), kind)
    if best is None:
        raise KeyError(path)
    return best[1]


def schema_paths() -> list[str]:
    """Every path that a policy or a scenario can hold, `*` for an id or a number."""
    return list(dict.fromkeys([*_paths(Policy, ()), *_paths(Plan, ())]))


def _paths(annotation: Any, path: tuple[str, ...]) -> Iterator[str]:
    for kind in members(annotation):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, field in kind.model_fields.items():
                yield from _paths(field.annotation, (*path, name))
        elif get_origin(kind) in (dict, list, tuple):
            inner = [one for one in get_args(kind) if one is not Ellipsis]
            yield from _paths(inner[-1], (*path, "*"))
        elif kind is not type(None):
            yield ".".join(path)
