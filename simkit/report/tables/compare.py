"""A comparison as tables: what a change costs in all, by year, measure, fund and department; who gains and loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simkit.report.papers.table import Column, Language, Table
from simkit.report.tables.answer import AnswerDraft, values
from simkit.whatif.comparison import Comparison, Line, Side

__all__ = [
    "compared",
    "compared_answers",
    "compared_by",
    "compared_changes",
    "compared_overview",
    "compared_response",
    "compared_sides",
    "compared_votes",
    "comparison",
]

_TOTALS = (("special_year", True), ("special_total", False), ("year", True), ("total", False))
_FIELDS = ("measure", "fund", "department")
_MONEY = ("before", "after", "difference", "difference_error", "low", "high")


def comparison(found: Comparison, *, lang: Language = "zh") -> list[Table]:
    """Every table of one comparison, in order."""
    tables = [compared_changes(found, lang=lang), compared(found, lang=lang)]
    tables += [compared_votes(found, lang=lang)] if found.votes else []
    if found.response is not None:
        tables += [compared_response(found, lang=lang), compared_answers(found, lang=lang)]
    tables += [compared_by(found, by, lang=lang) for by in ("special_year", "year", *_FIELDS)]
    return tables if found.sides is None else [*tables, compared_sides(found, lang=lang)]


def _draft(found: Comparison, lang: Language) -> AnswerDraft:
    return AnswerDraft(found.origin, lang, "col.compared.")


def compared_changes(found: Comparison, *, lang: Language = "zh") -> Table:
    """What the overlay changes: path, before, after."""
    draft, keys = _draft(found, lang), ("path", "before", "after")
    rows = [values(one, *keys) for one in found.changes]
    return draft.told("compared_changes", draft.columns("text", *keys), rows, name=found.name)


def compared(found: Comparison, *, lang: Language = "zh") -> Table:
    """The fund's need, and means of both views, before and after; no need where too few draws carry it."""
    draft, head = _draft(found, lang), found.headline
    rows: list[dict[str, Any]] = []
    if head is not None:
        label = draft.say("row.compared_need", view=draft.fund, **draft.budget)
        rows.append({"figure": label, **values(head, *_MONEY), "costs_more": None, "verdict": ""})
    for by, in_year in _TOTALS:
        year = draft.origin.budget_year if in_year else None
        line = found.line(by, str(year) if in_year else "", year)
        rows.append({"figure": _mean_of(draft, by, year), **_cells(draft, line)})
    notes = [draft.say(f"note.compared_{found.how}"), draft.say("note.compared"), *draft.unpriced()]
    return draft.told("compared", [draft.column("figure"), *_columns(draft)], rows, notes, name=found.name)


def compared_response(found: Comparison, *, lang: Language = "zh") -> Table:
    """Static, then dynamic: what the change costs without the answer of take-up, with it, and the answer alone."""
    draft, response = _draft(found, lang), found.response
    rows: list[dict[str, Any]] = []
    for line, effect in () if response is None else zip(response.lines, response.effect, strict=True):
        row: dict[str, Any] = {"figure": _mean_of(draft, line.by, line.year)}
        parts = {"static": found.line(line.by, line.key, line.year), "dynamic": line, "effect": effect}
        for name, one in parts.items():
            row |= {name: one.difference, f"{name}_error": one.difference_error}
        rows.append(row)
    keys = [f"{name}{end}" for name in ("static", "dynamic", "effect") for end in ("", "_error")]
    columns = [draft.column("figure"), *draft.columns("money", *keys)]
    return draft.told(
        "compared_response", columns, rows, [draft.say("note.compared_response")], name=found.name
    )


def compared_answers(found: Comparison, *, lang: Language = "zh") -> Table:
    """Elasticity, generosity and take-up of each measure that answers the change."""
    draft, keys = _draft(found, lang), ("elasticity", "generosity", "factor")
    answers = () if found.response is None else found.response.answers
    rows = [
        {"measure": _named(draft, found, "measure", one.measure), **values(one, *keys)} for one in answers
    ]
    columns = [_first(draft, "measure", "measure"), *draft.columns("count", *keys, decimals=3)]
    return draft.told("compared_answers", columns, rows, name=found.name)


def compared_votes(found: Comparison, *, lang: Language = "zh") -> Table:
    """Funds against their appropriations, before and after."""
    draft = _draft(found, lang)
    money = (
        "appropriation",
        "due",
        "paid",
        "paid_error",
        "unpaid",
        "unpaid_error",
        "deferred",
        "deferred_error",
    )
    shares = ("short", "short_low", "short_high")
    rows = [
        {
            "side": draft.say(f"side.{one.side}"),
            "fund": _named(draft, found, "fund", one.fund),
            "year": str(one.year),
            "mode": draft.say(f"mode.{one.mode}"),
            **values(one, *money, *shares),
        }
        for one in found.votes
    ]
    columns = [*draft.columns("text", "side", "fund", "year", "mode"), *draft.columns("money", *money)]
    columns += draft.columns("share", *shares)
    return draft.told("compared_votes", columns, rows, [draft.say("note.compared_votes")], name=found.name)


