"""绩效指标: the tree of outputs, benefits and satisfaction, from the policy's goals and from simulated counts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, get_args

import numpy as np

from simkit.arrays import FloatArray
from simkit.outlays import sum_by
from simkit.policy.types import PerUnit
from simkit.report.annexes.budget import payable
from simkit.report.annexes.desk import AnnexDraft, Desk
from simkit.report.annexes.template import Branch
from simkit.report.table import Blank, Table
from simkit.report.tables.draft import percent
from simkit.report.tables.flow import earned_samples
from simkit.report.tables.ledger import ledger, year_sample
from simkit.report.tables.rule_words import unit_word
from simkit.sizing.quantiles import quantile

__all__ = ["annual_indicators", "policy_goals"]

_BRANCHES: tuple[Branch, ...] = get_args(Branch)
_OUTPUTS = ("quantity", "quality", "timeliness", "cost")
_Row = dict[str, Any]


def policy_goals(desk: Desk) -> Table:
    """Long-term indicators: each goal of the policy once, in its branch, with its words."""
    draft, result = desk.draft(), desk.result
    year = result.scenario.plan.budget_year
    filled: dict[str, list[_Row]] = {}
    for key, goal in result.scenario.policy.goals.items():
        late = goal.by is not None and goal.by < year
        row: _Row = {
            "item": draft.name(goal.name),
            "target": f"{goal.value:,g}{goal.unit}",
            "by_year": goal.by,
        }
        row |= {"clause": goal.clause, "quote": goal.quote}
        row["remark"] = draft.say("annex.indicator.late", by=goal.by, year=year) if late else ""
        filled.setdefault(desk.template.performance.goals.get(key, "quantity"), []).append(row)
    empty: _Row = {"clause": "", "quote": ""}
    hint = partial(draft.say, "annex.hint.goal")
    rows = _tree(draft, filled, empty, ("item", "target", "by_year", "remark"), hint)
    columns = [draft.column(key, merged=True) for key in ("level1", "level2")]
    columns += [draft.column("item", heading=draft.say("col.level3")), draft.column("target")]
    columns += [draft.column("by_year", "whole"), draft.column("clause"), draft.column("quote")]
    columns.append(draft.column("remark"))
    draft.note(draft.say("annex.note.goals"))
    return draft.table("annex_performance_goals", columns, rows)


def annual_indicators(desk: Desk) -> Table:
    """Indicators of the budget year: simulated counts, timeliness and cost with their errors; the rest is blank."""
    draft = desk.draft()
    year = desk.result.scenario.plan.budget_year
    filled = {"quantity": _counts(draft), "timeliness": _timely(draft), "cost": _costs(draft)}
    hint = partial(draft.say, "annex.hint.indicator")
    rows = _tree(draft, filled, {"error": None}, ("item", "target", "remark"), hint)
    columns = [draft.column(key, merged=True) for key in ("level1", "level2")]
    columns += [draft.column("item", heading=draft.say("col.level3")), draft.column("target")]
    columns += [draft.column("error"), draft.column("remark")]
    draft.note(draft.say("annex.note.indicators", year=year))
    draft.note(draft.say("note.interval"))
    return draft.table("annex_performance_indicators", columns, rows, title={"year": year})


def _tree(
    draft: AnnexDraft, filled: dict[str, list[_Row]], empty: _Row, blanks: Iterable[str], hint: Any
) -> list[_Row]:
    """Rows of every branch in the form's order; one that nothing is known of has a line to be filled in."""
    rows = []
    for branch in _BRANCHES:
        top = "output" if branch in _OUTPUTS else "satisfied" if branch == "satisfaction" else "benefit"
        name = draft.say(f"annex.branch.{branch}")
        words = Blank(hint(branch=name))
        found = filled.get(branch) or [empty | dict.fromkeys(blanks, words)]
        rows += [{"level1": draft.say(f"annex.branch.{top}"), "level2": name, **row} for row in found]
    return rows


