"""Which claims of another scenario can be carried over: those that no change can have touched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simkit.base.arrays import BoolArray, IndexArray, arrays_in
from simkit.claims.plan import ClaimPlan
from simkit.policy.columns import claim_columns
from simkit.runs.job import Job, prepare
from simkit.scenario import Plan, Scenario
from simkit.whatif.kept.parts import KeptPart

__all__ = ["are_same_claims", "drawn_from", "is_inside", "windows_of_terms"]

#: Assumptions that claims are drawn from; the calendar stands in the blueprint, day by day.
_DRAWN_FROM = ("population", "factor")
_ALWAYS = np.iinfo(np.int32).min, np.iinfo(np.int32).max


def are_same_claims(old: Job, changed: Scenario) -> Job | None:
    """The job that decides the same claims under a changed policy; None where claims would be drawn otherwise.

    Claims of a measure that is there no more, or after a term that ends earlier, are left out; claims of a
    longer term were never drawn.
    """
    before, after = old.scenario, changed
    if list(before.policy.measures) != list(after.policy.measures):
        return None
    if any(
        getattr(before.policy, part) != getattr(after.policy, part) for part in ("attributes", "districts")
    ):
        return None
    if any(getattr(before.plan, part) != getattr(after.plan, part) for part in _DRAWN_FROM):
        return None
    if drawn_from(before.plan) != drawn_from(after.plan):
        return None
    if before.digests.get("roster") != after.digests.get("roster") or not _carried(old, after):
        return None
    job = prepare(after, old.seed, columns=old.columns)
    if not _alike(old, job):
        # As if nothing had ended: the claims that the kept ones are taken from.
        whole = prepare(_with_terms_of(before, after), old.seed, columns=old.columns)
        if not _alike(old, whole):
            return None
    since, until = _window_of(job)
    since_before, until_before = _window_of(old)
    there = since <= until
    return job if (since == since_before)[there].all() and (until <= until_before)[there].all() else None


def _alike(one: Job, other: Job) -> bool:
    """Whether two jobs draw claims from the same plan."""
    both = zip(arrays_in(one.plan), arrays_in(other.plan), strict=True)
    return all(np.array_equal(mine, its) for mine, its in both)


def drawn_from(plan: Plan) -> dict[str, ClaimPlan]:
    """What claims are drawn from: an elasticity is read by comparisons alone."""
    return {name: one.model_copy(update={"elasticity": None}) for name, one in plan.claims.items()}


def _carried(old: Job, changed: Scenario) -> bool:
    """Whether the kept claims carry all that the changed policy reads, what total caps read in the same columns."""
    shared = {(cap.of, cap.year) for cap in changed.policy.total_caps.values() if cap.of is not None}
    known = {(cap.of, cap.year) for cap in old.scenario.policy.total_caps.values() if cap.of is not None}
    asked = claim_columns(changed.policy)
    return shared <= known and all(set(asked[name]) <= set(old.columns[name]) for name in asked)


def _with_terms_of(before: Scenario, after: Scenario) -> Scenario:
    """The changed scenario with the terms, the legal status and the earned years of before."""
    old, new = before.policy, after.policy
    measures = {
        name: measure.model_copy(
            update={"in_force": old.measures[name].in_force, "status": old.measures[name].status}
        )
        for name, measure in new.measures.items()
    }
    document = new.document.model_copy(update={"in_force": old.document.in_force})
    policy = new.model_copy(update={"measures": measures, "document": document})
    plan = after.plan.model_copy(update={"earned_years": before.plan.earned_years})
    return replace(after, policy=policy, plan=plan)


def _window_of(job: Job) -> tuple[IndexArray, IndexArray]:
    """First and last day on which claims of each measure are earned; the other way round for one without claims.

    What others pay beside a measure's claims comes with them.
    """
    count = len(job.policy.measures)
    since, until = np.full(count, 1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    plans, names = job.plan.plans, list(job.scenario.policy.measures)
    since[plans["measure"]], until[plans["measure"]] = plans["since"], plans["until"]
    for name, plan in job.scenario.plan.claims.items():
        if plan.companion is not None:
            host = names.index(plan.companion.of)
            since[names.index(name)], until[names.index(name)] = since[host], until[host]
    return since, until


def windows_of_terms(old: Job, new: Job) -> tuple[IndexArray, IndexArray]:
    """Where a measure's claims count under the new policy; always where nothing ended."""
    since, until = _window_of(new)
    before = _window_of(old)
    same = (since == before[0]) & (until == before[1])
    return np.where(same, _ALWAYS[0], since), np.where(same, _ALWAYS[1], until)


def is_inside(part: KeptPart, since: IndexArray, until: IndexArray) -> BoolArray | None:
    """Claims that still count; None: all."""
    if since.max(initial=_ALWAYS[0]) == _ALWAYS[0] and until.min(initial=_ALWAYS[1]) == _ALWAYS[1]:
        return None  # nothing ended
    measure, earned = part.claims.rows["measure"], part.claims.rows["earned"]
    inside = (earned >= since[measure]) & (earned <= until[measure])
    return None if inside.all() else np.asarray(inside)
