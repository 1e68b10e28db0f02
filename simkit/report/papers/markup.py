"""Pieces of a paper as parts of a web page: headings, texts, tables, pictures."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from simkit.base.words import LANGUAGES, say
from simkit.report.papers.escape import escaped
from simkit.report.papers.table import Blank, Column, Table, merged_rows

__all__ = [
    "LANGUAGE_TAGS",
    "heading_html",
    "lead_html",
    "picture_html",
    "table_html",
    "text_html",
    "text_width",
    "title_html",
]

LANGUAGE_TAGS = {lang: say(lang, "language.tag") for lang in LANGUAGES}
#: A table of at most this many rows is never cut by the end of a printed page.
_WHOLE_ROWS = 18
#: Widths, in half-width columns, up to which a text stays in one line, and from which it is given room.
_SHORT = 14
_LONG = 50
_VERY_LONG = 120


# ---------------------------------------------------------------------- pieces of a page


def heading_html(name: str, text: str) -> str:
    """A section's heading; `name` is what the table of contents points to."""
    return f'<h2 id="{escaped(name)}">{escaped(text)}</h2>'


def title_html(text: str, subtitle: str) -> str:
    """The page's title and the line below it."""
    return f'<h1>{escaped(text)}</h1><p class="subtitle">{escaped(subtitle)}</p>'


def lead_html(what: str, amount: str, text: str) -> str:
    """The headline in a box: what it is, the amount in large figures (may be empty), a sentence."""
    large = f'<p class="amount">{escaped(amount)}</p>' if amount else ""
    return f'<div class="lead"><p class="what">{escaped(what)}</p>{large}{text_html(text)}</div>'


def text_html(text: str, kind: str = "p") -> str:
    """Paragraphs (separated by a line feed); kind `lead`, `warn` or `note` sets them apart, `heading` heads a part."""
    if kind == "heading":
        return f"<h3>{escaped(text)}</h3>"
    lines = "".join(f"<p>{escaped(line)}</p>" for line in text.split("\n") if line.strip())
    return lines if kind == "p" else f'<div class="{escaped(kind)}">{lines}</div>'


def picture_html(svg: str, description: str, note: str = "") -> str:
    """A figure as an image of its own, so that no two of a page share names; with its description."""
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    caption = f"<figcaption>{escaped(note)}</figcaption>" if note else ""
    return (
        f'<figure class="picture"><img alt="{escaped(description)}" '
        f'src="data:image/svg+xml;base64,{data}">{caption}</figure>'
    )


def table_html(table: Table) -> str:
    """A table as it is shown: numbers to the right, totals bold, what must not be added up shaded.

    Parameters
    ----------
    table : Table
        All its text is escaped.
    """
    short = " whole" if len(table.rows) <= _WHOLE_ROWS else ""
    texts = table.texts()
    classes = [_class(column, [row[place] for row in texts]) for place, column in enumerate(table.columns)]
    head = "".join(
        f'<th scope="col"{kind}>{escaped(column.heading)}</th>'
        for kind, column in zip(classes, table.columns, strict=True)
    )
    spans = [merged_rows(table, column) for column in table.columns]
    rows = "".join(_row(table, number, cells, classes, spans) for number, cells in enumerate(texts))
    head = f"<thead><tr>{head}</tr></thead>" if table.headed else ""
    unit = f'<span class="unit">{escaped(table.unit)}</span>' if table.unit else ""
    notes = "".join(f"<li>{escaped(note)}</li>" for note in table.notes)
    wide = " wide" if len(table.columns) > 7 else ""
    return (
        f'<figure class="table{short}{wide}" id="table-{escaped(table.id)}">'
        f'<figcaption><span class="title">{escaped(table.title)}</span>{unit}</figcaption>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escaped(table.title)}"><table>'
        f"{head}<tbody>{rows}</tbody></table></div>"
        f"{f'<ul class=notes>{notes}</ul>' if notes else ''}</figure>"
    )


def _class(column: Column, cells: Sequence[str]) -> str:
    """How a column is set: `n` number, `na` not additive, `s`, `m`, `l`, `x` short to very long text."""
    words = ["n"] if column.kind != "text" else []
    widest = max((text_width(text) for text in cells), default=0)
    if column.kind == "text" and widest <= _SHORT:
        words.append("s")
    elif column.kind == "text":
        words.append("m" if widest <= _LONG else "l" if widest <= _VERY_LONG else "x")
    if column.not_additive:
        words.append("na")
    return f' class="{" ".join(words)}"' if words else ""


def text_width(text: str) -> int:
    """Width in half-width columns: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _row(
    table: Table,
    number: int,
    cells: Sequence[str],
    classes: Sequence[str],
    spans: Sequence[dict[int, int]],
) -> str:
    parts = []
    for place, (text, column) in enumerate(zip(cells, table.columns, strict=True)):
        if any(first < number < first + rows for first, rows in spans[place].items()):
            continue  # it belongs to a cell above
        over = f' rowspan="{spans[place][number]}"' if number in spans[place] else ""
        first = place == 0 and column.kind == "text"
        tag, scope = ("th", ' scope="row"') if first else ("td", "")
        kind = classes[place]
        if isinstance(table.rows[number][column.key], Blank):
            kind = f'{kind[:-1]} blank"' if kind else ' class="blank"'
        parts.append(f"<{tag}{scope}{over}{kind}>{_broken(text)}</{tag}>")
    return f"<tr{' class=total' if number in table.totals else ''}>{''.join(parts)}</tr>"


def _broken(text: str) -> str:
    """Escaped text; a long dotted path may break after its dots and underscores, a number never."""
    safe = escaped(text)
    if len(text) <= 24:
        return safe
    return re.sub(r"(?<=[a-z0-9])(?!(?<=\d)\.\d)([._])(?=[a-z0-9])", r"\1<wbr>", safe)
