"""Means, quantiles and tail means of simulated money, each with its Monte Carlo error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from simkit.arrays import FloatArray
from simkit.errors import TooFewDrawsError

__all__ = ["MIN_BEYOND", "MIN_TAIL", "Estimate", "exceedance", "mean", "quantile", "rank_of", "tail_mean"]

#: Draws beyond a quantile, and in a tail, that a figure needs before it is given.
MIN_BEYOND = 10
MIN_TAIL = 30
_LEVEL = 0.95

Draws = npt.NDArray[np.int64] | FloatArray


class Estimate(NamedTuple):
    """A simulated figure with its error: the 95 % interval and, where it has one, the standard error."""

    value: float
    low: float
    high: float
    standard_error: float


def mean(sample: Draws) -> Estimate:
    """Mean with its standard error; one draw has none.

    Raises
    ------
    TooFewDrawsError
        With fewer than two draws.
    """
    if len(sample) < 2:
        raise TooFewDrawsError("the mean", len(sample), len(sample), 2, 2)
    value = float(sample.mean())
    error = float(sample.std(ddof=1) / np.sqrt(len(sample)))
    width = stats.norm.ppf((1 + _LEVEL) / 2) * error
    return Estimate(value, value - width, value + width, error)


def quantile(sample: Draws, p: float) -> Estimate:
    """Lower quantile, inf{x: F(x) >= p}, with its distribution-free order-statistic interval.

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
        raise TooFewDrawsError(f"quantile at {p:.1%}", beyond, n, MIN_BEYOND, needs)
    ordered = np.sort(sample)
    rank = rank_of(n, p)
    low, high = stats.binom.ppf([(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], n, p).astype(int)
    below, above = float(ordered[max(low - 1, 0)]), float(ordered[min(high, n - 1)])
    width = stats.norm.ppf((1 + _LEVEL) / 2)
    return Estimate(float(ordered[rank]), below, above, (above - below) / (2 * width))


def rank_of(n: int, p: float) -> int:
    """Place of the lower quantile in the ordered sample; a hair below n p counts as n p."""
    return min(n - 1, max(0, int(np.ceil(n * p - 1e-9)) - 1))


def tail_mean(sample: Draws, p: float) -> Estimate:
    """Tail value at risk: mean of the worst 1 - p of the draws, the atom at the quantile split.

    The standard error counts the tail's own spread and that of the quantile.

    Raises
    ------
    TooFewDrawsError
        When fewer than MIN_TAIL draws carry it.

    References
    ----------
    B. J. Manistre, G. H. Hancock: Variance of the CTE estimator. North American Actuarial Journal 9
    (2005), 129-156, equation for the asymptotic variance.
    """
    n = len(sample)
    carried = int(n * (1 - p) + 1e-9)
    if carried < MIN_TAIL:
        needs = int(np.ceil(MIN_TAIL / (1 - p) - 1e-9))
        raise TooFewDrawsError(f"tail value at risk at {p:.1%}", carried, n, MIN_TAIL, needs)
    ordered = np.sort(sample).astype(np.float64)
    rank = rank_of(n, p)
    whole = ordered[rank + 1 :]
    weight = n * (1 - p) - len(whole)
    value = float((whole.sum() + weight * ordered[rank]) / (n * (1 - p)))
    spread = whole.var(ddof=1) if len(whole) > 1 else 0.0
    variance = (spread + p * (value - ordered[rank]) ** 2) / (n * (1 - p))
    error = float(np.sqrt(variance))
    width = stats.norm.ppf((1 + _LEVEL) / 2) * error
    return Estimate(value, value - width, value + width, error)


def exceedance(sample: Draws, amount: float) -> Estimate:
    """Probability of exceeding an amount, with its Wilson interval.

    References
    ----------
    E. B. Wilson: Probable inference, the law of succession, and statistical inference. JASA 22 (1927).
    """
    n = len(sample)
    share = float((sample > amount).mean())
    z = stats.norm.ppf((1 + _LEVEL) / 2)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return Estimate(
        share, min(share, centre - half), max(share, centre + half), float(np.sqrt(share * (1 - share) / n))
    )
