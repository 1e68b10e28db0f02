"""The one decorator for compiled functions, with a cache that notices every change.

numba's own disk cache looks at the function's file only; a kernel that calls another file's kernel
would be answered from stale code. So the cache lies in a folder named by a hash of every source
that a kernel can see, of numba, numpy and Python.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import numba
import numpy as np

__all__ = ["cache_folder", "compiled", "compiled_inline", "sources_digest"]

#: Its settings and decorators are looked up at run time.
_numba: Any = numba

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent
#: Rooms that hold no kernel and that no kernel reads a constant from.
_WITHOUT_KERNELS = (
    "report", "cli", "store.py", "parquet.py", "kept.py", "partial.py", "executors.py", "cluster.py",
    "intake.py", "sheets.py", "cells.py", "__main__.py",
)  # fmt: skip


def _sources() -> list[Path]:
    files = (path for path in _PACKAGE.rglob("*.py"))
    return sorted(path for path in files if path.relative_to(_PACKAGE).parts[0] not in _WITHOUT_KERNELS)


def _user_cache() -> Path:
    """Where the operating system keeps caches of a user."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def sources_digest() -> str:
    """SHA-256 of every source that moves a figure, and of the versions and kind of machine it runs on."""
    digest = hashlib.sha256()
    versions = (sys.version, np.__version__, numba.__version__, llvmlite.__version__, platform.machine())
    digest.update(repr(versions).encode())
    for path in _sources():
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def cache_folder() -> Path:
    """Folder of the compiled code of exactly these sources and versions; a temporary one if none is writable."""
    name = sources_digest()[:20]
    for parent in (_user_cache(), Path(tempfile.gettempdir())):
        folder = parent / "simkit" / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="simkit-"))


def _compile(function: Function, inline: bool) -> Function:
    """Compile a function of numbers and arrays: no Python objects, no lock, no allocation, cached on disk.

    Arrays come from outside, so none is counted in and out at every call (`_nrt=False`): that counting
    took nine tenths of the time of the small rules. Division follows numpy: the edge checks numbers.
    """
    before = _numba.config.CACHE_DIR
    _numba.config.CACHE_DIR = str(cache_folder())
    try:
        options = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False, "forceinline": inline}
        compiled_function: Function = _numba.njit(**options)(function)
        return compiled_function
    finally:
        _numba.config.CACHE_DIR = before


def compiled(function: Function) -> Function:
    """A function of numbers and arrays, compiled when it is first called."""
    return _compile(function, inline=False)


def compiled_inline(function: Function) -> Function:
    """The same, put whole into every function that calls it: for what is called at every turn."""
    return _compile(function, inline=True)
