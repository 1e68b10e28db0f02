"""Tables from spreadsheets and CSV files: rows of values with their cells, and all that is wrong with the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from simkit.base.errors import Fault, FaultsError
from simkit.documents.given import read_given
from simkit.documents.table import (
    AS_XLSX,
    MOST_COLUMNS,
    Merged,
    Row,
    Table,
    Unreadable,
    gather,
    is_blank,
    plain,
    unusable,
)

__all__ = [
    "MOST_BYTES",
    "Merged",
    "Row",
    "Table",
    "Unreadable",
    "is_blank",
    "plain",
    "read_tables",
]

#: Of a workbook, and of a CSV file.
MOST_BYTES = 50_000_000
_MOST_CSV = 10_000_000
_DELIMITERS = {",": "", ";": "semicolons", "\t": "tabs", "，": "full-width commas", "|": "bars"}
#: What Python says of a CSV text, by a part of its words.
_CSV_ERRORS = {
    "end of data": "an open quotation mark",
    "larger than field limit": "a value of more than 131072 characters",
    "expected after": "letters after a closing quotation mark",
    "NUL": "a zero byte",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_UTF8 = "in Excel or WPS save it as 'CSV UTF-8 (comma delimited)'"


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
    suffix = Path(path).suffix.lower()
    hint = "delete pictures, other sheets and empty rows"
    raw = read_given(path, _MOST_CSV if suffix == ".csv" else MOST_BYTES, hint)
    if raw.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in raw
        found = "a workbook with a password" if locked else "a workbook of Excel 97-2003 (.xls)"
        raise unusable(file, found, "remove the password and save it again" if locked else AS_XLSX)
    if suffix not in (".xlsx", ".xlsm", ".csv"):
        raise unusable(file, f"a file named *{suffix}" if suffix else "a file without an ending", AS_XLSX)
    if not raw.translate(None, b" \t\r\n,;"):
        raise FaultsError([Fault(file, 0, "(file)", "headings and rows", "an empty file")])
    if suffix == ".csv":
        if raw.startswith(b"PK\x03\x04"):
            raise unusable(file, "a workbook named .csv", "name it .xlsx")
        return iter([_csv(file, raw)])
    if not raw.startswith(b"PK"):
        raise unusable(file, "something else named .xlsx", AS_XLSX)
    from simkit.documents.workbook_tables import read_workbook  # openpyxl takes 0.2 s to import

    return read_workbook(file, raw, first)


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
    counts = ((one.count(delimiter), -at) for at, one in enumerate(io.StringIO(text)))
    widest, line = max(counts, default=(0, 0))  # what cannot be decoded has no lines
    if widest >= MOST_COLUMNS:
        expected, found = f"at most {MOST_COLUMNS} columns", str(widest + 1)
        return Table(file, "", (), (), (*faults, Fault(file, 1 - line, "(file)", expected, found)))
    rows, problems = gather(file, "", _records(file, text, delimiter, faults))
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
        found = next((words for sign, words in _CSV_ERRORS.items() if sign in str(error)), "something else")
        faults.append(Fault(file, line, f"A{number + 1}", "sound CSV", found, hint))
