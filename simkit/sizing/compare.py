"""The same draws under two policies: paired differences, and whether they are more than noise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from simkit.sizing.quantiles import Draws, Estimate, exceedance, mean, quantile

__all__ = ["Paired", "margin", "paired", "quantile_shift"]

_LEVEL = 0.95
#: Chance with which the draws said to be needed show the difference, if it is what it looks like.
_POWER = 0.9


class Paired(NamedTuple):
    """What a change costs, draw by draw on the same luck. Fen.

    Attributes
    ----------
    difference : Estimate
        Mean of after less before.
    costs_more, costs_less : Estimate
        Shares of draws.
    distinct : bool
        Whether the 95 % interval of the difference leaves out zero.
    needs : int or None
        Draws that would show the difference with 90 % probability, if it is what it looks like; None where it
        shows already, or is zero in every draw.
    variance_ratio : float or None
        Variance of the difference were the luck not shared, over its variance on the same luck; None where
        the difference never varies.
    """

    difference: Estimate
    costs_more: Estimate
    costs_less: Estimate
    distinct: bool
    needs: int | None
    variance_ratio: float | None


def paired(before: Draws, after: Draws, *, group: int | None = None) -> Paired:
    """Compare two samples whose draws met the same luck.

    Parameters
    ----------
    before, after : [draw]
    group : int, optional
        Draws that were stratified together.

    Raises
    ------
    TooFewDrawsError
        With fewer than two draws.

    References
    ----------
    Common random numbers: A. M. Law, Simulation Modeling and Analysis, section 11.2.
    """
    gap: Draws = after - before
    found = mean(gap, group=group)
    distinct = found.low > 0 or found.high < 0 or (found.value != 0 and found.standard_error == 0)
    spread = float(gap.std(ddof=1))
    needs = None
    if not distinct and found.value != 0:
        reach = float(stats.norm.ppf((1 + _LEVEL) / 2) + stats.norm.ppf(_POWER))
        # Of the error that was found, so that stratified draws count as what they are worth.
        needs = int(np.ceil(len(gap) * (reach * found.standard_error / found.value) ** 2))
    fresh = float(np.var(before, ddof=1) + np.var(after, ddof=1))
    return Paired(
        difference=found,
        costs_more=exceedance(gap, 0),
        costs_less=exceedance(-gap, 0),
        distinct=bool(distinct),
        needs=needs,
        variance_ratio=fresh / spread**2 if spread > 0 else None,
    )


def quantile_shift(before: Draws, after: Draws, p: float) -> Estimate:
    """The quantile of `after` less that of `before`, with an error that counts their common luck.

    A quantile is, to first order, its own value plus a mean over the draws of (p - [x <= quantile]) / density,
    so the errors of both are as correlated as the indicators of the draws up to them. The interval is that of a
    normal law.

    Raises
    ------
    TooFewDrawsError
        As `quantile`.

    References
    ----------
    R. R. Bahadur: A note on quantiles in large samples. Annals of Mathematical Statistics 37 (1966).
    """
    first, second = quantile(before, p), quantile(after, p)
    below, under = before <= first.value, after <= second.value
    share, other = float(below.mean()), float(under.mean())
    spread = np.sqrt(share * (1 - share) * other * (1 - other))
    together = float((below & under).mean()) - share * other
    alike = 1.0 if np.array_equal(below, under) else min(1.0, together / spread) if spread > 0 else 0.0
    one, two = first.standard_error, second.standard_error
    # one**2 + two**2 - 2 alike one two, without cancelling where both move together.
    error = float(np.sqrt((one - two) ** 2 + 2 * one * two * (1 - alike)))
    return _normal(second.value - first.value, error)


def margin(sample: Draws, p: float) -> Estimate:
    """A quantile less the mean, with an error that counts that both come from the same draws.

    To first order a quantile is its own value plus a mean over the draws of (p - [x <= quantile]) / density, so
    its covariance with the mean is that of the draws with being up to it. The interval is that of a normal law.

    Raises
    ------
    TooFewDrawsError
        As `quantile`.

    References
    ----------
    R. R. Bahadur: A note on quantiles in large samples. Annals of Mathematical Statistics 37 (1966).
    """
    top, middle = quantile(sample, p), mean(sample)
    below = sample <= top.value
    share = float(below.mean())
    still = share * (1 - share)
    slope = top.standard_error * np.sqrt(len(sample) / still) if still > 0 else 0.0
    together = float(((below - share) * (sample - middle.value)).mean())
    variance = top.standard_error**2 + middle.standard_error**2 + 2 * slope * together / len(sample)
    error = float(np.sqrt(max(0.0, variance)))
    return _normal(top.value - middle.value, error)


def _normal(value: float, error: float) -> Estimate:
    """A figure with the 95 % interval of a normal law."""
    width = float(stats.norm.ppf((1 + _LEVEL) / 2)) * error
    return Estimate(value, value - width, value + width, error)
