"""Claims of some measures in a block of draws, and what they are paid when they are decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.awards.outlays import Layout, Outlays
from simkit.awards.types import Levers, no_levers
from simkit.base.arrays import BoolArray, FenArray, IndexArray
from simkit.base.errors import InputError
from simkit.claims.types import Claims
from simkit.runs.job import Job, worker_of

__all__ = ["Decided", "KeptPart", "decide_part", "join_parts", "outlays_of", "some_of"]


class KeptPart(NamedTuple):
    """Claims of one tie in one block of draws, in order of decision within a draw.

    Attributes
    ----------
    first : int
        The first draw.
    claims : Claims
    award : int64[claim]
        What they are awarded as the policy is.
    """

    first: int
    claims: Claims
    award: FenArray


def some_of(part: KeptPart, which: BoolArray) -> KeptPart:
    """Some of the claims of a part."""
    here = np.flatnonzero(which)
    firsts = np.searchsorted(here, part.claims.firsts).astype(np.int64)
    award = part.award[here] if len(part.award) else part.award
    return KeptPart(part.first, Claims(part.claims.rows[here], part.claims.attributes[here], firsts), award)


class Decided(NamedTuple):
    """Decided claims of a part.

    Attributes
    ----------
    award : int64[claim]
    outlays : int64[row, 3]
        Draw, number of the cell, fen.
    passed : int32[draw, measure]
        Claims that pass step 1.
    """

    award: FenArray
    outlays: IndexArray
    passed: npt.NDArray[np.int32]


def decide_part(job: Job, part: KeptPart, levers: Levers | None = None) -> Decided:
    """Decide a part's claims; `levers`: zeros of its draws, to be added to."""
    worker, firsts = worker_of(job), part.claims.firsts
    draws, measures = len(firsts) - 1, len(job.policy.measures)
    if levers is None:
        levers = no_levers(job.policy, draws, job.scenario.plan.earned_years)
    awards = worker.desk.decide(part.claims, levers)
    rows = worker.summing.sum(part.claims, awards)
    rows[:, 0] += part.first
    passed = np.zeros((draws, measures), dtype=np.int32)
    of, passes = part.claims.rows["measure"], awards.refusal == 0
    for measure in np.flatnonzero(np.bincount(of, minlength=measures)):
        running = np.concatenate([[0], np.cumsum(passes & (of == measure))])
        passed[:, measure] = running[firsts[1:]] - running[firsts[:-1]]
    return Decided(awards.award.copy(), rows, passed)


def outlays_of(parts: Sequence[IndexArray], layout: Layout, draws: int) -> Outlays:
    """Outlays from rows (draw, number of the cell, fen)."""
    rows = np.concatenate(parts) if parts else np.zeros((0, 3), dtype=np.int64)
    # Few cells of the many that there could be: a table of all is quicker than sorting the rows.
    held = np.zeros(layout.size, dtype=np.bool_)
    held[rows[:, 1]] = True
    known = np.flatnonzero(held)
    number = np.zeros(layout.size, dtype=np.int32)
    number[known] = np.arange(len(known), dtype=np.int32)
    return Outlays(
        draws=draws,
        draw=rows[:, 0].astype(np.int32),
        cell=number[rows[:, 1]],
        fen=np.ascontiguousarray(rows[:, 2]),
        cells=layout.cells(known),
    )


def join_parts(parts: Sequence[Outlays], draws: int) -> Outlays:
    """Outlays of measures apart as those of all of them; by part, not in order of draws."""
    if not parts:
        raise InputError("error.no_measures_to_keep", known="-", found="-")
    begins = np.cumsum([0, *(len(part.cells) for part in parts)])
    return Outlays(
        draws=draws,
        draw=np.concatenate([part.draw for part in parts]),
        cell=np.concatenate([part.cell + np.int32(at) for part, at in zip(parts, begins[:-1], strict=True)]),
        fen=np.concatenate([part.fen for part in parts]),
        cells=np.concatenate([part.cells for part in parts]),
    )
