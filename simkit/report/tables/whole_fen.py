"""Expected money in whole fen, rounded once, so that every table of a report agrees with the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import BoolArray, FenArray, Records
from simkit.runs.result import Result

__all__ = ["WholeFen", "allot", "apportion", "special_funds", "whole_fen"]


def apportion(sums: FenArray, draws: int) -> FenArray:
    """Means of sums over draws in whole fen; they add up to the rounded mean of all (largest remainder).

    A cell without money stays 0.
    """
    whole, rest = np.divmod(np.asarray(sums, dtype=np.int64).ravel(), draws)
    total = (2 * int(np.sum(sums)) + draws) // (2 * draws)
    order = np.argsort(-rest, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole.reshape(np.shape(sums))


def allot(total: int, weights: npt.ArrayLike) -> list[int]:
    """Split whole fen in proportion to weights >= 0, exactly (largest remainder); nothing without weights."""
    parts = np.maximum(0.0, np.asarray(weights, dtype=np.float64))
    if parts.sum() <= 0:
        return [0] * len(parts)
    exact = parts / parts.sum() * total
    whole = [int(part) for part in np.floor(exact)]
    order = sorted(range(len(whole)), key=lambda place: (whole[place] - exact[place], place))
    left = total - sum(whole)
    for turn in range(left):
        whole[order[turn % len(order)]] += 1
    return whole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WholeFen:
    """Expected outlays by cell.

    Attributes
    ----------
    cells : records[cell]
        As in Outlays.
    fen : int64[cell]
    special : bool[cell]
        Paid by the special fund.
    """

    cells: Records
    fen: FenArray
    special: BoolArray

    def sum(self, *, special: bool = False, **of: int) -> int:
        """Money of the cells with these values, such as `paid=2024, measure=3`; of the special fund only."""
        keep = self.special.copy() if special else np.ones(len(self.fen), dtype=np.bool_)
        for name, value in of.items():
            keep &= self.cells[name] == value
        return int(self.fen[keep].sum())


def special_funds(result: Result) -> BoolArray:
    """Which funds are the special fund: bool[fund]."""
    return np.array(result.scenario.policy.special, dtype=np.bool_)


def whole_fen(result: Result) -> WholeFen:
    """The expected outlays of a result."""
    cells = result.outlays.cells
    sums = np.zeros(len(cells), dtype=np.int64)
    np.add.at(sums, result.outlays.cell, result.outlays.fen)
    return WholeFen(
        cells=cells, fen=apportion(sums, result.draws), special=special_funds(result)[cells["fund"]]
    )
