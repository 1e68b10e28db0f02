"""Plain text on a terminal: Chinese characters count two columns, nothing is sent that cannot be shown."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from simkit.base.visible import visible, visible_lines

__all__ = ["columns", "echo", "fold", "grid", "pad", "prepare_streams", "progress", "shown_width", "width"]

_WIDTH_OF_FILES = 140
_NARROWEST = 100
#: A word, blanks, or one wide character; closing punctuation stays with what stands before it.
_ATOMS = re.compile(r"(?:[^\s\u2e80-\uffff]+|\s+|[\u2e80-\uffff])[，。、；：！？）》”’％]*")


def prepare_streams() -> None:
    """Let a character that the terminal's encoding lacks become `?`, and what nobody reads go nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed before the program began
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # stays open to the end
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def echo(text: str, *, err: bool = False) -> None:
    """Print: whatever a person reads on a terminal goes through here, so that no name in it can steer the terminal."""
    click.echo(visible_lines(text), err=err)


def width(text: str) -> int:
    """Columns that a text takes."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def shown_width() -> int:
    """Columns of the terminal; a fixed number where the text goes into a file or a pipe."""
    if not sys.stdout.isatty():
        return _WIDTH_OF_FILES
    return max(_NARROWEST, shutil.get_terminal_size((_WIDTH_OF_FILES, 24)).columns)


def pad(text: str, size: int, right: bool = False) -> str:
    """Fill a text up to `size` columns."""
    blanks = " " * (size - width(text))
    return blanks + text if right else text + blanks


def fold(text: str, size: int) -> list[str]:
    """Break a text into lines of at most `size` columns, between words or Chinese characters."""
    lines, line = [], ""
    for atom in _pieces(visible(text.replace("\n", " ")), size):
        if line and width(line + atom.rstrip()) > size:
            lines.append(line.rstrip())
            line = ""
        line += atom if line else atom.lstrip()
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str, size: int) -> Iterator[str]:
    """Atoms of a text; what is wider than a line is cut."""
    for atom in _ATOMS.findall(text):
        while width(atom) > size and atom.strip():
            kept = next(n for n in range(len(atom), 0, -1) if n == 1 or width(atom[:n]) <= size)
            yield atom[:kept]
            atom = atom[kept:]
        if atom:
            yield atom


def columns(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """Lines of a table without tabs: cells side by side, numbers flush right; the first row heads it."""
    rows = [[visible(cell) for cell in row] for row in rows]
    sizes = [max(width(row[n]) for row in rows) for n in range(len(right))]
    lines = [
        "  ".join(pad(cell, size, to) for cell, size, to in zip(row, sizes, right, strict=True)).rstrip()
        for row in rows
    ]
    rule = "-" * (sum(sizes) + 2 * (len(sizes) - 1))
    return [rule, lines[0], rule, *lines[1:], rule]


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[int], total: int) -> list[str]:
    """Lines of a table with long texts: each column gets its share of `total` columns, cells are folded."""
    room = total - 2 * (len(shares) - 1)
    sizes = [max(4, room * share // sum(shares)) for share in shares]
    rule = "-" * (sum(sizes) + 2 * (len(sizes) - 1))
    lines = [rule, *_folded(heads, sizes), rule]
    for row in rows:
        lines += [*_folded(row, sizes), rule]
    return lines


def _folded(row: Sequence[str], sizes: Sequence[int]) -> Iterator[str]:
    cells = [fold(cell, size) for cell, size in zip(row, sizes, strict=True)]
    for number in range(max(map(len, cells))):
        parts = [cell[number] if number < len(cell) else "" for cell in cells]
        yield "  ".join(pad(part, size) for part, size in zip(parts, sizes, strict=True)).rstrip()


@contextmanager
def progress(total: int | None, label: str) -> Iterator[Callable[[int], object] | None]:
    """A bar on stderr, where that is a terminal; without a total it counts."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    shape = "{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}" if total else "{desc} {n_fmt} {elapsed}"
    with tqdm(
        total=total, desc=visible(label), file=sys.stderr, leave=False, dynamic_ncols=True, bar_format=shape
    ) as bar:
        yield bar.update
