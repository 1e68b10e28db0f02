"""The steps of one claim before the accounts: refusals, formula, limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FenArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.rules.codes import GRADED
from simkit.rules.condition import all_hold
from simkit.rules.formula import banded, of_rate, of_share, tiered

__all__ = [
    "AWARD",
    "CLAIM_CAP",
    "GROSS",
    "KEEP_ALL",
    "MATTER",
    "RUNNING",
    "SELECTION",
    "TOTAL_CAP",
    "Record",
    "is_entitled",
    "limit_of",
]

#: No lever is taken away: every cap and rule stands.
KEEP_ALL = -1
#: One row of Records, in compiled code.
Record = Any
#: Columns of a claim's money.
GROSS, CLAIM_CAP, SELECTION, RUNNING, MATTER, TOTAL_CAP, AWARD = range(7)


@compiled
def limit_of(amount: int, share: int, column: int, attributes: IndexArray, row: int) -> int:
    """A cap's limit: an amount, or a share of an attribute of the claim; 0 of what nobody gave."""
    return of_share(attributes[row, column], share) if column >= 0 else amount


@compiled
def _refused(measure: Record, conditions: Records, claim: Record, attributes: IndexArray, row: int) -> int:
    """Step 1 without repetition: 0 passes, else the code of the reason."""
    if measure.live == 0:
        return 1
    if measure.outside:
        return 0
    if claim.earned < measure.since or claim.earned > measure.until:
        return 1
    if not all_hold(conditions, measure.condition_first, measure.condition_last, claim.base, attributes, row):
        return 2
    if measure.first_time and not claim.first_time:
        return 3
    return 0


@compiled
def _gross(
    measure: Record,
    tier_first: IndexArray,
    tiers: Records,
    bands: Records,
    claim: Record,
    attributes: IndexArray,
    row: int,
) -> int:
    """Step 2: the formula."""
    base, kind, number = min(claim.base, measure.most_base), measure.kind, measure.number
    if kind == 1:
        return of_rate(base, number)
    if kind == 2:
        return base * number
    if kind == 3:
        return number
    if kind == 4:
        width = tier_first.shape[1] - 1
        code = attributes[row, measure.tier_by] if measure.tier_by >= 0 else width - 1
        if code < 0 or code >= width:
            code = width - 1
        value = attributes[row, measure.on] if measure.on >= 0 else base
        first, last = tier_first[claim.measure, code], tier_first[claim.measure, code + 1]
        return tiered(value, tiers, first, last)
    if kind == 5:
        return banded(base, bands, measure.band_first, measure.band_last)
    if kind == 6:
        return base // number * measure.amount
    if kind == GRADED:
        others = tier_first.shape[1] - 2
        first, last = tier_first[claim.measure, others], tier_first[claim.measure, others + 1]
        return of_rate(base, tiered(base, tiers, first, last))
    return base


@compiled
def is_entitled(
    measure: Record,
    conditions: Records,
    tier_first: IndexArray,
    tiers: Records,
    bands: Records,
    claim: Record,
    attributes: IndexArray,
    row: int,
    refusal: npt.NDArray[np.uint8],
    money: FenArray,
) -> bool:
    """Steps 1 (without repetition) and 2 of one claim: writes its refusal and gross."""
    refusal[row] = _refused(measure, conditions, claim, attributes, row)
    money[row, GROSS] = 0
    if refusal[row] > 0:
        return False
    money[row, GROSS] = _gross(measure, tier_first, tiers, bands, claim, attributes, row)
    return True
