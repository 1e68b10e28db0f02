"""Every assumption of a scenario with where it comes from; one that was changed never keeps the source of another."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from simkit.base.said import listed
from simkit.claims.amount_plan import AttributePlan, BasePlan
from simkit.claims.assumed import Assumed
from simkit.claims.plan import Calendar, ClaimPlan
from simkit.distributions.severity import Severity
from simkit.documents.models import Frozen
from simkit.documents.overlay import split_path
from simkit.documents.overlay_file import Overlay
from simkit.documents.tree import Tree
from simkit.report.tables.assumed_words import (
    attribute_words,
    filed,
    law_words,
    plain_words,
    reviewed,
    setting,
)
from simkit.report.tables.rule_draft import ScenarioDraft
from simkit.report.tables.table_draft import percent
from simkit.scenario import PolicyValue, Renewed
from simkit.scenario.origins import Changed, changed, value_before

__all__ = ["Cited", "Registered", "registered"]

_SETTINGS = (
    "frequency",
    "spread",
    "lines",
    "holders",
    "transition",
    "ceiling",
    "ramp",
    "mark",
    "keys",
    "day",
)


class Cited(NamedTuple):
    """A source in words, with its own date and grade; empty where they are not stated."""

    words: str
    date: str
    reliability: str


class Registered(NamedTuple):
    """One assumption.

    Attributes
    ----------
    date, reliability : str
        Its own, else its source's; a grade's id; empty where there is none.
    law : Severity or None
        What is drawn where its value is one.
    cited : Cited or None
        Its source with that one's own date and grade; None: it has no source of its own.
    is_changed : bool
        Whether its value was changed after its source was written.
    before, reason : str
        Of a changed one: the value that it had, and why it was changed; the note holds both.
    """

    path: str
    value: str
    source: str
    date: str
    reliability: str
    note: str
    law: Severity | None = None
    cited: Cited | None = None
    is_changed: bool = False
    before: str = ""
    reason: str = ""


class _Entry(NamedTuple):
    """One row before its source is looked up: its value stands at `values`, its source and note below `holder`."""

    path: str
    value: str
    source: str
    note: str
    node: str
    values: Sequence[str]
    holder: str = ""
    date: datetime.date | None = None
    reliability: str | None = None
    law: Severity | None = None


def registered(draft: ScenarioDraft) -> list[Registered]:
    """Every assumption of the scenario, and the shares of payers that the policy's text lacks."""
    plan = draft.scenario.plan
    entries = [*_walk(draft, plan, ""), *_payers(draft)]
    return [_sourced(draft, one) for one in entries]


def _sourced(draft: ScenarioDraft, one: _Entry) -> Registered:
    """An entry with its source in words, or with that of its change."""
    found = changed(draft.scenario, one.node, one.values, one.holder)
    cited = _cited(draft, one)
    note, before, reason = one.note, "", ""
    if found is not None:
        before, reason = _before(draft, one, found), _reason(draft, one, found)
        note = _note(draft, one, found, before, reason)
        cited = cited if "source" in found.own else _origin(draft, found)
    kept = one if found is None else None  # whose own date and grade hold
    date = one.date if kept or (found and "date" in found.own) else None
    grade = one.reliability if kept or (found and "reliability" in found.own) else None
    return Registered(
        one.path,
        one.value,
        cited.words if cited else draft.say("source.none"),
        str(date or (cited.date if cited else "")),
        grade or (cited.reliability if cited else ""),
        note,
        one.law,
        cited,
        found is not None,
        before,
        reason,
    )


def _cited(draft: ScenarioDraft, one: _Entry) -> Cited | None:
    """The source that an entry names; of a basis of the policy, its words stand there."""
    source = draft.scenario.plan.sources.get(one.source)
    if source is not None:
        return Cited(draft.name(source.source), str(source.date), source.reliability)
    return Cited(one.source, str(one.date or ""), one.reliability or "") if one.source else None


def _origin(draft: ScenarioDraft, found: Changed) -> Cited:
    """The overlays that changed a value, as its source; no grade, since none is stated."""
    words = [_stated(draft, one) for one in found.overlays]
    last = found.overlays[-1]
    return Cited(listed(words, draft.lang, "language.semicolon"), str(last.date) if last else "", "")


def _stated(draft: ScenarioDraft, overlay: Overlay | None) -> str:
    """The source that an overlay states, else the overlay itself."""
    if overlay is None:
        return draft.say("source.unstated")
    words = draft.say("source.overlay", title=draft.name(overlay.title), author=overlay.author)
    return overlay.source or words


def _reason(draft: ScenarioDraft, one: _Entry, found: Changed) -> str:
    """Why it was changed."""
    reasons = [draft.name(overlay.reason) for overlay in found.overlays if overlay is not None]
    words = [one.note] if "note" in found.own else reasons or [draft.say("note.unstated")]
    return listed(list(dict.fromkeys(words)), draft.lang, "language.semicolon")


