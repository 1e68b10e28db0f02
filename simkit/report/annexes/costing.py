"""项目支出预算测算明细表: what each measure is computed from, how, and what of it the budget year pays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from simkit.report.annexes.basis import basis
from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Blank, Cell, Sum, Table
from simkit.report.tables.budget import payable
from simkit.report.tables.flow import MeasureFlow, earned_samples, measure_flows, open_steps
from simkit.report.tables.whole_fen import WholeFen, whole_fen
from simkit.rules.codes import STEPS
from simkit.scenario.horizon import counted, paid_span

__all__ = ["costing"]


def costing(desk: Sources) -> Sequence[Piece]:
    """What each priced measure rests on, from gross to awarded of the budget year, and from there to what it pays."""
    year = desk.result.scenario.plan.budget_year
    flows = measure_flows(desk.result, earned=year)
    return [
        desk.words("annex.text.costing", year=year),
        *basis(desk, [flow.place for flow in flows]),
        _process(desk, flows),
        _bridge(desk, flows),
    ]


def _process(desk: Sources, flows: Sequence[MeasureFlow]) -> Table:
    """Of what is earned in the budget year: claims, gross, what each step takes, awarded, with the error of it."""
    draft, result = desk.draft(), desk.result
    year = result.scenario.plan.budget_year
    counts, could = _passed(desk), set[str]()
    samples = earned_samples(result, year)
    rows: list[dict[str, Any]] = []
    for flow in flows:
        row = _head(draft, len(rows) + 1, flow.place)
        row |= {"passed": float(counts[:, flow.place].mean())}
        name = list(result.scenario.policy.measures)[flow.place]
        never = paid_span(result.scenario, name, year) is None
        known = never or counted(result.scenario, name)
        row["passed_error"] = draft.error(counts[:, flow.place], whole=False, certain=known)
        row |= {"gross": flow.gross, "awarded": flow.awarded}
        row |= dict(zip(STEPS, flow.taken, strict=True))
        row["awarded_error"] = draft.error(samples[:, flow.place], certain=never)
        may_be = {"gross"} if flow.gross else {"gross", *open_steps(result.scenario.policy, name)}
        draft.left_open(len(rows), may_be, certain=never)
        could |= set() if never else may_be
        rows.append(row | {"actual": _actual(draft, "awarded")})
    places = [flow.place for flow in flows]
    errors = {
        "passed_error": draft.error(counts[:, places].sum(axis=1), whole=False, certain=not could),
        "awarded_error": draft.error(samples[:, places].sum(axis=1), certain=not could),
    }
    draft.left_open(len(rows), could)
    links = _add_total(draft, rows, ("passed", "gross", *STEPS, "awarded"), errors)
    links |= {
        (at, "awarded"): Sum(((at, "gross"),), tuple((at, key) for key in STEPS)) for at in range(len(rows))
    }
    columns = [draft.column("number"), draft.column("item", heading=draft.say("col.award_item"))]
    columns.append(draft.column("passed", "count", draft.say("col.expected_claims")))
    columns += [draft.column("passed_error", "count", decimals=2)]
    columns += [draft.column(key, "money") for key in ("gross", *STEPS, "awarded", "awarded_error")]
    columns.append(draft.column("actual", "money", draft.say("col.actual_awarded", year=year - 1)))
    draft.note(draft.say("annex.note.process", year=year))
    _note_year(draft, year)
    _note_steps(draft, places)
    draft.note(draft.say("annex.note.actual", year=year - 1))
    draft.note_unpriced()
    return draft.table(
        "annex_costing_process", columns, rows, totals=(len(rows) - 1,), title={"year": year}, links=links
    )


def _bridge(desk: Sources, flows: Sequence[MeasureFlow]) -> Table:
    """From what is awarded of the budget year to what is paid in it, as the budget's table has it."""
    draft, result, money = desk.draft(), desk.result, whole_fen(desk.result)
    year = result.scenario.plan.budget_year
    samples = {
        view: result.paid_by("measure", year, special=view == "special") for view in ("paid", "special")
    }
    ours, could = payable(result, year), set[str]()
    rows: list[dict[str, Any]] = []
    for flow in flows:
        row = _head(draft, len(rows) + 1, flow.place) | _paid(money, flow, year)
        for view, sample in samples.items():
            certain = draft.certain(flow.place, year=year, special=view == "special")
            row[f"{view}_error"] = draft.error(sample[:, flow.place], certain=certain)
        name = list(result.scenario.policy.measures)[flow.place]
        never = paid_span(result.scenario, name, year) is None
        draft.left_open(len(rows), ["awarded"], certain=never)
        draft.left_open(len(rows), ["paid_in_year"], certain=draft.certain(flow.place, year=year))
        could |= set() if never else {"awarded"}
        if flow.place not in ours:
            row |= {"special": None, "special_error": None}
        rows.append(row | {"actual": _actual(draft, "paid")})
    places = [flow.place for flow in flows]
    sure = {view: draft.certain(*places, year=year, special=view == "special") for view in samples}
    errors = {
        f"{view}_error": draft.error(sample[:, places].sum(axis=1), certain=sure[view])
        for view, sample in samples.items()
    }
    keys = ("awarded", "less_forfeited", "less_later", "paid_now", "paid_earlier", "paid_in_year")
    draft.left_open(len(rows), could)
    draft.left_open(len(rows), ["paid_in_year"], certain=sure["paid"])
    links = _add_total(draft, rows, (*keys, "special"), errors)
    for at in range(len(rows)):
        links[at, "paid_now"] = Sum(((at, "awarded"),), ((at, "less_forfeited"), (at, "less_later")))
        links[at, "paid_in_year"] = Sum(((at, "paid_now"), (at, "paid_earlier")))
    columns = [draft.column("number"), draft.column("item", heading=draft.say("col.award_item"))]
    columns += [draft.column(key, "money") for key in (*keys, "paid_error")]
    columns += [draft.column("special", "money"), draft.column("special_error", "money")]
    columns.append(draft.column("actual", "money", draft.say("col.actual_paid", year=year - 1)))
    draft.note(draft.say("annex.note.bridge", year=year))
    draft.note(draft.say("annex.note.actual", year=year - 1))
    draft.note_unpriced()
    draft.note_horizon()
    return draft.table(
        "annex_costing_bridge", columns, rows, totals=(len(rows) - 1,), title={"year": year}, links=links
    )


