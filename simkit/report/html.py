"""Web pages: an executed notebook as one file that asks the network for nothing; a Table as HTML."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from string import Template
from typing import Any

from simkit.errors import RunError
from simkit.report.escape import escaped
from simkit.report.glyphs import printable
from simkit.report.table import Blank, Column, Language, Table, merged_rows
from simkit.visible import visible

__all__ = [
    "LANGUAGE_TAGS",
    "css_text",
    "failure_html",
    "font_faces",
    "heading_html",
    "lead_html",
    "network_addresses",
    "page_html",
    "picture_html",
    "subset_font",
    "table_html",
    "text_html",
    "text_width",
    "title_html",
]

_NO_GLYPH = "{font}: no glyph for {codes}: the page would show a box"

LANGUAGE_TAGS: dict[str, str] = {"zh": "zh-CN", "en": "en"}
_HERE = Path(__file__).parent
_FONTS = (("SimKitSansSC-Regular.otf", 400), ("SimKitSansSC-Bold.otf", 700))
#: A table of at most this many rows is never cut by the end of a printed page.
_WHOLE_ROWS = 18
#: Widths, in half-width columns, up to which a text stays in one line, and from which it is given room.
_SHORT = 14
_LONG = 50
_VERY_LONG = 120
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


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


# ---------------------------------------------------------------------- the page


def page_html(notebook: Any, *, lang: Language, title: str, contents: str, running: str = "") -> str:
    """An executed notebook as one page: its HTML outputs in order, code hidden, fonts inside.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    lang : Language
    title : str
        Of the document.
    contents : str
        Heading of the table of contents.
    running : str
        Stands on top of every printed page.

    Raises
    ------
    RunError
        For an output that is no HTML, or when the page would ask the network for something.
    """
    body = _sections(list(_outputs(notebook)))
    headings = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', body)
    links = "".join(f'<li><a href="#{name}">{text}</a></li>' for name, text in headings)
    page = Template((_HERE / "templates" / "page.html").read_text(encoding="utf-8"))
    style = (_HERE / "templates" / "page.css").read_text(encoding="utf-8")
    shown = escaped(f"{title}{contents}{running}—") + body
    done = page.substitute(
        lang=LANGUAGE_TAGS[lang],
        title=escaped(title),
        contents=escaped(contents),
        links=links,
        fonts=font_faces(characters(shown)),
        style=f"{style}\n@page {{ @top-center {{ content: {css_text(running)}; }} }}",
        body=body,
    )
    found = network_addresses(done)
    if found:
        raise RunError(f"the page {title}: expected no network address, found {', '.join(found[:3])}")
    return done


def css_text(text: str) -> str:
    """A CSS string: everything but letters, digits and plain CJK as an escape, so that nothing ends it."""
    return (
        '"'
        + "".join(one if one.isalnum() or one == " " else f"\\{ord(one):x} " for one in visible(text))
        + '"'
    )


def _outputs(notebook: Any) -> Iterable[str]:
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" not in data:
                raise RunError(
                    f"cell {number}: expected HTML to show, found {output.output_type}: {_plain(output)[:200]}"
                )
            yield data["text/html"]


def _plain(output: Any) -> str:
    if output.output_type == "stream":
        return str(output.text)
    if output.output_type == "error":
        return _ANSI.sub("", "\n".join(output.traceback))
    return str(output.get("data", {}).get("text/plain", ""))


def _sections(pieces: Sequence[str]) -> str:
    """Each heading with what follows it is a section; what comes before the first is the header."""
    parts, opened = ["<header>"], "header"
    for piece in pieces:
        if piece.startswith("<h2 "):
            parts += [f"</{opened}>", f'<section aria-labelledby="{piece.split(chr(34))[1]}">']
            opened = "section"
        parts.append(piece)
    return "\n".join([*parts, f"</{opened}>"])


class _Text(HTMLParser):
    """Collects what a page shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.found.update(data)


