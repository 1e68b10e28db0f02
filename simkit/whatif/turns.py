"""Turns: a run on the same luck with some assumptions drawn anew, or held; only what is paid in all is summed.

Other measures never move a measure's draws, and what is paid under measures that neither meet on a matter, under a
total cap nor as companions adds up. So assumptions of measures that are not tied are changed in one turn together,
and each tie's money is that of its own assumption alone. What reaches every measure (population, common factor)
takes a turn each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import numpy as np

from simkit.awards.types import no_levers
from simkit.base.arrays import FenArray
from simkit.base.random import Seed, decision
from simkit.documents.models import Text
from simkit.policy.ties import joined
from simkit.runs.executors import Executor
from simkit.runs.job import BLOCK_DRAWS, Job, prepare, worker_of
from simkit.scenario import Scenario, uncertain
from simkit.scenario.meeting import that_meet

__all__ = ["OF", "Totals", "Turn", "asked_at", "measure_of", "names_in_paths", "packs", "tied"]

#: What can be asked about: the special fund (or the whole policy), in the budget year (or in all paid years).
OF = ("headline", "fund", "year", "whole")


class Turn(NamedTuple):
    """One run: the luck of what whole draws share, and the seed of chance."""

    luck: Seed
    chance: int


def asked_at(path: str) -> int:
    """The number of the decision by which an assumption is drawn."""
    return decision(path, "parameter")


def tied(scenario: Scenario) -> dict[str, int]:
    """The number of each measure's tie: measures that meet, and companions with whom they come."""
    group = joined(scenario.policy.measures, that_meet(scenario))
    numbers = {tie: number for number, tie in enumerate(dict.fromkeys(group.values()))}
    return {name: numbers[tie] for name, tie in group.items()}


def packs(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Every uncertain assumption, those together that one turn can change: at most one a tie."""
    tie = tied(scenario)
    alone, queues = [], dict[int, list[str]]()
    for path in uncertain(scenario):
        measure = measure_of(path)
        if measure is None:
            alone.append((path,))
        else:
            queues.setdefault(tie[measure], []).append(path)
    longest = max(map(len, queues.values()), default=0)
    together = [
        tuple(queue[turn] for queue in queues.values() if turn < len(queue)) for turn in range(longest)
    ]
    return (*alone, *together)


def measure_of(path: str) -> str | None:
    """The measure whose claims alone an assumption moves; None where it reaches others."""
    root, _, rest = path.partition(".")
    return rest.partition(".")[0] if root == "claims" else None


def names_in_paths(scenario: Scenario) -> dict[str, Text]:
    """Names of the measures and attributes in the paths: `measures.NAME`, `attributes.NAME`."""
    policy, found = scenario.policy, dict[str, Text]()
    for path in uncertain(scenario):
        measure = measure_of(path)
        if measure is not None:
            found[f"measures.{measure}"] = policy.measures[measure].name
        for part in path.split(".")[2:]:
            if part in policy.attributes:
                found[f"attributes.{part}"] = policy.attributes[part].name
    return found


class Totals:
    """What a scenario pays, turn by turn.

    Parameters
    ----------
    seeds : of A and B
        Of chance: those that turns may ask for.
    of : str
        One of OF.
    """

    def __init__(self, scenario: Scenario, seeds: Sequence[int], of: str) -> None:
        self.scenario = scenario
        self.jobs = {seed: prepare(scenario, seed) for seed in seeds}
        self.tie = tied(scenario)
        layout = self.jobs[seeds[0]].layout
        cells = layout.cells(np.arange(layout.size))
        self.counts = np.ones(len(cells), dtype=np.bool_)
        if of in ("headline", "year"):
            self.counts &= cells["paid"] == scenario.plan.budget_year
        if of in ("headline", "fund"):
            self.counts &= np.array(scenario.policy.special)[cells["fund"]]
        numbers = np.array([self.tie[name] for name in scenario.policy.measures])
        self.tie_of_cell = numbers[cells["measure"]]

    def run(
        self,
        turns: Sequence[Turn],
        draws: int,
        executor: Executor,
        progress: Callable[[int], Any] | None = None,
    ) -> Iterator[FenArray]:
        """int64[draw, tie] of each turn, in their order; `progress` is called with the draws done since."""
        spans = [(first, min(first + BLOCK_DRAWS, draws)) for first in range(0, draws, BLOCK_DRAWS)]
        tasks = [(turn, span) for turn in turns for span in spans]
        with closing(executor.map(self._block, tasks)) as made:
            for _ in turns:
                blocks = []
                for _ in spans:
                    blocks.append(next(made))
                    if progress is not None:
                        progress(len(blocks[-1]))
                yield np.concatenate(blocks)

    def changed(self, path: str, before: FenArray, after: FenArray) -> FenArray:
        """int64[draw]: all that is paid when one assumption of a turn is changed, and none beside it."""
        measure = measure_of(path)
        if measure is None:
            return np.asarray(after.sum(axis=1))
        tie = self.tie[measure]
        return np.asarray(before.sum(axis=1) - before[:, tie] + after[:, tie])

    def _block(self, task: tuple[Turn, tuple[int, int]]) -> FenArray:
        """What the draws of a block pay: int64[draw, tie]."""
        (luck, chance), span = task
        job: Job = self.jobs[chance]
        worker, years = worker_of(job), self.scenario.plan.earned_years
        paid = np.zeros((span[1] - span[0], max(self.tie.values()) + 1), dtype=np.int64)
        for at, sampled in job.sampled(span, luck):
            levers = no_levers(job.policy, len(sampled.agencies), years)
            awards = worker.desk.decide(sampled.claims, levers)
            found = worker.summing.sum(sampled.claims, awards)
            found = found[self.counts[found[:, 1]]]
            np.add.at(paid, (at + found[:, 0], self.tie_of_cell[found[:, 1]]), found[:, 2])
        return paid
