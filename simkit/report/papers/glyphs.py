"""What the report's own fonts can print, and how wide it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

__all__ = ["FONTS", "Face", "clipped", "em_width", "half_widths", "printable"]

FONTS = Path(__file__).parents[1] / "fonts"

#: Body; totals and titles; figures; headings.
Face = Literal["Serif-Regular", "Serif-Bold", "Sans-Regular", "Sans-Bold"]

_FACES: tuple[Face, ...] = ("Serif-Regular", "Serif-Bold", "Sans-Regular", "Sans-Bold")
_DIGITS = "0123456789"
#: What typst leaves between Chinese characters and Latin letters or digits.
_GAP = 0.25
_SCRIPTS = re.compile(
    r"(?<=[\u3400-\u9fff])(?=[^\W\u3400-\u9fff])|(?<=[^\W\u3400-\u9fff])(?=[\u3400-\u9fff])"
)
#: In the fonts, but never seen: it may be anywhere in a word, and hides it from a search.
_SOFT_HYPHEN = "\u00ad"


def printable(text: str) -> str:
    """The text in characters that every font of ours has; any other stands there as its number: `[U+1F600]`.

    Line feeds stay, white space that they lack is a space. What changes the direction of what follows, or is not
    seen, counts as a character that the fonts lack.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return _lacking().sub(lambda found: " " if found[0].isspace() else f"[U+{ord(found[0]):04X}]", text)


def half_widths(text: str) -> int:
    """Half-width columns that a text takes: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def clipped(text: str, width: int) -> str:
    """A printable text in at most so many half-width columns, a cut one with an ellipsis; Chinese counts double."""
    used, kept = 0, ""
    for letter in printable(text):
        used += half_widths(letter)
        if used > width:
            return f"{kept.rstrip()}…"
        kept += letter
    return kept


def em_width(text: str, face: Face = "Serif-Regular") -> float:
    """Width of a printable text in one line, in sizes of the font: all digits as wide as the widest, gaps counted."""
    width = sum(map(_advances(face).__getitem__, text))
    return width if text.isascii() else width + _GAP * len(_SCRIPTS.findall(text))


@cache
def _advances(face: Face) -> dict[str, float]:
    """Width of each character that a font has."""
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / f"SimKit{face.replace('-', 'SC-')}.otf", lazy=True) as font:
        unit, advance = font["head"].unitsPerEm, font["hmtx"].metrics
        widths = {chr(code): advance[glyph][0] / unit for code, glyph in font.getBestCmap().items()}
    return widths | dict.fromkeys(_DIGITS, max(widths[digit] for digit in _DIGITS))


@cache
def _lacking() -> re.Pattern[str]:
    """One character that some font of ours lacks."""
    known = set.intersection(*(set(_advances(face)) for face in _FACES)) - {_SOFT_HYPHEN}
    spans = "".join(
        f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in _runs(map(ord, known))
    )
    return re.compile(f"[^\n{spans}]")


def _runs(codes: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as runs of neighbours: first, last."""
    runs: list[tuple[int, int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    return runs
