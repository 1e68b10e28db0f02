"""Which columns a policy reads of agencies and claims, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simkit.policy.conditions import Condition
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy

__all__ = [
    "BASE",
    "Columns",
    "amount_columns",
    "attribute_columns",
    "claim_columns",
    "condition_columns",
    "measure_level",
    "year_read_by",
]

#: Attributes, each with a year (0 the earned year), that claims of a measure carry, by measure.
Columns = Mapping[str, Sequence[tuple[str, int]]]
#: Column number that stands for the claim's base.
BASE = -1


def measure_level(policy: Policy, measure: Measure) -> str:
    """The level that a measure belongs to: its own, or that of the fund that pays first."""
    if measure.level is not None:
        return measure.level
    if measure.payers is None:
        return ""
    return policy.funds[next(iter(measure.payers.shares))].level


def attribute_columns(policy: Policy) -> tuple[tuple[str, int], ...]:
    """Every attribute and year that the policy reads: the columns that Claims must carry."""
    return tuple(sorted({column for columns in claim_columns(policy).values() for column in columns}))


def claim_columns(policy: Policy) -> dict[str, tuple[tuple[str, int], ...]]:
    """The attributes and years that the policy reads of a claim of each measure.

    Those of total caps come first, in all alike: a total cap reads one column, whatever the measure.
    """
    shared = sorted({(cap.of, cap.year) for cap in policy.total_caps.values() if cap.of is not None})
    found = {}
    for name, measure in policy.measures.items():
        own = _read_by(policy, name, measure) - set(shared)
        found[name] = (*shared, *sorted(own))
    return found


def amount_columns(policy: Policy, name: str) -> set[tuple[str, int]]:
    """The attributes and years that the formula, the caps and the total caps of a measure read."""
    measure = policy.measures[name]
    found = {(cap.of, cap.year) for cap in measure.caps.values() if cap.of is not None}
    totals = (cap for cap in policy.total_caps.values() if name in cap.measures)
    found |= {(cap.of, cap.year) for cap in totals if cap.of is not None}
    read = measure.award.reads() if measure.award is not None else ()
    return found | {(one.of, 0) for one in read if one.of != "base"}


def _read_by(policy: Policy, name: str, measure: Measure) -> set[tuple[str, int]]:
    """The attributes and years that a measure's conditions, caps and tiers read."""
    needed = amount_columns(policy, name)
    for condition in measure.conditions.values():
        needed |= condition_columns(policy, condition)
    for instalment in measure.instalments:
        for condition in instalment.conditions:
            needed |= condition_columns(policy, condition, instalment.after_years)
    return needed


def year_read_by(policy: Policy, condition: Condition, offset: int) -> int:
    """The year in which a condition reads: what belongs to the claim itself does not change with the years."""
    own = condition.of == "base" or policy.attributes[condition.of].of == "claim"
    return 0 if own else condition.year + offset


def condition_columns(policy: Policy, condition: Condition, offset: int = 0) -> set[tuple[str, int]]:
    """The attributes and years that a condition reads, `offset` years after the earned year; of the base none."""
    if condition.of == "base":
        return set()
    latest = year_read_by(policy, condition, offset)
    spread = condition.years if condition.test == "grew_at_least" else 0
    return {(condition.of, latest - back) for back in range(spread + 1)}
