"""Selections: claims in the order of their scores, places and money shared out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simkit.awards.steps import GROSS, is_entitled, limit_of
from simkit.base.arrays import BoolArray, FenArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.base.days import year_of
from simkit.rules.cap import capped

__all__ = ["rank_candidates"]


@compiled
def _round(rows: Records, row: int) -> int:
    """The round in which a claim competes: its measure and year of decision."""
    return rows[row].measure * 100_000 + year_of(rows[row].decided)


@compiled
def _select(
    measures: Records, rows: Records, amounts: FenArray, candidates: IndexArray, count: int, chosen: BoolArray
) -> None:
    """Step 4: in each round the best first, until one does not fit.

    Parameters
    ----------
    amounts : int64[claim]
        Money after step 3.
    candidates : int64[candidate]
        Rows of one draw in order of decision; sorted here by round and score. Equal scores keep their order.
    chosen : bool[claim]
        Out.
    """
    for place in range(1, count):
        row, at = candidates[place], place
        round_, score = _round(rows, row), rows[row].score
        while at > 0:
            other = candidates[at - 1]
            other_round = _round(rows, other)
            if other_round < round_ or (other_round == round_ and rows[other].score >= score):
                break
            candidates[at] = other
            at -= 1
        candidates[at] = row
    current, places, money, limited, open_ = -1, 0, 0, False, False
    for place in range(count):
        row = candidates[place]
        round_ = _round(rows, row)
        if round_ != current:
            current, open_ = round_, True
            measure = measures[rows[row].measure]
            places, money, limited = measure.places, measure.envelope, measure.envelope >= 0
        if open_ and (places == 0 or (limited and amounts[row] > money)):
            open_ = False
        if open_:
            chosen[row] = True
            places -= 1
            if limited:
                money -= amounts[row]


@compiled
def rank_candidates(
    measures: Records,
    conditions: Records,
    tier_first: IndexArray,
    tiers: Records,
    bands: Records,
    caps: Records,
    rows: Records,
    attributes: IndexArray,
    begin: int,
    end: int,
    without: int,
    chosen: BoolArray,
    after_claim_cap: FenArray,
    candidates: IndexArray,
    money: FenArray,
    refusal: npt.NDArray[np.uint8],
) -> None:
    """Step 4 of one draw: steps 1 to 3 of all claims of ranked measures, then the best of each round."""
    ranked = 0
    for row in range(begin, end):
        claim = rows[row]
        measure = measures[claim.measure]
        if not measure.ranked:
            continue
        if not is_entitled(
            measure, conditions, tier_first, tiers, bands, claim, attributes, row, refusal, money
        ):
            continue
        left = money[row, GROSS]
        for number in range(measure.cap_first, measure.cap_last):
            cap = caps[number]
            if cap.within == 0 and number != without:
                left = capped(left, limit_of(cap.amount, cap.share, cap.column, attributes, row))
        after_claim_cap[row] = left
        chosen[row] = False
        candidates[ranked] = row
        ranked += 1
    _select(measures, rows, after_claim_cap, candidates, ranked, chosen)
