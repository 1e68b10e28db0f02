"""Awards of a block of draws, split over payers and instalments, summed as outlays and by measure; compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.awards.outlays import Layout
from simkit.awards.split import no_parts, split_award
from simkit.awards.types import Awards
from simkit.base.arrays import FenArray, IndexArray, Records
from simkit.base.compiled import compiled, compiled_step
from simkit.base.days import quarter_of, year_of
from simkit.base.errors import RunError
from simkit.base.order import COUNTS, sort_by
from simkit.claims.types import Claims
from simkit.policy.tables import CompiledPolicy
from simkit.rules import codes

__all__ = ["AwardSums", "Summing", "no_sums"]

#: Place of the claims awarded more than nothing among the counts, after those by reason of step 1.
_AWARDED = 5


class AwardSums(NamedTuple):
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


def no_sums(draws: int, measures: int, years: int) -> AwardSums:
    """Zeros to be added to."""
    shape = (draws, measures, years)
    return AwardSums(
        money=np.zeros((*shape, codes.FORFEITED + 1), dtype=np.int64),
        counts=np.zeros((*shape, _AWARDED + 1), dtype=np.int32),
        outside=np.zeros(shape, dtype=np.int64),
    )


class _Numbering(NamedTuple):
    """How the kernel numbers the cells of a Layout.

    Attributes
    ----------
    first_earned, earned, paid, purses : int
        The first earned year; earned years, paid years, purses.
    purse_first : int64[fund]
        First purse of a fund, -1 of one that never pays.
    """

    first_earned: int
    earned: int
    paid: int
    purses: int
    purse_first: IndexArray

    @classmethod
    def of(cls, layout: Layout) -> _Numbering:
        """The numbering of a layout."""
        funds = list(layout.purse_fund)
        firsts = [funds.index(fund) if fund in funds else -1 for fund in range(max(funds) + 1)]
        return cls(
            first_earned=layout.first_earned,
            earned=layout.earned,
            paid=layout.paid,
            purses=len(funds),
            purse_first=np.array(firsts, dtype=np.int64),
        )


class _Scratch(NamedTuple):
    """Memory of a Summing.

    Attributes
    ----------
    parts : PART[part]
        Of one award.
    cells : int64[cell]
        Fen of one draw; zeros between draws.
    touched, spare : int64[part of a draw], int64[3, part of a draw]
        Cells of one draw that hold money; what sorting them needs.
    digits : int64[COUNTS]
        What sorting needs too.
    out : int64[row, 3]
        Draw, cell, fen.
    """

    parts: Records
    cells: FenArray
    touched: IndexArray
    spare: IndexArray
    digits: IndexArray
    out: IndexArray


@compiled
def _sum(
    policy: CompiledPolicy,
    claims: Claims,
    awards: Awards,
    numbering: _Numbering,
    scratch: _Scratch,
    sums: AwardSums,
) -> int:
    """Sum claims and the parts of their awards; returns the rows (draw, cell, fen) written, or UNKNOWN.

    `sums` of no draw are left as they are. `scratch` has room for all parts of the awards.
    """
    written, by_measure = 0, len(sums.counts) > 0
    # Claims come in order of decision: many of one day, whose year and quarter are found once.
    day, decided, quarter = -1, 0, 0
    for draw in range(len(claims.firsts) - 1):
        touched = 0
        for row in range(claims.firsts[draw], claims.firsts[draw + 1]):
            claim, award = claims.rows[row], awards.money[row, codes.AWARD]
            earned = year_of(claim.earned) - numbering.first_earned
            is_outside = policy.measures[claim.measure].outside != 0
            if by_measure and is_outside:
                sums.outside[draw, claim.measure, earned] += award
            elif by_measure:
                _count_measure(awards, claim.measure, row, draw, earned, sums)
            if is_outside or award == 0:
                continue
            found = split_award(policy, claims, row, award, awards.booked[row], scratch.parts)
            if found < 0:
                return found
            if claim.decided != day:
                day = claim.decided
                decided = year_of(day)
                quarter = quarter_of(day, decided)
            if by_measure:
                for place in range(found):
                    part = scratch.parts[place]
                    sums.money[draw, claim.measure, earned, codes.FORFEITED] += part.fen * part.is_forfeited
            first = (awards.booked[row] * numbering.earned + earned) * numbering.paid
            touched = _add_parts(numbering, scratch, found, first, decided, quarter, touched)
        written = _write_cells(draw, touched, scratch, written)
    return written


@compiled_step
def _count_measure(awards: Awards, measure: int, row: int, draw: int, earned: int, sums: AwardSums) -> None:
    """Add a claim to the sums of its measure."""
    counts = sums.counts[draw, measure, earned]
    counts[awards.refusal[row]] += 1
    if awards.refusal[row] != codes.PASSED:
        return
    money, gross, award = (
        sums.money[draw, measure, earned],
        awards.money[row, codes.GROSS],
        awards.money[row, codes.AWARD],
    )
    money[codes.GROSS] += gross
    if award < gross:
        for step in range(codes.GROSS + 1, codes.AWARD):
            money[step] += awards.money[row, step]
    money[codes.AWARD] += award
    counts[_AWARDED] += award > 0


@compiled_step
def _add_parts(
    numbering: _Numbering, scratch: _Scratch, found: int, first: int, decided: int, quarter: int, touched: int
) -> int:
    """Add the parts of an award to their cells; the number of cells that hold money.

    `first`: number of the measure and earned year, times the paid years. `decided`, `quarter`: when.
    """
    for place in range(found):
        part = scratch.parts[place]
        if part.is_forfeited:
            continue
        paid = min(part.paid_year - numbering.first_earned, numbering.paid - 1)
        purse = numbering.purse_first[part.fund] + max(0, part.district)
        # What was decided in an earlier year comes before all that is decided in the paid one.
        cell = ((first + paid) * numbering.purses + purse) * 4 + (quarter if decided == part.paid_year else 0)
        if scratch.cells[cell] == 0:
            scratch.touched[touched] = cell
            touched += 1
        scratch.cells[cell] += part.fen
    return touched


@compiled_step
def _write_cells(draw: int, touched: int, scratch: _Scratch, written: int) -> int:
    """Write a draw's cells in their order, and empty them; the number of rows written so far."""
    order, spare, other = scratch.spare[0], scratch.spare[1], scratch.spare[2]
    sort_by(scratch.touched, touched, order, spare, other, scratch.digits)
    for place in range(touched):
        cell = scratch.touched[place]
        scratch.out[written, 0] = draw
        scratch.out[written, 1] = cell
        scratch.out[written, 2] = scratch.cells[cell]
        scratch.cells[cell] = 0
        written += 1
    return written


