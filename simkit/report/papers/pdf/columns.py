"""How a table's columns share the width of a printed page, and where words that are too long for it may break."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from simkit.report.papers.glyphs import Face, em_width
from simkit.report.papers.table import Blank, Table
from simkit.report.papers.widths import column_widths
from simkit.report.papers.widths import fitted as share_page

__all__ = ["Breakable", "Fit", "breakable", "fitted"]

#: A text; or its parts, where it may break between them.
Breakable: TypeAlias = str | list[str]

#: Points: 五号, to the smallest that is read without effort.
_SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
#: Widths below are in sizes of the font. A digit; the least that a column can do with; what is to spare.
_DIGIT, _LEAST, _SPARE = 0.56, 2.5, 0.1
#: A heading up to so wide stays on one line; lines up to so long come before longer ones.
_HEAD, _SHORT = 4.0, 8.0
#: What a column of words is given before all get more: at most so much, and so many times its mean line, that one
#: long text does not take room from many.
_WIDEST, _OF_MEAN = 36.0, 3.0
#: Words longer than this break rather than make the letters small; where even that is too wide, the second.
_LONGEST = (9.0, 4.5)
#: Points between the words of a cell and its lines; in a table of many columns.
_INSET, _NARROW_INSET, _MANY = 3.5, 1.6, 10
#: What does not break: all but spaces, line feeds and Chinese characters.
_UNIT = re.compile(r"[^ \n\u3400-\u9fff]+")
#: Marks that no line begins with; where a word breaks first, when it must: after them and their like.
_CLOSING = ".,:;!?/)}]-…—。，、；：？！）》」』】〕％"
_MARKS = re.escape(_CLOSING + r"\_=@&|")
_PIECE = re.compile(rf"[^{_MARKS}]*(?:[{_MARKS}]+|$)")
#: Allows a line to begin with any mark; only a row of nothing but marks gets it, since it is copied with the words.
_BREAK = "\u200b"


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
    needs = [(_least(table, heads, texts, longest), digits) for longest in _LONGEST]
    size, shares = share_page(needs, _wishes(table, texts), room, sizes=_SIZES, steps=10)
    return Fit(size, inset, tuple(one * size + 2 * inset for one in shares))


def _wishes(table: Table, texts: Sequence[Sequence[str]]) -> list[list[float]]:
    """What the columns would like: short lines, then long lines."""
    wanted = []
    for place, column in enumerate(table.columns):
        lines = [em_width(line) for row in texts for line in row[place].split("\n") if line]
        most = _WIDEST if column.kind == "text" else _LONGEST[0]
        if column.kind == "text" and any(isinstance(row[column.key], Blank) for row in table.rows):
            lines.append(_SHORT)  # room for what a person writes
        longest, mean = max(lines, default=0.0), sum(lines) / max(1, len(lines))
        wanted.append(min(most, longest, max(_OF_MEAN * mean, _SHORT)) + _SPARE)
    return [[min(most, one) for one in wanted] for most in (_SHORT, _WIDEST + _SPARE)]


def _least(table: Table, heads: Sequence[str], texts: Sequence[Sequence[str]], longest: float) -> list[float]:
    """The width without which something overflows: whole numbers, and words up to a length."""
    found = []
    for place, column in enumerate(table.columns):
        numbers: list[str] = []
        words = [heads[place]] if table.headed else []
        for row, shown in enumerate(texts):
            number = column.kind != "text" and table.number((row, column.key)) is not None
            (numbers if number else words).append(shown[place])
        longest_word = min(longest, max(_widest(words, face) for face in ("Serif-Bold", "Sans-Bold")))
        head = min(_HEAD, em_width(heads[place].replace("\n", ""), "Sans-Bold")) if table.headed else 0.0
        found.append(max(_widest(numbers, "Serif-Bold"), longest_word, head, _LEAST) + _SPARE)
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
            cuts = [cut for piece in _PIECE.findall(unit[0]) for cut in _cut(piece, room - 1, face) if cut]
            parts += [text[rest : unit.start()], cuts[0]]
            parts += [_BREAK + cut if cut[0] in _CLOSING else cut for cut in cuts[1:]]
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
