"""The one model of a table: what a notebook, a web page and a workbook show alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from simkit.errors import InputError
from simkit.money import format_wan

__all__ = [
    "Column",
    "Kind",
    "Language",
    "Table",
    "cell_text",
    "displayed_gaps",
    "summed_rows",
    "with_rounding_note",
]

Language = Literal["zh", "en"]
#: text; money: fen, shown in 万元; count: a mean number; whole: an integer or year; share: 0 to 1, shown in %.
Kind = Literal["text", "money", "count", "whole", "share"]

_ROUNDING_NOTE = {
    "zh": "本表以分计算、以万元列示，分项与合计数间的尾差系四舍五入所致。",
    "en": "Computed in fen and shown in 10,000 yuan: parts and totals may differ in the last place by rounding (尾差).",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its key in the rows, heading and kind.

    `not_additive` marks quantiles of parts (不可加总). `parts`: keys of the columns that this one sums up.
    """

    key: str
    heading: str
    kind: Kind = "text"
    decimals: int | None = None
    not_additive: bool = False
    parts: tuple[str, ...] = ()


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
        Column key -> value; None shows as a dash, words (未提供) stand as they are. Money is fen, as int or float.
    totals : tuple of int
        Rows that sum others up: shown bold.
    notes : tuple of str
        Below the table; sources too.
    """

    id: str
    title: str
    unit: str = ""
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    totals: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        keys = {column.key for column in self.columns}
        for number, row in enumerate(self.rows):
            if set(row) != keys:
                raise InputError(
                    f"table {self.id}: row {number}: expected columns {sorted(keys)}, found {sorted(row)}"
                )

    def frame(self) -> pd.DataFrame:
        """The numbers as they are (fen, shares), headings as column names."""
        names = [column.heading for column in self.columns]
        values = [[row[column.key] for column in self.columns] for row in self.rows]
        return pd.DataFrame(values, columns=names)

    def texts(self) -> Sequence[Sequence[str]]:
        """Every cell as it is shown."""
        return [[cell_text(row[column.key], column) for column in self.columns] for row in self.rows]


def cell_text(value: Any, column: Column) -> str:
    """One cell as it is shown; None is a dash, and words stand as they are."""
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    if column.kind == "money":
        return format_wan(value, 2 if column.decimals is None else column.decimals)
    if column.kind == "share":
        return f"{value:.{1 if column.decimals is None else column.decimals}%}"
    if column.kind == "count":
        return f"{value:,.{1 if column.decimals is None else column.decimals}f}"
    return str(value)


def summed_rows(table: Table, row: int, column: Column) -> tuple[int, ...]:
    """The rows above a total row that add up to it in a money column, to the fen; empty where none do.

    Either the rows since the total before, or all rows above that are no totals; words count nothing.
    """
    total = table.rows[row][column.key]
    if row not in table.totals or column.kind != "money" or column.not_additive or not isinstance(total, int):
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


def displayed_gaps(table: Table) -> list[tuple[int, str]]:
    """Cells (row, column key) that are the sum of others in fen but not as displayed."""
    gaps = []
    by_key = {column.key: column for column in table.columns}
    for number, row in enumerate(table.rows):
        for column in table.columns:
            cells = [(table.rows[part][column.key], column) for part in summed_rows(table, number, column)]
            across = [(row[key], by_key[key]) for key in column.parts if row[key] is not None]
            for parts in (cells, across):
                if parts and _displayed(row[column.key], column) != sum(_displayed(*part) for part in parts):
                    gaps.append((number, column.key))
                    break
    return gaps


def _displayed(value: Any, column: Column) -> Decimal:
    if isinstance(value, str) or value is None:
        return Decimal(0)
    return Decimal(format_wan(value, 2 if column.decimals is None else column.decimals).replace(",", ""))


def with_rounding_note(table: Table, lang: Language) -> Table:
    """The table, with the note on 尾差 where its displayed parts do not add up to a displayed total."""
    note = _ROUNDING_NOTE[lang]
    if note in table.notes or not displayed_gaps(table):
        return table
    return replace(table, notes=(*table.notes, note))
