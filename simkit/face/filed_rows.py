"""The rows of a frame of real claims: headings, cells and rows read, with every fault in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from simkit.base.errors import Fault, FaultsError, InputError
from simkit.base.said import Said, Words
from simkit.documents.cells import WrongError, choice_of, found_in, unit_of
from simkit.face.columns import BASES, Column, as_heading, columns_of, needs_of
from simkit.face.given import bare, is_given, range_of
from simkit.policy.schema import Policy

__all__ = ["FiledRow", "read_rows"]

#: A claim as it was read: what is given, by the key of its column.
FiledRow: TypeAlias = dict[str, Any]

#: What every claim gives.
_ALWAYS = ("measure", "agency", "filed")
#: Stands where a cell could not be read: its fault is told already.
_WRONG: Any = object()


class _Heading(NamedTuple):
    """A column as a frame has it: where it stands, how it is called there, the unit of its bare numbers."""

    place: int
    written: Any
    column: Column
    unit: str = ""


def read_rows(policy: Policy, frame: Any, units: Mapping[str, str]) -> list[FiledRow]:
    """Read the claims of a frame, a row each.

    Raises
    ------
    InputError
        For what is no frame.
    FaultsError
        With every fault of its headings and cells.
    """
    if not isinstance(frame, pd.DataFrame):
        raise InputError("face.wants_frame", found=type(frame).__name__)
    reader = _Reader(policy, frame, units)
    rows = reader.rows()
    if reader.faults:
        raise FaultsError(reader.faults)
    return rows


class _Reader:
    """Reads a frame; `faults` are those found so far."""

    def __init__(self, policy: Policy, frame: pd.DataFrame, units: Mapping[str, str]) -> None:
        self.policy, self.frame = policy, frame
        self.columns = columns_of(policy)
        self.needs = {name: needs_of(policy, name) for name in policy.measures}
        self.faults: list[Fault] = []
        known = list(self.columns.values())
        self._choose = choice_of([one.headings for one in known], required=True)
        self.headings = self._units(self._headings(), units)

    def rows(self) -> list[FiledRow]:
        """The cells that are given, by row and key."""
        missing = [key for key in _ALWAYS if key not in self.headings]
        for key in missing:
            self._fault(
                f"[{key!r}]", Said("face.a_column", column=self.columns[key].words), Said("fault.nothing")
            )
        cells = self.frame.itertuples(index=False, name=None)
        found = [self._row(*one) for one in zip(self.frame.index.tolist(), cells, strict=True)]
        self._columns_of_conditions(found)
        return found

    def _fault(self, place: str, expected: Said, found: Words, hint: Said | None = None) -> None:
        self.faults.append(Fault("frame", 0, place, expected, found, hint))

    def _column(self, written: Any, place: str) -> Column | None:
        """The column that a heading or a key of `units` names."""
        try:
            return self._named(written)
        except WrongError as wrong:
            self._fault(place, wrong.expected, found_in(bare(written)), wrong.hint)
        return None

    def _named(self, written: Any) -> Column:
        """The column that a heading names; a slip of one has the nearest as its hint."""
        heading = as_heading(written) if isinstance(written, str) else written
        return list(self.columns.values())[self._choose(heading)]

    def _headings(self) -> dict[str, _Heading]:
        found: dict[str, _Heading] = {}
        others: list[str] = []
        for place, written in enumerate(self.frame.columns.tolist()):
            try:
                column = self._named(written)
            except WrongError as wrong:
                if wrong.hint is None:
                    others.append(str(written))
                else:
                    self._fault(f"[{written!r}]", wrong.expected, found_in(bare(written)), wrong.hint)
                continue
            if column.key in found:
                self._fault(f"[{written!r}]", Said("fault.each_column_once"), str(found[column.key].written))
            found[column.key] = _Heading(place, written, column)
        if others:
            # A list holds what no rule reads; that it may be left out is for its owner to say.
            known = ", ".join(one.key for one in self.columns.values())
            hint = Said("face.drop_columns", columns=", ".join(map(repr, others)))
            self._fault("columns", Said("face.known_columns", known=known), ", ".join(others), hint)
        return found

    def _units(self, headings: dict[str, _Heading], units: Mapping[str, str]) -> dict[str, _Heading]:
        """The headings with the units that are given of them."""
        for written, unit in units.items():
            place = f"units[{written!r}]"
            column = self._column(written, place)
            if column is None:
                continue
            if column.key not in headings:
                self._fault(place, Said("face.a_column_of_it"), str(written))
            elif not column.kind or not isinstance(unit, str) or unit_of(column.kind, unit) is None:
                self._fault(place, Said(f"face.unit_of.{column.kind or 'none'}"), found_in(unit))
            else:
                headings[column.key] = headings[column.key]._replace(unit=unit)
        return headings

    def _row(self, label: Any, cells: Sequence[Any]) -> FiledRow:
        """The cells of a row that are given; of what it lacks, and what does not fit its provision, a fault."""
        given = {key: bare(cells[one.place]) for key, one in self.headings.items()}
        given = {key: value for key, value in given.items() if is_given(value)}
        found: FiledRow = {}
        if "measure" in given:
            found["measure"] = self._cell(label, "measure", given.pop("measure"))
        name = found.get("measure", _WRONG)
        if name is not _WRONG:
            self._other_bases(label, name, given)
        found |= {key: self._cell(label, key, value) for key, value in given.items()}
        for key in _ALWAYS:
            if key in self.headings and key not in found:
                self._lacks(label, key)
        self._days(label, found)
        if name is not _WRONG:
            self._of_provision(label, name, found, given)
        return found

    def _cell(self, label: Any, key: str, value: Any) -> Any:
        heading = self.headings[key]
        try:
            return heading.column.read(value, heading.unit)
        except WrongError as wrong:
            no_unit = wrong.hint == Said("face.no_unit")
            hint = Said("face.no_unit_of", heading=str(heading.written)) if no_unit else wrong.hint
            self._fault(self._place(label, key), wrong.expected, found_in(value), hint)
        return _WRONG

    def _place(self, label: Any, key: str) -> str:
        """A cell as pandas names it."""
        written = self.headings[key].written if key in self.headings else key
        return f"loc[{label!r}, {written!r}]"

    def _lacks(self, label: Any, key: str, **of: Any) -> None:
        expected = Said("face.a_cell_of", **of) if of else Said("face.a_cell")
        self._fault(self._place(label, key), expected, Said("fault.nothing"))

    def _days(self, label: Any, row: FiledRow) -> None:
        """Nothing is decided before it was filed."""
        filed, decided = row.get("filed", _WRONG), row.get("decided", _WRONG)
        if _WRONG not in (filed, decided) and decided < filed:
            day = np.datetime64(int(decided), "D")
            self._fault(self._place(label, "decided"), Said("face.decided_after"), str(day))

    def _other_bases(self, label: Any, name: str, given: dict[str, Any]) -> None:
        """Money is no count, and a count no money: a base in the column of another unit is not read."""
        own = self.needs[name].base
        for key in sorted(set(BASES.values()) & set(given) - {own}):
            expected = Said(
                "face.no_base", name=self.policy.measures[name].name, column=self.columns[own].words
            )
            self._fault(self._place(label, key), expected, found_in(given.pop(key)))

    def _of_provision(self, label: Any, name: str, row: FiledRow, given: Mapping[str, Any]) -> None:
        """What its provision needs; a base beyond what can be computed."""
        measure, needs = self.policy.measures[name], self.needs[name]
        for key in sorted(needs.cells - set(row)):
            self._lacks(label, key, name=measure.name, column=self.columns[key].words)
        base = row.get(needs.base, _WRONG)
        if measure.award is not None and base is not _WRONG:
            most = measure.award.largest_base()
            if base > most:
                expected = range_of(measure.base_unit, most)
                self._fault(self._place(label, needs.base), expected, found_in(given[needs.base]))

    def _columns_of_conditions(self, rows: Iterable[FiledRow]) -> None:
        """What a condition reads has a column, though cells of it may be empty."""
        read: dict[str, str] = {}
        for measure in dict.fromkeys(row.get("measure", _WRONG) for row in rows):
            if measure is not _WRONG:
                read |= dict.fromkeys(sorted(self.needs[measure].columns - set(self.headings)), measure)
        for key, name in read.items():
            measure = self.policy.measures[name].name
            expected = Said("face.a_column_for", column=self.columns[key].words, name=measure)
            self._fault(f"[{key!r}]", expected, Said("fault.nothing"))
