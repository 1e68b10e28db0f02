"""The city's own list of agencies, from a spreadsheet or CSV file, with every fault named by its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simkit.cells import (
    UNITS,
    Unit,
    WrongError,
    as_flag,
    as_licence,
    as_name,
    as_number,
    choice_of,
    folded,
    found_in,
    split_heading,
    unit_of,
)
from simkit.errors import Fault, FaultsError
from simkit.policy.tree import show
from simkit.policy.types import Policy
from simkit.population import PopulationPlan, Roster
from simkit.sheets import Row, Table, Unreadable, is_blank, plain, read_tables
from simkit.spelling import nearest

__all__ = ["COLUMNS", "LINES", "SHEET", "read_roster"]

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
#: Lines of business by their names on form 人社统LM1; a policy's other lines have their id alone.
LINES = {
    "recruitment": ("人力资源招聘", "招聘"),
    "dispatch": ("劳务派遣",),
    "consulting": ("管理咨询",),
    "personnel_agency": ("人事代理",),
    "outsourcing": ("服务外包",),
    "training": ("培训",),
    "headhunting": ("猎头",),
    "assessment": ("测评",),
    "software": ("信息软件服务",),
    "other": ("其他",),
}
_REQUIRED = ("name", "line")
_FIXED = ("name", "licence", "line", "district", "eligible")
#: Columns that hold nothing for simkit.
_REMARK = re.compile(r"备注|序号$|note|remark")
_HEADING_ROWS = 20
#: Faults of one kind that are named one by one in a column; the others are counted.
_NAMED = 20


class _Column(NamedTuple):
    """A column that a roster may have; `kind` is the kind of a number's unit, empty for others."""

    id: str
    kind: str
    heading: str


@dataclass(slots=True)
class _Sheet:
    """The table that holds the list, its row of headings, and the faults found so far."""

    table: Table
    head: Row
    rows: Sequence[Row]
    faults: list[tuple[int, int, Fault]] = field(default_factory=list)

    def add(self, row: Row, column: int, expected: str, found: str, hint: str = "") -> None:
        """Keep a fault of a cell."""
        if not self.table.is_merged(row, column):
            place = self.table.cell(row, column)
            fault = Fault(self.table.file, row.line, place, expected, found, hint)
            self.faults.append((row.number, column, fault))

    def read(self, column: int, parse: Callable[[Any], Any], otherwise: Any) -> list[Any]:
        """Values of a column, `otherwise` for those that cannot be used."""
        return [self._value(row, column, parse, otherwise) for row in self.rows]

    def _value(self, row: Row, column: int, parse: Callable[[Any], Any], otherwise: Any) -> Any:
        value = row.values[column] if column < len(row.values) else None
        if isinstance(value, Unreadable):
            self.add(row, column, "a value", *value)
            return otherwise
        try:
            return parse(plain(value) if isinstance(value, str) else "" if value is None else value)
        except WrongError as wrong:
            self.add(row, column, wrong.expected, found_in(value), wrong.hint)
            return otherwise

    def all_faults(self) -> Iterator[Fault]:
        """Name all faults in order of place; of many alike in a column, the first ones and their number."""
        yield from self.table.faults
        kinds: dict[tuple[int, str], list[Fault]] = {}
        for _, column, fault in sorted(self.faults, key=lambda item: item[:2]):
            alike = kinds.setdefault((column, fault.expected), [])
            alike.append(fault)
            if len(alike) <= _NAMED:
                yield fault
        for alike in kinds.values():
            if len(alike) > _NAMED:
                found = f"{len(alike) - _NAMED} more cells that are wrong, this the last"
                yield replace(alike[-1], found=found)


def read_roster(path: str | Path, policy: Policy, plan: PopulationPlan) -> Roster:
    """Read a list of agencies.

    One row an agency, in any order of columns, with Chinese or English headings; money has its unit in
    its heading, as 营业收入（万元）. A column whose heading begins with 备注 (note, remark) is left alone.
    The order of the rows is kept; a status or number without a column is unknown for all.

    Parameters
    ----------
    path : path of an .xlsx or .csv file
    policy : Policy
        Its lines of business, districts and attributes name what a cell and a heading may hold.
    plan : PopulationPlan
        Its statuses and numbers are columns.

    Raises
    ------
    FaultsError
        With every fault, each with its cell.
    """
    known = _known(policy, plan)
    sheet = _find(str(path), known)
    columns, units = _headings(sheet, known)
    _check_shape(sheet)
    lines = policy.attributes["line"].values if "line" in policy.attributes else tuple(plan.lines)
    line_names = {name: at for at, line in enumerate(lines) for name in (*LINES.get(line, ()), line)}
    district_names = {name: at for at, name in enumerate(policy.districts)}

    def read(name: str, parse: Callable[[Any], Any], otherwise: Any) -> list[Any]:
        column = columns.get(name)
        return [otherwise] * len(sheet.rows) if column is None else sheet.read(column, parse, otherwise)

    _check_once(sheet, columns, read("name", as_name, ""), read("licence", as_licence, ""))
    line = read("line", choice_of(line_names, required=True), -1)
    district = read("district", choice_of(district_names, required=False), -1)
    eligible = read("eligible", as_flag, -1)
    statuses = {name: read(name, as_flag, -1) for name in plan.statuses}
    numbers = {
        name: read(name, partial(as_number, units.get(name, UNITS["count"])), np.nan) for name in plan.numbers
    }
    if faults := list(sheet.all_faults()):
        raise FaultsError(faults)
    return Roster(
        line=np.array(line, dtype=np.int64),
        district=np.array(district, dtype=np.int16),
        eligible=np.array(eligible, dtype=np.int8),
        statuses={name: np.array(values, dtype=np.int8) for name, values in statuses.items()},
        numbers={name: np.array(values, dtype=np.float64) for name, values in numbers.items()},
    )