class Summing:
    """Splits and sums the awards of blocks of draws with scratch memory of its own, one for each worker."""

    def __init__(self, policy: CompiledPolicy, layout: Layout) -> None:
        self.policy, self.layout = policy, layout
        self.numbering, self.nothing = _Numbering.of(layout), no_sums(0, 0, 0)
        self.scratch = self._room(0)

    def _room(self, parts: int) -> _Scratch:
        """Memory for so many parts of awards."""
        return _Scratch(
            parts=no_parts(self.policy),
            cells=np.zeros(self.layout.size, dtype=np.int64),
            touched=np.zeros(parts, dtype=np.int64),
            spare=np.zeros((3, parts), dtype=np.int64),
            digits=np.zeros(COUNTS, dtype=np.int64),
            out=np.zeros((parts, 3), dtype=np.int64),
        )

    def sum(self, claims: Claims, awards: Awards, sums: AwardSums | None = None) -> IndexArray:
        """Split and sum the awards of some draws.

        Parameters
        ----------
        sums : AwardSums, optional
            Out: zeros of these draws, to be added to; None: outlays only.

        Returns
        -------
        int64[row, 3]
            (draw among these, number of the cell, fen), by draw and cell.

        Raises
        ------
        RunError
            Where an instalment has a test that no kernel knows.
        """
        most = len(claims.rows) * len(self.scratch.parts)
        if most > len(self.scratch.out):
            self.scratch = self._room(2 * most)
        into = self.nothing if sums is None else sums
        written = _sum(self.policy, claims, awards, self.numbering, self.scratch, into)
        if written < 0:
            raise RunError("error.not_split")
        return self.scratch.out[:written].copy()
