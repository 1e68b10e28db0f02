"""Desks for the tests of annexes: a run in memory in the place of a saved one."""

from __future__ import annotations

from pathlib import Path

from simkit.report.annexes.all import template_of
from simkit.report.annexes.sources import Sources
from simkit.report.annexes.template import Template
from simkit.report.papers.table import Language, Table
from simkit.report.tables.saved import Saved
from simkit.runs.result import Result

__all__ = ["chinese", "desk_of", "tables_of"]


def desk_of(result: Result, lang: Language = "zh", template: Template | None = None) -> Sources:
    saved = Saved(Path("nowhere"))
    saved.__dict__["result"] = result  # what it would have read
    return Sources(saved, lang, template or template_of())


def tables_of(pieces: object) -> dict[str, Table]:
    return {piece.id: piece for piece in pieces if isinstance(piece, Table)}  # type: ignore[attr-defined]


def chinese(text: str) -> bool:
    return any("\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef" for letter in text)
