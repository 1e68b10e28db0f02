"""Tables from spreadsheets and CSV files: rows of values with their cells, and all that is wrong with the file."""

from __future__ import annotations

import csv
import io
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from simkit.errors import Fault, FaultsError
from simkit.number_formats import formatted, patterns_of

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "Merged",
    "Row",
    "Table",
    "Unreadable",
    "is_blank",
    "plain",
    "read_tables",
]

MOST_BYTES = 50_000_000
MOST_ROWS = 200_000
#: Cells of all rows, each counted up to its last value.
_MOST_CELLS = 10_000_000
#: Of a workbook once unpacked; a zip of 50 MB can hold a thousand times as much.
_MOST_UNPACKED = 500_000_000
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"))
_DELIMITERS = {",": "", ";": "semicolons", "\t": "tabs", "，": "full-width commas", "|": "bars"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_XLSX = "open it in Excel or WPS and save it as .xlsx"
_AS_UTF8 = "in Excel or WPS save it as 'CSV UTF-8 (comma delimited)'"


class Unreadable(NamedTuple):
    """Stands for a cell whose value cannot be known."""

    found: str
    hint: str


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
class Table:
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


def plain(text: str) -> str:
    """Text without invisible characters and spaces at its ends, full-width letters and digits made plain (NFKC)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return text.strip()


def read_tables(path: str | Path, first: str = "") -> Iterator[Table]:
    """Read the tables of a file, each when it is asked for.

    Parameters
    ----------
    path : path of an .xlsx, .xlsm or .csv file
    first : str
        Name of the sheet that comes first, where there is one; the others follow in their order.
        Hidden sheets are left out.

    Raises
    ------
    FaultsError
        When there is no table in the file: it is unreadable, too large, damaged, locked.
    """
    file = str(path)
    raw = _bytes(Path(path), file)
    suffix = Path(path).suffix.lower()
    if raw.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in raw
        found = "a workbook with a password" if locked else "a workbook of Excel 97-2003 (.xls)"
        raise _unusable(file, found, "remove the password and save it again" if locked else _AS_XLSX)
    if suffix not in (".xlsx", ".xlsm", ".csv"):
        raise _unusable(file, f"a file named *{suffix}" if suffix else "a file without an ending", _AS_XLSX)
    if not raw.translate(None, b" \t\r\n,;"):
        raise FaultsError([Fault(file, 0, "(file)", "headings and rows", "an empty file")])
    if suffix == ".csv":
        if raw.startswith(b"PK\x03\x04"):
            raise _unusable(file, "a workbook named .csv", "name it .xlsx")
        return iter([_csv(file, raw)])
    if not raw.startswith(b"PK"):
        raise _unusable(file, "something else named .xlsx", _AS_XLSX)
    return _workbook(file, raw, first)


def _unusable(file: str, found: str, hint: str) -> FaultsError:
    return FaultsError([Fault(file, 0, "(file)", "a workbook (.xlsx) or a CSV file (.csv)", found, hint)])


def _bytes(path: Path, file: str) -> bytes:
    try:
        size = path.stat().st_size
        if size <= MOST_BYTES:
            return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        fault = Fault(file, 0, "(file)", "a file that can be read", str(reason).lower())
        raise FaultsError([fault]) from error
    expected, found = f"a file of at most {MOST_BYTES // 10**6} MB", f"{size / 1e6:.1f} MB"
    hint = "delete pictures, other sheets and empty rows"
    raise FaultsError([Fault(file, 0, "(file)", expected, found, hint)])


def _csv(file: str, raw: bytes) -> Table:
    faults = []
    text, encoding = _decode(raw)
    if encoding:
        hint = f"looks like {encoding}: {_AS_UTF8}" if encoding != "?" else _AS_UTF8
        faults.append(Fault(file, 0, "(file)", "text in UTF-8", "another encoding", hint))
    delimiter = _delimiter(text)
    if _DELIMITERS[delimiter]:
        found = _DELIMITERS[delimiter]
        faults.append(Fault(file, 0, "(file)", "columns separated by commas", found, _AS_UTF8))
    rows, problems = _gather(file, "", _records(file, text, delimiter, faults))
    return Table(file, "", rows, (), (*faults, *problems))


def _decode(raw: bytes) -> tuple[str, str]:
    """Text, and the name of its encoding where it is not UTF-8; without text where that is not known."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace"), "UTF-16"
    for name, codec in (("", "utf-8-sig"), ("GBK", "gbk"), ("GB18030", "gb18030"), ("BIG5", "big5")):
        try:
            return raw.decode(codec), name
        except UnicodeDecodeError:
            continue
    return "", "?"


