"""The types of claims: applications for money, and what was paid before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import BoolArray, DayArray, FenArray, FloatArray, IndexArray, Records, check_length

__all__ = ["CLAIM", "UNKNOWN", "ClaimRows", "Claims", "PaidBefore", "claim_rows", "paid_before_rows"]

#: Value of an attribute that nobody gave: every condition on it fails.
UNKNOWN = np.iinfo(np.int64).min

#: One claim as the compiled rules read it; `account` numbers, within a draw, measure, agency and earned year.
CLAIM = np.dtype(
    [
        ("agency", np.int64),
        ("key", np.int64),
        ("matter", np.int64),
        ("base", np.int64),
        ("score", np.float64),
        ("earned", np.int32),
        ("filed", np.int32),
        ("decided", np.int32),
        ("measure", np.int16),
        ("district", np.int16),
        ("first_time", np.int32),
        ("account", np.int32),
    ]
)


class ClaimRows(NamedTuple):
    """Claims of some draws as the compiled rules read them.

    Attributes
    ----------
    rows : CLAIM[claim]
        In order of decision within a draw.
    attributes : int64[claim, column]
        The columns are those that the policy was compiled for: of all measures, or of each claim's own.
    firsts : int64[draw + 1]
        First row of each draw, and the number of rows.
    """

    rows: Records
    attributes: IndexArray
    firsts: IndexArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Claims:
    """Applications for money: columns of one length, a row a claim, in order of decision within a draw.

    Attributes
    ----------
    draw : int32[claim]
        Draw number, ascending; 0 for real claims.
    agency : int64[claim]
        Agency slot.
    measure : int16[claim]
        Position of the measure in the policy.
    key : int64[claim]
        Repetition key (which list, standard, ...).
    matter : int64[claim]
        The claim's own same-matter number (project, contract, person, title, export).
    earned, filed, decided : int32[claim]
        Day on which the last condition was met, of filing, of decision. Days since 1970-01-01.
    base : int64[claim]
        What the award is computed on: fen, US cents or a count. >= 0.
    first_time : bool[claim]
        Whether the event is the first ever of its agency and key.
    score : float64[claim]
        Rank in a selection, higher first.
    district : int16[claim]
        Position of the agency's district in the policy.
    attributes : int64[claim, attribute]
        What conditions, tiers and caps read beside the base: fen, cents, count, category code or flag;
        UNKNOWN where nobody gave it.
    attribute_names : tuple of (str, int)
        Attribute id and year (0 the earned year, -1 the year before) of each column of `attributes`.
    """

    draw: npt.NDArray[np.int32]
    agency: IndexArray
    measure: npt.NDArray[np.int16]
    key: IndexArray
    matter: IndexArray
    earned: DayArray
    filed: DayArray
    decided: DayArray
    base: FenArray
    first_time: BoolArray
    score: FloatArray
    district: npt.NDArray[np.int16]
    attributes: npt.NDArray[np.int64]
    attribute_names: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        names = [name for name in self.__slots__ if name not in ("draw", "attribute_names")]
        check_length("claim", len(self.draw), **{name: getattr(self, name) for name in names})

    def __len__(self) -> int:
        return len(self.draw)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaidBefore:
    """What was paid before the claims at hand: columns of one length, a row an award.

    Attributes
    ----------
    measure, agency, key, matter : int[award]
        As in Claims.
    earned : int32[award]
        Day on which it was earned.
    award : int64[award]
        Fen, >= 0.
    """

    measure: npt.NDArray[np.int16]
    agency: IndexArray
    key: IndexArray
    matter: IndexArray
    earned: DayArray
    award: FenArray

    def __post_init__(self) -> None:
        names = [name for name in self.__slots__ if name != "measure"]
        check_length("award", len(self.measure), **{name: getattr(self, name) for name in names})


def claim_rows(claims: Claims) -> Records:
    """Columns as rows of `CLAIM`."""
    rows = np.zeros(len(claims), dtype=CLAIM)
    for name in CLAIM.names or ():
        if name != "account":
            rows[name] = getattr(claims, name)
    return rows


def paid_before_rows(paid_before: PaidBefore) -> Records:
    """Awards of before as rows of `CLAIM`: `base` is the amount."""
    rows = np.zeros(len(paid_before.measure), dtype=CLAIM)
    for name in ("measure", "agency", "key", "matter", "earned"):
        rows[name] = getattr(paid_before, name)
    rows["base"] = paid_before.award
    return rows
