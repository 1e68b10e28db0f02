"""Seek the setting at which a budget is enough with a chosen probability, or on average."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Literal

import numpy as np

from simkit.base.arrays import FenArray
from simkit.base.errors import InputError
from simkit.base.money import parse_quantity
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.sizing.estimate import REACH, attempt
from simkit.sizing.quantiles import exceedance, mean
from simkit.whatif.answers import Origin, origin_of
from simkit.whatif.between import Between, whole_knob_of
from simkit.whatif.evaluate import Lay, evaluate, keep_for
from simkit.whatif.kept.claims import KeptClaims, Progress

__all__ = ["Seek", "Tried", "seek"]

#: Settings looked at first, evenly between the bounds; where the probability crosses its level is halved further.
_LOOKS = 5
#: Halvings of the piece in which the level is crossed: to a thousandth of a thousandth of the range.
_HALVINGS = 18
#: How close two settings are before halving ends, of the range.
_CLOSE = Decimal("0.0001")
_EXAMPLE = "2500万元"

Outcome = Literal["found", "always", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A setting that was looked at: probability that the budget is enough (or mean over budget), its error."""

    values: tuple[str, ...]
    at: float
    probability: float
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seek:
    """What was sought and found.

    Attributes
    ----------
    origin : Origin
    asked : dict
    paths, standing : tuple of str
    budget : int
        Fen of the special fund in the budget year.
    level : float or None
        P(outlay <= budget) to be reached; None: the mean is to be at most the budget.
    outcome : str
        `found`; `always`: every setting between the bounds reaches it; `never`: none does.
    values : tuple of str
        The most generous setting found that reaches the level (the least one for `never`).
    factor : float or None
        On all paths together, where there are several.
    low, high : tuple of str or None
        The setting is between these with 95 % confidence, as far as Monte Carlo error goes; None where an end
        lies beyond the bounds.
    probability, probability_low, probability_high, mean : float
        At the setting found, with the 95 % interval of the probability. Fen.
    mean_error : float or None
        None where too few draws carry it.
    rising : bool
        Whether more of it costs more.
    tried : tuple of Tried
        Every setting looked at, ascending.
    """

    origin: Origin
    asked: dict[str, Any]
    paths: tuple[str, ...]
    standing: tuple[str, ...]
    budget: int
    level: float | None
    outcome: Outcome
    values: tuple[str, ...]
    factor: float | None
    low: tuple[str, ...] | None
    high: tuple[str, ...] | None
    probability: float
    probability_low: float
    probability_high: float
    mean: float
    mean_error: float | None
    rising: bool
    tried: tuple[Tried, ...]


def seek(
    lay: Lay,
    paths: Sequence[str],
    *,
    budget: str,
    level: float | None = 0.9,
    bounds: tuple[str, str] | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    progress: Progress = None,
) -> Seek:
    """The most generous setting with which a budget of the special fund is enough in the budget year.

    Parameters
    ----------
    lay : function
        Lays changes (path -> value) on the scenario.
    paths : paths of numbers
        One: its value is sought. Several: one factor on all of them.
    budget : str
        An amount with its unit, such as 2500万元: of a bare number nobody could say whether it is fen or yuan.
    level : float, optional
        P(outlay <= budget) to be reached; None: the mean outlay is to be at most the budget.
    bounds : texts, optional
        Between which is sought, with the unit of what stands there (factors for several paths); None: from a hundredth
        to 4 times what stands, shares up to 100 %, as far as the schema accepts it.

    Raises
    ------
    InputError, FaultsError
        For an argument out of range, or a value that the schema refuses.

    Notes
    -----
    On the same claims the probability moves in one direction with the setting wherever more never costs less;
    what was looked at is in `tried`, so that a path which is not so can be seen.
    """
    if not paths:
        raise InputError("error.no_paths")
    money = _fen(budget)
    if level is not None and not 0 < level < 1:
        raise InputError("error.level", found=f"{level:g}")
    scenario = lay({})
    line = Between([whole_knob_of(lay, scenario, path) for path in paths], bounds)
    if bounds is None:
        line.narrow(lay)
    kept = keep_for(
        scenario, [lay(line.changes(line.high))], draws=draws, seed=seed, jobs=jobs, progress=progress
    )
    search = _Search(line, kept, lambda at: lay(line.changes(at)), money, level, jobs, progress)
    return search.answer(
        origin_of(scenario, seed=seed, draws=draws),
        {"paths": list(paths), "budget": money, "level": level, "bounds": [str(line.low), str(line.high)]},
    )


