"""From the sheet of parameters x scenarios to overlays: each fault is named by its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said
from simkit.documents.build import TreePath
from simkit.documents.cells import WrongError
from simkit.documents.table import Unreadable, plain
from simkit.documents.tree import Tree
from simkit.documents.validate import validate
from simkit.scenario import Overlay, ScenarioFile, variants
from simkit.scenario.laying import value_at
from simkit.scenario.overlay_text import overlay_text
from simkit.scenario.parameters import layout
from simkit.scenario.parameters.filled import Filled, find_filled
from simkit.scenario.parameters.rows import Parameter, parameters
from simkit.scenario.parameters.values import as_date, as_value, as_words

__all__ = ["read_sheet"]

#: Variants of a sweep that are laid on to be checked.
_MOST_LAID = 200


def read_sheet(file: ScenarioFile, path: str | Path) -> dict[str, str]:
    """Overlays of the columns that are filled in.

    Parameters
    ----------
    file : ScenarioFile
        The baseline that the sheet was made from.
    path : str or Path
        An .xlsx file.

    Returns
    -------
    dict of str to str
        Name of each overlay and its file's text, in the order of the columns.

    Raises
    ------
    FaultsError
        With every fault of every cell, what was expected and what was found.
    """
    sheet = find_filled(str(path))
    columns = [_Column(sheet, column) for column in sheet.columns()]
    faults = [*sheet.table.faults, *_merged_faults(sheet), *_base_faults(sheet, file), *_path_faults(sheet)]
    known = {one.path: one for one in parameters(file)}
    for column in columns:
        column.read(known, file)
        faults += column.faults
    faults += _name_faults(columns)
    if not columns and not faults:
        head = sheet.cell(sheet.head, layout.FIRST_SCENARIO)
        faults.append(
            Fault(str(path), 0, head, Said("fault.at_least_one_scenario_filled"), Said("fault.none"))
        )
    faults = faults or [fault for column in columns for fault in column.laid_faults(file)]
    if faults:
        raise FaultsError(dict.fromkeys(faults))
    return {str(column.data["name"]): overlay_text(column.data) for column in columns}


# --- faults of the sheet as a whole -----------------------------------------------------------------------


def _merged_faults(sheet: Filled) -> Iterator[Fault]:
    """Merged cells where something is to be filled in."""
    first = sheet.head - len(layout.KEYS)
    for merged in sheet.table.merged:
        if merged.last_column > layout.FIRST_SCENARIO and merged.last_row > first:
            place = f"{sheet.table.sheet}!{merged.name}"
            hint = Said("fault.unmerge_fill_each_cells")
            yield Fault(
                sheet.table.file,
                0,
                place,
                Said("fault.cells_are_not_merged"),
                Said("fault.a_merged_range"),
                hint,
            )


def _base_faults(sheet: Filled, file: ScenarioFile) -> Iterator[Fault]:
    row, column = _base(sheet, 0)
    wanted = str(file.unchanged[0].get(("id",)))
    if plain(str(sheet.cells.get((row, column), ""))) != wanted:
        yield sheet.fault(row, column, Said("fault.scenario_laid_on", wanted=wanted))


def _base(sheet: Filled, which: int) -> tuple[int, int]:
    """Place of the baseline's id (0) or digest (1)."""
    row, column = layout.BASE[which]
    return sheet.head - layout.HEAD_ROW + row, column


def _path_faults(sheet: Filled) -> Iterator[Fault]:
    """Every row that is filled in has a path, and no two the same."""
    seen: dict[str, int] = {}
    for row in sheet.rows():
        path = sheet.path(row)
        first = seen.setdefault(path, row)
        if not path:
            yield sheet.fault(row, layout.PATH_COLUMN, Said("fault.path_what_filled_beside"))
        elif first != row:
            other = sheet.cell(first, layout.PATH_COLUMN)
            yield sheet.fault(row, layout.PATH_COLUMN, Said("fault.path_own_stands_too", other=other))


def _name_faults(columns: list[_Column]) -> Iterator[Fault]:
    seen: dict[Any, _Column] = {}
    for column in columns:
        name = column.data.get("name")
        first = seen.setdefault(name, column)
        if name is not None and first is not column:
            expected = Said("fault.name_own_stands_too", name=first.place("name"))
            yield column.sheet.fault(column.row("name"), column.column, expected)


