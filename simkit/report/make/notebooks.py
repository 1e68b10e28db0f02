"""Notebooks run by papermill: the one wrapper. A notebook is whole, or kept with its failure shown."""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import functools
import math
import os
import re
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from simkit.base.errors import InputError, RunError
from simkit.base.leftovers import partial_name, temporary_folder
from simkit.base.said import Said
from simkit.base.whole_files import place, standing
from simkit.base.written import remove_own

__all__ = [
    "KERNEL",
    "check_parameters",
    "count_cells",
    "declared_parameters",
    "nbformat",
    "read_notebook",
    "run_notebook",
]

#: The name that notebooks carry; what starts is always the interpreter that runs.
KERNEL = "python3"
_CELL_SECONDS = 300
_START_SECONDS = 120
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LOADING = threading.Lock()
_ENGINE = "simkit"


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
    partial, failed = partial_name(output, ".ipynb"), output.with_name(f"{output.stem}.failed.ipynb")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        _execute(node, partial, parameters, timeout, progress)
        _check_outputs(source, partial)
        written = place(partial, output)
    except RunError as error:
        kept = _keep_failure(partial, failed)
        raise RunError("error.cell_warned", **error.values | {"kept": _page_of(kept)}) from None
    except Exception as error:
        if isinstance(error, OSError) and not isinstance(error, TimeoutError):
            raise RunError("error.not_written", path=output, reason=error) from error
        raise _failure(source, _keep_failure(partial, failed), error, timeout) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    for old in (failed, failed.with_suffix(".html")):
        for path in standing(old):
            remove_own(path)
    return written


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
    import ast

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


# ---------------------------------------------------------------------- papermill


def nbformat() -> Any:
    """Import nbformat, in a second rather than four: jsonschema's checker of addresses is not needed."""
    with _LOADING:
        blocked = "rfc3987_syntax" not in sys.modules
        if blocked:
            sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # what makes an import fail
        try:
            import nbformat
        finally:
            if blocked:
                sys.modules.pop("rfc3987_syntax", None)
    return nbformat


def _papermill() -> Any:
    """Import papermill, which needs nbformat, and make our engine known to it."""
    nbformat()
    with _LOADING:
        import papermill
        import papermill.engines as engines

        if _ENGINE not in engines.papermill_engines._engines:
            engines.papermill_engines.register(_ENGINE, _engine(engines.NBClientEngine))
    return papermill


def _engine(base: Any) -> Any:
    """papermill's engine with a progress call after each cell and a kernel of this interpreter."""

    class Engine(base):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(
            cls, nb_man: Any, kernel_name: str, progress: Any = None, **options: Any
        ) -> Any:
            complete = nb_man.cell_complete

            def cell_complete(*words: Any, **named: Any) -> None:
                complete(*words, **named)
                if progress is not None:
                    progress(1)

            nb_man.cell_complete = cell_complete
            manager = _kernel_manager()
            return super().execute_managed_notebook(
                nb_man, kernel_name, kernel_manager_class=manager, **options
            )

    return Engine


def _kernel_manager() -> Any:
    """A kernel manager that starts sys.executable, whatever kernels the user has installed as `python3`.

    The user's IPython profile and history are left out: neither may change a report.
    """
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    ours = get_kernel_dict()
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    command += [f"--ipython-dir={_profile()}", "--HistoryManager.enabled=False", "--log-level=CRITICAL"]

    class Manager(AsyncKernelManager):
        @property
        def kernel_spec(self) -> Any:
            return KernelSpec(
                argv=command,
                display_name="Python 3",
                language="python",
                metadata=ours.get("metadata", {}),
                env={"PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONIOENCODING": "utf-8"},
            )

    return Manager


_PROFILES: list[Path] = []
#: What the process leaves tidy at its end.
_AT_END = ExitStack()
atexit.register(_AT_END.close)


