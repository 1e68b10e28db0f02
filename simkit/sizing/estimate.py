"""A figure with the error that its draws carry, or why it is refused: every one is made here.

Nearly every figure is, to first order, a mean over the draws of what each adds to it. `estimated` is given
the figure and these parts; whether they suffice is decided once, for all figures:

* Parts that are the same in every draw tell no error. A mean of 0 that no draw has ever met is refused; any
  other value stands without an error. Only where the rules themselves leave nothing to chance (`certain`)
  is the error 0.
* Parts most of which are the same, few different: the normal interval is as good as the few are many. They
  count as n_e = (sum d^2)^3 / (sum |d|^3)^2 draws of equal size, d being the distance from what most draws
  share; fewer than MIN_CARRYING refuse a mean whose other draws are 0, and leave any other without an error.

Draws may have been stratified together, group by group (`streams.Latin`): `group` then says how many at a
time, the sample being whole and in the order of its draws. Groups are independent of each other and alike,
so an error comes from the spread between them. With fewer than MIN_GROUPS whole groups, or `group` left out,
errors are those of independent draws; stratifying all but never widens an error (by no more than the factor
n / (n - 1) of variance, for one group of n), so they then overstate it.

References
----------
W. G. Cochran: Sampling Techniques, 3rd edition, 1977, section 2.15: a normal interval of 95 % misses in at most
6 % where n > 25 G1^2, G1 being the skewness; of rare draws G1^2 is n / n_e. In round numbers 30 here.
J. A. Hanley, A. Lippman-Hand: If nothing goes wrong, is everything all right? JAMA 249 (1983): what n draws
never met happens, with 95 % confidence, in fewer than 3 / n.
A. B. Owen: Monte Carlo variance of scrambled net quadrature. SIAM Journal on Numerical Analysis 34 (1997):
the factor n / (n - 1).
"""

from __future__ import annotations

from collections.abc import Callable
from math import isnan, nan
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from simkit.base.arrays import FloatArray
from simkit.base.errors import Refusal, TooFewDrawsError

__all__ = [
    "LEVEL",
    "MIN_CARRYING",
    "MIN_GROUPS",
    "REACH",
    "Draws",
    "Estimate",
    "Refusal",
    "attempt",
    "error_between",
    "estimated",
    "is_unmet",
    "never_met",
    "told",
]

#: Confidence of an interval, and the standard errors of a normal law that it reaches to either side.
LEVEL = 0.95
REACH = float(special.ndtri((1 + LEVEL) / 2))
#: Draws of equal size that carry a mean most of whose draws are the same.
MIN_CARRYING = 30
#: Whole groups of stratified draws that an error between groups needs; else it is that of independent draws.
MIN_GROUPS = 10

Draws = npt.NDArray[np.int64] | FloatArray


class Estimate(NamedTuple):
    """A simulated figure with its error, or the reason why it is refused.

    Attributes
    ----------
    value : float
        NaN where it is refused.
    low, high : float
        95 % interval; NaN where the draws tell none.
    standard_error : float
        NaN where the draws tell none: they lie on one value, or too few on others.
    draws : int
    refusal : Refusal or None
    """

    value: float
    low: float
    high: float
    standard_error: float
    draws: int = 0
    refusal: Refusal | None = None

    @property
    def error(self) -> float | None:
        """The standard error; None where the draws tell none, or the figure is refused."""
        return told(self.standard_error)

    @property
    def given(self) -> float | None:
        """The value; None where it is refused."""
        return None if self.refusal is not None else self.value


def attempt(figure: Callable[[], Estimate]) -> Estimate:
    """A figure, or why it is refused."""
    try:
        return figure()
    except TooFewDrawsError as error:
        return Estimate(nan, nan, nan, nan, error.refusal.draws, error.refusal)


def is_unmet(refusal: Refusal) -> bool:
    """Whether a mean is refused because no draw has met it."""
    return refusal.carried == 0 and refusal.draws >= 2 and refusal.needs == MIN_CARRYING


def told(number: float) -> float | None:
    """A number of an estimate; None where the draws do not tell it."""
    return None if isnan(number) else number


def never_met(draws: int) -> float:
    """Probability below which lies, with 95 % confidence, what none of these draws met."""
    return min(1.0, 3 / draws)


def error_between(values: Draws, group: int | None) -> tuple[float, float] | None:
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
    return float(np.sqrt(variance)), float(special.stdtrit(groups - 1, (1 + LEVEL) / 2))


def estimated(
    value: float,
    parts: Draws,
    *,
    figure: str,
    level: float = 0.0,
    group: int | None = None,
    certain: bool = False,
    least: int = MIN_CARRYING,
) -> Estimate:
    """A figure whose error is that of the mean of its parts.

    Parameters
    ----------
    value : float
    parts : [draw]
        What each draw adds to it, to first order; for a mean, the sample.
    figure, level : str, float
        What is refused, as a `Refusal` has it.
    group : int, optional
        Draws that were stratified together; None: every draw for itself.
    certain : bool
        Whether the rules leave nothing to chance where all draws are the same: the error is then 0.
    least : int
        Draws that must carry it where most are the same; 0 for a figure that has such a rule of its own.

    Raises
    ------
    TooFewDrawsError
        With fewer than two draws, or where too few draws are other than 0.
    """
    n = len(parts)
    if n < 2:
        raise TooFewDrawsError(Refusal(figure, n, n, 2, 2, level))
    still = bool((parts == parts[0]).all())
    if still and certain:
        return Estimate(value, value, value, 0.0, n)
    common = parts[0] if still else np.median(parts) if least else np.nan
    carrying = _carrying(parts, float(common))
    if still or carrying < least:
        if least and common == 0:
            raise TooFewDrawsError(_too_few(figure, carrying, n, least)._replace(level=level))
        return Estimate(value, nan, nan, nan, n)
    error, reach = error_between(parts, group) or (float(parts.std(ddof=1) / np.sqrt(n)), REACH)
    return Estimate(value, value - reach * error, value + reach * error, error, n)


def _too_few(figure: str, carrying: float, draws: int, needs: int) -> Refusal:
    """What no draw has met may be as frequent as 3 / n: so many draws would then suffice."""
    run_at_least = int(np.ceil(draws * needs / (carrying or 3)))
    return Refusal(figure, int(carrying + 1e-9), draws, needs, run_at_least)


def _carrying(parts: Draws, common: float) -> float:
    """Draws of equal size that those other than the common one count as; infinite unless most are common."""
    away = np.abs(parts[parts != common] - common)
    if 2 * len(away) >= len(parts):
        return np.inf
    if len(away) == 0:
        return 0.0
    away = away / away.max()
    return float((away**2).sum() ** 3 / (away**3).sum() ** 2)
