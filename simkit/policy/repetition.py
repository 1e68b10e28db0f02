"""Repetition: when an award lets no more follow."""

from __future__ import annotations

from typing import Literal, NamedTuple, assert_never

__all__ = ["Repeat", "Repetition", "repetition_of"]

#: As a file writes it.
Repeat = Literal["always", "yearly", "once", "once_per_key"]


class Repetition(NamedTuple):
    """What an award of an agency lets no more follow of the same measure; it is so that kernels read it.

    Attributes
    ----------
    in_year, ever : bool
        In its earned year; in all years. Neither: all that are claimed are paid.
    by_key : bool
        Only of the same key (list, standard, ...).
    words : str
        Key of the catalogues; empty where there is nothing to say.
    """

    in_year: bool = False
    ever: bool = False
    by_key: bool = False
    words: str = ""

    @property
    def is_limited(self) -> bool:
        """Whether an award can keep another from being paid."""
        return self.in_year or self.ever


def repetition_of(word: Repeat) -> Repetition:
    """What a word of the file means."""
    match word:
        case "always":
            return Repetition()
        case "yearly":
            return Repetition(in_year=True, words="rule.repeat.yearly")
        case "once":
            return Repetition(ever=True, words="rule.repeat.once")
        case "once_per_key":
            return Repetition(ever=True, by_key=True, words="rule.repeat.once_per_key")
        case unknown:
            assert_never(unknown)
