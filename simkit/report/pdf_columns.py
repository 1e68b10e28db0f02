"""How a table's columns share the width of a printed page, and where words that are too long for it may break."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from simkit.report.glyphs import Face, em_width
from simkit.report.table import Table
from simkit.report.widths import column_widths

__all__ = ["Breakable", "Fit", "breakable", "fitted"]

#: A text; or its parts, where it may break between them.
Breakable: TypeAlias = str | list[str]

#: Points: 五号, and the smallest that is read without effort; half a point apart.
_LARGEST, _SMALLEST, _STEP = 10.5, 6.5, 0.5
#: Widths below are in sizes of the font. A digit; the least that a column can do with; what is to spare.
_DIGIT, _LEAST, _SPARE = 0.56, 2.5, 0.1
#: Words longer than this break rather than make the letters small; where even that is too wide, the second.
_LONGEST = (9.0, 4.5)
#: Points between the words of a cell and its lines; in a table of many columns.
_INSET, _NARROW_INSET, _MANY = 3.5, 1.6, 10
#: What does not break: all but spaces, line feeds and Chinese characters.
_UNIT = re.compile(r"[^ \n\u3400-\u9fff]+")
#: Where it breaks first, when it must.
_PIECE = re.compile(r".*?[._/\\=,:;@&?!|+\-\])},。；、，）]|.+", re.DOTALL)


class Fit(NamedTuple):
    """Letters' size, points between words and lines, and each column's width with them. Points."""

    size: float
    inset: float
    widths: tuple[float, ...]

    def room(self, place: int) -> float:
        """What a line of a column holds, in sizes of the font."""
        return (self.widths[place] - 2 * self.inset) / self.size


def fitted(table: Table, heads: Sequence[str], texts: Sequence[Sequence[str]], width: float) -> Fit:
    """The columns of a table on a page so wide (points): letters shrink first, then words break.

    Numbers never break: where they need more room than the page has, the letters shrink further.

    Parameters
    ----------
    heads, texts : sequence of str, sequence of rows of str
        Headings and cells, printable.
    """
    inset = _NARROW_INSET if len(table.columns) >= _MANY else _INSET
    room = width - 2 * inset * len(table.columns)
    digits = [one * _DIGIT for one in column_widths(table)]
    size, least = _LARGEST, [0.0]
    for longest in _LONGEST:
        least = _least(table, heads, texts, longest)
        wanted = [max(pair) for pair in zip(digits, least, strict=True)]
        size = min(_LARGEST, max(_SMALLEST, math.floor(room / sum(wanted) / _STEP) * _STEP))
        if sum(least) * size <= room:
            return Fit(size, inset, _shared(least, wanted, room / size, size, inset))
    size = math.floor(10 * room / sum(least)) / 10
    return Fit(size, inset, _shared(least, least, room / size, size, inset))


def _shared(
    least: Sequence[float], wanted: Sequence[float], room: float, size: float, inset: float
) -> tuple[float, ...]:
    """Points of each column: all get more than they want, or each gives way, down to its least."""
    if sum(wanted) <= room:
        shares = [one * room / sum(wanted) for one in wanted]
    else:
        given = (room - sum(least)) / (sum(wanted) - sum(least))
        shares = [low + (high - low) * given for low, high in zip(least, wanted, strict=True)]
    return tuple(one * size + 2 * inset for one in shares)


def _least(table: Table, heads: Sequence[str], texts: Sequence[Sequence[str]], longest: float) -> list[float]:
    """The width without which something overflows: whole numbers, and words up to a length."""
    found = []
    for place, column in enumerate(table.columns):
        widest = _widest((row[place] for row in texts), "Serif-Bold")
        head = _widest([heads[place]], "Sans-Bold") if table.headed else 0.0
        if column.kind == "text":
            widest = min(widest, longest)
        found.append(max(widest, min(head, longest), _LEAST) + _SPARE)
    return found


def _widest(texts: Iterable[str], face: Face) -> float:
    """The widest word."""
    units = {unit for text in texts for unit in _UNIT.findall(text)}
    return max((em_width(unit, face) for unit in units), default=0.0)


def breakable(text: str, room: float, face: Face = "Serif-Regular") -> Breakable:
    """The text in parts, between which it may break, where a word is wider than the line.

    Parameters
    ----------
    room : float
        Width of the line, in sizes of the font.
    """
    if em_width(text.replace("\n", ""), face) <= room:
        return text
    parts, rest = [], 0
    for unit in _UNIT.finditer(text):
        if em_width(unit[0], face) > room:
            pieces = [cut for piece in _PIECE.findall(unit[0]) for cut in _cut(piece, room - 1, face)]
            parts += [text[rest : unit.start()], *pieces]
            rest = unit.end()
    parts.append(text[rest:])
    return [part for part in parts if part] if len(parts) > 1 else text


def _cut(piece: str, room: float, face: Face) -> list[str]:
    """A piece in parts that each fit, or are one character."""
    parts, used = [""], 0.0
    for letter in piece:
        width = em_width(letter, face)
        if parts[-1] and used + width > room:
            parts.append("")
            used = 0.0
        parts[-1] += letter
        used += width
    return parts
