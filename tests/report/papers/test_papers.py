"""The papers held against each other, and the Parquet: one figure in all formats; hostile names; many measures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from docx import Document

from simkit.report.annexes.all import annexes
from simkit.report.make.outputs import paper_html
from simkit.report.papers.docx.paper import write_docx
from simkit.report.papers.paper import Paper
from simkit.report.papers.pdf.paper import write_pdf
from simkit.report.papers.table import Language, Table, merged_rows
from simkit.report.papers.web_page import page_html
from simkit.report.papers.xlsx.paper import write_book
from simkit.report.tables.saved import Saved
from simkit.runs.simulate import run
from simkit.runs.store import save_result
from simkit.scenario import load_scenario
from tests.office import converted, pdf_images, pdf_text
from tests.report import results
from tests.small_scenarios import claim, fixed, measure, write_scenario

ROOT = Path(__file__).parents[3]
NUMBER = re.compile(r"-?\d[\d,]*\.\d{2}(?![\d%])")
LANGS: tuple[Language, ...] = ("zh", "en")


class Written:
    """A saved run, its paper and every file of it."""

    def __init__(self, folder: Path, saved: Saved, lang: Language) -> None:
        self.saved, self.lang = saved, lang
        self.paper: Paper = annexes(saved, lang=lang)
        self.docx = write_docx(self.paper, folder / f"annexes.{lang}.docx")
        self.book = write_book(self.paper, folder / f"annexes.{lang}.xlsx")
        self.pdf = write_pdf(self.paper, folder / f"annexes.{lang}.pdf")
        self.page = page_html(paper_html(self.paper), lang=lang, title=self.paper.title, contents="x")

    @property
    def tables(self) -> list[Table]:
        return [piece for annex in self.paper.annexes for piece in annex.pieces if isinstance(piece, Table)]


@pytest.fixture(scope="module", params=LANGS)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("papers")
    names = {"independence": "independent", "trend": "trend", "central": "central", "chance": "chance"}
    variants = {name: save_result(results.variants()[key], folder / name) for name, key in names.items()}
    return Written(folder, Saved(save_result(results.result(), folder / "run"), variants), request.param)


# ------------------------------------------------------------------ one figure everywhere


def plain(text: str) -> str:
    """Words without what a format adds to break or join them."""
    return re.sub(r"[\s\u200b\u2060\u00ad]+", "", text)


def shown(table: Table) -> list[list[str]]:
    """Cells as they are shown, a cell over several rows once."""
    spans = [merged_rows(table, column) for column in table.columns]

    def covered(place: int, number: int) -> bool:
        return any(first < number < first + rows for first, rows in spans[place].items())

    return [
        [plain(cell) for place, cell in enumerate(cells) if not covered(place, number)]
        for number, cells in enumerate(table.texts())
    ]


class _Grids(HTMLParser):
    """Tables of a page: cells of the bodies, by table and row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.inside = self.body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tbody":
            self.tables.append([])
            self.body = True
        elif tag == "tr" and self.body:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.body:
            self.tables[-1][-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.inside = False
        elif tag == "tbody":
            self.body = False

    def handle_data(self, data: str) -> None:
        if self.inside and self.body:
            self.tables[-1][-1][-1] += data


def grids(page: str) -> list[list[list[str]]]:
    reader = _Grids()
    reader.feed(page)
    return [[[plain(cell) for cell in row] for row in table] for table in reader.tables]


def test_the_page_shows_the_tables(written: Written) -> None:
    assert grids(written.page) == [shown(table) for table in written.tables]


def word_rows(path: Path) -> list[list[str]]:
    """Rows of all tables of a Word file; a cell over several rows once."""
    rows = []
    for table in Document(str(path)).tables:
        for row in table.rows:
            cells = []
            for cell in row._tr.tc_lst:
                if cell.vMerge != "continue":
                    cells.append(
                        plain("".join(text.text or "" for text in cell.iter() if text.tag.endswith("}t")))
                    )
            rows.append(cells)
    return rows


def test_word_shows_every_row(written: Written) -> None:
    found = Counter(tuple(row) for row in word_rows(written.docx))
    for table in written.tables:
        for row in shown(table):
            assert found[tuple(row)] > 0, (table.id, row)


def book_numbers(path: Path) -> Counter[Decimal]:
    """Numbers with two decimals in a workbook, as its cells hold them."""
    book = openpyxl.load_workbook(path, data_only=True)
    found: Counter[Decimal] = Counter()
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and cell.number_format == "#,##0.00":
                    found[Decimal(f"{cell.value:.6f}")] += 1
    return found


def money_cells(tables: list[Table]) -> list[int | float]:
    """Fen in the money columns of tables."""
    keys = [(table, column.key) for table in tables for column in table.columns if column.kind == "money"]
    cells = [table.number((number, key)) for table, key in keys for number in range(len(table.rows))]
    return [cell for cell in cells if cell is not None]


def test_excel_holds_the_fen(written: Written) -> None:
    """Not the rounded figure: every money cell of every table, in 万元 to the fen."""
    found = book_numbers(written.book)
    expected = Counter(
        Decimal(round(cell)) / 1_000_000 for cell in money_cells(written.tables) if isinstance(cell, int)
    )
    missing = {number: count for number, count in expected.items() if found[number] < count}
    assert not missing


@pytest.mark.office
def test_the_pdf_shows_every_figure(written: Written, needs: Callable[..., str]) -> None:
    text = pdf_text(needs("pdftotext"), written.pdf)
    found = Counter(NUMBER.findall(text))
    cells = [cell for table in written.tables for row in shown(table) for cell in row]
    expected = Counter(cell for cell in cells if NUMBER.fullmatch(cell))
    missing = {cell: count for cell, count in expected.items() if found[cell] < count}
    assert not missing
    for annex in written.paper.annexes:
        assert plain(annex.heading) in plain(text)


def test_the_annexes_are_what_the_parquet_says(written: Written) -> None:
    """Means and totals by pandas alone, from the file, against the cells of annex 1.

    Cells of the ledger are whole fen that add up: each may be off by less than one.
    """
    rows = pd.read_parquet(written.saved.run / "outlays.parquet")
    result = written.saved.result
    special = [name for name, fund in result.scenario.policy.funds.items() if fund.special]
    ours = rows[rows["fund"].astype(str).isin(special)]
    table = next(table for table in written.tables if table.id == "annex_budget_special")
    cells = ["earned_year", "paid_year", "measure", "fund", "district", "quarter"]
    most = rows.groupby(cells, observed=True, dropna=False).ngroups
    assert most < 2_000  # fen, of some 2,000 万元
    by_year = ours.groupby("paid_year")["fen"].sum() / result.draws
    line = next(row for number, row in enumerate(table.rows) if number == table.totals[0])
    for year in (2024, 2025, 2026):
        assert line[f"y{year}"] == pytest.approx(by_year[year], abs=most)
    whole = next(table for table in written.tables if table.id == "annex_budget_whole")
    paid = rows.groupby("paid_year")["fen"].sum() / result.draws
    assert whole.rows[whole.totals[-2]]["y2024"] == pytest.approx(paid[2024], abs=most)


@pytest.mark.office
def test_libreoffice_opens_all_and_agrees(
    written: Written, needs: Callable[..., str], tmp_path: Path
) -> None:
    """Word becomes pages with every heading; a recalculated workbook has the cached values."""
    soffice = needs("soffice", "libreoffice")
    text = plain(pdf_text(needs("pdftotext"), converted(soffice, written.docx, tmp_path, "pdf")))
    for annex in written.paper.annexes:
        assert plain(annex.heading) in text
    again = openpyxl.load_workbook(
        converted(soffice, written.book, tmp_path / "again", "xlsx"), data_only=True
    )
    for sheet in openpyxl.load_workbook(written.book, data_only=True).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                other = again[sheet.title][cell.coordinate].value
                if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    assert other == pytest.approx(cell.value, rel=1e-9, abs=1e-9), (
                        sheet.title,
                        cell.coordinate,
                    )


# ------------------------------------------------------------------ hostile names


HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    '#read("/etc/passwd") $x$ *b* @r',
    "{{x}} {% y %} {0}",
    "长" * 500,
    "emoji \U0001f600 tail",
    "שלום עולם",
    "+1+1",
    "@SUM(A1)",
    "a&b <b> \"q\" 'p'",
)


