"""Claims kept, and decided again under a changed policy: only what the change can touch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from simkit.arrays import FenArray, IndexArray, Records
from simkit.awards import no_levers
from simkit.errors import InputError
from simkit.executors import Executor, threads
from simkit.policy.types import Policy
from simkit.scenario import Scenario
from simkit.simulate import (
    BLOCK_DRAWS,
    DEFAULT_DRAWS,
    DEFAULT_SEED,
    Job,
    check_range,
    prepare,
    ties,
    worker_of,
)

__all__ = ["Again", "KeptClaims", "decide_again", "keep_claims", "touched"]

#: Parts of a policy that hold for every measure.
_FOR_ALL = ("document", "funds", "districts", "attributes")
#: Assumptions that claims are drawn from; the calendar stands in the blueprint, day by day.
_DRAWN_FROM = ("population", "claims", "factor", "earned_years")
_UNKNOWN = "claims to keep: expected measures of the policy ({known}), found {found}"
_MOVED = (
    "kept claims: expected a change of the rules that leaves the claims as they are (caps, rates, thresholds, "
    "payers, instalments, matters), found one that moves the claims themselves: run the changed scenario with "
    "the same seed instead"
)
_NOT_KEPT = (
    "kept claims: expected a change that touches only measures whose claims are kept, found one that touches "
    "{measures}: keep theirs too"
)
_TIED = (
    "kept claims: expected measures that meet no others than before, on a matter or under a total cap, found a "
    "change that lets {measures} meet: run the changed scenario with the same seed instead"
)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Claims of one tie in one block of draws, in order of decision within a draw.

    Attributes
    ----------
    first : int
        The first draw.
    rows : CLAIM[claim], attributes : int64[claim, column], firsts : int64[draw + 1]
    """

    first: int
    rows: Records
    attributes: IndexArray
    firsts: IndexArray


@dataclass(frozen=True, slots=True, eq=False)
class KeptClaims:
    """Claims of all draws by tie: measures that meet on a matter or under a total cap, and only those, stand together.

    Attributes
    ----------
    job : Job
        Of the scenario whose claims they are.
    draws : int
    parts : dict of tie to its blocks of draws
    paid : dict of tie to int64[draw, paid year]
        What they are paid as the policy is.
    """

    job: Job
    draws: int
    parts: dict[frozenset[str], list[_Part]]
    paid: dict[frozenset[str], FenArray]

    @property
    def blocks(self) -> int:
        """Number of blocks of draws."""
        return len(next(iter(self.parts.values()), []))

    @property
    def bytes(self) -> int:
        """Memory that they take."""
        parts = (part for blocks in self.parts.values() for part in blocks)
        claims = sum(part.rows.nbytes + part.attributes.nbytes + part.firsts.nbytes for part in parts)
        return claims + sum(paid.nbytes for paid in self.paid.values())


@dataclass(frozen=True, slots=True, eq=False)
class Again:
    """What the measures that a change can touch are paid, before it and after, on the same claims.

    Attributes
    ----------
    measures : tuple of str
        Touched, in the policy's order: those tied to a changed one too.
    paid_years : tuple of int
    before, after : int64[draw, paid year]
        Fen; the rest of the policy pays the same in both.
    """

    measures: tuple[str, ...]
    paid_years: tuple[int, ...]
    before: FenArray
    after: FenArray


def keep_claims(
    scenario: Scenario,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    measures: Collection[str] | None = None,
    jobs: int | None = None,
) -> KeptClaims:
    """Draw claims and keep them: the same as those of a run with this scenario and seed.

    Parameters
    ----------
    measures : names, optional
        Those to keep, with what they are tied to; None: all. A claim takes 64 bytes and 8 an attribute.
    jobs : int, optional
        Threads; None: one a core.

    Raises
    ------
    InputError
        For an argument out of range, or a measure that the policy has not.
    """
    names = list(scenario.policy.measures)
    check_range("draws", draws, 1, 10_000_000)
    executor = _threads(jobs)
    unknown = [] if measures is None else sorted(set(measures) - set(names))
    if unknown:
        raise InputError(_UNKNOWN, known=", ".join(names), found=", ".join(unknown))
    job, tied = prepare(scenario, seed), ties(scenario.policy)
    wanted = dict.fromkeys(tied[name] for name in names if measures is None or name in measures)
    members = {tie: np.array([name in tie for name in names]) for tie in wanted}
    paid = {tie: np.zeros((draws, job.layout.paid), dtype=np.int64) for tie in wanted}

    def drawn(span: tuple[int, int]) -> dict[frozenset[str], _Part]:
        found: dict[frozenset[str], list[tuple[Records, IndexArray, IndexArray]]] = {
            tie: [] for tie in wanted
        }
        for _, sampled in job.sampled(span):
            for tie, member in members.items():
                here = np.flatnonzero(member[sampled.rows["measure"]])
                counts = np.diff(np.searchsorted(here, sampled.firsts))
                found[tie].append((sampled.rows[here], sampled.attributes[here], counts))
        joined = {tie: _joined(span[0], passes) for tie, passes in found.items()}
        for tie, part in joined.items():
            _pay(job, part, paid[tie])
        return joined

    tasks = [(first, min(first + BLOCK_DRAWS, draws)) for first in range(0, draws, BLOCK_DRAWS)]
    parts: dict[frozenset[str], list[_Part]] = {tie: [] for tie in wanted}
    for block in executor.map(drawn, tasks):
        for tie, part in block.items():
            parts[tie].append(part)
    return KeptClaims(job, draws, parts, paid)


