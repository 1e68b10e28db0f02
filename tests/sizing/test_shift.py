"""The shift of a quantile on common luck: its error against theory and against repetition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from simkit.base.errors import TooFewDrawsError
from simkit.sizing.compare import margin, quantile_shift
from simkit.sizing.quantiles import quantile
from tests.statistical import assert_mean, assert_variance

Sample = np.ndarray


def pairs(kind: str, count: int, draws: int) -> list[tuple[Sample, Sample]]:
    """Samples before and after, many times: uniform, and on the same luck, the opposite, or another."""
    luck = np.random.default_rng(20_260_401)
    found = []
    for _ in range(count):
        before, other = luck.random(draws), luck.random(draws)
        found.append(
            (
                before,
                {
                    "opposite": 1 - before,
                    "other": other,
                    "partly": np.where(other < 0.5, before, luck.random(draws)),
                }[kind],
            )
        )
    return found


@pytest.mark.parametrize(
    ("kind", "covariance"),
    [
        # P(U <= 0.9, 1 - U <= 0.9) = 0.8.
        ("opposite", 0.8 - 0.81),
        ("other", 0.0),
        # Half of the draws are the same: covariance of the indicators 0.5 x 0.9 x 0.1.
        ("partly", 0.045),
    ],
)
def test_the_error_is_that_of_theory(kind: str, covariance: float) -> None:
    """Variance of q(after) - q(before) of uniforms: 2 (p (1 - p) - covariance) / n.

    400 repetitions of 20,000 draws see an error of a third in the variance of the shifts, and the mean of the errors
    found to 3 %, beyond the 2 % that the spacing of order statistics leaves.
    """
    n, p = 20_000, 0.9
    found = [quantile_shift(*pair, p) for pair in pairs(kind, 400, n)]
    variance = 2 * (p * (1 - p) - covariance) / n
    values = np.array([one.value for one in found])
    assert_mean(values, 0.0, np.sqrt(variance))
    assert_variance(values, variance)
    errors = np.array([one.standard_error for one in found])
    assert abs(errors.mean() / np.sqrt(variance) - 1) < 0.05


def test_a_sample_that_no_draw_moves_has_no_error_of_its_shift() -> None:
    sample = np.random.default_rng(1).lognormal(size=1_000)
    found = quantile_shift(sample, sample, 0.9)
    assert (found.value, found.error) == (0, None)


def test_a_constant_added_in_every_draw_is_found_and_no_error_can_be_told() -> None:
    sample = np.random.default_rng(2).integers(0, 10**9, size=1_000)
    found = quantile_shift(sample, sample + 777, 0.95)
    assert (found.value, found.error) == (777, None)


def test_a_proportion_added_has_the_error_of_the_proportion() -> None:
    """after = 1.2 x before: the shift is 0.2 q, and so is its error."""
    sample = np.random.default_rng(3).lognormal(size=2_000)
    found, alone = quantile_shift(sample, 1.2 * sample, 0.8), quantile(sample, 0.8)
    assert found.value == pytest.approx(0.2 * alone.value)
    assert found.standard_error == pytest.approx(0.2 * alone.standard_error)


def test_all_draws_alike_have_no_error() -> None:
    found = quantile_shift(np.full(100, 5), np.full(100, 9), 0.5)
    assert (found.value, found.error) == (4, None)


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(TooFewDrawsError):
        quantile_shift(np.arange(50), np.arange(50), 0.9)


def test_the_error_of_a_margin_is_that_of_theory() -> None:
    """q(0.9) - mean of normals: value z, variance (p (1 - p) / density**2 - 1) / n, since cov(q, mean) = 1 / n.

    Were quantile and mean taken as independent, the errors would be a fifth too large: 400 repetitions see it.
    """
    n, p = 5_000, 0.9
    luck = np.random.default_rng(20_260_402)
    found = [margin(luck.standard_normal(n), p) for _ in range(400)]
    z = norm.ppf(p)
    variance = (p * (1 - p) / norm.pdf(z) ** 2 - 1) / n
    values = np.array([one.value for one in found])
    assert abs(values.mean() - z) < 5 * np.sqrt(variance / 400) + 1 / n
    assert_variance(values, variance)
    errors = np.array([one.standard_error for one in found])
    assert abs(errors.mean() / np.sqrt(variance) - 1) < 0.05


def test_a_margin_of_what_never_varies_is_nothing() -> None:
    found = margin(np.full(500, 7.0), 0.9)
    assert (found.value, found.error) == (0, None)
