"""Blocks kept on disk while a run goes on: what was killed goes on where it was."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from simkit.base.compiled import figures_digest
from simkit.base.errors import RunError
from simkit.base.leftovers import clean, making
from simkit.runs.block import Block, from_bytes, to_bytes

__all__ = ["Kept", "KeptBlocks"]

_FILE = re.compile(r"([0-9]+)-([0-9]+)\.block")
_FOLDER = ".blocks-"
#: Seconds after which blocks that nobody went on with are forgotten.
_LONG = 30 * 24 * 3_600
Span = tuple[int, int]


class Kept(Protocol):
    """Where finished blocks are kept, so that a run which was stopped goes on where it was."""

    def read(self, span: Span) -> Block | None:
        """A kept block; None where there is none."""

    def write(self, block: Block) -> None:
        """Keep a block."""


class KeptBlocks:
    """Finished blocks of one scenario, seed and code, in a hidden folder of their own.

    A block is the same whoever computes it, so several runs may use the folder at once: none needs a lock.
    Files appear whole; each begins with its checksum, and one that is torn is computed again.

    Parameters
    ----------
    parent : Path
        Where the folder lies: beside the folder of the run.
    digests : mapping of str to str
        Of all that the scenario is made from.
    seed : int
    parameters : str
        How what a whole draw shares is drawn, as in `run`.
    """

    def __init__(
        self, parent: Path, digests: Mapping[str, str], seed: int, parameters: str = "crude"
    ) -> None:
        inputs = [*sorted(digests.items()), seed, parameters, figures_digest()]
        name = hashlib.sha256(repr(inputs).encode()).hexdigest()[:16]
        self.folder = parent / f"{_FOLDER}{name}"
        self._found = parent.exists()

    def begin(self, draws: int) -> int:
        """Remove what dead and long forgotten runs left; the number of draws that are kept, of so many."""
        parent = self.folder.parent
        clean(parent)
        clean(self.folder)
        for name in _names(parent):
            forgotten = parent / name
            if name.startswith(_FOLDER) and forgotten != self.folder and _age(forgotten) > _LONG:
                _forget(forgotten)
        return min(draws, sum(last - first for first, last in self.spans(draws)))

    def spans(self, draws: int) -> list[Span]:
        """First and last draw of the files, of those that end within so many draws."""
        found = (_FILE.fullmatch(name) for name in _names(self.folder))
        spans = sorted((int(one[1]), int(one[2])) for one in found if one)
        return [span for span in spans if span[1] <= draws]

    def read(self, span: Span) -> Block | None:
        """A kept block; None where there is none, or a torn one."""
        try:
            block = from_bytes(self._path(span).read_bytes())
        except OSError:
            return None
        return block if block is not None and (block.first, block.last) == span else None

    def write(self, block: Block) -> None:
        """Keep a block.

        Raises
        ------
        RunError
            When it cannot be written; what is kept stays.
        """
        path = self._path((block.first, block.last))
        try:
            for left in (2, 1, 0):
                try:
                    self._write(path, to_bytes(block))
                    return
                except FileNotFoundError:  # a run beside this one has finished, and removed the folder
                    if not left:
                        raise
        except OSError as error:
            raise RunError(
                "error.draws_not_kept", folder=self.folder, first=block.first, reason=error
            ) from error

    def _write(self, path: Path, data: bytes) -> None:
        with making(path) as partial:
            partial.write_bytes(data)
            try:
                os.replace(partial, path)
            except PermissionError:
                if not path.exists():  # else a run beside this one reads the same block, on Windows
                    raise

    def remove(self, draws: int) -> None:
        """Remove all, now that the result of so many draws is saved; unless a longer run left more than that."""
        if any(last > draws for _, last in self.spans(10**18)):
            return
        _forget(self.folder)
        self.tidy()

    def tidy(self) -> None:
        """Remove the folder where it is empty, and the one it lies in where that is new."""
        with suppress(OSError):  # not empty: another run is writing
            self.folder.rmdir()
        if not self._found:
            with suppress(OSError):
                self.folder.parent.rmdir()

    def _path(self, span: Span) -> Path:
        return self.folder / f"{span[0]:09d}-{span[1]:09d}.block"


def _age(path: Path) -> float:
    """Seconds since something was last written there."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _forget(folder: Path) -> None:
    """Remove the blocks of a folder, and it, where nothing else lies in it."""
    clean(folder)
    for name in _names(folder):
        if _FILE.fullmatch(name):
            with suppress(OSError):
                (folder / name).unlink()
    with suppress(OSError):
        folder.rmdir()
