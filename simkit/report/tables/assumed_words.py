"""Assumptions in words: laws with their units, settings, paths."""

from __future__ import annotations

from typing import Any

from simkit.base.money import format_wan
from simkit.base.said import listed
from simkit.base.words import catalogue
from simkit.claims.amount_plan import AttributePlan
from simkit.distributions.base import Drawn
from simkit.distributions.severity import Severity
from simkit.report.tables.paths import words_of_path
from simkit.report.tables.rule_draft import ScenarioDraft
from simkit.report.tables.table_draft import percent

__all__ = [
    "attribute_words",
    "filed",
    "law_words",
    "path_words",
    "plain_words",
    "reviewed",
    "setting",
    "word",
]


def filed(draft: ScenarioDraft, low: int, high: int) -> str:
    """When a claim is filed after its conditions are met."""
    way = "between" if low else "within" if high else "at_once"
    values = {"at_once": {}, "within": {"high": high}, "between": {"low": low, "high": high}}
    return draft.say(f"value.filed.{way}", **values[way])


def reviewed(draft: ScenarioDraft, days: int) -> str:
    """How long a claim is looked at before it can be decided."""
    return draft.say("value.reviewed.some", review=days) if days else draft.say("value.reviewed.none")


def setting(draft: ScenarioDraft, name: str, value: Any) -> str:
    """A setting with its value; who may claim, and who does by becoming it, as one would say it."""
    if name in ("holders", "transition"):
        kind = catalogue(draft.lang).get(f"value.{value}", plain_words(draft, value))
        return draft.say(f"value.{name}", value=kind)
    return draft.say("value.pair", key=word(draft, name), value=plain_words(draft, value))


def attribute_words(draft: ScenarioDraft, node: AttributePlan) -> str:
    if node.variable is not None:
        return draft.say("value.variable", name=word(draft, node.variable))
    if node.law is not None:
        return law_words(draft, node.law)
    if node.bands is not None:
        bands = [f">{_amount(draft, band.above)}: {_amount(draft, band.rate)}" for band in node.bands]
        minus = _amount(draft, node.minus) if node.minus is not None else "0"
        return draft.say("value.bands", of=word(draft, node.of or ""), minus=minus, bands="; ".join(bands))
    if node.key:
        return draft.say("value.key")
    return plain_words(draft, node.weights)


def plain_words(draft: ScenarioDraft, value: Any) -> str:
    """Data of a file as words."""
    if isinstance(value, dict):
        return listed(
            (f"{word(draft, str(key))} {plain_words(draft, one)}" for key, one in value.items()), draft.lang
        )
    if isinstance(value, list | tuple):
        return listed((plain_words(draft, one) for one in value), draft.lang)
    if isinstance(value, bool):
        return draft.say("word.yes" if value else "word.no")
    return f"{value:g}" if isinstance(value, float) else word(draft, str(value))


def word(draft: ScenarioDraft, key: str) -> str:
    """A field of the schema in words; what the catalogue lacks stays as it is."""
    attribute = draft.policy.attributes.get(key)
    return catalogue(draft.lang).get(f"field.{key}", draft.name(attribute.name) if attribute else key)


def path_words(draft: ScenarioDraft, path: str) -> str:
    """A path in words: `claims.headhunting.take_up` as 猎头引才奖励 · 申报率."""
    policy = draft.policy
    named = {f"measures.{key}": one.name for key, one in policy.measures.items()}
    named |= {f"attributes.{key}": one.name for key, one in policy.attributes.items()}
    return words_of_path(path, named, draft.lang)


def law_words(draft: ScenarioDraft, law: Severity) -> str:
    """A number or distribution with its units, in words."""
    values = {name.rstrip("_"): getattr(law, name) for name in type(law).model_fields if name != "dist"}
    if law.dist == "empirical":
        numbers = listed((_amount(draft, one) for one in values["values"]), draft.lang)
        weights = values.get("weights")
        key = "law.empirical" if weights is None else "law.empirical_weighted"
        return draft.say(key, values=numbers, weights=plain_words(draft, weights))
    if law.dist == "constant":
        return _amount(draft, values["value"])
    given = {name: _amount(draft, one) for name, one in values.items() if one is not None}
    if law.dist in ("triangular", "uniform", "pert"):
        return draft.say(f"law.{law.dist}", **given)
    pairs = [draft.say("value.pair", key=word(draft, name), value=one) for name, one in given.items()]
    return draft.say(f"law.{law.dist}", pairs=listed(pairs, draft.lang))


def _amount(draft: ScenarioDraft, value: Any) -> str:
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
