"""Laws of counts: claims of one agency in one year, entries of a year; compiled, one uniform each."""

from __future__ import annotations

import math

from simkit.base.compiled import compiled
from simkit.distributions.normal import normal_quantile

__all__ = [
    "FREQUENCIES",
    "binomial_quantile",
    "chance_of_none",
    "negative_binomial_quantile",
    "number_of_claims",
    "poisson_quantile",
]

#: A search that would begin with a smaller probability of no claim begins 9 sd below the mean instead.
_SMALLEST = 1e-280
#: Below this mean of a Poisson law the probabilities are summed from the first: fewer than a search has to pass.
_SUMMED = 200.0


@compiled
def poisson_quantile(u: float, mean: float) -> int:
    """Smallest n with P(N <= n) >= u, N Poisson.

    For large means the search starts far below the answer, so that its length grows with the sd only.
    """
    if mean <= 0.0:
        return 0
    if mean < _SUMMED:
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


@compiled
def chance_of_none(kind: int, spread: float, mean: float) -> float:
    """P(no claim) of an agency in a year."""
    if mean <= 0.0:
        return 1.0
    if kind == 2:
        return math.exp(-math.log1p(spread * mean) / spread)
    if kind == 3:
        return math.exp(spread * math.log1p(-mean / spread)) if mean < spread else 0.0
    if kind == 4:
        return 0.0 if mean >= 0.5 else 1.0
    return math.exp(-mean)


@compiled
def number_of_claims(kind: int, spread: float, mean: float, none: float, u: float) -> int:
    """Smallest n with P(N <= n) >= u, given P(N = 0): each probability is (a + b / n) times the one before.

    References
    ----------
    H. H. Panjer: Recursive evaluation of a family of compound distributions. ASTIN Bulletin 12
    (1981), 22-26: the (a, b) class.
    """
    if u <= none:
        return 0
    if kind == 0:
        return 1
    if kind == 4:
        return int(mean + 0.5)
    # A search that would begin with a smaller probability is left to the law's own quantile.
    if none < _SMALLEST:
        if kind == 1:
            return poisson_quantile(u, mean)
        if kind == 2:
            return negative_binomial_quantile(u, mean, spread)
        return binomial_quantile(u, int(spread), mean / spread)
    a, b = 0.0, mean
    if kind == 2:
        a = spread * mean / (1.0 + spread * mean)
        b = (1.0 / spread - 1.0) * a
    elif kind == 3:
        a = -mean / (spread - mean)
        b = -(spread + 1.0) * a
    count, term, total = 0, none, none
    while total < u and (term > 1e-300 or count < mean):
        count += 1
        term *= a + b / count
        total += term
    return count


FREQUENCIES = {"event": 0, "poisson": 1, "negative_binomial": 2, "binomial": 3, "fixed": 4}
