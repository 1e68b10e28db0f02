"""Awards: what each claim is given, what each step took from it, and what would move it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import BoolArray, FenArray, IndexArray, check_length

__all__ = ["REFUSALS", "STEPS", "Awards", "Levers", "Parts"]

#: Reasons of step 1, by code.
REFUSALS = ("none", "not_in_force", "conditions", "not_first_time", "already_paid")
#: The columns of Awards in which steps 3 to 7 say what they took.
STEPS = ("over_claim_cap", "not_selected", "over_running_cap", "same_matter", "over_total_cap")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Awards:
    """What the rules decide on each claim; rows as in Claims, money in fen.

    Attributes
    ----------
    gross : int64[claim]
        The formula on a claim that passes step 1, else 0.
    over_claim_cap, not_selected, over_running_cap, same_matter, over_total_cap : int64[claim]
        What steps 3, 4, 5, 6, 7 took; `gross` is their sum and `award`.
    award : int64[claim]
        Awarded. For an outside measure what others paid.
    refusal : uint8[claim]
        Reason of step 1 (`REFUSALS`).
    bound : uint8[claim]
        The last step (3 to 7) that took something, 0 for none.
    booked : int16[claim]
        Measure whose funds pay.
    """

    gross: FenArray
    over_claim_cap: FenArray
    not_selected: FenArray
    over_running_cap: FenArray
    same_matter: FenArray
    over_total_cap: FenArray
    award: FenArray
    refusal: npt.NDArray[np.uint8]
    bound: npt.NDArray[np.uint8]
    booked: npt.NDArray[np.int16]

    def __post_init__(self) -> None:
        names = [name for name in self.__slots__ if name != "gross"]
        check_length("claim", len(self.gross), **{name: getattr(self, name) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levers:
    """What each cap did, by draw and earned year. Levers are the caps of measures, then the total caps.

    Attributes
    ----------
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

    taken: FenArray
    agencies_at: npt.NDArray[np.int32]
    agencies_awarded: npt.NDArray[np.int32]
    agencies_any: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Awards split over funds and instalments: rows by claim, only parts above 0.

    Attributes
    ----------
    claim : int64[part]
        Row of the claim.
    fund, district : int16[part]
        Position of the fund; of the district that pays, -1 for a fund that is not a district's.
    paid_year : int16[part]
        Calendar year of payment.
    fen : int64[part]
        Money.
    forfeited : bool[part]
        A later instalment whose conditions do not hold: not paid.
    """

    claim: IndexArray
    fund: npt.NDArray[np.int16]
    district: npt.NDArray[np.int16]
    paid_year: npt.NDArray[np.int16]
    fen: FenArray
    forfeited: BoolArray
