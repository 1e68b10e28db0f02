"""Why a figure is refused, in words."""

from __future__ import annotations

from collections.abc import Callable

from simkit.base.errors import Refusal
from simkit.sizing.estimate import is_unmet, never_met

__all__ = ["refusal_words"]


def refusal_words(say: Callable[..., str], refusal: Refusal) -> str:
    """Which figure lacks draws, and how many it needs; `say`: gives the words of a key."""
    kind, carried, draws, needs, least, level = refusal
    figure = say(f"figure.{kind}", level=f"{round(level * 100, 1):g}")
    if is_unmet(refusal):
        rare = f"{never_met(draws) * 100:.2g}%"
        return say("note.unmet", figure=figure, draws=f"{draws:,}", rare=rare, least=f"{least:,}")
    if kind == "mean" and draws > 1:
        return say("note.few", figure=figure, draws=f"{draws:,}", needs=needs, least=f"{least:,}")
    return say("note.refused", figure=figure, carried=carried, draws=draws, needs=needs, least=least)
