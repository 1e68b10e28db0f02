"""What a report consists of: a table of outputs, each written from saved runs alone, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from simkit.base.whole_files import write_whole
from simkit.base.words import LANGUAGES, say
from simkit.report.annexes.template import TEMPLATE
from simkit.report.make.runs import Reporter, Step
from simkit.report.papers.table import Language
from simkit.report.tables.opening import running_head, title
from simkit.report.tables.saved import Saved

__all__ = ["OUTPUTS", "Making", "Writer", "annexes", "page", "workbook", "writers"]

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"

#: Writes an output in one language into a folder; the files that it wrote there.
Writer = Callable[[Saved, Language, Path], tuple[Path, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What a report is made with.

    Attributes
    ----------
    notebook, annexes : Path
        The notebooks of the report and of the annexes; simkit knows them as paths only.
    template : Path
        Order, headings, offices and codes of the annexes.
    """

    notebook: Path = NOTEBOOKS / "budget_report.ipynb"
    annexes: Path = NOTEBOOKS / "annexes.ipynb"
    template: Path = TEMPLATE


def page(saved: Saved, lang: Language, folder: Path, *, making: Making, report: Reporter) -> tuple[Path, ...]:
    """The executed notebook of the report and its page; each cell is a step."""
    name = f"budget_report.{lang}"
    return _told(saved, lang, folder / name, making.notebook, _runs(saved), report, title(saved.result, lang))


def annexes(
    saved: Saved, lang: Language, folder: Path, *, making: Making, report: Reporter
) -> tuple[Path, ...]:
    """The annexes: executed notebook, page, Word, Excel and PDF, all told from one paper."""
    name = f"annexes.{lang}"
    parameters = _runs(saved) | {
        "base": "" if saved.base is None else str(saved.base),
        "template": str(making.template),
        "folder": str(folder),
        "scenario": "" if saved.file is None else str(saved.file),
    }
    heading = f"{title(saved.result, lang)} {say(lang, 'index.output.annexes')}"
    told = _told(saved, lang, folder / name, making.annexes, parameters, report, heading)
    asked = [f"{name}.{kind}" for kind in ("docx", "xlsx", "pdf")]
    return (*told, *(folder / one for one in _named(told[0]) or asked))


def _named(executed: Path) -> list[str]:
    """Names of the files that a notebook says it wrote: some may stand beside what a person changed."""
    from simkit.report.make.notebooks import read_notebook

    outputs = (one for cell in read_notebook(executed).cells for one in cell.get("outputs", ()))
    found = (one.get("metadata", {}).get("simkit", {}).get("written", ()) for one in outputs)
    return [name for names in found for name in names]


def _runs(saved: Saved) -> dict[str, Any]:
    return {"run": str(saved.run), "variants": {key: str(path) for key, path in saved.variants.items()}}


def _told(
    saved: Saved,
    lang: Language,
    stem: Path,
    notebook: Path,
    parameters: Mapping[str, Any],
    report: Reporter,
    heading: str,
) -> tuple[Path, Path]:
    """A notebook executed, and its page."""
    from simkit.report.make.notebooks import count_cells, read_notebook, run_notebook
    from simkit.report.papers.web_page import page_html

    total, done = count_cells(notebook), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        report(Step("notebook", stem.name, min(done, total), total, report.of))

    target = stem.with_name(f"{stem.name}.ipynb")
    executed = run_notebook(notebook, target, {**parameters, "lang": lang}, progress=count)
    text = page_html(
        read_notebook(executed),
        lang=lang,
        title=heading,
        contents=say(lang, "page.contents"),
        running=running_head(saved.result, lang),
    )
    return executed, write_whole(stem.with_name(f"{stem.name}.html"), text)


def workbook(saved: Saved, lang: Language, folder: Path) -> tuple[Path]:
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
    target = folder / ("tables.xlsx" if lang == LANGUAGES[0] else f"tables.{lang}.xlsx")
    return (write_xlsx(tables, target, lang=lang, properties={"title": title(saved.result, lang)}),)


#: Written from tables alone, in the order in which they are named; their words are `index.output.NAME`.
OUTPUTS: dict[str, Writer] = {
    "workbook": workbook,
}


def writers(making: Making, report: Reporter) -> Mapping[str, Writer]:
    """All outputs by name, the pages first: they take longest."""
    return {
        "page": partial(page, making=making, report=report),
        "annexes": partial(annexes, making=making, report=report),
        **OUTPUTS,
    }
