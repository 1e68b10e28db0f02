"""A table in Word: as wide as the text, its head on every page, its letters as small as it must."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from simkit.base.words import is_wide
from simkit.report.papers.docx.page import Page
from simkit.report.papers.docx.spelling import cell_lines, node, one_line, paragraph, run
from simkit.report.papers.docx.styles import CELL_SIZES
from simkit.report.papers.table import Blank, Column, Language, Table, merged_rows
from simkit.report.papers.widths import column_widths, text_lines, text_width, widest_numbers

__all__ = ["table_xml"]

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


def table_xml(table: Table, page: Page, lang: Language) -> Any:
    """A table over the text's whole width.

    Parameters
    ----------
    table : Table
    page : Page
        What it stands on.
    lang : `zh` or `en`
    """
    texts = table.texts()
    fit = _fitted(table, texts, page.text_width)
    heights = [max(fit.height(row), _HAND * _by_hand(table, number)) for number, row in enumerate(texts)]
    together = sum(heights) < _SHORT_TABLE * page.text_height
    body = _Body(table, texts, fit, lang, [merged_rows(table, column) for column in table.columns])
    rows = [body.head()] if table.headed else []
    for number, height in enumerate(heights):
        whole = height < _LONG_ROW * page.text_height
        rows.append(body.row(number, whole=whole, keep=together and number < len(texts) - 1))
    title = one_line(table.title)
    properties = node(
        "tblPr",
        node("tblStyle", val="AnnexTable"),
        node("tblW", w=sum(fit.widths), type="dxa"),
        node("tblLayout", type="fixed"),
        node("tblLook", val="0420" if table.headed else "0400"),
        node("tblCaption", val=title) if title else None,
    )
    grid = node("tblGrid", *(node("gridCol", w=width) for width in fit.widths))
    return node("tbl", properties, grid, *rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """Rows of a table."""

    table: Table
    texts: Sequence[Sequence[str]]
    fit: _Fit
    lang: Language
    spans: Sequence[Mapping[int, int]]

    def head(self) -> Any:
        """The headings, on top of every page that the table runs over."""
        cells = [
            self._cell(place, self._words("TableHead", column.heading, keep=True), fill=_HEAD)
            for place, column in enumerate(self.table.columns)
        ]
        return node("tr", node("trPr", node("cantSplit"), node("tblHeader")), *cells)

    def row(self, number: int, *, whole: bool, keep: bool) -> Any:
        """A row; `whole`: never cut by the end of a page, `keep`: on one page with the next."""
        values = self.table.rows[number]
        properties = node(
            "trPr",
            node("cantSplit") if whole else None,
            node("trHeight", val=_HAND, hRule="atLeast") if _by_hand(self.table, number) else None,
        )
        cells = [self._content(number, place, whole=whole, keep=keep) for place in range(len(values))]
        return node("tr", properties, *cells)

    def _content(self, number: int, place: int, *, whole: bool, keep: bool) -> Any:
        column = self.table.columns[place]
        first = next((one for one, rows in self.spans[place].items() if one <= number < one + rows), None)
        merged = None if first is None else "restart" if first == number else "continue"
        style, bold = _style(self.table, number, column)
        text = "" if merged == "continue" else self.texts[number][place]
        item = not self.table.headed and place == 0
        fill = _NOT_ADDITIVE if column.not_additive else _ITEM if item else ""
        fill = _BLANK if isinstance(self.table.rows[number][column.key], Blank) else fill
        words = self._words(style, text, bold=bold, keep=keep)
        return self._cell(place, words, fill=fill, merged=merged, stand="center" if whole else "top")

    def _words(self, style: str, text: str, *, keep: bool, bold: bool = False) -> list[Any]:
        size = 0.0 if self.fit.size == CELL_SIZES[0] else self.fit.size
        asian = is_wide(self.lang)
        return [
            paragraph(
                style, *([run(line, asian=asian, bold=bold, size=size)] if line else []), keep=keep, size=size
            )
            for line in cell_lines(text)
        ]

    def _cell(
        self,
        place: int,
        content: Sequence[Any],
        *,
        fill: str,
        merged: str | None = None,
        stand: str = "center",
    ) -> Any:
        properties = node(
            "tcPr",
            node("tcW", w=self.fit.widths[place], type="dxa"),
            None if merged is None else node("vMerge", val=merged),
            node("shd", val="clear", color="auto", fill=fill) if fill else None,
            node("vAlign", val=stand),
        )
        return node("tc", properties, *content)


def _by_hand(table: Table, number: int) -> bool:
    """Whether a person writes words into a row."""
    values = [(column.kind, table.rows[number][column.key]) for column in table.columns]
    blanks = [(kind, value.value) for kind, value in values if isinstance(value, Blank)]
    return any(not table.headed or (kind == "text" and value is None) for kind, value in blanks)


def _style(table: Table, number: int, column: Column) -> tuple[str, bool]:
    """Style of a cell's paragraphs and whether they are bold: numbers to the right, words in their place centred."""
    value = table.rows[number][column.key]
    value = value.value if isinstance(value, Blank) else value
    bold = number in table.totals
    if column.kind == "text":
        return "TableText", bold
    return ("TableNumber" if isinstance(value, int | float) else "TableWord"), bold


def _fitted(table: Table, texts: Sequence[Sequence[str]], width: int) -> _Fit:
    """The largest letters with which the columns stand side by side, and the columns' widths with them.

    Words break before letters become smaller than the smallest that is read without effort; numbers never do:
    where they need more room than there is, the letters shrink further.
    """
    room = width - _MARGIN * len(table.columns)
    numbers = [_DIGITS * wide for wide in widest_numbers(table)]
    words = [_longest(table, texts, place) for place in range(len(numbers))]
    least = [max(min(word, _WORD), number) for word, number in zip(words, numbers, strict=True)]
    wanted, wishes = [], []
    for place, (column, natural) in enumerate(zip(table.columns, column_widths(table), strict=True)):
        is_text = column.kind == "text"
        longest = max((text_width(row[place]) for row in texts), default=0)
        wanted.append(max(least[place], min(natural, _ROOMY) if is_text else natural))
        wishes.append(max(least[place], natural, min(longest, _LONG) if is_text else 0))
    size = next((one for one in CELL_SIZES if sum(wanted) * one * 10 <= room), CELL_SIZES[-1])
    if sum(least) * size * 10 > room:
        least = [max(min(word, _BROKEN), number) for word, number in zip(words, numbers, strict=True)]
        size = min(size, floor(room / sum(least) / 5) / 2)
    shares = _shared(least, wishes, room / (size * 10))
    ends = [
        round((sum(shares[:place]) / sum(shares) * room) + _MARGIN * place) for place in range(1, len(shares))
    ]
    ends.append(width)
    return _Fit(size, tuple(end - start for start, end in zip([0, *ends], ends, strict=False)))


def _longest(table: Table, texts: Sequence[Sequence[str]], place: int) -> int:
    """Digits of the longest word of a column."""
    words = (text for text in (table.columns[place].heading, *(row[place] for row in texts)))
    return max(text_width(word) for text in words for word in ("汉", *_BREAKS.split(text)))


def _shared(least: Sequence[float], wishes: Sequence[float], room: float) -> list[float]:
    """Digits of each column: what it needs at least, and a share of the rest by what it would like beyond."""
    more = [max(0.0, wish - low) for wish, low in zip(wishes, least, strict=True)]
    spare = max(0.0, room - sum(least))
    part = min(1.0, spare / sum(more)) if sum(more) else 0.0
    return [low + part * one for low, one in zip(least, more, strict=True)]
