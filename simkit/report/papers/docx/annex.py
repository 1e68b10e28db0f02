"""An annex in Word: its label and heading, and its pieces one below the other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from docx.document import Document
from docx.shared import Twips

from simkit.base.words import is_wide
from simkit.report.papers.docx.front import entry_of, parts_of, place_of
from simkit.report.papers.docx.page import Page
from simkit.report.papers.docx.spelling import (
    bookmark,
    cell_lines,
    entry,
    lines,
    node,
    one_line,
    paragraph,
    run,
)
from simkit.report.papers.docx.styles import LINE
from simkit.report.papers.docx.table import table_xml
from simkit.report.papers.notes import note_lines
from simkit.report.papers.paper import Annex
from simkit.report.papers.pieces import Picture, Words
from simkit.report.papers.table import Language, Table
from simkit.report.papers.widths import text_lines

__all__ = ["annex_xml"]

#: Share of a page's height that a figure may take.
_FIGURE = 0.8
#: Twips: what an annex's label and heading, a part's heading and a figure's note take beside their lines; a line
#: of an annex's heading and of a note; half the size of the letters of the headings of an annex and of a part, and
#: of a note: a digit's width; what is to spare.
_TITLE, _TITLE_LINE, _TITLE_DIGIT = 2 * LINE + 300, 720, 220
_PART, _PART_DIGIT = 300, 160
_CAPTION, _CAPTION_LINE, _CAPTION_DIGIT = 340, 300, 105
_SPARE = 200
_STYLES = {"p": "BodyText", "warn": "Warning", "note": "SmallPrint"}


def annex_xml(document: Document, annex: Annex, number: int, page: Page, lang: Language) -> Iterator[Any]:
    """What stands on an annex's pages.

    Parameters
    ----------
    document : Document
        Keeps the figures.
    number : int
        Its place in the paper, from 1.
    page : Page
        What it stands on.
    """
    asian = is_wide(lang)
    yield paragraph("AnnexLabel", run(annex.label, asian=asian))
    heading = bookmark(place_of(number), number, [run(annex.heading, asian=asian)])
    yield paragraph("Heading1", *entry(entry_of(annex, lang)), *heading)
    parts = iter(parts_of(annex, number))
    for at, piece in enumerate(annex.pieces):
        if isinstance(piece, Table):
            yield from _table(piece, page, lang, titled=piece.title != annex.heading)
        elif isinstance(piece, Picture):
            yield from _picture(document, piece, page, lang, above=_above(annex, at, page))
        elif piece.kind == "heading":
            count = sum(1 for line in cell_lines(piece.text) if line.strip())
            yield from (_part(place, line, asian=asian) for place, line in islice(parts, count))
        else:
            yield from lines(_STYLES[piece.kind], piece.text, asian=asian)


def _part(place: int, line: str, *, asian: bool) -> Any:
    """Heading of a part, which the contents name too."""
    shown = bookmark(place_of(place), place, [run(line, asian=asian)])
    return paragraph("Heading2", *entry(line, 2), *shown)


def _above(annex: Annex, at: int, page: Page) -> int:
    """Twips that headings take which stand right above a piece and on one page with it."""
    height = 0
    for piece in reversed(annex.pieces[:at]):
        if not isinstance(piece, Words) or piece.kind != "heading":
            return height
        height += _PART + LINE * text_lines(piece.text, page.text_width / _PART_DIGIT)
    return height + _TITLE + _TITLE_LINE * text_lines(annex.heading, page.text_width / _TITLE_DIGIT)


def _table(table: Table, page: Page, lang: Language, *, titled: bool) -> Iterator[Any]:
    """Title, unit, the table, its notes; two tables never touch, or Word takes them for one.

    `titled`: whether the title is printed, which an annex's heading may have said.
    """
    asian = is_wide(lang)
    if table.title and titled:
        yield paragraph("Heading3", run(table.title, asian=asian))
    if table.unit:
        yield paragraph("TableUnit", run(table.unit, asian=asian))
    yield table_xml(table, page, lang)
    for note in note_lines(table.notes, lang):
        yield paragraph("TableNote", run(note, asian=asian))
    if not table.notes:
        yield paragraph("Gap")


def _picture(
    document: Document, picture: Picture, page: Page, lang: Language, *, above: int
) -> Iterator[Any]:
    """A figure as wide as the text, unless it would be too high; its description for those who do not see it.

    `above`: twips of the headings above it, which stand with it and its note on one page.
    """
    width, height = picture.inches
    note = _CAPTION + _CAPTION_LINE * text_lines(picture.note, page.text_width / _CAPTION_DIGIT)
    room = page.text_height - above - note - _SPARE
    scale = min(page.text_width / width, min(room, page.text_height * _FIGURE) / height)
    size = Twips(round(width * scale)), Twips(round(height * scale))
    inline = document.part.new_pic_inline(io.BytesIO(picture.png()), *size)
    inline.docPr.set("descr", one_line(picture.title))
    yield paragraph("Figure", node("r", node("drawing", inline)), keep=bool(picture.note))
    if picture.note:
        yield from lines("caption", picture.note, asian=is_wide(lang))
