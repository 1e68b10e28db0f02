"""The annexes as one archive file (PDF/A-2b), set by typst: the same bytes on every run of the same paper."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst

from simkit.base.errors import RunError
from simkit.base.leftovers import temporary_folder
from simkit.base.whole_files import write_whole
from simkit.base.words import is_wide, say
from simkit.report.papers.glyphs import FONTS, Face, em_width, printable
from simkit.report.papers.markup import LANGUAGE_TAGS
from simkit.report.papers.paper import Annex, Paper
from simkit.report.papers.pdf.columns import Breakable, breakable
from simkit.report.papers.pdf.table import BODY, SMALL, line_data, table_data
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Blank, Table

__all__ = ["write_pdf"]

_TEMPLATE = Path(__file__).parents[2] / "templates" / "annexes.typ"
_MM = 72 / 25.4
#: Width and height of a page's text by GB/T 9704 (156 x 225 mm), upright and lying. Points.
_UPRIGHT, _LYING = (156 * _MM, 225 * _MM), (225 * _MM, 156 * _MM)
#: Sizes of letters outside tables, as the template has them. Points.
_TITLE, _HEADING, _COVER = 22.0, 16.0, 14.0
#: Width of the lines of the cover. Points.
_IMPRINT = 125 * _MM
#: Of a page's height, what a figure may take.
_FIGURE = 0.85
#: Rows of a table that shares a page with the figure above it; what headings of a part and of an annex take. Points.
_SHORT_TABLE, _PART, _TITLE_ROOM = 10, 44.0, 80.0


def write_pdf(paper: Paper, path: str | Path) -> Path:
    """Write a paper as PDF/A-2b, whole or not at all.

    What anybody wrote reaches the page as data, never as source: it prints literally. A character that the
    report's fonts lack prints as its number, `[U+1F600]`. Gives where it stands: beside what is not simkit's own.

    Raises
    ------
    RunError
        When typst refuses or warns, or the file cannot be written; nothing half-written stays.
    """
    path = Path(path)
    return write_whole(path, _compiled(paper, path), "error.paper_not_written")


def _compiled(paper: Paper, path: Path) -> bytes:
    """The file's bytes; typst sees the template, the data and the figures, in a folder of their own."""
    with temporary_folder("pdf") as root:
        shutil.copyfile(_TEMPLATE, root / _TEMPLATE.name)
        data = _Typesetter(paper, root).data()
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        try:
            made, warnings = typst.compile_with_warnings(
                str(root / _TEMPLATE.name),
                root=str(root),
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards="a-2b",
            )
        except typst.TypstError as error:
            raise _refused(path, error.message, error.hints) from error
        if warnings:
            raise _refused(path, warnings[0].message, warnings[0].hints)
        return bytes(made)


def _refused(path: Path, message: str, hints: Sequence[str]) -> RunError:
    return RunError(
        "error.typst",
        path=path,
        reason="; ".join([message, *hints]),
    )


