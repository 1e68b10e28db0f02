"""Tables as a workbook: a sheet a table, contents in front, the same bytes on each run."""

from __future__ import annotations

import datetime
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from simkit.errors import RunError
from simkit.report.messages import say
from simkit.report.table import Column, Language, Table, cell_text, summed_rows
from simkit.report.widths import column_widths, text_lines, text_width

__all__ = ["sheet_names", "write_xlsx"]

#: Nothing in the file depends on the day it was written.
_CREATED = datetime.datetime(2023, 4, 12)
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_future_functions": True,
    "nan_inf_to_errors": True,
}
_FONTS = {"zh": ("仿宋_GB2312", "黑体"), "en": ("Times New Roman", "Arial")}
_PATTERNS = {"money": "#,##0{}", "count": "#,##0{}", "share": "0{}%", "whole": "0", "text": "@"}
_DECIMALS = {"money": 2, "count": 1, "share": 1}
#: Most characters that a cell of a workbook holds.
_LONGEST = 32_767
_FEN_IN_WAN = 1_000_000
_HEADER_ROW = 2


def write_xlsx(
    tables: Sequence[Table],
    path: str | Path,
    *,
    lang: Language = "zh",
    properties: Mapping[str, str] | None = None,
) -> Path:
    """Write tables as a workbook, whole or not at all.

    Money stands in 万元. Totals that sum the rows above, and columns that sum others, are live formulas
    with their value; all else are numbers. Words are text, whatever they begin with.

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
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise RunError(f"{path}: cannot be written: {error.strerror or error}") from error
    try:
        _write(tables, partial, lang, dict(properties or {}))
        os.chmod(partial, 0o644)
        os.replace(partial, path)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise RunError(
            f"{path}: cannot be written: {error}; nothing was kept: close the file, or make room"
        ) from error
    finally:
        Path(partial).unlink(missing_ok=True)
    return path


def sheet_names(tables: Sequence[Table], lang: Language = "zh") -> list[str]:
    """Names of the sheets: number and title, without what a sheet's name may not hold, at most 31 characters."""
    taken = {say(lang, "xlsx.contents").lower()}
    names = []
    for number, table in enumerate(tables, start=1):
        words = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", table.title or table.id).strip(" '")
        name = f"{number:02d} {words}"[:31].rstrip(" '")
        while name.lower() in taken:
            name = f"{name[:28]}~{len(taken)}"
        taken.add(name.lower())
        names.append(name)
    return names


def _write(tables: Sequence[Table], path: str, lang: Language, properties: dict[str, str]) -> None:
    with xlsxwriter.Workbook(path, _OPTIONS) as book:
        book.set_properties({"created": _CREATED, **properties})
        book.set_size(2400, 1400)
        pen = _Pen(book, lang)
        names = sheet_names(tables, lang)
        _contents(pen, tables, names, properties.get("title", ""))
        for table, name in zip(tables, names, strict=True):
            _sheet(pen, table, name)


