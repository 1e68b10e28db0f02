"""How the number of agencies moves, target beside trend, and why one year's money differs from another's."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from simkit.base.errors import InputError
from simkit.claims.assumed import Assumed
from simkit.claims.population import expected_agencies
from simkit.report.papers.table import Column, Language, Table
from simkit.report.tables.draft import Draft
from simkit.report.tables.whole_fen import allot, whole_fen
from simkit.runs.figures import year_sample
from simkit.runs.result import Result
from simkit.sizing.quantiles import mean, quantile

__all__ = ["growth", "reasons"]

_QUANTILES = {"p5": 0.05, "p95": 0.95}


def growth(result: Result, trend: Result | None = None, *, lang: Language = "zh") -> Table:
    """Agencies at year ends, and the special fund's expected outlay, as planned and by the trend.

    Without a run of the trend, its agencies are the plan's expectation and its outlay 未提供.
    """
    draft = Draft(result, lang)
    start = result.scenario.plan.population.growth.start_year
    years = sorted({*range(start, start + result.agencies.shape[1]), *result.paid_years})
    by_trend = _trend_agencies(result, years[-1]) if trend is None else {}
    rows: list[dict[str, Any]] = []
    for year in years:
        row: dict[str, Any] = {"year": year, **_agencies(draft, result, year, "")}
        if trend is None:
            row["trend_mean"] = by_trend.get(year)
            row |= dict.fromkeys(("trend_p5", "trend_p95"), draft.absent)
        else:
            row |= _agencies(draft, trend, year, "trend_")
        draft.left_open(len(rows), ["outlay"], certain=draft.certain(year=year, special=True))
        rows.append(row | _outlays(draft, result, trend, year))
    summed = [key for key in ("outlay", "trend_outlay", "difference") if not isinstance(rows[-1][key], str)]
    total = dict.fromkeys(rows[0], None) | {"year": draft.say("row.total")}
    draft.left_open(len(rows), ["outlay"], certain=draft.certain(special=True))
    total |= {key: sum(row[key] or 0 for row in rows) for key in summed}
    total |= {key: draft.absent for key in ("trend_outlay", "difference") if key not in summed}
    aim = result.scenario.plan.population.growth.target
    if aim is not None:
        draft.note(draft.say("note.target", year=aim.year, agencies=f"{aim.agencies:,.15g}"))
    draft.note_largest_error(result.agencies, draft.say("word.agencies"))
    draft.note_largest_error(result.paid(special=True) / 1e6, draft.say("word.outlay"))
    draft.note_horizon()
    draft.note(draft.say("note.trend_run" if trend is not None else "note.trend_expected"))
    return draft.table("growth", _growth_columns(draft), [*rows, total], totals=(len(rows),))


def _growth_columns(draft: Draft) -> list[Column]:
    columns = [draft.column("year", "whole")]
    mode = draft.result.scenario.plan.population.growth.mode
    for stem, way in (("", mode), ("trend_", "trend_beside")):
        for key in ("mean", "p5", "p95"):
            heading = draft.say(f"growth.{key}", way=draft.say(f"growth.{way}"))
            columns.append(draft.column(f"{stem}{key}", "count", heading, decimals=0))
    keys = ("outlay", "trend_outlay", "difference", "difference_error")
    return columns + [draft.column(key, "money") for key in keys]


def _agencies(draft: Draft, result: Result, year: int, stem: str) -> dict[str, Any]:
    at = year - result.scenario.plan.population.growth.start_year
    if not 0 <= at < result.agencies.shape[1]:
        return dict.fromkeys((f"{stem}mean", f"{stem}p5", f"{stem}p95"))
    sample = result.agencies[:, at]
    cells = draft.estimate(partial(mean, sample, group=result.group), f"{stem}mean", whole=False, shown=("",))
    for key, level in _QUANTILES.items():
        cells |= draft.estimate(
            partial(quantile, sample, level, group=result.group), f"{stem}{key}", whole=False, shown=("",)
        )
    return cells


def _outlays(draft: Draft, result: Result, trend: Result | None, year: int) -> dict[str, Any]:
    """Outlay of a year, what it is more than the trend's on the draws that both have, and the trend's.

    Both meet the same luck: the paired difference has a far smaller error than either outlay, so the
    trend's outlay is the run's less the difference.
    """
    keys = ("outlay", "trend_outlay", "difference", "difference_error")
    if year not in result.paid_years:
        return dict.fromkeys(keys) | ({} if trend is not None else dict.fromkeys(keys[1:], draft.absent))
    outlay = whole_fen(result).sum(paid=year, special=True)
    if trend is None:
        return {"outlay": outlay} | dict.fromkeys(keys[1:], draft.absent)
    common = min(result.draws, trend.draws)
    ours, theirs = year_sample(result, year, special=True), year_sample(trend, year, special=True)
    gaps = ours[:common] - theirs[:common]
    difference = round(float(gaps.mean()))
    # As long as no draw has grown otherwise, the two runs are one.
    last = year - result.scenario.plan.population.growth.start_year + 1
    alike = np.array_equal(result.agencies[:common, :last], trend.agencies[:common, :last])
    error = draft.error(gaps, certain=alike)
    return {
        "outlay": outlay,
        "trend_outlay": outlay - difference,
        "difference": difference,
        "difference_error": error,
    }


def _trend_agencies(result: Result, last: int) -> dict[int, float]:
    """Expected agencies when nothing is aimed at, from the run's own start (a roster's, where it had one)."""
    plan = result.scenario.plan.population
    start = Assumed.model_validate({"value": float(result.agencies[:, 0].mean()), "source": "run"})
    update: dict[str, Any] = {"mode": "trend", "target": None, "path": {}, "start": start}
    free = plan.growth.model_copy(update=update)
    try:
        return expected_agencies(plan.model_copy(update={"growth": free}), last)
    except InputError:
        return {}


def reasons(result: Result, *, special: bool = True, lang: Language = "zh") -> Table:
    """Why a year costs what it costs: agencies, claims, award a claim, and the change by each.

    The change of the money earned in a year is split exactly by logarithmic means (LMDI): more agencies,
    more claims an agency, more money a claim. Then what of the paid year's money was earned before.

    References
    ----------
    B. W. Ang: The LMDI approach to decomposition analysis: a practical guide. Energy Policy 33 (2005).
    """
    draft = Draft(result, lang)
    money = whole_fen(result)
    start = result.scenario.plan.population.growth.start_year
    paying, counts = _claims_that_count(result, special), result.counts.totals()
    rows: list[dict[str, Any]] = []
    before: tuple[float, float, int] | None = None
    for year in result.paid_years:
        row: dict[str, Any] = dict.fromkeys(_REASONS) | {"year": year}
        if year in result.earned_years:
            at = year - result.earned_years[0]
            agencies = float(result.agencies[:, year - start].mean())
            claims = int(counts[paying, at, 5].sum()) / result.draws
            earned = money.sum(special=special, earned=year)
            row |= {"agencies": agencies, "claims": claims, "earned": earned}
            row["per_claim"] = round(earned / claims) if claims else None
            row |= _change(before, (agencies, claims, earned))
            before = (agencies, claims, earned)
        paid = money.sum(special=special, paid=year)
        same = money.sum(special=special, paid=year, earned=year)
        certain = draft.certain(year=year, special=special)
        draft.left_open(len(rows), ("claims", "earned", "paid"), certain=certain)
        rows.append(row | {"paid_same": same, "paid_before": paid - same, "paid": paid})
    columns = [draft.column("year", "whole"), draft.column("agencies", "count", decimals=0)]
    columns += [
        draft.column("claims", "count"),
        draft.column("per_claim", "money"),
        draft.column("earned", "money"),
    ]
    columns.append(draft.column("change", "money", parts=_EFFECTS))
    columns += [draft.column(key, "money") for key in (*_EFFECTS, "paid_same", "paid_before")]
    columns.append(
        draft.column("paid", "money", draft.say("col.paid_in_year"), parts=("paid_same", "paid_before"))
    )
    draft.note(draft.say("note.reasons"))
    draft.note_largest_error(result.paid(special=special) / 1e6, draft.say("word.outlay"))
    draft.note_largest_error(result.counts.only(paying).merged(1)[..., 5], draft.say("word.counts"))
    draft.note(_calendar_note(draft))
    draft.note_horizon()
    name = "reasons_special" if special else "reasons_whole"
    return draft.table(name, columns, rows)


_EFFECTS = ("by_agencies", "by_claims", "by_amount")
_REASONS = ("agencies", "claims", "per_claim", "earned", "change", *_EFFECTS)


def _calendar_note(draft: Draft) -> str:
    term = draft.result.scenario.policy.document.in_force
    until: Any = term.until if term.until is not None else draft.say("word.no_end")
    return draft.say("note.part_years", since=term.since, until=until)


def _claims_that_count(result: Result, special: bool) -> np.ndarray:
    """Measures whose money is in the view: bool[measure]."""
    money = whole_fen(result)
    numbers = range(len(result.scenario.policy.measures))
    return np.array([money.sum(special=special, measure=place) > 0 for place in numbers], dtype=np.bool_)


def _change(before: tuple[float, float, int] | None, now: tuple[float, float, int]) -> dict[str, Any]:
    """The change of money by agencies, claims an agency and money a claim; whole fen that add up."""
    if before is None:
        return {}
    change = now[2] - before[2]
    if min(*before, *now) <= 0 or change == 0:
        return {"change": change}
    weight = change / np.log(now[2] / before[2])
    effects = [
        weight * np.log(now[0] / before[0]),
        weight * np.log(now[1] / now[0] * before[0] / before[1]),
        weight * np.log(now[2] / now[1] * before[1] / before[2]),
    ]
    whole = [int(np.floor(effect)) for effect in effects]
    left = allot(
        change - sum(whole), [effect - part + 1e-9 for effect, part in zip(effects, whole, strict=True)]
    )
    return {"change": change} | {
        key: part + rest for key, part, rest in zip(_EFFECTS, whole, left, strict=True)
    }
