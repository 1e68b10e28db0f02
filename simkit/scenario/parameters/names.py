"""What a path means: the names that the fields of policy and scenario tell of themselves."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from simkit.base.said import Said
from simkit.base.words import DEFAULT, catalogue
from simkit.claims.assumed import Assumed
from simkit.documents.models import Name
from simkit.documents.walks import named
from simkit.policy.schema import Policy
from simkit.scenario import Plan

__all__ = ["Phrase", "is_law_key", "phrases", "words_of"]


class Phrase(NamedTuple):
    """A pattern of paths and the key of its words, whose `{first}` is what the first `*` stands for.

    `law`: the path leads to a number, or to a distribution whose numbers are named apart.
    """

    pattern: tuple[str, ...]
    key: str
    law: bool


@cache
def phrases() -> tuple[Phrase, ...]:
    """All patterns, in the order of the fields, as a sheet lists them."""
    found: dict[tuple[str, ...], Phrase] = {}
    for root in (Policy, Plan):
        for pattern, about, kinds in named(root):
            assumed = Assumed in kinds
            end = (*pattern, "value") if assumed else pattern
            law = assumed or any("dist" in getattr(kind, "model_fields", ()) for kind in kinds)
            found.setdefault(end, Phrase(end, about.name, law))
    return tuple(found.values())


def is_law_key(word: Any) -> bool:
    """Whether a key is a number of a distribution that has a name."""
    return f"parameter.law.{word}" in catalogue(DEFAULT)


def words_of(key: str, *values: Name) -> Said:
    """Words of the catalogues, `{first}`, `{second}`, `{third}` filled in."""
    return Said(f"parameter.{key}", **dict(zip(("first", "second", "third"), values, strict=False)))