def characters(page: str) -> frozenset[str]:
    """The characters that a piece of HTML shows."""
    reader = _Text()
    reader.feed(page)
    reader.close()
    return frozenset(letter for letter in reader.found if letter.isprintable() and letter != " ")


def font_faces(letters: frozenset[str]) -> str:
    """The page's fonts with those of these characters that they have, as CSS with the data inside.

    Others, an emoji in somebody's title, are left to the fonts of the reader's machine.
    """
    letters = frozenset(letter for letter in letters if printable(letter) == letter)
    faces = []
    for name, weight in _FONTS:
        data = base64.b64encode(subset_font(_HERE / "fonts" / name, letters)).decode("ascii")
        faces.append(
            f"@font-face{{font-family:'SimKit Sans SC';font-weight:{weight};font-display:block;"
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    return "\n".join(faces)


def subset_font(path: Path, letters: Iterable[str]) -> bytes:
    """WOFF2 with these characters and printable ASCII only.

    Raises
    ------
    RunError
        When the font lacks one of them.
    """
    from fontTools import subset

    wanted = {ord(letter) for letter in letters} | set(range(0x20, 0x7F))
    options = subset.Options(
        flavor="woff2", layout_features=["kern", "locl", "ccmp", "mark"], notdef_outline=True
    )
    options.drop_tables += ["DSIG", "VORG", "vhea", "vmtx", "BASE"]
    file = io.BytesIO()
    with subset.load_font(str(path), options) as font:
        lacking = sorted(chr(code) for code in wanted - set(font.getBestCmap()))
        if lacking:
            codes = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in lacking)
            raise RunError(_NO_GLYPH, font=path.name, codes=codes)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        subset.save_font(font, file, options)
    return file.getvalue()


_LINKS = re.compile(
    r"""(?:\b(?:src|href|srcset|action|poster|data|formaction|background)\s*=\s*["']?\s*(?!data:|\#)([^"'\s>]+)"""
    r"""|@import\s+([^;]+)|url\(\s*["']?(?!data:|\#)([^)"']+))""",
    re.IGNORECASE,
)


def network_addresses(page: str) -> list[str]:
    """What a page would fetch or point to outside itself: must be nothing. Text that is only shown does not count."""
    tags = re.findall(r"<(?!style)[a-zA-Z][^>]*>", page)
    styles = re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL | re.IGNORECASE)
    found = [
        next(part for part in match if part) for piece in (*tags, *styles) for match in _LINKS.findall(piece)
    ]
    scripts = re.findall(r"<(?:script|iframe|object|embed|link|base)\b[^>]*>", page, re.IGNORECASE)
    return [*found, *scripts]


# ---------------------------------------------------------------------- a notebook that failed


def failure_html(notebook: Any) -> str:
    """A failed notebook as a plain page: its code, what it gave, and the error in red, first to be seen."""
    parts, first = [], ""
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        shown = "".join(_failed_output(output) for output in cell.get("outputs", []))
        if 'class="error"' in shown and not first:
            first = f'<p class="error"><a href="#cell-{number}">cell {number}</a></p>'
        parts.append(
            f'<section id="cell-{number}"><h2>cell {number}</h2><pre>{escaped(cell.source)}</pre>{shown}</section>'
        )
    style = (
        "body{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
        "pre{background:#f5f5f5;padding:.6rem;overflow:auto;font-size:13px;white-space:pre-wrap}"
        "h2{font-size:1rem;margin:1.2rem 0 .3rem;color:#555}.error{background:#fde8e8;color:#8a1010;padding:.6rem}"
        "img{max-width:100%}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 6px}"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>failed notebook</title>'
        f"<style>{style}</style></head><body><h1>failed notebook</h1>{first}{''.join(parts)}</body></html>\n"
    )


def _failed_output(output: Any) -> str:
    bad = output.output_type == "error" or (output.output_type == "stream" and output.name == "stderr")
    if bad:
        return f'<pre class="error">{escaped(_ANSI.sub("", _plain(output)))}</pre>'
    data = output.get("data", {})
    return str(data["text/html"]) if "text/html" in data else f"<pre>{escaped(_plain(output))}</pre>"
