"""How many draws are enough: yearly P95s whose order-statistic intervals are narrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simkit.base.arrays import FenArray
from simkit.sizing.quantiles import quantile

__all__ = ["FIRST_CHECK", "LEVEL", "MOST_DRAWS", "Width", "check_counts", "widest"]

#: The quantile that is watched.
LEVEL = 0.95
#: Draws at the first check, doubled from check to check, and the limit unless another is asked for.
FIRST_CHECK = 2_000
MOST_DRAWS = 1_000_000
#: Share of the total that a year must carry to count.
_LEAST_SHARE = 0.01


class Width(NamedTuple):
    """Half the width of a quantile's 95 % interval over its value, and the column it is of."""

    share: float
    column: int


def check_counts(limit: int) -> Iterator[int]:
    """Numbers of draws at which a run is checked: doubled until the limit, which is the last."""
    count = FIRST_CHECK
    while count < limit:
        yield count
        count *= 2
    yield limit


def widest(samples: FenArray) -> Width:
    """The widest of the P95s of the columns that carry at least 1 % of all money.

    Parameters
    ----------
    samples : int64[draw, column]

    Returns
    -------
    Width
        Infinite where a P95 is 0 and its interval is not; 0 of column -1 where there is no money.

    Raises
    ------
    TooFewDrawsError
        When fewer than MIN_BEYOND draws lie beyond the quantile.
    """
    totals = samples.sum(axis=0, dtype=np.float64)
    found = Width(0.0, -1)
    for column in np.flatnonzero((totals > 0) & (totals >= _LEAST_SHARE * totals.sum())):
        one = quantile(samples[:, column], LEVEL)
        half = (one.high - one.low) / 2
        share = half / one.value if one.value > 0 else float("inf") if half > 0 else 0.0
        if found.column < 0 or share > found.share:
            found = Width(share, int(column))
    return found
