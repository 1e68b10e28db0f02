"""Means, quantiles and tail means of simulated money, each with its Monte Carlo error.

`group` is the number of draws that were stratified together (`simkit.sizing.estimate`). The error of a figure that
is no mean is then that of the mean that it is one of to first order (for a quantile, the share of draws up to it).

References
----------
H. Dong, M. K. Nakayama: Quantile estimation with Latin hypercube sampling. Operations Research 65 (2017):
the quantile from the variance of the share below it.
"""

from __future__ import annotations

from math import nan

import numpy as np
from scipy import special

from simkit.base.arrays import FloatArray
from simkit.base.errors import Refusal, TooFewDrawsError
from simkit.sizing.estimate import LEVEL, MIN_GROUPS, REACH, Draws, Estimate, error_between, estimated

__all__ = [
    "MIN_BEYOND",
    "MIN_GROUPS",
    "MIN_TAIL",
    "Draws",
    "Estimate",
    "exceedance",
    "influence",
    "mean",
    "quantile",
    "rank_of",
    "ratio",
    "tail_mean",
]

#: Draws beyond a quantile, and in a tail, that a figure needs before it is given.
MIN_BEYOND = 10
MIN_TAIL = 30


def mean(sample: Draws, *, group: int | None = None, certain: bool = False) -> Estimate:
    """Mean with its standard error; the interval of what is never below 0 begins at 0 at the earliest.

    Parameters
    ----------
    group : int, optional
        Draws that were stratified together; None: every draw for itself.
    certain : bool
        Whether the rules leave nothing to chance where all draws are the same, as of a measure not in force.

    Raises
    ------
    TooFewDrawsError
        With fewer than two draws; where no draw, or too few, are other than 0.
    """
    value = float(sample.mean()) if len(sample) else nan
    found = estimated(value, sample, figure="mean", group=group, certain=certain)
    return found._replace(low=max(0.0, found.low)) if found.low < 0 <= sample.min() else found


