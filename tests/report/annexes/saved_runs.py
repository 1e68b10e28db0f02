"""Saved runs and answers for the tests of annexes, each made once: real ones, of few draws."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from simkit.report.annexes.all import template_of
from simkit.report.annexes.sources import Sources
from simkit.report.papers.pieces import Sentences
from simkit.report.papers.table import Language, Table
from simkit.report.tables.saved import Saved
from simkit.runs.result import Result
from simkit.runs.store import run_name, save_result
from simkit.whatif.answers import save_answer
from tests.report import results
from tests.report.results import asked, priced

__all__ = ["asked", "bare", "desk_of", "full", "priced", "saved_run", "tables_of", "warnings_of"]

_NAMES = {"independent": "independence", "trend": "trend", "central": "central", "chance": "chance"}


@lru_cache
def _root() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="simkit-annexes-")


def saved_run(result: Result, under: str) -> Path:
    """A result in the folder that a command would have written below `under`."""
    digests = result.scenario.digests
    name = run_name(digests["scenario"], digests["policy"], result.draws, result.seed)
    return save_result(result, Path(_root().name) / under / name)


@lru_cache
def _variants() -> dict[str, Path]:
    made = results.variants()
    return {name: saved_run(made[key], f"beside/{name}") for key, name in _NAMES.items()}


@lru_cache
def bare() -> Saved:
    """The baseline with the runs beside it, and no answer."""
    return Saved(saved_run(results.result(), "bare/baseline"), _variants())


@lru_cache
def full() -> Saved:
    """The baseline with the runs beside it, and both answers."""
    run = saved_run(results.result(), "full/baseline")
    save_answer(asked(), run.parent)
    save_answer(priced(), run.parent)
    return Saved(run, _variants())


def desk_of(saved: Saved, lang: Language = "zh") -> Sources:
    return Sources(saved, lang, template_of())


def tables_of(pieces: object) -> dict[str, Table]:
    found = [piece for piece in pieces if isinstance(piece, Table)]  # type: ignore[attr-defined]
    assert len({table.id for table in found}) == len(found)
    return {table.id: table for table in found}


def warnings_of(pieces: object) -> list[str]:
    return [one.text for one in pieces if isinstance(one, Sentences) and one.kind == "warn"]  # type: ignore[attr-defined]
