"""A list of agencies: which columns there are, what their cells may hold, which agency stands there twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said
from simkit.claims.agency_list import Roster
from simkit.claims.population_plan import PopulationPlan
from simkit.claims.roster.sheet import Sheet
from simkit.claims.roster.totals import Totals
from simkit.documents.build import show
from simkit.documents.cells import (
    UNITS,
    Unit,
    as_flag,
    as_licence,
    as_name,
    as_number,
    choice_of,
    folded,
    found_in,
    identity,
    split_heading,
    unit_of,
)
from simkit.documents.sheets import read_tables
from simkit.documents.spelling import nearest
from simkit.documents.table import Row, is_blank, plain
from simkit.policy.schema import Policy

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
#: Lines of business by their names on form 人社统LM1 and those that simkit prints, beside a policy's labels and ids.
LINES = {
    "recruitment": ("人力资源招聘", "招聘"),
    "dispatch": ("劳务派遣",),
    "consulting": ("管理咨询", "人力资源管理咨询"),
    "personnel_agency": ("人事代理",),
    "outsourcing": ("服务外包", "人力资源服务外包"),
    "training": ("培训", "人力资源培训"),
    "headhunting": ("猎头", "高级人才寻访"),
    "assessment": ("测评", "人才测评"),
    "software": ("信息软件服务", "人力资源信息软件服务"),
    "other": ("其他",),
}
_REQUIRED = ("name", "line")
_FIXED = ("name", "licence", "line", "district", "eligible")
#: Columns that hold nothing for simkit.
_REMARK = re.compile(r"备注|序号$|note|remark")
_HEADING_ROWS = 20


class _Column(NamedTuple):
    """A column that a roster may have; `kind` is the kind of a number's unit, empty for others."""

    id: str
    kind: str
    heading: str


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
    below = sheet.rows[-1].number - sheet.head.number if sheet.rows else 0
    blanks = below - len(sheet.rows)
    sheet.check_widths()
    totals = Totals.taken_from(sheet, columns.get("name"))
    sheet.check_shape()
    list_ = _List(sheet, columns, totals)
    list_.check_once()
    line = list_.read("line", choice_of(_line_names(policy, plan), required=True), -1)
    district = list_.read("district", choice_of([(name,) for name in policy.districts], required=False), -1)
    eligible = list_.flags("eligible")
    statuses = {name: list_.flags(name) for name in plan.statuses}
    numbers = {name: list_.numbers(name, units.get(name, UNITS["count"])) for name in plan.numbers}
    list_.check_counts()
    if faults := list(sheet.all_faults()):
        raise FaultsError(faults)
    return Roster(
        line=np.array(line, dtype=np.int64),
        district=np.array(district, dtype=np.int16),
        eligible=np.array(eligible, dtype=np.int8),
        statuses={name: np.array(values, dtype=np.int8) for name, values in statuses.items()},
        numbers={name: np.array(values, dtype=np.float64) for name, values in numbers.items()},
        totals=len(totals.rows),
        blanks=blanks,
    )


class _List(NamedTuple):
    """The columns of a list's sheet, and its rows of totals."""

    sheet: Sheet
    columns: dict[str, int]
    totals: Totals

    def read(self, name: str, parse: Callable[[Any], Any], otherwise: Any) -> list[Any]:
        """Values of a column; `otherwise` for all where there is none."""
        column = self.columns.get(name)
        if column is None:
            return [otherwise] * len(self.sheet.rows)
        return self.sheet.read(column, parse, otherwise)

    def flags(self, name: str) -> list[int]:
        """A column of yes and no; a total there is the number of those with yes."""
        values = self.read(name, as_flag, -1)
        if name in self.columns:
            self.totals.check_count(self.columns[name], [float(value == 1) for value in values])
        return values

    def numbers(self, name: str, unit: Unit) -> list[float]:
        """A column of numbers, in base units."""
        values = self.read(name, partial(as_number, unit), float("nan"))
        if name in self.columns:
            self.totals.check(self.columns[name], unit, values)
        return values

    def check_counts(self) -> None:
        """Hold numbers of agencies that stand among words in a row of totals, and refuse one that has a licence."""
        self.totals.check_bare(self.columns)
        for name in ("licence", "line", "district"):
            if name in self.columns:
                self.totals.check_count(self.columns[name], [1.0] * len(self.sheet.rows))

    def check_once(self) -> None:
        """Name agencies that are listed twice: by licence, and by name unless both have a licence of their own."""
        names, licences = self.read("name", as_name, ""), self.read("licence", as_licence, "")
        by_licence: dict[str, Row] = {}
        by_name: dict[str, Row] = {}
        without: dict[str, Row] = {}  # the first of a name that has no licence
        for row, name, licence in zip(self.sheet.rows, names, licences, strict=True):
            before = by_licence.setdefault(identity(licence), row) if licence else row
            if before is not row:
                self._twice("licence", licence, row, before)
                continue
            if not name:
                continue
            key = identity(name)
            other = without.get(key) if licence else by_name.get(key)
            if other is not None:
                self._twice("name", name, row, other, Said("fault.two_agencies_have_two_licences_write"))
            by_name.setdefault(key, row)
            if not licence:
                without.setdefault(key, row)

    def _twice(self, name: str, text: str, row: Row, before: Row, hint: Said | None = None) -> None:
        at = self.columns[name]
        found = Said("fault.again_first_in", text=show(text), before=self.sheet.table.cell(before, at))
        self.sheet.add(row, at, Said("fault.each_agency_once"), found, hint)


def _line_names(policy: Policy, plan: PopulationPlan) -> list[tuple[str, ...]]:
    """Names of each line of business, in the order of the policy: its label, those of the form, its id."""
    attribute = policy.attributes.get("line")
    labels = attribute.labels if attribute else {}
    named = []
    for line in attribute.values if attribute else plan.lines:
        label = dict(labels[line]).values() if line in labels else ()
        named.append((*label, *LINES.get(line, ()), line))
    return named


def _known(policy: Policy, plan: PopulationPlan) -> dict[str, _Column]:
    """Columns by their headings."""
    kinds = dict.fromkeys((*_FIXED, *plan.statuses), "")
    for name, number in plan.numbers.items():
        kind = policy.attributes[name].unit if name in policy.attributes else number.value.value.kind
        kinds[name] = kind if kind in UNITS else "count"
    known: dict[str, _Column] = {}
    for name, kind in kinds.items():
        attribute = policy.attributes.get(name)
        given = dict(attribute.name).values() if attribute else ()
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


def _find(file: str, known: dict[str, _Column]) -> Sheet:
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


def _headings(sheet: Sheet, known: dict[str, _Column]) -> tuple[dict[str, int], dict[str, Unit]]:
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


def _check_unknown(sheet: Sheet, at: int, value: Any, known: dict[str, _Column]) -> None:
    text = plain(value) if isinstance(value, str) else ""
    if not is_blank(value) and not _REMARK.match(text.casefold()):
        headings = [column.heading for column in known.values()]
        hint = nearest(text, headings) or Said("fault.delete_column_let_heading_begin_with")
        sheet.add(sheet.head, at, Said("fault.a_known_heading"), found_in(value), hint)
