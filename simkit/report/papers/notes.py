"""Notes below a table, alike on every paper: a mark on the first, a number on each where there are several."""

from __future__ import annotations

from collections.abc import Sequence

from simkit.base.words import say
from simkit.report.papers.table import Language

__all__ = ["note_lines"]


def note_lines(notes: Sequence[str], lang: Language) -> list[str]:
    """The notes of a table as they are printed."""
    marks = [say(lang, "docx.note"), *[""] * len(notes)]
    numbers = [f"{number}. " if len(notes) > 1 else "" for number in range(1, len(notes) + 1)]
    return [mark + number + note for mark, number, note in zip(marks, numbers, notes, strict=False)]
