"""Tables one below the other on one sheet: where their columns stand, how wide they are, what may stand still."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from simkit.report.papers.table import Column, Table
from simkit.report.papers.widths import bounded, column_widths, least_widths, text_lines
from simkit.report.papers.xlsx.formats import MOST_LINES

__all__ = ["Place", "may_head", "places", "stacked_widths"]

#: Width of a page's text, in the width of a digit at a size that can be read; what it may be before words give way:
#: a sheet is read on a screen first, and prints at three quarters of its size.
_PAGE = {True: 165.0, False: 112.0}
_SCREEN = {True: 215.0, False: 130.0}
#: Tables narrower than a page are widened so much at most; columns beside them give words and figures room.
_WIDENED, _SPARE = 1.35, 12.0
#: Words are not made narrower than this, nor wider, except where a row would be too high.
_NARROWEST, _WIDEST, _STEP = 14.0, 60.0, 6.0


class Place(NamedTuple):
    """The columns of a sheet that a table's column stands over, from 0: the first and the last."""

    first: int
    last: int

    def width(self, widths: Sequence[float]) -> float:
        """How wide it is."""
        return sum(widths[self.first : self.last + 1])


def places(table: Table, above: Table | None = None) -> list[Place]:
    """Where a table's columns stand.

    Its numbers begin where those of the table on top do, lest they get the width of words: the last column that
    names its rows stands over what is left between.

    Parameters
    ----------
    above : Table, optional
        The first of the sheet.
    """
    names = _names(table)
    wider = max(0, _names(above) - names) if above is not None and names else 0
    return [
        Place(place + wider * (place >= names), place + wider * (place >= names - 1))
        for place in range(len(table.columns))
    ]


def _names(table: Table) -> int:
    """How many columns name the rows before the first number; none where there is no number."""

    def is_name(column: Column) -> bool:
        return column.kind in ("text", "whole")

    count = sum(1 for _ in takewhile(is_name, table.columns))
    return count if count < len(table.columns) else 0


def stacked_widths(tables: Sequence[Table], *, landscape: bool) -> list[float]:
    """Width of each column of a sheet: all numbers fit, words give way so that it fits a page.

    Narrow ones are widened, and columns without a table added on the right, until words and figures have a
    page's width.
    """
    stood = [places(table, tables[0]) for table in tables]
    count = max((place.last + 1 for one in stood for place in one), default=0)
    wanted, least = [0.0] * count, [0.0] * count
    for table, one in zip(tables, stood, strict=True):
        found = zip(table.columns, column_widths(table, any_font=True), least_widths(table), one, strict=True)
        for column, width, number, (first, last) in found:
            if first == last:
                low = width if column.kind != "text" else max(number, min(width, _NARROWEST))
                wanted[last], least[last] = max(wanted[last], width), max(least[last], low)
    most = _WIDEST
    while most > _NARROWEST and sum(bounded(wanted, least, most)) > _SCREEN[landscape]:
        most -= 1
    widths = _heightened(tables, bounded(wanted, least, most))
    page = _PAGE[landscape] - _SPARE
    if widths and sum(widths) < page:
        factor = min(_WIDENED, page / sum(widths))
        widths = [round(width * factor, 1) for width in widths]
    while sum(widths) < page:
        widths.append(_SPARE)
    return widths


def _heightened(tables: Sequence[Table], widths: list[float]) -> list[float]:
    """Widths at which no cell needs more lines than a row can have; a sheet that prints small beats lost words."""
    for table in tables:
        for row in table.texts():
            for place, text in zip(places(table, tables[0]), row, strict=True):
                while text_lines(text, place.width(widths)) > MOST_LINES and widths[place.last] < 250:
                    widths[place.last] += _STEP
    return widths


def may_head(tables: Sequence[Table]) -> bool:
    """Whether the first table's headings may stand above all of them: nobody reads a cell under a wrong one."""
    headings = [column.heading for column in tables[0].columns]
    return tables[0].headed and all(
        table.headed and [one.heading for one in table.columns] == headings[: len(table.columns)]
        for table in tables[1:]
    )
