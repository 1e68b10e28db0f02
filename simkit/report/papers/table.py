"""The one model of a table: what a notebook, a web page and a workbook show alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from simkit.base.errors import InputError
from simkit.base.money import format_wan
from simkit.base.words import Language, say

__all__ = [
    "Blank",
    "Cell",
    "Column",
    "Kind",
    "Language",
    "Ratio",
    "Sum",
    "Table",
    "cell_text",
    "displayed_gaps",
    "linked",
    "merged_rows",
    "summed_rows",
    "with_rounding_note",
    "without",
]

#: text; money: fen, shown in 万元; count: a mean number; whole: an integer or year; share: 0 to 1, shown in %.
Kind = Literal["text", "money", "count", "whole", "share"]

#: A cell: row and column key.
Cell = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Blank:
    """A cell that a person fills in: empty on paper, unlocked and marked in a workbook.

    Attributes
    ----------
    hint : str
        What to write; a workbook shows it at the cell.
    value : int or str or None
        What stands there already and may be overwritten; None: nothing.
    """

    hint: str = ""
    value: int | str | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is other cells of its table, added up, less some: a live formula in a workbook.

    Where one of them holds no number, the cell is not a number either; a workbook then shows `words`.
    """

    plus: tuple[Cell, ...]
    minus: tuple[Cell, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A cell that is one cell of its table over another: a live formula in a workbook."""

    part: Cell
    whole: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its key in the rows, heading and kind.

    `not_additive` marks quantiles of parts (不可加总). `parts`: keys of the columns that this one sums up.
    `merged`: rows below each other with the same words share one cell. `adds`: whether a total can be the sum of
    the rows above it; an error's, whatever it looks like, is none.
    """

    key: str
    heading: str
    kind: Kind = "text"
    decimals: int | None = None
    not_additive: bool = False
    parts: tuple[str, ...] = ()
    merged: bool = False
    adds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows to be shown, in one language.

    Attributes
    ----------
    id : str
        Names the sheet and the file.
    title, unit : str
        Heading; line with the unit (单位：万元), may be empty.
    columns : tuple of Column
    rows : tuple of dict
        Column key -> value; None shows as a dash, words (未提供) stand as they are, a Blank is to be filled in.
        Money is fen, as int or float.
    totals : tuple of int
        Rows that sum others up: shown bold.
    notes : tuple of str
        Below the table; sources too.
    links : dict of Cell to Sum or Ratio
        Cells that are others added up or divided, beside those that `summed_rows` and `Column.parts` tell.
    headed : bool
        Whether the headings are shown; a form (item, content) has none.
    """

    id: str
    title: str
    unit: str = ""
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    totals: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=())
    links: Mapping[Cell, Sum | Ratio] = field(default_factory=dict)
    headed: bool = True

    def __post_init__(self) -> None:
        keys = {column.key for column in self.columns}
        for number, row in enumerate(self.rows):
            if set(row) != keys:
                names = {"expected": str(sorted(keys)), "found": str(sorted(row))}
                raise InputError("error.row_columns", table=self.id, row=number, **names)
        for cell, link in self.links.items():
            self._check_link(cell, link)

    def _check_link(self, cell: Cell, link: Sum | Ratio) -> None:
        """What a linked cell shows must be what its formula gives, to the fen or to a billionth."""
        found, expected = self.number(cell), linked(self, link)
        if found != expected and (
            found is None or expected is None or abs(found - expected) > 1e-9 * abs(expected)
        ):
            place = {"table": self.id, "row": cell[0], "column": cell[1]}
            raise InputError("error.not_its_formula", expected=str(expected), found=str(found), **place)

    def number(self, cell: Cell) -> int | float | None:
        """What a cell holds to be computed with; None for words and for a blank without a value."""
        value = self.rows[cell[0]][cell[1]]
        value = value.value if isinstance(value, Blank) else value
        return None if isinstance(value, str) else value

    def frame(self) -> Any:
        """The numbers as they are (fen, shares), headings as column names."""
        import pandas as pd

        names = [column.heading for column in self.columns]
        values = [[row[column.key] for column in self.columns] for row in self.rows]
        return pd.DataFrame(values, columns=names)

    def texts(self) -> Sequence[Sequence[str]]:
        """Every cell as it is shown."""
        return [[cell_text(row[column.key], column) for column in self.columns] for row in self.rows]


def linked(table: Table, link: Sum | Ratio) -> int | float | None:
    """What a formula gives; None where a cell that it needs holds no number, or a whole is 0."""
    if isinstance(link, Ratio):
        part, whole = table.number(link.part), table.number(link.whole)
        return None if part is None or not whole else part / whole
    plus, minus = ([table.number(cell) for cell in cells] for cells in (link.plus, link.minus))
    numbers = [number for number in (*plus, *minus) if number is not None]
    if len(numbers) < len(plus) + len(minus):
        return None
    return sum(numbers[: len(plus)]) - sum(numbers[len(plus) :])


def without(links: Mapping[Cell, Sum | Ratio], cells: Collection[Cell]) -> dict[Cell, Sum | Ratio]:
    """Links that do without some cells, which add nothing: they leave sums, and have no formula themselves."""
    found: dict[Cell, Sum | Ratio] = {}
    for cell, link in links.items():
        if isinstance(link, Ratio):
            kept: Sum | Ratio | None = None if {link.part, link.whole} & set(cells) else link
        else:
            plus, minus = (tuple(one for one in part if one not in cells) for part in (link.plus, link.minus))
            kept = replace(link, plus=plus, minus=minus) if plus or minus else None
        if kept is not None and cell not in cells:
            found[cell] = kept
    return found


def merged_rows(table: Table, column: Column) -> dict[int, int]:
    """Rows of a merged column that begin a cell over several rows, and how many; the others of it stay empty."""
    spans: dict[int, int] = {}
    first = 0
    for number in range(1, len(table.rows) + 1):
        same = number < len(table.rows) and table.rows[number][column.key] == table.rows[first][column.key]
        if same and column.merged and number not in table.totals and first not in table.totals:
            spans[first] = number - first + 1
        else:
            first = number
    return spans


def cell_text(value: Any, column: Column) -> str:
    """One cell as it is shown; None is a dash, words stand as they are, what a person fills in is empty."""
    if isinstance(value, Blank):
        return "" if value.value is None else cell_text(value.value, column)
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    if column.kind == "money":
        return format_wan(value, 2 if column.decimals is None else column.decimals)
    if column.kind == "share":
        return f"{value:z.{1 if column.decimals is None else column.decimals}%}"
    if column.kind == "count":
        return f"{value:z,.{1 if column.decimals is None else column.decimals}f}"
    return str(value)


def summed_rows(table: Table, row: int, column: Column) -> tuple[int, ...]:
    """The rows above a total row that add up to it in a money column, to the fen; empty where none do.

    Either the rows since the total before, or all rows above that are no totals; words count nothing.
    """
    total = table.rows[row][column.key]
    adds = column.kind == "money" and column.adds and not column.not_additive
    if row not in table.totals or not adds or not isinstance(total, int):
        return ()
    above = [number for number in range(row) if number not in table.totals]
    before = max((number for number in table.totals if number < row), default=-1)
    for rows in ([number for number in above if number > before], above):
        values = {number: table.rows[number][column.key] for number in rows}
        filled = {
            number: value for number, value in values.items() if not (value is None or isinstance(value, str))
        }
        if (
            filled
            and all(isinstance(value, int) for value in filled.values())
            and sum(filled.values()) == total
        ):
            return tuple(filled)
    return ()


def displayed_gaps(table: Table) -> list[Cell]:
    """Cells (row, column key) that are the sum of others in fen but not as displayed."""
    gaps = []
    for number in range(len(table.rows)):
        for column in table.columns:
            cell = (number, column.key)
            sums = [Sum(tuple((part, column.key) for part in summed_rows(table, number, column)))]
            sums.append(Sum(tuple((number, key) for key in column.parts)))
            link = table.links.get(cell)
            if isinstance(link, Sum):
                sums.append(link)
            if column.kind == "money" and any(_differs(table, cell, one) for one in sums):
                gaps.append(cell)
    return gaps


def _differs(table: Table, cell: Cell, link: Sum) -> bool:
    """Whether a cell as displayed is not the sum of the displayed others; words count nothing."""
    shown = {one.key: one for one in table.columns}

    def displayed(one: Cell) -> Decimal | None:
        number, column = table.number(one), shown[one[1]]
        if number is None:
            return None
        return Decimal(format_wan(number, 2 if column.decimals is None else column.decimals).replace(",", ""))

    plus, minus = ([displayed(one) for one in cells] for cells in (link.plus, link.minus))
    found = displayed(cell)
    known = [one for one in (*plus, *minus) if one is not None]
    if found is None or not known:
        return False
    total = sum((one for one in plus if one is not None), Decimal(0))
    return found != total - sum((one for one in minus if one is not None), Decimal(0))


def with_rounding_note(table: Table, lang: Language) -> Table:
    """The table, with the note on 尾差 where its displayed parts do not add up to a displayed total."""
    note = say(lang, "table.rounding")
    if note in table.notes or not displayed_gaps(table):
        return table
    return replace(table, notes=(*table.notes, note))
