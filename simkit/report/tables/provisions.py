"""What each provision costs alone, stacked and order-free; from a saved answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from simkit.base.money import format_wan
from simkit.base.said import listed
from simkit.report.papers.table import Language, Table, with_rounding_note
from simkit.report.tables.answer import AnswerDraft, fen
from simkit.report.tables.whole_fen import apportion
from simkit.whatif.provisions import Cost, Provision, Provisions

__all__ = ["provision_costs"]

_WAYS = ("alone", "stacked", "order_free")


def provision_costs(found: Provisions, *, budget_year: bool = False, lang: Language = "zh") -> Table:
    """Every provision that costs something, dearest first; stacked and order-free add up to the policy's money.

    `budget_year`: of the special fund, paid in the budget year; else of all funds in all years.
    """
    draft = AnswerDraft(found.origin, lang, "readings.col.")
    field = "budget_year" if budget_year else "total"
    costs = [(one, getattr(one, field)) for one in found.provisions]
    costs = [(one, cost) for one, cost in costs if cost.alone or cost.order_free]
    rows = _rows(found, costs, getattr(found, field).order_free, draft)
    rows.sort(key=lambda row: -row["order_free"])
    rows.append(_sum(rows, getattr(found, field), draft))
    columns = draft.columns("text", "clause", "item")
    for key in (*_WAYS, "saved"):
        columns += [draft.column(key, "money"), draft.column(f"{key}_error", "money", head="error")]
    columns += [draft.column("share", "share"), draft.column("together")]
    title = draft.say(f"readings.title.costs{'_year' if budget_year else ''}", **draft.budget)
    notes = _notes([cost for _, cost in costs], budget_year, draft)
    totals = (len(rows) - 1,)
    table = draft.table(f"provisions_{field}", columns, rows, notes, title=title, totals=totals)
    return with_rounding_note(table, lang)


def _rows(
    found: Provisions, costs: list[tuple[Provision, Cost]], total: int, draft: AnswerDraft
) -> list[dict[str, Any]]:
    """Means in whole fen that add up to the rounded mean of the whole."""
    draws = found.origin.draws
    names = {one.measure: draft.name(one.name) for one in found.provisions}
    means = {
        key: [
            int(one)
            for one in apportion(np.array([getattr(cost, key) for _, cost in costs], np.int64), draws)
        ]
        for key in _WAYS
    }
    rows = []
    for place, (one, cost) in enumerate(costs):
        row: dict[str, Any] = {"clause": one.clause, "item": names[one.measure]}
        for key in _WAYS:
            row |= {key: means[key][place], f"{key}_error": fen(getattr(cost, f"{key}_error"))}
        row |= {"saved": row["alone"] - row["order_free"], "saved_error": fen(cost.saved_error)}
        row["share"] = cost.order_free / total if total else None
        row["together"] = listed((names[other] for other in one.together), draft.lang)
        rows.append(row)
    return rows


def _sum(rows: list[dict[str, Any]], together: Cost, draft: AnswerDraft) -> dict[str, Any]:
    """The total row: the policy's money, and what the provisions would cost each alone."""
    row: dict[str, Any] = {"clause": "", "item": draft.say("readings.row.sum"), "together": ""}
    for key in (*_WAYS, "saved"):
        row |= {key: sum(one[key] for one in rows), f"{key}_error": fen(getattr(together, f"{key}_error"))}
    return row | {"share": sum(one["share"] for one in rows) if rows else None}


def _notes(costs: list[Cost], budget_year: bool, draft: AnswerDraft) -> list[str]:
    notes = [draft.say("readings.note.ways"), draft.say("readings.note.sum")]
    if budget_year:
        notes.append(draft.say("readings.note.expected", confidence=draft.level))
    sampled = max((cost.sampling_error for cost in costs), default=0.0)
    if sampled:
        notes.append(draft.say("readings.note.sampled", most=format_wan(sampled)))
    return [*notes, *draft.unpriced(), draft.say("readings.note.origin", **draft.made)]
