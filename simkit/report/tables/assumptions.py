"""The register of assumptions: path, value in words, source, date, reliability."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from simkit.claims.plan import AttributePlan, BasePlan, Calendar, ClaimPlan
from simkit.distributions.base import Drawn
from simkit.distributions.severity import Severity
from simkit.money import format_wan
from simkit.policy.assumed import Assumed
from simkit.policy.types import Frozen
from simkit.report import roster_words
from simkit.report.messages import catalogue
from simkit.report.table import Column, Language, Table
from simkit.report.tables.draft import Draft, percent
from simkit.report.tables.paths import words_of_path
from simkit.result import Result
from simkit.scenario import PolicyValue, Renewed

__all__ = [
    "Effects",
    "Registered",
    "SourceUse",
    "assumptions_register",
    "law_words",
    "path_words",
    "registered",
    "source_uses",
]

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


class _Entry(NamedTuple):
    """One row before its source is looked up."""

    path: str
    value: str
    source: str
    note: str
    date: datetime.date | None = None
    reliability: str | None = None
    law: Severity | None = None


class Registered(NamedTuple):
    """One assumption: `reliability` is a grade's id or empty, `law` what is drawn where its value is one."""

    path: str
    value: str
    source: str
    date: str
    reliability: str
    note: str
    law: Severity | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """What each assumption moves: columns of a register beside it.

    Attributes
    ----------
    columns : tuple of Column
    cells : mapping of path to the cells of these columns
    otherwise : function
        Cells of an assumption that `cells` lacks.
    notes : tuple of str
    """

    columns: tuple[Column, ...]
    cells: Mapping[str, Mapping[str, Any]]
    otherwise: Callable[[Registered], Mapping[str, Any]]
    notes: tuple[str, ...] = ()


def registered(draft: Draft) -> list[Registered]:
    """Every assumption of the scenario, and the shares of payers that the policy's text lacks."""
    plan, policy = draft.result.scenario.plan, draft.result.scenario.policy
    found = []
    for one in _walk(draft, plan, ""):
        source = plan.sources.get(one.source)
        words = draft.name(source.source) if source else draft.say("source.none")
        date = str(one.date or source.date) if source else ""
        grade = one.reliability or (source.reliability if source else "")
        found.append(Registered(one.path, one.value, words, date, grade, one.note, one.law))
    for name, measure in policy.measures.items():
        basis = measure.payers.basis if measure.payers else None
        if measure.payers is None or basis is None:
            continue
        shares = [
            f"{draft.name(policy.funds[fund].name)} {percent(share / 10_000)}"
            for fund, share in measure.payers.shares.items()
        ]
        value = draft.say("list.separator").join(shares)
        path = f"measures.{name}.payers"
        found.append(Registered(path, value, basis.source, str(basis.date), basis.reliability, basis.note))
    return found


def assumptions_register(result: Result, *, effects: Effects | None = None, lang: Language = "zh") -> Table:
    """Every assumption with value, source, date and reliability; with what it moves where that is given."""
    draft = Draft(result, lang)
    rows: list[dict[str, Any]] = []
    for one in registered(draft):
        row: dict[str, Any] = {"item": path_words(draft, one.path), "path": one.path, "value": one.value}
        row |= {"source": one.source, "date": one.date}
        row["reliability"] = draft.say(f"reliability.{one.reliability}") if one.reliability else ""
        if effects is not None:
            row |= effects.cells[one.path] if one.path in effects.cells else effects.otherwise(one)
        rows.append(row | {"note": one.note})
    keys = ("item", "path", "value", "source", "date", "reliability")
    columns = [draft.column(key) for key in keys]
    columns += [*(() if effects is None else effects.columns), draft.column("note")]
    draft.note(draft.say("note.assumptions", count=len(rows)))
    for note in roster_words.of_run(result, lang):
        draft.note(note)
    for note in () if effects is None else effects.notes:
        draft.note(note)
    return draft.table("assumptions", columns, rows)


def _walk(draft: Draft, node: Any, path: str) -> Iterator[_Entry]:
    """Entries of a node and of all below it, in the order of the file's schema."""
    if isinstance(node, Assumed):
        words = law_words(draft, node.value)
        yield _Entry(path, words, node.source, node.note, node.date, node.reliability, node.value)
        return
    yield from _own(draft, node, path)
    if isinstance(node, Frozen):
        for name in type(node).model_fields:
            if name not in ("sources", "comparables"):
                yield from _walk(draft, getattr(node, name), f"{path}.{name}" if path else name)
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _walk(draft, value, f"{path}.{name}")


class SourceUse(NamedTuple):
    """A source as assumptions use it: its id, and the date and reliability of what rests on it."""

    source: str
    date: datetime.date
    reliability: str


def source_uses(draft: Draft, *nodes: Any) -> list[SourceUse]:
    """The sources of all assumptions in these parts of a plan, each use once, in the order of the file."""
    sources = draft.result.scenario.plan.sources
    found = [
        SourceUse(
            one.source,
            one.date or sources[one.source].date,
            one.reliability or sources[one.source].reliability,
        )
        for node in nodes
        for one in _walk(draft, node, "")
        if one.source in sources
    ]
    return list(dict.fromkeys(found))


