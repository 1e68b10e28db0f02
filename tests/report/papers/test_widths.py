"""A number is never broken nor hidden: nine digits of 万元, negative, in bold totals, in whatever font there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from fontTools.ttLib import TTFont

from simkit.report.annexes.all import annexes
from simkit.report.figures.axes import lying_bars
from simkit.report.papers.docx.paper import write_docx
from simkit.report.papers.drawing import canvas
from simkit.report.papers.markup import table_html
from simkit.report.papers.paper import Paper
from simkit.report.papers.pdf.paper import write_pdf
from simkit.report.papers.table import Blank, Language, Table
from simkit.report.papers.widths import column_widths, least_widths, number_width, widest_numbers
from simkit.report.papers.xlsx.paper import write_book
from simkit.report.papers.xlsx.tables import write_xlsx
from tests.office import converted, pdf_text
from tests.report.annexes.saved_runs import bare

LANGS: tuple[Language, ...] = ("zh", "en")
DEJAVU = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
#: By kind of column: what stands in every cell, and how it reads.
GREAT: dict[str, tuple[float, str]] = {
    "money": (-123_456_789_010_000, "-123,456,789.01"),
    "count": (-123_456_789.1, "-123,456,789.1"),
    "share": (-12.345, "-1234.5%"),
    "whole": (123_456_789, "123456789"),
}


def great(table: Table) -> Table:
    """The same table with a great number in every cell of a number, the last row a total."""
    kinds = {column.key: column.kind for column in table.columns}
    columns = tuple(replace(column, parts=(), decimals=None, merged=False) for column in table.columns)

    def put(key: str, value: Any) -> Any:
        if kinds[key] == "text" or value is None or isinstance(value, str | Blank):
            return value
        return GREAT[kinds[key]][0]

    rows = tuple({key: put(key, value) for key, value in row.items()} for row in table.rows)
    totals = tuple({*table.totals, len(rows) - 1}) if rows else ()
    return replace(table, columns=columns, rows=rows, totals=totals, links={})


@lru_cache
def great_paper(lang: Language) -> Paper:
    """The annexes of a run, each number a great one."""
    found = annexes(bare(), lang=lang)

    def tables(pieces: Any) -> Any:
        return tuple(great(piece) for piece in pieces if isinstance(piece, Table))

    return replace(found, annexes=tuple(replace(one, pieces=tables(one.pieces)) for one in found.annexes))


def tables_of(paper: Paper) -> Iterator[Table]:
    for annex in paper.annexes:
        yield from (piece for piece in annex.pieces if isinstance(piece, Table))


def counted(paper: Paper) -> dict[str, int]:
    """How often each great number stands in a paper."""
    texts = [text for table in tables_of(paper) for row in table.texts() for text in row]
    return {shown: texts.count(shown) for _, shown in GREAT.values()}


def counted_in(text: str) -> dict[str, int]:
    return {
        shown: len(re.findall(rf"(?<![\d,.]){re.escape(shown)}(?![\d,]|\.\d)", text))
        for _, shown in GREAT.values()
    }


@pytest.fixture
def only_dejavu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice finds no font but DejaVu, whose digits are about the widest."""
    config = tmp_path / "fonts.conf"
    config.write_text(
        f"<fontconfig><dir>{DEJAVU}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>", encoding="utf-8"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("name", ["DejaVuSans", "DejaVuSerif"])
def test_numbers_are_measured_at_least_as_wide_as_dejavu_sets_them(name: str, bold: bool) -> None:
    with TTFont(DEJAVU / f"{name}{'-Bold' if bold else ''}.ttf") as font:
        unit, glyphs, advances = font["head"].unitsPerEm, font.getBestCmap(), font["hmtx"].metrics
    for letter in "0123456789,.-+−±%()/: ":
        assert number_width(letter, bold=bold) >= advances[glyphs[ord(letter)]][0] / unit, letter


@pytest.mark.parametrize("lang", LANGS)
def test_columns_are_as_wide_as_their_numbers(lang: Language) -> None:
    """In digits of the workbook's font; bold ones are measured bold, numbers in words and days too."""
    seen = 0
    for table in tables_of(great_paper(lang)):
        widths = column_widths(table, any_font=True)
        assert all(width >= least for width, least in zip(widths, least_widths(table), strict=True))
        for column, needed in zip(table.columns, widest_numbers(table), strict=True):
            numbers = [row[column.key] for row in table.rows if column.kind != "text"]
            if any(isinstance(one, int | float) for one in numbers):
                bold = isinstance(numbers[-1], int | float)
                assert needed >= number_width(GREAT[column.kind][1], bold=bold), (table.id, column.key)
                seen += 1
    assert seen > 100


@pytest.mark.parametrize("lang", LANGS)
def test_a_web_page_breaks_no_number(lang: Language) -> None:
    for table in tables_of(great_paper(lang)):
        page = table_html(table)
        assert not re.search(r"\d[.,]?<wbr>\d", page)
        shown = [text for row in table.texts() for text in row if text in dict(GREAT.values()).values()]
        cells = re.findall(r'<t[dh][^>]*class="n[ "][^>]*>([^<]*)<', page)
        assert all(text in cells for text in shown)


@pytest.mark.parametrize(
    ("low", "high"),
    [(1.234e14, 1.2346e14), (-1.23e14, 1.3e14), (0, 9.9e14), (0, 1.2e15), (-9.9e14, -9.8e14), (0, 3e10)],
)
def test_marks_of_a_narrow_axis_never_run_into_each_other(low: float, high: float) -> None:
    with canvas(3.2) as axes:
        axes.barh([0, 1], [low, high])
        names = ["符合条件机构比例（全市各区县合计）申报率的一个很长的名字"] * 2
        lying_bars(axes, names, (low, high), {"title": "", "x": "万元"})
        figure: Any = axes.get_figure()
        figure.canvas.draw()
        shown = figure.canvas.get_renderer()
        marks = zip(axes.xaxis.get_ticklabels(), axes.xaxis.get_majorticklocs(), strict=True)
        boxes = [label.get_window_extent(shown) for label, at in marks if low <= at <= high]
        gaps = [after.x0 - before.x1 for before, after in pairwise(boxes)]
    assert len(boxes) >= 2 and min(gaps) > 2
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)


