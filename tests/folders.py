"""What stands in a folder, and what people put there that must still stand there after."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import openpyxl

from simkit.base.written import RECORD

__all__ = ["Seen", "assert_still", "file_names", "fill_in", "lay", "look", "seen"]

Seen = dict[str, tuple[Any, ...]]


def file_names(folder: Path) -> list[str]:
    """Names of files and folders, hidden ones too, in order; without the record of what simkit wrote there."""
    return sorted(path.name for path in Path(folder).iterdir() if path.name != RECORD)


def lay(folder: Path, outside: Path) -> Seen:
    """Put into a folder what people put there, and give what is to be there ever after."""
    outside.mkdir(exist_ok=True)
    (outside / "kept.txt").write_text("elsewhere")
    (folder / "notes.txt").write_text("mine")
    (folder / "drafts" / "deeper").mkdir(parents=True)
    (folder / "drafts" / "deeper" / "annexes.zh.xlsx").write_bytes(b"\x00mine")
    (folder / "to a file").symlink_to(outside / "kept.txt")
    (folder / "to a folder").symlink_to(outside)
    (folder / "to nothing").symlink_to(outside / "gone")
    (folder / "sealed.txt").write_text("read only")
    (folder / "sealed.txt").chmod(0o444)
    return seen(folder, {"notes.txt", "drafts", "to a file", "to a folder", "to nothing", "sealed.txt"})


def look(path: Path) -> tuple[Any, ...]:
    """What stands at a path: a link by where it leads, a file by its bytes and rights."""
    if path.is_symlink():
        return "link", os.readlink(path)
    if path.is_dir():
        return ("folder",)
    return "file", path.read_bytes(), path.stat().st_mode


def seen(folder: Path, names: set[str]) -> Seen:
    """The same of everything below some names of a folder."""
    tops = [folder / name for name in sorted(names)]
    below = (one for top in tops if top.is_dir() and not top.is_symlink() for one in top.rglob("*"))
    return {path.relative_to(folder).as_posix(): look(path) for path in [*tops, *below]}


def assert_still(folder: Path, before: Seen) -> None:
    for name, what in before.items():
        assert os.path.lexists(folder / name), f"{name} is gone"
        assert look(folder / name) == what, f"{name} is another"


def fill_in(path: Path) -> None:
    """As a person does it: open the workbook, write a number, save."""
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["Z9"] = 4_711
    book.save(path)
