"""A table on a sheet of a workbook: headings, rows, notes; formulas are live, what is filled in is unlocked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simkit.base.visible import text_width
from simkit.documents.workbook import cut
from simkit.report.papers.table import Blank, Cell, Column, Table, cell_text, merged_rows
from simkit.report.papers.widths import text_lines
from simkit.report.papers.xlsx.formats import LINE, MOST_LINES, SIZE, Pen
from simkit.report.papers.xlsx.formulas import Formula, formulas
from simkit.report.papers.xlsx.stack import Place

__all__ = ["ask", "write_head", "write_rows", "write_text"]

_FEN_IN_WAN = 1_000_000
#: Most characters of the heading and the words beside a cell that is filled in.
_LONGEST_TITLE, _LONGEST_HINT = 32, 255
#: What may be written into a cell to be filled in, by the kind of its column.
_ALLOWED: dict[str, dict[str, Any]] = {
    "money": {"validate": "decimal", "criteria": ">=", "value": 0},
    "count": {"validate": "decimal", "criteria": ">=", "value": 0},
    "whole": {"validate": "integer", "criteria": ">=", "value": 0},
    "share": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1},
    "text": {"validate": "any"},
}


def write_head(
    pen: Pen, sheet: Any, table: Table, at: int, *, places: Sequence[Place], widths: Sequence[float]
) -> float:
    """Write the column headings in a row of a sheet; give its height in points.

    Parameters
    ----------
    places : sequence of Place
        Where the table's columns stand.
    widths : sequence of float
        Of the sheet's columns.
    """
    lines = 1
    for place, column in zip(places, table.columns, strict=True):
        if place.last > place.first:
            sheet.merge_range(at, place.first, at, place.last, "", pen.head())
        sheet.write_string(at, place.first, pen.text(column.heading), pen.head())
        lines = max(lines, text_lines(column.heading, place.width(widths)))
    height = LINE * min(lines, 6)
    sheet.set_row(at, height)
    return height


def write_rows(
    pen: Pen, sheet: Any, table: Table, top: int, *, places: Sequence[Place], widths: Sequence[float]
) -> None:
    """Write the rows of a table from a row of a sheet on; both count from 0. Else as `write_head`."""
    spans = {
        (row, column.key): count
        for column in table.columns
        if column.kind == "text"
        for row, count in merged_rows(table, column).items()
    }
    live = formulas(table, top, [place.first for place in places])
    page = _Rows(pen, sheet, table, top, spans, live)
    for number in range(len(table.rows)):
        lines = 1.0
        for place, column in enumerate(table.columns):
            page.write(number, column, places[place])
            value = table.rows[number][column.key]
            if column.kind == "text" or _amount(value, column) is None:
                text = cell_text(value, column)
                lines = max(lines, text_lines(text, places[place].width(widths)) / page.span(number, column))
        sheet.set_row(top + number, LINE * min(-(-lines // 1), MOST_LINES))


def write_text(
    pen: Pen, sheet: Any, at: int, text: str, widths: Sequence[float], style: Any, size: float = SIZE
) -> int:
    """Write paragraphs over these columns, each in a row of its own, from a row on; give the next row.

    What is longer than a row can be high goes on in the next one. `size`: of the letters, in points.
    """
    across = sum(widths) * SIZE / size
    most = int(MOST_LINES * SIZE / size)
    for part in _portions(pen.text(text), int(across * (most - 1))):
        if len(widths) > 1:
            sheet.merge_range(at, 0, at, len(widths) - 1, "", style)
        sheet.write_string(at, 0, part, style)
        sheet.set_row(at, LINE * size / SIZE * min(text_lines(part, across), most))
        at += 1
    return at


def _portions(text: str, most: int) -> Iterator[str]:
    """Paragraphs, in pieces of at most so many columns."""
    for paragraph in text.split("\n"):
        piece, width = "", 0
        for letter in paragraph:
            wide = text_width(letter)
            if width + wide > most:
                yield piece
                piece, width = "", 0
            piece, width = piece + letter, width + wide
        yield piece


def ask(pen: Pen, sheet: Any, cells: tuple[int, int, int, int], kind: str, hint: str) -> None:
    """Say at a cell what to fill in, and refuse what is no number where one belongs."""
    options = dict(_ALLOWED[kind])
    if hint:
        options["input_title"] = cut(pen.say("book.input"), _LONGEST_TITLE)
        options["input_message"] = cut(hint, _LONGEST_HINT)
    if kind != "text":
        options["error_title"] = cut(pen.say("book.wrong"), _LONGEST_TITLE)
        options["error_message"] = cut(pen.say(f"book.wrong.{kind}"), _LONGEST_HINT)
    elif not hint:
        return
    sheet.data_validation(*cells, options)


@dataclass(slots=True, eq=False)
class _Rows:
    """The rows of a table on a sheet, from row `top` on.

    Attributes
    ----------
    spans : dict of Cell to int
        Cells that stand over several rows, and how many.
    live : dict of Cell to Formula
    """

    pen: Pen
    sheet: Any
    table: Table
    top: int
    spans: Mapping[Cell, int]
    live: Mapping[Cell, Formula]
    covered: set[Cell] = field(default_factory=set)

    def __post_init__(self) -> None:
        for (row, key), count in self.spans.items():
            self.covered |= {(row + more, key) for more in range(1, count)}

    def span(self, number: int, column: Column) -> int:
        """How many rows share the cell that this one is or is part of."""
        first = max((row for row, key in self.spans if key == column.key and row <= number), default=number)
        count = self.spans.get((first, column.key), 1)
        return count if number < first + count else 1

    def write(self, number: int, column: Column, place: Place) -> None:
        """Write one cell, unless one above covers it."""
        at = self.top + number
        cell = (number, column.key)
        if cell in self.covered:
            return
        blank = self.table.rows[number][column.key]
        value = blank.value if isinstance(blank, Blank) else blank
        style = self.pen.cell(
            column,
            total=number in self.table.totals,
            words=_amount(value, column) is None,
            blank=isinstance(blank, Blank),
        )
        last = at + self.spans.get(cell, 1) - 1
        area = (at, place.first, last, place.last)
        if area[:2] != area[2:]:
            self.sheet.merge_range(*area, "", style)
        if isinstance(blank, Blank):
            ask(self.pen, self.sheet, area, column.kind, blank.hint)
        if isinstance(blank, Blank) and value is None:
            self.sheet.write_blank(at, place.first, None, style)
        elif cell in self.live:
            self._live(at, place.first, self.live[cell], style, _amount(value, column))
        elif _amount(value, column) is None or column.kind == "text":
            self.sheet.write_string(at, place.first, self.pen.text(cell_text(value, column)), style)
        else:
            self.sheet.write_number(at, place.first, _amount(value, column), style)

    def _live(self, at: int, place: int, formula: Formula, style: Any, amount: float | None) -> None:
        """A formula with the value that it has now."""
        self.sheet.write_formula(at, place, formula.text, style, formula.words if amount is None else amount)


def _amount(value: Any, column: Column) -> float | int | None:
    """A number as a sheet has it, money in 万元 and exact to the fen, never -0; None for words."""
    if value is None or isinstance(value, str | Blank):
        return None
    if column.kind == "money":
        return 0.0 if -0.5 < value < 0 else float(value) / _FEN_IN_WAN
    number: float | int = value
    return number
