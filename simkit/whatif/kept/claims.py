"""Claims kept by measures that are tied, with what they are paid: the same as those of a run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simkit.awards.outlays import Outlays
from simkit.base.arrays import IndexArray
from simkit.base.errors import InputError
from simkit.claims.types import Claims
from simkit.policy.columns import Columns, claim_columns
from simkit.policy.ties import ties
from simkit.runs.executors import Executor, threads
from simkit.runs.job import (
    BLOCK_DRAWS,
    DEFAULT_DRAWS,
    DEFAULT_SEED,
    Job,
    check_range,
    check_run,
    prepare,
)
from simkit.scenario import Scenario
from simkit.whatif.kept.parts import KeptPart, decide_part, join_parts, outlays_of, some_of

__all__ = [
    "KeptClaims",
    "Progress",
    "Tie",
    "carried_columns",
    "draw_outlays",
    "keep_claims",
    "only_claims",
    "threads_of",
]


Tie = frozenset[str]
Progress = Callable[[int], Any] | None


@dataclass(frozen=True, slots=True, eq=False)
class KeptClaims:
    """Claims of all draws by tie: measures that meet on a matter or under a total cap, and only those, stand together.

    Attributes
    ----------
    job : Job
        Of the scenario whose claims they are.
    draws : int
    parts : dict of tie to its blocks of draws
        Of the measures whose claims were to be kept.
    outlays : dict of tie to Outlays
        What every measure pays as the policy is.
    """

    job: Job
    draws: int
    parts: dict[Tie, list[KeptPart]]
    outlays: dict[Tie, Outlays]

    @property
    def scenario(self) -> Scenario:
        """The scenario whose claims they are."""
        return self.job.scenario

    @property
    def blocks(self) -> int:
        """Number of blocks of draws."""
        return len(next(iter(self.parts.values()), []))

    @property
    def bytes(self) -> int:
        """Memory that they take."""
        parts = (part for blocks in self.parts.values() for part in blocks)
        claims = sum(array.nbytes for part in parts for array in (*part.claims, part.award))
        paid = sum(one.draw.nbytes + one.cell.nbytes + one.fen.nbytes for one in self.outlays.values())
        return int(claims + paid)

    def all_outlays(self) -> Outlays:
        """What the whole policy pays as it is."""
        return join_parts(list(self.outlays.values()), self.draws)


def keep_claims(
    scenario: Scenario,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    measures: Collection[str] | None = None,
    jobs: int | None = None,
    progress: Progress = None,
) -> KeptClaims:
    """Draw claims and keep them: the same as those of a run with this scenario and seed.

    Parameters
    ----------
    measures : names, optional
        Those whose claims to keep, with what they are tied to; None: all. A claim takes 72 bytes and 8 an
        attribute. Of the others only what is paid is kept.
    jobs : int, optional
        Threads; None: one a core.
    progress : function, optional
        Called with the number of draws done since the last call.

    Raises
    ------
    InputError
        For an argument out of range, or a measure that the policy has not.
    """
    names = list(scenario.policy.measures)
    check_run(draws, seed, jobs)
    unknown = [] if measures is None else sorted(set(measures) - set(names))
    if unknown:
        raise InputError("error.no_measures_to_keep", known=", ".join(names), found=", ".join(unknown))
    job, tied = prepare(scenario, seed, columns=carried_columns(scenario)), ties(scenario.policy)
    kept = {tied[name] for name in names if measures is None or name in measures}
    all_ties = dict.fromkeys(tied[name] for name in names)
    members = {tie: np.array([name in tie for name in names]) for tie in all_ties}

    def drawn(span: tuple[int, int]) -> list[tuple[KeptPart | None, IndexArray]]:
        passes = [
            Claims._make(column.copy() for column in sampled.claims) for _, sampled in job.sampled(span)
        ]
        whole = _joined(span[0], passes)
        found = []
        for tie, member in members.items():
            part = some_of(whole, member[whole.claims.rows["measure"]])
            decided = decide_part(job, part)
            found.append((part._replace(award=decided.award) if tie in kept else None, decided.outlays))
        return found

    parts: dict[Tie, list[KeptPart]] = {tie: [] for tie in all_ties if tie in kept}
    paid: dict[Tie, list[IndexArray]] = {tie: [] for tie in all_ties}
    for block in threads(jobs).map(drawn, _spans(draws)):
        for tie, (part, rows) in zip(all_ties, block, strict=True):
            paid[tie].append(rows)
            if part is not None:
                parts[tie].append(part)
        if progress is not None:
            progress(min(BLOCK_DRAWS, draws))
    outlays = {tie: outlays_of(rows, job.layout, draws) for tie, rows in paid.items()}
    return KeptClaims(job, draws, parts, outlays)


def draw_outlays(
    scenario: Scenario,
    *,
    draws: int,
    seed: int,
    measures: Collection[str] | None = None,
    jobs: int | None = None,
    progress: Progress = None,
) -> Outlays:
    """What measures pay in a run with this scenario and seed: nothing else is drawn.

    Parameters
    ----------
    measures : names, optional
        With all that they are tied to; None: all. The claims of the others are not drawn, which by law 3
        moves none of these.
    """
    if measures is not None:
        scenario = only_claims(scenario, measures)
    kept = keep_claims(scenario, draws=draws, seed=seed, measures=(), jobs=jobs, progress=progress)
    return kept.all_outlays()


def only_claims(scenario: Scenario, measures: Collection[str]) -> Scenario:
    """The scenario with the claims of some measures alone: by law 3 each draws the same claims as in the whole."""
    claims = {name: plan for name, plan in scenario.plan.claims.items() if name in measures}
    return replace(scenario, plan=scenario.plan.model_copy(update={"claims": claims}))


def carried_columns(scenario: Scenario) -> Columns:
    """What kept claims carry: all that the policy reads, last the size of the agency, where there is one."""
    size = scenario.plan.population.size
    return {
        name: (*own, (size, 0)) if size is not None and (size, 0) not in own else own
        for name, own in claim_columns(scenario.policy).items()
    }


def _spans(draws: int) -> list[tuple[int, int]]:
    return [(first, min(first + BLOCK_DRAWS, draws)) for first in range(0, draws, BLOCK_DRAWS)]


def _joined(first: int, passes: Sequence[Claims]) -> KeptPart:
    counts = np.concatenate([np.diff(one.firsts) for one in passes])
    claims = Claims(
        rows=np.concatenate([one.rows for one in passes]),
        attributes=np.concatenate([one.attributes for one in passes]),
        firsts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
    )
    return KeptPart(first, claims, np.zeros(0, dtype=np.int64))


def threads_of(jobs: int | None) -> Executor:
    if jobs is not None:
        check_range("jobs", jobs, 1, 1_024)
    return threads(jobs)
