"""The rules of a measure in words: its standard, conditions, and caps with their scope."""

from __future__ import annotations

from typing import assert_never

from simkit.base.money import RATE_ONE, Basis, format_wan
from simkit.base.said import Said, listed
from simkit.base.words import catalogue
from simkit.policy.kinds.said import Fen, ForEach, NameOf, Percentage, Value, ValueName
from simkit.policy.limits import Cap, TotalCap, limit_said
from simkit.policy.measure import Measure
from simkit.report.tables.rule_draft import RuleDraft
from simkit.report.tables.table_draft import percent

__all__ = [
    "cap_words",
    "condition_words",
    "is_assumed",
    "limit_words",
    "money_words",
    "ranking_words",
    "rule_said",
    "standard_words",
    "unit_word",
]

#: Fen of 10,000 yuan, and cents of 10,000 US dollars; fen of 100 million yuan.
_WAN = 1_000_000
_YI = 10_000 * _WAN


def money_words(draft: RuleDraft, fen: int) -> str:
    """An amount as a policy writes it: 500元, 50万元, 1亿元."""
    if fen >= _YI and fen % _WAN == 0:
        return draft.say("amount.yi", amount=_short(f"{fen // _WAN / 10_000:,.4f}"))
    if fen >= _WAN and fen % 100 == 0:
        return draft.say("amount.wan", amount=_short(format_wan(fen, 4)))
    return f"{_short(f'{fen / 100:,.2f}')}{draft.say('unit.yuan')}"


def limit_words(draft: RuleDraft, cap: Cap | TotalCap) -> str:
    """A cap's amount, or the share of what it is."""
    return rule_said(draft, "", limit_said(cap))


def cap_words(draft: RuleDraft, name: str, mark: str = "") -> str:
    """Every cap on a measure: how much, per whom, within what; total caps that it counts under too.

    `mark`: what stands behind those that a reading of the policy may change.
    """
    policy = draft.policy
    caps: dict[str, tuple[Cap | TotalCap, str]] = {
        f"measures.{name}.caps.{key}": (cap, draft.say(f"scope.{cap.scope}"))
        for key, cap in policy.measures[name].caps.items()
    }
    caps |= {
        f"total_caps.{key}": (total, draft.say("scope.total", count=len(total.measures)))
        for key, total in policy.total_caps.items()
        if name in total.measures
    }
    found = [
        draft.say("rule.cap", limit=limit_words(draft, cap), scope=scope)
        + (mark if _may_be_read(draft, path) else "")
        for path, (cap, scope) in caps.items()
    ]
    return listed(found, draft.lang, "language.semicolon") or draft.say("rule.no_cap")


def unit_word(draft: RuleDraft, name: str) -> str:
    """What a measure's base counts (人), by what the scenario draws for a claim; empty where there is no word."""
    plan = None if draft.plan is None else draft.plan.claims.get(name)
    names = [] if plan is None else list(plan.base.variables)
    return catalogue(draft.lang).get(f"rule.per.{names[0]}", "") if len(names) == 1 else ""


def is_assumed(draft: RuleDraft, path: str) -> bool:
    """Whether the scenario assumed what stands at a path of the policy, for the policy leaves it open."""
    return draft.plan is not None and any(_meet(path, one) for one in draft.plan.policy_values)


def _may_be_read(draft: RuleDraft, path: str) -> bool:
    """Whether an option of a reading changes what stands at a path of the policy."""
    readings = draft.policy.readings.values()
    return any(
        _meet(path, one) for reading in readings for o in reading.options.values() for one in o.overlay
    )


def _meet(path: str, other: str) -> bool:
    """Whether one of two paths leads to the other or below it."""
    return f"{path}.".startswith(f"{other}.") or f"{other}.".startswith(f"{path}.")


# ---------------------------------------------------------------------- what is paid


def standard_words(draft: RuleDraft, name: str) -> str:
    """What a measure pays, with its unit; what the scenario assumed says so."""
    measure = draft.policy.measures[name]
    words = _award(draft, name, measure)
    if measure.priced_by == "text_ceiling":
        words = draft.say("rule.ceiling", words=words)
    return draft.say("rule.assumed", words=words) if is_assumed(draft, f"measures.{name}.award") else words


def _award(draft: RuleDraft, name: str, measure: Measure) -> str:
    if measure.award is None or measure.award.kind == "by_rule":
        return draft.say("rule.programme" if measure.priced_by == "programme" else "rule.by_rule")
    return rule_said(draft, name, measure.award.said())


