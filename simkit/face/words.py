"""Languages that are asked for, and the rules of a policy in words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from simkit.base.display import display
from simkit.base.errors import known_language
from simkit.policy.schema import Policy
from simkit.report.tables.draft import Draft
from simkit.report.tables.rule_words import cap_words, condition_words, standard_words

__all__ = ["draft_of", "in_language", "rule_words"]


def in_language(lang: str | None) -> str:
    """A language: the one given, else the one that `options` has set.

    Raises
    ------
    InputError
        For one that has no catalogues.
    """
    return display().lang if lang is None else known_language(lang)


def rule_words(policy: Policy, name: str, lang: str) -> dict[str, str]:
    """What a provision pays, on which conditions, under which caps, as the policy alone says it."""
    draft = draft_of(policy, lang)
    return {
        "award": standard_words(draft, name),
        "conditions": condition_words(draft, name),
        "caps": cap_words(draft, name),
    }


def draft_of(policy: Policy, lang: str) -> Draft:
    """The words of a policy without a scenario: nothing is assumed, nothing drawn."""
    plan: Any = SimpleNamespace(policy_values={}, claims={})
    result: Any = SimpleNamespace(scenario=SimpleNamespace(policy=policy, plan=plan))
    return Draft(result, lang)
