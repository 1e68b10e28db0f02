"""Names of files and folders that every system takes: Windows has the narrowest rules."""

from __future__ import annotations

import hashlib
import re

__all__ = ["LONGEST", "MOST_LETTERS", "is_device", "legal"]

#: Letters of a name that a person gives: several are joined in the name of one folder.
MOST_LETTERS = 60
#: Letters of a name that simkit makes: a whole path has 260 on Windows.
LONGEST = 100
_UNFIT = re.compile(r'[/\\\x00-\x1f\x7f<>:"|?*]+|[. ]+$')
#: Windows keeps these for devices, in whatever case and with whatever ending.
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9]) *(\..*)?", re.IGNORECASE | re.DOTALL
)
_DIGITS = 8


def is_device(name: str) -> bool:
    """Whether Windows takes a name for a device: `con`, `nul`, `com1.txt`."""
    return _DEVICE.fullmatch(name) is not None


def legal(name: str) -> str:
    """A name that is legal everywhere: itself where it is, else near it; two that differ stay different.

    What is too long, or a device's, carries digits of the whole name's SHA-256 at its end.
    """
    fit = _UNFIT.sub("_", name) or "_"
    if len(fit) <= LONGEST and not is_device(fit):
        return fit
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    head = fit[: LONGEST - _DIGITS - 1]
    return f"_{head[1:]}~{mark}" if is_device(head) else f"{head}~{mark}"
