"""The one decorator for compiled functions, with a cache that notices every change.

numba's own disk cache looks at the function's file only; a kernel that calls another file's kernel
would be answered from stale code. So the cache lies in a folder named by a hash of every source
that a kernel can see, of numba, numpy and Python.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import numba
import numpy as np

__all__ = [
    "FIGURES",
    "KERNELS",
    "cache_folder",
    "compiled",
    "compiled_inline",
    "compiled_step",
    "figures_digest",
    "kept_folder",
]

#: Its settings and decorators are looked up at run time.
_numba: Any = numba

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parents[1]
#: Rooms that hold kernels, or numbers that one reads.
KERNELS = ("base", "distributions", "rules", "claims", "awards")
#: Rooms that what a run saves passes through. How a list of agencies is read is among them: the list's own digest
#: says nothing of how its cells are understood.
FIGURES = (*KERNELS, "documents", "sizing", "policy", "scenario", "runs")


def _sources(rooms: tuple[str, ...]) -> list[Path]:
    """Every source of some rooms."""
    return sorted(path for room in rooms for path in (_PACKAGE / room).rglob("*.py"))


def _user_cache() -> Path:
    """Where the operating system keeps caches of a user."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@cache
def figures_digest() -> str:
    """SHA-256 of every source that what a run saves passes through, and of the versions and kind of machine.

    It is computed once: what is edited while the program runs is not what runs.
    """
    return _digest(_sources(FIGURES), metadata.version("scipy"))


def _digest(files: list[Path], *more: str) -> str:
    digest = hashlib.sha256()
    versions = (
        sys.version,
        np.__version__,
        numba.__version__,
        llvmlite.__version__,
        platform.machine(),
        *more,
    )
    digest.update(repr(versions).encode())
    for path in files:
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def kept_folder() -> Path:
    """Where the compiled code of exactly these sources and versions is kept for the next process."""
    return _user_cache() / "simkit" / _digest(_sources(KERNELS))[:20]


@cache
def cache_folder() -> Path:
    """Folder of the compiled code: the kept one where nobody else can write to it, else one for this process.

    What lies there is loaded, and so can run anything. A folder of another user, a link, or one that others
    could write to may hold what they have put there.
    """
    folder = kept_folder()
    if all(_is_ours(each) for each in (folder.parent, folder)) and os.access(folder, os.W_OK):
        return folder
    return _folder_of_this_process()


def _is_ours(folder: Path) -> bool:
    """Make a folder that is this user's alone, or look whether one that is there has always been.

    On Windows owner and mode tell nothing: there the user's cache lies in his profile, which is closed to others,
    and only a link (a junction too) could lead out of it.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()  # not where a link leads to
        if not stat.S_ISDIR(found.st_mode) or getattr(found, "st_reparse_tag", False):
            return False
        if sys.platform != "win32":
            if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return False
            folder.chmod(0o700)  # others could read, so nothing was put there; now they cannot enter
    except OSError:
        return False
    return True


def _folder_of_this_process() -> Path:
    """A new folder with a name that nobody can foresee, open to this user alone; it goes when the process ends."""
    folder, owner = Path(tempfile.mkdtemp(prefix="simkit-compiled-")), os.getpid()

    def remove() -> None:
        if os.getpid() == owner:  # not in a process that was forked from it
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


def _compile(function: Function, **how: Any) -> Function:
    """Compile a function of numbers and arrays: no Python objects, no lock, no allocation, cached on disk.

    Arrays come from outside, so none is counted in and out at every call (`_nrt=False`): that counting
    took nine tenths of the time of the small rules. Division follows numpy: the edge checks numbers.
    """
    before = _numba.config.CACHE_DIR
    _numba.config.CACHE_DIR = str(cache_folder())
    try:
        options = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False, **how}
        compiled_function: Function = _numba.njit(**options)(function)
        return compiled_function
    finally:
        _numba.config.CACHE_DIR = before


def compiled(function: Function) -> Function:
    """A function of numbers and arrays, compiled when it is first called."""
    return _compile(function)


def compiled_inline(function: Function) -> Function:
    """The same, put whole into every function that calls it: for what is called at every turn."""
    return _compile(function, forceinline=True)


def compiled_step(function: Function) -> Function:
    """A part of a compiled function, put whole into those that call it.

    Python cannot call it: the way in for Python's objects takes as long to compile as the part itself.
    """
    return _compile(function, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
