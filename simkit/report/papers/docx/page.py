"""Pages of a Word paper by GB/T 9704: upright or turned, with the running head and the page's number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document

from simkit.base.words import is_wide
from simkit.report.papers.docx.spelling import field, node, paragraph, run
from simkit.report.papers.docx.styles import LINE
from simkit.report.papers.table import Language

__all__ = ["TURNED", "UPRIGHT", "Page", "heads_and_feet", "section"]

_TWIPS_IN_MM = 1440 / 25.4


def _twips(millimetres: float) -> int:
    return round(millimetres * _TWIPS_IN_MM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of A4, in millimetres."""

    width: float
    height: float
    top: float
    left: float
    bottom: float
    right: float
    header: float
    footer: float

    @property
    def text_width(self) -> int:
        """Twips from margin to margin."""
        return _twips(self.width - self.left - self.right)

    @property
    def text_height(self) -> int:
        """Twips from top to bottom margin."""
        return _twips(self.height - self.top - self.bottom)


#: The number's top edge is 7 mm below the text.
UPRIGHT = Page(width=210, height=297, top=37, left=28, bottom=35, right=26, header=26, footer=22)
#: Turned to the left, so that its head lies in the binding and every margin stays where it was on the sheet.
TURNED = Page(width=297, height=210, top=28, left=35, bottom=26, right=37, header=17, footer=13)


def section(page: Page, lang: Language, *, first: bool = False) -> Any:
    """Properties of a section that begins on a new page; heads and feet are those of the first."""
    turned = {"orient": "landscape"} if page is TURNED else {}
    edges = {
        name: _twips(getattr(page, name)) for name in ("top", "right", "bottom", "left", "header", "footer")
    }
    return node(
        "sectPr",
        node("type", val="nextPage"),
        node("pgSz", w=_twips(page.width), h=_twips(page.height), **turned),
        node("pgMar", **edges, gutter=0),
        node("cols", space=425),
        node("titlePg") if first else None,
        _grid(lang),
    )


def _grid(lang: Language) -> Any:
    """22 lines a page; an English text keeps to none."""
    return (
        node("docGrid", linePitch=LINE)
        if not is_wide(lang)
        else node("docGrid", type="lines", linePitch=LINE)
    )


def heads_and_feet(document: Document, running: str, lang: Language) -> None:
    """The running head on every page; — 1 — on every page but the first, odd ones right, even ones left."""
    front = document.sections[0]
    pairs = (
        (front.header, front.footer, "right"),
        (front.even_page_header, front.even_page_footer, "left"),
        (front.first_page_header, front.first_page_footer, ""),
    )
    for header, footer, side in pairs:
        header.is_linked_to_previous = footer.is_linked_to_previous = False
        _fill(header, paragraph("header", run(running, asian=is_wide(lang))))
        _fill(footer, _number(side) if side else paragraph("footer"))


def _fill(part: Any, content: Any) -> None:
    for child in list(part._element):
        part._element.remove(child)
    part._element.append(content)


def _number(side: str) -> Any:
    page = field("PAGE", run("1", asian=False))
    return paragraph("footer", run("— ", asian=False), *page, run(" —", asian=False), align=side)
