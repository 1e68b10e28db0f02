"""Cells of a table that follow from others, as live formulas of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from simkit.base.errors import InputError
from simkit.documents.workbook import cut
from simkit.report.papers.glyphs import neighbours
from simkit.report.papers.table import Blank, Cell, Ratio, Sum, Table, summed_rows

__all__ = ["Formula", "formulas"]

#: A difference of up to so many cells is written out (B3+B4-B5), a longer one as SUM of ranges.
_WRITTEN_OUT = 4
#: Most characters of words in a formula.
_LONGEST = 255
_DASH = "—"


class Formula(NamedTuple):
    """A formula, and the words that it gives where it gives no number."""

    text: str
    words: str


def formulas(table: Table, top: int, columns: Sequence[int] = ()) -> dict[Cell, Formula]:
    """The formula of every cell that is others added up or divided.

    Where a cell that it needs can come to hold no number, for a person may fill it in or leave it empty,
    the formula gives words until all of them do.

    Parameters
    ----------
    top : int
        Row of the sheet, from 0, of the table's first row.
    columns : sequence of int, optional
        Column of the sheet, from 0, of each of the table's; without them the first is the sheet's, and so on.

    Raises
    ------
    InputError
        When cells need each other in a circle.
    """
    links = {cell: link for cell, link in _links(table).items() if _one_unit(table, cell, link)}
    needs = {cell: set(_needed(link)) for cell, link in links.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = ", ".join(f"row {row}, {key}" for row, key in error.args[1])
        raise InputError("error.cells_in_a_circle", table=table.id, found=circle) from error
    sheet = _Sheet(table, top, columns or range(len(table.columns)))
    unsure = {cell for cell in order if isinstance(table.rows[cell[0]][cell[1]], Blank)}
    found = {}
    for cell in (one for one in order if one in links):
        if needs[cell] & unsure:
            unsure.add(cell)
        words = sheet.words(cell, links[cell])
        text = sheet.formula(cell, links[cell], _quoted(words), cell in unsure)
        if text:
            found[cell] = Formula(text, words)
    return found


def _links(table: Table) -> dict[Cell, Sum | Ratio]:
    """What follows from others: by the table's own links, else by its totals and its columns' parts."""
    found: dict[Cell, Sum | Ratio] = {}
    for number, row in enumerate(table.rows):
        for column in table.columns:
            cell = (number, column.key)
            rows = summed_rows(table, number, column)
            parts = [row[key] for key in column.parts]
            whole = column.kind == "money" and isinstance(row[column.key], int) and len(parts) > 0
            if rows:
                found[cell] = Sum(tuple((one, column.key) for one in rows))
            elif whole and all(isinstance(part, int) for part in parts) and sum(parts) == row[column.key]:
                found[cell] = Sum(tuple((number, key) for key in column.parts))
    found |= table.links
    return {cell: link for cell, link in found.items() if not isinstance(table.rows[cell[0]][cell[1]], Blank)}


def _needed(link: Sum | Ratio) -> tuple[Cell, ...]:
    return (link.part, link.whole) if isinstance(link, Ratio) else (*link.plus, *link.minus)


def _one_unit(table: Table, cell: Cell, link: Sum | Ratio) -> bool:
    """Whether a formula over cells as a sheet has them, money in 万元, gives this cell as the sheet has it."""
    money = {column.key for column in table.columns if column.kind == "money"}
    if isinstance(link, Ratio):
        return (link.part[1] in money) - (link.whole[1] in money) == (cell[1] in money)
    return all((key in money) == (cell[1] in money) for _, key in _needed(link))


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """A table, the row of a sheet at which its rows begin, and the sheet's columns that are its own."""

    table: Table
    top: int
    columns: Sequence[int]

    def words(self, cell: Cell, link: Sum | Ratio) -> str:
        """What stands there instead of a number: what does stand there, else the link's words, else a dash."""
        value = self.table.rows[cell[0]][cell[1]]
        spare = (link.words if isinstance(link, Sum) else "") or _DASH
        return cut(value if isinstance(value, str) else spare, _LONGEST)

    def formula(self, cell: Cell, link: Sum | Ratio, words: str, unsure: bool) -> str:
        """The formula of a cell; nothing where it can never be a number and the link has no words."""
        if isinstance(link, Ratio):
            part, whole = self._name(link.part), self._name(link.whole)
            divided = f"IF({whole}=0,{words},{part}/{whole})"
            plain = self.table.number(link.part) is not None and self.table.number(link.whole) is not None
            return (
                f"={divided}" if plain and not unsure else f"=IF(COUNT({part},{whole})<2,{words},{divided})"
            )
        total = self._total(link)
        if unsure or link.words:
            cells = _needed(link)
            return f"=IF(COUNT({','.join(self._spans(cells))})={len(cells)},{total},{words})"
        return f"={total}" if self.table.number(cell) is not None else ""

    def _total(self, link: Sum) -> str:
        if link.minus and len(_needed(link)) <= _WRITTEN_OUT:
            plus = "+".join(self._name(cell) for cell in link.plus) or "0"
            return plus + "".join(f"-{self._name(cell)}" for cell in link.minus)
        sums = [f"SUM({','.join(self._spans(cells))})" for cells in (link.plus, link.minus) if cells]
        return "-".join(sums if link.plus else ["0", *sums])

    def _name(self, cell: Cell) -> str:
        keys = [column.key for column in self.table.columns]
        return str(xl_rowcol_to_cell(self.top + cell[0], self.columns[keys.index(cell[1])]))

    def _spans(self, cells: Iterable[Cell]) -> list[str]:
        """Cells, those below each other as one range."""
        rows: dict[str, list[int]] = {}
        for row, key in cells:
            rows.setdefault(key, []).append(row)
        return [
            self._name((first, key)) + (f":{self._name((last, key))}" if last > first else "")
            for key, found in rows.items()
            for first, last in neighbours(found)
        ]


def _quoted(words: str) -> str:
    """Words as a text in a formula; a bracket apart from the word before it, which could name a function."""
    return '"' + words.replace('"', '""').replace("(", '"&"(') + '"'
