"""Result: what a run keeps, and what can be read from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

from simkit.awards.budget import Budget, FundYears, settle_fund
from simkit.awards.outlays import Outlays, sum_by
from simkit.base.arrays import FenArray, IndexArray
from simkit.base.random import GROUP, PARAMETERS, Seed
from simkit.runs.sparse_sums import Tally
from simkit.scenario import Scenario

__all__ = [
    "ARRAYS",
    "TALLIES",
    "Precision",
    "Result",
    "budget_of",
    "paid_by_year",
    "paid_years",
    "with_budget",
]

#: Draws that are held against appropriations together.
_PORTION = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """Why a run stopped that was to be precise: by the widest of the yearly P95s of both views.

    Attributes
    ----------
    asked, found : float
        Half the width of the 95 % interval of a P95, over its value: at most, and the widest.
    limit : int
        Draws at which it would have stopped all the same.
    year : int
        Paid year of the widest; 0 where there is no money.
    special : bool
        Whether it is the special fund's view, or the whole policy's.
    """

    asked: float
    found: float
    limit: int
    year: int
    special: bool

    @property
    def reached(self) -> bool:
        """Whether it is as precise as asked."""
        return self.found <= self.asked


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """What a run keeps. Money in fen. A Tally reads like the array that stands beside it.

    Attributes
    ----------
    scenario : Scenario
    seed, draws : int
    outlays : Outlays
        Rows (draw, cell, fen).
    money : Tally, int64[draw, measure, earned year, 8]
        gross; taken by steps 3 to 7; awarded; forfeited.
    counts : Tally, int32[draw, measure, earned year, 6]
        Claims that pass step 1; refused by reason 1 to 4; awarded.
    outside : Tally, int64[draw, measure, earned year]
    levers : tuple of str
        Caps of measures (`measure.cap`), total caps.
    taken : Tally, int64[draw, lever, earned year]
    agencies_at : Tally, int32[draw, lever, earned year]
    agencies_awarded : Tally, int32[draw, measure, earned year]
    agencies_any : int32[draw, earned year]
        Different agencies awarded more than nothing by any measure.
    worth : int64[draw, lever + 1]
        Of the first WORTH_DRAWS draws. What would be awarded more without each lever; last, without the
        same-matter rule.
    agencies : int64[draw, year + 1]
        At the end of the start year and of each year after.
    budget : Budget or None
        None without appropriations.
    precision : Precision or None
        None where the number of draws was asked for.
    parameters : str
        How what a whole draw shares was drawn, as in `run`.
    """

    scenario: Scenario
    seed: int
    draws: int
    outlays: Outlays
    money: Tally
    counts: Tally
    outside: Tally
    levers: tuple[str, ...]
    taken: Tally
    agencies_at: Tally
    agencies_awarded: Tally
    agencies_any: npt.NDArray[np.int32]
    worth: FenArray
    agencies: IndexArray
    budget: Budget | None
    precision: Precision | None = None
    parameters: str = "crude"

    @property
    def luck(self) -> Seed:
        """What `draw_law` gives this run's parameters for."""
        return PARAMETERS[self.parameters](self.seed)

    @property
    def group(self) -> int | None:
        """Draws that were stratified together, as the errors of `sizing.quantiles` ask; None: none were."""
        return GROUP if self.parameters == "latin" else None

    @property
    def earned_years(self) -> tuple[int, ...]:
        """Earned years, ascending."""
        first, last = self.scenario.plan.earned_years
        return tuple(range(first, last + 1))

    @property
    def paid_years(self) -> tuple[int, ...]:
        """Paid years from the first earned year until the tail is paid."""
        return paid_years(self.scenario, self.outlays)

    def paid(self, *, special: bool) -> FenArray:
        """Money paid by year, int64[draw, paid year]: the special fund's view, or the whole policy's."""
        return paid_by_year(self.scenario, self.outlays, special)

    def paid_by(self, field: str, year: int | None = None, *, special: bool = False) -> FenArray:
        """Money paid by `measure`, `fund`, `district`, `earned` or `quarter` (its number), int64[draw, number].

        `year`: one paid year; None: all.
        """
        cells = self.outlays.cells
        base = int(self.earned_years[0]) if field == "earned" else 0
        number = cells[field].astype(np.int64) - base
        keep = np.ones(len(cells), dtype=np.bool_) if year is None else cells["paid"] == year
        if special:
            ours = np.array(self.scenario.policy.special)
            keep &= ours[cells["fund"]]
        sizes = {
            "measure": len(self.scenario.policy.measures),
            "fund": len(self.scenario.policy.funds),
            "district": len(self.scenario.policy.districts),
            "earned": len(self.earned_years),
            "quarter": 5,
        }
        return sum_by(self.outlays, np.where(keep, number, -1), sizes[field])


