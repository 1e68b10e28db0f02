"""A rule as plain data to be said: a key of the catalogues, and what stands in its placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from simkit.base.money import Basis

__all__ = [
    "AttributeName",
    "BaseName",
    "Fen",
    "Listed",
    "Percentage",
    "Plain",
    "Said",
    "Value",
    "ValueName",
    "name_of",
]


class Fen(NamedTuple):
    """An amount of money."""

    fen: int


class Percentage(NamedTuple):
    """A rate or a share, over 10,000."""

    rate: int


class BaseName(NamedTuple):
    """What the measure's award is computed on, by what the scenario draws."""

    drawn: bool = True


class AttributeName(NamedTuple):
    """The name of an attribute."""

    of: str


class ValueName(NamedTuple):
    """The name of a value of a category."""

    of: str
    value: str


class Plain(NamedTuple):
    """A number or day as it stands."""

    value: Any


class Listed(NamedTuple):
    """Several things, one after the other."""

    things: tuple[Value, ...]
    by: Literal["separator", "semicolon"] = "separator"


@dataclass(frozen=True, slots=True)
class Said:
    """The words of `key`, with `values` in its placeholders.

    `counted`: the key where what the base counts has a word (人), which is its `{unit}`.
    """

    key: str
    values: Mapping[str, Value]
    counted: str = ""


Value = Fen | Percentage | BaseName | AttributeName | ValueName | Plain | Listed | Basis | Said


def name_of(of: str) -> BaseName | AttributeName:
    """The name of what is read: `base`, or an attribute by its id."""
    return BaseName() if of == "base" else AttributeName(of)
