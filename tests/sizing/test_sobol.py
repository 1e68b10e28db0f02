"""Sobol indices against closed forms, against scipy's, and their errors against the spread of many samples."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import sobol_indices

from simkit.base.errors import TooFewDrawsError
from simkit.base.random import decision, uniforms
from simkit.sizing.sobol import MIN_SOBOL, Index, indices, parts, spread

Array = npt.NDArray[np.float64]
Function = Callable[[Array], Array]
#: Standard errors that an estimate may lie off.
Z = 5.0


def levels(seed: int, count: int, draws: int, first: int = 0) -> Array:
    """Independent uniforms: float[draw, input]."""
    numbers = np.arange(first, first + draws)
    asked = [decision("test sobol", f"input {place}") for place in range(count)]
    return np.stack([uniforms(seed, one, numbers, 0) for one in asked], axis=1)


def with_one_of(other: Array, own: Array, place: int) -> Array:
    """Inputs of `own`, one column of `other`."""
    mixed = own.copy()
    mixed[:, place] = other[:, place]
    return mixed


def estimated(function: Function, a: Array, b: Array) -> list[tuple[Index, Index]]:
    """First-order and total index of every input."""
    of_a, of_b = function(a), function(b)
    squares = spread(np.stack([of_a, of_b]))
    found = []
    for place in range(a.shape[1]):
        changes = function(with_one_of(b, a, place)) - of_a
        others = of_b - function(with_one_of(a, b, place))
        found.append(indices(changes, others, squares))
    return found


def crossed(u: Array) -> Array:
    """A sum, a product of two inputs, and an input that does nothing."""
    return np.asarray(2 * u[:, 0] + u[:, 1] + (2 * u[:, 0] - 1) * (2 * u[:, 2] - 1))


#: Of `crossed`: variance explained alone, and with all interactions, by each input.
WHOLE = 4 / 12 + 1 / 12 + 1 / 9
CROSSED = [(4 / 12, 4 / 12 + 1 / 9), (1 / 12, 1 / 12), (0.0, 1 / 9), (0.0, 0.0)]


def test_they_are_scipy_s_with_both_sets_used_and_smaller_errors() -> None:
    """Totals are the mean of scipy's two to the last digit; first-order ones agree within the errors of both."""
    draws = 2_048
    a, b = levels(1, 4, draws), levels(2, 4, draws)
    found = estimated(crossed, a, b)

    def theirs(own: Array, other: Array) -> tuple[Array, Array, Array]:
        # The fourth input does nothing: its bootstrap has nothing to resample.
        mixed = [crossed(with_one_of(other, own, place)) for place in range(3)]
        given = {"f_A": crossed(own)[None], "f_B": crossed(other)[None], "f_AB": np.stack(mixed)[:, None]}
        result = sobol_indices(func=given, n=draws)
        error = result.bootstrap(n_resamples=200).first_order.standard_error
        return result.first_order, result.total_order, error

    one, two = theirs(a, b), theirs(b, a)
    both = np.stack([crossed(a), crossed(b)])
    ratio = both.var() / spread(both).mean()
    totals = [total.raw for _, total in found[:3]]
    np.testing.assert_allclose(totals, (one[1] + two[1]) / 2 * ratio, rtol=1e-12)
    for place, (first, _) in enumerate(found[:3]):
        for side in (one, two):
            assert abs(first.raw - side[0][place]) <= Z * np.hypot(first.standard_error, side[2][place])
            assert first.standard_error < side[2][place]


def test_first_order_and_total_of_a_sum_with_a_product() -> None:
    """Closed forms; an input that does nothing has exactly 0, and no first-order index is above its total."""
    found = estimated(crossed, levels(3, 4, 8_192), levels(4, 4, 8_192))
    for pair, wanted in zip(found, CROSSED, strict=True):
        for one, expected in zip(pair, wanted, strict=True):
            assert abs(one.raw - expected / WHOLE) <= Z * one.standard_error
        assert pair[0].raw <= pair[1].raw + 1e-12
    assert found[3] == (Index(0.0, 0.0, 0.0, 0.0, 0.0),) * 2


def test_errors_are_the_spread_of_many_samples() -> None:
    """Of 400 small samples: no bias, the standard deviation of each is its standard error to 15 % (4 s. e.)."""
    draws, found = 256, []
    for sample in range(400):
        a, b = levels(7, 4, draws, sample * draws), levels(8, 4, draws, sample * draws)
        found.append([one for pair in estimated(crossed, a, b)[:3] for one in pair])
    raw = np.array([[one.raw for one in row] for row in found])
    errors = np.sqrt((np.array([[one.standard_error for one in row] for row in found]) ** 2).mean(axis=0))
    np.testing.assert_allclose(errors, raw.std(axis=0, ddof=1), rtol=0.15)
    wanted = np.array([one / WHOLE for pair in CROSSED[:3] for one in pair])
    # A ratio of means is biased by a part of 1/n.
    assert (np.abs(raw.mean(axis=0) - wanted) <= Z * errors / 20 + 1 / draws).all()
    low, high = (np.array([[getattr(one, end) for one in row] for row in found]) for end in ("low", "high"))
    # 95 %: below 90 % of 400 comes by chance once in 10^5.
    assert (((low <= wanted) & (wanted <= high)).mean(axis=0) > 0.9).all()


def test_the_variance_is_split_over_groups() -> None:
    """{x0}, {x1}, {x2, nothing}: the product is the interaction; what is alone and the rest add up to 1."""
    draws = 4_096
    sides = (levels(9, 4, draws), levels(10, 4, draws))
    corners = np.empty((2, 2, 2, draws))
    for place in product((0, 1), repeat=3):
        columns = [sides[place[0]][:, :1], sides[place[1]][:, 1:2], sides[place[2]][:, 2:]]
        corners[place] = crossed(np.concatenate(columns, axis=1))
    found = parts(corners)
    for group in range(3):
        for one, expected in zip((found.first[group], found.total[group]), CROSSED[group], strict=True):
            assert abs(one.raw - expected / WHOLE) <= Z * one.standard_error
    assert abs(found.interaction.raw - 1 / 9 / WHOLE) <= Z * found.interaction.standard_error
    assert sum(one.raw for one in found.first) + found.interaction.raw == pytest.approx(1, abs=1e-12)


def test_a_negative_estimate_is_shown_as_zero_with_an_interval() -> None:
    """Whatever chance does, what is shown lies in [0, 1] and inside its interval."""
    seen = 0
    for sample in range(50):
        first = sample * MIN_SOBOL
        a, b = levels(11, 4, MIN_SOBOL, first), levels(12, 4, MIN_SOBOL, first)
        one = estimated(crossed, a, b)[2][0]
        assert 0 <= one.low <= one.value <= one.high <= 1
        if one.raw < 0:
            seen += 1
            assert one.value == one.low == 0 and one.high > 0
    assert seen > 5


def test_what_never_varies_explains_nothing() -> None:
    flat = np.zeros(MIN_SOBOL)
    assert [one.value for one in indices(flat, flat, flat)] == [0, 0]


def test_too_few_draws_are_refused() -> None:
    few = np.arange(MIN_SOBOL - 1.0)
    with pytest.raises(TooFewDrawsError, match=str(MIN_SOBOL)):
        indices(few, few, few)
