"""假设登记表: every assumption with value, source, date and reliability, and what it does to the money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simkit.report.annexes.commands import command
from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.papers.pieces import Piece, Sentences
from simkit.report.papers.table import Column, Table
from simkit.report.tables.all import drivers as rank_table
from simkit.report.tables.assumptions import Effects, assumptions_register
from simkit.report.tables.drivers import money_asked
from simkit.report.tables.registered import Registered
from simkit.scenario import uncertain
from simkit.whatif.drivers import Assumption, Drivers

__all__ = ["assumptions", "effects_of_answer", "effects_of_ranks"]

_RANKS = ("correlation", "correlation_low", "correlation_high")


def assumptions(desk: Sources) -> Sequence[Piece]:
    """The register, and its sources in full."""
    answer = desk.saved.drivers
    effects = effects_of_ranks(desk) if answer is None else effects_of_answer(desk, answer)
    register = assumptions_register(desk.result, effects=effects, lang=desk.lang)
    numbered, sources = _numbered(desk, _grouped(desk, register))
    pieces: list[Piece] = [numbered, sources]
    if answer is None:
        words = desk.say("annex.text.no_effects", command=command(desk, "drivers", of="headline"))
        pieces.insert(0, Sentences(words, "warn"))
    return pieces


# ---------------------------------------------------------------------- what an assumption moves


def effects_of_answer(desk: Sources, answer: Drivers) -> Effects:
    """Swing of the mean between P10 and P90 of an assumption, as the saved answer has it."""
    draft = desk.draft()
    money = money_asked(answer, desk.lang)
    columns = (
        draft.column("effect", "money", draft.say("annex.col.effect", year=answer.origin.budget_year)),
        draft.column("effect_error", "money", draft.say("col.error")),
    )
    origin = answer.origin
    basis = {"draws": f"{origin.draws:,}", "seed": origin.seed, "money": money}
    return Effects(
        columns,
        {one.path: _swing(draft, one) for one in answer.assumptions},
        lambda one: {"effect": _untested(draft, one), "effect_error": ""},
        (draft.say("annex.note.effect", **basis), draft.say("annex.note.untested")),
    )


def _swing(draft: AnnexDraft, one: Assumption) -> dict[str, Any]:
    """The swing with its error; words where it is noise, or where the money is the same in every draw."""
    between = one.mean.between
    if between.refusal is not None:
        return {"effect": draft.refused, "effect_error": draft.refused}
    if between.value == 0 and not between.error:
        return {"effect": draft.say("annex.effect.none"), "effect_error": ""}
    error = draft.cells(between, "effect", shown=("_error",))["effect_error"]
    if not one.mean.distinct:
        return {"effect": draft.say("annex.effect.indistinct"), "effect_error": error}
    return {"effect": round(between.value), "effect_error": error}


def effects_of_ranks(desk: Sources) -> Effects:
    """Rank correlation with the budget year's money in the run's own draws, with its interval."""
    draft, result = desk.draft(), desk.result
    paths = uncertain(result.scenario)
    table = rank_table(result, top=len(paths), lang=desk.lang)
    cells = {row["path"]: {key: row[key] for key in _RANKS} for row in table.rows}
    refused = dict.fromkeys(_RANKS, draft.refused)
    cells = {path: cells.get(path, refused) for path in paths}
    year = result.scenario.plan.budget_year
    headings = (draft.say("annex.col.rank", year=year), *(draft.say(f"col.{key}") for key in _RANKS[1:]))
    columns = tuple(
        draft.column(key, "count", heading, decimals=2) for key, heading in zip(_RANKS, headings, strict=True)
    )
    notes = [draft.say("annex.note.rank"), draft.say("annex.note.untested")]
    if any(row["correlation"] == draft.refused for row in table.rows):
        notes += [note for note in table.notes if note not in notes][:2]
    return Effects(
        columns,
        cells,
        lambda one: {"correlation": _untested(draft, one)} | dict.fromkeys(_RANKS[1:], ""),
        tuple(notes),
    )


def _untested(draft: AnnexDraft, one: Registered) -> str:
    """A fixed value; or a law that is drawn for each claim or agency, which is chance."""
    drawn = one.law is not None and one.law.var() > 0
    return draft.say("annex.effect.chance" if drawn else "annex.effect.fixed")


# ---------------------------------------------------------------------- what repeats


def _grouped(desk: Sources, table: Table) -> Table:
    """What an assumption is about in a column of its own, which rows below each other share."""
    draft, rows = desk.draft(), []
    for row in table.rows:
        about = _about(draft, row["path"])
        rows.append({**row, "about": about, "item": row["item"].removeprefix(f"{about} · ")})
    about_column = draft.column("about", heading=draft.say("annex.col.about"), merged=True)
    item = draft.column("item", heading=draft.say("annex.col.assumed"))
    return replace(table, columns=(about_column, item, *table.columns[1:]), rows=tuple(rows))


def _about(draft: AnnexDraft, path: str) -> str:
    """The measure that a path is below; else the agencies, or all."""
    parts = path.removeprefix("policy_values.").split(".")
    measures = draft.result.scenario.policy.measures
    if parts[0] in ("claims", "measures") and len(parts) > 1 and parts[1] in measures:
        return draft.name(measures[parts[1]].name)
    return draft.say("annex.about.population" if parts[0] == "population" else "annex.about.general")


def _numbered(desk: Sources, table: Table) -> tuple[Table, Table]:
    """The register with its sources as numbers, and the sources in full."""
    draft = desk.draft()
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    rows: list[Mapping[str, Any]] = []
    for row in table.rows:
        number = found.setdefault(row["source"], len(found) + 1)
        counts[row["source"]] = counts.get(row["source"], 0) + 1
        rows.append({**row, "source": f"[{number}]"})
    columns = (draft.column("number"), draft.column("source"), draft.column("entries", "whole"))
    listed = [
        {"number": f"[{number}]", "source": source, "entries": counts[source]}
        for source, number in found.items()
    ]
    sources = draft.table("annex_sources", columns, listed)
    headed: tuple[Column, ...] = tuple(
        replace(one, heading=draft.say("annex.col.source_number")) if one.key == "source" else one
        for one in table.columns
    )
    notes = (*table.notes, draft.say("annex.note.sources"))
    return replace(table, columns=headed, rows=tuple(map(dict, rows)), notes=notes), sources
