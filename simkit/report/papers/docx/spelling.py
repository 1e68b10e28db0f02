"""What a Word paper is spelled with: elements, runs, paragraphs, fields and places to point to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from simkit.base.visible import visible_text

__all__ = [
    "bookmark",
    "cell_lines",
    "entry",
    "field",
    "field_begin",
    "field_end",
    "lines",
    "link",
    "node",
    "one_line",
    "paragraph",
    "printable",
    "run",
]

#: Code points that are no characters, which XML cannot hold.
_FORBIDDEN = re.compile("[\ufffe\uffff]")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def node(name: str, /, *children: Any, **attributes: str | int) -> Any:
    """An element `w:name` with attributes `w:key`; a child that is None is left out.

    The order of children is the schema's: Word refuses a file where it is another.
    """
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    element.extend(child for child in children if child is not None)
    return element


def printable(text: str) -> str:
    """Text that XML can hold, and in which nothing is hidden; every line feed is one character."""
    return _FORBIDDEN.sub("\ufffd", visible_text(text.replace("\r\n", "\n").replace("\r", "\n")))


def one_line(text: str) -> str:
    """Text without line feeds and tabs, for contents and properties."""
    return re.sub("[ \t\n]+", " ", printable(text)).strip(" ")


def cell_lines(text: str) -> list[str]:
    """The lines of a text; one at least."""
    return printable(text).split("\n")


def run(text: str, *, asian: bool, bold: bool = False, size: float = 0.0) -> Any:
    """Text as it is: a tab and a line feed as Word has them, nothing of it is ever a field or markup.

    Parameters
    ----------
    asian : bool
        Whether marks that both scripts have (“ ” — …) are set in the Chinese font.
    size : float
        Points; 0: the style's.
    """
    properties = [
        *([node("rFonts", hint="eastAsia")] if asian else []),
        *([node("b"), node("bCs")] if bold else []),
        *_sized(size),
    ]
    element = node("r", node("rPr", *properties) if properties else None)
    for part in re.split("([\t\n])", printable(text)):
        if part in ("\t", "\n"):
            element.append(node("tab" if part == "\t" else "br"))
        elif part:
            words = node("t")
            words.text = part
            words.set(_SPACE, "preserve")
            element.append(words)
    return element


def paragraph(style: str, *content: Any, keep: bool = False, align: str = "", size: float = 0.0) -> Any:
    """A paragraph of a style.

    Parameters
    ----------
    style : str
        Its id.
    keep : bool
        On one page with what follows.
    align : str
        Where it stands, if not as its style says.
    size : float
        Points of the letters; an empty paragraph is as high as they are. 0: the style's.
    """
    properties = node(
        "pPr",
        node("pStyle", val=style),
        node("keepNext") if keep else None,
        node("jc", val=align) if align else None,
        node("rPr", *_sized(size)) if size else None,
    )
    return node("p", properties, *content)


def lines(style: str, text: str, *, asian: bool) -> list[Any]:
    """A paragraph a line of a text; empty lines are left out."""
    return [paragraph(style, run(line, asian=asian)) for line in cell_lines(text) if line.strip()]


def _sized(points: float) -> list[Any]:
    half_points = round(points * 2)
    return [node("sz", val=half_points), node("szCs", val=half_points)] if points else []


def field(instruction: str, *result: Any) -> list[Any]:
    """Runs of a field: what Word is to work out, and what is shown until it has."""
    return [*field_begin(instruction), *result, field_end()]


def field_begin(instruction: str) -> list[Any]:
    """Runs up to what is shown."""
    parts = (
        node("fldChar", fldCharType="begin"),
        _code(instruction),
        node("fldChar", fldCharType="separate"),
    )
    return [node("r", part) for part in parts]


def field_end() -> Any:
    """The run that ends a field."""
    return node("r", node("fldChar", fldCharType="end"))


def entry(text: str, level: int = 1) -> list[Any]:
    """A hidden field that puts words into the contents when Word makes them anew."""
    quoted = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    code = _code(f'TC "{quoted}" \\f C \\l "{level}"')
    parts = (node("fldChar", fldCharType="begin"), code, node("fldChar", fldCharType="end"))
    return [node("r", node("rPr", node("vanish")), part) for part in parts]


def _code(instruction: str) -> Any:
    code = node("instrText")
    code.text = f" {printable(instruction)} "
    code.set(_SPACE, "preserve")
    return code


def bookmark(name: str, number: int, content: Iterable[Any]) -> list[Any]:
    """Content that a link can point to."""
    return [node("bookmarkStart", id=number, name=name), *content, node("bookmarkEnd", id=number)]


def link(name: str, *content: Any) -> Any:
    """A link to a bookmark of this paper; there are no others."""
    return node("hyperlink", *content, anchor=name, history=1)
