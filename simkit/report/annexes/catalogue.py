"""政策条款目录: every provision once, by article, how it is carried out and how it stands in the figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from simkit.base.said import listed
from simkit.policy.coverage import Provision, coverage
from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Table
from simkit.report.tables.law import rests_on
from simkit.report.tables.rule_words import is_assumed
from simkit.report.tables.treatment import treatment

__all__ = ["catalogue"]


def catalogue(desk: Sources) -> Sequence[Piece]:
    """All provisions of the policy under their articles."""
    return [_provisions(desk)]


def _provisions(desk: Sources) -> Table:
    draft, scenario = desk.draft(), desk.result.scenario
    found = coverage(scenario.policy, scenario.plan.choose)
    articles = list(dict.fromkeys(one.clause for one in found))
    rows: list[dict[str, Any]] = []
    for one in sorted(found, key=lambda one: articles.index(one.clause)):
        row = {"article": _article(draft, one.clause), "number": str(len(rows) + 1)}
        rows.append(row | _provision(draft, one))
    keys = (
        "number",
        "award_item",
        "content",
        "procedure",
        "total_capped",
        "departments",
        "costed",
        "validity",
    )
    columns = [draft.column("article", merged=True), *(draft.column(key) for key in keys)]
    _notes(draft, len(rows))
    return draft.table("annex_catalogue", columns, rows)


def _provision(draft: AnnexDraft, one: Provision) -> dict[str, str]:
    """A provision's cells, but for its place."""
    measure = draft.result.scenario.policy.measures[one.measure]
    kind = treatment(draft.result, one.measure)
    key = f"priced.{rests_on(draft.result, one.measure, kind)}" if kind == "priced" else kind
    return {
        "award_item": draft.name(one.name),
        "content": "……".join(measure.quote),
        "procedure": _procedure(draft, one.measure),
        "total_capped": _total_capped(draft, one.measure),
        "departments": listed(measure.departments, draft.lang) or draft.absent,
        "costed": draft.say(f"annex.costed.{key}"),
        "validity": _validity(draft, one),
    }


def _notes(draft: AnnexDraft, count: int) -> None:
    """The policy's term, how many provisions stand how, and what the columns do not say."""
    policy = draft.result.scenario.policy
    term = policy.document.in_force
    key = "annex.note.term" if term.until else "annex.note.term_open"
    draft.note(draft.say(key, number=policy.document.number, since=term.since, until=term.until))
    kinds = Counter(treatment(draft.result, name) for name in policy.measures)
    counts = {kind: kinds[kind] for kind in ("priced", "unpriced", "stopped", "non_monetary", "outside")}
    draft.note(draft.say("annex.note.catalogue", count=count, **counts))
    draft.note(draft.say("annex.note.procedure"))
    if not policy.total_caps:
        draft.note(draft.say("annex.note.no_total_caps"))
    if policy.document.note is not None:
        draft.note(draft.name(policy.document.note))


def _article(draft: AnnexDraft, clause: str) -> str:
    """The clause with its heading, where the policy gives one."""
    name = draft.result.scenario.policy.clauses.get(clause)
    return clause if name is None else draft.say("annex.article", clause=clause, name=draft.name(name))


def _procedure(draft: AnnexDraft, name: str) -> str:
    """How it is carried out, as far as the rules tell: nothing is guessed."""
    measure = draft.result.scenario.policy.measures[name]
    if measure.outside:
        key = "outside"
    elif measure.priced_by == "non_monetary":
        key = "none"
    elif measure.priced_by == "programme":
        key = "programme"
    elif measure.selection.kind == "ranked":
        key = "ranked"
    else:
        key = "unknown" if measure.award is None else "claims"
    return draft.say(f"annex.procedure.{key}")


def _total_capped(draft: AnnexDraft, name: str) -> str:
    """Whether it counts under a total cap, and which, else what the scenario limits it by; a dash without money."""
    policy = draft.result.scenario.policy
    caps = [draft.name(cap.name) for cap in policy.total_caps.values() if name in cap.measures]
    if caps:
        return draft.say("annex.total_capped", caps=listed(caps, draft.lang))
    measure = policy.measures[name]
    if measure.outside or measure.priced_by == "non_monetary":
        return "—"
    for key in ("envelope", "places"):
        given = getattr(measure.selection, key) is not None
        if given and is_assumed(draft, f"measures.{name}.selection.{key}"):
            return draft.say(f"annex.total_capped.{key}")
    return draft.say("word.no")


def _validity(draft: AnnexDraft, one: Provision) -> str:
    """Legal status with its note, and a term of its own."""
    measure = draft.result.scenario.policy.measures[one.measure]
    words, note = draft.name(one.status), measure.status_note
    ended = note.removesuffix("。")
    if note:
        words = words.replace(note, _read_out(draft, ended))
    own = measure.in_force
    if own is None:
        return words if ended == note else f"{words}。"
    key = "rule.in_force" if own.until else "rule.in_force_since"
    return listed([words, draft.say(key, since=own.since, until=own.until)], draft.lang, "language.semicolon")


def _read_out(draft: AnnexDraft, note: str) -> str:
    """A note with the questions of the readings that it names by their ids."""
    for key, reading in draft.result.scenario.policy.readings.items():
        question = draft.say("annex.reading.named", question=draft.name(reading.question))
        note = question.join(re.split(rf"(?a:\s*(?<!\w){re.escape(key)}(?!\w))", note))
    return note
