"""Tables of a small city, damaged: its list of agencies, and the spreadsheet that makes overlays."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import openpyxl
from openpyxl.cell.cell import MergedCell

__all__ = ["Damage", "Place", "damage_roster", "damage_sheet"]

Place = tuple[Hashable, ...]

_ODD_CELLS = (
    "", "-5", "5%", "0.5", "1e20", "nan", "inf", "=1+1", "\x1b[31mx", "18,450", "合计", "否", "中区", "长" * 40_000,
    "１２", "2024-02-30", "a\nb", '"', "0", "1e-9", "True", "-0",
)  # fmt: skip


@dataclass(frozen=True)
class Damage:
    """What was done.

    Attributes
    ----------
    file : Path
    what : str
        In words, for whoever looks at a failure.
    place : tuple
        Of a number that was changed and is still one: it can be scaled again; else empty.
    """

    file: Path
    what: str
    place: Place = ()


def damage_roster(file: Path, random: Random) -> Damage:
    """Cells, rows, columns, headings or bytes."""
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    row, column = random.randrange(len(rows)), random.randrange(len(rows[0]))
    how = random.randrange(12)
    place: Place = ()
    if how < 5:
        rows[row][column] = random.choice(_ODD_CELLS)
    elif how == 5:
        row, column = random.randrange(1, len(rows)), len(rows[0]) - 1
        rows[row][column], place = str(random.choice((1, 99, 18_450, 1e7))), (row, column)
    elif how == 6:
        rows.insert(row, random.choice([rows[row], [], ["合计", "", "", "", "", "", "9999"]]))
    elif how == 7:
        rows[row] = random.choice([rows[row][:3], [*rows[row], "more"], [""] * len(rows[row])])
    elif how == 8:
        del rows[0 if random.random() < 0.3 else row]
    elif how == 9:
        rows = [[cell for at, cell in enumerate(each) if at != column] for each in rows]
    elif how == 10:
        rows[0][column] = random.choice(
            ["", "主营业态", "营业收入", "营业收入（元）", "机构名称", "x" * 500, "备注"]
        )
    words = f"{how}: row {row + 1}, column {column + 1}"
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    data = out.getvalue().encode("utf-8")
    if how == 11:
        words = random.choice(["gbk", "cut off", "bytes", "quote", "long"])
        data = {
            "gbk": data.decode().encode("gbk"), "cut off": data[: random.randrange(len(data))],
            "bytes": random.randbytes(2_000), "quote": data[:200] + b'"' + data[200:], "long": data + data[60:] * 2_000,
        }[words]  # fmt: skip
    file.write_bytes(data)
    return Damage(file, words, place)


def damage_sheet(file: Path, random: Random) -> Damage:
    """A cell, mostly one to be filled in; or the whole file."""
    if random.random() < 0.1:
        data = file.read_bytes()
        file.write_bytes(
            random.choice([data[: random.randrange(len(data))], b"", b"PK", random.randbytes(3_000)])
        )
        return Damage(file, "no workbook")
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    row, column = random.randrange(1, sheet.max_row + 1), random.randrange(1, 8)
    if random.random() < 0.6:
        row, column = random.randrange(12, sheet.max_row + 1), 6
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):  # shows the first cell of its range
        cell = sheet.cell(row, 1)
    number = random.random() < 0.5
    value = (
        random.choice((0, -1, 0.5, 2, 60, 5_000, 1e7, 1e15))
        if number
        else random.choice((*_ODD_CELLS, "#REF!", True))
    )
    if isinstance(value, str):
        value = re.sub(r"[\x00-\x1f]", "?", value)[:30_000]
    cell.value = value
    if random.random() < 0.3:
        cell.number_format = random.choice(["0%", "yyyy-mm-dd", "@", "0.00"])
    book.save(file)
    return Damage(
        file,
        f"{cell.coordinate} = {str(value)[:40]!r} ({cell.number_format})",
        (row, column) if number else (),
    )
