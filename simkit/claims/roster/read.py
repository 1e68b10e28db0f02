"""A list of agencies: which columns there are, what their cells may hold, which agency stands there twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simkit.base.errors import FaultsError
from simkit.base.said import Said
from simkit.claims.agency_list import Roster
from simkit.claims.population_plan import PopulationPlan
from simkit.claims.roster.headings import COLUMNS, Column, find_sheet, read_headings
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
    identity,
)
from simkit.documents.table import Row
from simkit.policy.schema import Policy

__all__ = ["LINES", "read_roster"]

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
_FIXED = ("name", "licence", "line", "district", "eligible")


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
    sheet = find_sheet(str(path), known)
    columns, units = read_headings(sheet, known)
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


def _known(policy: Policy, plan: PopulationPlan) -> dict[str, Column]:
    """Columns by their headings."""
    kinds = dict.fromkeys((*_FIXED, *plan.statuses), "")
    for name, number in plan.numbers.items():
        kind = policy.attributes[name].unit if name in policy.attributes else number.value.value.kind
        kinds[name] = kind if kind in UNITS else "count"
    known: dict[str, Column] = {}
    for name, kind in kinds.items():
        attribute = policy.attributes.get(name)
        given = dict(attribute.name).values() if attribute else ()
        for heading in (name, *COLUMNS.get(name, ()), *given):
            known.setdefault(folded(heading), Column(name, kind, heading))
    return known
