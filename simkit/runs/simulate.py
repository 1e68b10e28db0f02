"""Simulate: the stages in order, over blocks of draws -> Result."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

from simkit.awards.adjudicate import lever_names
from simkit.base.errors import InputError
from simkit.base.random import PARAMETERS
from simkit.runs.block import Block, join_arrays, join_outlays, join_sums
from simkit.runs.checkpoint import Kept
from simkit.runs.executors import Executor, Serial, threads
from simkit.runs.job import BLOCK_DRAWS, DEFAULT_DRAWS, DEFAULT_SEED, Job, check_range, check_run, prepare
from simkit.runs.result import Precision, Result, paid_by_year, paid_years, with_budget
from simkit.scenario import Scenario
from simkit.sizing.precision import FIRST_CHECK, MOST_DRAWS, check_counts, widest

__all__ = ["run"]


def run(
    scenario: Scenario,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    executor: Executor | None = None,
    block: int = BLOCK_DRAWS,
    kept: Kept | None = None,
    precision: float | None = None,
    limit: int = MOST_DRAWS,
    parameters: str = "crude",
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
    executor : Executor, optional
        Where blocks are computed; None: `jobs` threads. Moves no figure.
    block : int
        Draws that are computed together. Moves no figure.
    kept : Kept, optional
        Where finished blocks are kept, and looked for; None: nowhere.
    precision : float, optional
        Instead of `draws`: run until half the 95 % interval of the P95 of every paid year with at least 1 % of
        the money, of the special fund and of the whole policy, is at most this share of its value. Looked at
        after 2,000 draws, 4,000, 8,000, ..., so that the number of draws hangs on nothing else.
    limit : int
        Draws after which a run with `precision` stops all the same.
    parameters : str
        How what a whole draw shares is drawn: the uncertain parameters, the common factor, the yearly shocks.
        `crude`: every draw for itself. `latin`: stratified over groups of `streams.GROUP` draws. Every draw
        has the same law in both, so every figure has the same expectation; means and quantiles have smaller
        errors under `latin`, and whole groups give the most of it. Its errors: `sizing.quantiles`, with `group`.
    progress : function, optional
        Called with the number of draws done since the last call.

    Raises
    ------
    InputError
        For an argument out of range, or an assumption that leaves its range in some draw.
    RunError
        Where a block cannot be kept, or a worker is lost.
    """
    check_run(draws, seed, jobs)
    check_range("block", block, 1, 1_000_000)
    check_range("limit", limit, FIRST_CHECK, 10_000_000)
    if precision is not None and not 1e-6 <= precision <= 1:
        raise InputError("error.precision", found=repr(precision))
    if parameters not in PARAMETERS:
        raise InputError("error.no_such_way", ways=" | ".join(PARAMETERS), found=repr(parameters))
    job, blocks, found = prepare(scenario, seed, parameters), list[Block](), None
    for count in [draws] if precision is None else check_counts(limit):
        before = blocks[-1].last if blocks else 0
        tasks = [(first, min(first + block, count)) for first in range(before, count, block)]
        where = executor or (Serial() if len(tasks) == 1 else threads(jobs))
        with closing(_blocks(job, tasks, where, kept)) as made:
            for done in made:
                blocks.append(done)
                if progress is not None:
                    progress(done.last - done.first)
        if precision is not None:
            found = _precision(job, blocks, precision, limit)
            if found.reached:
                break
    return _result(job, blocks, found)


def _precision(job: Job, blocks: list[Block], asked: float, limit: int) -> Precision:
    """The widest yearly P95 of both views."""
    outlays = join_outlays(blocks, job.layout)
    widths = {special: widest(paid_by_year(job.scenario, outlays, special)) for special in (True, False)}
    special = widths[True].share >= widths[False].share and widths[True].column >= 0
    width = widths[special]
    year = paid_years(job.scenario, outlays)[width.column] if width.column >= 0 else 0
    return Precision(asked=asked, found=width.share, limit=limit, year=year, special=special)


def _blocks(
    job: Job, tasks: list[tuple[int, int]], executor: Executor, kept: Kept | None
) -> Generator[Block, None, None]:
    """The blocks in order: those that are kept read, the others computed, and kept at once."""
    known = {} if kept is None else {task: block for task in tasks if (block := kept.read(task)) is not None}
    missing = [task for task in tasks if task not in known]
    with closing(executor.map(job.block, missing)) as made:
        for task in tasks:
            block = known.pop(task, None)
            if block is None:
                block = next(made)
                if kept is not None:
                    kept.write(block)
            yield block


def _result(job: Job, blocks: list[Block], precision: Precision | None) -> Result:
    kept: dict[str, Any] = {name: join_arrays(blocks, name) for name in blocks[0].arrays}
    kept |= {name: join_sums(blocks, name) for name in blocks[0].tallies}
    result = Result(
        scenario=job.scenario,
        seed=job.seed,
        draws=blocks[-1].last,
        outlays=join_outlays(blocks, job.layout),
        levers=lever_names(job.scenario.policy),
        budget=None,
        precision=precision,
        parameters=job.parameters,
        **kept,
    )
    return with_budget(result)
