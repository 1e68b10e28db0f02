"""From gross to paid, claims refused, and what each measure costs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simkit.awards.outlays import sum_by
from simkit.base.arrays import FenArray
from simkit.policy.schema import Policy
from simkit.report.papers.table import Language, Table
from simkit.report.tables.budget import carried, payable
from simkit.report.tables.draft import Draft
from simkit.report.tables.table_draft import percent
from simkit.report.tables.treatment import treatment
from simkit.report.tables.whole_fen import apportion, whole_fen
from simkit.rules.codes import REFUSALS, STEPS
from simkit.runs.result import Result

__all__ = [
    "MeasureFlow",
    "earned_samples",
    "measure_flows",
    "measures",
    "open_steps",
    "refusals",
    "waterfall",
]

_TAIL = 0.95


class MeasureFlow(NamedTuple):
    """Expected money of one measure, whole fen: gross = taken + awarded, awarded = forfeited + paid."""

    place: int
    gross: int
    taken: tuple[int, ...]
    awarded: int
    forfeited: int
    paid: int
    special: int


def measure_flows(result: Result, *, earned: int | None = None) -> list[MeasureFlow]:
    """The flows of every measure of this policy that is priced, in its order.

    `earned`: of what is earned in this year, whenever it is paid; None: over all years.
    """
    places = [
        place
        for place, name in enumerate(result.scenario.policy.measures)
        if treatment(result, name) == "priced"
    ]
    of: dict[str, int] = {} if earned is None else {"earned": earned}
    years = [at for at, year in enumerate(result.earned_years) if earned in (None, year)]
    sums = result.money.totals()[:, years].sum(axis=1)
    leaves = apportion(np.concatenate([sums[:, 1:6], sums[:, 7:8]], axis=1), result.draws)
    money = whole_fen(result)
    flows = []
    for place in places:
        taken, forfeited = tuple(int(fen) for fen in leaves[place, :5]), int(leaves[place, 5])
        paid = money.sum(special=False, measure=place, **of)
        awarded = paid + forfeited
        special = money.sum(special=True, measure=place, **of)
        flows.append(MeasureFlow(place, sum(taken) + awarded, taken, awarded, forfeited, paid, special))
    return flows


def open_steps(policy: Policy, name: str) -> set[str]:
    """Steps that can take money of a measure, and `forfeited` where an instalment can fail; the others take 0."""
    measure = policy.measures[name]
    per = {cap.per for cap in measure.caps.values()}
    rules = {
        "over_claim_cap": "claim" in per,
        "not_selected": measure.selection.kind == "ranked",
        "over_running_cap": bool(per - {"claim"}),
        "same_matter": measure.is_own_matter or any(name in one.members for one in policy.matters.values()),
        "over_total_cap": any(name in one.measures for one in policy.total_caps.values()),
        "forfeited": any(part.conditions for part in measure.instalments),
    }
    return {step for step, can_take in rules.items() if can_take}


def earned_samples(result: Result, year: int) -> FenArray:
    """What is awarded of a year's claims, booked as in `measure_flows`: int64[draw, measure]."""
    cells = result.outlays.cells
    group = np.where(cells["earned"] == year, cells["measure"].astype(np.int64), -1)
    found = sum_by(result.outlays, group, len(result.scenario.policy.measures))
    for at, one in enumerate(result.earned_years):
        if one == year:
            found = found + result.money[:, :, at, 7]
    return found


def waterfall(result: Result, *, special: bool = False, lang: Language = "zh") -> Table:
    """Gross, what each step of the rules took, awarded, forfeited, paid; by measure, over all years.

    `special`: measures that the special fund pays, with its part of what is paid as a last column.
    """
    draft = Draft(result, lang)
    policy, ours = list(result.scenario.policy.measures.values()), payable(result)
    flows = [flow for flow in measure_flows(result) if not special or flow.special or flow.place in ours]
    names, could = list(result.scenario.policy.measures), set[str]()
    samples = result.paid_by("measure")
    money_keys = ("gross", *STEPS, "awarded", "forfeited", "paid", *(("special",) if special else ()))
    rows: list[dict[str, Any]] = []
    for flow in flows:
        row: dict[str, Any] = {"item": draft.name(policy[flow.place].name), "gross": flow.gross}
        row |= dict(zip(STEPS, flow.taken, strict=True))
        row |= {"awarded": flow.awarded, "forfeited": flow.forfeited, "paid": flow.paid}
        never = draft.certain(flow.place)
        row["paid_error"] = draft.error(samples[:, flow.place], certain=never)
        may_be = {"gross", "awarded"}
        may_be |= set() if flow.gross else open_steps(result.scenario.policy, names[flow.place])
        draft.left_open(len(rows), may_be, certain=never)
        draft.left_open(len(rows), ["special"], certain=draft.certain(flow.place, special=True))
        could |= set() if never else may_be
        rows.append(row | ({"special": flow.special} if special else {}))
    places = [flow.place for flow in flows]
    total: dict[str, Any] = {key: sum(row[key] for row in rows) for key in money_keys}
    total["paid_error"] = draft.error(samples[:, places].sum(axis=1), certain=draft.certain())
    draft.left_open(len(rows), could if not total["gross"] else ())
    draft.left_open(len(rows), ["special"], certain=draft.certain(special=True))
    rows.append({"item": draft.say("row.total"), **total})
    parts = {"gross": (*STEPS, "awarded"), "awarded": ("forfeited", "paid")}
    columns = [draft.column("item")]
    for key in money_keys:
        columns.append(draft.column(key, "money", parts=parts.get(key, ())))
        if key == "paid":
            columns.append(draft.column("paid_error", "money", draft.say("col.error")))
    draft.note(draft.say("note.waterfall"))
    _note_flow_errors(draft, places)
    draft.note_unpriced()
    name = "waterfall_special" if special else "waterfall"
    return draft.table(name, columns, rows, totals=(len(rows) - 1,))


