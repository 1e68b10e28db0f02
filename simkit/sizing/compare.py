"""The same draws under two policies: paired differences, and whether they are more than noise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from simkit.sizing.quantiles import MIN_BEYOND, Draws, Estimate, exceedance, mean, rank_of

__all__ = ["SECTIONS", "Paired", "paired", "quantile_gap"]

#: Parts that the draws are cut into for the error of a gap of quantiles.
SECTIONS = 20

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


def quantile_gap(before: Draws, after: Draws, p: float) -> Estimate | None:
    """Quantile of after less quantile of before, on the same luck; None where too few draws carry its error.

    The error is that of sections: the draws are cut into SECTIONS parts, whose own gaps are independent and alike.

    References
    ----------
    S. Asmussen, P. W. Glynn: Stochastic Simulation (2007), section III.5: sectioning.
    """
    length = len(before) // SECTIONS
    if int(length * min(p, 1 - p) + 1e-9) < MIN_BEYOND:
        return None
    ranks = rank_of(length, p), rank_of(len(before), p)
    whole = SECTIONS * length
    parts = [
        np.sort(sample[:whole].reshape(SECTIONS, length), axis=1)[:, ranks[0]] for sample in (before, after)
    ]
    gaps = parts[1].astype(np.float64) - parts[0]
    value = float(np.sort(after)[ranks[1]]) - float(np.sort(before)[ranks[1]])
    error = float(gaps.std(ddof=1) / np.sqrt(SECTIONS))
    reach = float(stats.t.ppf((1 + _LEVEL) / 2, SECTIONS - 1)) * error
    return Estimate(value, value - reach, value + reach, error)
