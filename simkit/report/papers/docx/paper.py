"""A set of annexes as one Word file, on pages by GB/T 9704, with the same bytes on each run."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from simkit.base.whole_files import whole
from simkit.base.words import say
from simkit.report.papers.docx.annex import annex_xml
from simkit.report.papers.docx.front import contents, cover
from simkit.report.papers.docx.page import TURNED, UPRIGHT, heads_and_feet, section
from simkit.report.papers.docx.spelling import one_line, paragraph
from simkit.report.papers.docx.styles import fonts_xml, settings, styles
from simkit.report.papers.paper import Paper

__all__ = ["write_docx"]

#: Parts of the library's empty document that this one has no use for, by their relation.
_NOT_KEPT = (
    "customXml",
    "stylesWithEffects",
    "numbering",
    "webSettings",
    "theme",
    "extended-properties",
    "thumbnail",
)
#: Most characters of a property.
_PROPERTY = 255
#: The earliest that a zip file can tell.
_FIRST_YEAR = 1980


def write_docx(paper: Paper, path: str | Path) -> Path:
    """Write a set of annexes as a Word file, whole or not at all: cover, contents, annexes.

    Text that a user wrote prints as it is. Fonts are named, not put inside; the file says which to take instead.

    Parameters
    ----------
    paper : Paper
    path : str or Path

    Returns
    -------
    Path
        Where it stands: beside what is not simkit's own.

    Raises
    ------
    RunError
        When a figure cannot be drawn or the file not be written; what stood there before stays.
    """
    data = _same_bytes(_written(paper), paper.date)
    with whole(Path(path), "error.not_kept") as new:
        new.partial.write_bytes(data)
    return new.path


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
    document = Document()
    _strip(document)
    _fill(document.styles.element, styles(paper.lang))
    _fill(document.settings.element, settings())
    body = document.element.body
    _fill(body, [*cover(paper), *contents(paper)])
    page = UPRIGHT
    for number, annex in enumerate(paper.annexes, start=1):
        _end_section(body, section(page, paper.lang, first=number == 1))
        page = TURNED if annex.landscape else UPRIGHT
        body.extend(annex_xml(document, annex, number, page, paper.lang))
    body.append(section(page, paper.lang, first=not paper.annexes))
    for number, properties in enumerate(body.iter(qn("wp:docPr")), start=1):
        properties.set("id", str(number))
    heads_and_feet(document, paper.running, paper.lang)
    _set_properties(document, paper)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _strip(document: Any) -> None:
    """Leave nothing of the library's empty document but what is filled anew: no fonts of a theme, no preview."""
    for part in (document.part, document.part.package):
        for name, relation in list(part.rels.items()):
            kind = relation.reltype.rsplit("/", 1)[-1]
            if kind in _NOT_KEPT:
                del part.rels[name]
            elif kind == "fontTable":
                relation.target_part._blob = fonts_xml()


def _fill(element: Any, children: Iterable[Any]) -> None:
    """Put new children in the place of what an element holds."""
    for child in list(element):
        element.remove(child)
    element.extend(children)


def _end_section(body: Any, properties: Any) -> None:
    """The last paragraph ends the section, so that none is left over for a page of its own."""
    last = body[-1]
    if last.tag != qn("w:p"):
        last = paragraph("Gap")
        body.append(last)
    last.pPr.append(properties)


def _set_properties(document: Any, paper: Paper) -> None:
    """Title, name and date of the scenario; never the machine's clock."""
    known = document.core_properties
    known.created = known.modified = datetime.datetime.combine(paper.date, datetime.time())
    known.author = known.last_modified_by = "simkit"
    known.title, known.subject, known.keywords = (
        one_line(text)[:_PROPERTY] for text in (paper.title, paper.subtitle, paper.name)
    )
    known.language = say(paper.lang, "language.tag")
    known.comments, known.revision = "", 1
