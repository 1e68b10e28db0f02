"""`simkit lab`: JupyterLab on this computer, or the notebook with sliders as a page without code."""

from __future__ import annotations

import os
import socket
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from simkit.base.errors import InputError
from simkit.base.project import NOTEBOOKS
from simkit.base.said import Words, of_computer
from simkit.cli.terminal import echo
from simkit.cli.words import say

__all__ = ["NOTEBOOK", "open_lab"]

#: The notebook with sliders; simkit knows it as a path only.
NOTEBOOK = "sliders.ipynb"
_HOST = "127.0.0.1"
#: Where a free port is looked for when none is asked for.
_FIRST_PORT, _PORTS = 8888, 50


def open_lab(*, lang: str, port: int | None, browser: bool, page: bool, language: str) -> int:
    """Serve the notebooks until Ctrl-C; give the exit code.

    Raises
    ------
    InputError
        Without the notebook or voila for a page, or a free port.
    """
    folder = _folder()
    if page and not (folder / NOTEBOOK).is_file():
        raise InputError("error.no_slider_notebook", path=folder / NOTEBOOK)
    if page and find_spec("voila") is None:
        raise InputError("error.no_voila")
    chosen = _port(port)
    from simkit.cli.lab_server import serve

    def ready(address: str) -> None:
        words = "page_ready" if page else "lab_ready"
        echo(say(language, words, address=address, folder=folder))

    address = _address(folder, page)
    serve(folder, address, port=chosen, lang=lang, browser=browser, page=page, ready=ready)
    echo(say(language, "lab_ended"))
    return 0


def _folder() -> Path:
    """Notebooks beside the user, else those of the checkout that simkit runs from, else where the user stands."""
    here = Path.cwd()
    found = (folder for folder in (here / NOTEBOOKS.name, NOTEBOOKS) if folder.is_dir())
    return next(found, here).resolve()


def _address(folder: Path, page: bool) -> str:
    if page:
        return f"/voila/render/{quote(NOTEBOOK)}"
    return f"/lab/tree/{quote(NOTEBOOK)}" if (folder / NOTEBOOK).is_file() else "/lab"


def _port(asked: int | None) -> int:
    """The port asked for, or the first free one."""
    if asked is not None:
        reason = _refusal(asked)
        if reason is not None:
            raise InputError("error.port_taken", port=asked, reason=reason)
        return asked
    last = _FIRST_PORT + _PORTS - 1
    for port in range(_FIRST_PORT, last + 1):
        if _refusal(port) is None:
            return port
    raise InputError("error.no_free_port", first=_FIRST_PORT, last=last)


def _refusal(port: int) -> Words | None:
    """Why a server cannot have a port, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # elsewhere it would let two servers share one
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
            probe.listen(1)
        except OSError as error:
            return of_computer(error)
    return None
