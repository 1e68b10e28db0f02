"""The types of claims: applications for money, and what was paid before."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FenArray, IndexArray, Records, check_length

__all__ = ["CLAIM", "UNKNOWN", "Claims", "PaidBefore", "claims_of", "nothing_paid", "paid_before_of"]

#: Value of an attribute that nobody gave: every condition on it fails.
UNKNOWN = np.iinfo(np.int64).min

#: The columns of a claim; a claim is a row. Of an award of before the first five, and `account`, are given.
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


class Claims(NamedTuple):
    """Applications for money of some draws; real ones are one draw.

    Attributes
    ----------
    rows : CLAIM[claim]
        In order of decision within a draw.

        - `agency`: its slot; `measure`: its position in the policy; `district`: the agency's in the policy.
        - `key`: repetition key (which list, standard, ...).
        - `matter`: the claim's own same-matter number (project, contract, person, title, export).
        - `earned`, `filed`, `decided`: day on which the last condition was met, of filing, of decision. Days since
          1970-01-01.
        - `base`: what the award is computed on: fen, US cents or a count. >= 0.
        - `first_time`: 1 where the event is the first ever of its agency and key.
        - `score`: rank in a selection, higher first.
        - `account`: number, within a draw, of its measure, agency and earned year.
    attributes : int64[claim, column]
        What conditions, tiers and caps read beside the base: fen, cents, count, category code or flag; UNKNOWN where
        nobody gave it. The columns are those that the policy was compiled for: of all measures, or of each claim's own.
    firsts : int64[draw + 1]
        First row of each draw, and the number of rows.
    """

    rows: Records
    attributes: IndexArray
    firsts: IndexArray


class PaidBefore(NamedTuple):
    """What was paid before the claims at hand, in every draw.

    Attributes
    ----------
    rows : CLAIM[award]
        Measure, agency, key, matter, earned day, account: as in Claims.
    award : int64[award]
        Fen, >= 0.
    """

    rows: Records
    award: FenArray


def claims_of(
    attributes: IndexArray, draw: npt.ArrayLike | None = None, **columns: npt.NDArray[np.generic]
) -> Claims:
    """Claims from columns, such as those of real ones, in order of decision within a draw.

    Parameters
    ----------
    attributes : int64[claim, column]
    draw : int[claim], optional
        Ascending; None: one draw.
    columns : array[claim]
        By their names in `CLAIM`; what is not given is 0.
    """
    rows = _rows("claim", len(attributes), columns)
    number = np.zeros(len(rows), dtype=np.int64) if draw is None else np.asarray(draw)
    draws = int(number.max(initial=0 if draw is None else -1)) + 1
    return Claims(rows, attributes, np.searchsorted(number, np.arange(draws + 1)).astype(np.int64))


def paid_before_of(award: FenArray, **columns: npt.NDArray[np.generic]) -> PaidBefore:
    """What was paid before, from columns: award in fen, the others as `claims_of`."""
    return PaidBefore(_rows("award", len(award), columns), award)


def nothing_paid() -> PaidBefore:
    """Where nothing was paid before."""
    return paid_before_of(np.zeros(0, dtype=np.int64))


def _rows(axis: str, count: int, columns: dict[str, npt.NDArray[np.generic]]) -> Records:
    check_length(axis, count, **columns)
    rows = np.zeros(count, dtype=CLAIM)
    for name, column in columns.items():
        rows[name] = column
    return rows
