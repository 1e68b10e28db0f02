"""What drives a simulated total: rank correlations with its inputs, and the parts of its variance."""

from __future__ import annotations

from math import nan
from typing import NamedTuple

import numpy as np
from scipy import special

from simkit.base.arrays import FloatArray
from simkit.base.errors import Refusal, TooFewDrawsError
from simkit.sizing.estimate import REACH, Draws, Estimate, estimated

__all__ = [
    "MIN_RANKED",
    "MIN_SPREAD",
    "Driver",
    "coefficient_of_variation",
    "deviation_shift",
    "rank_drivers",
    "standard_deviation",
    "variance",
    "variance_gap",
]

#: Draws that a rank correlation, and a variance, needs before it is given.
MIN_RANKED = 100
MIN_SPREAD = 30


class Driver(NamedTuple):
    """How an input moves the total.

    `correlation` is Spearman's, with its 95 % interval and standard error; `share` its square, the share of
    the variance of the total's ranks that the input explains by itself, with the standard error of that.
    `clear`: whether it is above what chance gives the largest of all inputs in one list of twenty.
    """

    correlation: float
    low: float
    high: float
    standard_error: float
    share: float
    share_error: float
    clear: bool


def rank_drivers(inputs: FloatArray, total: Draws) -> list[Driver | None]:
    """Spearman's rank correlation of each input with a total; None where either never varies.

    Parameters
    ----------
    inputs : float[draw, input]
    total : [draw]

    Raises
    ------
    TooFewDrawsError
        With fewer than MIN_RANKED draws.

    References
    ----------
    E. C. Fieller, H. O. Hartley, E. S. Pearson: Tests for rank correlation coefficients. Biometrika 44
    (1957): the transformed coefficient has variance 1.06 / (n - 3).
    """
    n = len(total)
    if n < MIN_RANKED:
        raise TooFewDrawsError(Refusal("rank", n, n, MIN_RANKED, MIN_RANKED))
    if inputs.shape[1] == 0:
        return []
    ranks = np.apply_along_axis(_ranks, 0, inputs) - (n + 1) / 2
    of_total = _ranks(total) - (n + 1) / 2
    own, other = (ranks**2).sum(axis=0), float((of_total**2).sum())
    width = float(np.sqrt(1.06 / (n - 3)))
    bar = -special.ndtri(0.05 / 2 / inputs.shape[1]) * width
    found: list[Driver | None] = []
    for place in range(inputs.shape[1]):
        if own[place] == 0 or other == 0:
            found.append(None)
            continue
        found.append(_driver(float(ranks[:, place] @ of_total / np.sqrt(own[place] * other)), width, bar))
    return found


def _driver(correlation: float, width: float, bar: float) -> Driver:
    score = float(np.arctanh(np.clip(correlation, -1 + 1e-12, 1 - 1e-12)))
    reach = REACH * width
    error = (1 - correlation**2) * width
    return Driver(
        correlation,
        float(np.tanh(score - reach)),
        float(np.tanh(score + reach)),
        error,
        correlation**2,
        2 * abs(correlation) * error,
        abs(score) > bar,
    )


def _ranks(values: Draws) -> FloatArray:
    """Ranks from 1; those that are equal share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])


def _squares(sample: Draws) -> FloatArray:
    """Squared distances from the mean, whose mean is the variance."""
    n = len(sample)
    if n < MIN_SPREAD:
        raise TooFewDrawsError(Refusal("variance", n, n, MIN_SPREAD, MIN_SPREAD))
    values = np.asarray(sample, dtype=np.float64)
    return np.asarray((values - values.mean()) ** 2 * (n / (n - 1)))


def variance(sample: Draws) -> Estimate:
    """Variance with the standard error that the fourth moment gives.

    Raises
    ------
    TooFewDrawsError
        With fewer than MIN_SPREAD draws.
    """
    squares = _squares(sample)
    return _positive(float(squares.mean()), squares, bounded=False)


def standard_deviation(sample: Draws, *, group: int | None = None) -> Estimate:
    """Standard deviation; its error by the delta method, `group` as in `mean`.

    Raises
    ------
    TooFewDrawsError
        With fewer than MIN_SPREAD draws.
    """
    squares = _squares(sample)
    value = float(np.sqrt(squares.mean()))
    return _positive(value, squares / (2 * value) if value > 0 else squares, group=group)


def coefficient_of_variation(sample: Draws) -> Estimate:
    """Standard deviation over mean; its error by the delta method.

    Raises
    ------
    TooFewDrawsError
        With fewer than MIN_SPREAD draws.
    ZeroDivisionError
        For a mean of 0.
    """
    variance_of = float(_squares(sample).mean())
    values = np.asarray(sample, dtype=np.float64)
    centre, spread = float(values.mean()), float(np.sqrt(variance_of))
    if centre == 0:
        raise ZeroDivisionError("coefficient of variation: expected a mean other than 0")
    gaps = values - centre
    parts = gaps
    if spread > 0:
        parts = (gaps**2 - variance_of) / (2 * spread * centre) - spread * gaps / centre**2
    return _positive(spread / centre, parts)


def _positive(value: float, parts: FloatArray, *, bounded: bool = True, group: int | None = None) -> Estimate:
    """A spread with the error of its parts; its interval ends at 0."""
    found = estimated(value, parts, figure="variance", group=group, least=0)
    return found._replace(low=max(0.0, found.low)) if bounded and found.error is not None else found


def variance_gap(more: Draws, less: Draws, *, paired: bool) -> Estimate:
    """Variance of one sample less that of another.

    Parameters
    ----------
    paired : bool
        Whether draw i of both met the same luck: the error is then that of the paired difference.

    Raises
    ------
    TooFewDrawsError
        With fewer than MIN_SPREAD draws in either.
    """
    first, second = _squares(more), _squares(less)
    value = float(first.mean() - second.mean())
    if paired and len(first) == len(second):
        return estimated(value, first - second, figure="variance", least=0)
    one, two = variance(more), variance(less)
    error = float(np.hypot(one.error or 0.0, two.error or 0.0)) or nan
    return Estimate(value, value - REACH * error, value + REACH * error, error, min(one.draws, two.draws))


def deviation_shift(before: Draws, after: Draws, *, group: int | None = None) -> Estimate:
    """Standard deviation of `after` less that of `before`, with an error that counts their common luck.

    A standard deviation is, to first order, a mean over the draws of their squared distances over twice itself.

    Parameters
    ----------
    before, after : [draw]
        Draws that met the same luck, as many of each.
    group : int, optional
        As in `mean`.

    Raises
    ------
    TooFewDrawsError
        With fewer than MIN_SPREAD draws.
    """
    parts = []
    for sample in (before, after):
        squares = _squares(sample)
        whole = float(np.sqrt(squares.mean()))
        parts.append((whole, squares / (2 * whole) if whole > 0 else squares))
    (one, first), (two, second) = parts
    return estimated(two - one, second - first, figure="variance", group=group, least=0)
