"""How wide a table's columns are, and how many lines its words take: a Chinese character is two digits wide."""

from __future__ import annotations

import unicodedata

from simkit.report.table import Blank, Table

__all__ = ["column_widths", "text_lines", "text_width"]

_WIDEST, _NARROWEST = 46, 8
#: Room for what a person writes.
_WRITTEN = 28
#: Width of a page, in the width of a digit, at a size that can be read.
_PAGE = 165


def text_width(text: str) -> int:
    """Columns that a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def text_lines(text: str, width: float) -> int:
    """Lines that a text takes in a cell so wide."""
    return sum(max(1, -(-(text_width(line) - 1) // max(1, int(width)))) for line in text.split("\n"))


def column_widths(table: Table) -> list[float]:
    """Width of each column: as wide as its widest cell, a long heading on two lines; words give way to fit a page."""
    texts = table.texts()
    widths = []
    for place, column in enumerate(table.columns):
        widest = max((text_width(line) for row in texts for line in row[place].split("\n")), default=0)
        if column.kind == "text" and any(isinstance(row[column.key], Blank) for row in table.rows):
            widest = max(widest, _WRITTEN)
        heading = text_width(column.heading) + 2
        heading = heading if heading <= 14 else min(heading // 2 + 4, 18)
        widths.append(float(max(_NARROWEST, widest + 2, heading)))
    most = float(_WIDEST)
    while most > _NARROWEST and sum(min(width, most) for width in widths) > _PAGE:
        most -= 1
    return [min(width, max(most, 14.0)) for width in widths]
