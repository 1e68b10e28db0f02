"""A what-if's answers as a page: its notebook run by papermill on saved answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simkit.errors import InputError
from simkit.report.messages import say
from simkit.report.table import Language

__all__ = ["NOTEBOOKS", "answer_page"]

_FOLDER = Path(__file__).parents[2] / "notebooks"
#: The notebook that tells answers of a kind; simkit knows it as a path only.
NOTEBOOKS = {
    "comparison": _FOLDER / "whatif_caps.ipynb",
    "sweep": _FOLDER / "whatif_caps.ipynb",
    "seek": _FOLDER / "whatif_caps.ipynb",
}


def answer_page(kind: str, answers: Sequence[str | Path], lang: Language, title: str) -> Path:
    """Run the notebook of a kind on saved answers and write its page beside the first.

    Returns
    -------
    Path
        `NAME.LANG.html`, with the executed notebook `NAME.LANG.ipynb` beside it: each whole, or as it was.

    Raises
    ------
    InputError
        Outside a checkout of simkit, where there is no notebook.
    RunError
        When a cell fails or a file cannot be written.
    """
    from simkit.report.build import write_whole
    from simkit.report.html import page_html
    from simkit.report.notebooks import read_notebook, run_notebook

    notebook = NOTEBOOKS[kind]
    if not notebook.exists():
        raise InputError(
            f"{notebook}: expected the report's notebook, found no such file: run from a checkout of simkit"
        )
    paths = [Path(path).resolve() for path in answers]
    name = paths[0].with_name(f"{paths[0].stem}.{lang}.ipynb")
    executed = run_notebook(notebook, name, {"answers": [str(path) for path in paths], "lang": lang})
    page = page_html(read_notebook(executed), lang=lang, title=title, contents=say(lang, "page.contents"))
    target = name.with_suffix(".html")
    write_whole(target, page)
    return target
