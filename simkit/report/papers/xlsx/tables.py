"""Tables as a workbook: a sheet a table, contents in front, the same bytes on each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simkit.base.words import say
from simkit.documents.workbook import new_workbook
from simkit.documents.workbook import sheet_names as unlike
from simkit.report.papers.table import Language, Table
from simkit.report.papers.widths import column_widths
from simkit.report.papers.xlsx.formats import NOTE, Pen, print_setup
from simkit.report.papers.xlsx.sheet import write_head, write_rows, write_text
from simkit.report.papers.xlsx.stack import places

__all__ = ["sheet_names", "write_xlsx"]

_HEADER_ROW = 2


def write_xlsx(
    tables: Sequence[Table],
    path: str | Path,
    *,
    lang: Language = "zh",
    properties: Mapping[str, str] | None = None,
) -> Path:
    """Write tables as a workbook, whole or not at all.

    Money stands in 万元. What is others added up or divided is a live formula with its value; all else are
    numbers. Words are text, whatever they begin with. Gives where it stands: beside what is not simkit's own.

    Parameters
    ----------
    tables : sequence of Table
    path : str or Path
    lang : `zh` or `en`
    properties : mapping, optional
        Document properties: `title`, `subject`, `author`, `company`, `keywords`, `comments`. The title also
        heads the contents.

    Raises
    ------
    RunError
        When the file cannot be written; nothing half-written stays.
    """
    properties = dict(properties or {})
    with new_workbook(path, properties) as book:
        book.set_size(2400, 1400)
        pen = Pen(book, lang)
        names = sheet_names(tables, lang)
        _contents(pen, tables, names, properties.get("title", ""))
        for table, name in zip(tables, names, strict=True):
            _sheet(pen, table, name)
    return Path(book.filename)


def sheet_names(tables: Sequence[Table], lang: Language = "zh") -> list[str]:
    """Names of the sheets: number and title, without what a sheet's name may not hold, at most 31 characters."""
    words = (f"{number:02d} {table.title or table.id}" for number, table in enumerate(tables, start=1))
    return unlike(words, [say(lang, "xlsx.contents")])


def _contents(pen: Pen, tables: Sequence[Table], names: Sequence[str], title: str) -> None:
    sheet = pen.book.add_worksheet(pen.say("xlsx.contents"))
    sheet.write_string(0, 0, pen.text(title or pen.say("xlsx.contents")), pen.title())
    for place, key in enumerate(("number", "table", "unit")):
        sheet.write_string(_HEADER_ROW, place, pen.say(f"xlsx.{key}"), pen.head())
    body = pen.style(border=1)
    for number, (table, name) in enumerate(zip(tables, names, strict=True), start=1):
        row = _HEADER_ROW + number
        sheet.write_number(row, 0, number, body)
        pen.link(sheet, row, 1, name, table.title)
        sheet.write_string(row, 2, pen.text(table.unit), body)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 24)
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    sheet.hide_gridlines(2)
    print_setup(pen, sheet)


def _sheet(pen: Pen, table: Table, name: str) -> None:
    sheet = pen.book.add_worksheet(name)
    sheet.write_string(0, 0, pen.text(table.title), pen.title())
    sheet.write_string(1, 0, pen.text(table.unit), pen.style())
    widths = column_widths(table, any_font=True)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    stood = places(table)
    write_head(pen, sheet, table, _HEADER_ROW, places=stood, widths=widths)
    write_rows(pen, sheet, table, _HEADER_ROW + 1, places=stood, widths=widths)
    _notes(pen, sheet, table, widths)
    sheet.freeze_panes(_HEADER_ROW + 1, 1 if table.columns[0].kind == "text" else 0)
    sheet.hide_gridlines(2)
    print_setup(pen, sheet, head=(_HEADER_ROW, _HEADER_ROW))


def _notes(pen: Pen, sheet: Any, table: Table, widths: Sequence[float]) -> None:
    at = _HEADER_ROW + 2 + len(table.rows)
    for note in table.notes:
        at = write_text(pen, sheet, at, note, widths, pen.note(), NOTE)
