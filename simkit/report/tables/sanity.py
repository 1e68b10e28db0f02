"""The figures held against what is known: agencies, money an agency, funds elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from simkit.report.papers.table import Language, Table
from simkit.report.tables.draft import Draft
from simkit.report.tables.flow import measure_flows
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.result import Result
from simkit.scenario.horizon import paid_span

__all__ = ["comparables", "sanity"]


def sanity(result: Result, *, lang: Language = "zh") -> Table:
    """Agencies awarded a year by measure, their share of the agencies there are, and money an agency.

    The last row counts different agencies: an agency under two measures counts once.
    """
    draft = Draft(result, lang)
    policy, years = result.scenario.policy, result.earned_years
    aim, label = _aim(draft)
    peak = years.index(_full_year(result))
    awarded = result.agencies_awarded.totals() / result.draws
    rows: list[dict[str, Any]] = []
    could = set[str]()
    for flow in measure_flows(result):
        name = list(policy.measures)[flow.place]
        claims = result.scenario.plan.claims.get(name)
        among = measure_among(result, name)
        one = awarded[flow.place]
        row: dict[str, Any] = {
            "item": draft.name(policy.measures[name].name),
            "among": draft.say(f"among.{among}"),
        }
        row |= {f"y{year}": float(one[at]) for at, year in enumerate(years)}
        earning = [year for year in years if paid_span(result.scenario, name, year) is not None]
        may_be = {f"y{year}" for year in earning} | ({"share"} if years[peak] in earning else set())
        draft.left_open(len(rows), may_be)
        could |= may_be if among == "agency" else set()
        agency = claims is not None and among == "agency"
        row["share"] = float(one[peak]) / aim if agency and aim else None
        number = float(one.sum())
        rows.append(row | {"per_agency": round(flow.awarded / number) if number else None})
    draft.left_open(len(rows), could)
    rows.append(_any_measure(draft, aim, peak))
    columns = [draft.column("item"), draft.column("among")]
    columns += [draft.column(f"y{year}", "count", draft.say("col.awarded_in", year=year)) for year in years]
    columns.append(
        draft.column("share", "share", draft.say("col.share_of", year=years[peak], what=label), decimals=2)
    )
    columns.append(draft.column("per_agency", "money"))
    draft.note(draft.say("note.sanity"))
    draft.note_largest_error(result.agencies_awarded, draft.say("word.counts"))
    return draft.table("sanity", columns, rows, totals=(len(rows) - 1,))


def measure_among(result: Result, name: str) -> str:
    """Whose claims they are: agency, park, building, ..."""
    claims = result.scenario.plan.claims.get(name)
    among = claims.among if claims is not None else result.scenario.policy.measures[name].beneficiary
    return among if among in _BENEFICIARIES else "other"


_BENEFICIARIES = (
    "agency",
    "park",
    "building",
    "city",
    "district",
    "export_base",
    "public_body",
    "association",
)


def _aim(draft: Draft) -> tuple[float, str]:
    """The number of agencies that shares are of: the policy's goal, else those at the end."""
    target = draft.result.scenario.plan.population.growth.target
    if target is not None:
        return target.agencies, draft.say("word.goal", agencies=f"{target.agencies:,.15g}")
    goal = draft.result.scenario.policy.goals.get("agencies")
    if goal is not None:
        return goal.value, draft.say("word.goal", agencies=f"{goal.value:,.15g}")
    return float(draft.result.agencies[:, -1].mean()), draft.say("word.agencies_at_end")


def _full_year(result: Result) -> int:
    """The budget year where it is earned, else the middle of the earned years."""
    year, years = result.scenario.plan.budget_year, result.earned_years
    return year if year in years else years[len(years) // 2]


def _any_measure(draft: Draft, aim: float, peak: int) -> dict[str, Any]:
    """Different agencies awarded by any measure, and what one of them is awarded in a year."""
    result = draft.result
    names = list(result.scenario.policy.measures)
    ours = [flow for flow in measure_flows(result) if measure_among(result, names[flow.place]) == "agency"]
    several = result.agencies_any.sum(axis=0, dtype=np.int64) / result.draws
    money = sum(flow.awarded for flow in ours)
    row: dict[str, Any] = {
        "item": draft.say("row.any_measure"),
        "among": draft.say("among.agency"),
        "per_agency": round(money / float(several.sum())) if several.any() else None,
    }
    row |= {f"y{year}": float(several[at]) for at, year in enumerate(result.earned_years)}
    return row | {"share": float(several[peak]) / aim if aim else None}


def comparables(result: Result, *, lang: Language = "zh") -> Table:
    """Implied totals beside funds elsewhere."""
    draft = Draft(result, lang)
    plan, money = result.scenario.plan, whole_fen(result)
    year = plan.budget_year
    ours = money.sum(special=True, paid=year)
    needed = draft.estimate(draft.figures.needed, "amount", shown=("",))["amount"]
    average = money.sum(special=True) // max(1, len(result.paid_years))
    span = f"{result.paid_years[0]}—{result.paid_years[-1]}"
    rows: list[dict[str, Any]] = [
        {
            "item": draft.say("row.ours_mean"),
            "year": str(year),
            "amount": ours,
            "source": draft.say("word.this_run"),
        },
        {
            "item": draft.say("row.ours_needed"),
            "year": str(year),
            "amount": needed,
            "source": draft.say("word.this_run"),
        },
        {
            "item": draft.say("row.ours_average"),
            "year": span,
            "amount": average,
            "source": draft.say("word.this_run"),
        },
        {
            "item": draft.say("row.whole_mean"),
            "year": str(year),
            "amount": money.sum(paid=year),
            "source": draft.say("word.this_run"),
        },
    ]
    for one in plan.comparables:
        source = plan.sources.get(one.source)
        words = draft.name(source.source) if source else one.source
        rows.append(
            {"item": draft.name(one.name), "year": str(one.year), "amount": one.amount, "source": words}
        )
    for at, special in ((0, True), (2, True), (3, False)):
        of_year = None if at == 2 else year
        draft.left_open(at, ["amount"], certain=draft.certain(year=of_year, special=special))
    for row in rows:
        mine = row["source"] == draft.say("word.this_run")
        row["ratio"] = None if mine or not row["amount"] else ours / row["amount"]
    columns = [draft.column("item"), draft.column("year"), draft.column("amount", "money")]
    columns += [draft.column("ratio", "share", decimals=0), draft.column("source")]
    draft.note(draft.say("note.comparables"))
    return draft.table("comparables", columns, rows)
