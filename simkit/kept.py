"""Blocks kept on disk while a run goes on: what was killed goes on where it was."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from simkit.blocks import Block, from_bytes, to_bytes
from simkit.compiled import sources_digest
from simkit.errors import RunError
from simkit.partial import clean, partial_name

__all__ = ["KeptBlocks"]

_FILE = re.compile(r"([0-9]+)-([0-9]+)\.block")
Span = tuple[int, int]


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
    """

    def __init__(self, parent: Path, digests: Mapping[str, str], seed: int) -> None:
        inputs = [*sorted(digests.items()), seed, sources_digest(), metadata.version("scipy")]
        name = hashlib.sha256(repr(inputs).encode()).hexdigest()[:16]
        self.folder = parent / f".blocks-{name}"

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
                f"{path.parent}: the draws from {block.first} on cannot be kept: {error.strerror or error}; "
                "what was finished before is kept: make room, and the same command goes on from there"
            ) from error

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = partial_name(path)
        try:
            partial.write_bytes(data)
            os.replace(partial, path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise

    def remove(self, draws: int) -> None:
        """Remove all, now that the result of so many draws is saved; unless a longer run left more than that."""
        if any(last > draws for _, last in self.spans(10**18)):
            return
        clean(self.folder)
        _unlink(self.folder / name for name in _names(self.folder) if _FILE.fullmatch(name))
        with suppress(OSError):  # not empty: another run is writing
            self.folder.rmdir()

    def _path(self, span: Span) -> Path:
        return self.folder / f"{span[0]:09d}-{span[1]:09d}.block"


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink()