def _delimiter(text: str) -> str:
    """What separates columns: what is most frequent at the beginning; a comma where all are equal."""
    beginning = "\n".join(text[:20_000].splitlines()[:20])
    return max(_DELIMITERS, key=beginning.count)


def _records(file: str, text: str, delimiter: str, faults: list[Fault]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line, number = 1, 0
    try:
        for number, values in enumerate(reader, start=1):
            yield Row(number, line, tuple(values), len(values))
            line = reader.line_num + 1
    except csv.Error as error:
        hint = "a quotation mark may be missing"
        faults.append(Fault(file, line, f"A{number + 1}", "sound CSV", str(error), hint))


def _gather(file: str, sheet: str, rows: Iterable[Row]) -> tuple[tuple[Row, ...], list[Fault]]:
    """Rows without blanks, as far as they are not too many."""
    kept: list[Row] = []
    cells = 0
    for row in rows:
        length = len(row.values)
        while length and is_blank(row.values[length - 1]):
            length -= 1
        if length == 0:
            continue
        kept.append(row._replace(values=row.values[:length]))
        cells += length
        if len(kept) > MOST_ROWS + 1 or cells > _MOST_CELLS:
            expected = f"at most {MOST_ROWS} rows and {_MOST_CELLS} cells"
            return tuple(kept), [Fault(file, row.line, sheet or "(file)", expected, "more")]
    return tuple(kept), []


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value[:1].isalnum() and not plain(value))


def _workbook(file: str, raw: bytes, first: str) -> Iterator[Table]:
    """Sheets of a workbook; whatever openpyxl raises on a damaged file becomes a fault."""
    with warnings.catch_warnings(action="ignore"):
        try:
            from openpyxl import load_workbook  # takes 0.2 s to import

            with zipfile.ZipFile(io.BytesIO(raw)) as packed:
                unpacked = sum(part.file_size for part in packed.infolist())
            if unpacked > _MOST_UNPACKED:
                raise _unusable(
                    file, f"{unpacked / 1e6:.0f} MB once unpacked", "copy the table to a new workbook"
                )
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        except FaultsError:
            raise
        except Exception as error:
            raise _damaged(file, error) from error
    for sheet in sorted(sheets, key=lambda sheet: plain(sheet.title) != first):
        yield _sheet(file, book, sheet)


def _damaged(file: str, error: Exception) -> FaultsError:
    return _unusable(file, f"a damaged workbook ({type(error).__name__})", _AS_XLSX)


def _sheet(file: str, book: Any, sheet: Any) -> Table:
    """One sheet, by openpyxl's parser itself: its sheets tell neither formulas nor merged cells."""
    from openpyxl.worksheet._reader import WorkSheetParser

    with warnings.catch_warnings(action="ignore"):
        try:
            with sheet._get_source() as source:
                dates = (book.epoch, book._date_formats, book._timedelta_formats)
                parser = WorkSheetParser(source, sheet._shared_strings, True, *dates)
                _mark(parser, patterns_of(book))
                rows, faults = _gather(file, sheet.title, _parsed(parser))
            ranges = getattr(parser.merged_cells, "mergeCell", ())
            merged = tuple(Merged(cells.coord, *cells.bounds) for cells in ranges)
        except Exception as error:
            raise _damaged(file, error) from error
    return Table(file, sheet.title, rows, merged, tuple(faults))


def _mark(parser: Any, patterns: Mapping[int, str]) -> None:
    """Let the parser give an Unreadable for formulas without a result and errors, numbers with their formats."""
    from openpyxl.worksheet._reader import FORMULA_TAG

    parse = parser.parse_cell

    def parse_cell(element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = parse(element)
        stored_text = element.get("t") == "str"  # whose empty text is a result
        if cell["value"] is None and not stored_text and element.find(FORMULA_TAG) is not None:
            hint = "open the file in Excel or WPS and save it, or paste the values"
            cell["value"] = Unreadable("a formula without a stored result", hint)
        elif cell["data_type"] == "e" and cell["value"] is not None:
            cell["value"] = Unreadable(
                f"the error {cell['value']}", "correct the formula or the cell's format"
            )
        elif cell["data_type"] == "n" and type(cell["value"]) in (int, float):
            cell["value"] = formatted(cell["value"], patterns.get(cell["style_id"], ""))
        return cell

    parser.parse_cell = parse_cell


def _parsed(parser: Any) -> Iterator[Row]:
    for number, cells in parser.parse():
        values: dict[int, Any] = {cell["column"] - 1: cell["value"] for cell in cells}
        last = max((column for column, value in values.items() if not is_blank(value)), default=-1)
        yield Row(number, 0, tuple(values.get(column) for column in range(last + 1)))
