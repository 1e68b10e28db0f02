"""A set of annexes as one Word file, on pages by GB/T 9704, with the same bytes on each run.

How it looks stands in `templates/reference.LANG.docx`, which Word opens: styles, fonts and what to take instead,
heads and feet; a language without one has the default's. What stands on its pages is `templates/annexes.xml`.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Twips
from markupsafe import Markup

from simkit.base.whole_files import write_whole
from simkit.base.words import DEFAULT, is_wide, say
from simkit.report.papers.docx.spelling import one_line, written_lines
from simkit.report.papers.docx.table import table_data
from simkit.report.papers.notes import note_lines
from simkit.report.papers.paper import Annex, Paper
from simkit.report.papers.pieces import Picture, Piece, Sentences
from simkit.report.papers.table import Blank, Language, Table
from simkit.report.papers.templates import TEMPLATES, render
from simkit.report.papers.widths import text_lines

__all__ = ["LINE", "write_docx"]

#: Most characters of a property.
_PROPERTY = 255
#: The earliest that a zip file can tell.
_FIRST_YEAR = 1980
#: Places of an annex's parts are numbered from so many times its number on.
_PARTS = 1_000
#: Twips from line to line: 22 lines on 225 mm.
LINE = 579
#: Share of a page's height that a figure may take.
_FIGURE = 0.8
#: Twips: what an annex's label and heading, a part's heading and a figure's note take beside their lines; a line
#: of an annex's heading and of a note; half the size of the letters of the headings of an annex and of a part, and
#: of a note: a digit's width; what is to spare.
_TITLE, _TITLE_LINE, _TITLE_DIGIT = 2 * LINE + 300, 720, 220
_PART, _PART_DIGIT = 300, 160
_CAPTION, _CAPTION_LINE, _CAPTION_DIGIT = 340, 300, 105
_SPARE = 200


class _Page(NamedTuple):
    """Room for text on a page: its width and height in twips."""

    width: int
    height: int


#: 156 x 225 mm, and turned.
_UPRIGHT, _TURNED = _Page(8844, 12756), _Page(12756, 8844)


def write_docx(paper: Paper, path: str | Path) -> Path:
    """Write a set of annexes as a Word file, whole or not at all: cover, contents, annexes.

    Text that a user wrote prints as it is. Fonts are named, not put inside; the file says which to take instead.
    Gives where it stands: beside what is not simkit's own.

    Raises
    ------
    RunError
        When a figure cannot be drawn or the file not be written; what stood there before stays.
    """
    return write_whole(Path(path), _same_bytes(_written(paper), paper.date), "error.not_kept")


def _same_bytes(data: bytes, date: datetime.date) -> bytes:
    """A zip file packed anew, every part with the same date."""
    made = io.BytesIO()
    moment = (max(_FIRST_YEAR, date.year), date.month, date.day, 0, 0, 0)
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, moment)
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            target.writestr(part, source.read(name))
    return made.getvalue()


def _written(paper: Paper) -> bytes:
    """The whole document, a section an annex; the cover and the contents are the first."""
    own = TEMPLATES / f"reference.{paper.lang}.docx"
    document = Document(str(own if own.exists() else TEMPLATES / f"reference.{DEFAULT}.docx"))
    body = document.element.body
    heads_and_feet = list(body.sectPr.iter(qn("w:headerReference"), qn("w:footerReference")))
    body.remove(body.sectPr)
    *sections, head = parse_xml(_markup(document, paper))
    sections[0][-1][:0] = heads_and_feet
    for number, section in enumerate(sections, start=1):
        *content, properties = section
        for block in content:
            _move(block, body)
        # The last paragraph ends a section, so that none is left over for a page of its own.
        (body if number == len(sections) else body[-1].pPr).append(properties)
    for number, properties in enumerate(body.iter(qn("wp:docPr")), start=1):
        properties.set("id", str(number))
        properties.set("name", f"Picture {number}")
    front = document.sections[0]
    for one in (front.header, front.even_page_header, front.first_page_header):
        one._element[:] = parse_xml(head.xml)
    _set_properties(document, paper)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _move(block: Any, body: Any) -> None:
    """Move a block to the end of the body in its parts: in one piece, a table of 40,000 nodes takes half a second."""
    parts = list(block)
    block[:] = []
    body.append(block)
    block.extend(parts)


def _markup(document: Any, paper: Paper) -> str:
    """The document's sections, and its running head."""
    annexes = [_annex(document, annex, at, paper.lang) for at, annex in enumerate(paper.annexes, start=1)]
    imprint = []
    for label, value in paper.imprint:
        shown = value.value if isinstance(value, Blank) else value
        imprint.append((label, "" if shown is None else str(shown), isinstance(value, Blank)))
    entries = [
        entry
        for number, annex in enumerate(annexes, start=1)
        for entry in [
            (1, number, annex["named"]),
            *((2, place, one_line(line)) for one in annex["pieces"] for place, line in one.get("parts", ())),
        ]
    ]
    return render(
        "annexes.xml",
        paper=paper,
        chinese=is_wide(paper.lang),
        line=LINE,
        colon=say(paper.lang, "docx.colon"),
        imprint_rows=imprint,
        entries=entries,
        annexes=annexes,
    )


