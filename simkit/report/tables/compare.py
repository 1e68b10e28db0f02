"""What a change costs, as tables: its diff, totals, years, measures, funds, departments, and whom it moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simkit.base.words import of_two, say
from simkit.report.papers.table import Column, Language, Table
from simkit.report.tables.unpriced import unpriced_notes
from simkit.report.tables.untold import in_words, mean_cell, rare
from simkit.whatif.answers import Origin
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


def comparison(found: Comparison, *, lang: Language = "zh") -> list[Table]:
    """Every table of one comparison, in order."""
    tables = [compared_changes(found, lang=lang), compared(found, lang=lang)]
    tables += [compared_votes(found, lang=lang)] if found.votes else []
    if found.response is not None:
        tables += [compared_response(found, lang=lang), compared_answers(found, lang=lang)]
    tables += [compared_by(found, by, lang=lang) for by in ("special_year", "year", *_FIELDS)]
    return tables if found.sides is None else [*tables, compared_sides(found, lang=lang)]


def compared_changes(found: Comparison, *, lang: Language = "zh") -> Table:
    """What the overlay changes: path, before, after."""
    rows = [{"path": one.path, "before": one.before, "after": one.after} for one in found.changes]
    columns = [_column(lang, key) for key in ("path", "before", "after")]
    return _table(found.origin, "compared_changes", columns, rows, lang, [], title={"name": found.name})


def compared(found: Comparison, *, lang: Language = "zh") -> Table:
    """The fund's need, and means of both views, before and after."""
    rows = [*_need(found, lang)]
    for by, in_year in _TOTALS:
        year = found.origin.budget_year if in_year else None
        line = found.line(by, str(year) if in_year else "", year)
        view = _view(by.startswith("special"), found.origin, lang)
        when = say(lang, "row.paid_in", year=year) if in_year else say(lang, "row.compared_all")
        rows.append(
            {
                "figure": say(lang, "row.compared_mean", view=view, year=when),
                **_cells(line, found.origin.draws, lang),
            }
        )
    columns = [_column(lang, "figure"), *_money_columns(lang)]
    notes = [say(lang, f"note.compared_{found.how}"), say(lang, "note.compared")]
    notes += unpriced_notes(found.origin, lang)
    return _table(found.origin, "compared", columns, rows, lang, notes, title={"name": found.name})


def compared_response(found: Comparison, *, lang: Language = "zh") -> Table:
    """Static, then dynamic: what the change costs without the answer of take-up, with it, and the answer alone."""
    response = found.response
    rows: list[dict[str, Any]] = []
    for place, line in enumerate(() if response is None else response.lines):
        static = found.line(line.by, line.key, line.year)
        when = (
            say(lang, "row.compared_all") if line.year is None else say(lang, "row.paid_in", year=line.year)
        )
        view = _view(line.by.startswith("special"), found.origin, lang)
        parts = {"static": static, "dynamic": line}
        parts["effect"] = response.effect[place]  # type: ignore[union-attr]  # lines come from it
        row: dict[str, Any] = {"figure": say(lang, "row.compared_mean", view=view, year=when)}
        for name, one in parts.items():
            row |= {name: one.difference, f"{name}_error": one.difference_error}
        rows.append(row)
    columns = [_column(lang, "figure")]
    for name in ("static", "dynamic", "effect"):
        columns += [_column(lang, name, "money"), _column(lang, f"{name}_error", "money")]
    notes = [say(lang, "note.compared_response")]
    return _table(found.origin, "compared_response", columns, rows, lang, notes, title={"name": found.name})


def compared_answers(found: Comparison, *, lang: Language = "zh") -> Table:
    """Elasticity, generosity and take-up of each measure that answers the change."""
    rows = []
    for one in () if found.response is None else found.response.answers:
        names = found.names.get(f"measure {one.measure}", (one.measure, one.measure))
        rows.append(
            {
                "measure": of_two(lang, *names),
                "elasticity": one.elasticity,
                "generosity": one.generosity,
                "factor": one.factor,
            }
        )
    columns = [_column(lang, "measure", heading=say(lang, "col.compared_measure"))]
    columns += [_column(lang, key, "count", decimals=3) for key in ("elasticity", "generosity", "factor")]
    return _table(found.origin, "compared_answers", columns, rows, lang, [], title={"name": found.name})


