"""A sheet of parameters that a person has filled in: where its headings stand, and its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said, Words, joined
from simkit.documents.cells import found_in
from simkit.documents.sheets import read_tables
from simkit.documents.table import GivenTable, Row, is_blank, plain
from simkit.scenario.parameters import layout

__all__ = ["Filled", "find_filled"]

_HEADING_ROWS = 40


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """The table, the number of its row of headings (from 0), and its cells by row and column."""

    table: GivenTable
    head: int
    cells: dict[tuple[int, int], Any]

    def cell(self, row: int, column: int) -> str:
        """A cell's name, with the sheet."""
        return self.table.cell(Row(row + 1, 0, ()), column)

    def fault(
        self, row: int, column: int, expected: Said, found: Words | None = None, hint: Said | None = None
    ) -> Fault:
        """A fault of a cell."""
        found = found_in(self.cells.get((row, column))) if found is None else found
        return Fault(self.table.file, 0, self.cell(row, column), expected, found, hint)

    def columns(self) -> list[int]:
        """Columns of scenarios in which something stands, their headings apart."""
        first = self.head - len(layout.KEYS)
        filled = {
            column
            for row, column in self.cells
            if column >= layout.FIRST_SCENARIO and row >= first and row != self.head
        }
        return sorted(filled)

    def rows(self) -> list[int]:
        """Rows below the headings in which something is filled in."""
        return sorted(
            {row for row, column in self.cells if row > self.head and column >= layout.FIRST_SCENARIO}
        )

    def path(self, row: int) -> str:
        """The path of a row, empty where none stands."""
        value = self.cells.get((row, layout.PATH_COLUMN))
        return plain(value) if isinstance(value, str) else ""


def find_filled(file: str) -> Filled:
    names = list(layout.SHEETS.values())
    tables = list(read_tables(file, names[0]))
    table = next((one for one in tables if plain(one.sheet) in names), None)
    if table is None:
        found = ", ".join(one.sheet for one in tables if one.sheet) or Said("fault.none")
        expected = Said("fault.sheet_named", names=joined(names, "fault.or_named"))
        raise FaultsError([Fault(file, 0, "(file)", expected, found)])
    cells = {
        (row.number - 1, column): value
        for row in table.rows
        for column, value in enumerate(row.values)
        if not is_blank(value)
    }
    headings = {words[layout.PATH_COLUMN] for words in layout.HEADINGS.values()}
    for row in range(_HEADING_ROWS):
        if cells.get((row, layout.PATH_COLUMN)) in headings:
            return Filled(table, row, cells)
    cell = table.cell(Row(layout.HEAD_ROW + 1, 0, ()), layout.PATH_COLUMN)
    expected = Said("fault.heading", names=joined(sorted(headings), "fault.or_named"))
    raise FaultsError([Fault(file, 0, cell, expected, Said("fault.none"))])
