"""Notebooks executed in this process: what they show is the same, and no kernel has to load simkit first.

For tests of what notebooks tell and of what stands around them. That a kernel of its own runs them, and how it dies,
`tests/report/make/test_notebooks.py` tries.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from simkit.report.make import kernel

__all__ = ["notebooks_run_here"]

_ENGINES = kernel._papermill().engines
_V4 = kernel.nbformat().v4
#: One notebook at a time has this process's streams and its place to display.
_ONE = threading.Lock()


@contextmanager
def notebooks_run_here() -> Iterator[None]:
    """Have `run_notebook` execute in this process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(_ENGINES.papermill_engines._engines, kernel._ENGINE, _Here)
        yield


class _Here(_ENGINES.Engine):  # type: ignore[misc]
    """Cells one after the other in a shell of their own, until one fails."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, progress: Callable[[int], Any] | None = None, **_: Any
    ) -> None:
        with _ONE, _shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                failed = cell.cell_type == "code" and _run(shell, cell)
                if failed:
                    nb_man.cell_exception(cell, index)
                nb_man.cell_complete(cell, index)
                if progress is not None:
                    progress(1)
                if failed:
                    return


@contextmanager
def _shell() -> Iterator[InteractiveShell]:
    """A new shell that keeps nothing, as what `display` asks for."""
    config, module = Config({"HistoryManager": {"enabled": False}}), ModuleType("notebook")
    with tempfile.TemporaryDirectory() as folder:
        shell = InteractiveShell.instance(
            config=config, ipython_dir=folder, user_module=module, user_ns=vars(module)
        )
        try:
            yield shell
        finally:
            shell.restore_sys_module_state()
            InteractiveShell.clear_instance()


def _run(shell: InteractiveShell, cell: Any) -> bool:
    """Run a cell and put what it gave into it; whether it failed."""
    with capture_output() as seen:
        done = shell.run_cell(cell.source)
    cell.outputs = [
        _V4.new_output("stream", name=name, text=text)
        for name, text in (("stdout", seen.stdout), ("stderr", seen.stderr))
        if text and (done.success or name == "stdout")
    ]
    cell.outputs += [
        _V4.new_output("display_data", data=one.data, metadata=one.metadata or {}) for one in seen.outputs
    ]
    error = done.error_before_exec or done.error_in_exec
    if error is not None:
        named = {"ename": type(error).__name__, "evalue": str(error), "traceback": []}
        cell.outputs.append(_V4.new_output("error", **named))
    return error is not None
