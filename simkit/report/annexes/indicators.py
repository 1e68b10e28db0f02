"""绩效指标: the tree of outputs, benefits and satisfaction, from the policy's goals and from simulated counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, get_args

import numpy as np

from simkit.awards.outlays import sum_by
from simkit.base.arrays import FloatArray
from simkit.base.words import say
from simkit.policy.document import Goal
from simkit.policy.kinds.kind import Heads
from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.annexes.template import Branch
from simkit.report.papers.table import Blank, Table
from simkit.report.tables.budget import payable
from simkit.report.tables.rule_words import unit_word
from simkit.report.tables.table_draft import percent
from simkit.report.tables.whole_fen import special_funds, whole_fen
from simkit.scenario.horizon import paid_span
from simkit.sizing.quantiles import ratio

__all__ = ["annual_indicators", "policy_goals"]

_BRANCHES: tuple[Branch, ...] = get_args(Branch)
_OUTPUTS = ("quantity", "quality", "timeliness", "cost")
_Row = dict[str, Any]


def policy_goals(desk: Sources) -> Table:
    """Long-term indicators: each goal of the policy once, in its branch, with its words."""
    draft, result = desk.draft(), desk.result
    year = result.scenario.plan.budget_year
    filled: dict[str, list[_Row]] = {}
    for key, goal in result.scenario.policy.goals.items():
        late = goal.by is not None and goal.by < year
        row: _Row = {
            "item": draft.name(goal.name),
            "target": _compared(draft, goal),
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


def _compared(draft: AnnexDraft, goal: Goal) -> str:
    """A goal's number with its unit, and how it compares by the policy's words: 超过35% is ＞35%."""
    number = f"{goal.value:f}".rstrip("0").rstrip(".")
    words = re.sub(r"[（）(),，\s]", "", goal.quote)
    for key, known in draft.template.performance.comparisons:
        for one in known:
            near = rf"{re.escape(one)}{re.escape(number)}(?![\d.])|"
            near += rf"(?<![\d.]){re.escape(number + goal.unit)}{re.escape(one)}"
            if re.search(near, words):
                return draft.say(f"annex.goal.{key}", value=f"{goal.value:,.15g}{goal.unit}")
    return f"{goal.value:,.15g}{goal.unit}"


def annual_indicators(desk: Sources) -> Table:
    """Indicators of the budget year: simulated counts, timeliness and cost with their errors beside empty targets."""
    draft = desk.draft()
    year = desk.result.scenario.plan.budget_year
    filled = {"quantity": _counts(draft), "timeliness": _timely(draft), "cost": _costs(draft)}
    hint = partial(draft.say, "annex.hint.indicator")
    empty: _Row = {"reference": None, "error": None}
    rows = _tree(draft, filled, empty, ("item", "target", "remark"), hint)
    columns = [draft.column(key, merged=True) for key in ("level1", "level2")]
    columns += [draft.column("item", heading=draft.say("col.level3")), draft.column("reference")]
    columns += [draft.column("error"), draft.column("target", heading=draft.say("col.target_by_hand"))]
    columns.append(draft.column("remark"))
    draft.note(draft.say("annex.note.indicators", year=year, draws=f"{desk.result.draws:,}"))
    draft.note(draft.say("annex.note.no_agencies"))
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


def _indicator(draft: AnnexDraft, item: str, reference: str, error: Any, remark: str, **values: str) -> _Row:
    """A simulated figure to hold a target against; the target itself is for a person to set."""
    words = draft.say(f"annex.indicator.{remark}", **values)
    target = Blank(draft.say("annex.hint.target", item=item))
    return {"item": item, "reference": reference, "error": error, "target": target, "remark": words}


def _number(draft: AnnexDraft, item: str, sample: Any, unit: str, remark: str, places: Sequence[int]) -> _Row:
    """The mean of a count of some measures, whole, with its unit and standard error."""
    scenario, names = draft.result.scenario, list(draft.result.scenario.policy.measures)
    year = scenario.plan.budget_year
    never = all(paid_span(scenario, names[place], year) is None for place in places)
    words = f"{say(draft.lang, 'language.before_unit')}{unit}" if unit else unit
    error, value = draft.error(sample, whole=False, certain=never), float(np.mean(sample))
    shown = error if isinstance(error, str) else f"{error:,.2f}{words}"
    counted = error if value == 0 and error == draft.unmet else f"{value:z,.0f}{words}"
    return _indicator(draft, item, counted, shown, remark)


def _counts(draft: AnnexDraft) -> list[_Row]:
    """Claims awarded of the budget year, and heads where the award is so much a head: of the special fund's measures.

    Different agencies are counted over all measures only, so there is no number of those of the special fund.
    """
    result = draft.result
    year = result.scenario.plan.budget_year
    if year not in result.earned_years:
        return []
    at = result.earned_years.index(year)
    ours = payable(result, year)
    measures = list(result.scenario.policy.measures.items())
    say = draft.say
    claims = result.counts[:, ours, at, 5].sum(axis=1)
    rows = [_number(draft, say("annex.indicator.claims"), claims, say("annex.unit.claim"), "special", ours)]
    for place in ours:
        name, measure = measures[place]
        law = measure.award.exact_law() if measure.award is not None else None
        if isinstance(law, Heads):
            item = say("annex.indicator.units", item=draft.name(measure.name))
            units = result.money[:, place, at, 0] / law.amount
            word = unit_word(draft, name)
            counted = say("annex.unit.counted", unit=word) if word else ""
            rows.append(_number(draft, item, units, counted, "before_caps", [place]))
    return rows


def _timely(draft: AnnexDraft) -> list[_Row]:
    """Part of what the special fund owes of the budget year that it pays within it, with the error of a ratio of means.

    What it owes is what is awarded less what later conditions forfeit: all that it pays of the year, ever.
    """
    result = draft.result
    year = result.scenario.plan.budget_year
    cells = result.outlays.cells
    ours = special_funds(result)[cells["fund"]] & (cells["earned"] == year)
    group = np.where(ours, np.where(cells["paid"] == year, 0, 1), -1)
    parts: FloatArray = sum_by(result.outlays, group, 2).astype(np.float64)
    paid, owed = parts[:, 0], parts.sum(axis=1)
    if not owed.any():
        return []
    found = draft.estimate(partial(ratio, paid, owed, group=draft.group), "x", whole=False)
    share, error = found["x"], found["x_error"]
    shown = (
        error if isinstance(error, str) else draft.say("annex.indicator.points", points=f"{error * 100:.2f}")
    )
    told = share if isinstance(share, str) else f"{share:.1%}"
    return [_indicator(draft, draft.say("annex.indicator.timely"), told, shown, "calendar")]


def _costs(draft: AnnexDraft) -> list[_Row]:
    """The special fund's need at the confidence, and its expected outlay."""
    result = draft.result
    plan = result.scenario.plan
    p = plan.confidence / 10_000
    need = draft.estimate(draft.figures.needed, "x")
    item = draft.say("annex.indicator.need", confidence=percent(p))
    shown = _wan(draft, need["x"]), _wan(draft, need["x_error"])
    rows = [_indicator(draft, item, *shown, "quantile", confidence=percent(p))]
    expected = whole_fen(result).sum(special=True, paid=plan.budget_year)
    item = draft.say("annex.indicator.expected")
    error = draft.error_of(draft.figures.mean(plan.budget_year))
    told = error if expected == 0 and error == draft.unmet else expected
    rows.append(_indicator(draft, item, _wan(draft, told), _wan(draft, error), "special"))
    return rows


def _wan(draft: AnnexDraft, fen: Any) -> str:
    """Money with its unit, or the word for refused."""
    return fen if isinstance(fen, str) else draft.say("amount.wan", amount=draft.wan(fen))
