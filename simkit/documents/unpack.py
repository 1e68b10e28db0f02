"""How large a workbook is: its parts are unpacked and counted before anything takes them apart."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from simkit.base.said import Said

__all__ = ["too_large"]

#: Bytes of all parts once unpacked; a zip of 50 MB can hold a thousand times as much.
_MOST_UNPACKED = 100_000_000
_MOST_PARTS = 5_000
#: Tags of XML in all parts, about 75,000 cells; and in a part that holds neither cells nor their words.
_MOST_TAGS = 300_000
_MOST_OTHER_TAGS = 40_000
_LARGE_ROOTS = (b"<worksheet", b":worksheet", b"<sst", b":sst")
#: Tags of the list of sheets and names.
_MOST_NAMES = 5_000
_NAMES_ROOTS = (b"<workbook", b":workbook")
_CHUNK = 1 << 18
_DIRECTORY_ENTRY = b"PK\x01\x02"
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def too_large(raw: bytes) -> Said | None:
    """What is too large in a workbook, or None. What its directory says of sizes is not believed.

    Raises
    ------
    zipfile.BadZipFile
        For a damaged one, and one that is packed as no spreadsheet packs.
    """
    if raw.count(_DIRECTORY_ENTRY) > _MOST_PARTS:
        return Said("fault.more_than_parts", most_parts=_MOST_PARTS)
    unpacked = tags = 0
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        for part in packed.infolist():
            if part.compress_type not in _PACKINGS or part.flag_bits & 1:
                raise zipfile.BadZipFile("another packing")
            with packed.open(part) as source:
                size, count = _count(source, _MOST_UNPACKED - unpacked)
            unpacked, tags = unpacked + size, tags + count
            if unpacked > _MOST_UNPACKED:
                return Said("fault.more_than_mb_once_unpacked", most_unpacked=_MOST_UNPACKED // 10**6)
            if tags > _MOST_TAGS:
                return Said("fault.more_than_cells", most_tags=_MOST_TAGS // 4)
    return None


def _count(source: Any, room: int) -> tuple[int, int]:
    """Bytes of a part, up to a little more than there is room for, and its tags, where it is XML."""
    chunk = source.read(_CHUNK)
    if b"<" not in chunk[:4]:
        size = len(chunk)
        while size <= room and (chunk := source.read(_CHUNK)):
            size += len(chunk)
        return size, 0
    most = _most_tags(chunk[:2_000])
    size = tags = 0
    while chunk and size <= room:
        size, count = size + len(chunk), chunk.count(b"<")
        tags += count
        # A single tag or text of such a length is no cell, and would be held whole.
        if tags > most or (not count and len(chunk) == _CHUNK):
            return size, _MOST_TAGS + 1
        chunk = source.read(_CHUNK)
    return size, tags


def _most_tags(head: bytes) -> int:
    """Tags that a part may have, by its root."""
    if any(root in head for root in _LARGE_ROOTS):
        return _MOST_TAGS
    return _MOST_NAMES if any(root in head for root in _NAMES_ROOTS) else _MOST_OTHER_TAGS