def compared_votes(found: Comparison, *, lang: Language = "zh") -> Table:
    """Funds against their appropriations, before and after."""
    rows = []
    for one in found.votes:
        names = found.names.get(f"fund {one.fund}", (one.fund, one.fund))
        row: dict[str, Any] = {
            "side": say(lang, f"side.{one.side}"),
            "fund": of_two(lang, *names),
            "year": str(one.year),
            "mode": say(lang, f"mode.{one.mode}"),
        }
        keys = ("appropriation", "due", "paid", "paid_error", "unpaid", "unpaid_error", "deferred")
        row |= {
            key: getattr(one, key) for key in (*keys, "deferred_error", "short", "short_low", "short_high")
        }
        rows.append(row)
    columns = [_column(lang, key) for key in ("side", "fund", "year", "mode")]
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
    columns += [_column(lang, key, "money") for key in money]
    columns += [_column(lang, key, "share") for key in ("short", "short_low", "short_high")]
    notes = [say(lang, "note.compared_votes")]
    return _table(found.origin, "compared_votes", columns, rows, lang, notes, title={"name": found.name})


def compared_by(found: Comparison, by: str, *, lang: Language = "zh") -> Table:
    """Means by paid year of a view, or by measure, fund or department (in the budget year and in all)."""
    lines = [line for line in found.lines if line.by == by]
    rows: list[dict[str, Any]] = []
    for line in lines:
        row = {"key": _name(found, line, lang)}
        if by in _FIELDS:
            row["paid_in"] = say(lang, "row.term") if line.year is None else str(line.year)
        rows.append({**row, **_cells(line, found.origin.draws, lang)})
    totals: tuple[int, ...] = ()
    if by not in _FIELDS:
        total = found.line(by.replace("year", "total"))
        rows.append({"key": say(lang, "row.term"), **_cells(total, found.origin.draws, lang)})
        totals = (len(rows) - 1,)
    columns = [_column(lang, "key", heading=say(lang, f"col.compared_{by}"))]
    columns += [_column(lang, "paid_in")] if by in _FIELDS else []
    columns += _money_columns(lang)
    notes = [say(lang, "note.compared_measure")] if by == "measure" else []
    title = {"name": found.name}
    return _table(found.origin, f"compared_{by}", columns, rows, lang, notes, title=title, totals=totals)


def compared_sides(found: Comparison, *, lang: Language = "zh") -> Table:
    """Agencies that gain, lose and stay, by line of business and size: means by draw over all earned years."""
    sides = found.sides or ()
    rows: list[dict[str, Any]] = [
        {"line": _line(found, one, lang), "size": _size(one, lang), **_moved(one)} for one in sides
    ]
    if rows:
        total = {key: sum(row[key] for row in rows) for key in ("gain", "lose", "stay", "gained", "lost")}
        errors = dict.fromkeys(("gain_error", "lose_error", "gained_error", "lost_error"))
        rows.append({"line": say(lang, "row.total"), "size": "", **total, **errors})
    columns = [_column(lang, "line"), _column(lang, "size")]
    for key in ("gain", "lose"):
        columns += [
            _column(lang, key, "count", decimals=2),
            _column(lang, f"{key}_error", "count", decimals=2),
        ]
    columns.append(_column(lang, "stay", "count"))
    for key in ("gained", "lost"):
        columns += [_column(lang, key, "money"), _column(lang, f"{key}_error", "money")]
    totals = (len(rows) - 1,) if rows else ()
    notes = [say(lang, "note.compared_sides")]
    title = {"name": found.name}
    return _table(found.origin, "compared_sides", columns, rows, lang, notes, title=title, totals=totals)


def compared_overview(all_found: Sequence[Comparison], *, lang: Language = "zh") -> Table:
    """One row an overlay: the special fund in the budget year, and the whole policy over all years."""
    rows: list[dict[str, Any]] = []
    for found in all_found:
        year = found.origin.budget_year
        special, whole = found.line("special_year", str(year), year), found.line("total")
        head = found.headline
        rows.append(
            {
                "name": found.name,
                "how": say(lang, f"how.{found.how}"),
                "need_difference": None if head is None else head.difference,
                "need_difference_error": None if head is None else head.difference_error,
                "difference": special.difference,
                "difference_error": special.difference_error,
                "whole_difference": whole.difference,
                "whole_difference_error": whole.difference_error,
                "costs_more": whole.costs_more,
                "verdict": _verdict(whole, found.origin.draws, lang),
            }
        )
    origin = all_found[0].origin
    columns = [_column(lang, "name"), _column(lang, "how")]
    keys = (
        "need_difference",
        "need_difference_error",
        "difference",
        "difference_error",
        "whole_difference",
        "whole_difference_error",
    )
    columns += [_column(lang, key, "money") for key in keys]
    columns += [_column(lang, "costs_more", "share"), _column(lang, "verdict")]
    values = {
        "year": origin.budget_year,
        "confidence": f"{origin.confidence / 100:g}%",
        "fund": _fund(origin, lang),
    }
    notes = [say(lang, "note.compared_overview", **values), say(lang, "note.compared_how")]
    notes += dict.fromkeys(note for one in all_found for note in unpriced_notes(one.origin, lang))
    return _table(origin, "compared_overview", columns, rows, lang, notes)


