"""A file that a person gives: a regular one, of a size that can be meant, read once and never waited for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from simkit.base.errors import Fault, FaultsError

__all__ = ["MOST_TEXT", "READABLE", "read_given", "read_text"]

#: Bytes of a text file or a YAML file.
MOST_TEXT = 5_000_000
#: What a file that cannot be opened was expected to be.
READABLE = "a file that can be read"
_KINDS = {
    stat.S_IFDIR: "is a directory",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}
_REASONS = {
    errno.ENOENT: "no such file or directory",
    errno.ENOTDIR: "no such file or directory",
    errno.EISDIR: "is a directory",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENAMETOOLONG: "a name that is too long",
    errno.ELOOP: "links that lead in a circle",
}
_ENCODINGS = (("GBK", "gbk"), ("GB18030", "gb18030"), ("BIG5", "big5"))
_AS_UTF8 = "open it in an editor such as Notepad, choose Save as, and there the encoding UTF-8"


def read_given(path: str | Path, most: int, hint: str = "") -> bytes:
    """Read a file that a person named.

    Parameters
    ----------
    path : str or Path
        Links are followed. A folder, device, pipe or socket is refused before it is opened.
    most : int
        Largest size, bytes.
    hint : str
        What makes such a file smaller.

    Raises
    ------
    FaultsError
        When it cannot be read, or is larger.
    """
    try:
        _refuse_kind(path, os.stat(path).st_mode)
        # Should another file take the name just now: opening a pipe must not wait for who writes into it.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as file:
            about = os.fstat(handle)
            _refuse_kind(path, about.st_mode)
            raw = file.read(most + 1) if about.st_size <= most else b""
    except OSError as error:
        number = error.errno or 0
        found = _REASONS.get(number, f"the error {errno.errorcode.get(number, number)} of the computer")
        raise FaultsError([Fault(str(path), 0, "(file)", READABLE, found)]) from error
    except ValueError as error:  # a zero byte, or what is no character, in the name
        raise FaultsError([Fault(str(path), 0, "(file)", READABLE, "no name of a file")]) from error
    if max(about.st_size, len(raw)) > most:
        expected = f"a file of at most {most / 1e6:g} MB"
        found = f"{max(about.st_size, len(raw)) / 1e6:.1f} MB"
        raise FaultsError([Fault(str(path), 0, "(file)", expected, found, hint)])
    return raw


def read_text(path: str | Path, most: int = MOST_TEXT) -> tuple[bytes, str]:
    """Read a file of text in UTF-8: its bytes, and its text without a byte order mark.

    Raises
    ------
    FaultsError
        When it cannot be read, is larger than `most` bytes, or is written in another encoding.
    """
    raw = read_given(path, most)
    try:
        return raw, raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        encoding = _guess_encoding(raw)
        hint = f"looks like {encoding}: {_AS_UTF8}" if encoding else _AS_UTF8
        found = f"byte 0x{raw[error.start]:02x}"
        raise FaultsError([Fault(str(path), line, "(file)", "text in UTF-8", found, hint)]) from error


def _refuse_kind(path: str | Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        found = _KINDS.get(stat.S_IFMT(mode), "no regular file")
        raise FaultsError([Fault(str(path), 0, "(file)", READABLE, found)])


def _guess_encoding(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    for name, codec in _ENCODINGS:
        try:
            raw.decode(codec)
        except UnicodeDecodeError:
            continue
        return name
    return ""
