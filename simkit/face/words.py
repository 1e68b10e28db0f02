"""Languages that are asked for, and the rules of a policy in words."""

from __future__ import annotations

from simkit.base.display import display
from simkit.base.errors import known_language
from simkit.policy.schema import Policy
from simkit.report.tables.rule_draft import OfPolicy
from simkit.report.tables.rule_words import cap_words, condition_words, standard_words

__all__ = ["in_language", "rule_words"]


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
    draft = OfPolicy(policy, lang)
    return {
        "award": standard_words(draft, name),
        "conditions": condition_words(draft, name),
        "caps": cap_words(draft, name),
    }
