"""Steps 1 to 3 of one claim: what its own numbers decide, before any other claim is looked at."""

from __future__ import annotations

from typing import Any, NamedTuple

from simkit.awards.types import Awards
from simkit.base.arrays import IndexArray
from simkit.base.compiled import compiled_step
from simkit.claims.types import Claims
from simkit.policy.tables import CompiledPolicy
from simkit.rules import codes
from simkit.rules.condition import all_hold
from simkit.rules.formula import banded, of_rate, of_share, tiered

__all__ = ["AtHand", "Record", "formula", "limit_of", "note_taken", "refuse"]

#: One row of Records, in compiled code.
Record = Any


class AtHand(NamedTuple):
    """The claim whose turn it is.

    Attributes
    ----------
    draw, row : int
    claim : CLAIM; measure : MEASURE
    year : int
        The calendar year in which it was earned.
    has_matter : bool
        Whether the same-matter rule stands for it.
    """

    draw: int
    row: int
    claim: Record
    measure: Record
    year: int
    has_matter: bool


@compiled_step
def note_taken(awards: Awards, row: int, step: int, taken: int) -> None:
    """Write down what a step took, if it took something."""
    if taken > 0:
        awards.money[row, step] = taken
        awards.bound[row] = step + codes.NUMBER_OF_STEP


@compiled_step
def limit_of(amount: int, share: int, column: int, attributes: IndexArray, row: int) -> int:
    """A cap's limit: an amount, or a share of an attribute of the claim; 0 of what nobody gave."""
    return of_share(attributes[row, column], share) if column >= 0 else amount


@compiled_step
def refuse(policy: CompiledPolicy, claims: Claims, row: int) -> int:
    """Step 1 but for repetition: PASSED, or the reason of the refusal."""
    claim = claims.rows[row]
    measure = policy.measures[claim.measure]
    if measure.live == 0:
        return codes.NOT_IN_FORCE
    if measure.outside:
        return codes.PASSED
    if claim.earned < measure.since or claim.earned > measure.until:
        return codes.NOT_IN_FORCE
    first, last = measure.condition_first, measure.condition_last
    held = all_hold(policy.conditions, first, last, claim.base, claims.attributes, row)
    if held != codes.HOLDS:
        return codes.CONDITIONS if held == codes.FAILS else codes.UNKNOWN_TEST
    if measure.first_time and not claim.first_time:
        return codes.NOT_FIRST_TIME
    return codes.PASSED


@compiled_step
def formula(policy: CompiledPolicy, claims: Claims, row: int, awards: Awards) -> None:
    """Step 2: what a claim that passed step 1 is given before any cap; else 0."""
    awards.money[row, codes.GROSS] = 0
    if awards.refusal[row] != codes.PASSED:
        return
    claim = claims.rows[row]
    measure = policy.measures[claim.measure]
    base, kind, number = min(claim.base, measure.most_base), measure.kind, measure.number
    if kind == codes.RATE:
        gross = of_rate(base, number)
    elif kind == codes.PER_UNIT:
        gross = base * number
    elif kind == codes.FIXED:
        gross = number
    elif kind == codes.TIERS:
        gross = _of_tiers(policy, claims, row, base)
    elif kind == codes.BANDS:
        gross = banded(base, policy.bands, measure.band_first, measure.band_last)
    elif kind == codes.GRADED:
        gross = of_rate(base, _of_tiers(policy, claims, row, base))
    elif kind == codes.STEP:
        gross = base // number * measure.amount
    elif kind == codes.BY_RULE:
        gross = base
    else:
        gross = 0
        awards.refusal[row] = codes.UNKNOWN_KIND
    awards.money[row, codes.GROSS] = gross


@compiled_step
def _of_tiers(policy: CompiledPolicy, claims: Claims, row: int, base: int) -> int:
    """The tier of the claim's category; the last column is that of all that have none of their own."""
    claim = claims.rows[row]
    measure, attributes, tier_first = policy.measures[claim.measure], claims.attributes, policy.tier_first
    others = tier_first.shape[1] - 2
    code = attributes[row, measure.tier_by] if measure.tier_by >= 0 else others
    if code < 0 or code > others:
        code = others
    value = attributes[row, measure.on] if measure.on >= 0 else base
    return tiered(value, policy.tiers, tier_first[claim.measure, code], tier_first[claim.measure, code + 1])
