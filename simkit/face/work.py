"""Long work: told while it goes on, stopped in a moment, gone on with where it was."""

from __future__ import annotations

import sys
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any, Protocol

from simkit.base.display import display
from simkit.base.errors import Told
from simkit.base.words import say
from simkit.runs.block import Block
from simkit.runs.job import is_warm

__all__ = ["Interrupted", "KeptInMemory", "Work", "kernel", "working"]

#: Seconds after which work is worth telling of, and between two tellings.
_SOON, _OFTEN = 0.5, 0.2


class Interrupted(Told, KeyboardInterrupt):
    """A person stopped the work; what is finished is kept for the same call."""


class KeptInMemory:
    """Finished blocks of the run that was stopped last, for the same call to go on with."""

    def __init__(self, of: Hashable) -> None:
        self.of, self.blocks = of, dict[tuple[int, int], Block]()

    def read(self, span: tuple[int, int]) -> Block | None:
        """A finished block; None where there is none."""
        return self.blocks.get(span)

    def write(self, block: Block) -> None:
        """Keep a block."""
        self.blocks[block.first, block.last] = block


#: The run that was stopped last: one, so that memory does not fill.
_STOPPED: list[KeptInMemory] = []


class _Line(Protocol):
    def show(self, text: str, share: float | None) -> None: ...
    def end(self) -> None: ...


class Work:
    """Work that tells how far it is.

    Attributes
    ----------
    kept : KeptInMemory
        Blocks that are finished.
    """

    def __init__(self, total: int | None, key: str, line: _Line | None, of: Hashable) -> None:
        self.total, self.key, self.line, self.done = total, key, line, 0
        found = [one for one in _STOPPED if one.of == of]
        self.kept = found[0] if found else KeptInMemory(of)
        self._began = self._told = time.monotonic()
        if line is not None and not is_warm():
            line.show(say(display().lang, "face.preparing"), None)

    def step(self, done: int) -> None:
        """So many more are done."""
        self.done += done
        now = time.monotonic()
        if self.line is not None and now - self._began > _SOON and now - self._told > _OFTEN:
            self._told = now
            self.line.show(self.said("face.progress"), self.done / self.total if self.total else None)

    def said(self, key: str) -> str:
        """How far it is, in words."""
        lang = display().lang
        what, total = say(lang, self.key), f"{self.total:,}" if self.total else "?"
        return say(lang, key, what=what, done=f"{self.done:,}", total=total)


@contextmanager
def working(total: int | None, key: str, *, of: Hashable = None) -> Iterator[Work]:
    """Tell of work while it goes on; what stops it ends in one line.

    Parameters
    ----------
    total : int, optional
        How much there is to do; None: it is not known.
    key : str
        Words of what is done.
    of : hashable, optional
        What makes it the same work, so that it can be gone on with; None: it begins anew.

    Raises
    ------
    Interrupted
        Where a person stopped it.
    """
    line = _line() if display().progress else None
    work = Work(total, key, line, of)
    try:
        yield work
    except KeyboardInterrupt:
        goes_on = of is not None and bool(work.kept.blocks)
        _STOPPED[:] = [work.kept] if goes_on else _STOPPED
        raise Interrupted(work.said("face.stopped_goes_on" if goes_on else "face.stopped")) from None
    else:
        _STOPPED[:] = [one for one in _STOPPED if one is not work.kept]
    finally:
        if line is not None:
            line.end()


def _line() -> _Line | None:
    """Where progress is told: a cell that a person looks at, a terminal, or nowhere."""
    here = kernel()
    if here is not None:
        # A notebook that is run by a program, as by papermill, asks nothing of anybody: nobody looks at it.
        return _Cell() if getattr(here, "_allow_stdin", False) else None
    return _Terminal() if sys.stderr is not None and sys.stderr.isatty() else None


def kernel() -> Any:
    """The kernel that runs this, None where none does."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None)


class _Cell:
    """A line with a bar below the cell, gone when the work is done."""

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, text: str, share: float | None) -> None:
        from IPython.display import display as show_in_cell

        value = "" if share is None else f' value="{share:.3f}"'
        data = {"text/plain": text, "text/html": f"<progress{value}></progress> {escape(text)}"}
        if self._handle is None:
            self._handle = show_in_cell(data, raw=True, display_id=True)  # type: ignore[no-untyped-call]  # IPython's
        else:
            self._handle.update(data, raw=True)

    def end(self) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": "", "text/html": ""}, raw=True)


class _Terminal:
    """A line that is written over, gone when the work is done."""

    def __init__(self) -> None:
        self._bar: Any = None

    def show(self, text: str, share: float | None) -> None:
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(bar_format="{desc}", file=sys.stderr, leave=False)
        self._bar.set_description_str(text if share is None else f"{text} {share:.0%}")

    def end(self) -> None:
        if self._bar is not None:
            self._bar.close()
