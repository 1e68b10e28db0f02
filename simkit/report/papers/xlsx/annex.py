"""One annex as a sheet of a workbook: its tables, figures and words one below the other."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from simkit.documents.workbook import cut
from simkit.report.papers.notes import note_lines
from simkit.report.papers.paper import Annex
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Blank, Table
from simkit.report.papers.xlsx.formats import LINE, NOTE, SIZE, Pen, print_setup
from simkit.report.papers.xlsx.sheet import write_head, write_rows, write_text
from simkit.report.papers.xlsx.stack import may_head, places, stacked_widths

__all__ = ["PROTECTION", "annex_sheet"]

#: What people may do on a protected sheet beside filling in its inputs.
PROTECTION = {
    "format_cells": False,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}
#: Dots per inch of figures: sharp on a screen and on paper, and light.
_DPI = 150
#: Points: most height of a figure, which stands in one row so that no page break cuts it; room around it.
_HIGHEST, _ROOM = 390.0, 12.0
_POINTS = 72
#: Pixels of a column: of each unit of its width, and beside them; pixels per inch.
_PIXELS, _PADDING, _PER_INCH = 7, 5, 96
#: Points of what may stand still above the rows that scroll; width of the columns that may stand still.
_STILL_HEIGHT, _STILL_WIDTH = 220.0, 90.0
#: Rows of a sheet's label and heading; of a first table whose headings are printed on every page, whatever follows.
_TITLE_ROWS, _PAGES_LONG = 2, 40
#: A list so long can be filtered.
_LONG = 12
#: Longest description of a figure.
_LONGEST_ALT = 1_000


def annex_sheet(pen: Pen, annex: Annex, name: str, running: str) -> None:
    """Write an annex as a sheet.

    Parameters
    ----------
    name : str
        The sheet's.
    running : str
        Stands above every page.
    """
    tables = [piece for piece in annex.pieces if isinstance(piece, Table)]
    widths = stacked_widths(tables, landscape=annex.landscape)
    page = _Page(pen, annex, pen.book.add_worksheet(name), widths, tables)
    for place, width in enumerate(page.widths):
        page.sheet.set_column(place, place, width)
    page.text(annex.label, pen.title(11, align="left"), 11)
    page.text(annex.heading, pen.title(16, align="center", text_wrap=True), 16)
    for piece in annex.pieces:
        page.put(piece)
    page.finish(running)


@dataclass(slots=True, eq=False)
class _Page:
    """The sheet of an annex, written from the top down.

    Attributes
    ----------
    at : int
        The next row.
    head : int or None
        Row of the first table's headings.
    still : float
        Points of what stands above the first table's rows.
    """

    pen: Pen
    annex: Annex
    sheet: Any
    widths: list[float]
    tables: list[Table]
    at: int = 0
    head: int | None = None
    still: float = field(default=0.0)

    def put(self, piece: Table | Picture | Sentences) -> None:
        """Write a piece."""
        if isinstance(piece, Table):
            self._table(piece)
        elif isinstance(piece, Picture):
            self._picture(piece)
        else:
            self._words(piece)

    def text(self, words: str, style: Any, size: float = SIZE, *, columns: int | None = None) -> None:
        """Write words over the whole width, or so many columns; nothing where there are none."""
        if words:
            first, self.at = (
                self.at,
                write_text(self.pen, self.sheet, self.at, words, self.widths[:columns], style, size),
            )
            if self.head is None:
                self.still += LINE * size / SIZE * (self.at - first)

    def _words(self, words: Sentences) -> None:
        styles = {
            "p": self.pen.style(text_wrap=True, valign="top"),
            "heading": self.pen.title(12, text_wrap=True),
            "warn": self.pen.warning(),
            "note": self.pen.note(),
        }
        self.text(words.text, styles[words.kind], {"heading": 12, "note": NOTE}.get(words.kind, SIZE))

    def _table(self, table: Table) -> None:
        if table.title != self.annex.heading:
            self.text(table.title, self.pen.title(12, text_wrap=True), 12)
        stood = places(table, self.tables[0])
        self.text(table.unit, self.pen.style(align="right"), columns=stood[-1].last + 1)
        if table.headed:
            height = write_head(self.pen, self.sheet, table, self.at, places=stood, widths=self.widths)
            if self.head is None:
                self.head, self.still = self.at, self.still + height
            self.at += 1
        write_rows(self.pen, self.sheet, table, self.at, places=stood, widths=self.widths)
        self._filter(table)
        self.at += len(table.rows)
        for note in note_lines(table.notes, self.pen.lang):
            self.text(note, self.pen.note(), NOTE)
        self.at += 1

    def _filter(self, table: Table) -> None:
        """Let a long list be filtered: one that stands alone and sums up nothing."""
        alone = len(self.tables) == 1
        plain = not table.totals and not table.links and not any(column.merged for column in table.columns)
        if alone and plain and table.headed and len(table.rows) >= _LONG:
            self.sheet.autofilter(self.at - 1, 0, self.at + len(table.rows) - 1, len(table.columns) - 1)

    def _picture(self, picture: Picture) -> None:
        width, height = picture.inches
        room = sum(int(one * _PIXELS + _PADDING) for one in self.widths) / _PER_INCH
        scale = min(1.0, room / width, _HIGHEST / _POINTS / height)
        self.sheet.set_row(self.at, height * scale * _POINTS + _ROOM)
        options = {
            "image_data": io.BytesIO(picture.png(_DPI)),
            "x_scale": scale,
            "y_scale": scale,
            "x_offset": 2,
            "y_offset": 4,
            "description": cut(picture.title, _LONGEST_ALT),
        }
        self.sheet.insert_image(self.at, 0, "figure.png", options)
        self.at += 1
        self.text(picture.note, self.pen.note(), NOTE)
        self.at += 1

    def finish(self, running: str) -> None:
        """Protect, freeze, set up the print: headings of a table where they hold for all, else those of the annex."""
        alike = bool(self.tables) and may_head(self.tables)
        if self.head is not None and alike and self.still <= _STILL_HEIGHT:
            self.sheet.freeze_panes(self.head + 1, self._still_columns(self.tables[0]))
        else:
            self.sheet.freeze_panes(_TITLE_ROWS, 0)
        self.sheet.hide_gridlines(2)
        self.sheet.protect("", PROTECTION)
        self.sheet.print_area(0, 0, max(self.at - 1, 0), len(self.widths) - 1)
        on_paper = alike or (
            bool(self.tables) and self.tables[0].headed and len(self.tables[0].rows) > _PAGES_LONG
        )
        head = (self.head, self.head) if self.head is not None and on_paper else (0, _TITLE_ROWS - 1)
        print_setup(self.pen, self.sheet, landscape=self.annex.landscape, head=head, above=running)

    def _still_columns(self, table: Table) -> int:
        """Columns on the left that name the rows, as far as they leave room."""
        count, width = 0, 0.0
        for column, wide in zip(table.columns[:-1], self.widths, strict=False) if table.rows else ():
            width += wide
            if column.kind != "text" or width > _STILL_WIDTH or isinstance(table.rows[0][column.key], Blank):
                break
            count += 1
        return min(count, 2)
