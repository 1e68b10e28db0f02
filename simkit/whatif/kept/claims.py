"""Claims kept by measures that are tied, with what they are paid: the same as those of a run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.awards.outlays import Layout, Outlays
from simkit.awards.types import Levers, no_levers
from simkit.base.arrays import BoolArray, FenArray, IndexArray
from simkit.base.errors import InputError
from simkit.claims.types import Claims
from simkit.policy.columns import Columns, claim_columns
from simkit.policy.ties import ties
from simkit.runs.executors import Executor, threads
from simkit.runs.job import BLOCK_DRAWS, DEFAULT_DRAWS, DEFAULT_SEED, Job, check_range, prepare, worker_of
from simkit.scenario import Scenario

__all__ = [
    "Decided",
    "KeptClaims",
    "KeptPart",
    "Progress",
    "Tie",
    "carried_columns",
    "decide_part",
    "draw_outlays",
    "join_parts",
    "keep_claims",
    "only_claims",
    "outlays_of",
    "some_of",
    "threads_of",
    "with_parts",
]


Tie = frozenset[str]
Progress = Callable[[int], Any] | None


class KeptPart(NamedTuple):
    """Claims of one tie in one block of draws, in order of decision within a draw.

    Attributes
    ----------
    first : int
        The first draw.
    claims : Claims
    award : int64[claim]
        What they are awarded as the policy is.
    """

    first: int
    claims: Claims
    award: FenArray


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
    check_range("draws", draws, 1, 10_000_000)
    check_range("seed", seed, 0, 2**63 - 1)
    executor = threads_of(jobs)
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
    for block in executor.map(drawn, _spans(draws)):
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
    return with_parts(scenario, plan=scenario.plan.model_copy(update={"claims": claims}))


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


def some_of(part: KeptPart, which: BoolArray) -> KeptPart:
    """Some of the claims of a part."""
    here = np.flatnonzero(which)
    firsts = np.searchsorted(here, part.claims.firsts).astype(np.int64)
    award = part.award[here] if len(part.award) else part.award
    return KeptPart(part.first, Claims(part.claims.rows[here], part.claims.attributes[here], firsts), award)


def threads_of(jobs: int | None) -> Executor:
    if jobs is not None:
        check_range("jobs", jobs, 1, 1_024)
    return threads(jobs)


class Decided(NamedTuple):
    """Decided claims of a part.

    Attributes
    ----------
    award : int64[claim]
    outlays : int64[row, 3]
        Draw, number of the cell, fen.
    passed : int32[draw, measure]
        Claims that pass step 1.
    """

    award: FenArray
    outlays: IndexArray
    passed: npt.NDArray[np.int32]


def decide_part(job: Job, part: KeptPart, levers: Levers | None = None) -> Decided:
    """Decide a part's claims; `levers`: zeros of its draws, to be added to."""
    worker, firsts = worker_of(job), part.claims.firsts
    draws, measures = len(firsts) - 1, len(job.policy.measures)
    if levers is None:
        levers = no_levers(job.policy, draws, job.scenario.plan.earned_years)
    awards = worker.desk.decide(part.claims, levers)
    rows = worker.summing.sum(part.claims, awards)
    rows[:, 0] += part.first
    passed = np.zeros((draws, measures), dtype=np.int32)
    of, passes = part.claims.rows["measure"], awards.refusal == 0
    for measure in np.flatnonzero(np.bincount(of, minlength=measures)):
        running = np.concatenate([[0], np.cumsum(passes & (of == measure))])
        passed[:, measure] = running[firsts[1:]] - running[firsts[:-1]]
    return Decided(awards.award.copy(), rows, passed)


def outlays_of(parts: Sequence[IndexArray], layout: Layout, draws: int) -> Outlays:
    """Outlays from rows (draw, number of the cell, fen)."""
    rows = np.concatenate(parts) if parts else np.zeros((0, 3), dtype=np.int64)
    # Few cells of the many that there could be: a table of all is quicker than sorting the rows.
    held = np.zeros(layout.size, dtype=np.bool_)
    held[rows[:, 1]] = True
    known = np.flatnonzero(held)
    number = np.zeros(layout.size, dtype=np.int32)
    number[known] = np.arange(len(known), dtype=np.int32)
    return Outlays(
        draws=draws,
        draw=rows[:, 0].astype(np.int32),
        cell=number[rows[:, 1]],
        fen=np.ascontiguousarray(rows[:, 2]),
        cells=layout.cells(known),
    )


def join_parts(parts: Sequence[Outlays], draws: int) -> Outlays:
    """Outlays of measures apart as those of all of them; by part, not in order of draws."""
    if not parts:
        raise InputError("error.no_measures_to_keep", known="-", found="-")
    begins = np.cumsum([0, *(len(part.cells) for part in parts)])
    return Outlays(
        draws=draws,
        draw=np.concatenate([part.draw for part in parts]),
        cell=np.concatenate([part.cell + np.int32(at) for part, at in zip(parts, begins[:-1], strict=True)]),
        fen=np.concatenate([part.fen for part in parts]),
        cells=np.concatenate([part.cells for part in parts]),
    )


def with_parts(scenario: Scenario, **parts: Any) -> Scenario:
    """The scenario with other parts."""
    return Scenario(**({name: getattr(scenario, name) for name in Scenario.__slots__} | parts))
