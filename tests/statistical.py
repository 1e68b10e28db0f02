"""Assertions on samples against a law: the tolerance comes from theory and from the false alarms allowed."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from simkit.base.arrays import FloatArray
from simkit.distributions.compound import Lattice

__all__ = ["FALSE_ALARM", "assert_mean", "assert_quantile", "assert_share", "assert_variance", "cdf"]

#: Chance that a right program fails one assertion.
FALSE_ALARM = 1e-6

Sample = npt.NDArray[Any]


def assert_mean(sample: Sample, expected: float, sd: float, *, false_alarm: float = FALSE_ALARM) -> None:
    """Fail if the mean is further from `expected` than chance allows; `sd` is theory's."""
    tolerance = norm.isf(false_alarm / 2) * sd / sqrt(len(sample))
    error = abs(float(np.mean(sample)) - expected)
    assert error <= tolerance, f"mean off by {error:.4g} from {expected:.6g}, chance allows {tolerance:.4g}"


def assert_share(sample: Sample, expected: float, *, false_alarm: float = FALSE_ALARM) -> None:
    """Fail if the share of true values is further from `expected` than chance allows."""
    assert_mean(sample, expected, sqrt(expected * (1 - expected)), false_alarm=false_alarm)


def assert_variance(
    sample: Sample, expected: float, *, excess_kurtosis: float = 0.0, false_alarm: float = FALSE_ALARM
) -> None:
    """Fail if the variance is further from `expected` than chance allows.

    Parameters
    ----------
    excess_kurtosis : float
        Theory's: the sample variance has variance (2 + excess) expected**2 / n.
    """
    tolerance = norm.isf(false_alarm / 2) * expected * sqrt((2 + excess_kurtosis) / len(sample))
    error = abs(float(np.var(sample, ddof=1)) - expected)
    assert error <= tolerance, (
        f"variance off by {error:.4g} from {expected:.6g}, chance allows {tolerance:.4g}"
    )


def assert_quantile(sample: Sample, p: float, expected: float, *, false_alarm: float = FALSE_ALARM) -> None:
    """Fail if `expected` is no p-quantile of the sample: P(X < q) <= p <= P(X <= q) within chance."""
    tolerance = norm.isf(false_alarm / 2) * sqrt(p * (1 - p) / len(sample))
    below, at = float(np.mean(sample < expected)), float(np.mean(sample <= expected))
    assert below - tolerance <= p <= at + tolerance, (
        f"P(X < {expected:.6g}) = {below:.5g}, P(X <= {expected:.6g}) = {at:.5g}: not around {p}, "
        f"chance allows {tolerance:.3g}"
    )


def cdf(law: Lattice, amounts: FloatArray | float) -> FloatArray:
    """P(S <= amount) of a law on a lattice, elementwise."""
    place = np.floor(np.asarray(amounts, dtype=np.float64) / law.step + 1e-9).astype(np.int64)
    inside = np.clip(place, 0, len(law.pmf) - 1)
    known = np.where(place >= len(law.pmf) - 1, 1.0, law.cumulated()[inside])
    return np.asarray(np.where(place < 0, 0.0, known))
