"""The same draws under two policies: paired differences, and whether they are more than noise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from simkit.sizing.estimate import REACH, Draws, Estimate, attempt, estimated
from simkit.sizing.quantiles import exceedance, influence, mean, quantile

__all__ = ["Paired", "margin", "paired", "quantile_shift"]

#: Chance with which the draws said to be needed show the difference, if it is what it looks like.
_POWER = 0.9


class Paired(NamedTuple):
    """What a change costs, draw by draw on the same luck. Fen.

    Attributes
    ----------
    difference : Estimate
        Mean of after less before; refused where no draw, or too few, differ.
    costs_more, costs_less : Estimate
        Shares of draws.
    distinct : bool
        Whether the 95 % interval of the difference leaves out zero.
    needs : int or None
        Draws that would show the difference with 90 % probability, if it is what it looks like, or that a refused
        one needs; None where it shows already, or is zero in every draw.
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


def paired(before: Draws, after: Draws, *, group: int | None = None, certain: bool = False) -> Paired:
    """Compare two samples whose draws met the same luck.

    Parameters
    ----------
    before, after : [draw]
    group : int, optional
        Draws that were stratified together.
    certain : bool
        Whether the change cannot move this money by the rules, where it moves it in no draw.

    References
    ----------
    Common random numbers: A. M. Law, Simulation Modeling and Analysis, section 11.2.
    """
    gap: Draws = after - before
    found = attempt(lambda: mean(gap, group=group, certain=certain))
    spread = float(gap.std(ddof=1)) if len(gap) > 1 else 0.0
    # Without an error most draws differ by one amount.
    distinct = found.low > 0 or found.high < 0 or (found.error is None and bool(found.given))
    needs = None if found.refusal is None or found.refusal.carried == 0 else found.refusal.least
    if not distinct and found.given and found.error:
        reach = REACH + float(special.ndtri(_POWER))
        # Of the error that was found, so that stratified draws count as what they are worth.
        needs = int(np.ceil(len(gap) * (reach * found.error / found.value) ** 2))
    return Paired(
        difference=found,
        costs_more=exceedance(gap, 0, group=group),
        costs_less=exceedance(-gap, 0, group=group),
        distinct=bool(distinct),
        needs=needs,
        variance_ratio=float(np.var(before, ddof=1) + np.var(after, ddof=1)) / spread**2
        if spread > 0
        else None,
    )


def quantile_shift(
    before: Draws, after: Draws, p: float, *, group: int | None = None, certain: bool = False
) -> Estimate:
    """The quantile of `after` less that of `before`, with an error that counts their common luck.

    The errors of both are as correlated as the draws' being up to them. The interval is that of a normal law.

    Parameters
    ----------
    group : int, optional
        Draws that were stratified together.
    certain : bool
        As `paired`.

    Raises
    ------
    TooFewDrawsError
        As `quantile`.
    """
    certain = certain and np.array_equal(before, after)
    first, second = quantile(before, p, group=group), quantile(after, p, group=group)
    parts = influence(after, second, group=group) - influence(before, first, group=group)
    value = second.value - first.value
    return estimated(value, parts, figure="difference", group=group, certain=certain, least=0)


def margin(sample: Draws, p: float, *, group: int | None = None, certain: bool = False) -> Estimate:
    """A quantile less the mean, with an error that counts that both come from the same draws.

    Parameters
    ----------
    group : int, optional
        Draws that were stratified together.
    certain : bool
        As `mean`.

    Raises
    ------
    TooFewDrawsError
        As `quantile` and `mean`.
    """
    top, middle = quantile(sample, p, group=group), mean(sample, group=group, certain=certain)
    parts = influence(sample, top, group=group) - sample
    value = top.value - middle.value
    return estimated(value, parts, figure="difference", group=group, certain=certain, least=0)
