"""How wide numbers and words are, and how a table's columns share a page: words may break, a number never.

A reader's machine may lack the fonts of a paper and take others, whose digits are wider: numbers are measured by the
widest that stand in for them, DejaVu Sans, bold where they are bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import floor

from simkit.base.visible import text_width
from simkit.report.papers.table import Blank, Column, Table, cell_text

__all__ = [
    "bounded",
    "column_widths",
    "fitted",
    "least_widths",
    "number_width",
    "text_lines",
    "widest_numbers",
]

#: Widths of what numbers are written with, in sizes of the font: regular and bold.
_ADVANCES = {
    "0123456789": (0.637, 0.697),
    ",.": (0.318, 0.381),
    "-/: ": (0.361, 0.416),
    "()": (0.391, 0.474),
    "%": (0.951, 1.003),
}
_WIDTHS = {letter: pair for letters, pair in _ADVANCES.items() for letter in letters}
#: Of anything else that is no Chinese character; of those.
_OTHER, _CHINESE = 0.84, 1.0
#: A number in a text, with what belongs to it; days count too.
_NUMBER = re.compile(r"[-+−±]?\d(?:[\d,.:/-]*\d)?%?")
#: Width of a digit of the font by which a workbook counts the widths of columns (Arial), in sizes of the font.
_DIGIT = 0.556
#: What a person may fill in, by the kind of the column; its number takes so much room.
_FILLED = {"money": "1,234,567.89", "count": "1,234,567.8", "whole": "1234567", "share": "100.0%", "text": ""}
_WIDEST, _NARROWEST, _WORDS = 46, 8, 14.0
#: Room for what a person writes.
_WRITTEN = 28
#: Room beside the longest line of a cell.
_SPARE = 2
#: Width of a page, in the width of a digit, at a size that can be read.
_PAGE = 165


def number_width(text: str, *, bold: bool) -> float:
    """Width of a number in the widest font that it may be shown in, in sizes of the font."""
    return sum(
        _WIDTHS[letter][bold] if letter in _WIDTHS else _CHINESE if text_width(letter) > 1 else _OTHER
        for letter in text
    )


def text_lines(text: str, width: float) -> int:
    """Lines that a text takes in a cell so wide."""
    return sum(max(1, -(-(text_width(line) - 1) // max(1, int(width)))) for line in text.split("\n"))


def widest_numbers(table: Table) -> list[float]:
    """What each column needs lest a number in it be broken or hidden: `number_width` of its widest.

    Numbers in words and in headings count too, and what a person fills in.
    """
    return [max(_numbers(table, column), default=0.0) for column in table.columns]


def least_widths(table: Table) -> list[float]:
    """Width in digits that each column of a workbook needs for its numbers, whatever the font."""
    return [wide / _DIGIT + _SPARE for wide in widest_numbers(table)]


def _numbers(table: Table, column: Column) -> Iterator[float]:
    """Widths of the numbers of a column."""
    if table.headed:
        yield from (number_width(one[0], bold=True) for one in _NUMBER.finditer(column.heading))
    for number, row in enumerate(table.rows):
        value, bold = row[column.key], number in table.totals
        text = cell_text(value, column)
        if isinstance(value, Blank):
            yield number_width(_FILLED[column.kind], bold=bold)
        if column.kind != "text" and table.number((number, column.key)) is not None:
            yield number_width(text, bold=bold)
        else:
            yield from (number_width(one[0], bold=bold) for one in _NUMBER.finditer(text))


def column_widths(table: Table, *, any_font: bool = False) -> list[float]:
    """Width of each column in digits: as wide as its widest cell; words give way to fit a page, numbers never.

    A long heading stands on two lines.

    Parameters
    ----------
    any_font : bool
        Numbers fit in whatever font the reader's machine has; else in the paper's own.
    """
    texts = table.texts()
    least = least_widths(table) if any_font else [0.0] * len(table.columns)
    widths = []
    for place, column in enumerate(table.columns):
        lines = [text_width(line) for row in texts for line in row[place].split("\n")]
        if column.kind != "text":
            numbers = [
                text_width(row[place])
                for number, row in enumerate(texts)
                if table.number((number, column.key)) is not None
            ]
            least[place] = max(least[place], max(numbers, default=0) + _SPARE)
        widest = max(lines, default=0)
        if column.kind == "text" and any(isinstance(row[column.key], Blank) for row in table.rows):
            widest = max(widest, _WRITTEN)
        heading = text_width(column.heading) + 2
        heading = heading if heading <= 14 else min(heading // 2 + 4, 18)
        widths.append(float(max(_NARROWEST, widest + _SPARE, heading)))
    return _on_a_page(widths, least)


def _on_a_page(widths: list[float], least: list[float]) -> list[float]:
    """Widths of which the largest give way until they fit a page, as far as they may."""
    most = float(_WIDEST)
    while most > _NARROWEST and sum(min(width, most) for width in widths) > _PAGE:
        most -= 1
    return bounded(widths, least, max(most, _WORDS))


def bounded(widths: Sequence[float], least: Sequence[float], most: float) -> list[float]:
    """Widths of at most so much, but for what a column cannot do without."""
    return [max(low, min(width, most)) for width, low in zip(widths, least, strict=True)]


def fitted(
    needs: Sequence[tuple[Sequence[float], Sequence[float]]],
    wishes: Sequence[Sequence[float]],
    room: float,
    *,
    sizes: Sequence[float],
    steps: int,
) -> tuple[float, list[float]]:
    """Size of a table's letters, and each column's width in it, all in the same unit of a letter.

    Words break before letters become smaller than the smallest size; numbers never do: where they need more room
    than there is, the letters shrink further.

    Parameters
    ----------
    needs : pairs of widths
        Of each column what it cannot do without, and what it should have, or more, before letters shrink; once as
        words should stand, then again as they must where there is no room.
    wishes : sequence of widths
        What a column would like: what the first ones leave goes to the next; all of the page is given.
    room : float
        Of the page: units times size.
    sizes : sequence of float
        From the largest.
    steps : int
        Into which a point is cut below the smallest.
    """
    for least, wanted in needs:
        total = sum(max(pair) for pair in zip(least, wanted, strict=True))
        size = next((one for one in sizes if total * one <= room), sizes[-1])
        if sum(least) * size <= room:
            break
    else:
        size = floor(steps * room / sum(least)) / steps
    widths, room = list(least), room / size
    for wish in wishes:
        lacking = [max(0.0, one - width) for one, width in zip(wish, widths, strict=True)]
        given = min(1.0, max(0.0, room - sum(widths)) / (sum(lacking) or 1.0))
        widths = [width + lack * given for width, lack in zip(widths, lacking, strict=True)]
    return size, [width * room / sum(widths) for width in widths]
