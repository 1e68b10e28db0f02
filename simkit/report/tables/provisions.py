"""What each provision costs alone, stacked and order-free; from a saved answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from simkit.base.money import format_wan
from simkit.base.words import of_two, say
from simkit.report.papers.table import Column, Kind, Language, Table, with_rounding_note
from simkit.report.tables.readings import confidence_of, fund_of
from simkit.report.tables.unpriced import unpriced_notes
from simkit.report.tables.whole_fen import apportion
from simkit.whatif.provisions import Cost, Provision, Provisions

__all__ = ["provision_costs"]


def provision_costs(found: Provisions, *, budget_year: bool = False, lang: Language = "zh") -> Table:
    """Every provision that costs something, dearest first; stacked and order-free add up to the policy's money.

    `budget_year`: of the special fund, paid in the budget year; else of all funds in all years.
    """
    field = "budget_year" if budget_year else "total"
    costs = [(one, getattr(one, field)) for one in found.provisions]
    costs = [(one, cost) for one, cost in costs if cost.alone or cost.order_free]
    rows = _rows(found, costs, getattr(found, field).order_free, lang)
    rows.sort(key=lambda row: -row["order_free"])
    rows.append(_sum(rows, getattr(found, field), lang))
    columns = [_column(lang, "clause"), _column(lang, "item")]
    for key in ("alone", "stacked", "order_free", "saved"):
        error = Column(key=f"{key}_error", heading=say(lang, "readings.col.error"), kind="money")
        columns += [_column(lang, key, "money"), error]
    columns += [_column(lang, "share", "share"), _column(lang, "together")]
    words = {"fund": fund_of(found.origin, lang), "year": found.origin.budget_year} if budget_year else {}
    table = Table(
        id=f"provisions_{field}",
        title=say(lang, f"readings.title.costs{'_year' if budget_year else ''}", **words),
        unit=say(lang, "unit.wan"),
        columns=tuple(columns),
        rows=tuple(rows),
        totals=(len(rows) - 1,),
        notes=tuple(_notes(found, [cost for _, cost in costs], budget_year, lang)),
    )
    return with_rounding_note(table, lang)


def _rows(
    found: Provisions, costs: list[tuple[Provision, Cost]], total: int, lang: Language
) -> list[dict[str, Any]]:
    """Means in whole fen that add up to the rounded mean of the whole."""
    draws = found.origin.draws
    names = {one.measure: of_two(lang, one.name_zh, one.name_en) for one in found.provisions}
    means = {
        key: [
            int(fen)
            for fen in apportion(np.array([getattr(cost, key) for _, cost in costs], np.int64), draws)
        ]
        for key in ("alone", "stacked", "order_free")
    }
    rows = []
    for place, (one, cost) in enumerate(costs):
        row: dict[str, Any] = {"clause": one.clause, "item": names[one.measure]}
        for key in ("alone", "stacked", "order_free"):
            row |= {key: means[key][place], f"{key}_error": _fen(getattr(cost, f"{key}_error"))}
        row |= {"saved": row["alone"] - row["order_free"], "saved_error": _fen(cost.saved_error)}
        row["share"] = cost.order_free / total if total else None
        row["together"] = say(lang, "readings.list").join(names[other] for other in one.together)
        rows.append(row)
    return rows


def _fen(value: float | None) -> int | None:
    """Whole fen; None for what is refused or cannot be told."""
    return None if value is None else round(value)


def _sum(rows: list[dict[str, Any]], together: Cost, lang: Language) -> dict[str, Any]:
    """The total row: the policy's money, and what the provisions would cost each alone."""
    row: dict[str, Any] = {"clause": "", "item": say(lang, "readings.row.sum"), "together": ""}
    for key in ("alone", "stacked", "order_free", "saved"):
        row |= {key: sum(one[key] for one in rows), f"{key}_error": _fen(getattr(together, f"{key}_error"))}
    return row | {"share": sum(one["share"] for one in rows) if rows else None}


def _notes(found: Provisions, costs: list[Cost], budget_year: bool, lang: Language) -> list[str]:
    notes = [say(lang, "readings.note.ways"), say(lang, "readings.note.sum")]
    if budget_year:
        notes.append(say(lang, "readings.note.expected", confidence=confidence_of(found.origin)))
    sampled = max((cost.sampling_error for cost in costs), default=0.0)
    if sampled:
        notes.append(say(lang, "readings.note.sampled", most=format_wan(sampled)))
    notes += unpriced_notes(found.origin, lang)
    origin = found.origin
    words = {"scenario": origin.scenario, "draws": f"{origin.draws:,}", "seed": origin.seed}
    return [*notes, say(lang, "readings.note.origin", **words)]


def _column(lang: Language, key: str, kind: Kind = "text") -> Column:
    return Column(key=key, heading=say(lang, f"readings.col.{key}"), kind=kind)
