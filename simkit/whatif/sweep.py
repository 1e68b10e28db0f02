"""Sweep one number of a scenario, or two: cost, need and share at the cap along it, and what one more unit costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from simkit.awards.adjudicate import lever_names
from simkit.base.arrays import FenArray
from simkit.base.errors import InputError
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.sizing.compare import paired
from simkit.sizing.estimate import Estimate, attempt, told
from simkit.sizing.quantiles import mean, quantile, ratio
from simkit.whatif.answers import Origin, origin_of
from simkit.whatif.evaluate import Evaluated, Lay, evaluate, keep_for
from simkit.whatif.kept.claims import KeptClaims, Progress
from simkit.whatif.settings import Knob, knob_of

__all__ = ["Point", "Slope", "Sweep", "sweep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """What one more unit costs between the point before and this one, on the same luck. Fen a unit.

    The unit is a yuan, a US dollar, a percentage point or one of what is counted.

    Attributes
    ----------
    headline, headline_error : float
        Errors are None where too few draws carry one. Of the special fund in the budget year.
    whole, whole_error : float
        Of the whole policy in all years.
    per_claim : float or None
        Whole cost over the claims that the step lets in (or out): the cliff of a threshold; None where the
        number of claims that pass stays.
    """

    headline: float
    headline_error: float | None
    whole: float
    whole_error: float | None
    per_claim: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One setting. Fen.

    Attributes
    ----------
    values : tuple of str
        As a file has them; `numbers` the same in the unit's base (yuan, share, count).
    base : bool
        Whether it is the scenario as it stands.
    how : `kept` or `again`
    mean, mean_error : float
        Special fund, budget year. Errors are None where too few draws carry one.
    need, need_low, need_high : float or None
        The same at the scenario's confidence; None where too few draws carry it.
    whole, whole_error : float
        Whole policy, all years.
    difference, difference_error : float
        Of `mean` against the scenario as it stands, paired.
    whole_difference, whole_difference_error : float
        Of `whole`.
    at_cap, at_cap_error : float or None
        Share of the agencies awarded under the measure, over all earned years, that the cap binds; None where
        the path is no cap's.
    passed : float or None
        Claims of the measure that pass step 1; None where claims were drawn again.
    slope : Slope or None
        From the point before, along one number.
    """

    values: tuple[str, ...]
    numbers: tuple[float, ...]
    base: bool
    how: str
    mean: float
    mean_error: float | None
    need: float | None
    need_low: float | None
    need_high: float | None
    whole: float
    whole_error: float | None
    difference: float
    difference_error: float | None
    whole_difference: float
    whole_difference_error: float | None
    at_cap: float | None
    at_cap_error: float | None
    passed: float | None
    slope: Slope | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Points along one path, or over two.

    Attributes
    ----------
    origin : Origin
    asked : dict
    paths, standing : tuple of str
        Paths, and their values as the scenario stands.
    points : tuple of Point
        In the order of the values; the last path runs fastest.
    """

    origin: Origin
    asked: dict[str, Any]
    paths: tuple[str, ...]
    standing: tuple[str, ...]
    points: tuple[Point, ...]


def sweep(
    lay: Lay,
    values: Mapping[str, Sequence[Decimal]],
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    progress: Progress = None,
) -> Sweep:
    """Cost, need and share at the cap along one number of a scenario, or over two.

    Parameters
    ----------
    lay : function
        Lays changes (path -> value) on the scenario.
    values : dict of path to numbers
        Of one path or two, in the unit's base: yuan, share, count.
    progress : function, optional
        Called with the number of draws done since the last call: `draws` for the claims and for every point.

    Raises
    ------
    InputError, FaultsError
        For a path without a number, or a value that the schema refuses.
    """
    if not 1 <= len(values) <= 2:
        raise InputError("error.one_or_two_paths", found=len(values))
    scenario = lay({})
    knobs = [knob_of(scenario, path) for path in values]
    grid = list(product(*(sorted(numbers) for numbers in values.values())))
    laid = [lay(_changes(knobs, numbers)) for numbers in grid]
    kept = keep_for(scenario, laid, draws=draws, seed=seed, jobs=jobs, progress=progress)
    points: list[Point] = []
    before: _Setting | None = None
    for numbers, changed in zip(grid, laid, strict=True):
        here = _Setting(knobs, numbers, evaluate(kept, changed, jobs=jobs, also=_measures(knobs, kept)))
        points.append(here.point(before if len(knobs) == 1 else None))
        before = here
        if progress is not None:
            progress(draws)
    return Sweep(
        origin=origin_of(scenario, seed=seed, draws=draws, changed=laid),
        asked={path: [str(number) for number in numbers] for path, numbers in values.items()},
        paths=tuple(values),
        standing=tuple(knob.text(knob.value.value) for knob in knobs),
        points=tuple(points),
    )


def _changes(knobs: Sequence[Knob], numbers: Sequence[Decimal]) -> dict[str, str | int]:
    return {knob.path: knob.laid(number) for knob, number in zip(knobs, numbers, strict=True)}


def _measures(knobs: Sequence[Knob], kept: KeptClaims) -> set[str]:
    """The measures that the paths are of, where their claims are kept."""
    words = [knob.path.split(".") for knob in knobs]
    known = frozenset[str]().union(*kept.parts)
    return {word[1] for word in words if word[0] == "measures" and word[1] in known}


class _Setting:
    """One setting evaluated: samples by draw."""

    def __init__(self, knobs: Sequence[Knob], numbers: Sequence[Decimal], found: Evaluated) -> None:
        self.knobs, self.numbers, self.found = knobs, numbers, found
        year = found.before.scenario.plan.budget_year
        self.year = found.after.total(special=True, year=year)
        self.whole = found.after.total(special=False)
        self.passed = self._passed()

    def _measure(self) -> str | None:
        """The measure that the first path is of."""
        words = self.knobs[0].path.split(".")
        return words[1] if words[0] == "measures" and words[1] in self.found.measures else None

    def _passed(self) -> FenArray | None:
        name, again = self._measure(), self.found.again
        if name is None or again is None:
            return None
        return again.passed[:, list(self.found.after.scenario.policy.measures).index(name)].astype(np.int64)

    def _at_cap(self) -> Estimate | None:
        """Share of the agencies awarded that stand at the swept cap; a ratio of means."""
        name, again, words = self._measure(), self.found.again, self.knobs[0].path.split(".")
        if name is None or again is None or words[2:3] != ["caps"]:
            return None
        policy = self.found.after.scenario.policy
        lever = lever_names(policy).index(f"{name}.{words[3]}")
        at = again.levers.agencies_at[:, lever].sum(axis=1)
        awarded = again.levers.agencies_awarded[:, list(policy.measures).index(name)].sum(axis=1)
        found = attempt(partial(ratio, at, awarded))
        return None if found.refusal is not None else found

    def point(self, before: _Setting | None) -> Point:
        plan = self.found.before.scenario.plan
        standing, same = self.found.before, not self.found.measures
        year, whole = attempt(partial(mean, self.year)), attempt(partial(mean, self.whole))
        old, whole_old = standing.total(special=True, year=plan.budget_year), standing.total(special=False)
        gap = paired(old, self.year, certain=same).difference
        whole_gap = paired(whole_old, self.whole, certain=same).difference
        need, cap = attempt(partial(quantile, self.year, plan.confidence / 10_000)), self._at_cap()
        return Point(
            values=tuple(knob.text(one) for knob, one in zip(self.knobs, self.numbers, strict=True)),
            numbers=tuple(map(float, self.numbers)),
            base=all(knob.value.value == one for knob, one in zip(self.knobs, self.numbers, strict=True)),
            how="again" if self.found.again is None else "kept",
            mean=float(self.year.mean()),
            mean_error=year.error,
            need=need.given,
            need_low=told(need.low),
            need_high=told(need.high),
            whole=float(self.whole.mean()),
            whole_error=whole.error,
            difference=float((self.year - old).mean()),
            difference_error=gap.error,
            whole_difference=float((self.whole - whole_old).mean()),
            whole_difference_error=whole_gap.error,
            at_cap=None if cap is None else cap.value,
            at_cap_error=None if cap is None else cap.error,
            passed=None if self.passed is None else float(self.passed.mean()),
            slope=None if before is None else self._slope(before),
        )

    def _slope(self, before: _Setting) -> Slope:
        width = float(self.numbers[0] - before.numbers[0])
        if self.knobs[0].value.kind == "share":
            width *= 100
        year, whole = self.year - before.year, self.whole - before.whole
        errors = [attempt(partial(mean, gap)).error for gap in (year, whole)]
        let_in = 0.0
        if self.passed is not None and before.passed is not None:
            let_in = float((self.passed - before.passed).mean())
        return Slope(
            headline=float(year.mean()) / width,
            headline_error=None if errors[0] is None else errors[0] / width,
            whole=float(whole.mean()) / width,
            whole_error=None if errors[1] is None else errors[1] / width,
            per_claim=float(whole.mean()) / let_in if let_in else None,
        )
