"""A file that a person gives: a regular one, of a size that can be meant, read once and never waited for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said

__all__ = ["MOST_TEXT", "READABLE", "read_given", "read_text"]

#: Bytes of a text file or a YAML file.
MOST_TEXT = 5_000_000
#: What a file that cannot be opened was expected to be.
READABLE = Said("fault.file_can_be_read")
_KINDS = {
    stat.S_IFDIR: Said("fault.is_a_directory"),
    stat.S_IFCHR: Said("fault.a_device"),
    stat.S_IFBLK: Said("fault.a_device"),
    stat.S_IFIFO: Said("fault.a_pipe"),
    stat.S_IFSOCK: Said("fault.a_socket"),
}
_REASONS = {
    errno.ENOENT: Said("fault.no_file_directory"),
    errno.ENOTDIR: Said("fault.no_file_directory"),
    errno.EISDIR: Said("fault.is_a_directory"),
    errno.EACCES: Said("fault.permission_denied"),
    errno.EPERM: Said("fault.permission_denied"),
    errno.ENAMETOOLONG: Said("fault.name_too_long"),
    errno.ELOOP: Said("fault.links_lead_circle"),
}
_ENCODINGS = (("GBK", "gbk"), ("GB18030", "gb18030"), ("BIG5", "big5"))
_AS_UTF8 = Said("fault.open_editor_notepad_choose_save_there")


def read_given(path: str | Path, most: int, hint: Said | None = None) -> bytes:
    """Read a file that a person named.

    Parameters
    ----------
    path : str or Path
        Links are followed. A folder, device, pipe or socket is refused before it is opened.
    most : int
        Largest size, bytes.
    hint : Said, optional
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
        found = _REASONS.get(number, Said("fault.error_computer", number=errno.errorcode.get(number, number)))
        raise FaultsError([Fault(str(path), 0, "(file)", READABLE, found)]) from error
    except ValueError as error:  # a zero byte, or what is no character, in the name
        raise FaultsError([Fault(str(path), 0, "(file)", READABLE, Said("fault.no_name_file"))]) from error
    if max(about.st_size, len(raw)) > most:
        expected = Said("fault.file_at_most_mb", most=f"{most / 1000000.0:g}")
        found = Said("fault.megabytes", st_size=f"{max(about.st_size, len(raw)) / 1000000.0:.1f}")
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
        hint = Said("fault.looks_like", encoding=encoding, hint=_AS_UTF8) if encoding else _AS_UTF8
        found = Said("fault.byte", byte=f"0x{raw[error.start]:02x}")
        raise FaultsError(
            [Fault(str(path), line, "(file)", Said("fault.text_in_utf_8"), found, hint)]
        ) from error


def _refuse_kind(path: str | Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        found = _KINDS.get(stat.S_IFMT(mode), Said("fault.no_regular_file"))
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
