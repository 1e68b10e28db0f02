"""Tables of answers on a terminal: an amount with its error in one cell, headings and long texts folded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from simkit.cli.terminal import fold, pad, shown_width, width
from simkit.report.papers.table import Column, Table, cell_text

__all__ = ["table_lines"]

_ERROR = "_error"
_GAP = "  "
#: Columns that a number and a text have at least; a word of a heading is cut only where it is longer.
_NUMBER, _TEXT = 8, 16
#: What is never cut: names and words without a blank.
_WORDS = re.compile(r"[!-~]{1,30}")


def table_lines(table: Table, *, left_out: Collection[str] = (), total: int | None = None) -> Iterator[str]:
    """Title, unit, rows and notes of a table.

    Parameters
    ----------
    left_out : keys of columns
        Those that a terminal has no room for.
    total : int, optional
        Columns of the terminal; None: as many as there are.
    """
    room = total or shown_width()
    yield from fold(table.title, room)
    if table.unit:
        yield table.unit
    errors = {one.key.removesuffix(_ERROR): one for one in table.columns if one.key.endswith(_ERROR)}
    kept = [one for one in table.columns if one.key not in left_out and one not in errors.values()]
    heads = [one.heading for one in kept]
    rows = [[_cell(row, column, errors.get(column.key)) for column in kept] for row in table.rows]
    flush = [one.kind != "text" for one in kept]
    sizes = _sizes(heads, rows, flush, room)
    rule = "-" * (sum(sizes) + len(_GAP) * (len(sizes) - 1))
    yield from (rule, *_folded(heads, sizes, flush), rule)
    for row in rows:
        yield from _folded(row, sizes, flush)
    yield rule
    for note in table.notes:
        yield from fold(note, room)


def _cell(row: Mapping[str, object], column: Column, error: Column | None) -> str:
    """A cell; an amount is followed by its error."""
    text = cell_text(row[column.key], column)
    if error is None or row[error.key] is None:
        return text
    return f"{text} ({cell_text(row[error.key], error)})"


def _sizes(
    heads: Sequence[str], rows: Sequence[Sequence[str]], flush: Sequence[bool], room: int
) -> list[int]:
    """Numbers get what they take; texts share the rest, the shorter ones first."""
    cells = [[width(row[place]) for row in rows] for place in range(len(heads))]
    sizes = [
        max([_NUMBER, *one, *(min(width(word), _TEXT) for word in head.split())])
        for head, one in zip(heads, cells, strict=True)
    ]
    texts = [place for place, number in enumerate(flush) if not number]
    texts.sort(key=lambda place: max([width(heads[place]), *cells[place]]))
    left = (
        room - len(_GAP) * (len(heads) - 1) - sum(sizes[place] for place in set(range(len(heads))) - {*texts})
    )
    for number, place in enumerate(texts):
        longest = max([_TEXT, *(len(word) for row in rows for word in _WORDS.findall(row[place]))])
        share = max(longest, left // (len(texts) - number))
        sizes[place] = min(max([width(heads[place]), *cells[place]]), share)
        left -= sizes[place]
    return sizes


def _folded(row: Sequence[str], sizes: Sequence[int], flush: Sequence[bool]) -> Iterator[str]:
    cells = [fold(cell, size) for cell, size in zip(row, sizes, strict=True)]
    for number in range(max(map(len, cells))):
        parts = [cell[number] if number < len(cell) else "" for cell in cells]
        line = (pad(part, size, right) for part, size, right in zip(parts, sizes, flush, strict=True))
        yield _GAP.join(line).rstrip()