def _profile() -> str:
    """An empty IPython folder, one a process, removed at its end."""
    with _LOADING:
        if not _PROFILES:
            _PROFILES.append(_AT_END.enter_context(temporary_folder("ipython")))
        return str(_PROFILES[0])


def _in_own_loop(work: Callable[[], Any]) -> None:
    """Do `work` with an event loop of its own, closed after; in Jupyter, whose loop runs, nbclient brings one."""
    from jupyter_core.utils import ensure_event_loop

    loop = ensure_event_loop(prefer_selector_loop=True)
    ours = not loop.is_running()
    try:
        work()
    finally:
        if ours:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()
            asyncio.set_event_loop(None)


def _execute(
    node: Any,
    partial: Path,
    parameters: Mapping[str, Any],
    timeout: int,
    progress: Callable[[int], Any] | None,
) -> None:
    papermill = _papermill()
    from traitlets.config import Config

    run = functools.partial(
        papermill.execute_notebook,
        node,
        str(partial).replace("{", "{{").replace("}", "}}"),  # papermill formats paths
        parameters=dict(parameters),
        engine_name=_ENGINE,
        kernel_name=KERNEL,
        language="python",
        progress_bar=False,
        start_timeout=_START_SECONDS,
        execution_timeout=timeout,
        config=Config({"KernelManager": {"transport_encryption": "required"}}),
        progress=progress,
    )
    contextvars.Context().run(_in_own_loop, run)


# ---------------------------------------------------------------------- what went wrong


def _check_outputs(source: Path, executed: Path) -> None:
    """Raise RunError where a cell wrote to stderr: a warning is a fault of the notebook."""
    for number, cell in enumerate(read_notebook(executed).cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                text = _ANSI.sub("", output.text).strip()
                raise RunError(
                    "error.cell_warned", notebook=source.name, cell=number, said=_shortened(text), kept="-"
                )


def _shortened(text: str, length: int = 600) -> str:
    return text if len(text) <= length else f"{text[:length]} ..."


def _keep_failure(partial: Path, failed: Path) -> tuple[Path, Path] | None:
    """Keep the notebook with its failure, as a page too: where they stand; None where there is nothing to keep."""
    if not partial.exists():
        return None
    from simkit.base.whole_files import write_whole
    from simkit.report.papers.web_page import failure_html

    failed = place(partial, failed)
    return failed, write_whole(failed.with_suffix(".html"), failure_html(read_notebook(failed)))


def _page_of(kept: tuple[Path, Path] | None) -> str:
    """Where to look at a failure."""
    return "-" if kept is None else str(kept[1])


def _failure(source: Path, saved: tuple[Path, Path] | None, error: Exception, timeout: int) -> RunError:
    """What went wrong, with the notebook, the cell and where the kept notebook is."""
    kept = _page_of(saved)
    name = type(error).__name__
    if name == "PapermillExecutionError":
        said = f"{getattr(error, 'ename', '')}: {_ANSI.sub('', str(getattr(error, 'evalue', '')))}"
        cell = getattr(error, "cell_index", "?")
        return RunError(
            "error.cell_failed", notebook=source.name, cell=cell, said=_shortened(said), kept=kept
        )
    where = {"notebook": source.name, "cell": "?" if saved is None else _last_cell(saved[0]), "kept": kept}
    if name == "CellTimeoutError":
        return RunError("error.cell_too_long", seconds=timeout, **where)
    if name == "DeadKernelError":
        return RunError("error.kernel_died", **where)
    return RunError("error.cell_failed", said=f"{name}: {_shortened(_ANSI.sub('', str(error)))}", **where)


def _last_cell(failed: Path) -> str:
    """The cell that had begun last, for an error that names none."""
    begun = [
        number
        for number, cell in enumerate(read_notebook(failed).cells)
        if cell.metadata.get("papermill", {}).get("status") in ("running", "failed", "completed")
    ]
    return str(begun[-1]) if begun else "?"