_TYPES = get_type_hints(Result)
#: The figures that a run keeps by draw, beside its outlays: blocks, files and comparisons walk them.
TALLIES = tuple(name for name, kind in _TYPES.items() if kind is Tally)
ARRAYS = tuple(name for name, kind in _TYPES.items() if get_origin(kind) is np.ndarray)


def paid_years(scenario: Scenario, outlays: Outlays) -> tuple[int, ...]:
    first, last = scenario.plan.earned_years
    last = int(outlays.cells["paid"].max(initial=last))
    return tuple(range(first, max(last, scenario.plan.budget_year) + 1))


def paid_by_year(scenario: Scenario, outlays: Outlays, special: bool) -> FenArray:
    years = paid_years(scenario, outlays)
    group = outlays.cells["paid"].astype(np.int64) - years[0]
    if special:
        ours = np.array(scenario.policy.special)
        group = np.where(ours[outlays.cells["fund"]], group, -1)
    return sum_by(outlays, group, len(years))


def _portions(outlays: Outlays) -> Iterator[Outlays]:
    """Outlays of some draws after the others, so that what is due by measure and quarter stays small."""
    for first in range(0, outlays.draws, _PORTION):
        draws = min(_PORTION, outlays.draws - first)
        rows = slice(*np.searchsorted(outlays.draw, [first, first + draws]))
        yield Outlays(
            draws=draws,
            draw=outlays.draw[rows] - np.int32(first),
            cell=outlays.cell[rows],
            fen=outlays.fen[rows],
            cells=outlays.cells,
        )


def with_budget(result: Result) -> Result:
    """The result with its outlays held against the scenario's appropriations, where it has any."""
    budget = budget_of(result.scenario, result.outlays)
    if budget is None:
        return result
    fields = {name: getattr(result, name) for name in Result.__slots__}
    return Result(**(fields | {"budget": budget}))


def budget_of(scenario: Scenario, outlays: Outlays) -> Budget | None:
    """Outlays, in order of draws, against a scenario's appropriations; None without any."""
    policy, voted = scenario.policy, scenario.plan.appropriations
    if voted is None:
        return None
    years = tuple(sorted({year for amounts in voted.amounts.values() for year in amounts}))
    measures, names = list(policy.measures), list(policy.funds)
    adjustable = np.array([measure.rigidity == "adjustable" for measure in policy.measures.values()])
    order = [measures.index(name) for name in voted.order]
    order += [number for number in range(len(measures)) if number not in order]
    appropriation, funds = {}, {}
    cells = outlays.cells
    for fund, amounts in voted.amounts.items():
        appropriation[fund] = np.array([amounts.get(year, 0) for year in years], dtype=np.int64)
        shape = (len(years), len(measures), 4)
        place = ((cells["paid"].astype(np.int64) - years[0]) * len(measures) + cells["measure"]) * 4
        place += cells["quarter"] - 1
        ours = (cells["fund"] == names.index(fund)) & np.isin(cells["paid"], years)
        group = np.where(ours, place, -1)
        parts = []
        for some in _portions(outlays):
            due = sum_by(some, group, int(np.prod(shape))).reshape(some.draws, *shape)
            parts.append(
                settle_fund(
                    due,
                    appropriation[fund],
                    mode=voted.mode,
                    carry_over=voted.carry_over,
                    adjustable=adjustable,
                    order=order,
                )
            )
        columns = {name: [getattr(part, name) for part in parts] for name in FundYears.__slots__}
        funds[fund] = FundYears(**{name: np.concatenate(column) for name, column in columns.items()})
    return Budget(years=years, appropriation=appropriation, funds=funds, mode=voted.mode)
