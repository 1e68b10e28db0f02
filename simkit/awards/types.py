"""Awards: what each claim is given, what each step took from it, and what would move it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FenArray
from simkit.policy.tables import CompiledPolicy
from simkit.rules.codes import AWARD, CLAIM_CAP, GROSS, MATTER, RUNNING, SELECTION, TOTAL_CAP

__all__ = ["ALL_STAND", "Awards", "Levers", "Without", "join_levers", "no_awards", "no_levers"]


class Awards(NamedTuple):
    """What the rules decide on each claim; rows as in Claims, money in fen.

    Attributes
    ----------
    money : int64[claim, 7]
        The formula on a claim that passes step 1, else 0; what steps 3, 4, 5, 6, 7 took; what is awarded: the
        first is the sum of the others. An outside measure's award is what others paid.
    refusal : uint8[claim]
        Reason of step 1 (`codes.REFUSALS`).
    bound : uint8[claim]
        The last step (3 to 7) that took something, 0 for none.
    booked : int16[claim]
        Measure whose funds pay.
    """

    money: FenArray
    refusal: npt.NDArray[np.uint8]
    bound: npt.NDArray[np.uint8]
    booked: npt.NDArray[np.int16]

    @property
    def gross(self) -> FenArray:
        """The formula."""
        return self.money[:, GROSS]

    @property
    def over_claim_cap(self) -> FenArray:
        """What step 3 took."""
        return self.money[:, CLAIM_CAP]

    @property
    def not_selected(self) -> FenArray:
        """What step 4 took."""
        return self.money[:, SELECTION]

    @property
    def over_running_cap(self) -> FenArray:
        """What step 5 took."""
        return self.money[:, RUNNING]

    @property
    def same_matter(self) -> FenArray:
        """What step 6 took."""
        return self.money[:, MATTER]

    @property
    def over_total_cap(self) -> FenArray:
        """What step 7 took."""
        return self.money[:, TOTAL_CAP]

    @property
    def award(self) -> FenArray:
        """Awarded."""
        return self.money[:, AWARD]


def no_awards(claims: int) -> Awards:
    """Columns for the awards of so many claims."""
    refusal, bound = np.zeros((2, claims), dtype=np.uint8)
    return Awards(
        money=np.zeros((claims, AWARD + 1), dtype=np.int64),
        refusal=refusal,
        bound=bound,
        booked=np.zeros(claims, dtype=np.int16),
    )


class Levers(NamedTuple):
    """What each cap did, by draw and earned year. Levers are the caps of measures, then the total caps.

    Attributes
    ----------
    first_year : int
        The first earned year.
    taken : int64[draw, lever, year]
        Fen that the cap took, in the order of the rules.
    agencies_at : int32[draw, lever, year]
        Agencies awarded in the year (by the measure; for a total cap by any) that were cut by the cap or
        stood exactly at it.
    agencies_awarded : int32[draw, measure, year]
        Agencies awarded more than nothing.
    agencies_any : int32[draw, year]
        Different agencies awarded more than nothing by any measure; parks, buildings and the city left out.
    """

    first_year: int
    taken: FenArray
    agencies_at: npt.NDArray[np.int32]
    agencies_awarded: npt.NDArray[np.int32]
    agencies_any: npt.NDArray[np.int32]

    def of(self, draws: slice) -> Levers:
        """Those of some draws."""
        return Levers._make((self.first_year, *(column[draws] for column in self[1:])))


def join_levers(parts: Sequence[Levers]) -> Levers:
    """Levers of draws that follow each other."""
    columns = zip(*(part[1:] for part in parts), strict=True)
    return Levers._make((parts[0].first_year, *map(np.concatenate, columns)))


def no_levers(policy: CompiledPolicy, draws: int, years: tuple[int, int]) -> Levers:
    """Zeros that a desk adds to, for the earned years from the first to the last."""
    span, count = years[1] - years[0] + 1, len(policy.caps) + len(policy.totals)
    return Levers(
        first_year=years[0],
        taken=np.zeros((draws, count, span), dtype=np.int64),
        agencies_at=np.zeros((draws, count, span), dtype=np.int32),
        agencies_awarded=np.zeros((draws, len(policy.measures), span), dtype=np.int32),
        agencies_any=np.zeros((draws, span), dtype=np.int32),
    )


class Without(NamedTuple):
    """What does not stand when claims are decided: one lever (-1: all stand), the same-matter rule."""

    lever: int = -1
    matter: bool = False


ALL_STAND = Without()
