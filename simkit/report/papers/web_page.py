"""Web pages: pieces of HTML as one file that asks the network for nothing; what a notebook shows."""

from __future__ import annotations

import base64
import io
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from markupsafe import Markup

from simkit.base.errors import RunError
from simkit.base.visible import visible
from simkit.base.words import catalogue
from simkit.report.papers.escape import escaped
from simkit.report.papers.glyphs import printable
from simkit.report.papers.markup import LANGUAGE_TAGS
from simkit.report.papers.table import Language
from simkit.report.papers.templates import TEMPLATES, render

__all__ = [
    "css_text",
    "failure_html",
    "font_faces",
    "framed",
    "network_addresses",
    "outputs_html",
    "page_html",
    "subset_font",
]

_HERE = Path(__file__).parents[1]
_FONTS = (("SimKitSansSC-Regular.otf", 400), ("SimKitSansSC-Bold.otf", 700))
_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


# ---------------------------------------------------------------------- the page


def page_html(pieces: Iterable[str], *, lang: Language, title: str, contents: str, running: str = "") -> str:
    """Pieces of HTML as one page with its fonts inside; each heading of the second level begins a section.

    Parameters
    ----------
    pieces : strings
        Empty ones are left out.
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
        When the page would ask the network for something.
    """
    body = _sections([piece for piece in pieces if piece])
    headings = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', body)
    links = [(name, Markup(text)) for name, text in headings]
    top = f"\n@page {{ @top-center {{ content: {css_text(running)}; }} }}"
    done = framed(body, links, lang=lang, title=title, contents=contents, running=running, style=top)
    found = network_addresses(done)
    if found:
        raise RunError("error.network_address", page=title, found=", ".join(found[:3]))
    return done


def framed(
    body: str,
    links: Iterable[tuple[str, str]],
    *,
    lang: Language,
    title: str,
    contents: str,
    running: str = "",
    style: str = "",
) -> str:
    """A whole page around its body, fonts inside; `links`: the sections by their name and heading."""
    shown = characters(escaped(f"{title}{contents}{running}—") + body)
    page = render(
        "page.html",
        lang=LANGUAGE_TAGS[lang],
        title=title,
        contents=contents,
        links=list(links),
        fonts=Markup(font_faces(shown)),
        style=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8") + style),
        body=Markup(body),
    )
    return str(page)


def css_text(text: str) -> str:
    """A CSS string: everything but letters, digits and plain CJK as an escape, so that nothing ends it."""
    return (
        '"'
        + "".join(one if one.isalnum() or one == " " else f"\\{ord(one):x} " for one in visible(text))
        + '"'
    )


def outputs_html(notebook: Any) -> Iterator[str]:
    """What an executed notebook shows, in order, its code hidden.

    Raises
    ------
    RunError
        For an output that is no HTML.
    """
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" not in data:
                found = f"{output.output_type}: {_plain(output)[:200]}"
                raise RunError("error.no_html", cell=number, found=found)
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

    Others, an emoji in somebody's title, are left to the fonts of the reader's machine. A page that needs most of
    what the catalogues hold gets all of that in fonts that every such page shares, and the rest in fonts of its own.
    """
    letters = frozenset(letter for letter in letters if printable(letter) == letter)
    shared = shared_letters()
    if 2 * len(letters & shared) < len(shared):
        return _faces(letters | _ASCII)
    rest = letters - shared
    return "\n".join([shared_faces(), *([_faces(rest, only=True)] if rest else [])])


@cache
def shared_letters() -> frozenset[str]:
    """Characters of the catalogues, and of ASCII."""
    words = "".join(text for lang in LANGUAGE_TAGS for text in catalogue(lang).values())
    return _ASCII | frozenset(one for one in words if one.isprintable() and printable(one) == one)


def shared_faces() -> str:
    """The fonts that pages share, worked out once."""
    with _SHARING:  # who comes second waits for the first
        return _faces_once(shared_letters())


def _faces(letters: frozenset[str], *, only: bool = False) -> str:
    """A face a weight; `only`: for these letters beside others, which all are as wide."""
    codes = ",".join(f"U+{ord(letter):X}" for letter in sorted(letters))
    reach = f"unicode-range:{codes};" if only else ""
    faces = []
    for name, weight in _FONTS:
        data = base64.b64encode(subset_font(_HERE / "fonts" / name, letters, kerned=not only)).decode("ascii")
        faces.append(
            f"@font-face{{font-family:'SimKit Sans SC';font-weight:{weight};font-display:block;{reach}"
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    return "\n".join(faces)


_faces_once = cache(_faces)
_SHARING = threading.Lock()


def subset_font(path: Path, letters: Iterable[str], *, kerned: bool = True) -> bytes:
    """WOFF2 with these characters only; `kerned`: with the rules by which they stand beside each other.

    Raises
    ------
    RunError
        When the font lacks one of them.
    """
    from fontTools import subset

    wanted = {ord(letter) for letter in letters}
    features = ["kern", "locl", "ccmp", "mark"] if kerned else []
    options = subset.Options(flavor="woff2", layout_features=features, notdef_outline=True)
    options.drop_tables += ["DSIG", "VORG", "vhea", "vmtx", "BASE"]
    file = io.BytesIO()
    with subset.load_font(str(path), options) as font:
        lacking = sorted(chr(code) for code in wanted - set(font.getBestCmap()))
        if lacking:
            codes = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in lacking)
            raise RunError("error.no_glyph", font=path.name, codes=codes)
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
    cells = [
        (number, cell.source, [_failed_output(output) for output in cell.get("outputs", [])])
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code"
    ]
    failed = (number for number, _, shown in cells for is_bad, _ in shown if is_bad)
    return str(render("failed.html", cells=cells, first=next(failed, None)))


def _failed_output(output: Any) -> tuple[bool, str]:
    """Whether an output is an error, and what it shows."""
    if output.output_type == "error" or (output.output_type == "stream" and output.name == "stderr"):
        return True, _ANSI.sub("", _plain(output))
    data = output.get("data", {})
    return False, Markup(data["text/html"]) if "text/html" in data else _plain(output)
