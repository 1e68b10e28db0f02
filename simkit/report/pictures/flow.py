"""Pictures of where the money goes: from gross to award, by measure, at the caps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simkit.base.words import say
from simkit.report.figures import flow
from simkit.report.papers.glyphs import clipped
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Language, Table
from simkit.report.pictures.words import all_numbers, drawn, labels_of
from simkit.rules.codes import STEPS

__all__ = ["NAME_WIDTH", "caps", "measures", "waterfall"]

#: Bars of a figure at most, so that it stays on a page, and half-width columns of their names.
_BARS, NAME_WIDTH = 20, 40


def waterfall(table: Table, lang: Language) -> Picture | Sentences | None:
    """The table's total row: gross, what each step took, awarded, forfeited, paid."""
    keys = ("gross", *STEPS, "awarded", "forfeited", "paid")
    row = {key: table.number((len(table.rows) - 1, key)) or 0 for key in keys}
    if not row["gross"]:
        return None
    names = {column.key: column.heading for column in table.columns}
    totals = ("gross", "awarded", "paid")
    shown = [key for key in keys if key in totals or row[key]]
    amounts = [float(row[key]) if key in totals else -float(row[key]) for key in shown]
    places = [place for place, key in enumerate(shown) if key in totals]
    labels = labels_of(lang, "chart.waterfall", "title", "y")
    return drawn(flow.waterfall, 3.9, [names[key] for key in shown], amounts, places, labels=labels)


def measures(table: Table, lang: Language, *, most: int = _BARS) -> Picture | Sentences | None:
    """Measures of the table that cost something, dearest first, with their share of the tail."""
    rows = [
        row
        for number, row in enumerate(table.rows)
        if number not in table.totals and table.number((number, "cost"))
    ]
    if not rows:
        return None
    rows, note = _largest(rows, lambda row: float(row["cost"]), most, lang)
    tail = [row["tail_share"] if isinstance(row["tail_share"], float) else float("nan") for row in rows]
    labels = labels_of(lang, "chart.measures", "title", "x", "expected", "tail")
    names, costs = [clipped(row["item"], NAME_WIDTH) for row in rows], [row["cost"] for row in rows]
    return drawn(flow.measures, 0.9 + 0.36 * len(rows), names, costs, tail, labels=labels, note=note)


def _largest(
    rows: list[dict[str, Any]], size: Callable[[dict[str, Any]], float], most: int, lang: Language
) -> tuple[list[dict[str, Any]], str]:
    """The largest rows, in their order, as many as a page has room for; a note where there are more."""
    left = len(rows) - most
    if left <= 0:
        return rows, ""
    kept = sorted(sorted(range(len(rows)), key=lambda place: -size(rows[place]))[:most])
    return [rows[place] for place in kept], say(lang, "chart.first", most=most, left=left)


def caps(table: Table, lang: Language, *, most: int = _BARS) -> Picture | Sentences | None:
    """Caps that take something or are worth something, with the share of agencies at them."""
    rows = [
        row for row in table.rows if all_numbers([row], "taken", "worth") and (row["taken"] or row["worth"])
    ]
    if not rows:
        return None
    rows, note = _largest(rows, lambda row: max(row["taken"], row["worth"]), most, lang)
    years = [column.key for column in table.columns if column.key.startswith("at_")]
    at_cap = [
        max((row[year] for year in years if isinstance(row[year], float)), default=float("nan"))
        for row in rows
    ]
    labels = labels_of(lang, "chart.caps", "title", "x", "taken", "worth", "at_cap")
    names = [clipped(row["item"], NAME_WIDTH) for row in rows]
    amounts = [[row[key] for row in rows] for key in ("taken", "worth")]
    return drawn(flow.caps, 1.0 + 0.42 * len(rows), names, *amounts, at_cap, labels=labels, note=note)
