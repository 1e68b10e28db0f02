"""测算依据: clause, standard, quantity, conditions, caps, who pays and where the assumptions come from, by measure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from simkit.base.said import listed
from simkit.policy.coverage import coverage
from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.papers.table import Table
from simkit.report.tables.registered import Cited, Registered, registered
from simkit.report.tables.rule_words import cap_words, condition_words, standard_words, unit_word
from simkit.runs.result import Result
from simkit.scenario.horizon import counted
from simkit.sizing.estimate import estimated

__all__ = ["basis", "per_claim"]


def basis(desk: Sources, places: Sequence[int]) -> list[Table]:
    """What the costing of these measures rests on: in words, and the sources that they name by number."""
    names = list(desk.result.scenario.policy.measures)
    draft = desk.draft()
    entries = registered(draft)
    uses = {place: _uses(draft.result, entries, names[place]) for place in places}
    numbers: dict[Cited, int] = {}
    for one in [use for found in uses.values() for use in found]:
        numbers.setdefault(one.source, len(numbers) + 1)
    return [_words(draft, uses, numbers), _sources(desk, uses, numbers)]


def per_claim(result: Result, place: int) -> tuple[float, Any] | None:
    """Gross a claim that qualifies, of what is earned in the budget year, in fen: the mean, and its residuals by draw.

    The standard error of the residuals' mean is that of the ratio (delta method); None without claims.
    """
    years = [at for at, one in enumerate(result.earned_years) if one == result.scenario.plan.budget_year]
    passed = sum((result.counts[:, place, at, 0].astype(np.float64) for at in years), np.zeros(result.draws))
    gross = sum((result.money[:, place, at, 0].astype(np.float64) for at in years), np.zeros(result.draws))
    count = float(passed.mean())
    if not count:
        return None
    mean = float(gross.mean()) / count
    return mean, (gross - mean * passed) / count


def _words(draft: AnnexDraft, uses: dict[int, list[_Use]], numbers: dict[Cited, int]) -> Table:
    """A row a measure, all in words."""
    scenario = draft.result.scenario
    provisions = coverage(scenario.policy, scenario.plan.choose)
    names = list(scenario.policy.measures)
    rows: list[dict[str, Any]] = []
    mark = _mark(draft)
    for place, found in uses.items():
        measure, one = scenario.policy.measures[names[place]], provisions[place]
        quoted = draft.say("annex.basis.quoted", clause=one.clause, quote="……".join(measure.quote))
        row = {"number": str(len(rows) + 1), "item": draft.name(one.name), "quoted": quoted}
        row |= {"standard": standard_words(draft, names[place]), "quantity": _quantity(draft, place)}
        row |= {"condition": condition_words(draft, names[place], mark)}
        row |= {"cap": cap_words(draft, names[place], mark)}
        row |= {"rigidity": draft.name(one.rigidity), "payer": draft.name(one.payer)}
        rows.append(row | {"sources": _cited(draft, found, numbers)})
    keys = ("number", "item", "quoted", "standard", "quantity", "condition", "cap")
    columns = [draft.column(key) for key in keys if key not in ("item", "cap")]
    columns.insert(1, draft.column("item", heading=draft.say("col.award_item")))
    columns.append(draft.column("cap", heading=draft.say("col.cap_scope")))
    columns += [draft.column("rigidity"), draft.column("payer"), draft.column("sources")]
    year = scenario.plan.budget_year
    draft.note(draft.say("annex.note.basis", year=year))
    guessed = sum(
        (payers := scenario.policy.measures[names[place]].payers) is not None and payers.basis is not None
        for place in uses
    )
    if guessed:
        draft.note(draft.say("annex.note.payers_guessed", count=guessed))
    draft.note_unpriced()
    return draft.table("annex_costing_basis", columns, rows, title={"year": year})


def _mark(draft: AnnexDraft) -> str:
    """What stands behind a rule that may be read otherwise: the reading in force, and which annex has the others."""
    order = draft.template.order
    if "risk" not in order:
        return draft.say("annex.basis.read")
    annex = draft.template.fill(draft.lang, draft.template.label, number=order.index("risk") + 1)
    return draft.say("annex.basis.read_at", annex=annex)


def _quantity(draft: AnnexDraft, place: int) -> str:
    """Expected claims of the budget year, and the mean base or money of one, each with its standard error."""
    result = draft.result
    found = per_claim(result, place)
    if found is None:
        return draft.say("annex.basis.no_claims")
    years = [at for at, one in enumerate(result.earned_years) if one == result.scenario.plan.budget_year]
    passed = sum((result.counts[:, place, at, 0] for at in years), np.zeros(result.draws, dtype=np.int64))
    known = counted(result.scenario, list(result.scenario.policy.measures)[place])
    error = draft.error(passed, whole=False, certain=known)
    words = draft.say("annex.basis.claims", count=f"{passed.mean():,.1f}", error=_two(error))
    name, measure = list(result.scenario.policy.measures.items())[place]
    award, unit = measure.award, unit_word(draft, name) or draft.say("annex.basis.unit")
    told = award.mean() if award is not None else None
    if told is None:
        return words
    (mean, residuals), factor = found, told.of_fen
    residual = partial(estimated, 0.0, residuals * factor, figure="mean", group=draft.group, least=0)
    error = draft.error_of(residual, whole=False)
    return words + draft.say(
        f"annex.basis.{told.key}", mean=f"{mean * factor:,.2f}", error=_two(error), unit=unit
    )


def _two(error: Any) -> str:
    """A standard error with two decimals, or the word for refused."""
    return error if isinstance(error, str) else f"{error:,.2f}"


# ---------------------------------------------------------------------- sources


class _Use(NamedTuple):
    """A source as an assumption uses it, with the date and reliability of what rests on it."""

    source: Cited
    date: str
    reliability: str


def _uses(result: Result, entries: Sequence[Registered], name: str) -> list[_Use]:
    """Sources of what prices a measure: its claims, whom they come from, what others pay beside, and assumed rules."""
    plan = result.scenario.plan
    claims = plan.claims[name]
    roots = [f"policy_values.measures.{name}", f"claims.{name}"]
    roots += [f"population.statuses.{one}" for one in (claims.transition, claims.holders) if one]
    roots += [f"population.others.{claims.among}"] if claims.among in plan.population.others else []
    roots += [
        f"claims.{key}" for key, one in plan.claims.items() if one.companion and one.companion.of == name
    ]
    found = [
        _Use(one.cited, one.date, one.reliability)
        for root in roots
        for one in entries
        if one.cited is not None and f"{one.path}.".startswith(f"{root}.")
    ]
    return list(dict.fromkeys(found))


def _cited(draft: AnnexDraft, uses: Sequence[_Use], numbers: dict[Cited, int]) -> str:
    return listed(
        (
            draft.say(
                "annex.basis.cited",
                number=numbers[one.source],
                date=one.date or draft.say("reliability.unstated"),
                reliability=_grade(draft, one.reliability),
            )
            for one in uses
        ),
        draft.lang,
        "language.semicolon",
    )


def _grade(draft: AnnexDraft, reliability: str) -> str:
    return draft.say(f"reliability.{reliability or 'unstated'}")


def _sources(desk: Sources, uses: dict[int, list[_Use]], numbers: dict[Cited, int]) -> Table:
    """The sources by number: what they are, their own date and reliability, which lines they price."""
    draft = desk.draft()
    rows: list[dict[str, Any]] = []
    for source, number in numbers.items():
        lines = [
            str(line)
            for line, found in enumerate(uses.values(), 1)
            if source in {one.source for one in found}
        ]
        row = {"number": str(number), "source": source.words, "date": source.date}
        row["reliability"] = _grade(draft, source.reliability)
        rows.append(row | {"lines": listed(lines, draft.lang)})
    columns = [draft.column("number", heading=draft.say("col.source_number"))]
    columns += [draft.column(key) for key in ("source", "date", "reliability", "lines")]
    draft.note(draft.say("annex.note.costing_sources"))
    return draft.table("annex_costing_sources", columns, rows)
