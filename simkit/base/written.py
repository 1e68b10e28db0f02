"""What simkit wrote, known by its digest: only that is replaced or removed, and only while nobody changed it."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

__all__ = ["RECORD", "file_digest", "is_own", "is_same", "note", "own_names", "remove_own"]

#: The record of a folder, as `sha256sum` prints one: a line for each content that was written under a name.
RECORD = ".written-by-simkit"
_LINE = re.compile(rb"([0-9a-f]{64})  ([^\n]+)")
#: A planted link in the record's place must not lead the line into another file; Windows must not change its end.
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def note(path: Path, digest: str) -> None:
    """Keep that simkit writes this content under this name; done first, so that a kill loses no knowledge.

    Lines are only added, each in one piece: neither threads nor processes disturb each other.
    """
    line = (digest.encode(), os.fsencode(path.name))
    if line in _lines(path.parent):
        return
    handle = os.open(path.with_name(RECORD), _APPEND, 0o666)
    try:
        os.write(handle, b"%b  %b\n" % line)
    finally:
        os.close(handle)


def is_same(path: Path, digest: str) -> bool:
    """Whether a file of this content stands there, itself and not by a link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode) and file_digest(path) == digest
    except OSError:
        return False


def is_own(path: Path) -> bool:
    """Whether simkit wrote what stands there and nobody changed, linked or protected it since."""
    name = os.fsencode(path.name)
    known = {digest for digest, other in _lines(path.parent) if other == name}
    try:
        mode = path.lstat().st_mode
        free = stat.S_ISREG(mode) and bool(mode & stat.S_IWUSR)
        return bool(known) and free and file_digest(path).encode() in known
    except OSError:
        return False


def own_names(folder: Path) -> set[str]:
    """Names of the files of a folder that are as simkit wrote them, its record among them."""
    names = {os.fsdecode(name) for _, name in _lines(folder)}
    return {RECORD, *(name for name in names if is_own(folder / name))}


def remove_own(path: Path) -> None:
    """Remove a file that simkit wrote; what is not its own, or is open in another program, stays."""
    if is_own(path):
        with suppress(OSError):
            path.unlink()


def _lines(folder: Path) -> set[tuple[bytes, bytes]]:
    """Digest and name of every line; what is torn or was added by others counts for nothing."""
    try:
        text = (folder / RECORD).read_bytes()
    except OSError:
        return set()
    found = (_LINE.fullmatch(line) for line in text.split(b"\n"))
    return {(one[1], one[2]) for one in found if one}
