"""What a change moves on the same luck: the mean and a quantile, each with the error of the paired difference."""

from __future__ import annotations

import numpy as np
from scipy import stats

from simkit.arrays import FloatArray
from simkit.sizing.quantiles import Draws, Estimate, mean, quantile

__all__ = ["mean_change", "quantile_change"]

_LEVEL = 0.95


def mean_change(before: Draws, after: Draws) -> Estimate:
    """Mean of after less before, draw by draw.

    Raises
    ------
    TooFewDrawsError
        With fewer than two draws.
    """
    return mean(np.asarray(after, dtype=np.float64) - before)


def quantile_change(before: Draws, after: Draws, p: float) -> Estimate:
    """Lower quantile of after less that of before; its error counts that both met the same luck.

    To first order a sample's quantile is a mean over its draws (of p, less 1 for a draw up to the quantile, over
    the density there), so the difference of two is one too, and its error that of a paired mean.

    Raises
    ------
    TooFewDrawsError
        When `quantile` refuses either.

    References
    ----------
    R. R. Bahadur: A note on quantiles in large samples. Annals of Mathematical Statistics 37 (1966).
    P. Hall, S. J. Sheather: On the distribution of a studentized quantile. JRSS B 50 (1988): the width over
    which the density is taken.
    """
    (first, of_first), (second, of_second) = (_linear(sample, p) for sample in (before, after))
    value = second - first
    error = float((of_second - of_first).std(ddof=1) / np.sqrt(len(before)))
    reach = float(stats.norm.ppf((1 + _LEVEL) / 2)) * error
    return Estimate(value, value - reach, value + reach, error)


def _linear(sample: Draws, p: float) -> tuple[float, FloatArray]:
    """A sample's quantile, and what each draw adds to its error."""
    n, found = len(sample), quantile(sample, p).value
    score = stats.norm.ppf(p)
    width = n ** (-1 / 3) * stats.norm.ppf((1 + _LEVEL) / 2) ** (2 / 3)
    width *= (1.5 * stats.norm.pdf(score) ** 2 / (2 * score**2 + 1)) ** (1 / 3)
    width = min(width, p / 2, (1 - p) / 2)
    low, high = np.quantile(sample, [p - width, p + width])
    return found, np.asarray((p - (sample <= found)) * (high - low) / (2 * width))
