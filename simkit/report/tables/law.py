"""What is unpriced or uncertain in law, the readings in force, and the policy's goals."""

from __future__ import annotations

from typing import Any

from simkit.base.said import listed
from simkit.policy.coverage import NOT_MODELLED, coverage
from simkit.policy.readings import Reading
from simkit.report.papers.table import Language, Table
from simkit.report.tables.draft import Draft
from simkit.report.tables.treatment import treatment
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.result import Result

__all__ = ["goals", "readings", "rests_on", "uncertain_in_law"]

_ORDER = ("priced", "unpriced", "stopped", "non_monetary", "outside")


def uncertain_in_law(result: Result, *, lang: Language = "zh") -> Table:
    """Every provision once: how it stands in the figures, what prices it, its legal status, its cost.

    What has no price says so (未定价); it is never shown as zero.
    """
    draft = Draft(result, lang)
    policy, money = result.scenario.policy, whole_fen(result)
    samples = result.paid_by("measure")
    rows: list[dict[str, Any]] = []
    for place, one in enumerate(coverage(policy, result.scenario.plan.choose)):
        kind = treatment(result, one.measure)
        cost: Any = money.sum(measure=place) if kind == "priced" else None
        row: dict[str, Any] = {"treatment": draft.say(f"treatment.{kind}"), "clause": one.clause}
        row |= {"item": draft.name(one.name), "priced_by": draft.name(one.priced_by)}
        row |= {"rests_on": draft.say(f"rests.{rests_on(result, one.measure, kind)}"), "cost": cost}
        row["cost_error"] = (
            draft.error(samples[:, place], certain=draft.certain(place)) if kind == "priced" else None
        )
        if kind == "unpriced":
            row["cost"] = draft.say("treatment.unpriced")
        row |= {
            "status": draft.name(one.status),
            "payer": draft.name(one.payer),
            "modelled": draft.name(one.modelled),
        }
        rows.append({**row, "_order": _ORDER.index(kind)})
    rows.sort(key=lambda row: int(row["_order"]))
    counts = {kind: sum(row["_order"] == at for row in rows) for at, kind in enumerate(_ORDER)}
    rows = [{key: value for key, value in row.items() if key != "_order"} for row in rows]
    keys = ("treatment", "clause", "item", "priced_by", "rests_on")
    columns = [draft.column(key) for key in keys]
    columns += [
        draft.column("cost", "money"),
        draft.column("cost_error", "money"),
        *(draft.column(key) for key in ("status", "payer", "modelled")),
    ]
    draft.note(draft.say("note.provisions", count=len(rows), **counts))
    draft.note(
        draft.say(
            "note.not_modelled",
            what=listed((draft.name(one) for one in NOT_MODELLED), draft.lang, "language.semicolon"),
        )
    )
    if policy.document.note is not None:
        draft.note(draft.name(policy.document.note))
    return draft.table("uncertain_in_law", columns, rows)


def rests_on(result: Result, name: str, kind: str) -> str:
    """What the amount rests on: the text, an assumption, or nothing."""
    if kind != "priced":
        return "nothing"
    return "text" if result.scenario.policy.measures[name].priced_by == "text" else "assumption"


def readings(result: Result, *, lang: Language = "zh") -> Table:
    """Ambiguous clauses: the reading in force, why, and the alternatives."""
    draft = Draft(result, lang)
    chosen = result.scenario.plan.choose
    rows = []
    for name, reading in result.scenario.policy.readings.items():
        option = chosen.get(name, reading.default)
        row = {"clause": reading.clause, "question": draft.name(reading.question)}
        row |= {
            "in_force": draft.name(reading.options[option].label),
            "others": _others(draft, reading, option),
        }
        default = option == reading.default
        row["why"] = (
            draft.name(reading.why)
            if default
            else draft.say("reading.chosen", default=_default(draft, reading))
        )
        rows.append(row)
    columns = [draft.column(key) for key in ("clause", "question", "in_force", "others", "why")]
    draft.note(draft.say("note.readings", count=len(rows)))
    return draft.table("readings", columns, rows)


def _others(draft: Draft, reading: Reading, option: str) -> str:
    labels = [draft.name(one.label) for key, one in reading.options.items() if key != option]
    return listed(labels, draft.lang, "language.semicolon")


def _default(draft: Draft, reading: Reading) -> str:
    return draft.name(reading.options[reading.default].label)


def goals(result: Result, *, lang: Language = "zh") -> Table:
    """The goals of the policy, for the performance annex (绩效目标)."""
    draft = Draft(result, lang)
    rows = []
    for goal in result.scenario.policy.goals.values():
        row: dict[str, Any] = {
            "clause": goal.clause,
            "item": draft.name(goal.name),
            "target": f"{goal.value:,.15g}",
        }
        rows.append({**row, "unit": goal.unit, "by_year": goal.by, "quote": goal.quote})
    columns = [draft.column("clause"), draft.column("item"), draft.column("target"), draft.column("unit")]
    columns += [draft.column("by_year", "whole"), draft.column("quote")]
    draft.note(draft.say("note.goals"))
    return draft.table("goals", columns, rows)
