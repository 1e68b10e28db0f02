"""Budget lines with 风险准备, money by who pays, and outlays against appropriations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from simkit.base.arrays import FenArray, FloatArray
from simkit.base.errors import TooFewDrawsError
from simkit.policy.coverage import coverage
from simkit.report.papers.table import Column, Language, Table
from simkit.report.tables.draft import Draft
from simkit.report.tables.table_draft import percent
from simkit.report.tables.treatment import treatment
from simkit.report.tables.whole_fen import WholeFen, allot, whole_fen
from simkit.runs.result import Result
from simkit.sizing.allocation import tail_shares
from simkit.sizing.quantiles import exceedance

__all__ = [
    "appropriation",
    "budget_lines",
    "by_fund_department_level",
    "carried",
    "payable",
    "unpriced_funds",
]


def budget_lines(result: Result, *, lang: Language = "zh") -> Table:
    """The special fund in the budget year: a row a measure, expected; then 风险准备; the quantile as total.

    The last column allots the total by each measure's share of the tail.
    """
    draft = Draft(result, lang)
    plan = result.scenario.plan
    year, p = plan.budget_year, plan.confidence / 10_000
    money, places = whole_fen(result), payable(result, year)
    samples = result.paid_by("measure", year, special=True)[:, places]
    errors = [
        draft.error(samples[:, number], certain=draft.certain(place, year=year, special=True))
        for number, place in enumerate(places)
    ]
    provisions = coverage(result.scenario.policy, plan.choose)
    rows: list[dict[str, Any]] = []
    for number, (place, error) in enumerate(zip(places, errors, strict=True), start=1):
        one = provisions[place]
        expected = money.sum(special=True, paid=year, measure=place)
        row = {"number": str(number), "clause": one.clause, "item": draft.name(one.name)}
        row |= {"priced_by": draft.name(one.priced_by), "rigidity": draft.name(one.rigidity)}
        rows.append({**row, "expected": expected, "expected_error": error, "allotted": None})
    mean = sum(row["expected"] for row in rows)
    whole = draft.estimate(draft.figures.quantile(p, year), "expected", shown=("", "_error"))
    _allot(draft, rows, whole["expected"], samples, p)
    blank = dict.fromkeys(("number", "clause", "priced_by", "rigidity"), "")
    total = {"item": draft.say("row.mean_sum"), "expected": mean, "allotted": None}
    rows.append(blank | total | draft.estimate(draft.figures.mean(year), "expected", shown=("_error",)))
    kept = whole["expected"] if isinstance(whole["expected"], str) else whole["expected"] - mean
    reserve = {"item": draft.say("row.reserve"), "expected": kept, "expected_error": None, "allotted": None}
    rows.append(blank | reserve)
    label = draft.say("row.needed", confidence=percent(p))
    rows.append({**blank, "item": label, **whole, "allotted": whole["expected"]})
    columns = [draft.column(key) for key in ("number", "clause", "item", "priced_by", "rigidity")]
    columns += [draft.column(key, "money") for key in ("expected", "expected_error", "allotted")]
    draft.note(draft.say("note.reserve", confidence=percent(p)))
    draft.note_unpriced()
    title = {"year": year, "confidence": percent(p)}
    return draft.table("budget_lines", columns, rows, totals=(len(rows) - 3, len(rows) - 1), title=title)


def payable(result: Result, *years: int) -> list[int]:
    """Places of the measures that the special fund may pay, and of those that it does pay in these years."""
    policy = result.scenario.policy
    special = {name for name, fund in policy.funds.items() if fund.special}
    paid: set[int] = set()
    for year in years:
        paid |= set(np.flatnonzero(result.paid_by("measure", year, special=True).sum(axis=0)).tolist())
    return [
        place
        for place, (name, measure) in enumerate(policy.measures.items())
        if place in paid
        or (
            measure.live
            and name in result.scenario.plan.claims
            and measure.payers
            and special & set(measure.payers.shares)
        )
    ]


def carried(draft: Draft, samples: FenArray, p: float) -> FloatArray | None:
    """What each measure carries of the tail of their sum; None, with a note, where too few draws tell it."""
    try:
        return tail_shares(samples, p)
    except TooFewDrawsError as error:
        draft.note_refusal(error.refusal)
        return None


def _allot(draft: Draft, rows: list[dict[str, Any]], total: Any, samples: FenArray, p: float) -> None:
    """Give each measure its part of the total, by what it carries of the tail."""
    weights = carried(draft, samples, p)
    for row in rows:
        row["allotted"] = draft.refused
    if weights is not None and not isinstance(total, str):
        for row, part in zip(rows, allot(total, weights), strict=True):
            row["allotted"] = part


def by_fund_department_level(result: Result, *, lang: Language = "zh") -> Table:
    """Expected money by paid year: by fund, by department, by level, and by district of those that pay."""
    draft = Draft(result, lang)
    policy, money = result.scenario.policy, whole_fen(result)
    funds = list(policy.funds.values())
    waiting = unpriced_funds(result)
    samples = result.paid_by("fund")
    rows: list[dict[str, Any]] = []
    totals: list[int] = []

    def add(group: str, parts: Sequence[tuple[str, Sequence[tuple[int, int | None]]]]) -> None:
        """Rows of one way to split the money: name, then the (fund, district) it holds; their total."""
        label = draft.say(f"group.{group}")
        lines = [_by_paid_year(result, money, purses) for _, purses in parts]
        for (name, purses), line in zip(parts, lines, strict=True):
            unknown = not line["total"] and {fund for fund, _ in purses} <= waiting
            shown = dict.fromkeys(line, draft.say("treatment.unpriced")) if unknown else line
            error = None if unknown else _error(draft, samples, purses)
            _leave_open(draft, len(rows), [fund for fund, _ in purses])
            rows.append({"group": label, "item": name, **shown, "total_error": error})
        if lines:
            sums = {key: sum(line[key] for line in lines) for key in lines[0]}
            totals.append(len(rows))
            held = [(fund, None) for fund in {fund for _, purses in parts for fund, _ in purses}]
            error = _error(draft, samples, held)
            _leave_open(draft, len(rows), [fund for fund, _ in held])
            rows.append({"group": label, "item": draft.say("row.total"), **sums, "total_error": error})

    add("fund", [(draft.name(fund.name), [(place, None)]) for place, fund in enumerate(funds)])
    for field in ("department", "level"):
        values = list(dict.fromkeys(getattr(fund, field) for fund in funds))
        parts = []
        for value in values:
            held = [(place, None) for place, fund in enumerate(funds) if getattr(fund, field) == value]
            parts.append((draft.level(value) if field == "level" else value, held))
        add(field, parts)
    add("district", _district_parts(draft, result))
    columns = [draft.column("group"), draft.column("item")]
    columns += [draft.column(f"y{year}", "money", str(year)) for year in result.paid_years]
    columns.append(draft.column("total", "money", parts=tuple(f"y{year}" for year in result.paid_years)))
    columns.append(draft.column("total_error", "money", draft.say("col.error")))
    draft.note(draft.say("note.by_fund"))
    draft.note_unpriced()
    return draft.table("by_fund_department_level", columns, rows, totals=totals)


def unpriced_funds(result: Result) -> set[int]:
    """Funds that pay for nothing but what has no price: their money is unknown, not zero."""
    policy = result.scenario.policy
    paying: dict[str, set[str]] = {fund: set() for fund in policy.funds}
    for name, measure in policy.measures.items():
        for fund in measure.payers.shares if measure.payers else ():
            paying[fund].add(treatment(result, name))
    return {
        place
        for place, fund in enumerate(policy.funds)
        if "unpriced" in paying[fund] and "priced" not in paying[fund]
    }


def _error(draft: Draft, samples: FenArray, purses: Sequence[tuple[int, int | None]]) -> Any:
    """Standard error of the money of purses over all years; one district's is in the result by district."""
    funds = sorted({fund for fund, _ in purses})
    district = purses[0][1] if purses else None
    if district is None:
        certain = all(draft.certain(fund=fund) for fund in funds)
        return draft.error(samples[:, funds].sum(axis=1), certain=certain)
    return draft.error(draft.result.paid_by("district")[:, district])