@dataclass(slots=True, eq=False)
class _Pen:
    """A workbook, its language, and the formats made so far."""

    book: Any
    lang: Language
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def style(self, **options: Any) -> Any:
        """A format; the same one for the same options."""
        body, _ = _FONTS[self.lang]
        options = {"font_name": body, "font_size": 10, "valign": "vcenter", **options}
        key = tuple(sorted(options.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(options)
        return self.formats[key]

    def title(self) -> Any:
        """The format of a heading."""
        return self.style(font_name=_FONTS[self.lang][1], font_size=14, bold=True)

    def head(self) -> Any:
        """The format of column headings."""
        return self.style(
            font_name=_FONTS[self.lang][1],
            bold=True,
            border=1,
            text_wrap=True,
            align="center",
            bg_color="#E7ECF3",
        )

    def cell(self, column: Column, *, total: bool, words: bool) -> Any:
        """The format of a cell; words in a column of numbers stand in the middle."""
        options: dict[str, Any] = {"border": 1, "bold": total}
        if total:
            options["bg_color"] = "#F4F4F4"
        if column.kind == "text" or words:
            options |= {"text_wrap": True, "align": "left" if column.kind == "text" else "center"}
        else:
            decimals = _DECIMALS.get(column.kind, 0) if column.decimals is None else column.decimals
            if column.kind == "whole":
                options["align"] = "center"
            options["num_format"] = _PATTERNS[column.kind].format("." + "0" * decimals if decimals else "")
        return self.style(**options)


def _text(pen: _Pen, words: str) -> str:
    """A text that a cell can hold."""
    cut = say(pen.lang, "xlsx.cut")
    return words if len(words) <= _LONGEST else words[: _LONGEST - len(cut)] + cut


def _print_setup(pen: _Pen, sheet: Any, last_head: int | None) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.set_footer("&C" + say(pen.lang, "xlsx.page", page="&P", pages="&N"))
    if last_head is not None:
        sheet.repeat_rows(last_head)


def _contents(pen: _Pen, tables: Sequence[Table], names: Sequence[str], title: str) -> None:
    sheet = pen.book.add_worksheet(say(pen.lang, "xlsx.contents"))
    sheet.write_string(0, 0, _text(pen, title or say(pen.lang, "xlsx.contents")), pen.title())
    for place, key in enumerate(("number", "table", "unit")):
        sheet.write_string(_HEADER_ROW, place, say(pen.lang, f"xlsx.{key}"), pen.head())
    body = pen.style(border=1)
    link = pen.style(border=1, font_color="#1F4E9E", underline=1, text_wrap=True)
    for number, (table, name) in enumerate(zip(tables, names, strict=True), start=1):
        row = _HEADER_ROW + number
        sheet.write_number(row, 0, number, body)
        quoted = name.replace("'", "''")
        sheet.write_url(row, 1, f"internal:'{quoted}'!A1", link, _text(pen, table.title)[:255])
        sheet.write_string(row, 2, _text(pen, table.unit), body)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 24)
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    sheet.hide_gridlines(2)
    _print_setup(pen, sheet, None)


def _sheet(pen: _Pen, table: Table, name: str) -> None:
    sheet = pen.book.add_worksheet(name)
    sheet.write_string(0, 0, _text(pen, table.title), pen.title())
    sheet.write_string(1, 0, _text(pen, table.unit), pen.style())
    widths = column_widths(table)
    lines = 1
    for place, column in enumerate(table.columns):
        sheet.write_string(_HEADER_ROW, place, _text(pen, column.heading), pen.head())
        sheet.set_column(place, place, widths[place])
        lines = max(lines, text_lines(column.heading, widths[place]))
    sheet.set_row(_HEADER_ROW, 15.0 * min(lines, 6))
    for number in range(len(table.rows)):
        _row(pen, sheet, table, number, widths)
    _notes(pen, sheet, table, widths)
    sheet.freeze_panes(_HEADER_ROW + 1, 1 if table.columns[0].kind == "text" else 0)
    sheet.hide_gridlines(2)
    _print_setup(pen, sheet, _HEADER_ROW)


def _row(pen: _Pen, sheet: Any, table: Table, number: int, widths: Sequence[float]) -> None:
    at = _HEADER_ROW + 1 + number
    lines = 1
    for place, column in enumerate(table.columns):
        value = table.rows[number][column.key]
        words = value is None or isinstance(value, str)
        style = pen.cell(column, total=number in table.totals, words=words)
        if words or column.kind == "text":
            text = _text(pen, cell_text(value, column))
            sheet.write_string(at, place, text, style)
            lines = max(lines, text_lines(text, widths[place]))
            continue
        amount = float(value) / _FEN_IN_WAN if column.kind == "money" else value
        formula = _formula(table, number, place)
        if formula:
            sheet.write_formula(at, place, formula, style, amount)
        else:
            sheet.write_number(at, place, amount, style)
    sheet.set_row(at, 15.0 * min(lines, 27))


def _formula(table: Table, number: int, place: int) -> str:
    """A sum of cells that adds up to this one to the fen, or nothing."""
    column = table.columns[place]
    rows = summed_rows(table, number, column)
    if rows:
        spans = [f"{_cell(first, place)}:{_cell(last, place)}" for first, last in _runs(rows)]
        return f"=SUM({','.join(spans)})"
    row = table.rows[number]
    keys = [one.key for one in table.columns]
    parts = [key for key in column.parts if isinstance(row[key], int)]
    whole = (
        column.kind == "money" and isinstance(row[column.key], int) and len(parts) == len(column.parts) > 0
    )
    if whole and sum(row[key] for key in parts) == row[column.key]:
        return f"=SUM({','.join(_cell(number, keys.index(key)) for key in parts)})"
    return ""


def _cell(row: int, place: int) -> str:
    return str(xl_rowcol_to_cell(_HEADER_ROW + 1 + row, place))


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rows as runs of neighbours: first, last."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def _notes(pen: _Pen, sheet: Any, table: Table, widths: Sequence[float]) -> None:
    at = _HEADER_ROW + 2 + len(table.rows)
    style = pen.style(text_wrap=True, valign="top", font_size=9)
    across = int(sum(widths))
    for number, note in enumerate(table.notes):
        text = _text(pen, note)
        if len(table.columns) > 1:
            sheet.merge_range(at + number, 0, at + number, len(table.columns) - 1, "", style)
        sheet.write_string(at + number, 0, text, style)
        sheet.set_row(at + number, 14.0 * max(1, min(27, -(-text_width(text) // max(1, across)))))