def _paid(money: WholeFen, flow: MeasureFlow, year: int) -> dict[str, int]:
    """From awarded of a year to paid in it: what is left for later, what was earned before, the special fund's part."""
    now = money.sum(measure=flow.place, earned=year, paid=year)
    paid = money.sum(measure=flow.place, paid=year)
    return {
        "awarded": flow.awarded,
        "less_forfeited": flow.forfeited,
        "less_later": flow.paid - now,
        "paid_now": now,
        "paid_earlier": paid - now,
        "paid_in_year": paid,
        "special": money.sum(special=True, measure=flow.place, paid=year),
    }


def _head(draft: AnnexDraft, number: int, place: int) -> dict[str, Any]:
    """Number and name of a line; the number is the same in every table of the annex."""
    measure = list(draft.result.scenario.policy.measures.values())[place]
    return {"number": str(number), "item": draft.name(measure.name)}


def _actual(draft: AnnexDraft, what: str) -> Blank:
    """Where last year's actual is to be written: nobody gave it, and an estimate may not stand for it."""
    year = draft.result.scenario.plan.budget_year - 1
    return Blank(draft.say(f"annex.hint.actual_{what}", year=year))


def _add_total(
    draft: AnnexDraft, rows: list[dict[str, Any]], keys: Iterable[str], errors: Mapping[str, Any]
) -> dict[Cell, Any]:
    """Add the row of sums, with errors of its own; that of the actuals is empty, a formula which waits for them."""
    lines, at = range(len(rows)), len(rows)
    sums = {key: sum(row[key] or 0 for row in rows) for key in keys}
    rows.append({"number": "", "item": draft.say("row.total"), **sums, **errors, "actual": ""})
    return {(at, "actual"): Sum(tuple((line, "actual") for line in lines))} if rows[:-1] else {}


def _passed(desk: Sources) -> Any:
    """Claims that pass step 1 of what is earned in the budget year: [draw, measure]."""
    result = desk.result
    found = np.zeros(result.counts.shape[:2], dtype=np.int64)
    for at, year in enumerate(result.earned_years):
        if year == result.scenario.plan.budget_year:
            found = found + result.counts[:, :, at, 0]
    return found


def _note_year(draft: AnnexDraft, year: int) -> None:
    """Say so where nothing can be earned in the budget year."""
    if year not in draft.result.earned_years:
        draft.note(draft.say("annex.note.nothing_earned", year=year))


def _note_steps(draft: AnnexDraft, places: Sequence[int]) -> None:
    """The largest standard error of what the steps take in the total row, in 万元."""
    result = draft.result
    years = [at for at, one in enumerate(result.earned_years) if one == result.scenario.plan.budget_year]
    sums = np.zeros((result.draws, 6), dtype=np.int64)
    for at in years:
        for place in places:
            sums += result.money[:, place, at, :6]
    draft.note_largest_error(sums / 1e6, draft.say("word.steps"))