def _leave_open(draft: Draft, at: int, funds: Sequence[int]) -> None:
    """Have a row's years say where they are 0 only since no draw met what some of these funds can pay then."""
    for year in draft.result.paid_years:
        certain = all(draft.certain(year=year, fund=fund) for fund in funds)
        draft.left_open(at, [f"y{year}"], certain=certain)


def _district_parts(draft: Draft, result: Result) -> list[tuple[str, list[tuple[int, int | None]]]]:
    """Every district of the purses by district, and the other funds on their level."""
    policy = result.scenario.policy
    funds = list(policy.funds.values())
    own = [place for place, fund in enumerate(funds) if fund.per_district]
    levels = {funds[place].level for place in own}
    parts: list[tuple[str, list[tuple[int, int | None]]]] = [
        (district, [(place, number) for place in own])
        for number, district in enumerate(policy.districts)
        if own
    ]
    for place, fund in enumerate(funds):
        if fund.level in levels and not fund.per_district:
            parts.append((draft.name(fund.name), [(place, None)]))
    return parts


def _by_paid_year(
    result: Result, money: WholeFen, purses: Sequence[tuple[int, int | None]]
) -> dict[str, int]:
    line = {}
    for year in result.paid_years:
        line[f"y{year}"] = sum(
            money.sum(paid=year, fund=fund)
            if district is None
            else money.sum(paid=year, fund=fund, district=district)
            for fund, district in purses
        )
    return {**line, "total": sum(line.values())}


