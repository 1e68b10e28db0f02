"""A table as a spreadsheet or a text file holds it: rows of values with their cells, within what can be meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said

__all__ = [
    "AS_XLSX",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "GivenTable",
    "Merged",
    "Row",
    "Unreadable",
    "gather",
    "is_blank",
    "plain",
    "unusable",
]

AS_XLSX = Said("fault.open_excel_wps_save_xlsx")

MOST_ROWS = 50_000
#: Cells of all rows, each counted up to its last value.
_MOST_CELLS = 500_000
MOST_COLUMNS = 1_000
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"))


class Unreadable(NamedTuple):
    """Stands for a cell whose value cannot be known."""

    found: Said
    hint: Said


class Row(NamedTuple):
    """A row that is not blank.

    Attributes
    ----------
    number, line : int
        As a spreadsheet counts it; its line in a text file, else 0.
    values : tuple
        Up to the last that is not blank.
    width : int
        Cells that a text file gives it, blank ones included.
    """

    number: int
    line: int
    values: tuple[Any, ...]
    width: int = 0


class Merged(NamedTuple):
    """A merged range, as `A1:B2` and by its bounds, which count from 1."""

    name: str
    first_column: int
    first_row: int
    last_column: int
    last_row: int


@dataclass(frozen=True, slots=True, eq=False)
class GivenTable:
    """A sheet of a workbook, or a CSV file.

    Attributes
    ----------
    sheet : str
        Name of the sheet, empty for a CSV file.
    rows : tuple of Row
        Without blank rows and without blanks at a row's end.
    faults : tuple of Fault
        What is wrong with the file or sheet as a whole.
    """

    file: str
    sheet: str
    rows: tuple[Row, ...]
    merged: tuple[Merged, ...] = ()
    faults: tuple[Fault, ...] = ()

    def cell(self, row: Row, column: int) -> str:
        """Name of a cell, with its sheet where there is one; columns count from 0."""
        name, rest = "", column + 1
        while rest:
            rest, letter = divmod(rest - 1, 26)
            name = chr(ord("A") + letter) + name
        return f"{self.sheet}!{name}{row.number}" if self.sheet else f"{name}{row.number}"

    def is_merged(self, row: Row, column: int) -> bool:
        """Whether a cell is in a merged range, its first cell excepted."""
        return any(
            merged.first_row <= row.number <= merged.last_row
            and merged.first_column <= column + 1 <= merged.last_column
            and (row.number, column + 1) != (merged.first_row, merged.first_column)
            for merged in self.merged
        )


def unusable(file: str, found: Said, hint: Said) -> FaultsError:
    """The error of a file that is no table."""
    return FaultsError([Fault(file, 0, "(file)", Said("fault.workbook_xlsx_csv_file_csv"), found, hint)])


def plain(text: str) -> str:
    """Text without invisible characters and spaces at its ends, full-width letters and digits made plain (NFKC)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return text.strip()


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing, or nothing that is seen."""
    return value is None or (isinstance(value, str) and not value[:1].isalnum() and not plain(value))


def gather(file: str, sheet: str, rows: Iterable[Row]) -> tuple[tuple[Row, ...], list[Fault]]:
    """Rows without blanks, as far as they are not too many or too wide."""
    kept: list[Row] = []
    cells = 0
    for row in rows:
        length = len(row.values)
        if length > MOST_COLUMNS:
            fault = Fault(
                file,
                row.line,
                sheet or "(file)",
                Said("fault.at_most_columns", most_columns=MOST_COLUMNS),
                Said("fault.more"),
            )
            return tuple(kept), [fault]
        while length and is_blank(row.values[length - 1]):
            length -= 1
        if length == 0:
            continue
        kept.append(row._replace(values=row.values[:length]))
        cells += length
        if len(kept) > MOST_ROWS + 1 or cells > _MOST_CELLS:
            expected = Said("fault.at_most_rows_cells", most_rows=MOST_ROWS, most_cells=_MOST_CELLS)
            return tuple(kept), [Fault(file, row.line, sheet or "(file)", expected, Said("fault.more"))]
    return tuple(kept), []