# ------------------------------------------------------------------ rows and cells


def _need(found: Comparison, lang: Language) -> list[dict[str, Any]]:
    """The headline's row; none where too few draws carry it."""
    head, origin = found.headline, found.origin
    if head is None:
        return []
    label = say(
        lang,
        "row.compared_need",
        view=_fund(origin, lang),
        year=origin.budget_year,
        confidence=f"{origin.confidence / 100:g}%",
    )
    return [
        {
            "figure": label,
            "before": head.before,
            "after": head.after,
            "difference": head.difference,
            "difference_error": head.difference_error,
            "low": head.low,
            "high": head.high,
            "costs_more": None,
            "verdict": "",
        }
    ]


def _cells(line: Line, draws: int, lang: Language) -> dict[str, Any]:
    return {
        "before": mean_cell(line, "before", lang),
        "after": mean_cell(line, "after", lang),
        "difference": line.difference,
        "difference_error": line.difference_error,
        "low": line.low,
        "high": line.high,
        "costs_more": line.costs_more,
        "verdict": _verdict(line, draws, lang),
    }


def _verdict(line: Line, draws: int, lang: Language) -> str:
    """Whether the difference is more than noise, in words."""
    if line.distinct:
        return say(lang, "verdict.more" if line.difference > 0 else "verdict.less")
    if line.needs is not None:
        key = "verdict.few" if "difference" in line.refused else "verdict.noise"
        return say(lang, key, draws=f"{line.needs:,}")
    if "difference" in line.refused:
        return say(lang, "verdict.unmet", draws=f"{draws:,}", rare=rare(draws))
    return say(lang, "verdict.none")


def _name(found: Comparison, line: Line, lang: Language) -> str:
    names = found.names.get(f"{line.by} {line.key}")
    return line.key if names is None else of_two(lang, *names)


def _line(found: Comparison, side: Side, lang: Language) -> str:
    if not side.line:
        return say(lang, "row.no_agencies")
    names = found.names.get(f"line {side.line}")
    return side.line if names is None else of_two(lang, *names)


def _size(side: Side, lang: Language) -> str:
    return "" if side.large is None else say(lang, "size.large" if side.large else "size.small")


def _moved(side: Side) -> dict[str, float]:
    keys = (
        "gain",
        "gain_error",
        "lose",
        "lose_error",
        "stay",
        "gained",
        "gained_error",
        "lost",
        "lost_error",
    )
    return {key: getattr(side, key) for key in keys}


def _fund(origin: Origin, lang: Language) -> str:
    return of_two(lang, origin.fund_zh, origin.fund_en)


def _view(special: bool, origin: Origin, lang: Language) -> str:
    """Whose money: the special fund by its name, or the whole policy's."""
    return _fund(origin, lang) if special else say(lang, "view.whole")


def _money_columns(lang: Language) -> list[Column]:
    keys = ("before", "after", "difference", "difference_error", "low", "high")
    return [
        *(_column(lang, key, "money") for key in keys),
        _column(lang, "costs_more", "share"),
        _column(lang, "verdict"),
    ]


def _column(
    lang: Language, key: str, kind: Any = "text", *, heading: str = "", decimals: int | None = None
) -> Column:
    return Column(key=key, heading=heading or say(lang, f"col.compared.{key}"), kind=kind, decimals=decimals)


def _table(
    origin: Origin,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[dict[str, Any]],
    lang: Language,
    notes: Sequence[str],
    *,
    title: dict[str, Any] | None = None,
    totals: tuple[int, ...] = (),
) -> Table:
    made = say(lang, "note.answer", scenario=origin.scenario, draws=f"{origin.draws:,}", seed=origin.seed)
    money = any(column.kind == "money" for column in columns)
    rows, why = in_words(
        columns, rows, lang=lang, draws=origin.draws, sums=totals if name == "compared_sides" else ()
    )
    return Table(
        id=name,
        title=say(lang, f"title.{name}", **(title or {})),
        unit=say(lang, "unit.wan") if money else "",
        columns=tuple(columns),
        rows=tuple(rows),
        totals=totals,
        notes=(*notes, *why, made),
    )
