"""Outlays: awards summed by draw, earned year, paid year, measure, fund, district and quarter of decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simkit.awards.split import most_parts
from simkit.awards.types import Awards
from simkit.base.arrays import FenArray, IndexArray, Records, check_length
from simkit.base.compiled import compiled
from simkit.base.days import quarter_of, year_of
from simkit.base.order import COUNTS, sort_by
from simkit.policy.compile import CompiledPolicy
from simkit.rules.split import split_claim

__all__ = ["CELL_FIELDS", "AwardSums", "Layout", "Outlays", "Summing", "sum_by"]

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
def _sum(
    measures: Records,
    conditions: Records,
    payers: Records,
    instalments: Records,
    rows: Records,
    attributes: IndexArray,
    firsts: IndexArray,
    gross: FenArray,
    steps: tuple[FenArray, FenArray, FenArray, FenArray, FenArray],
    award: FenArray,
    refusal: npt.NDArray[np.uint8],
    booked: npt.NDArray[np.int16],
    earned_years: int,
    paid_years: int,
    first_earned: int,
    purse_first: IndexArray,
    purses: int,
    parts: IndexArray,
    cell_sums: FenArray,
    touched: IndexArray,
    sorting: IndexArray,
    counts_of_digits: IndexArray,
    out: IndexArray,
    by_measure: bool,
    money: FenArray,
    counts: npt.NDArray[np.int32],
    outside: FenArray,
) -> int:
    """Sum claims and the parts of their awards; returns the rows (draw, cell, fen) written.

    `touched`, `sorting` and `out` have room for all parts of the awards.
    """
    written = 0
    # Claims come in order of decision: many of one day, whose year and quarter are found once.
    day, decided, quarter_then = -1, 0, 0
    for draw in range(len(firsts) - 1):
        cells = 0
        for row in range(firsts[draw], firsts[draw + 1]):
            claim = rows[row]
            measure, earned = claim.measure, year_of(claim.earned) - first_earned
            is_outside = measures[measure].outside
            if by_measure and is_outside:
                outside[draw, measure, earned] += award[row]
            elif by_measure:
                number = counts[draw, measure, earned]
                number[refusal[row]] += 1
                if refusal[row] == 0:
                    sums = money[draw, measure, earned]
                    sums[0] += gross[row]
                    if award[row] < gross[row]:
                        for step in range(5):
                            sums[1 + step] += steps[step][row]
                    sums[6] += award[row]
                    number[5] += award[row] > 0
            if is_outside or award[row] == 0:
                continue
            if claim.decided != day:
                day = claim.decided
                decided = year_of(day)
                quarter_then = quarter_of(day, decided)
            found = split_claim(
                measures,
                conditions,
                payers,
                instalments,
                claim,
                row,
                attributes,
                award[row],
                booked[row],
                parts,
                0,
            )
            for one in range(found):
                fen = parts[one, 4]
                if parts[one, 5] == 1:
                    if by_measure:
                        money[draw, measure, earned, 7] += fen
                    continue
                purse = purse_first[parts[one, 1]] + max(0, parts[one, 2])
                # What was decided in an earlier year comes before all that is decided in the paid one.
                quarter = quarter_then if decided == parts[one, 3] else 0
                paid = min(parts[one, 3] - first_earned, paid_years - 1)
                cell = (((booked[row] * earned_years + earned) * paid_years + paid) * purses + purse) * 4
                cell += quarter
                if cell_sums[cell] == 0:
                    touched[cells] = cell
                    cells += 1
                cell_sums[cell] += fen
        sort_by(touched, cells, sorting[0], sorting[1], sorting[2], counts_of_digits)
        for place in range(cells):
            cell = touched[place]
            out[written, 0] = draw
            out[written, 1] = cell
            out[written, 2] = cell_sums[cell]
            cell_sums[cell] = 0
            written += 1
    return written


class Summing:
    """Splits and sums the awards of blocks of draws with scratch memory of its own, one for each worker."""

    def __init__(self, policy: CompiledPolicy, layout: Layout) -> None:
        self.policy, self.layout = policy, layout
        funds = list(layout.purse_fund)
        self.purse_first = np.array(
            [funds.index(f) if f in funds else -1 for f in range(max(funds) + 1)], dtype=np.int64
        )
        self.parts = np.zeros((most_parts(policy), 6), dtype=np.int64)
        self.cell_sums = np.zeros(layout.size, dtype=np.int64)
        self.counts = np.zeros(COUNTS, dtype=np.int64)
        self.nothing = AwardSums(
            money=np.zeros((0, 0, 0, 8), dtype=np.int64),
            counts=np.zeros((0, 0, 0, 6), dtype=np.int32),
            outside=np.zeros((0, 0, 0), dtype=np.int64),
        )
        self._room(0)

    def _room(self, parts: int) -> None:
        """Columns for so many parts."""
        self.touched = np.zeros(parts, dtype=np.int64)
        self.sorting = np.zeros((3, parts), dtype=np.int64)
        self.out = np.zeros((parts, 3), dtype=np.int64)

    def sum(
        self,
        rows: Records,
        attributes: IndexArray,
        firsts: IndexArray,
        awards: Awards,
        sums: AwardSums | None = None,
    ) -> IndexArray:
        """Split and sum the awards of some draws.

        Parameters
        ----------
        sums : AwardSums, optional
            Out: zeros of these draws, to be added to; None: outlays only.

        Returns
        -------
        int64[row, 3]
            (draw among these, number of the cell, fen), by draw and cell.
        """
        policy, layout = self.policy, self.layout
        if len(rows) * len(self.parts) > len(self.out):
            self._room(2 * len(rows) * len(self.parts))
        into = sums or self.nothing
        steps = (
            awards.over_claim_cap,
            awards.not_selected,
            awards.over_running_cap,
            awards.same_matter,
            awards.over_total_cap,
        )
        written = _sum(
            policy.measures,
            policy.conditions,
            policy.payers,
            policy.instalments,
            rows,
            attributes,
            firsts,
            awards.gross,
            steps,
            awards.award,
            awards.refusal,
            awards.booked,
            layout.earned,
            layout.paid,
            layout.first_earned,
            self.purse_first,
            len(layout.purse_fund),
            self.parts,
            self.cell_sums,
            self.touched,
            self.sorting,
            self.counts,
            self.out,
            sums is not None,
            into.money,
            into.counts,
            into.outside,
        )
        return self.out[:written].copy()


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
