"""Why a measure has no exact twin: its claims meet others, or its rule is not one of those worked out."""

from __future__ import annotations

from typing import NamedTuple

from simkit.claims.plan import ClaimPlan
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy

__all__ = ["NoTwinError", "Reason", "reason_against"]


class Reason(NamedTuple):
    """A key of the words that say it, and the names in them."""

    key: str
    names: str = ""


class NoTwinError(Exception):
    """A measure has no twin."""

    def __init__(self, key: str, names: str = "") -> None:
        super().__init__(key, names)
        self.reason = Reason(key, names)


def reason_against(policy: Policy, plans: dict[str, ClaimPlan], name: str) -> Reason | None:
    """The first reason why a measure has no twin; None where it may have one."""
    measure, plan = policy.measures[name], plans[name]
    checks = (
        _selection(measure),
        _matters(policy, plans, name),
        _totals(policy, name),
        _formula(measure),
        _caps(measure),
        _repetition(measure, plan),
    )
    return next((found for found in checks if found is not None), None)


def at_most_one(measure: Measure, plan: ClaimPlan) -> bool:
    """Whether a claimant can be awarded one claim of a year at most (a `fixed` number is looked at later)."""
    return plan.transition is not None or plan.frequency == "event" or measure.repetition.is_limited


def _selection(measure: Measure) -> Reason | None:
    return Reason("twin_selection") if measure.selection.is_ranked else None


def _matters(policy: Policy, plans: dict[str, ClaimPlan], name: str) -> Reason | None:
    """Claims that are paid on the same matter as others."""
    measure, plan = policy.measures[name], plans[name]
    repetition = measure.repetition
    if measure.is_own_matter:
        return Reason("twin_own_matter")
    for matter in policy.matters.values():
        if name not in matter.members:
            continue
        others = [one for one in matter.members if one != name and one in plans and policy.measures[one].live]
        if others:
            return Reason("twin_matter", ", ".join(others))
        once = (repetition.ever and not repetition.by_key) or plan.transition is not None
        single = once or (matter.by_year and at_most_one(measure, plan))
        if "matter" not in matter.key and not ("agency" in matter.key and single):
            return Reason("twin_own_matter")
    return None


def _totals(policy: Policy, name: str) -> Reason | None:
    over = [cap for cap, total in policy.total_caps.items() if name in total.measures]
    return Reason("twin_total", ", ".join(over)) if over else None


def _formula(measure: Measure) -> Reason | None:
    award = measure.award
    return Reason("twin_formula") if award is not None and award.exact_law() is None else None


def _caps(measure: Measure) -> Reason | None:
    for cap in measure.caps.values():
        if cap.amount is None:
            return Reason("twin_share_cap")
        if cap.shared is not None and not cap.shared.by_year:
            return Reason("twin_years_cap")
    return None


def _repetition(measure: Measure, plan: ClaimPlan) -> Reason | None:
    """Repetition over years is worked out for claims of which there is at most one a year."""
    rare = plan.transition is not None or plan.frequency in ("event", "fixed")
    once, by_key = measure.repetition.ever, measure.repetition.by_key
    listed = plan.holders is not None or plan.among != "agency"
    if measure.first_time and plan.transition is None and not listed and plan.frequency != "event":
        return Reason("twin_repeat")
    if once and not measure.first_time and (plan.keys or not rare or plan.mark == "agency"):
        return Reason("twin_repeat")
    if once and measure.first_time and plan.keys and not by_key:
        return Reason("twin_repeat")
    return None
