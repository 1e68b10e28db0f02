"""What a report consists of: a table of outputs, each written from saved runs alone, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from simkit.report.files import write_whole
from simkit.report.messages import say
from simkit.report.runs import Reporter, Step
from simkit.report.saved import Saved
from simkit.report.table import Language

__all__ = ["OUTPUTS", "Writer", "page", "workbook", "writers"]

#: Writes an output in one language into a folder; the files that it wrote there.
Writer = Callable[[Saved, Language, Path], tuple[Path, ...]]


def page(
    saved: Saved, lang: Language, folder: Path, *, notebook: Path, report: Reporter
) -> tuple[Path, Path]:
    """The executed notebook and its page; each cell is a step."""
    from simkit.report.html import page_html
    from simkit.report.notebooks import count_cells, read_notebook, run_notebook
    from simkit.report.story import running_head, title

    name, total, done = f"budget_report.{lang}", count_cells(notebook), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        report(Step("notebook", name, min(done, total), total, report.of))

    variants = {key: str(path) for key, path in saved.variants.items()}
    parameters = {"run": str(saved.run), "variants": variants, "lang": lang}
    executed = run_notebook(notebook, folder / f"{name}.ipynb", parameters, progress=count)
    text = page_html(
        read_notebook(executed),
        lang=lang,
        title=title(saved.result, lang),
        contents=say(lang, "page.contents"),
        running=running_head(saved.result, lang),
    )
    target = folder / f"{name}.html"
    write_whole(target, text)
    return executed, target


def workbook(saved: Saved, lang: Language, folder: Path) -> tuple[Path]:
    """All tables as one workbook; the Chinese one carries no language in its name."""
    from simkit.report.story import title
    from simkit.report.tables import all_tables
    from simkit.report.xlsx import write_xlsx

    tables = all_tables(
        saved.result,
        lang=lang,
        manifest=saved.manifest,
        independent=saved.independence,
        trend=saved.trend,
        central=saved.central,
        chance=saved.chance,
    )
    target = folder / ("tables.xlsx" if lang == "zh" else f"tables.{lang}.xlsx")
    write_xlsx(tables, target, lang=lang, properties={"title": title(saved.result, lang)})
    return (target,)


#: Beside the page, in the order in which they are named; their words are `index.output.NAME` of the catalogue.
OUTPUTS: dict[str, Writer] = {
    "workbook": workbook,
}


def writers(notebook: Path, report: Reporter) -> Mapping[str, Writer]:
    """All outputs by name, the page first: it takes longest."""
    return {"page": partial(page, notebook=notebook, report=report), **OUTPUTS}
