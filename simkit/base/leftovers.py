"""Names of what is in the making, by which what a dead process left is told and removed."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import stat
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["clean", "making", "partial_name", "sweep", "temporary_folder"]

_OWNER = r"(?P<host>[0-9a-f]{8})-(?P<owner>[0-9]+)-"
_NAME = re.compile(rf"\..+\.{_OWNER}[0-9a-f]{{8}}(\.[a-z]+)?")
_TEMPORARY = re.compile(rf"simkit-[a-z]+-{_OWNER}.*")
#: Seconds after which what another computer began is taken for left behind.
_LONG = 7 * 24 * 3_600


def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def partial_name(target: Path, suffix: str = "") -> Path:
    """A name beside `target` that nobody else uses, with this computer and process in it."""
    return target.with_name(f".{target.name}.{_host()}-{os.getpid()}-{uuid.uuid4().hex[:8]}{suffix}")


@contextmanager
def making(target: Path, suffix: str = "") -> Iterator[Path]:
    """A name for a file or folder in the making, beside `target` in its folder, which is made; nothing stays there."""
    partial = partial_name(target, suffix)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield partial
    finally:
        _remove(partial)


def clean(folder: Path) -> None:
    """Remove what dead processes began in a folder and cannot finish."""
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        name = _NAME.fullmatch(path.name)
        if name is not None and _left_behind(path, name["host"], int(name["owner"])):
            _remove(path)


@contextmanager
def temporary_folder(kind: str) -> Iterator[Path]:
    """A folder of this process among the temporary ones; what a killed one left is removed by the next.

    Parameters
    ----------
    kind : str
        What it is for: small letters.
    """
    sweep()
    prefix = f"simkit-{kind}-{_host()}-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        yield Path(name)


def sweep() -> None:
    """Remove temporary folders of this user whose process is gone."""
    with suppress(OSError):
        for path in list(Path(tempfile.gettempdir()).iterdir()):
            name = _TEMPORARY.fullmatch(path.name)
            if name and _is_mine(path) and _left_behind(path, name["host"], int(name["owner"])):
                _remove(path)


def _is_mine(path: Path) -> bool:
    """Whether it is a folder of this user, and no link."""
    try:
        state = path.lstat()
    except OSError:
        return False
    mine = os.name != "posix" or state.st_uid == os.getuid()
    return mine and stat.S_ISDIR(state.st_mode)


def _remove(path: Path) -> None:
    with suppress(OSError):  # another process may clean too
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _left_behind(path: Path, host: str, owner: int) -> bool:
    """Whether the process is surely gone; of another computer's, or on Windows, age alone tells."""
    if host == _host() and os.name == "posix":
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            return False  # somebody else's, and alive; or no number of a process
        return False
    try:
        return time.time() - path.lstat().st_mtime > _LONG
    except OSError:
        return False
