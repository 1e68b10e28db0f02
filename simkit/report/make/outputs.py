"""What a report consists of: a table of outputs, each written from saved runs alone, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from simkit.base.project import PAPERS
from simkit.base.whole_files import write_whole
from simkit.base.words import LANGUAGES, say
from simkit.report.annexes.all import annexes as annexes_of
from simkit.report.annexes.all import template_of
from simkit.report.annexes.template import TEMPLATE
from simkit.report.make.runs import Reporter, Step
from simkit.report.pages.sections import html_of
from simkit.report.papers.markup import heading_html, title_html
from simkit.report.papers.paper import Paper
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Language, Table
from simkit.report.tables.opening import running_head, title
from simkit.report.tables.saved import Saved

__all__ = ["OUTPUTS", "PAGE", "Making", "Writer", "annexes", "page", "paper_html", "workbook"]

#: The output that a kernel makes.
PAGE = "page"
#: Writes an output in one language into the run's folder; the files that it wrote there.
Writer: TypeAlias = Callable[[Saved, Language, "Making", Reporter], tuple[Path, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What a report is made with.

    Attributes
    ----------
    notebook : Path
        The notebook of the report; simkit knows it as a path only.
    template : Path
        Order, headings, offices and codes of the annexes.
    outputs : dict of name to Writer
    """

    notebook: Path = PAPERS / "budget_report.ipynb"
    template: Path = TEMPLATE
    outputs: Mapping[str, Writer] = field(default_factory=lambda: OUTPUTS)


def page(saved: Saved, lang: Language, making: Making, report: Reporter) -> tuple[Path, ...]:
    """The executed notebook of the report and its page; each cell is a step."""
    from simkit.report.make.notebooks import count_cells, read_notebook, run_notebook
    from simkit.report.papers.web_page import outputs_html

    name, total, done = f"budget_report.{lang}", count_cells(making.notebook), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        report(Step("notebook", name, min(done, total), total, report.of))

    variants = {key: str(path) for key, path in saved.variants.items()}
    parameters = {"run": str(saved.run), "variants": variants, "lang": lang}
    executed = run_notebook(making.notebook, saved.run / f"{name}.ipynb", parameters, progress=count)
    pieces = outputs_html(read_notebook(executed))
    return executed, _page(saved, lang, saved.run / f"{name}.html", title(saved.result, lang), pieces)


def _page(saved: Saved, lang: Language, target: Path, heading: str, pieces: Iterator[str]) -> Path:
    from simkit.report.papers.web_page import page_html

    contents, running = say(lang, "page.contents"), running_head(saved.result, lang)
    return write_whole(
        target, page_html(pieces, lang=lang, title=heading, contents=contents, running=running)
    )


def annexes(saved: Saved, lang: Language, making: Making, report: Reporter) -> tuple[Path, ...]:
    """The annexes as page, Word, Excel and PDF, all told from one paper; each file is a step."""
    from simkit.report.papers.docx.paper import write_docx
    from simkit.report.papers.pdf.paper import write_pdf
    from simkit.report.papers.xlsx.paper import write_book

    name = f"annexes.{lang}"
    paper = annexes_of(saved, lang=lang, template=template_of(making.template))
    heading = f"{title(saved.result, lang)} {say(lang, 'index.output.annexes')}"
    kinds: dict[str, Callable[[Path], Path]] = {
        "html": lambda path: _page(saved, lang, path, heading, paper_html(paper)),
        "docx": lambda path: write_docx(paper, path),
        "xlsx": lambda path: write_book(paper, path, scenario_file=saved.file),
        "pdf": lambda path: write_pdf(paper, path),
    }
    written: list[Path] = []
    for kind, write in kinds.items():
        report(Step("paper", name, len(written), len(kinds), report.of))
        written.append(write(saved.run / f"{name}.{kind}"))
    report(Step("paper", name, len(kinds), len(kinds), report.of))
    return tuple(written)


def paper_html(paper: Paper) -> Iterator[str]:
    """The paper's title and banners, then every annex under its heading, as HTML."""
    yield title_html(paper.title, paper.subtitle)
    yield from map(html_of, paper.banners)
    for annex in paper.annexes:
        yield heading_html(annex.id, f"{annex.label}  {annex.heading}")
        yield from (html_of(_untitled(piece, annex.heading)) for piece in annex.pieces)


def _untitled(piece: Piece, heading: str) -> Piece:
    """A table without its title where the heading above has said it."""
    return replace(piece, title="") if isinstance(piece, Table) and piece.title == heading else piece


def workbook(saved: Saved, lang: Language, making: Making, report: Reporter) -> tuple[Path]:
    """All tables as one workbook; the Chinese one carries no language in its name."""
    from simkit.report.papers.xlsx.tables import write_xlsx
    from simkit.report.tables.all import all_tables

    tables = all_tables(
        saved.result,
        lang=lang,
        manifest=saved.manifest,
        independent=saved.independence,
        trend=saved.trend,
        central=saved.central,
        chance=saved.chance,
    )
    target = saved.run / ("tables.xlsx" if lang == LANGUAGES[0] else f"tables.{lang}.xlsx")
    return (write_xlsx(tables, target, lang=lang, properties={"title": title(saved.result, lang)}),)


#: In the order in which they are named; their words are `index.output.NAME`.
OUTPUTS: dict[str, Writer] = {PAGE: page, "annexes": annexes, "workbook": workbook}
