"""A table as the data that the PDF's template reads: sizes and widths, then cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from simkit.report.papers.glyphs import Face, em_width, printable
from simkit.report.papers.pdf.columns import Breakable, Fit, breakable, fitted
from simkit.report.papers.table import Blank, Column, Table, cell_text, merged_rows

__all__ = ["BODY", "SMALL", "line_data", "table_data"]

#: Sizes of letters outside tables, as the template has them: paragraphs and titles of tables; notes. Points.
BODY, SMALL = 12.0, 9.0
#: Where the cells of a kind of column stand.
_SIDES = {"text": "left", "money": "right", "count": "right", "share": "right", "whole": "center"}
#: Lines of a row that never breaks at the end of a page.
_WHOLE_LINES = 30
#: Lines of notes, and of the last rows, that stay together at the foot of a table; how many rows.
_KEPT_LINES, _KEPT_ROWS = 15, 3
#: A table is never cut by the end of a page up to so many rows, and lines of rows and notes; lines of what is written.
_TOGETHER_ROWS, _TOGETHER_LINES, _WRITTEN_LINES = 12, 22, 2


def line_data(text: str, room: float, face: Face = "Serif-Regular") -> Breakable:
    """A text on lines that hold so much, in sizes of its letters."""
    return breakable(printable(text), room - 1, face)


def table_data(table: Table, width: float, *, titled: bool = True) -> dict[str, Any]:
    """A table as the template sets it: sizes and widths, then cell by cell; `titled`: below its title, if any."""
    heads = [printable(column.heading) for column in table.columns]
    texts = [
        [printable(cell_text(row[column.key], column)) for column in table.columns] for row in table.rows
    ]
    fit = fitted(table, heads, texts, width)
    return {
        "kind": "table",
        "title": line_data(table.title, width / BODY, "Sans-Bold") if table.title and titled else "",
        "unit": line_data(table.unit, width / SMALL) if table.unit else "",
        "size": fit.size,
        "inset": fit.inset,
        "widths": fit.widths,
        "aligns": [_SIDES[column.kind] for column in table.columns],
        "whole": all(_is_short(row, fit, _WHOLE_LINES) for row in texts),
        "heads": _heads(table, heads, fit) if table.headed else [],
        "rows": _rows(table, texts, fit),
        "notes": [line_data(note, width / SMALL - 3) for note in table.notes],
        "together": _together(table, texts, fit, width / SMALL - 3),
        "kept": _kept(table, texts, fit, width / SMALL - 3),
    }


def _kept(table: Table, texts: Sequence[Sequence[str]], fit: Fit, room: float) -> int:
    """How many of the last rows stay with each other and the notes: fewer, or none, where they are high or merged."""
    inside = {
        row
        for column in table.columns
        for first, rows in merged_rows(table, column).items()
        for row in range(first + 1, first + rows)
    }
    if _lines_of(map(printable, table.notes), room) > _KEPT_LINES:
        return 0
    for count in range(max(1, min(_KEPT_ROWS, len(texts) - 1)), 0, -1):
        lines = sum(_row_lines(row, fit) for row in texts[-count:])
        if texts and lines <= _KEPT_LINES and len(texts) - count not in inside:
            return count
    return 0


def _together(table: Table, texts: Sequence[Sequence[str]], fit: Fit, room: float) -> bool:
    """Whether a table is so short that it stands on one page."""
    lines = _lines_of(map(printable, table.notes), room)
    for number, row in enumerate(texts):
        written = any(isinstance(value, Blank) for value in table.rows[number].values())
        lines += max(_WRITTEN_LINES if written else 1, _row_lines(row, fit))
    return len(texts) <= _TOGETHER_ROWS and lines <= _TOGETHER_LINES


def _row_lines(row: Sequence[str], fit: Fit) -> int:
    """Lines of a row, at most."""
    return max(_lines_of([text], fit.room(place)) for place, text in enumerate(row))


def _is_short(row: Sequence[str], fit: Fit, lines: int) -> bool:
    """Whether a row surely has no more lines than so many."""
    return _row_lines(row, fit) <= lines


def _lines_of(texts: Iterable[str], room: float) -> int:
    """How many lines texts take at most: half of a line may stay empty."""
    lines = (line for text in texts for line in text.split("\n"))
    return sum(math.ceil(em_width(line) / room * 2 - 1) if em_width(line) > room else 1 for line in lines)


def _heads(table: Table, heads: Sequence[str], fit: Fit) -> list[dict[str, Any]]:
    return [
        {"text": breakable(head, fit.room(place), "Sans-Bold"), "shaded": column.not_additive}
        for place, (head, column) in enumerate(zip(heads, table.columns, strict=True))
    ]


def _rows(table: Table, texts: Sequence[Sequence[str]], fit: Fit) -> list[list[Any]]:
    """The cells of each row, without those that a cell above takes in."""
    spans = [merged_rows(table, column) for column in table.columns]
    taken = [
        {row for first, rows in found.items() for row in range(first + 1, first + rows)} for found in spans
    ]
    rows = []
    for number, row in enumerate(texts):
        face: Face = "Serif-Bold" if number in table.totals else "Serif-Regular"
        cells = []
        for place, text in enumerate(row):
            if number not in taken[place]:
                apart = _apart(table, number, table.columns[place])
                if number in spans[place]:
                    apart["rows"] = spans[place][number]
                words = breakable(text, fit.room(place), face)
                cells.append({"text": words, **apart} if apart or isinstance(words, list) else words)
        rows.append(cells)
    return rows


def _apart(table: Table, number: int, column: Column) -> dict[str, Any]:
    """What sets a cell apart from the others of its column."""
    value = table.rows[number][column.key]
    blank = isinstance(value, Blank)
    value = value.value if isinstance(value, Blank) else value
    apart: dict[str, Any] = {}
    if column.kind != "text" and (value is None or isinstance(value, str)):
        apart["align"] = "center"
    if number in table.totals:
        apart |= {"bold": True, "tint": "total"}
    if column.not_additive:
        apart["tint"] = "shaded"
    if blank:
        apart |= {"tint": "blank", "written": column.kind == "text" and value is None}
    return apart
