"""The tree of errors: each says where, what was expected with its unit, what was found, and the way out."""

from __future__ import annotations

import textwrap
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from simkit.base.display import display
from simkit.base.said import Said, Words, of_computer
from simkit.base.visible import visible
from simkit.base.words import DEFAULT, LANGUAGES, say

__all__ = [
    "MOST_SOUGHT",
    "MOST_TOLD",
    "Fault",
    "FaultsError",
    "InputError",
    "Refusal",
    "RunError",
    "SimkitError",
    "Told",
    "TooFewDrawsError",
    "known_language",
]

#: Faults that are told; of the others, their number.
MOST_TOLD = 50
#: Faults of one file that are looked for: where so many were found, there may be more.
MOST_SOUGHT = 200
#: Lines that a notebook shows of an error, and letters of a line.
_LINES, _LINE = 6, 400


class Told:
    """What a notebook shows of an error: its words, in the language of the notebook, not where it was raised."""

    def _render_traceback_(self) -> list[str]:
        if display().traceback:
            return traceback.format_exception(self)  # type: ignore[call-overload, no-any-return]  # it is one
        said = self.said(display().lang) if isinstance(self, SimkitError) else str(self)
        lines = [textwrap.shorten(one, _LINE, placeholder="…") for one in said.splitlines()]
        rest = len(lines) - _LINES
        return (
            lines
            if rest <= 0
            else [*lines[: _LINES - 1], say(display().lang, "error.more_faults", count=rest + 1)]
        )


class SimkitError(Told, Exception):
    """Any failure that simkit explains itself; `exit_code` is what the command returns.

    Attributes
    ----------
    key : str
        Of its words in the catalogues.
    values : dict
        What is laid into them: names, numbers, words of their own, or what a computer says of a file.
    """

    exit_code = 1

    def __init__(self, key: str, /, **values: Any) -> None:
        self.key = key
        self.values = {
            name: of_computer(one) if isinstance(one, OSError) else one for name, one in values.items()
        }
        super().__init__(key)

    def said(self, lang: str) -> str:
        """What went wrong, in a language."""
        return Said(self.key, **self.values).said(lang)

    def __str__(self) -> str:
        return self.said(DEFAULT)


class InputError(SimkitError):
    """What a person gave cannot be used; nothing was computed or written."""

    exit_code = 2


class RunError(SimkitError):
    """A run that started could not be finished."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file.

    Attributes
    ----------
    file : str
        Path as the user gave it.
    line : int
        1-based line, 0 where a file has none.
    path : str
        Dotted path inside the file (`measures.headhunting.caps.yearly.amount`), or a cell.
    expected : Said
        What would be right, with its unit.
    found : Said or str
        What stands there.
    hint : Said, optional
        The way out.
    """

    file: str
    line: int
    path: str
    expected: Said
    found: Words
    hint: Said | None = None

    def said(self, lang: str) -> str:
        """The fault as one line, in a language."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        path = Said("fault.file") if self.path == "(file)" else self.path
        key = "fault" if self.hint is None else "fault.with_hint"
        words = {"expected": self.expected, "found": self.found, "hint": self.hint}
        return visible(Said(key, place=place, path=path, **words).said(lang))

    def __str__(self) -> str:
        return self.said(DEFAULT)


class FaultsError(InputError):
    """Every fault of the files that were read, found in one pass."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("error.faults")

    def said(self, lang: str) -> str:
        """The faults line by line, and how many more there are."""
        rest = len(self.faults) - MOST_TOLD
        more = [say(lang, "error.more_faults", count=rest)] if rest > 0 else []
        return "\n".join([*(one.said(lang) for one in self.faults[:MOST_TOLD]), *more])

    def __reduce__(self) -> tuple[type[FaultsError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class Refusal(NamedTuple):
    """Why a figure is refused: the draws that carry it, of how many, what it needs, and draws to run at least.

    `figure`: its key, as `error.figure.*` of the catalogues call it; `level`: of a quantile and a tail.
    """

    figure: str
    carried: int
    draws: int
    needs: int
    least: int
    level: float = 0.0


class TooFewDrawsError(SimkitError):
    """A figure was refused because too few draws carry it."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        figure = Said(f"error.figure.{refusal.figure}", level=f"{refusal.level:.1%}")
        super().__init__("error.too_few_draws", **refusal._asdict() | {"figure": figure})

    def __reduce__(self) -> tuple[type[TooFewDrawsError], tuple[Refusal]]:
        return type(self), (self.refusal,)


def known_language(lang: str) -> str:
    """A language that has catalogues.

    Raises
    ------
    InputError
        For another.
    """
    if lang not in LANGUAGES:
        raise InputError("error.no_language", known=LANGUAGES, found=repr(lang))
    return lang
