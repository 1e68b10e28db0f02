"""Paired changes of a mean and of a quantile, and their errors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from simkit.sizing.swing import mean_change, quantile_change
from simkit.streams import decision, uniforms


def normal(asked: str, draws: int, first: int = 0) -> npt.NDArray[np.float64]:
    numbers = np.arange(first, first + draws)
    return np.asarray(special.ndtri(uniforms(5, decision("test swing", asked), numbers, 0)))


def test_nothing_changed_is_zero_without_error() -> None:
    sample = normal("x", 1_000)
    for found in (mean_change(sample, sample), quantile_change(sample, sample, 0.9)):
        assert found.value == found.standard_error == 0


def test_a_shift_moves_mean_and_quantile_alike() -> None:
    sample = normal("x", 1_000)
    for found in (mean_change(sample, sample + 2), quantile_change(sample, sample + 2, 0.9)):
        assert abs(found.value - 2) < 1e-12 and found.standard_error < 1e-12


def test_errors_are_the_spread_of_many_samples() -> None:
    """x + e after x, 400 times: P90 moves by z (sqrt(1.25) - 1) 10; errors to 15 %, far below those of fresh draws."""
    draws, p = 1_024, 0.9
    changes, errors = [], []
    for sample in range(400):
        x = 10 * normal("x", draws, sample * draws)
        found = quantile_change(x, x + 5 * normal("e", draws, sample * draws), p)
        changes.append(found.value)
        errors.append(found.standard_error)
    spread = np.std(changes, ddof=1)
    assert abs(np.sqrt(np.mean(np.square(errors))) / spread - 1) < 0.15
    expected = stats.norm.ppf(p) * 10 * (np.sqrt(1.25) - 1)
    # A quantile of a sample is off by a part of 1/n.
    assert abs(np.mean(changes) - expected) < 5 * spread / 20 + 10 / draws
    fresh = np.sqrt(p * (1 - p) / draws * (1 + 1.25)) / stats.norm.pdf(stats.norm.ppf(p)) * 10
    assert np.mean(errors) < 0.8 * fresh
