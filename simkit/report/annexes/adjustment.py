"""调剂表: what an overlay moves between the lines of the budget year, against the budget without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from simkit.base.arrays import FenArray
from simkit.base.said import listed
from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Cell, Ratio, Sum, Table
from simkit.report.tables.budget import payable
from simkit.report.tables.table_draft import percent
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.figures import figures_of, year_sample
from simkit.runs.result import Result
from simkit.sizing.compare import quantile_shift
from simkit.whatif.evaluate import moved

__all__ = ["adjustment"]

_COLUMNS = {"before": "before", "change": "change_amount", "change_error": "change_error", "after": "after"}


def adjustment(desk: Sources) -> Sequence[Piece]:
    """The budget year line by line; where nothing was laid on, a sentence that says so."""
    if not desk.result.scenario.changes:
        return [desk.words("annex.adjustment.none")]
    base = desk.saved.baseline
    if base is None or not _comparable(desk.result, base):
        other = base is not None and _year(base) != _year(desk.result)
        return [desk.words("annex.adjustment.other_year" if other else "annex.adjustment.no_baseline")]
    return [desk.words("annex.adjustment.about", name=desk.result.scenario.name), _lines(desk, base)]


def _year(result: Result) -> int:
    return result.scenario.plan.budget_year


def _comparable(result: Result, base: Result) -> bool:
    """Whether both met the same luck and are about the same year."""
    ours, theirs = (
        (one.seed, one.draws, one.parameters, one.scenario.plan.budget_year) for one in (result, base)
    )
    return ours == theirs


def _lines(desk: Sources, base: Result) -> Table:
    """The special fund by measure, its margin and need; the other funds; the whole policy."""
    draft, result = desk.draft(), desk.result
    year = result.scenario.plan.budget_year
    rows: list[dict[str, Any]] = []
    links: dict[Cell, Sum | Ratio] = {}
    before, after = whole_fen(base), whole_fen(result)
    samples = [one.paid_by("measure", year, special=True) for one in (base, result)]
    places = [_payable(one, year) for one in (base, result)]
    names = {**base.scenario.policy.measures, **result.scenario.policy.measures}
    reach = moved(base.scenario, result.scenario)
    for name, measure in names.items():
        if not any(name in one for one in places):
            continue
        then, now = (one.get(name) for one in places)
        cells = _cells(
            0 if then is None else before.sum(special=True, paid=year, measure=then),
            0 if now is None else after.sum(special=True, paid=year, measure=now),
        )
        gap = _column(samples[1], now) - _column(samples[0], then)
        row = {"number": str(len(rows) + 1), "item": draft.name(measure.name), **cells}
        error = draft.error(gap, certain=name not in reach)
        rows.append(row | {"change_error": error, "why": _why(draft, name, cells)})
    totals = _totals(draft, rows, links, base)
    for number in range(len(rows)):
        if (number, "after") not in links and isinstance(rows[number]["change"], int):
            links[number, "after"] = Sum(((number, "before"), (number, "change")))
    columns = [draft.column("number"), draft.column("item")]
    columns += [
        draft.column(key, "money", draft.say(f"annex.col.{words}")) for key, words in _COLUMNS.items()
    ]
    columns.append(draft.column("why", heading=draft.say("annex.col.why")))
    draft.note(draft.say("annex.note.adjustment"))
    draft.note_unpriced()
    return draft.table("annex_adjustment", columns, rows, totals=totals, title={"year": year}, links=links)


def _payable(result: Result, year: int) -> dict[str, int]:
    """Measures that the special fund pays or may pay in the year, and their places."""
    names = list(result.scenario.policy.measures)
    return {names[place]: place for place in payable(result, year)}


def _other_fund(result: Result, name: str) -> int | None:
    """Place of a fund that is not the special one; None where the policy has none of the name."""
    funds = result.scenario.policy.funds
    return list(funds).index(name) if name in funds and not funds[name].special else None


def _column(samples: FenArray, place: int | None) -> FenArray:
    """Money of a measure by draw; 0 where the policy has it not."""
    return np.zeros(len(samples), dtype=np.int64) if place is None else samples[:, place]


def _cells(before: Any, after: Any) -> dict[str, Any]:
    words = isinstance(before, str) or isinstance(after, str)
    return {"before": before, "change": after if words else after - before, "after": after}


def _totals(
    draft: AnnexDraft, rows: list[dict[str, Any]], links: dict[Cell, Sum | Ratio], base: Result
) -> list[int]:
    """Add the special fund's sum, margin and need, each other fund, and the whole policy's sum."""
    result = draft.result
    plan = result.scenario.plan
    year, p = plan.budget_year, plan.confidence / 10_000
    lines = range(len(rows))
    at = len(rows)

    def add(item: str, cells: dict[str, Any], error: Any = None) -> None:
        rows.append({"number": "", "item": item, **cells, "change_error": error, "why": ""})

    ours, theirs = year_sample(result, year, special=True), year_sample(base, year, special=True)
    sums = {key: sum(rows[line][key] for line in lines) for key in ("before", "change", "after")}
    add(draft.say("annex.row.expected"), sums, draft.error(ours - theirs))
    links |= {(at, key): Sum(tuple((line, key) for line in lines)) for key in sums}
    need = [
        draft.estimate(figures_of(one).quantile(p, year), "x", shown=("",))["x"] for one in (base, result)
    ]
    if all(isinstance(one, int) for one in need):
        margins = [need[0] - sums["before"], need[1] - sums["after"]]
        moved = partial(quantile_shift, theirs, ours, p, group=draft.group)
        shift = draft.error_of(moved)
        add(draft.say("annex.row.reserve"), _cells(*margins))
        add(draft.say("annex.row.need", confidence=percent(p)), _cells(*need), shift)
        links |= {(at + 2, key): Sum(((at, key), (at + 1, key))) for key in ("before", "change", "after")}
    last = len(rows)
    for item, cells, error in _other_funds(draft, base, result, year):
        add(item, cells, error)
    parts = [at, *range(last, len(rows))]
    whole = {key: sum(rows[part][key] for part in parts) for key in ("before", "change", "after")}
    gap = year_sample(result, year, special=False) - year_sample(base, year, special=False)
    links |= {(len(rows), key): Sum(tuple((part, key) for part in parts)) for key in whole}
    add(draft.say("annex.row.whole_expected"), whole, draft.error(gap))
    return [at, *([at + 2] if last == at + 3 else []), len(rows) - 1]


def _other_funds(
    draft: AnnexDraft, base: Result, result: Result, year: int
) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Every fund of either run that is not its special one: name, cells, and the error of the change."""
    was, now = whole_fen(base), whole_fen(result)
    samples = [one.paid_by("fund", year) for one in (base, result)]
    for name, fund in {**base.scenario.policy.funds, **result.scenario.policy.funds}.items():
        then, here = (_other_fund(one, name) for one in (base, result))
        cells = _cells(
            0 if then is None else was.sum(paid=year, fund=then),
            0 if here is None else now.sum(paid=year, fund=here),
        )
        if cells["before"] or cells["after"]:
            gap = _column(samples[1], here) - _column(samples[0], then)
            yield draft.name(fund.name), cells, draft.error(gap, certain=name not in _paying(base, result))


def _paying(base: Result, result: Result) -> set[str]:
    """Funds that pay for a measure which the overlay can move."""
    reach = moved(base.scenario, result.scenario)
    measures = [one.scenario.policy.measures[name] for one in (base, result) for name in reach]
    return {fund for one in measures if one.payers is not None for fund in one.payers.shares}


def _why(draft: AnnexDraft, measure: str, cells: dict[str, Any]) -> str:
    """The reasons of the overlays that change this measure; that it follows another change; or nothing."""
    reasons = []
    for overlay in draft.result.scenario.overlays:
        paths = (*overlay.changes, *overlay.sweep)
        if any(f"{path}.".startswith((f"measures.{measure}.", f"claims.{measure}.")) for path in paths):
            reasons.append(draft.name(overlay.reason))
    if reasons:
        return listed(dict.fromkeys(reasons), draft.lang, "language.semicolon")
    if not cells["change"]:
        return ""
    general = [draft.name(one.reason) for one in draft.result.scenario.overlays]
    return (
        draft.say("annex.adjustment.follows", why=listed(general, draft.lang, "language.semicolon"))
        if general
        else ""
    )
