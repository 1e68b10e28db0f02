"""The front of a Word paper: its cover and its contents."""

from __future__ import annotations

from typing import Any

from simkit.base.words import is_wide, say
from simkit.report.papers.docx.spelling import (
    cell_lines,
    field_begin,
    field_end,
    lines,
    link,
    node,
    one_line,
    paragraph,
    run,
)
from simkit.report.papers.paper import Annex, Paper
from simkit.report.papers.pieces import Words
from simkit.report.papers.table import Blank, Language

__all__ = ["contents", "cover", "entry_of", "parts_of", "place_of"]

#: Places of an annex's parts are numbered from so many times its number on.
_PARTS = 1_000
#: Twips: words and empty space of a line of the cover.
_IMPRINT = (3400, 4200)
#: Annexes and their parts by their hidden entries, as links.
_CONTENTS = r'TOC \f C \l "1-2" \h \z'


def place_of(number: int) -> str:
    """Name of the place where an annex or a part of one begins."""
    return f"_Toc{number:09d}"


def parts_of(annex: Annex, number: int) -> list[tuple[int, str]]:
    """The headings of an annex's parts, a line each, with the number of its place; `number`: the annex's, from 1."""
    found = [
        line
        for one in annex.pieces
        if isinstance(one, Words) and one.kind == "heading"
        for line in cell_lines(one.text)
        if line.strip()
    ]
    return [(number * _PARTS + at, line) for at, line in enumerate(found, start=1)]


def entry_of(annex: Annex, lang: Language) -> str:
    """An annex as the contents name it."""
    return one_line(f"{annex.label}{say(lang, 'docx.between')}{annex.heading}")


def cover(paper: Paper) -> list[Any]:
    """Title, what it is about, what must be known, and who prepared it."""
    asian = is_wide(paper.lang)
    return [
        paragraph("Title", run(paper.title, asian=asian)),
        paragraph("Subtitle", run(paper.subtitle, asian=asian)),
        *(one for words in paper.banners for one in lines("Warning", words.text, asian=asian)),
        paragraph("CoverGap"),
        *([_imprint(paper)] if paper.imprint else []),
    ]


def _imprint(paper: Paper) -> Any:
    """Who and when: a line to write on where nothing is known yet."""
    properties = node(
        "tblPr",
        node("tblW", w=sum(_IMPRINT), type="dxa"),
        node("jc", val="center"),
        node("tblLayout", type="fixed"),
        node("tblLook", val="0400"),
    )
    grid = node("tblGrid", *(node("gridCol", w=width) for width in _IMPRINT))
    rows = [_imprint_row(label, value, paper.lang) for label, value in paper.imprint]
    return node("tbl", properties, grid, *rows)


def _imprint_row(label: str, value: str | Blank, lang: Language) -> Any:
    shown = value.value if isinstance(value, Blank) else value
    words = (f"{label}{say(lang, 'docx.colon')}", "" if shown is None else str(shown))
    rule = node("tcBorders", node("bottom", val="single", sz=4, space=0, color="000000"))
    rules = (None, rule if isinstance(value, Blank) else None)
    cells = [
        node(
            "tc",
            node("tcPr", node("tcW", w=width, type="dxa"), under, node("vAlign", val="bottom")),
            paragraph("Imprint", *([run(text, asian=is_wide(lang))] if text else [])),
        )
        for width, text, under in zip(_IMPRINT, words, rules, strict=True)
    ]
    return node("tr", node("trPr", node("cantSplit")), *cells)


def contents(paper: Paper) -> list[Any]:
    """Every annex by its label and heading, and its parts by theirs, as links.

    They are there when the file is opened, without pages, which only Word can know: it adds them when a reader
    updates the field. A page that is guessed could be wrong.
    """
    asian = is_wide(paper.lang)
    entries = [
        paragraph(f"TOC{level}", link(place_of(place), run(text, asian=asian)))
        for number, annex in enumerate(paper.annexes, start=1)
        for level, place, text in [
            (1, number, entry_of(annex, paper.lang)),
            *((2, place, one_line(line)) for place, line in parts_of(annex, number)),
        ]
    ] or [paragraph("TOC1")]
    for at, part in enumerate(field_begin(_CONTENTS), start=1):
        entries[0].insert(at, part)
    entries[-1].append(field_end())
    gallery = node("docPartObj", node("docPartGallery", val="Table of Contents"), node("docPartUnique"))
    heading = paragraph("TOCHeading", run(paper.contents, asian=asian))
    return [node("sdt", node("sdtPr", gallery), node("sdtContent", heading, *entries)), paragraph("Gap")]