def named(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


@pytest.fixture(scope="module", params=LANGS)
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("hostile")
    measures = {
        f"m{number}": measure(fixed("1万元"), name=named(text)) for number, text in enumerate(HOSTILE)
    }
    claims = {name: claim(1) for name in measures}
    path = write_scenario(folder / "scenario", measures, claims, start=3, title=named(HOSTILE[0]))
    return Written(
        folder, Saved(save_result(run(load_scenario(path), draws=60, seed=1), folder / "run")), request.param
    )


def literal(text: str) -> str:
    """A name as a paper may show it: characters that no font of ours has as their numbers."""
    return plain(text)


def test_hostile_names_stand_literally(hostile: Written, needs: Callable[..., str]) -> None:
    word = plain("".join(cell for row in word_rows(hostile.docx) for cell in row))
    book = openpyxl.load_workbook(hostile.book)
    strings = {
        plain(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "s"
    }
    page = plain("".join(cell for table in grids(hostile.page) for row in table for cell in row))
    for name in HOSTILE:
        assert plain(name) in word and plain(name) in page and plain(name) in strings, name
    assert "<script>alert" not in hostile.page
    for sheet in book:
        assert not sheet._hyperlinks or all(link.target is None for link in sheet._hyperlinks)


def formulas(path: Path) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            yield from (str(cell.value) for cell in row if cell.data_type == "f")


def test_no_name_becomes_a_formula(hostile: Written) -> None:
    allowed = re.compile(r"^=[A-Z0-9:,()+\-*/=<>\"—.\u4e00-\u9fff\sA-Za-z]*$")
    for formula in formulas(hostile.book):
        assert allowed.fullmatch(formula) and "cmd" not in formula, formula


@pytest.mark.office
def test_hostile_names_in_the_pdf(hostile: Written, needs: Callable[..., str]) -> None:
    text = plain(pdf_text(needs("pdftotext"), hostile.pdf))
    for name in HOSTILE[:4] + HOSTILE[7:]:
        assert plain(name) in text, name
    assert text.count("长") >= 500 and "root:" not in text


# ------------------------------------------------------------------ many measures, many years


@pytest.mark.office
@pytest.mark.parametrize(("count", "years"), [(10, 3), (60, 3), (60, 10)])
def test_ten_or_sixty_three_or_ten_still_fit(
    count: int, years: int, tmp_path: Path, needs: Callable[..., str]
) -> None:
    """No word of the PDF lies outside its page's text, no page of Word is lost, and every measure is there."""
    measures: dict[str, Any] = {
        f"m{number}": measure(fixed("1234567元"), name=named(f"第{number}号措施名称较长的奖励补助项目"))
        for number in range(count)
    }
    claims = {name: claim(2) for name in measures}
    path = write_scenario(tmp_path / "s", measures, claims, start=40, years=(2024, 2023 + years))
    paper = annexes(Saved(save_result(run(load_scenario(path), draws=200, seed=1), tmp_path / "run")))
    made = write_pdf(paper, tmp_path / "a.pdf")
    assert not outside(needs("pdftotext"), made)
    text = plain(pdf_text(needs("pdftotext"), made))
    assert all(f"第{number}号措施" in text for number in range(count))
    pages = pdf_images(needs("pdftoppm"), made, tmp_path / "png", dpi=20)
    assert len(pages) >= len(paper.annexes)
    word = converted(needs("soffice", "libreoffice"), write_docx(paper, tmp_path / "a.docx"), tmp_path, "pdf")
    assert not outside(needs("pdftotext"), word)
    write_book(paper, tmp_path / "a.xlsx")


def outside(pdftotext: str, path: Path, edge: float = 40.0) -> list[str]:
    """Words of a PDF that stand nearer to the paper's edge than any margin of ours allows. Points."""
    import subprocess

    done = subprocess.run([pdftotext, "-bbox", str(path), "-"], capture_output=True, text=True, check=True)
    found, width = [], 0.0
    for line in done.stdout.splitlines():
        page = re.search(r'<page width="([\d.]+)"', line)
        word = re.search(r'xMin="([-\d.]+)".* xMax="([-\d.]+)".*>(.*)</word>', line)
        if page:
            width = float(page[1])
        elif word and (float(word[1]) < edge or float(word[2]) > width - edge):
            found.append(word[3])
    return found