_FLOWS = (
    "appropriation", "carry_in", "deferred_in", "due", "paid",
    "carry_out", "lapsed", "deferred_out", "unpaid", "overrun",
)  # fmt: skip


def appropriation(result: Result, *, lang: Language = "zh") -> Table:
    """Outlays held against the money voted, by fund and year, in expectation; without any: 未提供."""
    draft = Draft(result, lang)
    columns = [draft.column("fund"), draft.column("paid_year", "whole")]
    columns += [draft.column(key, "money") for key in _FLOWS]
    columns += [
        draft.column("short", "share"),
        draft.column("short_low", "share"),
        draft.column("short_high", "share"),
    ]
    rows = _without_budget(draft, columns) if result.budget is None else _with_budget(draft)
    draft.note(draft.say("note.not_reserve_fund"))
    return draft.table("appropriation", columns, rows)


def _without_budget(draft: Draft, columns: Sequence[Column]) -> list[dict[str, Any]]:
    draft.note(draft.say("note.no_appropriation"))
    result, money = draft.result, whole_fen(draft.result)
    rows: list[dict[str, Any]] = []
    for place, fund in enumerate(result.scenario.policy.funds.values()):
        for year in result.paid_years if fund.special else ():
            draft.left_open(len(rows), ["due"], certain=draft.certain(year=year, fund=place))
            row: dict[str, Any] = {column.key: draft.absent for column in columns}
            rows.append(
                row
                | {"fund": draft.name(fund.name), "paid_year": year, "due": money.sum(fund=place, paid=year)}
            )
    return rows


def _with_budget(draft: Draft) -> list[dict[str, Any]]:
    budget, policy = draft.result.budget, draft.result.scenario.policy
    assert budget is not None
    voted = draft.result.scenario.plan.appropriations
    label = draft.name(voted.label) if voted is not None else ""
    draft.note(draft.say("note.appropriation", mode=draft.say(f"mode.{budget.mode}"), label=label))
    draft.note(draft.say("note.liability", year=budget.years[-1]))
    rows = []
    for fund, flows in budget.funds.items():
        for at, year in enumerate(budget.years):
            row: dict[str, Any] = {"fund": draft.name(policy.funds[fund].name), "paid_year": year}
            row["appropriation"] = int(budget.appropriation[fund][at])
            row |= {key: float(np.mean(getattr(flows, key)[:, at])) for key in _FLOWS[1:]}
            gap = flows.unpaid[:, at] + flows.deferred_out[:, at] + flows.overrun[:, at]
            row |= draft.estimate(
                partial(exceedance, gap, 0, group=draft.group),
                "short",
                whole=False,
                shown=("", "_low", "_high"),
            )
            rows.append(row)
    return rows
