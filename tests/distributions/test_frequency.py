"""Laws of counts: quantiles of scipy, for small and large means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simkit.distributions.frequency import (
    FREQUENCIES,
    binomial_quantile,
    chance_of_none,
    negative_binomial_quantile,
    number_of_claims,
    poisson_quantile,
)

# Midpoints of 2,000 cells and both tails: none lies on a jump but by a chance in a billion.
UNIFORMS = np.concatenate([(np.arange(2_000) + 0.4717) / 2_000, [3.3e-9, 1.7e-6, 1 - 1.9e-6, 1 - 2.3e-9]])
EXAMPLES: dict[str, list[tuple[float, float]]] = {
    "event": [(0.001, 0.0), (0.3, 0.0), (4.0, 0.0)],
    "poisson": [
        (1e-4, 0.0),
        (0.4, 0.0),
        (3.0, 0.0),
        (11.99, 0.0),
        (12.01, 0.0),
        (140.0, 0.0),
        (5_000.0, 0.0),
    ],
    "negative_binomial": [(0.02, 1.5), (2.0, 0.5), (30.0, 3.0), (400.0, 0.5), (3_000.0, 0.001)],
    "binomial": [(0.3, 10.0), (6.0, 10.0), (24.0, 40.0), (30.0, 2_500.0), (1_000.0, 2_500.0), (9.99, 10.0)],
    "fixed": [(1.0, 0.0), (7.4, 0.0)],
}
CASES = [(kind, *numbers) for kind, examples in EXAMPLES.items() for numbers in examples]


def scipy_law(kind: str, mean: float, spread: float) -> Any:
    if kind == "event":
        return stats.bernoulli(-np.expm1(-mean))
    if kind == "poisson":
        return stats.poisson(mean)
    if kind == "negative_binomial":
        return stats.nbinom(1 / spread, 1 / (1 + spread * mean))
    if kind == "binomial":
        return stats.binom(int(spread), mean / spread)
    return stats.randint(int(mean + 0.5), int(mean + 0.5) + 1)


def test_every_law_has_examples() -> None:
    assert set(EXAMPLES) == set(FREQUENCIES)
    assert len(set(FREQUENCIES.values())) == len(FREQUENCIES)


@pytest.mark.parametrize(("kind", "mean", "spread"), CASES)
def test_counts_are_quantiles_of_the_law(kind: str, mean: float, spread: float) -> None:
    """The same integers as scipy on 2,004 uniforms."""
    law = scipy_law(kind, mean, spread)
    with np.errstate(all="ignore"):
        expected = law.ppf(UNIFORMS).astype(int)
    number = FREQUENCIES[kind]
    none = chance_of_none(number, spread, mean)
    found = [number_of_claims(number, spread, mean, none, float(u)) for u in UNIFORMS]
    assert found == expected.tolist()


@pytest.mark.parametrize(("mean", "off"), [(1e5, 0.0), (1e6, 0.0), (3e7, 0.02 * 3e7**0.5)])
def test_large_poisson_means(mean: float, off: float) -> None:
    """Exact up to a mean of a million, to 2 % of the standard deviation beyond."""
    for u in (1e-6, 0.01, 0.5, 0.975, 1 - 1e-6):
        assert abs(poisson_quantile(u, mean) - stats.poisson.ppf(u, mean)) <= off


@pytest.mark.parametrize(
    "counts",
    [
        lambda u: poisson_quantile(u, 0.7),
        lambda u: poisson_quantile(u, 80.0),
        lambda u: negative_binomial_quantile(u, 5.0, 0.8),
        lambda u: binomial_quantile(u, 40, 0.6),
    ],
)
def test_the_last_uniform_ends(counts: Callable[[float], int]) -> None:
    """The largest and smallest uniform that a stream gives end the search at a count that money can bear."""
    assert 0 <= counts(2.0**-53) <= counts(0.5) <= counts(1 - 2.0**-53) < 1_000


def test_nobody_who_cannot_claim_claims() -> None:
    assert poisson_quantile(0.999, 0.0) == 0
    assert negative_binomial_quantile(0.999, 0.0, 1.0) == 0
    assert binomial_quantile(0.999, 0, 0.5) == binomial_quantile(0.999, 10, 0.0) == 0
    assert binomial_quantile(0.001, 10, 1.0) == 10
