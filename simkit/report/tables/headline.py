"""How much money is needed: the headline, by year, and against every probability."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from simkit.report.papers.table import Language, Table
from simkit.report.tables.draft import Draft
from simkit.report.tables.table_draft import percent
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.result import Result
from simkit.sizing.estimate import Estimate, attempt
from simkit.sizing.quantiles import tail_mean

__all__ = ["LEVELS", "by_year", "confidence_curve", "headline"]

#: Quantiles of the headline; those by year are all but the last.
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)
_TAIL = 0.95
#: Probabilities of the whole curve.
_POINTS = tuple(percents / 100 for percents in range(1, 100))


def headline(result: Result, *, lang: Language = "zh") -> Table:
    """Money paid in the budget year, with its error: the special fund's view and the whole policy's."""
    draft = Draft(result, lang)
    plan = result.scenario.plan
    confidence, money = plan.confidence / 10_000, whole_fen(result)
    rows = []
    for special in (True, False):
        for label, found in _figures(draft, confidence, special=special):
            row = {"view": draft.view(special), "fund": draft.funds(special), "year": plan.budget_year}
            cells = draft.estimate(found, "amount")
            if label == draft.say("row.mean") and not isinstance(cells["amount"], str):
                cells["amount"] = money.sum(special=special, paid=plan.budget_year)  # as in every other table
            rows.append({**row, "figure": label, **cells})
    columns = [
        draft.column("view"),
        draft.column("fund"),
        draft.column("year", "whole"),
        draft.column("figure"),
    ]
    columns += [draft.column(key, "money") for key in ("amount", "amount_low", "amount_high", "amount_error")]
    draft.note(draft.say("note.headline", as_of=plan.as_of, draws=f"{result.draws:,}", seed=result.seed))
    draft.note(draft.say("note.interval"))
    draft.note_horizon()
    draft.note_unpriced()
    count = len(rows) // 2
    title = {"year": plan.budget_year, "confidence": percent(confidence)}
    return draft.table("headline", columns, rows, totals=(0, count), title=title)


def _figures(draft: Draft, confidence: float, *, special: bool) -> list[tuple[str, Estimate]]:
    figures, year = draft.figures, draft.result.scenario.plan.budget_year
    sample, certain = figures.sample(year, special=special), figures.certain(year, special=special)
    tail = partial(tail_mean, sample, _TAIL, group=draft.group, certain=certain)
    needed = draft.say("row.needed", confidence=percent(confidence))
    return [
        (needed, figures.quantile(confidence, year, special=special)),
        (draft.say("row.mean"), figures.mean(year, special=special)),
        *((f"P{level * 100:g}", figures.quantile(level, year, special=special)) for level in LEVELS),
        (f"TVaR{_TAIL * 100:g}", attempt(tail)),
    ]


def by_year(result: Result, *, special: bool = True, lang: Language = "zh") -> Table:
    """Money by paid year and over the whole term: expected, and quantiles, which do not add."""
    draft = Draft(result, lang)
    expected, figures = whole_fen(result), draft.figures
    rows: list[dict[str, Any]] = []
    for year in (*result.paid_years, None):
        label = draft.say("row.term") if year is None else str(year)
        money = expected.sum(special=special, **({} if year is None else {"paid": year}))
        row: dict[str, Any] = {"paid_year": label, "expected": money}
        row |= draft.estimate(figures.mean(year, special=special), "expected", shown=("_error",))
        for level in LEVELS[:-1]:
            found = figures.quantile(level, year, special=special)
            row |= draft.estimate(found, f"p{level * 100:g}", shown=("", "_error"))
        rows.append(row)
    columns = [
        draft.column("paid_year"),
        draft.column("expected", "money"),
        draft.column("expected_error", "money"),
    ]
    for level in LEVELS[:-1]:
        key = f"p{level * 100:g}"
        columns.append(draft.column(key, "money", key.upper(), not_additive=True))
        columns.append(draft.column(f"{key}_error", "money", draft.say("col.error")))
    draft.note(draft.say("note.not_additive"))
    draft.note_horizon()
    draft.note_unpriced()
    name = "by_year_special" if special else "by_year_whole"
    return draft.table(name, columns, rows, totals=(len(rows) - 1,))


def confidence_curve(
    result: Result,
    *,
    special: bool = True,
    year: int | None = None,
    points: Sequence[float] = _POINTS,
    lang: Language = "zh",
) -> Table:
    """An appropriation against the probability that it is enough: 1 % to 99 %, where the draws carry it.

    `year`: the paid year; None: the budget year. `points`: the probabilities.
    """
    draft = Draft(result, lang)
    year = result.scenario.plan.budget_year if year is None else year
    rows: list[dict[str, Any]] = []
    carried: list[float] = []
    for point in points:
        found = draft.figures.quantile(point, year, special=special)
        carried += [] if found.refusal else [point]
        rows.append({"probability": point, **draft.cells(found, "amount")})
    if len(carried) < len(rows):
        reach = draft.say("note.curve_none")
        if carried:
            reach = draft.say(
                "note.curve_reach", low=f"{min(carried) * 100:g}", high=f"{max(carried) * 100:g}"
            )
        draft.note(draft.say("note.curve_refused", draws=f"{result.draws:,}", reach=reach))
    draft.note(draft.say("note.interval"))
    decimals = 0 if all(round(point * 100, 6) % 1 == 0 for point in points) else 2
    columns = [draft.column("probability", "share", decimals=decimals), draft.column("amount", "money")]
    columns += [draft.column(key, "money") for key in ("amount_low", "amount_high", "amount_error")]
    title = {"year": year, "view": draft.view(special)}
    return draft.table("confidence_curve", columns, rows, title=title)
