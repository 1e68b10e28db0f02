"""What each part carries of a total's tail."""

from __future__ import annotations

import numpy as np

from simkit.base.arrays import FenArray, FloatArray
from simkit.base.errors import Refusal, TooFewDrawsError
from simkit.sizing.quantiles import MIN_TAIL, rank_of

__all__ = ["tail_shares"]


def tail_shares(parts: FenArray, p: float) -> FloatArray:
    """Co-TVaR: mean of each part over the worst 1 - p of the totals; the parts add up to the total's TVaR.

    Parameters
    ----------
    parts : int64[draw, part]
    p : float
        Level in (0, 1).

    References
    ----------
    D. Tasche: Risk contributions and performance measurement (1999): Euler allocation of expected shortfall.
    """
    total = parts.sum(axis=1)
    n = len(total)
    carried = int(n * (1 - p) + 1e-9)
    if carried < MIN_TAIL:
        needs = int(np.ceil(MIN_TAIL / (1 - p) - 1e-9))
        raise TooFewDrawsError(Refusal("tail_share", carried, n, MIN_TAIL, needs, p))
    order = np.argsort(total, kind="stable")
    rank = rank_of(n, p)
    weights = np.zeros(n)
    weights[order[rank + 1 :]] = 1.0
    # Draws tied with the quantile share its weight, so that the split does not depend on their order.
    tied = total == total[order[rank]]
    weights[tied] = (n * (1 - p) - (total > total[order[rank]]).sum()) / tied.sum()
    return np.asarray(weights @ parts / (n * (1 - p)))
