"""Tables one below the other on one sheet: column widths that suit all of them, and what headings may stand still."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from simkit.report.pen import MOST_LINES
from simkit.report.table import Table
from simkit.report.widths import column_widths, text_lines

__all__ = ["may_head", "stacked_widths"]

#: Width of a page's text, in the width of a digit at a size that can be read; what it may be before words give way:
#: a sheet is read on a screen first, and prints at three quarters of its size.
_PAGE = {True: 165.0, False: 112.0}
_SCREEN = {True: 215.0, False: 130.0}
#: Tables narrower than a page are widened so much at most; columns beside them give words and figures room.
_WIDENED, _SPARE = 1.35, 12.0
#: Words are not made narrower than this, nor wider, except where a row would be too high.
_NARROWEST, _WIDEST, _STEP = 14.0, 60.0, 6.0


def stacked_widths(tables: Sequence[Table], *, landscape: bool) -> list[float]:
    """Width of each column of a sheet: all numbers fit, words give way so that it fits a page.

    Narrow ones are widened, and columns without a table added on the right, until words and figures have a
    page's width.
    """
    wanted: list[float] = []
    least: list[float] = []
    for table in tables:
        widths = column_widths(table)
        numbers = [
            width if column.kind != "text" else min(width, _NARROWEST)
            for width, column in zip(widths, table.columns, strict=True)
        ]
        wanted = [max(pair) for pair in zip_longest(wanted, widths, fillvalue=0.0)]
        least = [max(pair) for pair in zip_longest(least, numbers, fillvalue=0.0)]
    most = _WIDEST
    while most > _NARROWEST and sum(_bounded(wanted, least, most)) > _SCREEN[landscape]:
        most -= 1
    found = _heightened(tables, _bounded(wanted, least, most))
    page = _PAGE[landscape] - _SPARE
    if found and sum(found) < page:
        factor = min(_WIDENED, page / sum(found))
        found = [round(width * factor, 1) for width in found]
    while sum(found) < page:
        found.append(_SPARE)
    return found


def _bounded(wanted: Sequence[float], least: Sequence[float], most: float) -> list[float]:
    return [max(low, min(width, most)) for width, low in zip(wanted, least, strict=True)]


def _heightened(tables: Sequence[Table], widths: list[float]) -> list[float]:
    """Widths at which no cell needs more lines than a row can have; a sheet that prints small beats lost words."""
    for table in tables:
        for row in table.texts():
            for place, text in enumerate(row):
                while text_lines(text, widths[place]) > MOST_LINES and widths[place] < 250:
                    widths[place] += _STEP
    return widths


def may_head(tables: Sequence[Table], *, in_sight: int = 0) -> bool:
    """Whether the first table's headings may stand above all of them: nobody reads a number under a wrong one.

    That is so where every later table has the same headings, the first column's apart, or has at most so many
    rows that its own stay in sight.
    """
    headings = [column.heading for column in tables[0].columns]
    return tables[0].headed and all(
        len(table.rows) <= in_sight
        or (table.headed and [one.heading for one in table.columns][1:] == headings[1 : len(table.columns)])
        for table in tables[1:]
    )
