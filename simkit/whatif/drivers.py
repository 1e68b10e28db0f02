"""What drives the range: which assumptions, how much of it is the common factor, how much is chance.

Luck A is that of a run with the seed, luck B that of the next one. Each assumption is drawn with B on all other luck
of A, and with A on that of B (its indices), and held at its P10 and P90 on luck A (the tornado). The groups come
from all eight mixtures of A and B: parameters; common factor and yearly shocks; chance.

What an input explains alone hangs on the model only. A total index also counts what it explains together with
chance, and that hangs on how luck is shared: here a higher rate of claims adds claims and keeps those there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from scipy import special

from simkit.base.arrays import FenArray, FloatArray
from simkit.base.errors import InputError
from simkit.base.random import Mixed, Seed
from simkit.documents.models import Text
from simkit.runs.executors import Executor, threads
from simkit.runs.job import DEFAULT_SEED, check_run
from simkit.scenario import Scenario, uncertain
from simkit.sizing import sobol
from simkit.sizing.compare import paired, quantile_shift
from simkit.sizing.drivers import standard_deviation
from simkit.sizing.estimate import Estimate, attempt
from simkit.sizing.quantiles import MIN_BEYOND, mean, quantile
from simkit.sizing.sobol import Index
from simkit.whatif.answers import Origin, origin_of
from simkit.whatif.turns import OF, Totals, Turn, asked_at, names_in_paths, packs

__all__ = ["DRAWS", "LEVELS", "Assumption", "Drivers", "Group", "Moves", "drivers", "work"]

DRAWS = 2_048
#: Levels of its law at which the tornado holds an assumption.
LEVELS = (0.1, 0.9)
#: Groups of the split, in the order of the corners' axes.
_GROUPS = ("parameters", "shocks", "chance")
#: Chance that the tornado marks anything as distinct, if no assumption moves anything.
_FALSE_ALARM = 0.05


class Moves(NamedTuple):
    """What holding an assumption at its P10, and at its P90, adds to a figure; the second less the first. Fen.

    `distinct`: whether `between` is more than noise, all assumptions together being looked at.
    """

    low: Estimate
    high: Estimate
    between: Estimate
    distinct: bool


class Group(NamedTuple):
    """What a group of inputs explains of the variance: alone, and with its interactions."""

    name: str
    first: Index
    total: Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """How one uncertain assumption drives the money.

    Attributes
    ----------
    path, unit : str
        `unit` is `yuan`, `usd`, `count`, `days`, `share` or empty.
    low, high : float
        Its values at P10 and P90.
    first, total : Index
    mean, level : Moves
        Of the mean, and of the quantile at the scenario's confidence.
    """

    path: str
    unit: str
    low: float
    high: float
    first: Index
    total: Index
    mean: Moves
    level: Moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """What drives a scenario's money.

    Attributes
    ----------
    origin : Origin
    asked : dict
        `of`: one of OF.
    names : dict of str to Text
        Names of the measures and attributes in the paths: `measures.NAME`, `attributes.NAME`.
    mean, deviation, level : Estimate
        The money's mean, standard deviation, and quantile at the confidence. Fen.
    groups : tuple of Group
        `parameters`, `shocks` (common factor and yearly shocks), `chance`.
    interaction : Index
        What no group explains alone.
    assumptions : tuple of Assumption
        Largest total index first.
    """

    origin: Origin
    asked: dict[str, str]
    names: dict[str, Text]
    mean: Estimate
    deviation: Estimate
    level: Estimate
    groups: tuple[Group, ...]
    interaction: Index
    assumptions: tuple[Assumption, ...]


def work(scenario: Scenario, draws: int) -> int:
    """Draws that `drivers` simulates in all: the total of a progress bar."""
    return (8 + (2 + len(LEVELS)) * len(packs(scenario))) * draws


def drivers(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = DEFAULT_SEED,
    of: str = "headline",
    jobs: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> Drivers:
    """Which assumptions drive a scenario's money, and by how much.

    Parameters
    ----------
    draws : int
        Of each of some 80 turns. Those with all luck of A are the draws of a run with this seed.
    seed : int
    of : str
        `headline`: the special fund in the budget year; `fund`: in all paid years; `year`, `whole`: the whole
        policy, likewise.
    jobs : int, optional
        Threads; None: one a core. Moves no figure.
    progress : function, optional
        Called with the number of draws done since the last call; `work` is their sum.

    Raises
    ------
    InputError
        For an argument out of range (draws: fewer than the figures need), or money that never varies.
    """
    if of not in OF:
        raise InputError("error.no_such_measure_of_range", known=", ".join(OF), found=repr(of))
    check_run(draws, seed, jobs, fewest=_least(scenario), most=1_000_000)
    study = _Study(scenario, seed, draws, of, threads(jobs), progress)
    of_a, of_b, corners = study.corners()
    if corners.min() == corners.max():
        raise InputError("error.nothing_varies")
    split = sobol.parts(corners)
    sample = of_a.sum(axis=1)
    confidence = scenario.plan.confidence / 10_000
    found = study.assumptions(of_a, of_b, corners, confidence)
    return Drivers(
        origin=origin_of(scenario, seed=seed, draws=draws),
        asked={"of": of},
        names=names_in_paths(scenario),
        mean=attempt(partial(mean, sample)),
        deviation=standard_deviation(sample),
        level=quantile(sample, confidence),
        groups=tuple(Group(*one) for one in zip(_GROUPS, split.first, split.total, strict=True)),
        interaction=split.interaction,
        assumptions=tuple(sorted(found, key=lambda one: -one.total.raw)),
    )


def _least(scenario: Scenario) -> int:
    """Draws that every figure can be given with."""
    p = scenario.plan.confidence / 10_000
    return max(sobol.MIN_SOBOL, int(np.ceil(MIN_BEYOND / min(p, 1 - p) - 1e-9)))


def _mean_shift(before: FenArray, after: FenArray) -> Estimate:
    """Mean of after less before, draw by draw; 0 where no draw moves, for that much is all that is said of it."""
    return paired(before, after, certain=True).difference


class _Study:
    """The turns of one question, and what they give."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        draws: int,
        of: str,
        executor: Executor,
        progress: Callable[[int], Any] | None,
    ) -> None:
        self.scenario, self.draws = scenario, draws
        self.executor, self.progress = executor, progress
        self.laws, self.packs = uncertain(scenario), packs(scenario)
        self.a, self.b = seed, (seed + 1) % 2**63
        self.parameters = frozenset(map(asked_at, self.laws))
        self.totals = Totals(scenario, (self.a, self.b), of)

    def corners(self) -> tuple[FenArray, FenArray, FloatArray]:
        """Money by tie with all luck of A, and of B: int64[draw, tie]; of every mixture: float[2, 2, 2, draw]."""
        places = list(product((0, 1), repeat=len(_GROUPS)))
        seeds = (self.a, self.b)
        turns = [
            Turn(self._luck(seeds[of_parameters], seeds[of_shocks]), seeds[of_chance])
            for of_parameters, of_shocks, of_chance in places
        ]
        corners, whole = np.empty((2, 2, 2, self.draws)), []
        for place, found in zip(places, self._run(turns, self.draws), strict=True):
            corners[place] = found.sum(axis=1)
            if len(set(place)) == 1:
                whole.append(found)
        return whole[0], whole[1], corners

    def _luck(self, of_parameters: int, of_shocks: int) -> Seed:
        """Parameters of one seed; factor and shocks, which whole draws share too, of another or the same."""
        if of_parameters == of_shocks:
            return of_parameters
        return Mixed(of_shocks, other=of_parameters, swapped=self.parameters)

    def _run(self, turns: list[Turn], draws: int) -> Any:
        return self.totals.run(turns, draws, self.executor, self.progress)

    def _changed(self, base: FenArray, lucks: list[Mixed], chance: int) -> dict[str, FenArray]:
        """Money of all with each assumption changed by its pack's luck: path -> int64[draw]."""
        changed: dict[str, FenArray] = {}
        turns = [Turn(luck, chance) for luck in lucks]
        for pack, found in zip(self.packs, self._run(turns, len(base)), strict=True):
            changed |= {path: self.totals.changed(path, base, found) for path in pack}
        return changed

    def _again(self, base: FenArray, seed: int, other: int) -> dict[str, FloatArray]:
        """What drawing each assumption with the other seed adds to the money: path -> float[draw]."""
        lucks = [Mixed(seed, other=other, swapped=frozenset(map(asked_at, pack))) for pack in self.packs]
        before = base.sum(axis=1)
        found = self._changed(base, lucks, seed)
        return {path: (after - before).astype(np.float64) for path, after in found.items()}

    def _held(self, base: FenArray, level: float) -> dict[str, FenArray]:
        """Money with each assumption at a level of its law in every draw."""
        held = [{asked_at(path): level for path in pack} for pack in self.packs]
        return self._changed(base, [Mixed(self.a, held=one) for one in held], self.a)

    def assumptions(
        self, of_a: FenArray, of_b: FenArray, corners: FloatArray, confidence: float
    ) -> list[Assumption]:
        """Every uncertain assumption, in the order of the file's schema."""
        squares = sobol.spread(corners)
        changes, others = self._again(of_a, self.a, self.b), self._again(of_b, self.b, self.a)
        low, high = (self._held(of_a, level) for level in LEVELS)
        before, rows = of_a.sum(axis=1), []
        for path, law in self.laws.items():
            values = law.ppf(np.array(LEVELS))
            # From B to A where the other luck changes: the change is the other way.
            first, total = sobol.indices(changes[path], -others[path], squares)
            at = (before, low[path], high[path])
            rows.append(
                Assumption(
                    path=path,
                    unit=law.kind,
                    low=float(values[0]),
                    high=float(values[1]),
                    first=first,
                    total=total,
                    mean=self._moves(_mean_shift, *at),
                    level=self._moves(partial(quantile_shift, p=confidence), *at),
                )
            )
        return rows

    def _moves(
        self,
        change: Callable[[FenArray, FenArray], Estimate],
        before: FenArray,
        low: FenArray,
        high: FenArray,
    ) -> Moves:
        between = change(low, high)
        bar = -float(special.ndtri(_FALSE_ALARM / 2 / len(self.laws)))
        distinct = between.given is not None and abs(between.value) > bar * (between.error or 0.0)
        return Moves(change(before, low), change(before, high), between, bool(distinct))
