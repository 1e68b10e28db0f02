"""The table that holds a list of agencies, read column by column; faults that are alike are told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from simkit.base.errors import Fault
from simkit.base.said import Said, Words, joined
from simkit.documents.cells import WrongError, found_in
from simkit.documents.table import GivenTable, Row, Unreadable, is_blank, plain

__all__ = ["Sheet"]

#: Different things found, and cells of each, that a fault of a column names; the others are counted.
_VALUES, _CELLS = 3, 3
#: Faults of a column's cells that name each other, such as agencies listed twice: the others are counted.
_NAMED = 20
_SHORT = Said("fault.write_commas_empty_cells_too")
_LONG = Said("fault.put_value_with_commas_quotation_marks")


class _Wrong(NamedTuple):
    """A value that cannot be used."""

    row: Row
    found: Words
    hint: Said | None


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

    table: GivenTable
    head: Row
    rows: Sequence[Row]
    faults: list[tuple[int, int, Fault]] = field(default_factory=list)
    wrong: dict[tuple[int, Said, Said | None], list[_Wrong]] = field(default_factory=dict)

    def add(self, row: Row, column: int, expected: Said, found: Words, hint: Said | None = None) -> None:
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
                raise WrongError(Said("fault.a_value"), value.hint)
            return parse(plain(value) if isinstance(value, str) else "" if value is None else value)
        except WrongError as wrong:
            if not self.table.is_merged(row, column):
                own = (
                    wrong.hint if wrong.hint is not None and wrong.hint.key == "fault.did_you_mean" else None
                )
                key = column, wrong.expected, wrong.hint if own is None else None
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
                key = min(row.width, wide), Said("fault.cells_row_many_headings", wide=wide), hint
                self.wrong.setdefault(key, []).append(_Wrong(row, Said("fault.cells", width=row.width), None))
        self.rows = [row for row in self.rows if row.width == wide]

    def all_faults(self) -> Iterator[Fault]:
        """Name all faults in order of place; of many alike in a column, the first ones and their number."""
        yield from self.table.faults
        found = [*self.faults, *(self._told(*key, alike) for key, alike in self.wrong.items())]
        kinds: dict[tuple[int, Said], list[Fault]] = {}
        for _, column, fault in sorted(found, key=lambda item: item[:2]):
            alike = kinds.setdefault((column, fault.expected), [])
            alike.append(fault)
            if len(alike) <= _NAMED:
                yield fault
        for alike in kinds.values():
            if len(alike) > _NAMED:
                words = Said("fault.more_cells_are_wrong_last", alike=len(alike) - _NAMED)
                yield replace(alike[-1], found=words)

    def _told(
        self, column: int, expected: Said, hint: Said | None, alike: list[_Wrong]
    ) -> tuple[int, int, Fault]:
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
                hint = Said("fault.unmerge_fill_each_cells")
                fault = Fault(
                    self.table.file,
                    0,
                    place,
                    Said("fault.cells_are_not_merged"),
                    Said("fault.a_merged_range"),
                    hint,
                )
                self.faults.append((merged.first_row, merged.first_column - 1, fault))
        headed = {at for at, value in enumerate(self.head.values) if not is_blank(value)}
        for row in self.rows:
            for at, value in enumerate(row.values):
                if at not in headed and not is_blank(value):
                    self.add(row, at, Said("fault.nothing_column_without_heading"), found_in(value))
        if not self.rows and not self.wrong:
            self.add(self.head, 0, Said("fault.agencies_below_the_headings"), Said("fault.none"))


def _where(table: GivenTable, column: int, alike: list[_Wrong]) -> Said:
    """What was found in which cells: the first ones of the first few, and how many more."""
    cells: dict[Words, list[str]] = {}
    for one in alike:
        words = (
            one.found if one.hint is None else Said("fault.found_and_hint", found=one.found, hint=one.hint)
        )
        cells.setdefault(words, []).append(table.cell(one.row, column).rpartition("!")[2])
    told = [(words, places[:_CELLS]) for words, places in list(cells.items())[:_VALUES]]
    more = len(alike) - sum(len(places) for _, places in told)
    parts = [Said("fault.at", found=words, path=", ".join(places)) for words, places in told]
    return joined([*parts, Said("fault.and_more_cells", more=more)] if more else parts)