def rule_said(draft: RuleDraft, name: str, value: Value) -> str:
    """What a rule of a measure says (`policy.kinds.said`)."""
    match value:
        case Said():
            words = {key: rule_said(draft, name, one) for key, one in value.values.items()}
            return draft.say(value.key, **words)
        case Fen(fen):
            return money_words(draft, fen)
        case ForEach(fen):
            amount, unit = money_words(draft, fen), unit_word(draft, name)
            if unit:
                return draft.say("rule.each", amount=amount, unit=unit)
            return draft.say("rule.per_unit", amount=amount, of=_base(draft, name))
        case Percentage(rate):
            return percent(rate / RATE_ONE)
        case NameOf(of):
            return _base(draft, name) if of == "base" else _attribute(draft, of)
        case ValueName(of, one):
            return _value(draft, of, one)
        case Basis():
            return _threshold(draft, value)
        case str():
            return value
        case _:
            assert_never(value)


def _base(draft: RuleDraft, name: str) -> str:
    """What the award is computed on: the product of what the scenario draws for a claim."""
    plan = None if draft.plan is None else draft.plan.claims.get(name)
    known = catalogue(draft.lang)
    names = [] if plan is None or plan.base.scale is not None else list(plan.base.variables)
    if not names or any(f"field.{one}" not in known for one in names):
        return draft.say("field.base")
    return " × ".join(known[f"field.{one}"] for one in names)


# ---------------------------------------------------------------------- under what conditions


def condition_words(draft: RuleDraft, name: str, mark: str = "") -> str:
    """Conditions, how often it is paid, how it is chosen, and instalments.

    `mark`: what stands behind those that a reading of the policy may change.
    """
    measure = draft.policy.measures[name]
    words = {
        f"conditions.{key}": rule_said(draft, name, one.said()) for key, one in measure.conditions.items()
    }
    if measure.first_time:
        words["first_time"] = draft.say("rule.first_time")
    if measure.repetition.words:
        words["repeat"] = draft.say(measure.repetition.words)
    found = [
        f"{one}{mark}" if _may_be_read(draft, f"measures.{name}.{key}") else one for key, one in words.items()
    ]
    found += ranking_words(draft, measure, name)
    if measure.in_force is not None:
        until = measure.in_force.until
        key = "rule.in_force" if until else "rule.in_force_since"
        found.append(draft.say(key, since=measure.in_force.since, until=until))
    if len(measure.instalments) > 1:
        found.append(_instalments(draft, name))
    return listed(found, draft.lang, "language.semicolon") or draft.say("rule.no_condition")


def ranking_words(draft: RuleDraft, measure: Measure, name: str) -> list[str]:
    """Ranked choice with the limits that it has; one that the scenario assumed says so."""
    selection = measure.selection
    if selection.kind == "none":
        return []
    limits = {}
    if selection.envelope is not None:
        limits["envelope"] = draft.say("rule.envelope", amount=money_words(draft, selection.envelope))
    if selection.places is not None:
        limits["places"] = draft.say("rule.places", count=selection.places)
    return [
        draft.say("rule.ranked"),
        *(
            draft.say("rule.limit_assumed", words=words)
            if is_assumed(draft, f"measures.{name}.selection.{key}")
            else words
            for key, words in limits.items()
        ),
    ]


def _instalments(draft: RuleDraft, name: str) -> str:
    """Shares by year, with the conditions of later ones."""
    parts = []
    for one in draft.policy.measures[name].instalments:
        words = draft.say("rule.instalment", years=one.after_years, share=percent(one.share / 10_000))
        conditions = [rule_said(draft, name, condition.said()) for condition in one.conditions]
        if conditions:
            met = listed(conditions, draft.lang)
            words = draft.say("rule.instalment_if", words=words, conditions=met)
        parts.append(words)
    return draft.say("rule.instalments", parts=listed(parts, draft.lang))


def _attribute(draft: RuleDraft, key: str) -> str:
    return draft.name(draft.policy.attributes[key].name)


def _value(draft: RuleDraft, key: str, value: str) -> str:
    """A value of a category: its label, else the catalogue's word, else as it stands."""
    labels = draft.policy.attributes[key].labels
    return (
        draft.name(labels[value]) if value in labels else catalogue(draft.lang).get(f"field.{value}", value)
    )


def _threshold(draft: RuleDraft, basis: Basis) -> str:
    """A point on a measured scale, with its unit."""
    if basis.kind == "yuan":
        return money_words(draft, basis.value)
    if basis.kind == "count":
        return f"{basis.value:,}"
    if basis.value >= _WAN and basis.value % 100 == 0:
        return draft.say("amount.wan_usd", amount=_short(format_wan(basis.value, 4)))
    return f"{_short(f'{basis.value / 100:,.2f}')}{draft.say('unit.usd')}"


def _short(number: str) -> str:
    """Without zeros at the end."""
    return number.rstrip("0").rstrip(".") if "." in number else number