def compared_by(found: Comparison, by: str, *, lang: Language = "zh") -> Table:
    """Means by paid year of a view, or by measure, fund or department (in the budget year and in all)."""
    draft = _draft(found, lang)
    rows: list[dict[str, Any]] = []
    for line in (one for one in found.lines if one.by == by):
        row = {"key": _named(draft, found, line.by, line.key)}
        if by in _FIELDS:
            row["paid_in"] = draft.say("row.term") if line.year is None else str(line.year)
        rows.append({**row, **_cells(draft, line)})
    totals: tuple[int, ...] = ()
    if by not in _FIELDS:
        total = found.line(by.replace("year", "total"))
        rows.append({"key": draft.say("row.term"), **_cells(draft, total)})
        totals = (len(rows) - 1,)
    columns = [_first(draft, "key", by)]
    columns += [draft.column("paid_in")] if by in _FIELDS else []
    notes = [draft.say("note.compared_measure")] if by == "measure" else []
    columns += _columns(draft)
    return draft.told(f"compared_{by}", columns, rows, notes, totals=totals, name=found.name)


def compared_sides(found: Comparison, *, lang: Language = "zh") -> Table:
    """Agencies that gain, lose and stay, by line of business and size: means by draw over all earned years."""
    draft = _draft(found, lang)
    counts, money = (
        ("gain", "gain_error", "lose", "lose_error"),
        ("gained", "gained_error", "lost", "lost_error"),
    )
    rows: list[dict[str, Any]] = [
        {**_who(draft, found, one), **values(one, *counts, "stay", *money)} for one in found.sides or ()
    ]
    if rows:
        total = {key: sum(row[key] for row in rows) for key in ("gain", "lose", "stay", "gained", "lost")}
        errors = dict.fromkeys(("gain_error", "lose_error", "gained_error", "lost_error"))
        rows.append({"line": draft.say("row.total"), "size": "", **total, **errors})
    columns = [*draft.columns("text", "line", "size"), *draft.columns("count", *counts, decimals=2)]
    columns += [draft.column("stay", "count"), *draft.columns("money", *money)]
    totals = (len(rows) - 1,) if rows else ()
    notes = [draft.say("note.compared_sides")]
    return draft.told(
        "compared_sides", columns, rows, notes, totals=totals, without_errors=totals, name=found.name
    )


def compared_overview(all_found: Sequence[Comparison], *, lang: Language = "zh") -> Table:
    """One row an overlay: the special fund in the budget year, and the whole policy over all years."""
    draft = _draft(all_found[0], lang)
    keys = [f"{part}difference{end}" for part in ("need_", "", "whole_") for end in ("", "_error")]
    rows: list[dict[str, Any]] = []
    for found in all_found:
        year = found.origin.budget_year
        whole = found.line("total")
        parts = (found.headline, found.line("special_year", str(year), year), whole)
        row: dict[str, Any] = {"name": found.name, "how": draft.say(f"how.{found.how}")}
        for key, part in zip(keys[::2], parts, strict=True):
            row |= {key: None, f"{key}_error": None}
            if part is not None:
                row |= {key: part.difference, f"{key}_error": part.difference_error}
        rows.append(row | {"costs_more": whole.costs_more, "verdict": _verdict(_draft(found, lang), whole)})
    columns = [*draft.columns("text", "name", "how"), *draft.columns("money", *keys)]
    columns += [draft.column("costs_more", "share"), draft.column("verdict")]
    notes = [draft.say("note.compared_overview", **draft.budget), draft.say("note.compared_how")]
    notes += dict.fromkeys(note for one in all_found for note in _draft(one, lang).unpriced())
    return draft.told("compared_overview", columns, rows, notes)


# ------------------------------------------------------------------ rows and cells


def _columns(draft: AnswerDraft) -> list[Column]:
    return [
        *draft.columns("money", *_MONEY),
        draft.column("costs_more", "share"),
        draft.column("verdict"),
    ]


def _cells(draft: AnswerDraft, line: Line) -> dict[str, Any]:
    cells = values(line, *_MONEY, "costs_more")
    for name in ("before", "after"):  # a mean that too few draws carry
        if name in line.refused:
            cells[name] = draft.say("cell.refused" if cells[name] else "cell.unmet")
    return cells | {"verdict": _verdict(draft, line)}


def _verdict(draft: AnswerDraft, line: Line) -> str:
    """Whether the difference is more than noise, in words."""
    if line.distinct:
        return draft.say("verdict.more" if line.difference > 0 else "verdict.less")
    refused = "difference" in line.refused
    if line.needs is not None:
        return draft.say("verdict.few" if refused else "verdict.noise", draws=f"{line.needs:,}")
    if refused:
        return draft.say("verdict.unmet", draws=f"{draft.origin.draws:,}", rare=draft.rare)
    return draft.say("verdict.none")


def _mean_of(draft: AnswerDraft, by: str, year: int | None) -> str:
    """A mean in words: of the special fund by its name, or of the whole policy; of a paid year, or of all."""
    view = draft.fund if by.startswith("special") else draft.say("view.whole")
    when = draft.say("row.compared_all") if year is None else draft.say("row.paid_in", year=year)
    return draft.say("row.compared_mean", view=view, year=when)


def _first(draft: AnswerDraft, key: str, by: str) -> Column:
    return Column(key=key, heading=draft.say(f"col.compared_{by}"))


def _named(draft: AnswerDraft, found: Comparison, kind: str, key: str) -> str:
    name = found.names.get(f"{kind} {key}")
    return key if name is None else draft.name(name)


def _who(draft: AnswerDraft, found: Comparison, side: Side) -> dict[str, str]:
    """Line of business and size of a group of agencies."""
    line = _named(draft, found, "line", side.line) if side.line else draft.say("row.no_agencies")
    size = "" if side.large is None else draft.say("size.large" if side.large else "size.small")
    return {"line": line, "size": size}
