"""Notebooks run by papermill: the one wrapper. A notebook is whole, or kept with its failure shown."""

from __future__ import annotations

import ast
import math
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from simkit.base.errors import InputError, RunError
from simkit.base.said import Said
from simkit.base.whole_files import standing, whole, write_whole
from simkit.base.written import remove_own
from simkit.report.make.kernel import execute, nbformat
from simkit.report.papers.web_page import failure_html, without_colours

__all__ = [
    "check_parameters",
    "count_cells",
    "declared_parameters",
    "nbformat",
    "read_notebook",
    "run_notebook",
]

_CELL_SECONDS = 300
#: Letters of a cell's error that are told; all of it stands in what is kept.
_SAID = 600


def run_notebook(
    notebook: str | Path,
    output: str | Path,
    parameters: Mapping[str, Any],
    *,
    timeout: int = _CELL_SECONDS,
    progress: Callable[[int], Any] | None = None,
) -> Path:
    """Execute a notebook into `output`, whole or not at all.

    It is hidden until every cell has run. On a failure `NAME.failed.ipynb` and `NAME.failed.html` stay instead,
    with what the cells gave so far.

    Parameters
    ----------
    notebook : str or Path
        What is run; stays as it is.
    output : str or Path
        The executed notebook, `.ipynb`, on this machine.
    parameters : mapping of str to plain JSON
        Each must be declared in the notebook's cell tagged `parameters`.
    timeout : int
        Seconds that one cell may take.
    progress : function, optional
        Called with 1 after each cell; what it raises stops the notebook.

    Returns
    -------
    Path
        `output`, absolute; or one beside it where what stands there is not simkit's own.

    Raises
    ------
    InputError
        For a parameter that is not declared or no plain JSON, or a notebook that cannot be read.
    RunError
        When a cell fails, takes too long, warns or writes to stderr: names notebook and cell.
    """
    source, output = _absolute(notebook), _absolute(output)
    node = read_notebook(source)
    check_parameters(source, declared_parameters(node), parameters)
    failed = output.with_name(f"{output.stem}.failed.ipynb")
    with whole(output, suffix=".ipynb") as new:
        try:
            _answered(lambda: execute(node, new.partial, parameters, timeout, progress))
        except Exception as error:
            if isinstance(error, OSError) and not isinstance(error, TimeoutError):
                raise
            raise _failure(source, _keep_failure(new.partial, failed), error, timeout) from error
        warned = _warned(new.partial)
        if warned:
            where = {"notebook": source.name, "kept": _page_of(_keep_failure(new.partial, failed))}
            raise RunError("error.cell_warned", cell=warned[0], said=_shortened(warned[1]), **where)
    for old in (failed, failed.with_suffix(".html")):
        for path in standing(old):
            remove_own(path)
    return new.path


def _answered(run: Callable[[], None]) -> None:
    """Run a notebook; once more where its kernel was gone before it answered: another program took its port."""
    try:
        run()
    except RuntimeError as error:
        if type(error) is not RuntimeError:  # a kernel that dies later, in a cell
            raise
        run()


def _absolute(path: str | Path) -> Path:
    text = os.fspath(path)
    if re.match(r"^[a-z][a-z0-9+.-]+://", text, re.IGNORECASE):
        raise InputError("error.address", path=text)
    found = Path(text).resolve()
    if found.suffix != ".ipynb":
        raise InputError("error.no_notebook_name", path=found)
    return found


def read_notebook(path: Path) -> Any:
    """A notebook as nbformat gives it.

    Raises
    ------
    InputError
        When it is not there or cannot be read.
    """
    reader: Any = nbformat().read
    try:
        return reader(path, as_version=4)
    except FileNotFoundError as error:
        raise InputError("error.no_notebook", path=path, found=Said("fault.no_such_file")) from error
    except Exception as error:
        raise InputError("error.no_notebook", path=path, found=f"{type(error).__name__}: {error}") from error


# ---------------------------------------------------------------------- parameters


