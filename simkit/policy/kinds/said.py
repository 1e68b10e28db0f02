"""What stands in the words of a rule and only who tells it has words for: money, rates, names of attributes."""

from __future__ import annotations

from typing import NamedTuple

from simkit.base.money import Basis
from simkit.base.said import Said

__all__ = ["Fen", "ForEach", "NameOf", "Percentage", "Value", "ValueName"]


class Fen(NamedTuple):
    """An amount of money."""

    fen: int


class ForEach(NamedTuple):
    """An amount of money for each unit of the base, which has a word (人) where the scenario draws such."""

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


Value = Fen | ForEach | Percentage | NameOf | ValueName | Basis | Said | str