def _own(draft: Draft, node: Any, path: str) -> Iterator[_Entry]:
    """What a node itself assumes, apart from the numbers inside it."""
    if isinstance(node, Calendar):
        words = draft.say(
            "value.calendar",
            filed=_filed(draft, *node.filing_days),
            reviewed=_reviewed(draft, node.review_days),
            rounds=draft.say("list.separator").join(node.rounds),
        )
        yield _Entry(path, words, node.source, node.note)
    elif isinstance(node, BasePlan):
        for name, one in node.variables.items():
            words = law_words(draft, one)
            yield _Entry(f"{path}.variables.{name}", words, node.source, node.note, law=one)
    elif isinstance(node, AttributePlan) and node.chance is None:
        yield _Entry(path, _attribute_words(draft, node), node.source, node.note, law=node.law)
    elif isinstance(node, PolicyValue):
        yield _Entry(path, _plain(draft, node.value), node.source, node.note)
    elif isinstance(node, Renewed):
        yield _Entry(path, str(node.until), node.source, draft.name(node.note))
    elif isinstance(node, ClaimPlan):
        set_here = [
            name
            for name in _SETTINGS
            if getattr(node, name) != ClaimPlan.model_fields[name].get_default(call_default_factory=True)
        ]
        words = draft.say("list.semicolon").join(
            _setting(draft, name, getattr(node, name)) for name in set_here
        )
        if words or node.note:
            yield _Entry(f"{path}.settings", words or "—", "", node.note)


def _filed(draft: Draft, low: int, high: int) -> str:
    """When a claim is filed after its conditions are met."""
    way = "between" if low else "within" if high else "at_once"
    values = {"at_once": {}, "within": {"high": high}, "between": {"low": low, "high": high}}
    return draft.say(f"value.filed.{way}", **values[way])


def _reviewed(draft: Draft, days: int) -> str:
    """How long a claim is looked at before it can be decided."""
    return draft.say("value.reviewed.some", review=days) if days else draft.say("value.reviewed.none")


def _setting(draft: Draft, name: str, value: Any) -> str:
    """A setting with its value; who may claim, and who does by becoming it, as one would say it."""
    if name in ("holders", "transition"):
        kind = catalogue(draft.lang).get(f"value.{value}", _plain(draft, value))
        return draft.say(f"value.{name}", value=kind)
    return draft.say("value.pair", key=_word(draft, name), value=_plain(draft, value))


def _attribute_words(draft: Draft, node: AttributePlan) -> str:
    if node.variable is not None:
        return draft.say("value.variable", name=_word(draft, node.variable))
    if node.law is not None:
        return law_words(draft, node.law)
    if node.bands is not None:
        bands = [f">{_amount(draft, band.above)}: {_amount(draft, band.rate)}" for band in node.bands]
        minus = _amount(draft, node.minus) if node.minus is not None else "0"
        return draft.say("value.bands", of=_word(draft, node.of or ""), minus=minus, bands="; ".join(bands))
    if node.key:
        return draft.say("value.key")
    return _plain(draft, node.weights)


def _plain(draft: Draft, value: Any) -> str:
    """Data of a file as words."""
    if isinstance(value, dict):
        return draft.say("list.separator").join(
            f"{_word(draft, str(key))} {_plain(draft, one)}" for key, one in value.items()
        )
    if isinstance(value, list | tuple):
        return draft.say("list.separator").join(_plain(draft, one) for one in value)
    if isinstance(value, bool):
        return draft.say("word.yes" if value else "word.no")
    return f"{value:g}" if isinstance(value, float) else _word(draft, str(value))


def _word(draft: Draft, key: str) -> str:
    """A field of the schema in words; what the catalogue lacks stays as it is."""
    attribute = draft.result.scenario.policy.attributes.get(key)
    return catalogue(draft.lang).get(f"field.{key}", draft.name(attribute.name) if attribute else key)


def path_words(draft: Draft, path: str) -> str:
    """A path in words: `claims.headhunting.take_up` as 猎头引才奖励 · 申报率."""
    policy = draft.result.scenario.policy
    named = {f"measures.{key}": one.name for key, one in policy.measures.items()}
    named |= {f"attributes.{key}": one.name for key, one in policy.attributes.items()}
    return words_of_path(path, {key: (name.zh, name.en) for key, name in named.items()}, draft.lang)


def law_words(draft: Draft, law: Severity) -> str:
    """A number or distribution with its units, in words."""
    values = {name.rstrip("_"): getattr(law, name) for name in type(law).model_fields if name != "dist"}
    if law.dist == "empirical":
        numbers = draft.say("list.separator").join(_amount(draft, one) for one in values["values"])
        weights = values.get("weights")
        key = "law.empirical" if weights is None else "law.empirical_weighted"
        return draft.say(key, values=numbers, weights=_plain(draft, weights))
    if law.dist == "constant":
        return _amount(draft, values["value"])
    given = {name: _amount(draft, one) for name, one in values.items() if one is not None}
    if law.dist in ("triangular", "uniform", "pert"):
        return draft.say(f"law.{law.dist}", **given)
    pairs = [draft.say("value.pair", key=_word(draft, name), value=one) for name, one in given.items()]
    return draft.say(f"law.{law.dist}", pairs=draft.say("list.separator").join(pairs))


def _amount(draft: Draft, value: Any) -> str:
    """A number with its unit."""
    if not isinstance(value, Drawn):
        return f"{value:g}" if isinstance(value, float | int) else str(value)
    if value.kind == "share":
        return percent(value.value)
    if value.kind == "yuan" and value.value >= 10_000:
        text = format_wan(value.value * 100, 2).rstrip("0").rstrip(".")
        return draft.say("amount.wan", amount=text)
    unit = draft.say(f"unit.{value.kind}") if value.kind else ""
    return f"{value.value:,.10g}{unit}"
