"""Simulate: the stages in order, over blocks of draws -> Result."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.arrays import BoolArray, FenArray, IndexArray, Records
from simkit.awards import KEEP_ALL, Desk, Levers, lever_names, no_levers
from simkit.budget import Budget, settle_fund
from simkit.claims import CLAIM
from simkit.claims.blueprint import Blueprint, blueprint, draw_rates
from simkit.claims.sampling import Sampled, Sampler
from simkit.errors import InputError
from simkit.executors import Executor, Serial, Threads
from simkit.outlays import AwardSums, Layout, Outlays, Summing, join_outlays, sum_by
from simkit.policy.compile import CompiledPolicy, compile_policy
from simkit.policy.types import Policy
from simkit.scenario import Scenario

__all__ = ["DEFAULT_DRAWS", "DEFAULT_SEED", "Result", "run"]

DEFAULT_DRAWS = 10_000
DEFAULT_SEED = 20_230_412
#: Draws of one task, and of one pass through the kernels: small enough for a core's cache.
_BLOCK = 512
_PASS = 16
#: Draws on which the worth of each cap is decided: its error there is small beside the other figures'.
WORTH_DRAWS = 1_024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """What a run keeps. Money in fen.

    Attributes
    ----------
    scenario : Scenario
    seed, draws : int
    outlays : Outlays
        Rows (draw, cell, fen).
    money : int64[draw, measure, earned year, 8]
        gross; taken by steps 3 to 7; awarded; forfeited.
    counts : int32[draw, measure, earned year, 6]
        Claims that pass step 1; refused by reason 1 to 4; awarded.
    outside : int64[draw, measure, earned year]
    levers : tuple of str
        Caps of measures (`measure.cap`), total caps.
    taken : int64[draw, lever, earned year]
    agencies_at : int32[draw, lever, earned year]
    agencies_awarded : int32[draw, measure, earned year]
    agencies_any : int32[draw, earned year]
        Different agencies awarded more than nothing by any measure.
    worth : int64[draw, lever + 1]
        Of the first WORTH_DRAWS draws. What would be awarded more without each lever; last, without the
        same-matter rule.
    agencies : int64[draw, year + 1]
        At the end of the start year and of each year after.
    budget : Budget or None
        None without appropriations.
    """

    scenario: Scenario
    seed: int
    draws: int
    outlays: Outlays
    money: FenArray
    counts: npt.NDArray[np.int32]
    outside: FenArray
    levers: tuple[str, ...]
    taken: FenArray
    agencies_at: npt.NDArray[np.int32]
    agencies_awarded: npt.NDArray[np.int32]
    agencies_any: npt.NDArray[np.int32]
    worth: FenArray
    agencies: IndexArray
    budget: Budget | None

    @property
    def earned_years(self) -> tuple[int, ...]:
        """Earned years, ascending."""
        first, last = self.scenario.plan.earned_years
        return tuple(range(first, last + 1))

    @property
    def paid_years(self) -> tuple[int, ...]:
        """Paid years from the first earned year until the tail is paid."""
        last = int(self.outlays.cells["paid"].max(initial=self.scenario.plan.earned_years[1]))
        return tuple(range(self.scenario.plan.earned_years[0], max(last, self.scenario.plan.budget_year) + 1))

    def paid(self, *, special: bool) -> FenArray:
        """Money paid by year, int64[draw, paid year]: the special fund's view, or the whole policy's."""
        years = self.paid_years
        group = self.outlays.cells["paid"].astype(np.int64) - years[0]
        if special:
            ours = np.array([fund.special for fund in self.scenario.policy.funds.values()])
            group = np.where(ours[self.outlays.cells["fund"]], group, -1)
        return sum_by(self.outlays, group, len(years))

    def paid_by(self, field: str, year: int | None = None, *, special: bool = False) -> FenArray:
        """Money paid by `measure`, `fund`, `district`, `earned` or `quarter` (its number), int64[draw, number].

        `year`: one paid year; None: all.
        """
        cells = self.outlays.cells
        base = int(self.earned_years[0]) if field == "earned" else 0
        number = cells[field].astype(np.int64) - base
        keep = np.ones(len(cells), dtype=np.bool_) if year is None else cells["paid"] == year
        if special:
            ours = np.array([fund.special for fund in self.scenario.policy.funds.values()])
            keep &= ours[cells["fund"]]
        sizes = {
            "measure": len(self.scenario.policy.measures),
            "fund": len(self.scenario.policy.funds),
            "district": len(self.scenario.policy.districts),
            "earned": len(self.earned_years),
            "quarter": 5,
        }
        return sum_by(self.outlays, np.where(keep, number, -1), sizes[field])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Kept:
    """What a run keeps of its draws, row by row: blocks write into rows of their own."""

    sums: AwardSums
    levers: Levers
    worth: FenArray
    agencies: IndexArray

    def rows(self, first: int, last: int) -> _Kept:
        """The rows of some draws."""
        some = slice(first, last)
        return _Kept(
            sums=AwardSums(
                money=self.sums.money[some], counts=self.sums.counts[some], outside=self.sums.outside[some]
            ),
            levers=Levers(
                taken=self.levers.taken[some],
                agencies_at=self.levers.agencies_at[some],
                agencies_awarded=self.levers.agencies_awarded[some],
                agencies_any=self.levers.agencies_any[some],
            ),
            worth=self.worth[some],
            agencies=self.agencies[some],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Job:
    """All that a block needs; the same for every block."""

    scenario: Scenario
    seed: int
    plan: Blueprint
    policy: CompiledPolicy
    layout: Layout
    touched: tuple[BoolArray, ...]
    ledger: Records
    kept: _Kept

    def block(self, draws: tuple[int, int]) -> tuple[int, IndexArray]:
        """Draw, decide and sum the draws from the first to before the last; the first, and rows of outlays."""
        plan = self.scenario.plan
        numbers = np.arange(*draws, dtype=np.int64)
        rates, drawn = draw_rates(
            self.scenario.policy,
            plan.population,
            plan.claims,
            plan.factor,
            plan.earned_years[1],
            self.seed,
            numbers,
            self.scenario.roster,
        )
        sampler = Sampler(self.plan, self.seed, _PASS)
        desk = Desk(self.policy, self.ledger, plan.earned_years)
        summing = Summing(self.policy, self.layout)
        outlays = []
        for at in range(0, len(numbers), _PASS):
            some = numbers[at : at + _PASS]
            sampled = sampler.sample(rates, drawn, some, at)
            rows = self._pass(sampled, desk, summing, self.kept.rows(int(some[0]), int(some[-1]) + 1))
            rows[:, 0] += at
            outlays.append(rows)
        return draws[0], np.concatenate(outlays)

    def _pass(self, sampled: Sampled, desk: Desk, summing: Summing, kept: _Kept) -> IndexArray:
        """Decide and sum the claims of some draws."""
        rows, attributes, firsts = sampled.rows, sampled.attributes, sampled.firsts
        kept.agencies[:] = sampled.agencies
        awards = desk.decide(rows, attributes, firsts, kept.levers)
        found = summing.sum(rows, attributes, firsts, awards, kept.sums)
        self._worth(rows, attributes, firsts[: len(kept.worth) + 1], awards.award.copy(), desk, kept.worth)
        return found

    def _worth(
        self,
        rows: Records,
        attributes: IndexArray,
        firsts: IndexArray,
        award: FenArray,
        desk: Desk,
        worth: FenArray,
    ) -> None:
        """What would be awarded more without each lever, decided again, into int64[draw, lever + 1]."""
        if not len(worth):
            return
        rows, attributes, award = rows[: firsts[-1]], attributes[: firsts[-1]], award[: firsts[-1]]
        inside = self.policy.measures["outside"] == 0
        for lever, asked in enumerate(self.touched):
            if not asked.any():
                continue
            # Only claims that the lever can touch, the others left out, draw by draw.
            kept = asked[rows["measure"]]
            starts = np.concatenate([[0], np.cumsum(kept)])[firsts]
            rule = lever == len(self.touched) - 1
            without = desk.decide(
                rows[kept],
                attributes[kept],
                starts,
                no_levers(self.policy, len(worth), desk.years),
                without=KEEP_ALL if rule else lever,
                without_matter=rule,
            )
            more = np.where(inside[rows["measure"][kept]], without.award - award[kept], 0)
            running = np.concatenate([[0], np.cumsum(more)])
            worth[:, lever] = running[starts[1:]] - running[starts[:-1]]


def _touched(policy: Policy, claiming: BoolArray) -> tuple[BoolArray, ...]:
    """For each lever, and last for the same-matter rule, the measures whose awards it can move.

    A measure is tied to others by a matter or a total cap, and through them on.
    """
    names = list(policy.measures)
    ties = [matter.members for matter in policy.matters.values()]
    ties += [cap.measures for cap in policy.total_caps.values()]
    group = {name: {name} for name in names}
    for tie in ties:
        joined = set().union(*(group[name] for name in tie))
        for name in joined:
            group[name] = joined
    levers = [{name} for name, measure in policy.measures.items() for _ in measure.caps]
    levers += [set(cap.measures) for cap in policy.total_caps.values()]
    rule = {name for matter in policy.matters.values() for name in matter.members}
    rule |= {name for name, measure in policy.measures.items() if getattr(measure.award, "top_up", False)}
    found = []
    for moved in [*levers, rule]:
        reach = set().union(*(group[name] for name in moved)) if moved else set()
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


def _job(scenario: Scenario, seed: int, draws: int) -> _Job:
    plan, policy = scenario.plan, scenario.policy
    sketch = blueprint(policy, plan.population, plan.claims, plan.calendar, plan.earned_years)
    claiming = np.zeros(len(policy.measures), dtype=np.bool_)
    claiming[sketch.plans["measure"]] = True
    flat, layout, touched = (
        _meeting(compile_policy(policy), claiming),
        _layout(policy, sketch, scenario),
        _touched(policy, claiming),
    )
    shape = (draws, layout.measures, layout.earned)
    ends = plan.earned_years[1] - plan.population.growth.start_year + 1
    kept = _Kept(
        sums=AwardSums(
            money=np.zeros((*shape, 8), dtype=np.int64),
            counts=np.zeros((*shape, 6), dtype=np.int32),
            outside=np.zeros(shape, dtype=np.int64),
        ),
        levers=no_levers(flat, draws, plan.earned_years),
        worth=np.zeros((min(draws, WORTH_DRAWS), len(touched)), dtype=np.int64),
        agencies=np.zeros((draws, ends), dtype=np.int64),
    )
    return _Job(
        scenario=scenario,
        seed=seed,
        plan=sketch,
        policy=flat,
        layout=layout,
        touched=touched,
        ledger=np.zeros(0, dtype=CLAIM),
        kept=kept,
    )


def run(
    scenario: Scenario,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> Result:
    """Simulate a scenario.

    Parameters
    ----------
    scenario : Scenario
    draws : int
        Possible futures, 1 to 10 million.
    seed : int
        0 to 2**63 - 1. The same scenario, seed and draws give the same figures to the fen, on any number of jobs.
    jobs : int, optional
        Threads; None: one a core.
    progress : function, optional
        Called with the number of draws done since the last call.

    Raises
    ------
    InputError
        For draws, seed or jobs out of range, or an assumption that leaves its range in some draw.
    """
    _check_range("draws", draws, 1, 10_000_000)
    _check_range("seed", seed, 0, 2**63 - 1)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = cores if jobs is None else jobs
    _check_range("jobs", workers, 1, 1_024)
    job = _job(scenario, seed, draws)
    size = min(_BLOCK, -(-draws // workers))
    tasks = [(first, min(first + size, draws)) for first in range(0, draws, size)]
    executor: Executor = Serial() if workers == 1 or len(tasks) == 1 else Threads(workers)
    blocks = []
    for block in executor.map(job.block, tasks):
        blocks.append(block)
        if progress is not None:
            progress(min(size, draws - block[0]))
    return _result(job, blocks, draws)


def _check_range(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{name}: expected a whole number from {low} to {high}, found {value!r}")


def _result(job: _Job, blocks: list[tuple[int, IndexArray]], draws: int) -> Result:
    kept = job.kept
    result = Result(
        scenario=job.scenario,
        seed=job.seed,
        draws=draws,
        outlays=join_outlays(blocks, draws, job.layout),
        money=kept.sums.money,
        counts=kept.sums.counts,
        outside=kept.sums.outside,
        levers=lever_names(job.scenario.policy),
        taken=kept.levers.taken,
        agencies_at=kept.levers.agencies_at,
        agencies_awarded=kept.levers.agencies_awarded,
        agencies_any=kept.levers.agencies_any,
        worth=kept.worth,
        agencies=kept.agencies,
        budget=None,
    )
    return with_budget(result)


def with_budget(result: Result) -> Result:
    """The result with its outlays held against the scenario's appropriations, where it has any."""
    plan, policy = result.scenario.plan, result.scenario.policy
    voted = plan.appropriations
    if voted is None:
        return result
    years = tuple(sorted({year for amounts in voted.amounts.values() for year in amounts}))
    measures, names = list(policy.measures), list(policy.funds)
    adjustable = np.array([measure.rigidity == "adjustable" for measure in policy.measures.values()])
    order = [measures.index(name) for name in voted.order]
    order += [number for number in range(len(measures)) if number not in order]
    appropriation, funds = {}, {}
    cells = result.outlays.cells
    for fund, amounts in voted.amounts.items():
        appropriation[fund] = np.array([amounts.get(year, 0) for year in years], dtype=np.int64)
        shape = (len(years), len(measures), 4)
        place = ((cells["paid"].astype(np.int64) - years[0]) * len(measures) + cells["measure"]) * 4
        place += cells["quarter"] - 1
        ours = (cells["fund"] == names.index(fund)) & np.isin(cells["paid"], years)
        group = np.where(ours, place, -1)
        due = sum_by(result.outlays, group, int(np.prod(shape))).reshape(result.draws, *shape)
        funds[fund] = settle_fund(
            due,
            appropriation[fund],
            mode=voted.mode,
            carry_over=voted.carry_over,
            adjustable=adjustable,
            order=order,
        )
    budget = Budget(years=years, appropriation=appropriation, funds=funds, mode=voted.mode)
    fields = {name: getattr(result, name) for name in Result.__slots__}
    return Result(**(fields | {"budget": budget}))
