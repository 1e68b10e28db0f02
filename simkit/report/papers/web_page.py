"""Web pages: pieces of HTML as one file that asks the network for nothing; what a notebook shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from markupsafe import Markup

from simkit.base.errors import RunError
from simkit.base.visible import visible
from simkit.report.papers.escape import escaped
from simkit.report.papers.markup import LANGUAGE_TAGS
from simkit.report.papers.table import Language
from simkit.report.papers.templates import TEMPLATES, render
from simkit.report.papers.web_fonts import characters, font_faces

__all__ = [
    "css_text",
    "failure_html",
    "framed",
    "network_addresses",
    "outputs_html",
    "page_html",
    "without_colours",
]

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
        return without_colours("\n".join(output.traceback))
    return str(output.get("data", {}).get("text/plain", ""))


def without_colours(text: str) -> str:
    """What a program wrote for a terminal, as plain text."""
    return _ANSI.sub("", text)


def _sections(pieces: Sequence[str]) -> str:
    """Each heading with what follows it is a section; what comes before the first is the header."""
    parts, opened = ["<header>"], "header"
    for piece in pieces:
        if piece.startswith("<h2 "):
            parts += [f"</{opened}>", f'<section aria-labelledby="{piece.split(chr(34))[1]}">']
            opened = "section"
        parts.append(piece)
    return "\n".join([*parts, f"</{opened}>"])


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
        return True, without_colours(_plain(output))
    data = output.get("data", {})
    return False, Markup(data["text/html"]) if "text/html" in data else _plain(output)
