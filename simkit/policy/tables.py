"""A policy as the flat arrays that the rules read: one row a measure, ragged lists by first and last row."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simkit.base.arrays import IndexArray, Records

__all__ = ["BAND", "CAP", "CONDITION", "INSTALMENT", "MEASURE", "PAYER", "TIER", "TOTAL", "CompiledPolicy"]


def _record(names: str) -> np.dtype[np.void]:
    """A row of int64 fields."""
    return np.dtype([(name, np.int64) for name in names.split()])


#: A measure. `x_first:x_last` are its rows in the list x; tiers go by `tier_first[measure, code]`. `most_base`: of
#: a base beyond it (simulated: real ones are refused) the formula gives what it gives on this one.
MEASURE = _record(
    "live outside of_agency first_time since until kind number amount on once_in_year once_ever once_by_key lag "
    "condition_first condition_last tier_by band_first band_last cap_first cap_last ranked envelope places matter "
    "ledger_class matter_agency matter_year matter_own settlement total_first total_last payer_first payer_last "
    "instalment_first instalment_last most_base"
)
CONDITION = _record("column before test value")
TIER = _record("reached amount")
BAND = _record("above end rate per_full amount")
#: `column` >= 0: `share` of an attribute. `shared`: it has a room, for all awards or those of an agency, a year;
#: `since`, `until`: earned days that count (a cap within the term).
CAP = _record("amount share column shared by_agency by_year since until")
TOTAL = _record("amount share column make_up")
PAYER = _record("fund share per_district")
INSTALMENT = _record("share years condition_first condition_last")


class CompiledPolicy(NamedTuple):
    """Arrays of records that the compiled rules read.

    Attributes
    ----------
    measures : MEASURE[measure]
    conditions : CONDITION[condition]
        Of measures, then of instalments.
    tier_first : int64[measure, value + 1]
        First tier of each value of the category `tier_by` (a column, -2 for none), then of all others.
    tiers : TIER[tier]; bands : BAND[band]; caps : CAP[cap]; totals : TOTAL[total cap]
    total_list : int64[place]
        Total caps of each measure.
    payers : PAYER[payer]; instalments : INSTALMENT[instalment]
    """

    measures: Records
    conditions: Records
    tier_first: IndexArray
    tiers: Records
    bands: Records
    caps: Records
    totals: Records
    total_list: IndexArray
    payers: Records
    instalments: Records