def _annex(document: Any, annex: Annex, number: int, lang: Language) -> dict[str, Any]:
    """An annex as the template wants it; `number`: its place in the paper, from 1."""
    page = _TURNED if annex.landscape else _UPRIGHT
    places = count(_PARTS * number + 1)
    return {
        "label": annex.label,
        "heading": annex.heading,
        "named": one_line(f"{annex.label}{say(lang, 'docx.between')}{annex.heading}"),
        "turned": annex.landscape,
        "pieces": [_piece(document, annex, at, page, places, lang) for at in range(len(annex.pieces))],
    }


def _piece(
    document: Any, annex: Annex, at: int, page: _Page, places: Iterator[int], lang: Language
) -> dict[str, Any]:
    piece: Piece = annex.pieces[at]
    if isinstance(piece, Table):
        titled = piece.title != annex.heading  # which the annex's heading has said
        texts = {"title": piece.title if titled else "", "unit": piece.unit}
        return texts | {"notes": note_lines(piece.notes, lang)} | table_data(piece, *page)
    if isinstance(piece, Picture):
        return _picture(document, piece, page, _above(annex, at, page))
    if piece.kind == "heading":
        return {"kind": "heading", "parts": [(next(places), line) for line in written_lines(piece.text)]}
    return {"kind": piece.kind, "text": piece.text}


def _picture(document: Any, picture: Picture, page: _Page, above: int) -> dict[str, Any]:
    """A figure as wide as the text, unless it would be too high; its description for those who do not see it.

    `above`: twips of the headings above it, which stand with it and its note on one page.
    """
    width, height = picture.inches
    note = _CAPTION + _CAPTION_LINE * text_lines(picture.note, page.width / _CAPTION_DIGIT)
    room = page.height - above - note - _SPARE
    scale = min(page.width / width, min(room, page.height * _FIGURE) / height)
    size = Twips(round(width * scale)), Twips(round(height * scale))
    inline = document.part.new_pic_inline(io.BytesIO(picture.png()), *size)
    inline.docPr.set("descr", one_line(picture.title))
    return {"kind": "picture", "drawing": Markup(inline.xml), "note": picture.note}


def _above(annex: Annex, at: int, page: _Page) -> int:
    """Twips that headings take which stand right above a piece and on one page with it."""
    height = 0
    for piece in reversed(annex.pieces[:at]):
        if not isinstance(piece, Sentences) or piece.kind != "heading":
            return height
        height += _PART + LINE * text_lines(piece.text, page.width / _PART_DIGIT)
    return height + _TITLE + _TITLE_LINE * text_lines(annex.heading, page.width / _TITLE_DIGIT)


def _set_properties(document: Any, paper: Paper) -> None:
    """Title, name and date of the scenario; never the machine's clock."""
    known = document.core_properties
    known.created = known.modified = datetime.datetime.combine(paper.date, datetime.time())
    known.title, known.subject, known.keywords = (
        one_line(text)[:_PROPERTY] for text in (paper.title, paper.subtitle, paper.name)
    )
