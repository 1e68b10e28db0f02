"""The register of assumptions: path, value in words, source, date, reliability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simkit.report.papers.table import Column, Language, Table
from simkit.report.tables import roster
from simkit.report.tables.assumed_words import path_words
from simkit.report.tables.draft import Draft
from simkit.report.tables.registered import Registered, registered
from simkit.runs.result import Result

__all__ = ["Effects", "assumptions_register"]


@dataclass(frozen=True, slots=True)
class Effects:
    """What each assumption moves: columns of a register beside it.

    Attributes
    ----------
    columns : tuple of Column
    cells : mapping of path to the cells of these columns
    otherwise : function
        Cells of an assumption that `cells` lacks.
    notes : tuple of str
    """

    columns: tuple[Column, ...]
    cells: Mapping[str, Mapping[str, Any]]
    otherwise: Callable[[Registered], Mapping[str, Any]]
    notes: tuple[str, ...] = ()


def assumptions_register(result: Result, *, effects: Effects | None = None, lang: Language = "zh") -> Table:
    """Every assumption with value, source, date and reliability; with what it moves where that is given."""
    draft = Draft(result, lang)
    rows: list[dict[str, Any]] = []
    for one in registered(draft):
        row: dict[str, Any] = {"item": path_words(draft, one.path), "path": one.path, "value": one.value}
        row |= {"source": one.source, "date": one.date}
        grade = one.reliability or ("unstated" if one.is_changed else "")
        row["reliability"] = draft.say(f"reliability.{grade}") if grade else ""
        if effects is not None:
            row |= effects.cells[one.path] if one.path in effects.cells else effects.otherwise(one)
        rows.append(row | {"note": one.note})
    keys = ("item", "path", "value", "source", "date", "reliability")
    columns = [draft.column(key) for key in keys]
    columns += [*(() if effects is None else effects.columns), draft.column("note")]
    draft.note(draft.say("note.assumptions", count=len(rows)))
    for note in roster.of_run(result, lang):
        draft.note(note)
    for note in () if effects is None else effects.notes:
        draft.note(note)
    return draft.table("assumptions", columns, rows)
