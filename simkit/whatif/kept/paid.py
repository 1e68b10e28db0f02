"""Money that a scenario pays, read by view, year, measure, fund and department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simkit.awards.outlays import Outlays, sum_by
from simkit.base.arrays import BoolArray, FenArray, IndexArray
from simkit.policy.schema import Policy
from simkit.scenario import Scenario
from simkit.whatif.kept.parts import join_parts

__all__ = ["FIELDS", "Paid"]

#: What money can be read by, beside the paid year.
FIELDS = ("measure", "fund", "department")


@dataclass(frozen=True, slots=True, eq=False)
class Paid:
    """Outlays of a scenario, in parts of different measures.

    Attributes
    ----------
    scenario : Scenario
        Its policy names measures and funds.
    parts : tuple of Outlays
    """

    scenario: Scenario
    parts: tuple[Outlays, ...]

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.parts[0].draws

    @property
    def last_year(self) -> int:
        """Last year in which anything is paid in any draw; at least the budget year."""
        latest = [int(part.cells["paid"].max(initial=0)) for part in self.parts]
        return max(*latest, self.scenario.plan.budget_year)

    def by_year(self, years: Sequence[int], *, special: bool) -> FenArray:
        """Fen by draw and paid year: the special fund's view, or the whole policy's. int64[draw, year]."""
        total = np.zeros((self.draws, len(years)), dtype=np.int64)
        for part in self.parts:
            group = part.cells["paid"].astype(np.int64) - years[0]
            keep = (group >= 0) & (group < len(years)) & self._seen(part, special)
            total += sum_by(part, np.where(keep, group, -1), len(years))
        return total

    def total(self, *, special: bool, year: int | None = None) -> FenArray:
        """Fen by draw, of one paid year or of all: int64[draw]."""
        total = np.zeros(self.draws, dtype=np.int64)
        for part in self.parts:
            keep = self._seen(part, special)
            if year is not None:
                keep &= part.cells["paid"] == year
            total += sum_by(part, np.where(keep, 0, -1), 1)[:, 0]
        return total

    def by(self, field: str, *, year: int | None = None) -> dict[str, FenArray]:
        """Fen by draw for each measure, fund or department of the whole policy, of one paid year or of all."""
        names, number = _groups(self.scenario.policy, field)
        total = np.zeros((self.draws, len(names)), dtype=np.int64)
        for part in self.parts:
            group = number[part.cells["measure" if field == "measure" else "fund"]]
            if year is not None:
                group = np.where(part.cells["paid"] == year, group, -1)
            total += sum_by(part, group, len(names))
        return {name: total[:, place] for place, name in enumerate(names)}

    def in_order(self) -> Outlays:
        """All parts as one, in order of draws."""
        whole = join_parts(self.parts, self.draws)
        order = np.argsort(whole.draw, kind="stable")
        return Outlays(
            draws=whole.draws,
            draw=whole.draw[order],
            cell=whole.cell[order],
            fen=whole.fen[order],
            cells=whole.cells,
        )

    def _seen(self, part: Outlays, special: bool) -> BoolArray:
        """Cells that a view counts."""
        if not special:
            return np.ones(len(part.cells), dtype=np.bool_)
        ours = np.array(self.scenario.policy.special)
        return np.asarray(ours[part.cells["fund"]])


def _groups(policy: Policy, field: str) -> tuple[list[str], IndexArray]:
    """Names to read by, and which of them each measure or fund belongs to."""
    if field == "measure":
        return list(policy.measures), np.arange(len(policy.measures))
    if field == "fund":
        return list(policy.funds), np.arange(len(policy.funds))
    departments = [fund.department for fund in policy.funds.values()]
    names = list(dict.fromkeys(departments))
    return names, np.array([names.index(one) for one in departments])