def _joined(first: int, passes: list[tuple[Records, IndexArray, IndexArray]]) -> _Part:
    rows, attributes, counts = (np.concatenate(column) for column in zip(*passes, strict=True))
    return _Part(first, rows, attributes, np.concatenate([[0], np.cumsum(counts)]))


def _threads(jobs: int | None) -> Executor:
    if jobs is not None:
        check_range("jobs", jobs, 1, 1_024)
    return threads(jobs)


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


def decide_again(kept: KeptClaims, changed: Scenario, *, jobs: int | None = None) -> Again:
    """Decide the kept claims under another policy, of the measures that the change can touch.

    Raises
    ------
    InputError
        Where the change moves the claims themselves (they would have to be drawn again), touches measures that
        were not kept, or lets measures meet that did not. A measure that is removed is drawn no more, which
        moves the claims.
    """
    job, executor = prepare(changed, kept.job.seed), _threads(jobs)
    if not _same_claims(kept.job, job):
        raise InputError(_MOVED)
    names, tied = touched(kept.job.scenario.policy, changed.policy), ties(kept.job.scenario.policy)
    lost = [name for name in names if tied[name] not in kept.parts]
    if lost:
        raise InputError(_NOT_KEPT, measures=", ".join(lost))
    meeting = [name for name in names if not ties(changed.policy)[name] <= tied[name]]
    if meeting:
        raise InputError(_TIED, measures=", ".join(meeting))
    wanted = dict.fromkeys(tied[name] for name in names)
    # Instalments or a delay that change can be paid in more years than before, or in fewer.
    years = max(kept.job.layout.paid, job.layout.paid)
    before, after = np.zeros((2, kept.draws, years), dtype=np.int64)

    def block(number: int) -> None:
        for tie in wanted:
            _pay(job, kept.parts[tie][number], after)

    for _ in executor.map(block, range(kept.blocks if wanted else 0)):
        pass
    for tie in wanted:
        before[:, : kept.job.layout.paid] += kept.paid[tie]
    first = job.layout.first_earned
    return Again(names, tuple(range(first, first + years)), before, after)


def _same_claims(old: Job, new: Job) -> bool:
    """Whether two jobs draw the same claims, in the same columns."""
    plans, policies = (old.scenario.plan, new.scenario.plan), (old.scenario.policy, new.scenario.policy)
    return (
        list(policies[0].measures) == list(policies[1].measures)
        and all(
            getattr(policies[0], part) == getattr(policies[1], part) for part in ("attributes", "districts")
        )
        and all(getattr(plans[0], part) == getattr(plans[1], part) for part in _DRAWN_FROM)
        and old.scenario.digests.get("roster") == new.scenario.digests.get("roster")
        and all(np.array_equal(one, other) for one, other in zip(old.plan, new.plan, strict=True))
    )


def _pay(job: Job, part: _Part, paid: FenArray) -> None:
    """Add what a block's claims are paid to paid[draw, paid year]."""
    layout, worker, firsts = job.layout, worker_of(job), part.firsts
    levers = no_levers(job.policy, len(firsts) - 1, job.scenario.plan.earned_years)
    awards = worker.desk.decide(part.rows, part.attributes, firsts, levers)
    found = worker.summing.sum(part.rows, part.attributes, firsts, awards)
    # Cells count measures x earned x paid x purses x quarters; `Layout.cells` gives the rest of it too.
    year = found[:, 1] // (4 * len(layout.purse_fund)) % layout.paid
    np.add.at(paid, (part.first + found[:, 0], year), found[:, 2])
