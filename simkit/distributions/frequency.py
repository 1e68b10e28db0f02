"""Laws of counts: claims of one agency in one year, entries of a year; compiled, one uniform each."""

from __future__ import annotations

import math

import numpy as np

from simkit.compiled import compiled
from simkit.distributions.normal import normal_quantile

__all__ = ["FREQUENCIES", "binomial_quantile", "negative_binomial_quantile", "poisson_quantile"]

#: A search that would begin with a smaller probability of no claim begins 9 sd below the mean instead.
_SMALLEST = 1e-280


@compiled
def poisson_quantile(u: float, mean: float) -> int:
    """Smallest n with P(N <= n) >= u, N Poisson.

    The search starts at the normal approximation of the answer and walks with exact ratios from the
    probability there, so that its length does not grow with the mean.
    """
    if mean <= 0.0:
        return 0
    if mean < 12.0:
        term = math.exp(-mean)
        count, total = 0, term
        while total < u and term > 0.0:
            count += 1
            term *= mean / count
            total += term
        return count
    return _walk(u, mean)


@compiled
def _walk(u: float, mean: float) -> int:
    """Sum probabilities from far below the answer: below mean - 9 sd they sum to under 1e-18."""
    start = max(0, int(mean - 9.0 * math.sqrt(mean) - 9.0))
    term = math.exp(start * math.log(mean) - mean - math.lgamma(start + 1.0))
    count, total = start, term
    ceiling = mean + 40.0 + 9.0 * abs(normal_quantile(u)) * math.sqrt(mean)
    while total < u and count < ceiling:
        count += 1
        term *= mean / count
        total += term
    return count


@compiled
def negative_binomial_quantile(u: float, mean: float, excess: float) -> int:
    """Smallest n with P(N <= n) >= u; N has this mean and variance mean + excess * mean**2.

    `excess` is the squared cv of the gamma law that mixes the Poisson mean (differences between agencies).
    """
    if mean <= 0.0:
        return 0
    shape = 1.0 / excess
    p = 1.0 / (1.0 + excess * mean)
    term = p**shape
    count, total = 0, term
    sd = math.sqrt(mean + excess * mean * mean)
    if term < _SMALLEST:
        count = max(0, int(mean - 9.0 * sd - 9.0))
        ways = math.lgamma(count + shape) - math.lgamma(shape) - math.lgamma(count + 1.0)
        term = math.exp(ways + shape * math.log(p) + count * math.log1p(-p))
        total = term
    while total < u and (term > 1e-300 or count < mean):
        count += 1
        term *= (shape + count - 1.0) / count * (1.0 - p)
        total += term
    return count


@compiled
def binomial_quantile(u: float, trials: int, chance: float) -> int:
    """Smallest n with P(N <= n) >= u, N binomial."""
    if trials <= 0 or chance <= 0.0:
        return 0
    if chance >= 1.0:
        return trials
    if chance > 0.5:
        # The mirrored law has the small chance; complement keeps the lower quantile to rounding.
        return trials - binomial_quantile(1.0 - u, trials, 1.0 - chance)
    term = math.exp(trials * math.log1p(-chance))
    count, total = 0, term
    if term < _SMALLEST:
        mean = trials * chance
        count = max(0, int(mean - 9.0 * math.sqrt(mean) - 9.0))
        ways = math.lgamma(trials + 1.0) - math.lgamma(count + 1.0) - math.lgamma(trials - count + 1.0)
        term = math.exp(ways + count * math.log(chance) + (trials - count) * math.log1p(-chance))
        total = term
    while total < u and count < trials:
        count += 1
        term *= (trials - count + 1.0) / count * chance / (1.0 - chance)
        total += term
    return count


FREQUENCIES = {"event": 0, "poisson": 1, "negative_binomial": 2, "binomial": 3, "fixed": 4}


def frequency_moments(kind: str, mean: float, spread: float) -> tuple[float, float]:
    """Mean and variance of a law of counts; `spread` is the excess (negative binomial) or the trials (binomial)."""
    variance = {
        "event": -math.expm1(-mean) * math.exp(-mean),
        "poisson": mean,
        "negative_binomial": mean + spread * mean**2,
        "binomial": mean * (1 - mean / spread) if spread else 0.0,
        "fixed": 0.0,
    }[kind]
    return (float(-np.expm1(-mean)) if kind == "event" else mean), variance
