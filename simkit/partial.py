"""Files and folders in the making: hidden, and named so that what a dead process left can be told."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from simkit.errors import RunError

__all__ = ["OLD", "clean", "partial_name", "whole"]

#: Ending of what was moved out of the way until the new one stands in its place.
OLD = ".old"
_NAME = re.compile(r"\.(?P<target>.+)\.(?P<host>[0-9a-f]{8})-(?P<owner>[0-9]+)-[0-9a-f]{8}(?P<old>\.old)?")
#: Seconds after which what another computer began is taken for left behind.
_LONG = 7 * 24 * 3_600


def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def partial_name(target: Path) -> Path:
    """A name beside `target` that nobody else uses, with this computer and process in it."""
    return target.with_name(f".{target.name}.{_host()}-{os.getpid()}-{uuid.uuid4().hex[:8]}")


@contextmanager
def whole(target: Path, words: str = "{path}: cannot be written: {reason}") -> Iterator[Path]:
    """A file in the making beside `target`, which takes its place when the block ends well; else nothing stays.

    Parameters
    ----------
    target : Path
    words : str
        Of the error: a template with `path` and `reason`.

    Raises
    ------
    RunError
        When it cannot be written; what stood there before stays.
    """
    partial = partial_name(target)
    try:
        yield partial
        os.replace(partial, target)
    except OSError as error:
        raise RunError(words, path=target, reason=error.strerror or error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def clean(folder: Path) -> None:
    """Remove what dead processes began in a folder and cannot finish; put back what they had moved away."""
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        name = _NAME.fullmatch(path.name)
        if name is None or not _left_behind(path, name["host"], int(name["owner"])):
            continue
        with suppress(OSError):  # another process may clean too
            if name["old"] and not (folder / name["target"]).exists():
                os.replace(path, folder / name["target"])
            elif path.is_dir():
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
        except OSError:
            return False  # somebody else's, and alive
        return False
    try:
        return time.time() - path.stat().st_mtime > _LONG
    except OSError:
        return False
