"""Quantile of the standard normal law: against scipy, in both tails, odd."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from simkit.distributions.normal import normal_quantile


@pytest.mark.parametrize("low", [2.0**-53, 1e-12, 1e-6, 1e-3, 0.05, 0.0749, 0.0751, 0.2, 0.4, 0.499])
def test_it_is_the_normal_quantile(low: float) -> None:
    """To 1e-14 of the value, in every branch: the middle, the tails, the far tails beyond r = 5."""
    for u in np.geomspace(low, min(0.4999, low * 3), 200):
        assert normal_quantile(float(u)) == pytest.approx(float(special.ndtri(u)), rel=1e-14)


def test_it_is_odd_and_monotone() -> None:
    # Multiples of 2**-20, so that 1 - u is exact.
    u = np.arange(1, 2**20, 37) / 2**20
    scores = np.array([normal_quantile(value) for value in u])
    assert np.all(np.diff(scores) > 0)
    mirrored = np.array([normal_quantile(1 - value) for value in u])
    np.testing.assert_allclose(mirrored, -scores, rtol=1e-13, atol=1e-15)
    assert normal_quantile(0.5) == 0.0