@dataclass(slots=True, eq=False)
class _Typesetter:
    """A paper as the data that the template reads; figures go to files in `root`."""

    paper: Paper
    root: Path
    figures: int = field(default=0)

    def data(self) -> dict[str, Any]:
        """All that the template prints."""
        paper, width = self.paper, _UPRIGHT[0]
        day = paper.date
        as_of = say(paper.lang, "pdf.as_of", year=day.year, month=day.month, day=day.day)
        lang, _, region = LANGUAGE_TAGS[paper.lang].lower().partition("-")
        return {
            "lang": lang,
            "region": region or None,
            "wide": is_wide(paper.lang),
            "name": printable(paper.name),
            "plain": printable(paper.title).replace("\n", " "),
            "description": printable(paper.subtitle).replace("\n", " "),
            "title": line_data(paper.title, width / _TITLE, "Serif-Bold"),
            "subtitle": line_data(paper.subtitle, width / _HEADING),
            "imprint": self._imprint(),
            "banners": [_lines(one.text, width / BODY - 2) for one in paper.banners],
            "date": {"year": day.year, "month": day.month, "day": day.day},
            "as_of": as_of,
            "contents": line_data(paper.contents, width / _TITLE, "Serif-Bold"),
            "running": line_data(_short(paper.running, 2 * width / SMALL), width / SMALL),
            "note": say(paper.lang, "docx.note").strip(),
            "annexes": [self._annex(annex) for annex in paper.annexes],
        }

    def _imprint(self) -> dict[str, Any]:
        """The lines of the cover, `value` null where a person fills it in, and how wide they stand."""
        labels = [printable(label) for label, _ in self.paper.imprint]
        widest = max((em_width(line) for label in labels for line in label.split("\n")), default=0.0)
        widest = min(widest + 1, 0.6 * _IMPRINT / _COVER)
        lines = []
        for label, (_, value) in zip(labels, self.paper.imprint, strict=True):
            shown = value.value if isinstance(value, Blank) else value
            room = _IMPRINT / _COVER - widest - 1
            filled = None if shown is None else line_data(str(shown), room)
            lines.append({"label": breakable(label, widest), "value": filled})
        return {"lines": lines, "width": _IMPRINT, "label": widest * _COVER}

    def _annex(self, annex: Annex) -> dict[str, Any]:
        page = _LYING if annex.landscape else _UPRIGHT
        return {
            "label": line_data(annex.label, page[0] / _HEADING, "Sans-Bold"),
            "heading": line_data(annex.heading, page[0] / _TITLE, "Serif-Bold"),
            "landscape": annex.landscape,
            "pieces": self._pieces(annex, page),
        }

    def _pieces(self, annex: Annex, page: tuple[float, float]) -> list[dict[str, Any]]:
        """The pieces in order, a table that a figure has beside it with that figure."""
        found = [self._piece(annex, at, page) for at in range(len(annex.pieces))]
        return [one for one, before in zip(found, [{}, *found], strict=False) if not before.get("beside")]

    def _piece(self, annex: Annex, at: int, page: tuple[float, float]) -> dict[str, Any]:
        piece = annex.pieces[at]
        if isinstance(piece, Table):
            return table_data(piece, page[0], titled=piece.title != annex.heading)
        if isinstance(piece, Picture):
            return self._picture(piece, page) | {"beside": _beside(annex, at, page)}
        return _words(piece, page[0])

    def _picture(self, picture: Picture, page: tuple[float, float]) -> dict[str, Any]:
        """A figure as a file, no larger than it was drawn, nor than the page."""
        self.figures += 1
        file = f"figure-{self.figures}.svg"
        (self.root / file).write_text(picture.svg(), encoding="utf-8")
        width, height = (72 * inches for inches in picture.inches)
        scale = min(1.0, page[0] / width, _FIGURE * page[1] / height)
        return {
            "kind": "picture",
            "file": file,
            "alt": printable(picture.title),
            "width": width * scale,
            "height": height * scale,
            "notes": [line_data(picture.note, page[0] / SMALL)] if picture.note else [],
        }


def _beside(annex: Annex, at: int, page: tuple[float, float]) -> dict[str, Any] | None:
    """What a figure shares its page with, if a short table follows: the page, the table, the headings above."""
    table = annex.pieces[at + 1] if at + 1 < len(annex.pieces) else None
    if not isinstance(table, Table) or len(table.rows) > _SHORT_TABLE:
        return None
    above, first = 0.0, at
    while first and isinstance(words := annex.pieces[first - 1], Sentences) and words.kind == "heading":
        above, first = above + _PART, first - 1
    return {
        "page": page,
        "table": table_data(table, page[0], titled=table.title != annex.heading),
        "above": above + (0.0 if first else _TITLE_ROOM),
    }


def _lines(text: str, room: float, face: Face = "Serif-Regular") -> list[Breakable]:
    """The paragraphs of a text."""
    return [line_data(line, room, face) for line in text.split("\n") if line.strip()]


def _short(text: str, room: float) -> str:
    """As much of a text as two lines on top of a page hold."""
    text = printable(text).replace("\n", " ")
    while em_width(text) > room - 4:
        text = text[:-2].rstrip() + "…"
    return text


def _words(words: Sentences, width: float) -> dict[str, Any]:
    size = {"heading": _HEADING, "note": SMALL}.get(words.kind, BODY)
    face: Face = "Sans-Bold" if words.kind == "heading" else "Serif-Regular"
    if words.kind == "heading":
        return {"kind": words.kind, "text": line_data(words.text, width / size, face)}
    return {"kind": words.kind, "lines": _lines(words.text, width / size - 2, face)}
