"""Numbers that stand for a kind, a test, a repetition, a scope: told to the kernels and to the compiler of a policy."""

from __future__ import annotations

__all__ = ["KINDS", "PER", "REPEATS", "TESTS", "WITHIN"]

#: The kernel reads it by name.
GRADED = 8
KINDS = {
    "none": 0,
    "rate": 1,
    "per_unit": 2,
    "fixed": 3,
    "tiers": 4,
    "bands": 5,
    "step": 6,
    "by_rule": 7,
    "graded": GRADED,
}
TESTS = {
    "at_least": 0,
    "more_than": 1,
    "at_most": 2,
    "less_than": 3,
    "one_of": 4,
    "none_of": 5,
    "is_true": 6,
    "grew_at_least": 7,
}
REPEATS = {"always": 0, "yearly": 1, "once": 2, "once_per_key": 3}
PER = {"claim": 0, "agency": 1, "measure": 2}
WITHIN = {"claim": 0, "year": 1, "term": 2, "ever": 3}
