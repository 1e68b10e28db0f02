"""Rank correlations and parts of a variance against what is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from simkit.base.errors import TooFewDrawsError
from simkit.base.random import decision, uniforms
from simkit.sizing.drivers import (
    MIN_RANKED,
    MIN_SPREAD,
    coefficient_of_variation,
    deviation_shift,
    rank_drivers,
    standard_deviation,
    variance,
    variance_gap,
)

DRAWS = 4_000


def normals(asked: str) -> np.ndarray:
    return special.ndtri(uniforms(7, decision("test drivers", asked), np.arange(DRAWS), 0))


def test_rank_correlation_of_normals_is_that_of_theory():
    """Spearman of a bivariate normal is 6/pi arcsin(r/2); sees 0.09 at a false alarm of 1e-6."""
    first, second = normals("first"), normals("second")
    total = 0.8 * first + 0.6 * second
    one, two = rank_drivers(np.stack([first, second], axis=1), total)
    for found, r in ((one, 0.8), (two, 0.6)):
        expected = 6 / np.pi * np.arcsin(r / 2)
        assert abs(found.correlation - expected) < 4.9 * np.sqrt(1.06 / (DRAWS - 3))
        assert found.low < found.correlation < found.high
        assert found.share == pytest.approx(found.correlation**2)
        assert found.clear


def test_an_input_that_does_nothing_is_not_clear_and_one_that_never_varies_has_none():
    total = normals("total")
    idle, fixed = rank_drivers(np.stack([normals("idle"), np.ones(DRAWS)], axis=1), total)
    assert not idle.clear and abs(idle.correlation) < 4.9 * idle.standard_error
    assert fixed is None
    assert rank_drivers(np.stack([total], axis=1), np.zeros(DRAWS)) == [None]
    assert rank_drivers(np.zeros((DRAWS, 0)), total) == []


def test_a_perfect_driver_stays_inside_its_bounds():
    total = normals("total")
    up, down = rank_drivers(np.stack([total, -total], axis=1), total)
    assert up.correlation == pytest.approx(1) and down.correlation == pytest.approx(-1)
    assert -1 <= down.low <= down.high <= 1 and -1 <= up.low <= up.high <= 1


def test_variance_and_its_error_are_those_of_a_normal():
    """The standard error of a normal sample's variance is sigma**2 sqrt(2 / (n - 1))."""
    found = variance(normals("variance") * 3)
    expected = 9 * np.sqrt(2 / (DRAWS - 1))
    assert abs(found.value - 9) < 4.9 * expected
    assert found.standard_error == pytest.approx(expected, rel=0.15)
    assert standard_deviation(normals("variance") * 3).value == pytest.approx(np.sqrt(found.value))
    assert standard_deviation(np.zeros(100)).value == 0


def test_gaps_add_up_to_the_whole_and_pairing_shrinks_the_error():
    first, second = normals("first"), normals("second")
    whole, part = first * 2 + second, first * 2
    paired, apart = variance_gap(whole, part, paired=True), variance_gap(whole, part, paired=False)
    assert paired.value == pytest.approx(apart.value)
    assert paired.value + variance(part).value == pytest.approx(variance(whole).value)
    assert paired.standard_error < apart.standard_error


def test_a_shift_of_deviations_counts_their_common_luck():
    """Three times a sample spreads three times as far: the shift is twice its deviation, the error twice its error."""
    sample, other = normals("wide"), normals("other")
    alone = standard_deviation(sample)
    shift = deviation_shift(sample, 3 * sample)
    assert shift.value == pytest.approx(2 * alone.value)
    assert shift.standard_error == pytest.approx(2 * alone.standard_error)
    assert deviation_shift(sample, sample + 5)[:4] == pytest.approx((0, 0, 0, 0), abs=1e-9)
    # Of independent samples both errors in quadrature, up to a correlation of noise: 4.9 / sqrt(4000) at 1e-6.
    apart = np.hypot(alone.standard_error, standard_deviation(other).standard_error)
    assert deviation_shift(sample, other).standard_error == pytest.approx(apart, rel=0.08)
    assert deviation_shift(sample, np.zeros(DRAWS)).value == pytest.approx(-alone.value)


def test_too_few_draws_are_refused_with_the_number_needed():
    with pytest.raises(TooFewDrawsError, match=str(MIN_RANKED)):
        rank_drivers(np.zeros((MIN_RANKED - 1, 1)), np.zeros(MIN_RANKED - 1))
    with pytest.raises(TooFewDrawsError, match=str(MIN_SPREAD)):
        deviation_shift(np.zeros(MIN_SPREAD - 1), np.zeros(MIN_SPREAD - 1))
    for figure in (variance, standard_deviation):
        with pytest.raises(TooFewDrawsError, match=str(MIN_SPREAD)):
            figure(np.zeros(MIN_SPREAD - 1))


def test_coefficient_of_variation_and_its_error_are_those_of_a_gamma():
    """Of an exponential it is 1, and n times the square of its error tends to 1: m4/4 - m3 + m2 with m2..m4 = 1, 2, 9
    gives (9 - 1)/4 - 2 + 1. Sees 8 % of the value and 30 % of its error at a false alarm of 1e-6."""
    sample = -np.log(uniforms(11, decision("test drivers", "exponential"), np.arange(DRAWS), 0)) * 5e8
    found = coefficient_of_variation(sample)
    error = 1 / np.sqrt(DRAWS)
    assert abs(found.value - 1) < 4.9 * error
    assert found.standard_error == pytest.approx(error, rel=0.3)
    assert found.low < 1 < found.high
    scaled = coefficient_of_variation(sample * 7)
    assert scaled == pytest.approx(found)


def test_money_that_never_varies_has_no_coefficient_of_variation_and_none_has_none():
    still = coefficient_of_variation(np.full(40, 5, dtype=np.int64))
    assert (still.value, still.error) == (0, None)
    with pytest.raises(ZeroDivisionError, match="a mean other than 0"):
        coefficient_of_variation(np.zeros(40))
    with pytest.raises(TooFewDrawsError, match="the variance"):
        coefficient_of_variation(np.ones(MIN_SPREAD - 1))
