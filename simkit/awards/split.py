"""One award in parts: which fund pays which instalment of it, in which year."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simkit.awards.types import Awards, Parts
from simkit.base.arrays import FenArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.claims import Claims, claim_rows
from simkit.policy.compile import CompiledPolicy, compile_policy
from simkit.policy.schema import Policy
from simkit.rules.split import split_claim

__all__ = ["most_parts", "split"]


@compiled
def _split(
    measures: Records,
    conditions: Records,
    payers: Records,
    instalments: Records,
    rows: Records,
    attributes: IndexArray,
    award: FenArray,
    booked: npt.NDArray[np.int16],
    parts: IndexArray,
) -> int:
    """Rows (claim, fund, district, paid year, fen, forfeited); returns their number."""
    at = 0
    for row in range(len(award)):
        claim = rows[row]
        if award[row] > 0 and not measures[claim.measure].outside:
            at = split_claim(
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
                at,
            )
    return at


def split(policy: Policy, claims: Claims, awards: Awards) -> Parts:
    """Split each award over the funds that pay and the instalments (steps 8 and 9).

    Remainders go to the first payer and the first instalment, so the parts of a claim sum to its award.
    """
    compiled_policy = compile_policy(policy, claims.attribute_names)
    parts = np.zeros((len(claims) * most_parts(compiled_policy), 6), dtype=np.int64)
    count = _split(
        compiled_policy.measures,
        compiled_policy.conditions,
        compiled_policy.payers,
        compiled_policy.instalments,
        claim_rows(claims),
        claims.attributes,
        np.ascontiguousarray(awards.award),
        awards.booked,
        parts,
    )
    parts = parts[:count]
    return Parts(
        claim=parts[:, 0],
        fund=parts[:, 1].astype(np.int16),
        district=parts[:, 2].astype(np.int16),
        paid_year=parts[:, 3].astype(np.int16),
        fen=parts[:, 4],
        forfeited=parts[:, 5].astype(np.bool_),
    )


def most_parts(policy: CompiledPolicy) -> int:
    """Most parts that one award can have."""
    table = policy.measures
    payers = (table["payer_last"] - table["payer_first"]).max(initial=1)
    return int(payers * (table["instalment_last"] - table["instalment_first"]).max(initial=1))
