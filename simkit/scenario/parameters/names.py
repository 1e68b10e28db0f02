"""What a path means, in Chinese and English: the names that the fields of policy and scenario tell of themselves."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from simkit.base.words import catalogue
from simkit.claims.assumed import Assumed
from simkit.documents.models import Text
from simkit.documents.walks import named
from simkit.policy.schema import Policy
from simkit.scenario import Plan

__all__ = ["Phrase", "is_law_key", "phrases", "words_of"]


class Phrase(NamedTuple):
    """A pattern of paths and the key of its words, whose `{0}` is what the first `*` stands for.

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
    return f"parameter.law.{word}" in catalogue("zh")


def words_of(key: str, *values: Text) -> Text:
    """Words of the catalogues, `{0}`, `{1}`, ... filled in."""
    zh, en = (catalogue(lang)[f"parameter.{key}"] for lang in ("zh", "en"))
    return Text(zh=zh.format(*(one.zh for one in values)), en=en.format(*(one.en for one in values)))