def declared_parameters(node: Any) -> tuple[str, ...]:
    """Names that the cell tagged `parameters` assigns, each a literal.

    Raises
    ------
    InputError
        Without exactly one such cell, or where it holds anything but assignments of literals.
    """
    cells = [cell for cell in node.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise InputError("error.no_parameters_cell", found=len(cells))
    names = []
    for statement in ast.parse(cells[0].source).body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if not isinstance(statement, ast.Assign) or not isinstance(target, ast.Name):
            raise InputError("error.no_literal", line=statement.lineno)
        try:
            ast.literal_eval(statement.value)
        except ValueError as error:
            raise InputError(
                "error.derived_parameter", name=target.id, found=ast.unparse(statement.value)
            ) from error
        names.append(target.id)
    return tuple(names)


def check_parameters(notebook: Path, declared: tuple[str, ...], parameters: Mapping[str, Any]) -> None:
    """Raise InputError for a parameter that the notebook does not declare or that is no plain JSON."""
    unknown = [name for name in parameters if name not in declared]
    if unknown:
        names = {"known": ", ".join(declared), "found": ", ".join(unknown)}
        raise InputError("error.no_parameter", notebook=notebook.name, **names)
    for name, value in parameters.items():
        _check_plain(f"{notebook.name}: parameter {name}", value)


def _check_plain(place: str, value: Any) -> None:
    """Only what JSON says as it is: papermill would turn anything else silently into text."""
    if value is None or type(value) in (bool, int, str):
        return
    if type(value) is float and math.isfinite(value):
        return
    if type(value) is list:
        for number, one in enumerate(value):
            _check_plain(f"{place}[{number}]", one)
        return
    if type(value) is dict and all(type(key) is str for key in value):
        for key, one in value.items():
            _check_plain(f"{place}.{key}", one)
        return
    raise InputError("error.not_plain", place=place, found=f"{type(value).__name__} {value!r}")


def count_cells(notebook: str | Path) -> int:
    """Cells that will run, the injected parameters too; the total of a progress bar."""
    return len(read_notebook(_absolute(notebook)).cells) + 1


# ---------------------------------------------------------------------- what went wrong


def _warned(executed: Path) -> tuple[int, str] | None:
    """The first cell that wrote to stderr, and what: a warning is a fault of the notebook."""
    for number, cell in enumerate(read_notebook(executed).cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                return number, output.text
    return None


def _shortened(text: str) -> str:
    text = without_colours(text).strip()
    return text if len(text) <= _SAID else f"{text[:_SAID]} ..."


def _keep_failure(partial: Path, failed: Path) -> tuple[Path, Path] | None:
    """Keep the notebook with its failure, as a page too: where they stand; None where there is nothing to keep."""
    if not partial.exists():
        return None
    failed = write_whole(failed, partial.read_bytes())
    return failed, write_whole(failed.with_suffix(".html"), failure_html(read_notebook(failed)))


def _page_of(kept: tuple[Path, Path] | None) -> str:
    """Where to look at a failure."""
    return "-" if kept is None else str(kept[1])


def _failure(source: Path, saved: tuple[Path, Path] | None, error: Exception, timeout: int) -> RunError:
    """What went wrong, with the notebook, the cell and where the kept notebook is."""
    name, kept = type(error).__name__, _page_of(saved)
    if name == "PapermillExecutionError":
        said = f"{getattr(error, 'ename', '')}: {getattr(error, 'evalue', '')}"
        cell = getattr(error, "cell_index", "?")
        return RunError(
            "error.cell_failed", notebook=source.name, cell=cell, said=_shortened(said), kept=kept
        )
    where = {"notebook": source.name, "cell": "?" if saved is None else _last_cell(saved[0]), "kept": kept}
    if name == "CellTimeoutError":
        return RunError("error.cell_too_long", seconds=timeout, **where)
    if name == "DeadKernelError":
        return RunError("error.kernel_died", **where)
    return RunError("error.cell_failed", said=_shortened(f"{name}: {error}"), **where)


def _last_cell(failed: Path) -> str:
    """The cell that had begun last, for an error that names none."""
    begun = [
        number
        for number, cell in enumerate(read_notebook(failed).cells)
        if cell.metadata.get("papermill", {}).get("status") in ("running", "failed", "completed")
    ]
    return str(begun[-1]) if begun else "?"
