"""Notebooks: one run with many parameters, and simkit's own copied to be worked in."""

from __future__ import annotations

import ast
import datetime
import json
import os
import time
from collections.abc import Mapping
from concurrent.futures import wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simkit.base.display import display
from simkit.base.errors import InputError, SimkitError
from simkit.base.filenames import legal
from simkit.base.project import NOTEBOOKS, project_folders
from simkit.base.whole_files import replace_files
from simkit.face.find import find_scenario
from simkit.face.frames import frame
from simkit.face.words import in_language
from simkit.face.work import working
from simkit.report.make.build import together
from simkit.report.make.notebooks import (
    check_parameters,
    count_cells,
    declared_parameters,
    read_notebook,
    run_notebook,
)
from simkit.report.make.runs import Reporter, Step

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["copy_notebook", "run_notebooks"]

#: Tag of the cell whose value is given back; seconds that a cell may take; seconds between two looks at the bar.
_RESULT, _CELL_SECONDS, _LOOK = "result", 3_600, 0.2


def run_notebooks(
    notebook: str | int | Path,
    runs: Mapping[str, Mapping[str, Any]],
    out: str | Path,
    *,
    at_once: int = 2,
) -> pd.DataFrame:
    """Run a notebook with several sets of parameters; one that fails does not stop the others.

    Parameters
    ----------
    notebook : str, int or Path
        A file, or name or number of one of simkit's own (`"01"`).
    runs : mapping of name to parameters
        Each parameter must be declared in the notebook's cell tagged `parameters`.
    out : str or Path
        Folder of the executed notebooks, `NAME.ipynb`; what a person changed there stays.
    at_once : int
        How many run at the same time, each in a kernel of its own.

    Returns
    -------
    DataFrame
        Indexed by `name`: `status` (`done` or `failed`), `file` (of a failed one the page that shows where),
        `seconds`, `fault` (empty where there is none); then what the cell tagged `result` gave: a column for each
        key of a dict of plain values, else the column `result`.

    Raises
    ------
    InputError
        Where there is no such notebook, or for names that would make one file.
    Interrupted
        Where the kernel was stopped; notebooks that are finished stay.

    Examples
    --------
    >>> import simkit
    >>> asked = {"2024": {"scenario": "ningbo-hr-2023/baseline"}, "2027": {"scenario": "ningbo-hr-2023/successor"}}
    >>> run = lambda: simkit.run_notebooks("01_size_the_fund", asked, "work/both")  # some seconds for each
    """
    if not isinstance(runs, Mapping) or not runs:
        raise InputError("face.wants_runs", found=type(runs).__name__)
    files = {str(name): f"{legal(str(name))}.ipynb" for name in runs}
    folded = [one.casefold() for one in files.values()]
    if twice := [name for name, one in files.items() if folded.count(one.casefold()) > 1]:
        raise InputError("face.names_of_one_file", names=", ".join(twice))
    source, steps = _found(notebook), list[Step]()
    reporter, total = Reporter(steps.append), len(runs) * count_cells(source)
    with working(total, "face.running_notebooks") as work, together(reporter, at_once) as pool:
        jobs = {
            name: pool.submit(_ran, source, Path(out) / files[str(name)], parameters, reporter)
            for name, parameters in runs.items()
        }
        while wait(jobs.values(), timeout=_LOOK).not_done:
            work.step(len(steps) - work.done)
    return frame(
        [{"name": name, **_told(job.result())} for name, job in jobs.items()], unit="", index=["name"]
    )


