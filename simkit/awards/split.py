"""One award in parts: which fund pays which instalment of it, in which year."""

from __future__ import annotations

import numpy as np

from simkit.base.arrays import Records
from simkit.base.compiled import compiled_step
from simkit.base.days import year_of
from simkit.claims.types import Claims
from simkit.policy.tables import CompiledPolicy
from simkit.rules import codes
from simkit.rules.condition import all_hold
from simkit.rules.split import part

__all__ = ["no_parts", "split_award"]

#: A part of an award: positions of the fund and of the district that pays (-1: not a district's), calendar year of
#: payment, money, and whether it is forfeited: a later instalment whose conditions do not hold.
_PART = np.dtype([(name, np.int64) for name in ("fund", "district", "paid_year", "fen", "is_forfeited")])


def no_parts(policy: CompiledPolicy) -> Records:
    """Room for the most parts that one award can have."""
    table = policy.measures
    payers = (table["payer_last"] - table["payer_first"]).max(initial=1)
    most = int(payers * (table["instalment_last"] - table["instalment_first"]).max(initial=1))
    return np.zeros(most, dtype=_PART)


@compiled_step
def split_award(
    policy: CompiledPolicy, claims: Claims, row: int, award: int, booked: int, parts: Records
) -> int:
    """Steps 8 and 9 of one award: its parts above 0, which sum to it; their number.

    UNKNOWN where an instalment has a test that no kernel knows. Remainders go to the first payer and the first
    instalment.
    """
    claim = claims.rows[row]
    measure, books = policy.measures[claim.measure], policy.measures[booked]
    first, last = measure.instalment_first, measure.instalment_last
    year, count = year_of(claim.decided + measure.lag), 0
    for place in range(books.payer_first, books.payer_last):
        payer = policy.payers[place]
        share = part(award, policy.payers, books.payer_first, books.payer_last, place)
        for number in range(first, last):
            instalment = policy.instalments[number]
            fen = part(share, policy.instalments, first, last, number)
            if fen <= 0:
                continue
            tests = instalment.condition_first, instalment.condition_last
            held = all_hold(policy.conditions, tests[0], tests[1], claim.base, claims.attributes, row)
            if held == codes.UNKNOWN:
                return codes.UNKNOWN
            one = parts[count]
            one.fund = payer.fund
            one.district = claim.district if payer.per_district else -1
            one.paid_year = year + instalment.years
            one.fen = fen
            one.is_forfeited = held != codes.HOLDS
            count += 1
    return count
