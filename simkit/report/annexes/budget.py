"""专项资金预算总表: what falls due, the margin up to the need, and the money voted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.annexes.years import Span, leave_open, spans, sum_of, year_columns
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Blank, Cell, Ratio, Sum, Table
from simkit.report.tables.budget import payable, unpriced_funds
from simkit.report.tables.table_draft import percent
from simkit.report.tables.whole_fen import WholeFen, whole_fen

__all__ = ["budget"]

#: The block of quantiles.
_LEVELS = (0.5, 0.8, 0.9, 0.95)


def budget(desk: Sources) -> Sequence[Piece]:
    """The special fund by line, the whole policy by fund and level, and the quantiles apart."""
    return [
        _special(desk),
        _whole(desk),
        _quantiles(desk),
    ]


def _special(desk: Sources) -> Table:
    """The special fund: a row a measure, their sum, 风险准备, the need, the money voted, the gap."""
    draft, result = desk.draft(), desk.result
    columns, money = spans(result), whole_fen(result)
    measures = list(result.scenario.policy.measures.values())
    rows: list[dict[str, Any]] = []
    for place in payable(result, *(year for one in columns for year in one.years)):
        row = {"number": str(len(rows) + 1), "item": draft.name(measures[place].name)}
        leave_open(draft, len(rows), columns, place, special=True)
        rows.append(row | sum_of(money, columns, special=True, measure=place))
    links: dict[Cell, Sum | Ratio] = {}
    totals = _below(draft, rows, links, columns, special=True)
    draft.note(draft.say("annex.note.lines"))
    _note_before(draft, money, columns)
    _note_ends(draft, rows[: totals[0]], columns)
    draft.note_unpriced()
    places = [draft.column("number"), draft.column("item"), *year_columns(draft, columns)]
    title = {"fund": draft.funds(True)}
    return draft.table("annex_budget_special", places, rows, totals=totals, title=title, links=links)


def _whole(desk: Sources) -> Table:
    """The whole policy: a row a fund under its level, then as for the special fund, without money voted."""
    draft, result = desk.draft(), desk.result
    columns, money = spans(result), whole_fen(result)
    funds = list(result.scenario.policy.funds.values())
    waiting = unpriced_funds(result)
    rows: list[dict[str, Any]] = []
    links: dict[Cell, Sum | Ratio] = {}
    totals, subtotals = [], []
    for level in dict.fromkeys(fund.level for fund in funds):
        priced = []
        for place, fund in enumerate(funds):
            if fund.level == level:
                cells = sum_of(money, columns, fund=place)
                if place in waiting and not cells["total"]:
                    cells = dict.fromkeys(cells, draft.say("treatment.unpriced"))
                else:
                    leave_open(draft, len(rows), columns, fund=place)
                    priced.append(len(rows))
                rows.append({"number": draft.level(level), "item": draft.name(fund.name), **cells})
        keys = [*(one.key for one in columns), "total"]
        if not priced:  # its money is unknown, not zero
            continue
        summed = {key: sum(rows[at][key] for at in priced) for key in keys}
        item = draft.say("annex.row.level_sum", level=draft.level(level))
        links |= {(len(rows), key): Sum(tuple((at, key) for at in priced)) for key in keys}
        for place in (at for at, fund in enumerate(funds) if fund.level == level):
            leave_open(draft, len(rows), columns, fund=place)
        totals.append(len(rows))
        subtotals.append(len(rows))
        rows.append({"number": "", "item": item, **summed})
    totals += _below(draft, rows, links, columns, special=False, parts=subtotals)
    draft.note_unpriced()
    places = [draft.column("number", heading=draft.say("col.level"), merged=True), draft.column("item")]
    places += year_columns(draft, columns)
    return draft.table("annex_budget_whole", places, rows, totals=totals, links=links)


def _below(
    draft: AnnexDraft,
    rows: list[dict[str, Any]],
    links: dict[Cell, Sum | Ratio],
    columns: Sequence[Span],
    *,
    special: bool,
    parts: Sequence[int] | None = None,
) -> list[int]:
    """Add the rows below the lines, each with its error: sum, 风险准备, need; money voted, gap, carry-over."""
    result, at = draft.result, len(rows)
    p = result.scenario.plan.confidence / 10_000
    lines = range(at) if parts is None else parts
    keys = [one.key for one in columns]
    figures, years = draft.figures, {one.key: one.years for one in columns}
    every = {**years, "total": tuple(year for one in columns for year in one.years)}
    expected = {key: sum(rows[line][key] for line in lines) for key in every}
    errors = {key: draft.error_of(figures.mean(asked, special=special)) for key, asked in every.items()}
    need = {
        key: draft.estimate(figures.quantile(p, asked, special=special), "x") for key, asked in years.items()
    }
    numbers = [key for key in keys if not isinstance(need[key]["x"], str)]
    none = {"total": None}
    reserve = {key: need[key]["x"] - expected[key] if key in numbers else draft.refused for key in keys}
    errors_kept = {
        key: draft.error_of(figures.reserve(p, asked, special=special)) for key, asked in years.items()
    }

    leave_open(draft, at, columns, special=special)

    def add(name: str, cells: dict[str, Any], **values: Any) -> None:
        rows.append({"number": "", "item": draft.say(f"annex.row.{name}", **values), **cells})

    add("expected", expected)
    add("error", errors)
    add("reserve", reserve | none)
    add("reserve_error", errors_kept | none)
    for end in ("", "_low", "_high"):
        add(f"need{end}", {key: need[key][f"x{end}"] for key in keys} | none, confidence=percent(p))
    links |= {(at, key): Sum(tuple((line, key) for line in lines)) for key in (*keys, "total")}
    links |= {(at + 4, key): Sum(((at, key), (at + 2, key))) for key in numbers}
    draft.note(draft.say("annex.note.reserve", confidence=percent(p)))
    draft.note(draft.say("note.interval"))
    if special:
        _voted(draft, rows, links, columns, at + 4)
    return [at, at + 4]


def _voted(
    draft: AnnexDraft,
    rows: list[dict[str, Any]],
    links: dict[Cell, Sum | Ratio],
    columns: Sequence[Span],
    need: int,
) -> None:
    """Money voted for the special fund (an input), what it lacks, and what is carried over in expectation."""
    budget = draft.result.budget
    special = [name for name, fund in draft.result.scenario.policy.funds.items() if fund.special]
    at = len(rows)
    hint = draft.say("annex.hint.voted")
    voted: dict[str, Any] = {"total": None}
    gap: dict[str, Any] = {"total": None}
    carried: dict[str, Any] = {"total": None}
    for one in columns:
        years = [] if budget is None else [year for year in one.years if year in budget.years]
        known = budget is not None and len(years) == len(one.years) > 0 and set(special) <= set(budget.funds)
        if budget is None or not known:
            voted[one.key], gap[one.key] = Blank(hint, draft.absent), draft.absent
            carried[one.key] = draft.absent
        else:
            places = [budget.years.index(year) for year in years]
            funds = [name for name in special if name in budget.funds]
            money = sum(int(budget.appropriation[name][place]) for name in funds for place in places)
            needed = rows[need][one.key]
            voted[one.key] = Blank(hint, money)
            gap[one.key] = draft.absent if isinstance(needed, str) else money - needed
            carried[one.key] = round(
                sum(float(np.mean(budget.funds[name].carry_out[:, places[-1]])) for name in funds)
            )
        links[at + 1, one.key] = Sum(((at, one.key),), ((need, one.key),), words=draft.absent)
    for name, cells in (("voted", voted), ("gap", gap), ("carried", carried)):
        rows.append({"number": "", "item": draft.say(f"annex.row.{name}"), **cells})
    if budget is not None and draft.result.scenario.plan.appropriations is not None:
        draft.note(
            draft.say("annex.note.voted", label=draft.name(draft.result.scenario.plan.appropriations.label))
        )
    draft.note(draft.say("annex.note.gap"))
    draft.note(draft.say("note.not_reserve_fund"))


def _note_before(draft: AnnexDraft, money: WholeFen, columns: Sequence[Span]) -> None:
    """Say what is paid before the budget year: it is in no column."""
    first = columns[0].years[0]
    before = [year for year in draft.result.paid_years if year < first]
    if before:
        paid = sum(money.sum(special=True, paid=year) for year in before)
        years = str(before[0]) if len(before) == 1 else f"{before[0]}—{before[-1]}"
        draft.note(draft.say("annex.note.before", years=years, paid=draft.wan(paid)))


def _note_ends(draft: AnnexDraft, lines: Sequence[dict[str, Any]], columns: Sequence[Span]) -> None:
    """Say why lines stop: the policy ends inside the plan; and that sources may be younger than the as-of day."""
    plan, until = draft.result.scenario.plan, draft.result.scenario.policy.document.in_force.until
    shown = [year for one in columns for year in one.years]
    if (
        until is not None
        and until.year <= shown[-1]
        and any(not line[one.key] for line in lines for one in columns)
    ):
        draft.note(draft.say("annex.note.ends", until=until))
    dates = [one.date for one in plan.sources.values()]
    if dates and max(dates) > plan.as_of:
        draft.note(draft.say("annex.note.younger", as_of=plan.as_of))


def _quantiles(desk: Sources) -> Table:
    """P50 to P95 of each year in both views: a block of its own, since quantiles do not add."""
    draft, result = desk.draft(), desk.result
    columns = spans(result)
    rows: list[dict[str, Any]] = []
    for special in (True, False):
        view = {"view": draft.view(special)}
        for level in _LEVELS:
            name = f"P{level * 100:g}"
            cells = {
                one.key: draft.estimate(draft.figures.quantile(level, one.years, special=special), "x")
                for one in columns
            }
            rows.append(view | {"item": name} | {key: one["x"] for key, one in cells.items()})
            error = draft.say("annex.row.quantile_error", name=name)
            rows.append(view | {"item": error} | {key: one["x_error"] for key, one in cells.items()})
    places = [draft.column("view", merged=True), draft.column("item", heading=draft.say("col.figure"))]
    places += [
        draft.column(column.key, "money", column.heading, not_additive=True)
        for column in year_columns(draft, columns, total=False)
    ]
    draft.note(draft.say("annex.note.not_additive"))
    return draft.table("annex_budget_quantiles", places, rows)
