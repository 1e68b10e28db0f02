"""Sheets of an Excel workbook as tables, formulas without a result and errors told apart from values."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said
from simkit.documents.number_formats import formatted, patterns_of
from simkit.documents.table import (
    AS_XLSX,
    GivenTable,
    Merged,
    Row,
    Unreadable,
    gather,
    is_blank,
    plain,
    unusable,
)
from simkit.documents.unpack import too_large

__all__ = ["read_workbook"]

_MOST_MERGED = 2_000
_ALONE = Said("fault.copy_table_alone_new_workbook_save")
_ROW, _CELL, _VALUE, _TEXT, _RUN, _ITEM, _MERGED = (
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("row", "c", "v", "t", "r", "si", "mergeCell")
)
#: What is read once its row or item is whole; anything else is forgotten at once.
_PARTS = {_CELL, _VALUE, FORMULA_TAG, INLINE_STRING, _TEXT, _RUN}


def read_workbook(file: str, raw: bytes, first: str) -> Iterator[GivenTable]:
    """Visible sheets of a workbook, each when it is asked for, `first` before the others.

    Raises
    ------
    FaultsError
        For one that is too large or damaged: whatever openpyxl raises becomes a fault.
    """
    with warnings.catch_warnings(action="ignore"):
        try:
            large = too_large(raw)
            book: Any = _book(raw) if large is None else None
        except Exception as error:
            raise _damaged(file, error) from error
    if large is not None:
        raise unusable(file, large, _ALONE)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sorted(sheets, key=lambda sheet: plain(sheet.title) != first):
        yield _sheet(file, book, sheet)


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """Reads a workbook's frame; the words of its cells as text alone, a tenth of the time."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = list(_strings(source))


def _book(raw: bytes) -> Any:
    reader = _Reader(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb


def _strings(source: Any) -> Iterator[str]:
    for _, element in iterparse(source):
        if element.tag == _ITEM:
            yield _text(element)
        if element.tag not in _PARTS:
            element.clear()


def _text(element: Any) -> str:
    """Words of a cell, in one run or several, without the reading aids of Japanese."""
    parts = [element.findtext(_TEXT), *(run.findtext(_TEXT) for run in element.findall(_RUN))]
    return "".join(part or "" for part in parts).replace("x005F_", "")


def _damaged(file: str, error: Exception) -> FaultsError:
    return unusable(file, Said("fault.a_damaged_workbook", one=type(error).__name__), AS_XLSX)


def _sheet(file: str, book: Any, sheet: Any) -> GivenTable:
    """One sheet, by openpyxl's parser of cells: its sheets tell neither formulas nor merged cells."""
    with warnings.catch_warnings(action="ignore"):
        try:
            with sheet._get_source() as source:
                parser = _Cells(source, book, sheet)
                rows, faults = gather(file, sheet.title, parser.rows())
        except Exception as error:
            raise _damaged(file, error) from error
    if len(parser.merged) > _MOST_MERGED:
        faults.append(
            Fault(
                file,
                0,
                sheet.title,
                Said("fault.at_most_merged_ranges", most_merged=_MOST_MERGED),
                Said("fault.more"),
                _ALONE,
            )
        )
    return GivenTable(file, sheet.title, rows, tuple(parser.merged[:_MOST_MERGED]), tuple(faults))


class _Cells(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """Rows and merged ranges of a sheet; an Unreadable for formulas without a stored result and errors."""

    def __init__(self, source: Any, book: Any, sheet: Any) -> None:
        dates = (book.epoch, book._date_formats, book._timedelta_formats)
        super().__init__(source, sheet._shared_strings, True, *dates)
        self.row_counter = 0
        self.patterns = patterns_of(book)
        self.merged: list[Merged] = []

    def rows(self) -> Iterator[Row]:
        """Rows as far as a value stands in them."""
        for _, element in iterparse(self.source):
            if element.tag == _ROW and len(element):
                yield self._row(element)
            elif element.tag == _ROW:
                self._number(element)
            elif element.tag == _MERGED and len(self.merged) <= _MOST_MERGED:
                name = element.get("ref")
                self.merged.append(Merged(name, *range_boundaries(name)))
            if element.tag not in _PARTS:
                element.clear()

    def _number(self, element: Any) -> None:
        number = element.get("r")
        self.row_counter = int(float(number)) if number else self.row_counter + 1
        self.col_counter = 0

    def _row(self, element: Any) -> Row:
        self._number(element)
        values = {column: value for column, value in map(self._cell, element) if not is_blank(value)}
        return Row(self.row_counter, 0, tuple(values.get(at + 1) for at in range(max(values, default=0))))

    def _cell(self, element: Any) -> tuple[int, Any]:
        """Column and value; of one that has only a style, nothing."""
        words = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
        if words is None and len(element):
            cell = self.parse_cell(element)
            return cell["column"], self._told(cell, element)
        place = element.get("r")
        self.col_counter = coordinate_to_tuple(place)[1] if place else self.col_counter + 1
        return self.col_counter, None if words is None else _text(words)

    def _told(self, cell: dict[str, Any], element: Any) -> Any:
        value = cell["value"]
        if value is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            hint = Said("fault.open_file_excel_wps_save_paste")
            return Unreadable(Said("fault.no_result"), hint)  # the empty text of `str` is a result
        if cell["data_type"] == "e" and value is not None:
            return Unreadable(Said("fault.the_error", value=value), Said("fault.correct_formula_cell_format"))
        if cell["data_type"] == "n" and type(value) in (int, float):
            return formatted(value, self.patterns.get(cell["style_id"], ""))
        return value
