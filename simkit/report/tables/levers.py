"""Caps and the no-duplication rule: what they took, what they are worth, and who is at them."""

from __future__ import annotations

from typing import Any

import numpy as np

from simkit.policy.limits import Cap, TotalCap
from simkit.policy.schema import Policy
from simkit.report.papers.table import Language, Table
from simkit.report.tables.draft import Draft
from simkit.report.tables.rule_words import limit_words
from simkit.report.tables.treatment import treatment
from simkit.report.tables.whole_fen import apportion
from simkit.runs.result import Result

__all__ = ["caps", "no_duplication"]

#: Place of step 6 among the columns of Result.money.
_MATTER = 4


def caps(result: Result, *, lang: Language = "zh") -> Table:
    """Each cap with its scope: taken, worth, and the share of awarded agencies at it by earned year."""
    draft = Draft(result, lang)
    policy = result.scenario.policy
    taken = result.taken.merged(2)
    means = apportion(taken.totals(), result.draws)
    worth = apportion(result.worth.sum(axis=0), len(result.worth))
    rows: list[dict[str, Any]] = []
    for place, lever in enumerate(result.levers):
        name, clause, scope, cap = _lever(draft, policy, lever)
        row: dict[str, Any] = {
            "item": name,
            "clause": clause,
            "scope": scope,
            "cap": limit_words(draft, cap),
        }
        certain = draft.certain(*_held(policy, lever))
        row |= {"taken": int(means[place]), "taken_error": draft.error(taken[:, place], certain=certain)}
        error = draft.error(result.worth[:, place], certain=certain)
        row |= {"worth": int(worth[place]), "worth_error": error}
        rows.append(row | _at_cap(result, lever, place))
    columns = [draft.column(key) for key in ("item", "clause", "scope", "cap")]
    columns += [draft.column(key, "money") for key in ("taken", "taken_error", "worth", "worth_error")]
    columns += [
        draft.column(f"at_{year}", "share", draft.say("col.at_cap", year=year))
        for year in result.earned_years
    ]
    draft.note(draft.say("note.taken_worth", draws=f"{len(result.worth):,}"))
    draft.note(draft.say("note.at_cap"))
    _note_ratio_error(draft)
    return draft.table("caps", columns, rows)


def _held(policy: Policy, lever: str) -> list[int]:
    """Places of the measures that a cap is of."""
    caps, names = policy.total_caps, list(policy.measures)
    held = caps[lever].measures if lever in caps else (lever.split(".", 1)[0],)
    return [names.index(name) for name in held]


def _lever(draft: Draft, policy: Policy, lever: str) -> tuple[str, str, str, Cap | TotalCap]:
    """Name, clause, scope and the cap itself of a lever."""
    if lever in policy.total_caps:
        total = policy.total_caps[lever]
        return (
            draft.name(total.name),
            total.clause,
            draft.say("scope.total", count=len(total.measures)),
            total,
        )
    name, key = lever.split(".", 1)
    measure = policy.measures[name]
    cap = measure.caps[key]
    return draft.name(measure.name), measure.clause, draft.say(f"scope.{cap.scope}"), cap


def _at_cap(result: Result, lever: str, place: int) -> dict[str, Any]:
    """Agencies at a cap over agencies awarded under its measure; a total cap has no such share."""
    row: dict[str, Any] = {}
    names = list(result.scenario.policy.measures)
    agencies_at, agencies_awarded = result.agencies_at.totals(), result.agencies_awarded.totals()
    for at, year in enumerate(result.earned_years):
        share = None
        if lever not in result.scenario.policy.total_caps:
            measure = names.index(lever.split(".", 1)[0])
            awarded = int(agencies_awarded[measure, at])
            share = int(agencies_at[place, at]) / awarded if awarded else None
        row[f"at_{year}"] = share
    return row


def _note_ratio_error(draft: Draft) -> None:
    """The largest standard error of the shares at a cap, by the delta method for a ratio of means."""
    result = draft.result
    names = list(result.scenario.policy.measures)
    parts = [np.zeros((result.draws, 1))]
    for place, lever in enumerate(result.levers):
        if lever in result.scenario.policy.total_caps:
            continue
        awarded = result.agencies_awarded[:, names.index(lever.split(".", 1)[0])].astype(np.float64)
        at = result.agencies_at[:, place].astype(np.float64)
        means = awarded.mean(axis=0)
        some = means > 0
        ratio = at.mean(axis=0)[some] / means[some]
        parts.append((at[:, some] - ratio * awarded[:, some]) / means[some])
    draft.note_largest_error(np.concatenate(parts, axis=1), draft.say("word.shares"), share=True)


def _matter_of(draft: Draft, policy: Policy, name: str) -> str | None:
    """The matter of a measure; tiers that are topped up are a matter of their own."""
    for matter in policy.matters.values():
        if name in matter.members:
            return draft.name(matter.name)
    measure = policy.measures[name]
    return draft.name(measure.name) if measure.is_own_matter else None


def no_duplication(result: Result, *, lang: Language = "zh") -> Table:
    """就高、补差、不重复: what step 6 took, by matter and measure, awards of others, and the rule's worth."""
    draft = Draft(result, lang)
    policy = result.scenario.policy
    samples = result.money.merged(2)[..., _MATTER]
    taken = apportion(samples.sum(axis=0), result.draws)
    outside = apportion(result.outside.totals().sum(axis=1), result.draws)
    rows: list[dict[str, Any]] = []
    for place, (name, measure) in enumerate(policy.measures.items()):
        matter = _matter_of(draft, policy, name)
        if matter is None and not taken[place] and not outside[place]:
            continue
        ours = treatment(result, name) != "outside"
        row: dict[str, Any] = {"matter": matter or "", "item": draft.name(measure.name)}
        row |= {
            "taken": int(taken[place]) if ours else None,
            "outside": None if ours else int(outside[place]),
        }
        certain = draft.certain(place)
        row["taken_error"] = draft.error(samples[:, place], certain=certain) if ours else None
        rows.append(row | {"worth": None, "worth_error": None})
    order = [draft.name(matter.name) for matter in policy.matters.values()]
    rows.sort(key=lambda row: order.index(row["matter"]) if row["matter"] in order else len(order))
    worth = result.worth[:, -1]
    rows.append(
        {
            "matter": draft.say("row.total"),
            "item": "",
            "taken": sum(row["taken"] or 0 for row in rows),
            "taken_error": draft.error(samples.sum(axis=1)),
            "outside": sum(row["outside"] or 0 for row in rows),
            "worth": int(apportion(np.array([worth.sum()]), len(worth))[0]),
            "worth_error": draft.error(worth),
        }
    )
    columns = [draft.column("matter"), draft.column("item")]
    columns += [
        draft.column(key, "money") for key in ("taken", "taken_error", "outside", "worth", "worth_error")
    ]
    draft.note(draft.say("note.no_duplication"))
    draft.note(draft.say("note.taken_worth", draws=f"{len(result.worth):,}"))
    return draft.table("no_duplication", columns, rows, totals=(len(rows) - 1,))
