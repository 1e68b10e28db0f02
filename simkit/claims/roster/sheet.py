"""The table that holds a list of agencies, read column by column; faults that are alike are told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from simkit.base.errors import Fault
from simkit.documents.cells import WrongError, found_in
from simkit.documents.table import Row, Table, Unreadable, is_blank, plain

__all__ = ["Sheet"]

#: Different things found, and cells of each, that a fault of a column names; the others are counted.
_VALUES, _CELLS = 3, 3
#: Faults of a column's cells that name each other, such as agencies listed twice: the others are counted.
_NAMED = 20
_SHORT = "write the commas of empty cells too"
_LONG = "put a value with commas in quotation marks, or leave out the separators of thousands"


class _Wrong(NamedTuple):
    """A value that cannot be used."""

    row: Row
    found: str
    hint: str


@dataclass(slots=True)
class Sheet:
    """The table that holds the list, its row of headings, its rows, and the faults found so far.

    Attributes
    ----------
    rows : sequence of Row
        Of agencies.
    wrong : dict of (column, what was expected, the way out) to values
        What cannot be used, alike together; a way out of one value alone is kept with the value.
    """

    table: Table
    head: Row
    rows: Sequence[Row]
    faults: list[tuple[int, int, Fault]] = field(default_factory=list)
    wrong: dict[tuple[int, str, str], list[_Wrong]] = field(default_factory=dict)

    def add(self, row: Row, column: int, expected: str, found: str, hint: str = "") -> None:
        """Keep a fault of a cell."""
        if not self.table.is_merged(row, column):
            place = self.table.cell(row, column)
            fault = Fault(self.table.file, row.line, place, expected, found, hint)
            self.faults.append((row.number, column, fault))

    def read(self, column: int, parse: Callable[[Any], Any], otherwise: Any) -> list[Any]:
        """Values of a column, `otherwise` for those that cannot be used."""
        return [self.value(row, column, parse, otherwise) for row in self.rows]

    def value(self, row: Row, column: int, parse: Callable[[Any], Any], otherwise: Any) -> Any:
        """The value of a cell, `otherwise` where it cannot be used."""
        value = row.values[column] if column < len(row.values) else None
        try:
            if isinstance(value, Unreadable):
                raise WrongError("a value", value.hint)
            return parse(plain(value) if isinstance(value, str) else "" if value is None else value)
        except WrongError as wrong:
            if not self.table.is_merged(row, column):
                own = wrong.hint if wrong.hint.startswith("did you mean") else ""
                key = column, wrong.expected, "" if own else wrong.hint
                self.wrong.setdefault(key, []).append(_Wrong(row, found_in(value), own))
            return otherwise

    def check_widths(self) -> None:
        """Name rows of a text file with more or fewer cells than headings; nobody knows what they say, so they go."""
        if self.table.sheet:
            return
        wide = self.head.width
        for row in self.rows:
            if row.width != wide:
                hint = _SHORT if row.width < wide else _LONG
                key = min(row.width, wide), f"{wide} cells in the row, as many as headings", hint
                self.wrong.setdefault(key, []).append(_Wrong(row, f"{row.width} cells", ""))
        self.rows = [row for row in self.rows if row.width == wide]

    def all_faults(self) -> Iterator[Fault]:
        """Name all faults in order of place; of many alike in a column, the first ones and their number."""
        yield from self.table.faults
        found = [*self.faults, *(self._told(*key, alike) for key, alike in self.wrong.items())]
        kinds: dict[tuple[int, str], list[Fault]] = {}
        for _, column, fault in sorted(found, key=lambda item: item[:2]):
            alike = kinds.setdefault((column, fault.expected), [])
            alike.append(fault)
            if len(alike) <= _NAMED:
                yield fault
        for alike in kinds.values():
            if len(alike) > _NAMED:
                words = f"{len(alike) - _NAMED} more cells that are wrong, this the last"
                yield replace(alike[-1], found=words)

    def _told(self, column: int, expected: str, hint: str, alike: list[_Wrong]) -> tuple[int, int, Fault]:
        """One fault for all values of a column that fail alike: what was found where, first ones first."""
        first, *others = alike
        place = self.table.cell(first.row, column)
        found = _where(self.table, column, alike) if others else first.found
        hint = hint if others else hint or first.hint
        return first.row.number, column, Fault(self.table.file, first.row.line, place, expected, found, hint)

    def check_shape(self) -> None:
        """Name merged cells, values without a heading, and a list without rows."""
        rows = {row.number for row in self.rows}
        for merged in self.table.merged:
            if rows.intersection(range(merged.first_row, merged.last_row + 1)) or (
                merged.first_row <= self.head.number <= merged.last_row
            ):
                place = f"{self.table.sheet}!{merged.name}"
                hint = "unmerge it and fill in each of its cells"
                fault = Fault(self.table.file, 0, place, "cells that are not merged", "a merged range", hint)
                self.faults.append((merged.first_row, merged.first_column - 1, fault))
        headed = {at for at, value in enumerate(self.head.values) if not is_blank(value)}
        for row in self.rows:
            for at, value in enumerate(row.values):
                if at not in headed and not is_blank(value):
                    self.add(row, at, "nothing in a column without a heading", found_in(value))
        if not self.rows and not self.wrong:
            self.add(self.head, 0, "agencies below the headings", "none")


def _where(table: Table, column: int, alike: list[_Wrong]) -> str:
    """What was found in which cells: the first ones of the first few, and how many more."""
    cells: dict[str, list[str]] = {}
    for one in alike:
        words = f"{one.found} ({one.hint})" if one.hint else one.found
        cells.setdefault(words, []).append(table.cell(one.row, column).rpartition("!")[2])
    told = [(words, places[:_CELLS]) for words, places in list(cells.items())[:_VALUES]]
    more = len(alike) - sum(len(places) for _, places in told)
    parts = [f"{words} at {', '.join(places)}" for words, places in told]
    return "; ".join([*parts, f"and {more} more cells"] if more else parts)
