"""A run that is prepared: what every block of draws needs, and the block that a worker gives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simkit.awards.adjudicate import Desk
from simkit.awards.outlays import Layout
from simkit.awards.summing import AwardSums, Summing, no_sums
from simkit.awards.types import Levers, Without, no_levers
from simkit.base.arrays import BoolArray, FenArray, IndexArray
from simkit.base.compiled import cache_folder
from simkit.base.errors import InputError
from simkit.base.random import PARAMETERS, Seed
from simkit.claims.blueprint import blueprint
from simkit.claims.drawn import draw_rates
from simkit.claims.records import Blueprint
from simkit.claims.sampling import Sampled, Sampler
from simkit.claims.types import Claims, PaidBefore, nothing_paid
from simkit.policy.columns import Columns, claim_columns
from simkit.policy.compile import compile_policy
from simkit.policy.schema import Policy
from simkit.policy.tables import CompiledPolicy
from simkit.policy.ties import ties
from simkit.runs.block import Block, make_block
from simkit.runs.result import ARRAYS, TALLIES
from simkit.runs.sparse_sums import tally
from simkit.scenario import Scenario

__all__ = [
    "BLOCK_DRAWS",
    "DEFAULT_DRAWS",
    "DEFAULT_SEED",
    "Job",
    "check_range",
    "check_run",
    "is_warm",
    "prepare",
    "worker_of",
]

DEFAULT_DRAWS = 10_000
DEFAULT_SEED = 20_230_412
#: Draws of one task: round numbers of draws are whole blocks, so that more draws go on from fewer.
BLOCK_DRAWS = 500
#: Draws of one pass through the kernels: small enough for a core's cache.
PASS = 16
#: Draws on which the worth of each cap is decided: its error there is small beside the other figures'.
WORTH_DRAWS = 1_024
#: Columns of `money` after the first that add up to it: what steps 3 to 7 took, and what is awarded (law 5).
_PARTS_OF_GROSS = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sums:
    """What the kernels sum of a block's draws, row by row: whole arrays, made new for each block."""

    sums: AwardSums
    levers: Levers
    worth: FenArray
    agencies: IndexArray

    def rows(self, first: int, last: int) -> _Sums:
        """The rows of some draws of the block."""
        some = slice(first, last)
        return _Sums(
            sums=AwardSums._make(column[some] for column in self.sums),
            levers=self.levers.of(some),
            worth=self.worth[some],
            agencies=self.agencies[some],
        )

    def block(self, draws: tuple[int, int], outlays: IndexArray) -> Block:
        """Reduced: what can be kept, sent and joined."""
        whole = self.sums._asdict() | self.levers._asdict() | {"worth": self.worth, "agencies": self.agencies}
        return make_block(
            draws,
            outlays,
            {name: tally(whole[name], _PARTS_OF_GROSS if name == "money" else 0) for name in TALLIES},
            {name: whole[name] for name in ARRAYS},
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """All that a block needs; the same for every block. It pickles, so that it can be sent to where blocks are made."""

    scenario: Scenario
    seed: int
    parameters: str
    columns: Columns
    plan: Blueprint
    policy: CompiledPolicy
    layout: Layout
    touched: tuple[BoolArray, ...]
    paid_before: PaidBefore

    def sampled(self, draws: tuple[int, int], luck: Seed | None = None) -> Iterator[tuple[int, Sampled]]:
        """Claims of the draws from the first to before the last, a pass at a time: number in the block, claims.

        What it gives lasts until the next pass. `luck`: what whole draws share is drawn with this instead.
        """
        plan, sampler = self.scenario.plan, worker_of(self).sampler
        numbers = np.arange(*draws, dtype=np.int64)
        rates, drawn = draw_rates(
            self.scenario.policy,
            plan.population,
            plan.claims,
            plan.factor,
            plan.earned_years[1],
            PARAMETERS[self.parameters](self.seed) if luck is None else luck,
            numbers,
            roster=self.scenario.roster,
            columns=self.columns,
        )
        at = 0
        while at < len(numbers):
            some = numbers[at : at + sampler.together]
            yield at, sampler.sample(rates, drawn, some, at)
            at += len(some)

    def block(self, draws: tuple[int, int]) -> Block:
        """Draw, decide and sum the draws from the first to before the last."""
        worker = worker_of(self)
        sums, outlays = self._sums(draws), []
        for at, sampled in self.sampled(draws):
            rows = self._pass(sampled, worker, sums.rows(at, at + len(sampled.agencies)))
            rows[:, 0] += at
            outlays.append(rows)
        return sums.block(draws, np.concatenate(outlays))

    def _sums(self, draws: tuple[int, int]) -> _Sums:
        """Zeros for the draws of a block."""
        plan, count = self.scenario.plan, draws[1] - draws[0]
        ends = plan.earned_years[1] - plan.population.growth.start_year + 1
        worth = min(max(WORTH_DRAWS - draws[0], 0), count)
        return _Sums(
            sums=no_sums(count, self.layout.measures, self.layout.earned),
            levers=no_levers(self.policy, count, plan.earned_years),
            worth=np.zeros((worth, len(self.touched)), dtype=np.int64),
            agencies=np.zeros((count, ends), dtype=np.int64),
        )

    def _pass(self, sampled: Sampled, worker: Worker, kept: _Sums) -> IndexArray:
        """Decide and sum the claims of some draws."""
        kept.agencies[:] = sampled.agencies
        awards = worker.desk.decide(sampled.claims, kept.levers)
        found = worker.summing.sum(sampled.claims, awards, kept.sums)
        if len(kept.worth):
            self._worth(sampled.claims, awards.award.copy(), worker.desk, kept)
        return found

    def _worth(self, claims: Claims, award: FenArray, desk: Desk, kept: _Sums) -> None:
        """What would be awarded more without each lever, decided again, into int64[draw, lever + 1]."""
        firsts = claims.firsts[: len(kept.worth) + 1]
        last = firsts[-1]
        rows, attributes, award = claims.rows[:last], claims.attributes[:last], award[:last]
        inside = self.policy.measures["outside"] == 0
        draws = len(kept.worth)
        for lever, asked in enumerate(self.touched):
            rule = lever == len(self.touched) - 1
            # A cap that took nothing is worth nothing.
            if not asked.any() or not (rule or kept.levers.taken[:draws, lever].any()):
                continue
            # Only claims that the lever can touch, the others left out, draw by draw.
            here = asked[rows["measure"]]
            starts = np.concatenate([[0], np.cumsum(here)])[firsts]
            without = desk.decide(
                Claims(rows[here], attributes[here], starts),
                no_levers(self.policy, draws, self.scenario.plan.earned_years),
                Without(matter=True) if rule else Without(lever=lever),
            )
            more = np.where(inside[rows["measure"][here]], without.award - award[here], 0)
            running = np.concatenate([[0], np.cumsum(more)])
            kept.worth[:, lever] = running[starts[1:]] - running[starts[:-1]]


@dataclass(frozen=True, slots=True, eq=False)
class Worker:
    """What a thread computes its blocks of a job with: scratch memory is made once, not for every block."""

    job: Job
    sampler: Sampler
    desk: Desk
    summing: Summing


_mine = threading.local()


def worker_of(job: Job) -> Worker:
    """This thread's worker for a job."""
    worker: Worker | None = getattr(_mine, "worker", None)
    if worker is None or worker.job is not job:
        worker = Worker(
            job,
            Sampler(job.plan, job.seed, PASS),
            Desk(job.policy, job.paid_before),
            Summing(job.policy, job.layout),
        )
        _mine.worker = worker
    return worker


def _touched(policy: Policy, claiming: BoolArray, meeting: BoolArray) -> tuple[BoolArray, ...]:
    """For each lever, and last for the same-matter rule, the measures whose awards it can move.

    `meeting`: measures with a matter on which awards can meet.
    """
    names, group = list(policy.measures), ties(policy)
    levers = [{name} for name, measure in policy.measures.items() for _ in measure.caps]
    levers += [set(cap.measures) for cap in policy.total_caps.values()]
    rule = {name for name, meets in zip(names, meeting, strict=True) if meets}
    found = []
    for moved in [*levers, rule]:
        reach = set().union(*(group[name] for name in moved))
        asked = np.array([name in reach for name in names]) & claiming
        direct = np.array([name in moved for name in names]) & claiming
        found.append(asked if direct.any() else np.zeros_like(asked))
    return tuple(found)


def _meeting(policy: CompiledPolicy, claiming: BoolArray) -> CompiledPolicy:
    """The policy without the matters on which nothing meets in this scenario.

    A drawn claim has a matter number of its own: where it is the key and only one measure of the matter
    claims, no two awards share a matter.
    """
    measures = policy.measures.copy()
    for matter in np.unique(measures["matter"][measures["matter"] >= 0]):
        members = measures["matter"] == matter
        if (members & claiming).sum() <= 1 and measures["matter_own"][members].all():
            measures["matter"][members] = -1
    return policy._replace(measures=measures)


def _layout(policy: Policy, plan: Blueprint, scenario: Scenario) -> Layout:
    funds: list[int] = []
    districts: list[int] = []
    for number, fund in enumerate(policy.funds.values()):
        for district in range(len(policy.districts)) if fund.per_district else (-1,):
            funds.append(number)
            districts.append(district)
    first, last = scenario.plan.earned_years
    later = max(
        (one.after_years for measure in policy.measures.values() for one in measure.instalments), default=0
    )
    lag = max(measure.lag_days for measure in policy.measures.values())
    waits = plan.plans["filing_low"] + plan.plans["filing_width"] + plan.plans["review"]
    # A round comes within a year of being ready; one more for what runs over the year's end.
    tail = int(waits.max(initial=0) + lag) // 365 + later + 3
    return Layout(
        measures=len(policy.measures),
        first_earned=first,
        earned=last - first + 1,
        paid=last - first + 1 + tail,
        purse_fund=tuple(funds),
        purse_district=tuple(districts),
    )


def prepare(scenario: Scenario, seed: int, parameters: str = "crude", columns: Columns | None = None) -> Job:
    """All that blocks of a run need, made once; `columns`: what claims carry, if more than the policy reads."""
    plan, policy = scenario.plan, scenario.policy
    columns = columns or claim_columns(policy)
    sketch = blueprint(policy, plan.population, plan.claims, plan.calendar, plan.earned_years, columns)
    claiming = np.zeros(len(policy.measures), dtype=np.bool_)
    claiming[sketch.plans["measure"]] = True
    flat = _meeting(compile_policy(policy, columns=columns), claiming)
    return Job(
        scenario=scenario,
        seed=seed,
        parameters=parameters,
        columns=columns,
        plan=sketch,
        policy=flat,
        layout=_layout(policy, sketch, scenario),
        touched=_touched(policy, claiming, flat.measures["matter"] >= 0),
        paid_before=nothing_paid(),
    )


def check_range(name: str, value: int, low: int, high: int) -> None:
    """Raise InputError unless an argument is a whole number in its range."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError("error.out_of_range", name=name, low=low, high=high, found=repr(value))


def is_warm() -> bool:
    """Whether the rules were compiled before: some of each stage that a run goes through."""
    stages = {path.name.split(".")[0] for path in cache_folder().rglob("*.nbc")}
    return {"sampling", "decide", "outlays"} <= stages


def check_run(draws: int, seed: int, jobs: int | None, *, fewest: int = 1, most: int = 10_000_000) -> None:
    """Raise InputError unless draws, seed and threads are whole numbers in their ranges."""
    check_range("draws", draws, fewest, most)
    check_range("seed", seed, 0, 2**63 - 1)
    if jobs is not None:
        check_range("jobs", jobs, 1, 1_024)