def _fen(budget: Any) -> int:
    """An amount as it is written, in fen."""
    try:
        found = parse_quantity(budget)
    except ValueError as error:
        raise InputError("error.no_budget_above_0", example=_EXAMPLE, found=repr(budget)) from error
    if found.kind != "yuan" or found.value <= 0:
        raise InputError("error.no_budget_above_0", example=_EXAMPLE, found=repr(budget))
    return int(found.value * 100)


class _Search:
    """Looks at settings, each once, and halves the piece in which the level is crossed."""

    def __init__(
        self,
        line: Between,
        kept: KeptClaims,
        lay: Callable[[Decimal], Any],
        budget: int,
        level: float | None,
        jobs: int | None,
        progress: Progress,
    ) -> None:
        self.line, self.kept, self.lay, self.budget, self.level = line, kept, lay, budget, level
        self.jobs, self.progress = jobs, progress
        self.looked: dict[Decimal, FenArray] = {}

    def sample(self, at: Decimal) -> FenArray:
        """Outlay of the special fund in the budget year at a setting: int64[draw]."""
        if at not in self.looked:
            found = evaluate(self.kept, self.lay(at), jobs=self.jobs)
            year = self.kept.scenario.plan.budget_year
            self.looked[at] = found.after.total(special=True, year=year)
            if self.progress is not None:
                self.progress(self.kept.draws)
        return self.looked[at]

    def excess(self, at: Decimal, shift: float) -> float:
        """Above 0 where the budget is not enough; `shift` standard errors are added to what the draws say."""
        sample = self.sample(at)
        n = len(sample)
        if self.level is None:
            return float(sample.mean() + shift * sample.std(ddof=1) / np.sqrt(n) - self.budget)
        # The share of draws within the budget has the standard error that its level gives it.
        error = np.sqrt(self.level * (1 - self.level) / n)
        return float(self.level + shift * error - (sample <= self.budget).mean())

    def crossing(self, shift: float) -> Decimal | None:
        """The most generous setting that is enough; None where it is the same at all."""
        line = self.line
        looks = [line.low + (line.high - line.low) * at / (_LOOKS - 1) for at in range(_LOOKS)]
        enough = [self.excess(at, shift) <= 0 for at in looks]
        rising = self.rising
        # Along what costs more, the last setting that is still enough.
        order = list(range(_LOOKS)) if rising else list(reversed(range(_LOOKS)))
        last = max((place for place, at in enumerate(order) if enough[at]), default=-1)
        if last in (-1, _LOOKS - 1):
            return None
        good, bad = looks[order[last]], looks[order[last + 1]]
        for _ in range(_HALVINGS):
            middle = (good + bad) / 2
            if abs(bad - good) <= _CLOSE * (line.high - line.low) or line.texts(middle) in (
                line.texts(good),
                line.texts(bad),
            ):
                break
            if self.excess(middle, shift) <= 0:
                good = middle
            else:
                bad = middle
        return good

    @property
    def rising(self) -> bool:
        """Whether more of it costs more."""
        return bool(self.sample(self.line.high).mean() >= self.sample(self.line.low).mean())

    def answer(self, origin: Origin, asked: dict[str, Any]) -> Seek:
        line = self.line
        at = self.crossing(0.0)
        strict, loose = (None, None) if at is None else (self.crossing(REACH), self.crossing(-REACH))
        dear, cheap = (line.high, line.low) if self.rising else (line.low, line.high)
        outcome: Outcome = "found"
        if at is None:
            outcome = "always" if self.excess(dear, 0.0) <= 0 else "never"
        here = at if at is not None else (dear if outcome == "always" else cheap)
        ends = (strict, loose) if self.rising else (loose, strict)
        return Seek(
            origin=origin,
            asked=asked,
            paths=tuple(knob.path for knob in line.knobs),
            standing=tuple(knob.text(knob.value.value) for knob in line.knobs),
            budget=self.budget,
            level=self.level,
            outcome=outcome,
            values=line.values(here),
            factor=float(here) if line.several else None,
            low=line.texts(ends[0]),
            high=line.texts(ends[1]),
            rising=self.rising,
            tried=tuple(self._tried(one) for one in sorted(self.looked)),
            **self._at(here),
        )

    def _at(self, at: Decimal) -> dict[str, Any]:
        sample = self.sample(at)
        # Fen are whole: at most the budget is less than half a fen more.
        enough = exceedance(-sample, -self.budget - 0.5)
        return {
            "probability": enough.value,
            "probability_low": enough.low,
            "probability_high": enough.high,
            "mean": float(sample.mean()),
            "mean_error": attempt(partial(mean, sample)).error,
        }

    def _tried(self, at: Decimal) -> Tried:
        sample = self.looked[at]
        return Tried(
            values=self.line.values(at),
            at=float(at),
            probability=float((sample <= self.budget).mean()),
            mean=float(sample.mean()),
        )
