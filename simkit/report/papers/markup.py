"""Pieces of a paper as parts of a web page, whose markup is `templates/pieces.html`."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from simkit.base.words import LANGUAGES, say
from simkit.report.papers.escape import escaped
from simkit.report.papers.glyphs import half_widths
from simkit.report.papers.table import Blank, Column, Table, merged_rows
from simkit.report.papers.templates import environment

__all__ = [
    "LANGUAGE_TAGS",
    "heading_html",
    "lead_html",
    "picture_html",
    "table_html",
    "text_html",
    "title_html",
]

LANGUAGE_TAGS = {lang: say(lang, "language.tag") for lang in LANGUAGES}
#: A table of at most this many rows is never cut by the end of a printed page; one of more columns is set closely.
_WHOLE_ROWS, _WIDE = 18, 7
#: Widths, in half-width columns, up to which a text stays in one line, and from which it is given room.
_SHORT, _LONG, _VERY_LONG = 14, 50, 120
#: Where a long dotted path may break: after its dots and underscores; a number never.
_BREAKS = re.compile(r"(?<=[a-z0-9])(?!(?<=\d)\.\d)([._])(?=[a-z0-9])")


def _piece(kind: str, *values: Any) -> str:
    macro = getattr(environment().get_template("pieces.html").module, kind)
    return str(macro(*values)).strip()


def heading_html(name: str, text: str) -> str:
    """A section's heading; `name` is what the table of contents points to."""
    return _piece("heading", name, text)


def title_html(text: str, subtitle: str) -> str:
    """The page's title and the line below it."""
    return _piece("title", text, subtitle)


def lead_html(what: str, amount: str, text: str) -> str:
    """The headline in a box: what it is, the amount in large figures (may be empty), a sentence."""
    return _piece("lead", what, amount, text)


def text_html(text: str, kind: str = "p") -> str:
    """Paragraphs (separated by a line feed); kind `lead`, `warn` or `note` sets them apart, `heading` heads a part."""
    return _piece("text", text, kind)


def picture_html(svg: str, description: str, note: str = "") -> str:
    """A figure as an image of its own, so that no two of a page share names; with its description."""
    return _piece("picture", base64.b64encode(svg.encode("utf-8")).decode("ascii"), description, note)


def table_html(table: Table) -> str:
    """A table as it is shown: numbers to the right, totals bold, what must not be added up shaded."""
    texts = table.texts()
    classes = ["table"]
    classes += ["whole"] if len(table.rows) <= _WHOLE_ROWS else []
    classes += ["wide"] if len(table.columns) > _WIDE else []
    kinds = [_classes(column, [row[place] for row in texts]) for place, column in enumerate(table.columns)]
    spans = [merged_rows(table, column) for column in table.columns]
    rows = [list(_cells(table, number, row, kinds, spans)) for number, row in enumerate(texts)]
    heads = [(column.heading, kind) for column, kind in zip(table.columns, kinds, strict=True)]
    return _piece("table", table, classes, heads, rows)


def _classes(column: Column, cells: Sequence[str]) -> list[str]:
    """How a column is set: `n` number, `na` not additive, `s`, `m`, `l`, `x` short to very long text."""
    classes = ["n"] if column.kind != "text" else []
    widest = max((half_widths(text) for text in cells), default=0)
    if column.kind == "text" and widest <= _SHORT:
        classes.append("s")
    elif column.kind == "text":
        classes.append("m" if widest <= _LONG else "l" if widest <= _VERY_LONG else "x")
    return [*classes, "na"] if column.not_additive else classes


def _cells(
    table: Table,
    number: int,
    texts: Sequence[str],
    kinds: Sequence[list[str]],
    spans: Sequence[dict[int, int]],
) -> Iterator[tuple[str, list[str], int, Markup]]:
    """Tag, classes, rows that it takes, and text of each cell of a row, without those that belong to one above."""
    for place, (text, column) in enumerate(zip(texts, table.columns, strict=True)):
        if any(first < number < first + rows for first, rows in spans[place].items()):
            continue
        tag = "th" if place == 0 and column.kind == "text" else "td"
        blank = ["blank"] if isinstance(table.rows[number][column.key], Blank) else []
        yield tag, [*kinds[place], *blank], spans[place].get(number, 0), _broken(text)


def _broken(text: str) -> Markup:
    """A text whose long words may break."""
    safe = escaped(text)
    return Markup(safe if len(text) <= 24 else _BREAKS.sub(r"\1<wbr>", safe))