def _note(draft: ScenarioDraft, one: _Entry, found: Changed, before: str, reason: str) -> str:
    """Why it was changed, and what it was."""
    was = _cited(draft, one._replace(source=found.source_before or one.source))
    source = was.words if was else draft.say("source.none")
    return draft.say(
        "note.was",
        note=reason,
        before=before,
        source=source,
    )


def _before(draft: ScenarioDraft, one: _Entry, found: Changed) -> str:
    """The value that it had."""
    if one.law is not None:
        raw = value_before(draft.scenario, one.values[0], found)
        if raw is None:
            return draft.say("value.absent")
        return law_words(draft, Assumed.model_validate({"value": raw, "source": "before"}).value)
    return listed(
        (f"{line.path.rpartition('.')[2]} {plain_words(draft, line.before)}" for line in found.changes),
        draft.lang,
    )


# ---------------------------------------------------------------------- what a scenario assumes


def _walk(draft: ScenarioDraft, node: Any, path: str) -> Iterator[_Entry]:
    """Entries of a node and of all below it, in the order of the file's schema."""
    if isinstance(node, Assumed):
        yield _Entry(
            path, law_words(draft, node.value), node.source, node.note, path, (f"{path}.value",),
            date=node.date, reliability=node.reliability, law=node.value,
        )  # fmt: skip
        return
    yield from _own(draft, node, path)
    if isinstance(node, Frozen):
        for name in type(node).model_fields:
            if name not in ("sources", "comparables"):
                yield from _walk(draft, getattr(node, name), f"{path}.{name}" if path else name)
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _walk(draft, value, f"{path}.{name}")


def _own(draft: ScenarioDraft, node: Any, path: str) -> Iterator[_Entry]:
    """What a node itself assumes, apart from the numbers inside it."""
    if isinstance(node, Calendar):
        words = draft.say(
            "value.calendar",
            filed=filed(draft, *node.filing_days),
            reviewed=reviewed(draft, node.review_days),
            rounds=listed(node.rounds, draft.lang),
        )
        days = ("filing_days", "review_days", "rounds")
        yield _Entry(path, words, node.source, node.note, path, _below(path, days))
    elif isinstance(node, BasePlan):
        for name, one in node.variables.items():
            at = f"{path}.variables.{name}"
            yield _Entry(at, law_words(draft, one), node.source, node.note, path, (at,), law=one)
    elif isinstance(node, AttributePlan) and node.chance is None:
        values = _below(path, [name for name in type(node).model_fields if name not in ("source", "note")])
        values = _below(path, ["law"]) if node.law is not None else values
        words = attribute_words(draft, node)
        yield _Entry(path, words, node.source, node.note, path, values, law=node.law)
    elif isinstance(node, PolicyValue):
        yield _policy_value(draft, node, path)
    elif isinstance(node, Renewed):
        values = _below(path, ["until"])
        yield _Entry(path, str(node.until), node.source, draft.name(node.note), path, values)
    elif isinstance(node, ClaimPlan):
        yield from _settings(draft, node, path)


def _below(path: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{path}.{name}" for name in names)


def _policy_value(draft: ScenarioDraft, node: PolicyValue, path: str) -> _Entry:
    """A figure that the policy leaves open: as it is in force, which an overlay on the policy may have changed."""
    at = path.removeprefix("policy_values.")
    value, scenario = node.value, draft.scenario
    if changed(scenario, "", (at,)) is not None:
        value = Tree(scenario.policy_data, "policy").get(split_path(scenario.policy_data, at))
    words = draft.say("value.absent") if value is None else plain_words(draft, value)
    return _Entry(path, words, node.source, node.note, "", (at,), path)


def _settings(draft: ScenarioDraft, node: ClaimPlan, path: str) -> Iterator[_Entry]:
    set_here = [
        name
        for name in _SETTINGS
        if getattr(node, name) != ClaimPlan.model_fields[name].get_default(call_default_factory=True)
    ]
    words = listed(
        (setting(draft, name, getattr(node, name)) for name in set_here), draft.lang, "language.semicolon"
    )
    if words or node.note:
        at = f"{path}.settings"
        yield _Entry(at, words or "—", "", node.note, path, _below(path, _SETTINGS))


def _payers(draft: ScenarioDraft) -> Iterator[_Entry]:
    """Shares of payers that rest on a basis of their own."""
    policy = draft.policy
    for name, measure in policy.measures.items():
        basis = measure.payers.basis if measure.payers else None
        if measure.payers is None or basis is None:
            continue
        shares = [
            f"{draft.name(policy.funds[fund].name)} {percent(share / 10_000)}"
            for fund, share in measure.payers.shares.items()
        ]
        path, words = f"measures.{name}.payers", listed(shares, draft.lang)
        yield _Entry(
            path, words, basis.source, basis.note, path, (f"{path}.shares",), f"{path}.basis",
            date=basis.date, reliability=basis.reliability,
        )  # fmt: skip