# --- one column -------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Column:
    """A scenario: its overlay as data, the cell of each of its keys, and the faults of its cells."""

    sheet: Filled
    column: int
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[TreePath, tuple[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def row(self, key: str) -> int:
        """Row of a name, title, ..."""
        return self.sheet.head - len(layout.KEYS) + layout.KEYS.index(key)

    def place(self, key: str) -> str:
        """Cell of a name, title, ..."""
        return self.sheet.cell(self.row(key), self.column)

    def read(self, known: Mapping[str, Parameter], file: ScenarioFile) -> None:
        """Fill in data, places and faults from the cells."""
        self._read_meta()
        self.places |= {
            (key,): (self.place("name"), 0) for key in ("changes", "sweep", "base", "base_digest")
        }
        self.data |= {"changes": {}, "sweep": {}}
        for row in self.sheet.rows():
            path, value = self.sheet.path(row), self.sheet.cells.get((row, self.column))
            if path and value is not None:
                before = value_at(path, *file.unchanged)
                self._take(row, path, value, known.get(path), before)
        if not self.data["changes"] and not self.data["sweep"] and not self.faults:
            place = self.sheet.fault(
                self.sheet.head,
                self.column,
                Said("fault.at_least_one_value_below"),
                Said("fault.none"),
                Said("fault.or_clear_the_column"),
            )
            self.faults.append(place)
        _, faults = validate(Overlay, self._tree())
        self.faults += [] if self.faults else map(self._by_cell, faults)

    def _read_meta(self) -> None:
        base, digest = (self.sheet.cells.get(_base(self.sheet, which)) for which in (0, 1))
        self.data |= {"title": {}, "reason": {}, "base": plain(str(base)), "base_digest": plain(str(digest))}
        for key in layout.KEYS:
            row, (name, _, lang) = self.row(key), key.partition(".")
            self.places[(name, lang) if lang else (name,)] = (self.place(key), 0)
            self.places.setdefault((name,), (self.place(key), 0))
            value = self.sheet.cells.get((row, self.column))
            try:
                words = as_date(value) if key == "date" else as_words(value)
            except WrongError as wrong:
                self.faults.append(self.sheet.fault(row, self.column, wrong.expected, hint=wrong.hint))
                continue
            # A language that is left empty says what the one before it says.
            before = list(self.data[name].values()) if lang else []
            if lang:
                self.data[name][lang] = words or "".join(before[-1:])
            elif words:
                self.data[name] = words
            if not words and not before:
                self.faults.append(self.sheet.fault(row, self.column, Said("fault.value_required")))

    def _take(self, row: int, path: str, value: Any, parameter: Parameter | None, before: Any) -> None:
        """Read one value, or several."""
        if isinstance(value, Unreadable):
            self.faults.append(
                self.sheet.fault(row, self.column, Said("fault.a_value"), value.found, value.hint)
            )
            return
        try:
            read, swept = as_value(parameter, value, before)
        except WrongError as wrong:
            self.faults.append(self.sheet.fault(row, self.column, wrong.expected, hint=wrong.hint))
            return
        section = "sweep" if swept else "changes"
        self.data[section][path] = read
        self.places[(section, path)] = (self.sheet.cell(row, self.column), 0)

    def _tree(self) -> Tree:
        return Tree(self.data, self.place("name"), self.places)

    def laid_faults(self, file: ScenarioFile) -> Iterator[Fault]:
        """What shows only when it is laid on the baseline."""
        overlay, faults = validate(Overlay, self._tree())
        yield from map(self._by_cell, faults)
        if overlay is None:
            return
        for one in islice(variants(overlay, self._tree()), _MOST_LAID):
            try:
                file.lay([one.changes])
            except FaultsError as error:
                yield from map(self._by_cell, error.faults)

    def _by_cell(self, fault: Fault) -> Fault:
        """The same fault at its cell: that of the path, or of the changed path nearest to where it shows."""
        cells = {place for place, _ in self.places.values()}
        place = fault.file if fault.file in cells else self._nearest(fault.path)
        return replace(fault, file=self.sheet.table.file, line=0, path=place)

    def _nearest(self, path: str) -> str:
        best, found = 1, self.place("name")
        for keys, (cell, _) in self.places.items():
            if len(keys) == 2 and keys[0] in ("changes", "sweep"):
                alike = _alike(path.split("."), str(keys[1]).split("."))
                best, found = (alike, cell) if alike > best else (best, found)
        return found


def _alike(one: list[str], other: list[str]) -> int:
    """How many keys two paths begin with alike."""
    pairs = list(zip(one, other, strict=False))
    return next((place for place, (a, b) in enumerate(pairs) if a != b), len(pairs))