def _known(policy: Policy, plan: PopulationPlan) -> dict[str, _Column]:
    """Columns by their headings."""
    kinds = dict.fromkeys((*_FIXED, *plan.statuses), "")
    for name, number in plan.numbers.items():
        kind = policy.attributes[name].unit if name in policy.attributes else number.value.value.kind
        kinds[name] = kind if kind in UNITS else "count"
    known: dict[str, _Column] = {}
    for name, kind in kinds.items():
        attribute = policy.attributes.get(name)
        given = (attribute.name.zh, attribute.name.en) if attribute else ()
        for heading in (name, *COLUMNS.get(name, ()), *given):
            known.setdefault(folded(heading), _Column(name, kind, heading))
    return known


def _match(value: Any, known: dict[str, _Column]) -> tuple[_Column | None, str]:
    """Column that a heading names, and the unit in it."""
    if not isinstance(value, str):
        return None, ""
    if (column := known.get(folded(value))) is not None:
        return column, ""
    name, unit = split_heading(value)
    return known.get(folded(name)), unit


def _find(file: str, known: dict[str, _Column]) -> _Sheet:
    """Find the table and row with the headings: all that are required, else the most that there are."""
    best, most, seen = None, 0, []
    for table in read_tables(file, first=SHEET):
        seen.append(table)
        for at, row in enumerate(table.rows[:_HEADING_ROWS]):
            here = {column.id for value in row.values if (column := _match(value, known)[0])}
            if len(here) > most:
                best, most = _Sheet(table, row, table.rows[at + 1 :]), len(here)
            if set(_REQUIRED) <= here:
                return _Sheet(table, row, table.rows[at + 1 :])
        if plain(table.sheet) == SHEET:
            break
    if best is not None and not best.table.faults:
        return best
    expected, found = "headings and rows", "an empty file"
    if any(table.rows for table in seen):
        expected = f"a row with the headings {' and '.join(map(_shown, _REQUIRED))}"
        where = ", ".join(table.sheet for table in seen if table.sheet)
        found = f"none in the first {_HEADING_ROWS} rows" + (f" of {where}" if where else "")
    faults = [fault for table in seen for fault in table.faults]
    raise FaultsError(faults or [Fault(file, 0, "(file)", expected, found)])


def _shown(name: str) -> str:
    return f"{COLUMNS[name][0]} ({name})"


def _headings(sheet: _Sheet, known: dict[str, _Column]) -> tuple[dict[str, int], dict[str, Unit]]:
    """Place of each column, and the unit of each number."""
    columns: dict[str, int] = {}
    units: dict[str, Unit] = {}
    for at, value in enumerate(sheet.head.values):
        column, unit = _match(value, known)
        if column is None:
            _check_unknown(sheet, at, value, known)
        elif column.id in columns:
            first = sheet.table.cell(sheet.head, columns[column.id])
            sheet.add(sheet.head, at, "each column once", f"{found_in(value)} again, first in {first}")
        else:
            columns[column.id] = at
            if column.kind:
                units[column.id] = _unit(sheet, at, column.kind, unit)
    for name in _REQUIRED:
        if name not in columns:
            sheet.add(sheet.head, len(sheet.head.values), f"a column {_shown(name)}", "no such heading")
    return columns, units


def _unit(sheet: _Sheet, at: int, kind: str, text: str) -> Unit:
    unit = unit_of(kind, text)
    if unit is None:
        heading = sheet.head.values[at]
        example = f"{split_heading(heading)[0]}({UNITS[kind].example})"
        sheet.add(sheet.head, at, f"a heading with the unit, such as {example}", show(plain(heading)))
    return unit or UNITS[kind]


def _check_unknown(sheet: _Sheet, at: int, value: Any, known: dict[str, _Column]) -> None:
    text = plain(value) if isinstance(value, str) else ""
    if not is_blank(value) and not _REMARK.match(text.casefold()):
        headings = [column.heading for column in known.values()]
        hint = nearest(text, headings) or "delete the column, or let its heading begin with 备注"
        sheet.add(sheet.head, at, "a known heading", found_in(value), hint)


def _check_shape(sheet: _Sheet) -> None:
    """Name merged cells, values without a heading, and a list without rows."""
    for merged in sheet.table.merged:
        if merged.last_row >= sheet.head.number:
            place = f"{sheet.table.sheet}!{merged.name}"
            hint = "unmerge it and fill in each of its cells"
            fault = Fault(sheet.table.file, 0, place, "cells that are not merged", "a merged range", hint)
            sheet.faults.append((merged.first_row, merged.first_column - 1, fault))
    headed = {at for at, value in enumerate(sheet.head.values) if not is_blank(value)}
    hint = "" if sheet.table.sheet else "put a value with a comma in quotation marks"
    for row in sheet.rows:
        for at, value in enumerate(row.values):
            if at not in headed and not is_blank(value):
                sheet.add(row, at, "nothing in a column without a heading", found_in(value), hint)
    if not sheet.rows:
        sheet.add(sheet.head, 0, "agencies below the headings", "none")


def _check_once(sheet: _Sheet, columns: dict[str, int], names: list[str], licences: list[str]) -> None:
    """Name agencies that are listed twice: by licence, and where there is none by name."""
    first: dict[tuple[str, str], Row] = {}
    for row, name, licence in zip(sheet.rows, names, licences, strict=True):
        column, identity = ("licence", licence) if licence else ("name", name)
        if not identity:
            continue
        before = first.setdefault((column, folded(identity)), row)
        if before is not row:
            at = columns[column]
            found = f"{show(identity)} again, first in {sheet.table.cell(before, at)}"
            sheet.add(row, at, "each agency once", found)
