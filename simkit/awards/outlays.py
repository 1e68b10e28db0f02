"""Outlays: money by draw, earned year, paid year, measure, fund, district and quarter of decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FenArray, IndexArray, Records, check_length
from simkit.base.compiled import compiled

__all__ = ["CELL_FIELDS", "Layout", "Outlays", "sum_by"]

#: What a cell of outlays is of.
CELL_FIELDS = ("earned", "paid", "measure", "fund", "district", "quarter")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlays:
    """Money paid: rows (draw, cell, fen), sorted by draw and cell, only what is not 0.

    Attributes
    ----------
    draws : int
        Number of draws, those without an outlay too.
    draw, cell : int32[row]
    fen : int64[row]
    cells : int16 records[cell]
        `earned` and `paid` year, positions of `measure`, `fund` and `district` (-1: not a district's),
        `quarter` of decision (1 to 4; 1 for what was decided before the paid year). `measure` is the one
        that the money is booked to.
    """

    draws: int
    draw: npt.NDArray[np.int32]
    cell: npt.NDArray[np.int32]
    fen: FenArray
    cells: Records

    def __post_init__(self) -> None:
        check_length("outlay", len(self.draw), cell=self.cell, fen=self.fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Ranges that number the cells: measures x earned x paid x purses x quarters.

    A purse is a fund, or the fund of one district.
    """

    measures: int
    first_earned: int
    earned: int
    paid: int
    purse_fund: tuple[int, ...]
    purse_district: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.measures * self.earned * self.paid * len(self.purse_fund) * 4

    def cells(self, numbers: IndexArray) -> Records:
        """What the cells with these numbers are of."""
        rest, quarter = np.divmod(numbers, 4)
        rest, purse = np.divmod(rest, len(self.purse_fund))
        rest, paid = np.divmod(rest, self.paid)
        measure, earned = np.divmod(rest, self.earned)
        table = np.zeros(len(numbers), dtype=[(name, np.int16) for name in CELL_FIELDS])
        table["earned"], table["paid"] = earned + self.first_earned, paid + self.first_earned
        table["measure"], table["quarter"] = measure, quarter + 1
        table["fund"] = np.array(self.purse_fund)[purse]
        table["district"] = np.array(self.purse_district)[purse]
        return table


@compiled
def _sum_by(
    draw: npt.NDArray[np.int32], cell: npt.NDArray[np.int32], fen: FenArray, group: IndexArray, sums: FenArray
) -> None:
    for row in range(len(draw)):
        if group[cell[row]] >= 0:
            sums[draw[row], group[cell[row]]] += fen[row]


def sum_by(outlays: Outlays, group: IndexArray, groups: int) -> FenArray:
    """Exact sums of outlays by draw and group: int64[draw, group].

    Parameters
    ----------
    group : int64[cell]
        Group of each cell, -1 to leave it out.
    """
    sums = np.zeros((outlays.draws, groups), dtype=np.int64)
    _sum_by(outlays.draw, outlays.cell, outlays.fen, np.asarray(group, dtype=np.int64), sums)
    return sums
