"""How the cells of a notebook are executed: by papermill, in a kernel of the interpreter that runs."""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import functools
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from simkit.base.leftovers import temporary_folder

__all__ = ["execute", "nbformat"]

#: The name that notebooks carry; what starts is always the interpreter that runs.
_KERNEL = "python3"
_START_SECONDS = 120
_LOADING = threading.RLock()
_ENGINE = "simkit"


def nbformat() -> Any:
    """Import nbformat without jsonschema's checker of addresses: in a second rather than four, and never needed."""
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


def execute(
    node: Any,
    partial: Path,
    parameters: Mapping[str, Any],
    timeout: int,
    progress: Callable[[int], Any] | None,
) -> None:
    """Execute the cells of a notebook into a file, which is saved after each.

    Parameters
    ----------
    node : notebook, as nbformat gives it
    timeout : int
        Seconds that one cell may take.
    progress : function, optional
        Called with 1 after each cell; what it raises stops the notebook.
    """
    papermill = _papermill()
    from traitlets.config import Config

    run = functools.partial(
        papermill.execute_notebook,
        node,
        str(partial).replace("{", "{{").replace("}", "}}"),  # papermill formats paths
        parameters=dict(parameters),
        engine_name=_ENGINE,
        kernel_name=_KERNEL,
        language="python",
        progress_bar=False,
        start_timeout=_START_SECONDS,
        execution_timeout=timeout,
        config=Config({"KernelManager": {"transport_encryption": "required"}}),
        progress=progress,
    )
    contextvars.Context().run(_in_own_loop, run)


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


#: What the process leaves tidy at its end.
_AT_END = ExitStack()
atexit.register(_AT_END.close)


@functools.cache
def _profile() -> str:
    """An empty IPython folder of this process, removed at its end."""
    return str(_AT_END.enter_context(temporary_folder("ipython")))


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
