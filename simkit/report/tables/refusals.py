"""Why a figure is refused, in words."""

from __future__ import annotations

import re
from collections.abc import Callable

from simkit.sizing.estimate import Refusal, is_unmet, never_met

__all__ = ["refusal_words"]

_FIGURES = {
    "the mean": "figure.mean",
    "quantile": "figure.quantile",
    "tail value at risk": "figure.tail",
    "share of the tail": "figure.tail_share",
    "rank correlation": "figure.rank",
    "the variance": "figure.variance",
}
_FIGURE = re.compile(r"(?P<kind>.*?)(?: at (?P<level>[\d.]+)%)?")


def refusal_words(say: Callable[..., str], refusal: Refusal) -> str:
    """Which figure lacks draws, and how many it needs; `say`: gives the words of a key."""
    figure, carried, draws, needs, least = refusal
    match = _FIGURE.fullmatch(figure)
    words = figure
    if match is not None and match["kind"] in _FIGURES:
        words = say(_FIGURES[match["kind"]], level=f"{float(match['level']):g}" if match["level"] else "")
    if is_unmet(refusal):
        rare = f"{never_met(draws) * 100:.2g}%"
        return say("note.unmet", figure=words, draws=f"{draws:,}", rare=rare, least=f"{least:,}")
    if figure == "the mean" and draws > 1:
        return say("note.few", figure=words, draws=f"{draws:,}", needs=needs, least=f"{least:,}")
    return say("note.refused", figure=words, carried=carried, draws=draws, needs=needs, least=least)
