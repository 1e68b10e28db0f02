"""Numbers for kinds, tests, repetitions, scopes, reasons, steps: told to kernels and to the compiler of a policy."""

from __future__ import annotations

__all__ = [
    "ALREADY_PAID", "ALWAYS", "AT_LEAST", "AT_MOST", "AWARD", "BANDS", "BY_RULE", "CLAIM_CAP", "CONDITIONS",
    "EVER", "FAILS", "FIXED", "FORFEITED", "GREW_AT_LEAST", "GROSS", "HOLDS", "IN_CLAIM", "IN_TERM",
    "IN_YEAR", "IS_TRUE", "KINDS", "LESS_THAN", "MATTER", "MORE_THAN", "NONE_OF", "NOT_DECIDED",
    "NOT_FIRST_TIME", "NOT_IN_FORCE", "NO_AWARD", "NUMBER_OF_STEP", "ONCE", "ONCE_PER_KEY", "ONE_OF",
    "PASSED", "PER", "PER_AGENCY", "PER_CLAIM", "PER_MEASURE", "PER_UNIT", "RATE", "REFUSALS", "REPEATS",
    "RUNNING", "SELECTION", "STEP", "STEPS", "TESTS", "TIERS", "TOTAL_CAP", "UNKNOWN", "UNKNOWN_KIND",
    "UNKNOWN_REPETITION", "UNKNOWN_SCOPE", "UNKNOWN_TEST", "WITHIN", "YEARLY",
]  # fmt: skip

# Kinds of award. NO_AWARD makes no claim, so no kernel pays it.
NO_AWARD, RATE, PER_UNIT, FIXED, TIERS, BANDS, STEP, BY_RULE = range(8)
KINDS = {
    "none": NO_AWARD, "rate": RATE, "per_unit": PER_UNIT, "fixed": FIXED, "tiers": TIERS, "bands": BANDS,
    "step": STEP, "by_rule": BY_RULE,
}  # fmt: skip

# Tests of conditions, and what one gives.
AT_LEAST, MORE_THAN, AT_MOST, LESS_THAN, ONE_OF, NONE_OF, IS_TRUE, GREW_AT_LEAST = range(8)
TESTS = {
    "at_least": AT_LEAST, "more_than": MORE_THAN, "at_most": AT_MOST, "less_than": LESS_THAN, "one_of":
    ONE_OF, "none_of": NONE_OF, "is_true": IS_TRUE, "grew_at_least": GREW_AT_LEAST,
}  # fmt: skip
UNKNOWN, FAILS, HOLDS = -1, 0, 1

# What a repetition counts.
ALWAYS, YEARLY, ONCE, ONCE_PER_KEY = range(4)
REPEATS = {"always": ALWAYS, "yearly": YEARLY, "once": ONCE, "once_per_key": ONCE_PER_KEY}

# Scope of a cap: whose money counts against it, and of which time.
PER_CLAIM, PER_AGENCY, PER_MEASURE = range(3)
PER = {"claim": PER_CLAIM, "agency": PER_AGENCY, "measure": PER_MEASURE}
IN_CLAIM, IN_YEAR, IN_TERM, EVER = range(4)
WITHIN = {"claim": IN_CLAIM, "year": IN_YEAR, "term": IN_TERM, "ever": EVER}

# Reasons of step 1. From UNKNOWN_TEST on: what a policy holds and no kernel decides, so that nothing may be paid.
PASSED, NOT_IN_FORCE, CONDITIONS, NOT_FIRST_TIME, ALREADY_PAID = range(5)
REFUSALS = ("none", "not_in_force", "conditions", "not_first_time", "already_paid")
UNKNOWN_TEST, UNKNOWN_KIND, UNKNOWN_REPETITION, UNKNOWN_SCOPE = range(5, 9)
#: Where in a measure it stands.
NOT_DECIDED = {
    UNKNOWN_TEST: "conditions",
    UNKNOWN_KIND: "award.kind",
    UNKNOWN_REPETITION: "repeat",
    UNKNOWN_SCOPE: "caps",
}

# Columns of a claim's money: the formula, what steps 3 to 7 took, the award; in sums, forfeited instalments too.
GROSS, CLAIM_CAP, SELECTION, RUNNING, MATTER, TOTAL_CAP, AWARD, FORFEITED = range(8)
STEPS = ("over_claim_cap", "not_selected", "over_running_cap", "same_matter", "over_total_cap")
#: Published number of the step that stands in a column.
NUMBER_OF_STEP = 2
