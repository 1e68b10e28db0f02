"""An annex in Word: its label and heading, and its pieces one below the other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.shared import Twips

from simkit.report.docx_front import entry_of, place_of
from simkit.report.docx_page import Page
from simkit.report.docx_table import table_xml
from simkit.report.docx_words import bookmark, entry, lines, node, one_line, paragraph, run
from simkit.report.notes import note_lines
from simkit.report.paper import Annex
from simkit.report.pieces import Picture, Piece, Words
from simkit.report.table import Language, Table

__all__ = ["annex_xml"]

#: Share of a page's height that a figure may take.
_FIGURE = 0.8
_STYLES = {"p": "BodyText", "heading": "Heading2", "warn": "Warning", "note": "SmallPrint"}


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
    asian = lang == "zh"
    yield paragraph("AnnexLabel", run(annex.label, asian=asian))
    heading = bookmark(place_of(number), number, [run(annex.heading, asian=asian)])
    yield paragraph("Heading1", *entry(entry_of(annex, lang)), *heading)
    for piece in annex.pieces:
        yield from _piece(document, piece, page, lang)


def _piece(document: Document, piece: Piece, page: Page, lang: Language) -> Iterator[Any]:
    if isinstance(piece, Words):
        yield from lines(_STYLES[piece.kind], piece.text, asian=lang == "zh")
    elif isinstance(piece, Table):
        yield from _table(piece, page, lang)
    else:
        yield from _picture(document, piece, page, lang)


def _table(table: Table, page: Page, lang: Language) -> Iterator[Any]:
    """Title, unit, the table, its notes; two tables never touch, or Word takes them for one."""
    asian = lang == "zh"
    if table.title:
        yield paragraph("Heading3", run(table.title, asian=asian))
    if table.unit:
        yield paragraph("TableUnit", run(table.unit, asian=asian))
    yield table_xml(table, page, lang)
    for note in note_lines(table.notes, lang):
        yield paragraph("TableNote", run(note, asian=asian))
    if not table.notes:
        yield paragraph("Gap")


def _picture(document: Document, picture: Picture, page: Page, lang: Language) -> Iterator[Any]:
    """A figure as wide as the text, unless it would be too high; its description for those who do not see it."""
    width, height = picture.inches
    scale = min(page.text_width / width, page.text_height * _FIGURE / height)
    size = Twips(round(width * scale)), Twips(round(height * scale))
    inline = document.part.new_pic_inline(io.BytesIO(picture.png()), *size)
    inline.docPr.set("descr", one_line(picture.title))
    yield paragraph("Figure", node("r", node("drawing", inline)), keep=bool(picture.note))
    if picture.note:
        yield from lines("caption", picture.note, asian=lang == "zh")
