"""Display options of the notebook face: how things are shown, never what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from simkit.base.words import LANGUAGES

__all__ = ["UNITS", "Display", "display", "put_display", "set_display", "within_display"]

#: Fen of one, by the units of money that a frame may be in.
UNITS = {"万元": 1_000_000, "元": 100, "fen": 1}


@dataclass(frozen=True, slots=True)
class Display:
    """How a person wants to see things.

    Attributes
    ----------
    lang : str
        Language of cards, names, plots and refusals.
    unit : str
        Of money in frames, one of `UNITS`.
    progress : bool
        Whether long work shows how far it is.
    font : str or None
        Font of plots; None: simkit's own.
    traceback : bool
        Whether a refusal shows where in the program it was raised.
    """

    lang: str = LANGUAGES[0]
    unit: str = "万元"
    progress: bool = True
    font: str | None = None
    traceback: bool = False


# The only variables of the house that outlive a call; they move no figure. A kernel runs every cell in a context
# of its own, so what is set for good stands beside the context variable.
_STANDING = [Display()]
_WITHIN: ContextVar[Display | None] = ContextVar("display", default=None)


def display() -> Display:
    """The options in force."""
    return _WITHIN.get() or _STANDING[0]


def set_display(**given: Any) -> Display:
    """Set some of the options, until they are set again or the block ends; what was in force before."""
    before = display()
    put_display(replace(before, **given))
    return before


def put_display(one: Display) -> None:
    """Put options in force: of the block, where there is one, else for good."""
    if _WITHIN.get() is None:
        _STANDING[0] = one
    else:
        _WITHIN.set(one)


@contextmanager
def within_display(**given: Any) -> Iterator[None]:
    """Set some of the options for a block."""
    token = _WITHIN.set(replace(display(), **given))
    try:
        yield
    finally:
        _WITHIN.reset(token)