def _note_flow_errors(draft: Draft, places: list[int]) -> None:
    """The largest standard error of the total row's steps, in 万元."""
    sums = draft.result.money.only(places).merged((1, 2))[...]
    draft.note_largest_error(sums / 1e6, draft.say("word.steps"))


def refusals(result: Result, *, lang: Language = "zh") -> Table:
    """Claims that step 1 turns away, by reason; in numbers, since they have no money."""
    draft = Draft(result, lang)
    policy = result.scenario.policy
    counts = result.counts.totals().sum(axis=1) / result.draws
    reasons = REFUSALS[1:]
    rows: list[dict[str, Any]] = []
    for place, (name, measure) in enumerate(policy.measures.items()):
        if treatment(result, name) != "priced":
            continue
        draft.left_open(len(rows), ("filed", "passed", "awarded_claims"), certain=draft.certain(place))
        turned = {reason: float(counts[place, at]) for at, reason in enumerate(reasons, start=1)}
        passed, awarded = float(counts[place, 0]), float(counts[place, 5])
        filed = passed + sum(turned.values())
        rows.append(
            {
                "item": draft.name(measure.name),
                "filed": filed,
                **turned,
                "passed": passed,
                "awarded_claims": awarded,
            }
        )
    keys = ("filed", *reasons, "passed", "awarded_claims")
    draft.left_open(len(rows), ("filed", "passed", "awarded_claims"), certain=draft.certain())
    rows.append({"item": draft.say("row.total"), **{key: sum(row[key] for row in rows) for key in keys}})
    columns = [draft.column("item"), *(draft.column(key, "count") for key in keys)]
    draft.note(draft.say("note.refusals"))
    draft.note_largest_error(result.counts.merged(2), draft.say("word.counts"))
    return draft.table("refusals", columns, rows, totals=(len(rows) - 1,))


def measures(result: Result, *, special: bool = True, lang: Language = "zh") -> Table:
    """Measures by expected cost over all years: claims, agencies, mean award, share of total and of the tail.

    `special`: cost and shares in the special fund's view.
    """
    draft = Draft(result, lang)
    policy, ours = result.scenario.policy, payable(result)
    flows = [flow for flow in measure_flows(result) if not special or flow.special or flow.place in ours]
    samples = result.paid_by("measure", special=special)
    tails = _tails(draft, samples)
    counts = result.counts.totals().sum(axis=1) / result.draws
    agencies = result.agencies_awarded.totals().sum(axis=1) / result.draws
    total = sum(flow.special if special else flow.paid for flow in flows)
    rows: list[dict[str, Any]] = []
    for flow in sorted(flows, key=lambda flow: (-(flow.special if special else flow.paid), flow.place)):
        measure = list(policy.measures.values())[flow.place]
        cost = flow.special if special else flow.paid
        number = float(agencies[flow.place])
        row: dict[str, Any] = {"item": draft.name(measure.name), "clause": measure.clause}
        row |= {"passed": float(counts[flow.place, 0]), "awarded_claims": float(counts[flow.place, 5])}
        row |= {"agencies_awarded": number, "per_agency": round(flow.awarded / number) if number else None}
        certain = draft.certain(flow.place, special=special)
        draft.left_open(len(rows), ("passed", "awarded_claims", "agencies_awarded", "share"), certain=certain)
        row |= {"cost": cost, "cost_error": draft.error(samples[:, flow.place], certain=certain)}
        row |= {"share": cost / total if total else None, "tail_share": tails[flow.place]}
        rows.append(row)
    draft.left_open(len(rows), ("passed", "awarded_claims"), certain=draft.certain(special=special))
    summed: dict[str, Any] = {"clause": "", "per_agency": None, "agencies_awarded": None, "cost": total}
    summed |= {key: sum(row[key] for row in rows) for key in ("passed", "awarded_claims")}
    summed |= {
        "cost_error": draft.error(samples.sum(axis=1), certain=draft.certain(special=special)),
        "share": 1.0 if total else None,
    }
    rows.append(
        {"item": draft.say("row.total"), **summed, "tail_share": 1.0 if _numbers(tails) else tails[0]}
    )
    columns = [draft.column("item"), draft.column("clause")]
    columns += [draft.column(key, "count") for key in ("passed", "awarded_claims", "agencies_awarded")]
    columns += [draft.column(key, "money") for key in ("per_agency", "cost", "cost_error")]
    columns += [
        draft.column("share", "share"),
        draft.column("tail_share", "share", draft.say("col.tail_share", level=percent(1 - _TAIL))),
    ]
    draft.note(draft.say("note.measures"))
    draft.note_largest_error(result.counts.merged(2), draft.say("word.counts"))
    draft.note_unpriced()
    name = "measures_special" if special else "measures_whole"
    return draft.table(name, columns, rows, totals=(len(rows) - 1,))


def _numbers(tails: list[Any]) -> bool:
    return any(isinstance(tail, float) and tail > 0 for tail in tails)


def _tails(draft: Draft, samples: FenArray) -> list[Any]:
    """Share of each measure in the mean of the worst draws of the total."""
    parts = carried(draft, samples, _TAIL)
    if parts is None:
        return [draft.refused] * samples.shape[1]
    total = float(parts.sum())
    return [float(part) / total if total > 0 else None for part in parts]
