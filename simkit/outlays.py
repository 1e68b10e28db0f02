"""Outlays: awards summed by draw, earned year, paid year, measure, fund, district and quarter of decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simkit.arrays import FenArray, IndexArray, Records, check_length
from simkit.awards import Awards, split_rows
from simkit.compiled import compiled
from simkit.policy.compile import CompiledPolicy
from simkit.rules.calendar import quarter_of, year_of
from simkit.rules.order import sort_by

__all__ = ["CELL_FIELDS", "AwardSums", "Layout", "Outlays", "sum_awards", "sum_by"]

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AwardSums:
    """Sums of a block's awards by draw, measure and earned year: int64[draw, measure, year].

    Attributes
    ----------
    money : int64[draw, measure, year, 8]
        gross; taken by steps 3 to 7; awarded; forfeited instalments. Fen.
    counts : int32[draw, measure, year, 6]
        Claims that pass step 1; refused by reason 1 to 4; claims awarded more than nothing.
    outside : int64[draw, measure, year]
        What others paid on the same matters.
    """

    money: FenArray
    counts: npt.NDArray[np.int32]
    outside: FenArray


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
def _sum_parts(
    parts: IndexArray,
    count: int,
    rows: Records,
    firsts: IndexArray,
    booked: npt.NDArray[np.int16],
    purse_first: IndexArray,
    layout: IndexArray,
    cell_sums: FenArray,
    touched: IndexArray,
    order: IndexArray,
    spare: IndexArray,
    out: IndexArray,
    money: FenArray,
) -> int:
    """Rows (draw, cell, fen) of the parts, by draw and cell; returns their number, -1 where `out` is too small.

    `layout` = earned years, paid years, purses, first earned year.
    """
    earned_years, paid_years, purses, first_earned = layout
    written, at = 0, 0
    for draw in range(len(firsts) - 1):
        cells = 0
        while at < count and parts[at, 0] < firsts[draw + 1]:
            claim = rows[parts[at, 0]]
            earned = year_of(claim.earned) - first_earned
            if parts[at, 5] == 1:
                money[draw, claim.measure, earned, 7] += parts[at, 4]
                at += 1
                continue
            purse = purse_first[parts[at, 1]] + max(0, parts[at, 2])
            # What was decided in an earlier year comes before all that is decided in the paid one.
            quarter = quarter_of(claim.decided) if year_of(claim.decided) == parts[at, 3] else 0
            paid = min(parts[at, 3] - first_earned, paid_years - 1)
            cell = (
                ((booked[parts[at, 0]] * earned_years + earned) * paid_years + paid) * purses + purse
            ) * 4 + quarter
            if cell_sums[cell] == 0:
                touched[cells] = cell
                cells += 1
            cell_sums[cell] += parts[at, 4]
            at += 1
        if written + cells > len(out):
            return -1
        sort_by(touched, cells, order, spare)
        for place in range(cells):
            cell = touched[order[place]]
            out[written, 0] = draw
            out[written, 1] = cell
            out[written, 2] = cell_sums[cell]
            cell_sums[cell] = 0
            written += 1
    return written


@compiled
def _sum_claims(
    rows: Records,
    firsts: IndexArray,
    outside_measure: npt.NDArray[np.bool_],
    first_earned: int,
    gross: FenArray,
    steps: tuple[FenArray, ...],
    award: FenArray,
    refusal: npt.NDArray[np.uint8],
    money: FenArray,
    counts: npt.NDArray[np.int32],
    outside: FenArray,
) -> None:
    for draw in range(len(firsts) - 1):
        for row in range(firsts[draw], firsts[draw + 1]):
            measure, at = rows[row].measure, year_of(rows[row].earned) - first_earned
            if outside_measure[measure]:
                outside[draw, measure, at] += award[row]
                continue
            counts[draw, measure, at, refusal[row]] += 1
            if refusal[row] > 0:
                continue
            money[draw, measure, at, 0] += gross[row]
            for step in range(5):
                money[draw, measure, at, 1 + step] += steps[step][row]
            money[draw, measure, at, 6] += award[row]
            if award[row] > 0:
                counts[draw, measure, at, 5] += 1


def sum_awards(
    policy: CompiledPolicy,
    rows: Records,
    attributes: IndexArray,
    firsts: IndexArray,
    awards: Awards,
    layout: Layout,
    parts: IndexArray,
    sums: AwardSums,
) -> IndexArray:
    """Split the awards of some draws and sum them.

    Parameters
    ----------
    parts : int64[part, 6]
        Scratch with room for all parts.
    sums : AwardSums
        Out: zeros of these draws, to be added to.

    Returns
    -------
    int64[row, 3]
        (draw among these, number of the cell, fen), by draw and cell.
    """
    steps = (
        awards.over_claim_cap,
        awards.not_selected,
        awards.over_running_cap,
        awards.same_matter,
        awards.over_total_cap,
    )
    _sum_claims(
        rows,
        firsts,
        policy.measures["outside"].astype(np.bool_),
        layout.first_earned,
        awards.gross,
        steps,
        awards.award,
        awards.refusal,
        sums.money,
        sums.counts,
        sums.outside,
    )
    count = split_rows(policy, rows, attributes, awards, parts)
    funds = list(layout.purse_fund)
    purse_first = np.array(
        [funds.index(f) if f in funds else -1 for f in range(max(funds) + 1)], dtype=np.int64
    )
    sizes = np.array([layout.earned, layout.paid, len(funds), layout.first_earned], dtype=np.int64)
    out = np.empty((max(1, count), 3), dtype=np.int64)
    touched, order, spare = np.empty((3, max(1, count)), dtype=np.int64)
    written = _sum_parts(
        parts,
        count,
        rows,
        firsts,
        awards.booked,
        purse_first,
        sizes,
        np.zeros(layout.size, dtype=np.int64),
        touched,
        order,
        spare,
        out,
        sums.money,
    )
    return out[:written]


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
