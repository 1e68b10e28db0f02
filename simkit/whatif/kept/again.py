"""Kept claims decided again under a changed policy: only what the change can touch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.awards.gains import Held
from simkit.awards.outlays import Outlays
from simkit.awards.types import Levers, join_levers, no_levers
from simkit.base.arrays import BoolArray, FenArray, IndexArray
from simkit.base.errors import InputError
from simkit.policy.schema import Policy
from simkit.policy.ties import ties
from simkit.runs.job import Job, prepare
from simkit.scenario import Scenario
from simkit.whatif.kept.carried import are_same_claims, is_inside, windows_of_terms
from simkit.whatif.kept.claims import KeptClaims, Tie, carried_columns, only_claims, threads_of
from simkit.whatif.kept.parts import decide_part, join_parts, outlays_of, some_of
from simkit.whatif.kept.winners import PartAwards, Winners, count_winners

__all__ = [
    "Again",
    "can_decide_again",
    "decide_again",
    "decide_measures",
    "decide_some",
    "job_again",
    "touched",
]

#: Parts of a policy that hold for every measure.
_FOR_ALL = ("document", "funds", "districts", "attributes")


@dataclass(frozen=True, slots=True, eq=False)
class Again:
    """What the policy pays before a change and after it, on the same claims.

    Attributes
    ----------
    measures : tuple of str
        Touched, in the policy's order: those tied to a changed one too. The rest pays the same in both.
    before, after : Outlays
        Of the measures touched. Not in order of draws.
    rest : Outlays
        Of the others.
    levers : Levers
        What the caps of the measures touched do after the change.
    passed : int32[draw, measure]
        Claims of the measures touched that pass step 1 after the change.
    winners : Winners or None
        Who gains and who loses; None where nobody asked.
    """

    measures: tuple[str, ...]
    before: Outlays
    after: Outlays
    rest: Outlays
    levers: Levers
    passed: npt.NDArray[np.int32]
    winners: Winners | None = None


def touched(before: Policy, after: Policy) -> tuple[str, ...]:
    """The measures whose awards can differ: those changed, and what they are tied to in either policy.

    A change of what holds for every measure (the term, the funds) touches all. Both policies have the same
    measures.
    """
    changed = {name for name in before.measures if before.measures[name] != after.measures[name]}
    if any(getattr(before, part) != getattr(after, part) for part in _FOR_ALL):
        changed = set(before.measures)
    for part, members in (("matters", "members"), ("total_caps", "measures")):
        old, new = getattr(before, part), getattr(after, part)
        for name in {*old, *new}:
            if old.get(name) != new.get(name):
                changed.update(*(getattr(policy[name], members) for policy in (old, new) if name in policy))
    # What only the policy after it ties is tied by a matter or total cap that changed, with all its members.
    tied = ties(before)
    reach = frozenset[str]().union(*(tied[name] for name in changed))
    return tuple(name for name in before.measures if name in reach)


def decide_again(
    kept: KeptClaims,
    changed: Scenario,
    *,
    jobs: int | None = None,
    winners: bool = False,
    also: Collection[str] = (),
    job: Job | None = None,
) -> Again:
    """Decide the kept claims under another policy, of the measures that the change can touch.

    Parameters
    ----------
    job : Job, optional
        What `job_again` gave for this change, so that it is not made twice.
    winners : bool
        Whether to count who gains and who loses.
    also : names
        Measures to decide even where nothing touches them, for what their caps do.

    Raises
    ------
    InputError
        Where the change moves the claims themselves (they would have to be drawn again), touches measures that
        were not kept, or lets measures meet that did not.
    """
    old, executor = kept.job, threads_of(jobs)
    job = are_same_claims(old, changed) if job is None else job
    if job is None:
        raise InputError("error.claims_moved")
    tied = ties(old.scenario.policy)
    asked = frozenset(touched(old.scenario.policy, changed.policy)).union(*(tied[name] for name in also))
    names = tuple(name for name in old.scenario.policy.measures if name in asked)
    lost = [name for name in names if tied[name] not in kept.parts]
    if lost:
        raise InputError("error.claims_not_kept", measures=", ".join(lost))
    tied_now = ties(changed.policy)
    meeting = [name for name in names if not tied_now[name] <= tied[name]]
    if meeting:
        raise InputError("error.measures_meet", measures=", ".join(meeting))
    wanted = list(dict.fromkeys(tied[name] for name in names))
    since, until = windows_of_terms(old, job)

    span = job.scenario.plan.earned_years

    def block(number: int) -> _Blocked:
        paid, awards, passed = [], [], []
        draws = len(kept.parts[wanted[0]][number].claims.firsts) - 1
        levers = no_levers(job.policy, draws, span)
        for tie in wanted:
            part = kept.parts[tie][number]
            inside = is_inside(part, since, until)
            decided = decide_part(job, part if inside is None else some_of(part, inside), levers)
            paid.append(decided.outlays)
            passed.append(decided.passed)
            if winners:
                after = decided.award if inside is None else _put(decided.award, inside)
                awards.append(Held(part.claims, part.award, after))
        counts: npt.NDArray[np.int32] = np.stack(passed).sum(axis=0, dtype=np.int32)
        return _Blocked(paid, levers, counts, count_winners(old, awards) if winners else None)

    blocks = list(executor.map(block, range(kept.blocks if wanted else 0)))
    parts = [paid for block in blocks for paid in block.outlays]
    counted = [block.winners for block in blocks if block.winners is not None]
    others = [paid for tie, paid in kept.outlays.items() if tie not in wanted]
    nothing = outlays_of([], job.layout, kept.draws)
    return Again(
        measures=names,
        before=join_parts([kept.outlays[tie] for tie in wanted] or [nothing], kept.draws),
        after=outlays_of(parts, job.layout, kept.draws),
        rest=join_parts(others or [nothing], kept.draws),
        levers=(
            join_levers([block.levers for block in blocks])
            if blocks
            else no_levers(job.policy, kept.draws, span)
        ),
        passed=(
            np.concatenate([block.passed for block in blocks])
            if blocks
            else np.zeros((kept.draws, len(job.policy.measures)), dtype=np.int32)
        ),
        winners=Winners.of(old.scenario, counted) if winners else None,
    )


def decide_measures(
    kept: KeptClaims, changed: Scenario, measures: Collection[str], *, jobs: int | None = None
) -> Outlays | None:
    """What some measures, with all that they are tied to, pay on the kept claims under another policy.

    Whatever else a change does to other measures and their claims moves none of these, by law 3.

    Returns
    -------
    Outlays or None
        None where the claims of these measures would be drawn otherwise, were not kept, or meet others.
    """
    old, executor = kept.job, threads_of(jobs)
    tied, tied_now = ties(old.scenario.policy), ties(changed.policy)
    wanted = list(dict.fromkeys(tied[name] for name in measures))
    names = frozenset[str]().union(*wanted)
    if any(tie not in kept.parts for tie in wanted) or any(not tied_now[name] <= names for name in names):
        return None
    # Only what draws these claims is compared: the others' laws take time.
    before = prepare(only_claims(old.scenario, names), old.seed, columns=old.columns)
    job = are_same_claims(before, only_claims(_changed_only_in(old.scenario, changed, names), names))
    if job is None:
        return None
    since, until = windows_of_terms(before, job)
    # The rules refuse what is earned after the term, but never what others pay: only that has to be left out.
    others = {name for name, measure in changed.policy.measures.items() if measure.outside}
    same_years = before.scenario.plan.earned_years == changed.plan.earned_years

    def block(number: int) -> list[IndexArray]:
        found = []
        for tie in wanted:
            part = kept.parts[tie][number]
            inside = None if same_years and not tie & others else is_inside(part, since, until)
            found.append(decide_part(job, part if inside is None else some_of(part, inside)).outlays)
        return found

    rows = [one for found in executor.map(block, range(kept.blocks)) for one in found]
    return outlays_of(rows, job.layout, kept.draws)


def _changed_only_in(before: Scenario, after: Scenario, names: Collection[str]) -> Scenario:
    """The changed scenario with the other measures as before."""
    measures = {
        name: after.policy.measures[name] if name in names else measure
        for name, measure in before.policy.measures.items()
        if name in after.policy.measures
    }
    return replace(after, policy=after.policy.model_copy(update={"measures": measures}))


def decide_some(kept: KeptClaims, tie: Tie, block: int, counted: BoolArray) -> IndexArray:
    """What a tie pays in a block of draws where only some measures claim, as if the others were not there.

    Parameters
    ----------
    counted : bool[draw, measure]
        By draw of the block, for all measures of the policy: whose claims count.

    Returns
    -------
    int64[row, 3]
        Draw, number of the cell in the job's layout, fen.
    """
    part = kept.parts[tie][block]
    draw = np.repeat(np.arange(len(part.claims.firsts) - 1), np.diff(part.claims.firsts))
    return decide_part(kept.job, some_of(part, counted[draw, part.claims.rows["measure"]])).outlays


class _Blocked(NamedTuple):
    """What a block of draws gives."""

    outlays: list[IndexArray]
    levers: Levers
    passed: npt.NDArray[np.int32]
    winners: PartAwards | None


def can_decide_again(scenario: Scenario, *changed: Scenario) -> list[bool]:
    """Of each change, whether it leaves the claims as they are, and lets no measures meet that did not."""
    old = prepare(scenario, 0, columns=carried_columns(scenario))
    return [job_again(old, one) is not None for one in changed]


def job_again(old: Job, changed: Scenario) -> Job | None:
    """The job that decides the claims of another again; None where they would be drawn otherwise or meet others."""
    job = are_same_claims(old, changed)
    policy = old.scenario.policy
    before, after = ties(policy), ties(changed.policy)
    if job is None or any(not after[name] <= before[name] for name in touched(policy, changed.policy)):
        return None
    return job


def _put(values: FenArray, where: BoolArray) -> FenArray:
    """Values of some rows, 0 in the others."""
    whole = np.zeros(len(where), dtype=np.int64)
    whole[where] = values
    return whole
