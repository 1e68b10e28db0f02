"""What a changed scenario pays beside what it paid before: decided on kept claims where they stay, else drawn again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simkit.awards.outlays import Outlays
from simkit.policy.ties import ties
from simkit.scenario import Scenario
from simkit.whatif.kept.again import Again, can_decide_again, decide_again, job_again, touched
from simkit.whatif.kept.carried import drawn_from
from simkit.whatif.kept.claims import KeptClaims, Progress, draw_outlays, keep_claims
from simkit.whatif.kept.paid import Paid

__all__ = ["Evaluated", "Lay", "evaluate", "keep_for", "moved"]

#: Lays changes on a scenario.
Lay = Callable[[Mapping[str, Any]], Scenario]
#: Parts of a plan that move the claims of all measures.
_FOR_ALL = ("population", "factor", "calendar", "earned_years")


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """What a scenario pays before a change and after it.

    Attributes
    ----------
    measures : tuple of str
        Those that the change can move.
    before, after : Paid
    again : Again or None
        None where the claims were drawn again.
    """

    measures: tuple[str, ...]
    before: Paid
    after: Paid
    again: Again | None


def keep_for(
    scenario: Scenario,
    changed: Sequence[Scenario],
    *,
    draws: int,
    seed: int,
    jobs: int | None = None,
    progress: Progress = None,
) -> KeptClaims:
    """Keep the claims that these changes can be decided on."""
    stand = can_decide_again(scenario, *changed)
    names = {
        name
        for one, stands in zip(changed, stand, strict=True)
        if stands
        for name in touched(scenario.policy, one.policy)
    }
    return keep_claims(scenario, draws=draws, seed=seed, measures=names, jobs=jobs, progress=progress)


def evaluate(
    kept: KeptClaims,
    changed: Scenario,
    *,
    jobs: int | None = None,
    winners: bool = False,
    also: Collection[str] = (),
    progress: Progress = None,
) -> Evaluated:
    """What a changed scenario pays: decided on the kept claims where they stay, else drawn again.

    `also`: measures to decide in any case, for what their caps do.
    """
    scenario = kept.scenario
    job = job_again(kept.job, changed)
    if job is not None:
        found = decide_again(kept, changed, jobs=jobs, winners=winners, also=also, job=job)
        before, after = (found.before, found.rest), (found.after, found.rest)
        return Evaluated(found.measures, Paid(scenario, before), Paid(changed, after), found)
    names = moved(scenario, changed)
    old, new = _drawn_again(kept, changed, names, jobs, progress)
    return Evaluated(names, Paid(scenario, old), Paid(changed, new), None)


def moved(before: Scenario, after: Scenario) -> tuple[str, ...]:
    """The measures whose money a change can move when claims are drawn again, in the policy's order."""
    old, new = before.plan, after.plan
    every = tuple(dict.fromkeys([*before.policy.measures, *after.policy.measures]))
    if any(getattr(old, part) != getattr(new, part) for part in _FOR_ALL) or list(
        before.policy.measures
    ) != list(after.policy.measures):
        return every
    changed = set(touched(before.policy, after.policy))
    olds, news = drawn_from(old), drawn_from(new)
    for name in {*olds, *news}:
        if olds.get(name) != news.get(name):
            changed.add(name)
            companions = [plan.companion for plan in (old.claims.get(name), new.claims.get(name)) if plan]
            changed.update(one.of for one in companions if one is not None)
    reach = set(changed)
    for policy in (before.policy, after.policy):
        tied = ties(policy)
        reach |= set().union(*(tied[name] for name in changed))
    # What others pay beside a measure's claims is drawn with them.
    for name, plan in new.claims.items():
        if plan.companion is not None and plan.companion.of in reach:
            reach.add(name)
    return tuple(name for name in every if name in reach)


def _drawn_again(
    kept: KeptClaims,
    changed: Scenario,
    names: Collection[str],
    jobs: int | None,
    progress: Progress,
) -> tuple[tuple[Outlays, ...], tuple[Outlays, ...]]:
    """Outlays before and after; the measures that nothing moves are the same objects in both."""
    inside = [paid for tie, paid in kept.outlays.items() if tie & set(names)]
    rest = tuple(paid for tie, paid in kept.outlays.items() if not tie & set(names))
    again = draw_outlays(
        changed, draws=kept.draws, seed=kept.job.seed, measures=names, jobs=jobs, progress=progress
    )
    return (*inside, *rest), (again, *rest)