def quantile(sample: Draws, p: float, *, group: int | None = None, certain: bool = False) -> Estimate:
    """Lower quantile, inf{x: F(x) >= p}, with its distribution-free order-statistic interval.

    Where both ends of the interval are one value, that many draws share it, the interval holds but no standard
    error can be told.

    Parameters
    ----------
    group : int, optional
        Draws that were stratified together: the ranks of the interval then come from the spread between
        groups of the share of draws up to the quantile. None: every draw for itself.
    certain : bool
        As `mean`.

    Raises
    ------
    TooFewDrawsError
        When fewer than MIN_BEYOND draws lie on either side.

    References
    ----------
    H. A. David, H. N. Nagaraja: Order Statistics, section 7.1: the interval from binomial ranks.
    """
    n = len(sample)
    beyond = int(n * min(p, 1 - p) + 1e-9)
    if beyond < MIN_BEYOND:
        needs = int(np.ceil(MIN_BEYOND / min(p, 1 - p) - 1e-9))
        raise TooFewDrawsError(Refusal("quantile", beyond, n, MIN_BEYOND, needs, p))
    ordered = np.sort(sample)
    rank = rank_of(n, p)
    between = error_between((sample <= ordered[rank]).astype(np.float64), group)
    if between is None:
        low, high = (_most_below(n, p, share) for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
        width = REACH
    else:
        error, width = between
        low, high = int(np.floor(n * (p - width * error))), int(np.ceil(n * (p + width * error)))
    if certain and ordered[0] == ordered[-1]:
        return Estimate(float(ordered[0]), float(ordered[0]), float(ordered[0]), 0.0, n)
    below, above = float(ordered[max(low - 1, 0)]), float(ordered[min(high, n - 1)])
    error = (above - below) / (2 * width) if above > below else nan
    return Estimate(float(ordered[rank]), below, above, error, n)


def _most_below(n: int, p: float, share: float) -> int:
    """Quantile of the binomial law: draws of n that lie below what lies below with probability p."""
    count = max(0, int(np.ceil(special.bdtrik(share, n, p))))
    return count - 1 if count and special.bdtr(count - 1, n, p) >= share else count


def influence(sample: Draws, found: Estimate, *, group: int | None = None) -> FloatArray:
    """What each draw adds to a quantile, to first order and but for a constant: float[draw].

    Nothing where many draws share the quantile, which a draw more or less does not move.

    References
    ----------
    R. R. Bahadur: A note on quantiles in large samples. Annals of Mathematical Statistics 37 (1966): its own
    value plus a mean over the draws of (p - [x <= quantile]) / density.
    """
    below = (sample <= found.value).astype(np.float64)
    between = error_between(below, group)
    of_share = between[0] if between else float(below.std(ddof=1) / np.sqrt(len(below)))
    if found.error is None or of_share == 0:
        return np.zeros(len(below))
    return -below * (found.error / of_share)


def ratio(part: Draws, whole: Draws, *, group: int | None = None) -> Estimate:
    """Ratio of two means, with its error to first order (delta method).

    Raises
    ------
    TooFewDrawsError
        As `mean` of the whole; and as that of a part that no draw has met.

    References
    ----------
    W. G. Cochran: Sampling Techniques, 3rd edition, 1977, section 6.3.
    """
    of = mean(whole, group=group)
    if not part.any():
        return mean(part, group=group)
    value = float(part.mean()) / of.value
    parts = np.asarray((part - value * whole) / of.value, dtype=np.float64)
    return estimated(value, parts, figure="ratio", group=group, least=0)


def rank_of(n: int, p: float) -> int:
    """Place of the lower quantile in the ordered sample; a hair below n p counts as n p."""
    return min(n - 1, max(0, int(np.ceil(n * p - 1e-9)) - 1))


def tail_mean(sample: Draws, p: float, *, group: int | None = None, certain: bool = False) -> Estimate:
    """Tail value at risk: mean of the worst 1 - p of the draws, the atom at the quantile split.

    The standard error counts the tail's own spread and that of the quantile.

    Parameters
    ----------
    group : int, optional
        Draws that were stratified together; None: every draw for itself.
    certain : bool
        As `mean`.

    Raises
    ------
    TooFewDrawsError
        When fewer than MIN_TAIL draws carry it, those of 0 left out.

    References
    ----------
    B. J. Manistre, G. H. Hancock: Variance of the CTE estimator. North American Actuarial Journal 9
    (2005), 129-156, equation for the asymptotic variance.
    """
    n = len(sample)
    carried = int(n * (1 - p) + 1e-9)
    if carried < MIN_TAIL:
        needs = int(np.ceil(MIN_TAIL / (1 - p) - 1e-9))
        raise TooFewDrawsError(Refusal("tail", carried, n, MIN_TAIL, needs, p))
    ordered = np.sort(sample).astype(np.float64)
    rank = rank_of(n, p)
    above = n - int(np.searchsorted(ordered, ordered[rank], side="right"))
    if ordered[rank] == 0 and above < MIN_TAIL:
        return estimated(0.0, sample, figure="tail", level=p, certain=certain)
    whole = ordered[rank + 1 :]
    weight = n * (1 - p) - len(whole)
    value = float((whole.sum() + weight * ordered[rank]) / (n * (1 - p)))
    # It is the mean of q + (x - q)+ / (1 - p), and a small error of q moves that mean by nothing.
    parts = np.maximum(sample - ordered[rank], 0) / (1 - p)
    found = estimated(value, parts, figure="tail", level=p, group=group, least=0)
    if found.error is None or error_between(parts, group) is not None:
        return found
    spread = whole.var(ddof=1) if len(whole) > 1 else 0.0
    error = float(np.sqrt((spread + p * (value - ordered[rank]) ** 2) / (n * (1 - p))))
    return Estimate(value, value - REACH * error, value + REACH * error, error, n)


def exceedance(sample: Draws, amount: float, *, group: int | None = None) -> Estimate:
    """Probability of exceeding an amount, with its Wilson interval.

    Where no draw exceeds it, or every draw, the interval alone tells the error.

    Parameters
    ----------
    group : int, optional
        Draws that were stratified together: the interval is then that of as many independent draws as
        would have the error between groups. None: every draw for itself.

    References
    ----------
    E. B. Wilson: Probable inference, the law of succession, and statistical inference. JASA 22 (1927).
    """
    n: float = len(sample)
    beyond = sample > amount
    share = float(beyond.mean())
    z = REACH
    between = error_between(beyond.astype(np.float64), group)
    if between is not None and between[0] > 0:
        error, z = between
        n = share * (1 - share) / error**2
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    error = float(np.sqrt(share * (1 - share) / n)) if 0 < share < 1 else nan
    return Estimate(share, min(share, centre - half), max(share, centre + half), error, len(sample))