def copy_notebook(
    notebook: str | int | Path,
    scenario: str | Path | None = None,
    folder: str | Path = "work",
    *,
    lang: str | None = None,
) -> Path:
    """Copy a notebook to work in it, with its parameters filled in; nothing is overwritten.

    Parameters
    ----------
    notebook : str, int or Path
        A file, or name or number of one of simkit's own (`"02"`).
    scenario : file, optional
        What the copy asks about; None: what the notebook has.
    folder : str or Path
        Where the copy is put; it is made.
    lang : str, optional
        None: as `simkit.options` has set.

    Returns
    -------
    Path
        The copy, `NAME_DATE.ipynb`, with a number where there is one already.

    Raises
    ------
    InputError
        Where there is no such notebook or scenario.
    RunError
        Where it cannot be written.

    Examples
    --------
    >>> import simkit
    >>> copy = simkit.copy_notebook("02", "ningbo-hr-2023/successor", "work")
    >>> copy.name[:11]
    '02_try_caps'
    """
    import nbformat

    write: Any = nbformat.writes
    source = _found(notebook)
    node, asked = read_notebook(source), {"lang": in_language(lang)}
    if scenario is not None:
        found = find_scenario(scenario)
        # A name is looked for from anywhere; a path would be another one from the folder of the copy.
        asked["scenario"] = str(scenario if found.is_absolute() else found.resolve())
    check_parameters(source, declared_parameters(node), asked)
    cell = next(one for one in node.cells if "parameters" in one.metadata.get("tags", ()))
    cell.source = _filled(cell.source, asked)
    path = _free(Path(folder), f"{source.stem}_{datetime.date.today()}")
    replace_files({path: f"{write(node)}\n"}, new=[path])
    return path


def _found(notebook: str | int | Path) -> Path:
    """A notebook: a file, or one of simkit's own by its name or number."""
    if Path(str(notebook)).suffix == ".ipynb":
        return Path(str(notebook))
    files = [path for place in project_folders() for path in sorted((place / NOTEBOOKS.name).glob("*.ipynb"))]
    name = str(notebook).zfill(2)
    for path in files:
        if name in (path.stem, path.stem.partition("_")[0]):
            return path
    known = tuple(dict.fromkeys(path.stem for path in files))
    raise InputError("face.no_such_notebook", known=known or ("—",), found=repr(notebook))


def _filled(source: str, values: Mapping[str, Any]) -> str:
    """A cell of assignments with some of the values in the place of its own."""
    lines = source.splitlines()
    for statement in reversed(ast.parse(source).body):
        assert isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)  # was checked
        name = statement.targets[0].id
        if name in values:
            lines[statement.lineno - 1 : statement.end_lineno] = [
                f"{name} = {json.dumps(values[name], ensure_ascii=False)}"
            ]
    return "\n".join(lines)


def _free(folder: Path, stem: str) -> Path:
    """A name that nothing has."""
    names = (folder / f"{stem}{end}.ipynb" for end in ("", *(f"_{number}" for number in range(2, 1_000))))
    return next(path for path in names if not os.path.lexists(path))


# ---------------------------------------------------------------------- one of several runs


@dataclass(frozen=True, slots=True)
class _Ran:
    """What became of a run: its notebook, or why it failed."""

    seconds: float
    file: Path | None = None
    error: SimkitError | None = None


def _ran(source: Path, target: Path, parameters: Mapping[str, Any], reporter: Reporter) -> _Ran:
    def step(cells: int) -> None:
        reporter(Step("notebook", target.stem, cells, cells))

    began = time.monotonic()
    try:
        file = run_notebook(source, target, parameters, timeout=_CELL_SECONDS, progress=step)
    except SimkitError as error:
        return _Ran(time.monotonic() - began, error=error)
    return _Ran(time.monotonic() - began, file)


def _told(ran: _Ran) -> dict[str, Any]:
    """The row of a run."""
    error = ran.error
    kept = "" if error is None else str(error.values.get("kept", "")).strip("-")
    own = {
        "status": "done" if error is None else "failed",
        "file": kept if ran.file is None else str(ran.file),
        "seconds": round(ran.seconds, 1),
        "fault": "" if error is None else error.said(display().lang),
    }
    return own if ran.file is None else own | _given(ran.file) | own


def _given(file: Path) -> dict[str, Any]:
    """What the cell tagged `result` gave: plain values, else its text."""
    cells = [cell for cell in read_notebook(file).cells if _RESULT in cell.metadata.get("tags", ())]
    texts = [one["data"]["text/plain"] for cell in cells for one in cell.outputs if "data" in one]
    if not texts:
        return {}
    try:
        found = ast.literal_eval(_Floats().visit(ast.parse(texts[-1], mode="eval")))
    except (ValueError, SyntaxError):
        found = texts[-1]
    return found if isinstance(found, dict) else {_RESULT: found}


class _Floats(ast.NodeTransformer):
    """Numbers that Python writes as names."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """`nan` and `inf`."""
        return ast.copy_location(ast.Constant(float(node.id)), node) if node.id in ("nan", "inf") else node
