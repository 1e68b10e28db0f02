"""A Jupyter server on this computer alone: its own empty settings, a fresh token, our interpreter as the kernel."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from string import Template
from typing import Any

import simkit.report
from simkit.base.errors import RunError
from simkit.base.leftovers import temporary_folder
from simkit.base.words import say

__all__ = ["HOST", "serve"]

HOST = "127.0.0.1"
_TOKEN_BYTES = 32
_TEMPLATE = "simkit"
_VOILA = Path(simkit.report.__path__[0]) / "templates" / "voila.html.j2"
#: Parts of JupyterLab left out: the shop of extensions, and those whose server is not started.
_DISABLED = (
    "extensionmanager-extension",
    "terminal-extension",
    "lsp-extension",
    "fileeditor-extension:language-server",
    "notebook-extension:language-server",
)
#: voila fetches a script for formulas from elsewhere unless another is named: this one does nothing.
_NO_MATHJAX = "data:text/javascript,var MathJax=new Proxy(()=>MathJax,{get:()=>MathJax});//"
#: What a page may load or ask: this server, and what the page itself makes.
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; frame-ancestors 'self'"
)


def serve(
    folder: Path,
    address: str,
    *,
    port: int,
    lang: str,
    browser: bool,
    page: bool,
    ready: Callable[[str], Any],
) -> None:
    """Serve a folder's notebooks until interrupted; its kernels end with it.

    Parameters
    ----------
    folder : Path
        What the browser sees; nothing is written outside it but a temporary folder.
    address : str
        Path that is opened first, below the server's root.
    port : int
        Free on this computer.
    lang : `zh` or `en`
        Of the interface; kernels find it as LANGUAGE.
    browser : bool
        Whether to open the system's browser.
    page : bool
        Notebooks as pages without code (voila) instead of JupyterLab.
    ready : function
        Called with the address, token included, when the server answers.

    Raises
    ------
    RunError
        When the port is taken at the last moment.
    """
    with temporary_folder("lab") as own:
        _write_settings(own, lang)
        with _environment(own, lang):
            server = _server(own, folder, address, port=port, lang=lang, page=page)
            server.open_browser = browser
            # Jupyter binds its port in the loop, before what is added here.
            token = server.identity_provider.token
            server.io_loop.add_callback(ready, f"http://{HOST}:{port}{address}?token={token}")
            server.start()


def _write_settings(own: Path, lang: str) -> None:
    """JupyterLab's settings that differ from its own, and voila's template."""
    settings = {
        "@jupyterlab/translation-extension:plugin": {"locale": say(lang, "language.locale")},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    }
    disabled = {"disabledExtensions": {f"@jupyterlab/{name}": True for name in _DISABLED}}
    lab, template = own / "lab", own / "data" / "voila" / "templates" / _TEMPLATE
    for path in (lab, template):
        path.mkdir(parents=True)
    (lab / "overrides.json").write_text(json.dumps(settings), encoding="utf-8")
    (lab / "page_config.json").write_text(json.dumps(disabled), encoding="utf-8")
    page = Template(_VOILA.read_text(encoding="utf-8")).substitute(loading=say(lang, "cli.lab_loading"))
    (template / "index.html.j2").write_text(page, encoding="utf-8")
    (template / "conf.json").write_text(json.dumps({"base_template": "lab"}), encoding="utf-8")


@contextmanager
def _environment(own: Path, lang: str) -> Iterator[None]:
    """What Jupyter and its kernels read from the environment, inside only: folders of ours, none of the user's.

    The token is not among it: it stands in the server's memory and in a file that only the user can read.
    """
    before = dict(os.environ)
    for name in [name for name in before if name.startswith(("JUPYTER", "JPY_"))]:
        del os.environ[name]
    os.environ |= {
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(own / "ipython"),
        "LANGUAGE": say(lang, "language.locale"),
    }
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _server(own: Path, folder: Path, address: str, *, port: int, lang: str, page: bool) -> Any:
    """A server that is bound to its port."""
    from traitlets.config import Config

    from simkit.cli.lab_kernel import OwnKernel, Server

    extension = "voila.server_extension" if page else "jupyterlab"
    config = Config(
        {
            "Application": {"log_level": "ERROR"},
            "ServerApp": {
                "ip": HOST,
                "port": port,
                "port_retries": 0,
                "root_dir": str(folder),
                "default_url": address,
                "allow_root": True,
                "jpserver_extensions": {extension: True},
                "kernel_spec_manager_class": OwnKernel,
                "terminals_enabled": False,
                "tornado_settings": {
                    "headers": {"Content-Security-Policy": _POLICY},
                    "mathjax_url": _NO_MATHJAX,
                },
            },
            "IdentityProvider": {"token": token_urlsafe(_TOKEN_BYTES)},
            "MultiKernelManager": {"kernel_manager_class": "simkit.cli.lab_kernel.Kernel"},
            "KernelManager": {"transport_encryption": "required", "shutdown_wait_time": 1.0},
            "LabApp": _lab(own),
            "VoilaConfiguration": {"template": _TEMPLATE, "file_allowlist": []},
            "VoilaExporter": {"language_code": lang},
        }
    )
    server = Server(config=config)
    try:
        server.initialize(argv=[], find_extensions=False)
    except SystemExit as error:  # it has said so on a line of its own
        raise RunError("error.port_lost", port=port) from error
    return server


def _lab(own: Path) -> dict[str, Any]:
    """JupyterLab without what asks the network: no news, no updates, no shop of extensions."""
    return {
        "app_settings_dir": str(own / "lab"),
        "user_settings_dir": str(own / "user-settings"),
        "workspaces_dir": str(own / "workspaces"),
        "news_url": None,
        "check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "extension_manager": "readonly",
    }
