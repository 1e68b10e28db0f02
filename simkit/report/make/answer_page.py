"""A what-if's answers as a page: its notebook run by papermill on saved answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simkit.base.errors import InputError
from simkit.base.project import PAPERS
from simkit.base.words import say
from simkit.report.papers.table import Language

__all__ = ["answer_page"]


def answer_page(
    name: str, parameters: Mapping[str, Any], beside: Path, lang: Language, title: str
) -> tuple[Path, Path]:
    """Run a notebook on saved answers and write its page.

    Parameters
    ----------
    name : str
        Of a notebook that tells answers: `whatif_caps`, `drivers`, `readings`.
    parameters : mapping
        Its parameters, but for `lang`.
    beside : Path
        The answer that the page stands beside and is named after.

    Returns
    -------
    tuple of Path
        The executed notebook `ANSWER.LANG.ipynb` and its page `ANSWER.LANG.html`: each whole, or as it was; beside
        what is not simkit's own there.

    Raises
    ------
    InputError
        Outside a checkout of simkit, where there is no notebook.
    RunError
        When a cell fails or a file cannot be written.
    """
    from simkit.base.whole_files import write_whole
    from simkit.report.make.notebooks import read_notebook, run_notebook
    from simkit.report.papers.web_page import outputs_html, page_html

    notebook = PAPERS / f"{name}.ipynb"
    if not notebook.exists():
        raise InputError("error.no_report_notebook", path=notebook)
    target = beside.resolve().with_name(f"{beside.stem}.{lang}.ipynb")
    executed = run_notebook(notebook, target, {**parameters, "lang": lang})
    pieces, contents = outputs_html(read_notebook(executed)), say(lang, "page.contents")
    page = page_html(pieces, lang=lang, title=title, contents=contents)
    return executed, write_whole(target.with_suffix(".html"), page)