# ---------------------------------------------------------------------- what the run knows


def _indicator(draft: AnnexDraft, item: str, target: str, error: Any, remark: str) -> _Row:
    return {"item": item, "target": target, "error": error, "remark": draft.say(f"annex.indicator.{remark}")}


def _number(draft: AnnexDraft, item: str, sample: Any, unit: str, remark: str) -> _Row:
    """The mean of a count with its unit and standard error."""
    words = f" {unit}" if draft.lang == "en" and unit else unit
    error = draft.error(sample, whole=False)
    shown = error if isinstance(error, str) else f"{error:,.2f}{words}"
    return _indicator(draft, item, f"{float(np.mean(sample)):,.1f}{words}", shown, remark)


def _counts(draft: AnnexDraft) -> list[_Row]:
    """Agencies and claims awarded of the budget year, and heads where the award is so much a head."""
    result = draft.result
    year = result.scenario.plan.budget_year
    if year not in result.earned_years:
        return []
    at = result.earned_years.index(year)
    ours = payable(result, [year])
    measures = list(result.scenario.policy.measures.items())
    say = draft.say
    rows = [
        _number(
            draft,
            say("annex.indicator.agencies"),
            result.agencies_any[:, at],
            say("annex.unit.agency"),
            "whole",
        )
    ]
    claims = result.counts[:, ours, at, 5].sum(axis=1)
    rows.append(_number(draft, say("annex.indicator.claims"), claims, say("annex.unit.claim"), "special"))
    for place in ours:
        name, measure = measures[place]
        award = measure.award
        if isinstance(award, PerUnit):
            item = say("annex.indicator.units", item=draft.name(measure.name))
            units = result.money[:, place, at, 0] / award.amount
            word = unit_word(draft, name)
            counted = say("annex.unit.counted", unit=word) if word else ""
            rows.append(_number(draft, item, units, counted, "before_caps"))
    return rows


def _timely(draft: AnnexDraft) -> list[_Row]:
    """Part of what is awarded of the budget year that is paid within it, with the error of a ratio of means."""
    result = draft.result
    year = result.scenario.plan.budget_year
    cells = result.outlays.cells
    now = np.where((cells["earned"] == year) & (cells["paid"] == year), 0, -1)
    paid: FloatArray = sum_by(result.outlays, now, 1)[:, 0].astype(np.float64)
    awarded = earned_samples(result, year).sum(axis=1).astype(np.float64)
    whole = float(awarded.mean())
    if not whole:
        return []
    share = float(paid.mean()) / whole
    error = draft.error((paid - share * awarded) / whole, whole=False)
    shown = (
        error if isinstance(error, str) else draft.say("annex.indicator.points", points=f"{error * 100:.2f}")
    )
    return [_indicator(draft, draft.say("annex.indicator.timely"), f"{share:.1%}", shown, "calendar")]


def _costs(draft: AnnexDraft) -> list[_Row]:
    """The special fund's need at the confidence, and its expected outlay."""
    result = draft.result
    plan = result.scenario.plan
    p = plan.confidence / 10_000
    sample = year_sample(result, plan.budget_year, special=True)
    need = draft.estimate(partial(quantile, sample, p), "x")
    item = draft.say("annex.indicator.need", confidence=percent(p))
    rows = [_indicator(draft, item, _wan(draft, need["x"]), _wan(draft, need["x_error"]), "special")]
    expected = ledger(result).sum(special=True, paid=plan.budget_year)
    item = draft.say("annex.indicator.expected")
    rows.append(_indicator(draft, item, _wan(draft, expected), _wan(draft, draft.error(sample)), "special"))
    return rows


def _wan(draft: AnnexDraft, fen: Any) -> str:
    """Money with its unit, or the word for refused."""
    return fen if isinstance(fen, str) else draft.say("amount.wan", amount=draft.wan(fen))
