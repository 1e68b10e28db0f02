"""Claims kept, and decided again under a changed policy: only what the change can touch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from simkit.arrays import FenArray, IndexArray, Records
from simkit.awards import no_levers
from simkit.errors import InputError
from simkit.executors import Executor, Serial, Threads
from simkit.policy.types import Matter, Policy, TotalCap
from simkit.scenario import Scenario
from simkit.simulate import BLOCK_DRAWS, DEFAULT_DRAWS, DEFAULT_SEED, Job, cores, prepare, ties, worker_of

__all__ = ["Again", "KeptClaims", "decide_again", "keep_claims", "touched"]


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
        return sum(part.rows.nbytes + part.attributes.nbytes + part.firsts.nbytes for part in parts)


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
    """
    job = prepare(scenario, seed)
    tied = ties(scenario.policy)
    names = list(scenario.policy.measures)
    asked = names if measures is None else [name for name in names if name in measures]
    wanted = dict.fromkeys(tied[name] for name in asked)
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
    for block in _executor(jobs).map(drawn, tasks):
        for tie, part in block.items():
            parts[tie].append(part)
    return KeptClaims(job, draws, parts, paid)


def _joined(first: int, passes: list[tuple[Records, IndexArray, IndexArray]]) -> _Part:
    rows, attributes, counts = (np.concatenate(column) for column in zip(*passes, strict=True))
    return _Part(first, rows, attributes, np.concatenate([[0], np.cumsum(counts)]))


def _executor(jobs: int | None) -> Executor:
    workers = cores() if jobs is None else jobs
    return Serial() if workers == 1 else Threads(workers)


def touched(before: Policy, after: Policy) -> tuple[str, ...]:
    """The measures whose awards can differ: those changed, and what they are tied to in either policy."""
    changed = {name for name, measure in before.measures.items() if measure != after.measures[name]}
    old: dict[str, Matter | TotalCap] = {**before.matters, **before.total_caps}
    new: dict[str, Matter | TotalCap] = {**after.matters, **after.total_caps}
    for name in {*old, *new}:
        if old.get(name) != new.get(name):
            changed |= {member for tied in (old, new) if name in tied for member in _members(tied[name])}
    reach = frozenset[str]().union(*(tied[name] for tied in (ties(before), ties(after)) for name in changed))
    while any(not tied[name] <= reach for tied in (ties(before), ties(after)) for name in reach):
        reach = reach.union(*(tied[name] for tied in (ties(before), ties(after)) for name in reach))
    return tuple(name for name in before.measures if name in reach)


def _members(tie: Matter | TotalCap) -> tuple[str, ...]:
    return tie.members if isinstance(tie, Matter) else tie.measures


def decide_again(kept: KeptClaims, changed: Scenario, *, jobs: int | None = None) -> Again:
    """Decide the kept claims under another policy, of the measures that the change can touch.

    Raises
    ------
    InputError
        Where the change moves the claims themselves (they would have to be drawn again), ties measures that
        were not, or needs measures that were not kept.
    """
    job = prepare(changed, kept.job.seed)
    _check(kept, job)
    policies = kept.job.scenario.policy, changed.policy
    names = touched(*policies)
    wanted = [tie for tie in dict.fromkeys(ties(policies[0])[name] for name in names) if tie in kept.parts]
    tied_anew = any(not ties(policies[1])[name] <= ties(policies[0])[name] for name in names)
    lost = [name for name in names if not any(name in tie for tie in wanted)]
    if tied_anew or lost:
        raise InputError(
            "kept claims: expected a change of measures that were kept and are tied as before, found one that "
            f"touches {', '.join(lost or names)}: keep the claims again, with these measures or of the changed policy"
        )
    years = job.layout.first_earned + np.arange(job.layout.paid)
    before, after = np.zeros((2, kept.draws, len(years)), dtype=np.int64)

    def block(number: int) -> None:
        for tie in wanted:
            _pay(job, kept.parts[tie][number], after)

    for _ in _executor(jobs).map(block, range(kept.blocks if wanted else 0)):
        pass
    for tie in wanted:
        before += kept.paid[tie]
    return Again(names, tuple(years.tolist()), before, after)


def _check(kept: KeptClaims, job: Job) -> None:
    """Raise InputError unless the changed scenario has the same claims."""
    old = kept.job
    same_plan = old.scenario.digests["scenario"] == job.scenario.digests["scenario"]
    sketches = zip(old.plan, job.plan, strict=True)
    if not same_plan or not all(np.array_equal(one, other) for one, other in sketches):
        raise InputError(
            "kept claims: expected a change of the rules that leaves the claims as they are (caps, rates, "
            "thresholds, payers, order, instalments), found one that moves the claims themselves: run the changed "
            "scenario with the same seed instead"
        )


def _pay(job: Job, part: _Part, paid: FenArray) -> None:
    """Add what a block's claims are paid to paid[draw, paid year]."""
    layout = job.layout
    worker, firsts = worker_of(job), part.firsts
    levers = no_levers(job.policy, len(firsts) - 1, job.scenario.plan.earned_years)
    awards = worker.desk.decide(part.rows, part.attributes, firsts, levers)
    found = worker.summing.sum(part.rows, part.attributes, firsts, awards)
    year = found[:, 1] // (4 * len(layout.purse_fund)) % layout.paid
    np.add.at(paid, (part.first + found[:, 0], year), found[:, 2])
