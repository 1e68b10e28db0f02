"""Tables from spreadsheets and CSV files: rows of values with their cells, and all that is wrong with the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said
from simkit.documents.given import read_given
from simkit.documents.table import (
    AS_XLSX,
    MOST_COLUMNS,
    GivenTable,
    Merged,
    Row,
    Unreadable,
    gather,
    is_blank,
    plain,
    unusable,
)

__all__ = [
    "MOST_BYTES",
    "GivenTable",
    "Merged",
    "Row",
    "Unreadable",
    "is_blank",
    "plain",
    "read_tables",
]

#: Of a workbook, and of a CSV file.
MOST_BYTES = 50_000_000
_MOST_CSV = 10_000_000
_DELIMITERS = {
    ",": None,
    ";": Said("fault.semicolons"),
    "\t": Said("fault.tabs"),
    "，": Said("fault.full_width_commas"),
    "|": Said("fault.bars"),
}
#: What Python says of a CSV text, by a part of its words.
_CSV_ERRORS = {
    "end of data": Said("fault.an_open_quotation_mark"),
    "larger than field limit": Said("fault.value_more_than_characters", most=131072),
    "expected after": Said("fault.letters_after_closing_quotation_mark"),
    "NUL": Said("fault.a_zero_byte"),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_UTF8 = Said("fault.excel_wps_save_csv_utf_8")


def read_tables(path: str | Path, first: str = "") -> Iterator[GivenTable]:
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
    suffix = Path(path).suffix.lower()
    hint = Said("fault.delete_pictures_other_sheets_empty_rows")
    raw = read_given(path, _MOST_CSV if suffix == ".csv" else MOST_BYTES, hint)
    if raw.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in raw
        found = Said("fault.workbook_with_password") if locked else Said("fault.workbook_excel_97_2003_xls")
        raise unusable(file, found, Said("fault.remove_password_save_again") if locked else AS_XLSX)
    if suffix not in (".xlsx", ".xlsm", ".csv"):
        raise unusable(
            file,
            Said("fault.a_file_named", suffix=suffix) if suffix else Said("fault.file_without_ending"),
            AS_XLSX,
        )
    if not raw.translate(None, b" \t\r\n,;"):
        raise FaultsError(
            [Fault(file, 0, "(file)", Said("fault.headings_and_rows"), Said("fault.an_empty_file"))]
        )
    if suffix == ".csv":
        if raw.startswith(b"PK\x03\x04"):
            raise unusable(file, Said("fault.a_workbook_named_csv"), Said("fault.name_it_xlsx"))
        return iter([_csv(file, raw)])
    if not raw.startswith(b"PK"):
        raise unusable(file, Said("fault.something_else_named_xlsx"), AS_XLSX)
    from simkit.documents.workbook_tables import read_workbook  # openpyxl takes 0.2 s to import

    return read_workbook(file, raw, first)


def _csv(file: str, raw: bytes) -> GivenTable:
    faults = []
    text, encoding = _decode(raw)
    if encoding:
        hint = Said("fault.looks_like", encoding=encoding, hint=_AS_UTF8) if encoding != "?" else _AS_UTF8
        faults.append(
            Fault(file, 0, "(file)", Said("fault.text_in_utf_8"), Said("fault.another_encoding"), hint)
        )
    delimiter = _delimiter(text)
    if (found := _DELIMITERS[delimiter]) is not None:
        faults.append(Fault(file, 0, "(file)", Said("fault.columns_separated_by_commas"), found, _AS_UTF8))
    counts = ((one.count(delimiter), -at) for at, one in enumerate(io.StringIO(text)))
    widest, line = max(counts, default=(0, 0))  # what cannot be decoded has no lines
    if widest >= MOST_COLUMNS:
        expected = Said("fault.at_most_columns", most_columns=MOST_COLUMNS)
        wide = Fault(file, 1 - line, "(file)", expected, str(widest + 1))
        return GivenTable(file, "", (), (), (*faults, wide))
    rows, problems = gather(file, "", _records(file, text, delimiter, faults))
    return GivenTable(file, "", rows, (), (*faults, *problems))


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
        hint = Said("fault.quotation_mark_may_be_missing")
        found = next(
            (words for sign, words in _CSV_ERRORS.items() if sign in str(error)), Said("fault.something_else")
        )
        faults.append(Fault(file, line, f"A{number + 1}", Said("fault.sound_csv"), found, hint))
