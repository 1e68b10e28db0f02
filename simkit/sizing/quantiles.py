"""Means, quantiles and tail means of simulated money, each with its Monte Carlo error.

Draws may have been stratified together, group by group (`streams.Latin`): `group` then says how many at a
time, the sample being whole and in the order of its draws. Groups are independent of each other and alike,
so an error comes from the spread between them: of the mean, or of the mean that the figure is one of to
first order (for a quantile, the share of draws up to it). With fewer than MIN_GROUPS whole groups, or
`group` left out, errors are those of independent draws; stratifying all but never widens an error (by no
more than the factor n / (n - 1) of variance, for one group of n), so they then overstate it.

References
----------
A. B. Owen: Monte Carlo variance of scrambled net quadrature. SIAM Journal on Numerical Analysis 34 (1997):
the factor n / (n - 1).
H. Dong, M. K. Nakayama: Quantile estimation with Latin hypercube sampling. Operations Research 65 (2017):
the quantile from the variance of the share below it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from simkit.arrays import FloatArray
from simkit.errors import TooFewDrawsError

__all__ = [
    "MIN_BEYOND",
    "MIN_GROUPS",
    "MIN_TAIL",
    "Estimate",
    "exceedance",
    "mean",
    "quantile",
    "rank_of",
    "tail_mean",
]

#: Draws beyond a quantile, and in a tail, that a figure needs before it is given.
MIN_BEYOND = 10
MIN_TAIL = 30
#: Whole groups of stratified draws that an error between groups needs; else it is that of independent draws.
MIN_GROUPS = 10
_LEVEL = 0.95

Draws = npt.NDArray[np.int64] | FloatArray


class Estimate(NamedTuple):
    """A simulated figure with its error: the 95 % interval and, where it has one, the standard error."""

    value: float
    low: float
    high: float
    standard_error: float


def _error_between(values: Draws, group: int | None) -> tuple[float, float] | None:
    """Standard error of a mean from the spread of its groups, and its multiple that makes the 95 % interval.

    None where too few groups tell. A part of a group at the end counts as independent draws.
    """
    n = len(values)
    groups = n // group if group else 0
    if group is None or groups < MIN_GROUPS:
        return None
    whole = groups * group
    means = values[:whole].reshape(groups, group).mean(axis=1)
    variance = (whole / n) ** 2 * means.var(ddof=1) / groups + (n - whole) * values.var(ddof=1) / n**2
    return float(np.sqrt(variance)), float(stats.t.ppf((1 + _LEVEL) / 2, groups - 1))


def mean(sample: Draws, *, group: int | None = None) -> Estimate:
    """Mean with its standard error; one draw has none.

    Parameters
    ----------
    group : int, optional
        Draws that were stratified together; None: every draw for itself.

    Raises
    ------
    TooFewDrawsError
        With fewer than two draws.
    """
    if len(sample) < 2:
        raise TooFewDrawsError("the mean", len(sample), len(sample), 2, 2)
    value = float(sample.mean())
    error, reach = _error_between(sample, group) or (
        float(sample.std(ddof=1) / np.sqrt(len(sample))),
        stats.norm.ppf((1 + _LEVEL) / 2),
    )
    width = reach * error
    return Estimate(value, value - width, value + width, error)


def quantile(sample: Draws, p: float, *, group: int | None = None) -> Estimate:
    """Lower quantile, inf{x: F(x) >= p}, with its distribution-free order-statistic interval.

    Parameters
    ----------
    group : int, optional
        Draws that were stratified together: the ranks of the interval then come from the spread between
        groups of the share of draws up to the quantile. None: every draw for itself.

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
    between = _error_between((sample <= ordered[rank]).astype(np.float64), group)
    if between is None:
        low, high = stats.binom.ppf([(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], n, p).astype(int)
        width = stats.norm.ppf((1 + _LEVEL) / 2)
    else:
        error, width = between
        low, high = int(np.floor(n * (p - width * error))), int(np.ceil(n * (p + width * error)))
    below, above = float(ordered[max(low - 1, 0)]), float(ordered[min(high, n - 1)])
    return Estimate(float(ordered[rank]), below, above, (above - below) / (2 * width))


def rank_of(n: int, p: float) -> int:
    """Place of the lower quantile in the ordered sample; a hair below n p counts as n p."""
    return min(n - 1, max(0, int(np.ceil(n * p - 1e-9)) - 1))


def tail_mean(sample: Draws, p: float, *, group: int | None = None) -> Estimate:
    """Tail value at risk: mean of the worst 1 - p of the draws, the atom at the quantile split.

    The standard error counts the tail's own spread and that of the quantile.

    Parameters
    ----------
    group : int, optional
        Draws that were stratified together; None: every draw for itself.

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
    # It is the mean of q + (x - q)+ / (1 - p), and a small error of q moves that mean by nothing.
    error, reach = _error_between(np.maximum(sample - ordered[rank], 0) / (1 - p), group) or (
        float(np.sqrt(variance)),
        stats.norm.ppf((1 + _LEVEL) / 2),
    )
    width = reach * error
    return Estimate(value, value - width, value + width, error)


def exceedance(sample: Draws, amount: float, *, group: int | None = None) -> Estimate:
    """Probability of exceeding an amount, with its Wilson interval.

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
    z = stats.norm.ppf((1 + _LEVEL) / 2)
    between = _error_between(beyond.astype(np.float64), group)
    if between is not None and between[0] > 0:
        error, z = between
        n = share * (1 - share) / error**2
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return Estimate(
        share, min(share, centre - half), max(share, centre + half), float(np.sqrt(share * (1 - share) / n))
    )