@pytest.mark.office
@pytest.mark.parametrize("lang", LANGS)
def test_word_breaks_no_number(lang: Language, needs: Any, only_dejavu: None, tmp_path: Path) -> None:
    paper = great_paper(lang)
    made = converted(needs("lowriter"), write_docx(paper, tmp_path / "a.docx"), tmp_path / "out", "pdf")
    assert counted_in(pdf_text(needs("pdftotext"), made)) == counted(paper)


@pytest.mark.office
@pytest.mark.parametrize("lang", LANGS)
def test_a_workbook_hides_no_number(lang: Language, needs: Any, only_dejavu: None, tmp_path: Path) -> None:
    paper = great_paper(lang)
    tables = list(tables_of(paper))
    for path in (write_book(paper, tmp_path / "a.xlsx"), write_xlsx(tables, tmp_path / "b.xlsx", lang=lang)):
        made = converted(needs("soffice", "libreoffice"), path, tmp_path / "out", "pdf")
        text = pdf_text(needs("pdftotext"), made)
        assert "###" not in text
        assert counted_in(text) == counted(paper)


@pytest.mark.parametrize("lang", LANGS)
def test_a_pdf_breaks_no_number(lang: Language, needs: Any, tmp_path: Path) -> None:
    paper = great_paper(lang)
    text = pdf_text(needs("pdftotext"), write_pdf(paper, tmp_path / "a.pdf"))
    assert counted_in(text) == counted(paper)
