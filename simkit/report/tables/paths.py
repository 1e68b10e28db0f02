"""Paths of a scenario in words: `claims.headhunting.take_up` as 猎头引才奖励 · 申报率."""

from __future__ import annotations

from collections.abc import Mapping

from simkit.base.words import catalogue
from simkit.documents.models import Text
from simkit.report.papers.table import Language

__all__ = ["words_of_path"]

#: What a path begins with and nobody needs to read.
_ROOTS = ("claims", "measures", "population", "growth", "policy_values")


def words_of_path(path: str, names: Mapping[str, Text], lang: Language) -> str:
    """A path in words.

    Parameters
    ----------
    names : mapping of `measures.NAME` and `attributes.NAME` to Text
        Names that the policy gives. What neither it nor the catalogue names stays as it is.
    """
    words: list[str] = []
    parts = path.split(".")
    while len(parts) > 1 and parts[0] in _ROOTS:
        parts = parts[1:]
    for part in parts:
        named = None if words else names.get(f"measures.{part}")
        named = named or names.get(f"attributes.{part}")
        words.append(named.said(lang) if named else catalogue(lang).get(f"field.{part}", part))
    return " · ".join(words)
