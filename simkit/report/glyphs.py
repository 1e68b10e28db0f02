"""What our fonts can show: a character that they lack is written as its code point, never as a box."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["FONTS", "clipped", "printable"]

FONTS = Path(__file__).parent / "fonts"


@cache
def _shown() -> frozenset[int]:
    """Code points that each of our fonts has."""
    from fontTools.ttLib import TTFont

    found = []
    for path in sorted(FONTS.glob("*.otf")):
        with TTFont(path, lazy=True) as font:
            found.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*found)


def printable(text: str) -> str:
    """The text, each character that a font of ours lacks as `[U+1F600]`; line feeds stay, other white space is a space.

    It does so with marks that would turn the direction of what follows, too.
    """
    shown = _shown()
    if all(ord(letter) in shown for letter in text):
        return text
    return "".join(_printed(letter, shown) for letter in text)


def _printed(letter: str, shown: frozenset[int]) -> str:
    if letter == "\n" or ord(letter) in shown:
        return letter
    return " " if letter.isspace() else f"[U+{ord(letter):04X}]"


def clipped(text: str, width: int) -> str:
    """A printable text in at most so many half-width columns, a cut one with an ellipsis; Chinese counts double."""
    used, kept = 0, ""
    for letter in printable(text):
        used += 2 if ord(letter) > 0x2E7F else 1
        if used > width:
            return f"{kept.rstrip()}…"
        kept += letter
    return kept
