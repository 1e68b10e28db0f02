"""The one model of a table: what a notebook, a web page and a workbook show alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from simkit.errors import InputError
from simkit.money import format_wan

__all__ = ["Column", "Kind", "Language", "Table", "cell_text"]

Language = Literal["zh", "en"]
#: text; money: fen, shown in 万元; count: a mean number; whole: an integer or year; share: 0 to 1, shown in %.
Kind = Literal["text", "money", "count", "whole", "share"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its key in the rows, heading and kind; `not_additive` marks quantiles of parts (不可加总)."""

    key: str
    heading: str
    kind: Kind = "text"
    decimals: int | None = None
    not_additive: bool = False


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
        Column key -> value; None shows as a dash. Money is fen, as int or float.
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
                raise InputError(f"table {self.id}: row {number}: expected columns {sorted(keys)}, found {sorted(row)}")

    def frame(self) -> pd.DataFrame:
        """The numbers as they are (fen, shares), headings as column names."""
        names = [column.heading for column in self.columns]
        values = [[row[column.key] for column in self.columns] for row in self.rows]
        return pd.DataFrame(values, columns=names)

    def texts(self) -> Sequence[Sequence[str]]:
        """Every cell as it is shown."""
        return [[cell_text(row[column.key], column) for column in self.columns] for row in self.rows]


def cell_text(value: Any, column: Column) -> str:
    """One cell as it is shown; None is a dash."""
    if value is None:
        return "—"
    if column.kind == "money":
        return format_wan(value, 2 if column.decimals is None else column.decimals)
    if column.kind == "share":
        return f"{value:.{1 if column.decimals is None else column.decimals}%}"
    if column.kind == "count":
        return f"{value:,.{1 if column.decimals is None else column.decimals}f}"
    return str(value)
