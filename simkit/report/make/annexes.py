"""What the notebook of the annexes calls: the set opened from saved runs, shown, and written as papers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from simkit.base.errors import known_language
from simkit.report.annexes.all import annexes, template_of
from simkit.report.pages.budget_report import show
from simkit.report.papers.markup import heading_html, title_html
from simkit.report.papers.paper import Paper
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Table
from simkit.report.tables.saved import Saved
from simkit.scenario import ScenarioFile

__all__ = ["open_annexes", "show_annexes", "show_cover", "write_papers"]


def open_annexes(run: str, variants: dict[str, str], base: str, lang: str, template: str) -> Paper:
    """The annexes of a saved run.

    Parameters
    ----------
    run : str
        The run's folder.
    variants : dict of name to folder
    base : str
        Folder of the run without overlays; empty for none.
    lang : str
    template : str
        A bureau's template; empty for simkit's own.

    Raises
    ------
    InputError
        For a language that there is none of, or a folder that holds no run.
    FaultsError
        For a template that is wrong.
    """
    known_language(lang)
    folders = {name: Path(folder) for name, folder in variants.items() if folder}
    saved = Saved(Path(run), folders, Path(base) if base else None)
    return annexes(saved, lang=lang, template=template_of(template or None))


def show_cover(paper: Paper) -> None:
    """Title, and what must stand in front of every figure."""
    show(title_html(paper.title, paper.subtitle), *paper.banners)


def show_annexes(paper: Paper) -> None:
    """Every annex under its heading, in order."""
    for annex in paper.annexes:
        pieces = (_untitled(piece, annex.heading) for piece in annex.pieces)
        show(heading_html(annex.id, f"{annex.label}  {annex.heading}"), *pieces)


def _untitled(piece: Piece, heading: str) -> Piece:
    """A table without its title where the heading above has said it."""
    return replace(piece, title="") if isinstance(piece, Table) and piece.title == heading else piece


def write_papers(paper: Paper, folder: str, scenario: str) -> None:
    """Write the set as Word, Excel and PDF; nothing where no folder is given.

    Parameters
    ----------
    folder : str
        `annexes.LANG.docx`, `.xlsx` and `.pdf` are written into it, each whole or as it was; beside what is not
        simkit's own there.
    scenario : str
        The scenario's file, whose parameters go into the workbook; empty where it is not as it was in the run.

    Raises
    ------
    RunError
        When a file cannot be written.
    """
    if not folder:
        return
    from IPython.display import HTML, display

    from simkit.report.papers.docx.paper import write_docx
    from simkit.report.papers.pdf.paper import write_pdf
    from simkit.report.papers.xlsx.paper import write_book

    stem = Path(folder) / f"annexes.{paper.lang}"
    file = ScenarioFile(scenario) if scenario else None
    written = (
        write_docx(paper, stem.with_name(f"{stem.name}.docx")),
        write_book(paper, stem.with_name(f"{stem.name}.xlsx"), scenario_file=file),
        write_pdf(paper, stem.with_name(f"{stem.name}.pdf")),
    )
    # Nothing to see: who ran the notebook reads from it where the files stand.
    names = {"written": [path.name for path in written]}
    display(HTML(""), metadata={"simkit": names})  # type: ignore[no-untyped-call]  # IPython has no types
