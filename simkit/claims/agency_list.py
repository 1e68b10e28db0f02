"""The city's own list of agencies, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, check_length

__all__ = ["Roster"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roster:
    """The city's own list of agencies: columns of one length, in the order of the list.

    Attributes
    ----------
    line : int64[agency]
        Position of the line of business among the policy's.
    district : int16[agency]
        Position of the district, -1 where the list does not say.
    eligible : int8[agency]
        1 qualifies, 0 does not, -1 where the list does not say.
    statuses : dict of status to int8[agency]
        1 holds it, 0 does not, -1 where the list does not say.
    numbers : dict of number to float[agency]
        Yuan, dollars or a count at the start; nan where the list does not say.
    totals, blanks : int
        Rows of the list that are no agencies: sums, and nothing.
    """

    line: IndexArray
    district: npt.NDArray[np.int16]
    eligible: npt.NDArray[np.int8]
    statuses: Mapping[str, npt.NDArray[np.int8]]
    numbers: Mapping[str, FloatArray]
    totals: int = 0
    blanks: int = 0

    def __post_init__(self) -> None:
        given: dict[str, npt.NDArray[Any]] = {**self.statuses, **self.numbers}
        check_length("agency", len(self.line), district=self.district, eligible=self.eligible, **given)
