"""A rule as plain data to be said: a key of the catalogues, and what stands in its placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from simkit.base.money import Basis

__all__ = ["Fen", "Listed", "NameOf", "Percentage", "Phrase", "Value", "ValueName"]


class Fen(NamedTuple):
    """An amount of money."""

    fen: int


class Percentage(NamedTuple):
    """A rate or a share, over 10,000."""

    rate: int


class NameOf(NamedTuple):
    """The name of an attribute; of `base`, what the scenario draws for it."""

    of: str = "base"


class ValueName(NamedTuple):
    """The name of a value of a category."""

    of: str
    value: str


class Listed(NamedTuple):
    """Several things, one after the other."""

    things: tuple[Value, ...]
    by: Literal["separator", "semicolon"] = "separator"


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of `key`, with `values` in its placeholders.

    `counted`: the key where what the base counts has a word (人), which is its `{unit}`.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    counted: str = ""


Value = Fen | Percentage | NameOf | ValueName | Listed | Basis | Phrase | str
