"""Selections: claims in the order of their scores, places and money shared out."""

from __future__ import annotations

from typing import NamedTuple

from simkit.awards.steps import formula, limit_of, refuse
from simkit.awards.types import Awards, Without
from simkit.base.arrays import BoolArray, FenArray, IndexArray, Records
from simkit.base.compiled import compiled_step
from simkit.base.days import year_of
from simkit.claims.types import Claims
from simkit.policy.tables import CompiledPolicy
from simkit.rules import codes
from simkit.rules.cap import capped

__all__ = ["Ranking", "rank_candidates"]


class Ranking(NamedTuple):
    """Who is chosen, and scratch to find them.

    Attributes
    ----------
    is_needed : bool
        Whether any measure chooses.
    chosen : bool[claim]
        Out; all are chosen by a measure that does not choose.
    amounts : int64[claim]
        Money after step 3.
    candidates : int64[candidate]
        Rows of one draw.
    """

    is_needed: bool
    chosen: BoolArray
    amounts: FenArray
    candidates: IndexArray


@compiled_step
def _round(rows: Records, row: int) -> int:
    """The round in which a claim competes: its measure and year of decision."""
    return rows[row].measure * 100_000 + year_of(rows[row].decided)


@compiled_step
def _sort(rows: Records, candidates: IndexArray, count: int) -> None:
    """Put candidates, in order of decision, in that of round and score. Equal scores keep their order."""
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


@compiled_step
def _choose(measures: Records, rows: Records, ranking: Ranking, count: int) -> None:
    """In each round the best first, until one does not fit."""
    current, places, money, limited, open_ = -1, 0, 0, False, False
    for place in range(count):
        row = ranking.candidates[place]
        round_ = _round(rows, row)
        if round_ != current:
            current, open_ = round_, True
            measure = measures[rows[row].measure]
            places, money, limited = measure.places, measure.envelope, measure.envelope >= 0
        if open_ and (places == 0 or (limited and ranking.amounts[row] > money)):
            open_ = False
        if open_:
            ranking.chosen[row] = True
            places -= 1
            if limited:
                money -= ranking.amounts[row]


@compiled_step
def rank_candidates(
    policy: CompiledPolicy,
    claims: Claims,
    begin: int,
    end: int,
    without: Without,
    ranking: Ranking,
    awards: Awards,
) -> None:
    """Step 4 of one draw: steps 1 to 3 of all claims of ranked measures, then the best of each round."""
    count = 0
    for row in range(begin, end):
        measure = policy.measures[claims.rows[row].measure]
        if not measure.ranked:
            continue
        awards.refusal[row] = refuse(policy, claims, row)
        formula(policy, claims, row, awards)
        if awards.refusal[row] != codes.PASSED:
            continue
        left = awards.money[row, codes.GROSS]
        for number in range(measure.cap_first, measure.cap_last):
            cap = policy.caps[number]
            if not cap.shared and number != without.lever:
                left = capped(left, limit_of(cap.amount, cap.share, cap.column, claims.attributes, row))
        ranking.amounts[row] = left
        ranking.chosen[row] = False
        ranking.candidates[count] = row
        count += 1
    _sort(claims.rows, ranking.candidates, count)
    _choose(policy.measures, claims.rows, ranking, count)
