"""A report's table on a terminal."""

from __future__ import annotations

from simkit.cli.terminal import columns, fold, folded, shown_width, width
from simkit.report.table import Table

__all__ = ["table_lines"]


def table_lines(table: Table) -> list[str]:
    """Title, unit, cells and notes; columns of words are folded where the table is wider than the terminal."""
    total = shown_width()
    lines = ["", *fold(table.title, total)]
    lines += [table.unit] if table.unit else []
    heads = [column.heading for column in table.columns]
    rows = [list(row) for row in table.texts()]
    right = [column.kind != "text" for column in table.columns]
    sizes = [max(width(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    if sum(sizes) + 2 * (len(sizes) - 1) <= total:
        lines += columns([heads, *rows], right)
    else:
        lines += folded(heads, rows, right, total)
    return [*lines, *(line for note in table.notes for line in fold(note, total))]
