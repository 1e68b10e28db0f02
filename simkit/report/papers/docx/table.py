"""A table in Word: as wide as the text, its head on every page, its letters as small as it must."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from simkit.base.visible import text_width
from simkit.report.papers.docx.spelling import cell_lines, one_line
from simkit.report.papers.table import Blank, Column, Table, merged_rows
from simkit.report.papers.widths import column_widths, fitted, text_lines, widest_numbers

__all__ = ["CELL_SIZES", "table_data"]

#: Points of the letters, from the largest to the smallest that can be read.
CELL_SIZES = (10.5, 9.0, 8.0, 7.5, 7.0, 6.5)
_HEAD, _NOT_ADDITIVE, _ITEM, _BLANK = "E7ECF3", "EFEFEF", "F3F5F8", "FFFBE6"
#: Twips: margins of a cell with its rules.
_MARGIN = 104
#: Digits: a word that need not be broken, and one where there is no room; room that words can do with, and the most
#: they get; how many make the size of the letters.
_WORD, _BROKEN, _ROOMY, _LONG, _DIGITS = 14, 8, 28, 80, 2
#: Shares of a page: a row that may be cut by its end; a table that may not.
_LONG_ROW, _SHORT_TABLE = 0.4, 0.4
#: Height of a line by its letters', and what a cell adds above and below, in twips.
_LEADING, _PADDING = 1.3, 60
#: Least height of a row in which a person writes words: 10 mm.
_HAND = 567
#: Where a word may be broken: at spaces and between Chinese characters.
_BREAKS = re.compile("[\\s\u2e80-\uffef]+")


@dataclass(frozen=True, slots=True)
class _Fit:
    """Size of the letters in points, width of each column in twips."""

    size: float
    widths: tuple[int, ...]

    def height(self, texts: Sequence[str]) -> int:
        """Twips that a row takes, about."""
        digit = self.size * 10
        lines = max(
            text_lines(printed, (width - _MARGIN) / digit)
            for printed, width in zip(texts, self.widths, strict=True)
        )
        return round(lines * self.size * 20 * _LEADING) + _PADDING


def table_data(table: Table, width: int, height: int) -> dict[str, Any]:
    """A table as the template sets it, over the text's whole width.

    Parameters
    ----------
    width, height : int
        Of the page's text. Twips.
    """
    texts = table.texts()
    fit = _fitted(table, texts, width)
    heights = [max(fit.height(row), _HAND * _by_hand(table, number)) for number, row in enumerate(texts)]
    together = sum(heights) < _SHORT_TABLE * height
    spans = [merged_rows(table, column) for column in table.columns]
    rows = []
    if table.headed:
        heads = [_Cell("TableHead", cell_lines(column.heading), _HEAD) for column in table.columns]
        rows.append(_Row(heads, head=True, whole=True, keep=True))
    for number, high in enumerate(heights):
        rows.append(
            _Row(
                [_cell(table, texts, number, place, spans[place]) for place in range(len(spans))],
                whole=high < _LONG_ROW * height,
                keep=together and number < len(texts) - 1,
                bold=number in table.totals,
                height=_HAND * _by_hand(table, number),
            )
        )
    return {
        "kind": "table",
        "caption": one_line(table.title),
        "headed": table.headed,
        "widths": fit.widths,
        "half": 0 if fit.size == CELL_SIZES[0] else round(2 * fit.size),
        "rows": rows,
    }


class _Cell(NamedTuple):
    """A cell: the style of its paragraphs, its lines, its colour, how it is merged with those above and below."""

    style: str
    lines: list[str]
    fill: str = ""
    merged: str = ""


class _Row(NamedTuple):
    """A row.

    `head`: on top of every page; `whole`: never cut by the end of a page; `keep`: on one page with the next;
    `height`: its least, in twips, 0 for none.
    """

    cells: list[_Cell]
    head: bool = False
    whole: bool = False
    keep: bool = False
    bold: bool = False
    height: int = 0


def _cell(
    table: Table, texts: Sequence[Sequence[str]], number: int, place: int, spans: Mapping[int, int]
) -> _Cell:
    column = table.columns[place]
    value = table.rows[number][column.key]
    first = next((one for one, rows in spans.items() if one <= number < one + rows), None)
    merged = "" if first is None else "restart" if first == number else "continue"
    item = not table.headed and place == 0
    fill = _NOT_ADDITIVE if column.not_additive else _ITEM if item else ""
    fill = _BLANK if isinstance(value, Blank) else fill
    text = "" if merged == "continue" else texts[number][place]
    return _Cell(_style(value, column), cell_lines(text), fill, merged)


def _by_hand(table: Table, number: int) -> bool:
    """Whether a person writes words into a row."""
    values = [(column.kind, table.rows[number][column.key]) for column in table.columns]
    blanks = [(kind, value.value) for kind, value in values if isinstance(value, Blank)]
    return any(not table.headed or (kind == "text" and value is None) for kind, value in blanks)


def _style(value: Any, column: Column) -> str:
    """Style of a cell's paragraphs: numbers to the right, words in their place centred."""
    value = value.value if isinstance(value, Blank) else value
    if column.kind == "text":
        return "TableText"
    return "TableNumber" if isinstance(value, int | float) else "TableWord"


def _fitted(table: Table, texts: Sequence[Sequence[str]], width: int) -> _Fit:
    """The largest letters with which the columns stand side by side, and the columns' widths with them."""
    room = width - _MARGIN * len(table.columns)
    numbers = [_DIGITS * wide for wide in widest_numbers(table)]
    words = [_longest(table, texts, place) for place in range(len(numbers))]
    least, broken = (
        [max(min(word, most), number) for word, number in zip(words, numbers, strict=True)]
        for most in (_WORD, _BROKEN)
    )
    wanted, wishes = [], []
    for place, (column, natural) in enumerate(zip(table.columns, column_widths(table), strict=True)):
        is_text = column.kind == "text"
        longest = max((text_width(row[place]) for row in texts), default=0)
        wanted.append(max(least[place], min(natural, _ROOMY) if is_text else natural))
        wishes.append(max(least[place], natural, min(longest, _LONG) if is_text else 0))
    needs = [(least, wanted), (broken, wanted)]
    size, shares = fitted(needs, [wishes], room / 10, sizes=CELL_SIZES, steps=2)
    ends = [
        round(sum(shares[:place]) / sum(shares) * room + _MARGIN * place) for place in range(1, len(shares))
    ]
    ends.append(width)
    return _Fit(size, tuple(end - start for start, end in zip([0, *ends], ends, strict=False)))


def _longest(table: Table, texts: Sequence[Sequence[str]], place: int) -> int:
    """Digits of the longest word of a column."""
    words = (text for text in (table.columns[place].heading, *(row[place] for row in texts)))
    return max(text_width(word) for text in words for word in ("汉", *_BREAKS.split(text)))
