"""The headings of a list of agencies: which sheet has them, what stands below each, and in which unit."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said
from simkit.claims.roster.sheet import Sheet
from simkit.documents.build import show
from simkit.documents.cells import UNITS, Unit, folded, found_in, split_heading, unit_of
from simkit.documents.sheets import read_tables
from simkit.documents.spelling import nearest
from simkit.documents.table import is_blank, plain

__all__ = ["COLUMNS", "SHEET", "Column", "find_sheet", "read_headings"]

#: A sheet of this name is read, whatever the others hold.
SHEET = "机构名录"
#: Headings of the columns; statuses and numbers besides have their id and the policy's names for it.
COLUMNS = {
    "name": ("机构名称", "单位名称", "企业名称"),
    "licence": ("许可证号", "许可证编号", "人力资源服务许可证号", "license"),
    "line": ("主营业态", "业态"),
    "district": ("区县", "区（县、市）", "所在区县"),
    "eligible": ("符合条件",),
    "above_scale": ("规上",),
    "high_tech": ("高新技术企业",),
    "exporter": ("出口机构",),
    "listing": ("上市",),
    "listed": ("上市",),
    "revenue": ("营业收入",),
}
_REQUIRED = ("name", "line")
#: Columns that hold nothing for simkit.
_REMARK = re.compile(r"备注|序号$|note|remark")
_HEADING_ROWS = 20


class Column(NamedTuple):
    """A column that a roster may have; `kind` is the kind of a number's unit, empty for others."""

    id: str
    kind: str
    heading: str


def _match(value: Any, known: dict[str, Column]) -> tuple[Column | None, str]:
    """Column that a heading names, and the unit in it."""
    if not isinstance(value, str):
        return None, ""
    if (column := known.get(folded(value))) is not None:
        return column, ""
    name, unit = split_heading(value)
    return known.get(folded(name)), unit


def find_sheet(file: str, known: dict[str, Column]) -> Sheet:
    """Find the table and row with the headings: all that are required, else the most that there are."""
    best, most, seen = None, 0, []
    for table in read_tables(file, first=SHEET):
        seen.append(table)
        for at, row in enumerate(table.rows[:_HEADING_ROWS]):
            here = {column.id for value in row.values if (column := _match(value, known)[0])}
            if len(here) > most:
                best, most = Sheet(table, row, table.rows[at + 1 :]), len(here)
            if set(_REQUIRED) <= here:
                return Sheet(table, row, table.rows[at + 1 :])
        if plain(table.sheet) == SHEET:
            break
    if best is not None and not best.table.faults:
        return best
    expected, found = Said("fault.headings_and_rows"), Said("fault.an_empty_file")
    if any(table.rows for table in seen):
        one, two = map(_shown, _REQUIRED)
        expected = Said("fault.row_with_headings", one=one, two=two)
        where = ", ".join(table.sheet for table in seen if table.sheet)
        found = Said("fault.none_in_first_rows", rows=_HEADING_ROWS)
        found = Said("fault.none_in_first_rows_of", rows=_HEADING_ROWS, where=where) if where else found
    faults = [fault for table in seen for fault in table.faults]
    raise FaultsError(faults or [Fault(file, 0, "(file)", expected, found)])


def _shown(name: str) -> str:
    return f"{COLUMNS[name][0]} ({name})"


def read_headings(sheet: Sheet, known: dict[str, Column]) -> tuple[dict[str, int], dict[str, Unit]]:
    """Place of each column, and the unit of each number."""
    columns: dict[str, int] = {}
    units: dict[str, Unit] = {}
    for at, value in enumerate(sheet.head.values):
        column, unit = _match(value, known)
        if column is None:
            _check_unknown(sheet, at, value, known)
        elif column.id in columns:
            first = sheet.table.cell(sheet.head, columns[column.id])
            sheet.add(
                sheet.head,
                at,
                Said("fault.each_column_once"),
                Said("fault.again_first_in", text=found_in(value), before=first),
            )
        else:
            columns[column.id] = at
            if column.kind:
                units[column.id] = _unit(sheet, at, column.kind, unit)
    for name in _REQUIRED:
        if name not in columns:
            sheet.add(
                sheet.head,
                len(sheet.head.values),
                Said("fault.a_column", name=_shown(name)),
                Said("fault.no_such_heading"),
            )
    return columns, units


def _unit(sheet: Sheet, at: int, kind: str, text: str) -> Unit:
    unit = unit_of(kind, text)
    if unit is None:
        heading = sheet.head.values[at]
        example = f"{split_heading(heading)[0]}({UNITS[kind].example})"
        sheet.add(sheet.head, at, Said("fault.heading_with_unit", example=example), show(plain(heading)))
    return unit or UNITS[kind]


def _check_unknown(sheet: Sheet, at: int, value: Any, known: dict[str, Column]) -> None:
    text = plain(value) if isinstance(value, str) else ""
    if not is_blank(value) and not _REMARK.match(text.casefold()):
        headings = [column.heading for column in known.values()]
        hint = nearest(text, headings) or Said("fault.delete_column_let_heading_begin_with")
        sheet.add(sheet.head, at, Said("fault.a_known_heading"), found_in(value), hint)
