"""Numbers for kinds, tests, reasons, steps: told to kernels and to the compiler of a policy."""

from __future__ import annotations

__all__ = [
    "ALREADY_PAID", "AT_LEAST", "AT_MOST", "AWARD", "BANDS", "BY_RULE", "CLAIM_CAP", "CONDITIONS", "FAILS",
    "FIXED", "FORFEITED", "GRADED", "GREW_AT_LEAST", "GROSS", "HOLDS", "IS_TRUE", "KINDS", "LESS_THAN",
    "MATTER", "MORE_THAN", "NONE_OF", "NOT_DECIDED", "NOT_FIRST_TIME", "NOT_IN_FORCE", "NO_AWARD",
    "NUMBER_OF_STEP", "ONE_OF", "PASSED", "PER_UNIT", "RATE", "REFUSALS", "RUNNING", "SELECTION", "STEP",
    "STEPS", "TESTS", "TIERS", "TOTAL_CAP", "UNKNOWN", "UNKNOWN_KIND", "UNKNOWN_TEST",
]  # fmt: skip

# Kinds of award. NO_AWARD makes no claim, so no kernel pays it.
NO_AWARD, RATE, PER_UNIT, FIXED, TIERS, BANDS, STEP, BY_RULE, GRADED = range(9)
KINDS = {
    "none": NO_AWARD, "rate": RATE, "per_unit": PER_UNIT, "fixed": FIXED, "tiers": TIERS, "bands": BANDS,
    "step": STEP, "by_rule": BY_RULE, "graded": GRADED,
}  # fmt: skip

# Tests of conditions, and what one gives.
AT_LEAST, MORE_THAN, AT_MOST, LESS_THAN, ONE_OF, NONE_OF, IS_TRUE, GREW_AT_LEAST = range(8)
TESTS = {
    "at_least": AT_LEAST, "more_than": MORE_THAN, "at_most": AT_MOST, "less_than": LESS_THAN, "one_of":
    ONE_OF, "none_of": NONE_OF, "is_true": IS_TRUE, "grew_at_least": GREW_AT_LEAST,
}  # fmt: skip
UNKNOWN, FAILS, HOLDS = -1, 0, 1

# Reasons of step 1. From UNKNOWN_TEST on: what a policy holds and no kernel decides, so that nothing may be paid.
PASSED, NOT_IN_FORCE, CONDITIONS, NOT_FIRST_TIME, ALREADY_PAID = range(5)
REFUSALS = ("none", "not_in_force", "conditions", "not_first_time", "already_paid")
UNKNOWN_TEST, UNKNOWN_KIND = range(5, 7)
#: Where in a measure it stands.
NOT_DECIDED = {UNKNOWN_TEST: "conditions", UNKNOWN_KIND: "award.kind"}

# Columns of a claim's money: the formula, what steps 3 to 7 took, the award; in sums, forfeited instalments too.
GROSS, CLAIM_CAP, SELECTION, RUNNING, MATTER, TOTAL_CAP, AWARD, FORFEITED = range(8)
STEPS = ("over_claim_cap", "not_selected", "over_running_cap", "same_matter", "over_total_cap")
#: Published number of the step that stands in a column.
NUMBER_OF_STEP = 2
