"""What a run says of the money of a year, each figure with its error: worked out here for whoever tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from simkit.base.arrays import FenArray
from simkit.runs.result import Result
from simkit.scenario import Scenario
from simkit.scenario.horizon import can_pay
from simkit.sizing.compare import margin
from simkit.sizing.estimate import Estimate, attempt
from simkit.sizing.quantiles import mean, quantile

__all__ = ["Figures", "figures_of", "year_sample"]

#: A paid year; several together; None: all.
Years: TypeAlias = int | tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """Need, means and quantiles of a run, refused ones with their reason. Fen.

    `special`: paid by the special fund only. `year`: the paid year, or several together; None: all.

    Attributes
    ----------
    scenario : Scenario
    years : tuple of int
        Paid years.
    group : int or None
        Draws that were stratified together.
    samples : dict of bool to int64[draw, year]
        Money paid, by the special fund only (True) or by all.
    """

    scenario: Scenario
    years: tuple[int, ...]
    group: int | None
    samples: Mapping[bool, FenArray]

    @property
    def needed(self) -> Estimate:
        """Enough for the special fund in the budget year, with the plan's confidence."""
        return self.quantile(self.scenario.plan.confidence / 10_000, self.scenario.plan.budget_year)

    def mean(self, year: Years, *, special: bool = True) -> Estimate:
        """Expected money, before it is rounded so that tables add up."""
        sample, certain = self.sample(year, special=special), self.certain(year, special=special)
        return attempt(lambda: mean(sample, group=self.group, certain=certain))

    def quantile(self, level: float, year: Years, *, special: bool = True) -> Estimate:
        """Money that is enough with a probability."""
        sample, certain = self.sample(year, special=special), self.certain(year, special=special)
        return attempt(lambda: quantile(sample, level, group=self.group, certain=certain))

    def reserve(self, level: float, year: Years, *, special: bool = True) -> Estimate:
        """What the money that is enough with a probability lies above the expected."""
        sample, certain = self.sample(year, special=special), self.certain(year, special=special)
        return attempt(lambda: margin(sample, level, group=self.group, certain=certain))

    def sample(self, year: Years, *, special: bool = True) -> FenArray:
        """Money by draw."""
        return _of_year(self.samples[special], self.years, year)

    def certain(self, year: Years, *, special: bool = True) -> bool:
        """Whether the rules leave no chance of such money."""
        funds = self.scenario.policy.funds
        paying = [name for name, fund in funds.items() if fund.special or not special]
        asked = year if isinstance(year, tuple) else (year,)
        return not any(can_pay(self.scenario, one, funds=paying) for one in asked)


def figures_of(result: Result) -> Figures:
    """The figures of a run."""
    samples = {special: result.paid(special=special) for special in (True, False)}
    return Figures(scenario=result.scenario, years=result.paid_years, group=result.group, samples=samples)


def year_sample(result: Result, year: int | None, *, special: bool) -> FenArray:
    """Money paid in a year, or in all years, by draw."""
    return _of_year(result.paid(special=special), result.paid_years, year)


def _of_year(paid: FenArray, years: tuple[int, ...], year: Years) -> FenArray:
    asked = years if year is None else year if isinstance(year, tuple) else (year,)
    places = [years.index(one) for one in asked if one in years]
    return np.asarray(paid[:, places].sum(axis=1))
