"""Means, quantiles, tail means and exceedance: their convention, their errors, and when they are refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simkit.base.errors import TooFewDrawsError
from simkit.sizing.estimate import MIN_GROUPS, Estimate
from simkit.sizing.quantiles import MIN_BEYOND, MIN_TAIL, exceedance, mean, quantile, rank_of, tail_mean
from tests.statistical import assert_share

fen = st.integers(0, 10**13)


def test_a_lower_quantile_by_hand() -> None:
    """Of 1 to 100 the P90 is 90, the smallest with F(x) >= 0.9; a hair more is 91."""
    sample = np.arange(1, 101)[::-1].copy()
    assert quantile(sample, 0.9).value == 90
    assert quantile(sample, 0.5).value == 50
    assert quantile(sample, 0.1).value == 10
    assert quantile(np.arange(1, 1001), 0.9005).value == 901


@pytest.mark.parametrize(
    ("n", "p", "rank"),
    [(10, 0.3, 2), (10, 0.31, 3), (7, 0.5, 3), (1, 0.99, 0), (1_000, 0.001, 0), (100, 0.07, 6)],
)
def test_ranks_by_hand(n: int, p: float, rank: int) -> None:
    """The place from 0 of the lower quantile; n p that should be whole is not pushed up by rounding."""
    assert rank_of(n, p) == rank


@given(st.lists(fen, min_size=40, max_size=200), st.sampled_from([0.3, 0.5, 0.7]))
def test_a_quantile_is_the_least_value_that_is_enough(sample: list[int], p: float) -> None:
    values = np.array(sample)
    found = quantile(values, p)
    assert found.value in sample
    assert (values <= found.value).mean() >= p - 1e-9
    assert (values < found.value).mean() < p
    assert found.low <= found.value <= found.high


def test_the_interval_holds_the_true_quantile_in_95_percent() -> None:
    """2,000 samples of 400 uniforms: the share of intervals that hold it is near the exact coverage."""
    rng = np.random.default_rng(20_250_101)
    n, p = 400, 0.9
    low, high = stats.binom.ppf([0.025, 0.975], n, p)
    coverage = stats.binom.cdf(high, n, p) - stats.binom.cdf(low - 1, n, p)
    held = []
    for sample in rng.uniform(size=(2_000, n)):
        found = quantile(sample, p)
        held.append(found.low <= p <= found.high)
    assert_share(np.array(held), coverage)


def test_a_standard_error_of_a_quantile() -> None:
    """Of exponentials: sqrt(p (1 - p) / n) / f(q) to a tenth on average."""
    rng = np.random.default_rng(20_250_102)
    n, p = 4_000, 0.9
    errors = [quantile(rng.exponential(size=n), p).standard_error for _ in range(200)]
    assert np.mean(errors) == pytest.approx(np.sqrt(p * (1 - p) / n) / (1 - p), rel=0.1)


def test_a_mean_with_its_error_by_hand() -> None:
    found = mean(np.array([1, 2, 3, 6]))
    error = np.sqrt((4 + 1 + 0 + 9) / 3 / 4)
    assert found.value == 3
    assert found.standard_error == pytest.approx(error)
    assert (found.low, found.high) == pytest.approx((3 - 1.959964 * error, 3 + 1.959964 * error), rel=1e-6)
    assert mean(np.full(10, 7), certain=True) == Estimate(7, 7, 7, 0, 10)


def test_a_tail_mean_splits_the_atom() -> None:
    """Worst 5 % of 990 zeros, and 30 of 1, 20 of 2 among 1,000: of the 50 all but the atom's share."""
    sample = np.concatenate([np.zeros(940), np.full(40, 1.0), np.full(20, 2.0)])
    assert tail_mean(sample, 0.95).value == pytest.approx((20 * 2 + 30 * 1) / 50)
    assert tail_mean(sample, 0.96).value == pytest.approx((20 * 2 + 20 * 1) / 40)
    # Five per cent of 990 draws are 49.5: the 50th worst counts half.
    ordered = np.arange(990.0)
    assert tail_mean(ordered, 0.95).value == pytest.approx((ordered[-49:].sum() + 0.5 * ordered[-50]) / 49.5)


@given(st.lists(st.integers(1, 10**13), min_size=620, max_size=700))
def test_a_tail_mean_is_at_least_its_quantile(sample: list[int]) -> None:
    values = np.array(sample)
    found = tail_mean(values, 0.95)
    assert quantile(values, 0.95).value <= found.value * (1 + 1e-12) <= values.max() * (1 + 1e-11)
    assert tail_mean(values[::-1], 0.95).value == pytest.approx(found.value, rel=1e-12)


def test_the_error_of_a_tail_mean_is_the_spread_of_tail_means() -> None:
    """Over 400 samples of 2,000 exponentials: the stated error is theirs to 15 %."""
    rng = np.random.default_rng(20_250_103)
    found = [tail_mean(sample, 0.95) for sample in rng.exponential(size=(400, 2_000))]
    spread = np.std([one.value for one in found], ddof=1)
    assert np.mean([one.standard_error for one in found]) == pytest.approx(spread, rel=0.15)


def test_exceedance_by_hand() -> None:
    """More than the amount, not as much; the interval stays inside 0 and 1 (Wilson)."""
    found = exceedance(np.array([1, 2, 2, 3]), 2)
    assert found.value == 0.25
    assert found.standard_error == pytest.approx(np.sqrt(0.25 * 0.75 / 4))
    none = exceedance(np.arange(100), 1_000)
    z2 = 1.959964**2
    assert none.value == 0 and none.low == 0
    assert none.high == pytest.approx(z2 / (100 + z2), rel=1e-5)
    whole = exceedance(np.arange(100), -1)
    assert whole.value == 1 and whole.high == 1 and whole.low == pytest.approx(1 - none.high)


def test_too_few_draws_refuse_the_figure_and_say_how_many_it_needs() -> None:
    """The number that is named is enough, and one draw in twenty less is not."""
    sample = np.arange(150.0)
    with pytest.raises(
        TooFewDrawsError, match=r"quantile at 95.0% rests on 7 of 150 draws; it needs 10: run at least 200"
    ) as error:
        quantile(sample, 0.95)
    assert error.value.refusal.least == 200
    quantile(np.arange(200.0), 0.95)
    quantile(np.arange(200.0), 0.05)
    for p in (0.9, 0.95, 0.99):
        needs = int(np.ceil(MIN_BEYOND / (1 - p) - 1e-9))
        quantile(np.arange(needs), p)
        with pytest.raises(TooFewDrawsError):
            quantile(np.arange(needs - needs // MIN_BEYOND), p)
        needs = int(np.ceil(MIN_TAIL / (1 - p) - 1e-9))
        tail_mean(np.arange(needs), p)
        with pytest.raises(TooFewDrawsError):
            tail_mean(np.arange(needs - needs // MIN_TAIL), p)
    with pytest.raises(TooFewDrawsError):
        mean(np.array([5]))
    with pytest.raises(TooFewDrawsError):
        mean(np.array([]))


@pytest.mark.parametrize("p", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("figure", [quantile, tail_mean])
def test_the_number_of_draws_that_a_refusal_names_is_exact(figure: object, p: float) -> None:
    with pytest.raises(TooFewDrawsError) as error:
        figure(np.arange(20), p)  # type: ignore[operator]
    least = {quantile: MIN_BEYOND, tail_mean: MIN_TAIL}[figure]  # type: ignore[index]
    assert error.value.refusal.least == round(least / (1 - p))


# ------------------------------------------------------------------ stratified draws

M = 64


def stratified(rng: np.random.Generator, groups: int, part: int = 0) -> np.ndarray:
    """Latin hypercube draws of x1 + x2 + x1 x2 + chance: exponential, normal, normal; a part of a group last."""
    places = rng.permuted(np.tile(np.arange(M), (groups + 1, 2, 1)), axis=2)
    u = (places + rng.uniform(size=places.shape)) / M
    first, second = -np.log1p(-u[:, 0]), stats.norm.ppf(u[:, 1])
    values = first + second + 0.3 * (first - 1) * second + 0.7 * rng.normal(size=first.shape)
    return np.asarray(values.ravel()[: groups * M + part])


def test_an_error_between_groups_by_hand() -> None:
    """Ten groups of two with means 1 to 10: that of ten independent numbers, and Student's 9 degrees."""
    sample = np.repeat(np.arange(1, 11), 2) + np.tile([-5, 5], 10)
    found = mean(sample, group=2)
    error = np.sqrt(np.var(np.arange(1, 11), ddof=1) / 10)
    assert (found.value, found.standard_error) == (5.5, pytest.approx(error))
    assert found.high - 5.5 == pytest.approx(2.262157 * error, rel=1e-6)
    # One draw more is a draw of its own.
    more = np.append(sample, 20)
    found = mean(more, group=2)
    variance = (20 / 21) ** 2 * error**2 + np.var(more, ddof=1) / 21**2
    assert found.standard_error == pytest.approx(np.sqrt(variance))


def test_too_few_groups_leave_the_wide_error() -> None:
    sample = stratified(np.random.default_rng(1), MIN_GROUPS - 1, M - 1)
    for figure in (mean, lambda x, **g: quantile(x, 0.9, **g), lambda x, **g: tail_mean(x, 0.9, **g)):
        assert figure(sample, group=M) == figure(sample)
        more = np.append(sample, sample[:1])
        assert figure(more, group=M) != figure(more)
        assert figure(more, group=M).value == figure(more).value
    assert exceedance(sample, 1.0, group=M) == exceedance(sample, 1.0)
    assert exceedance(np.arange(1_000), 2_000, group=M) == exceedance(np.arange(1_000), 2_000)


@pytest.mark.parametrize(("groups", "part"), [(10, 0), (32, 40), (150, 0)])
def test_intervals_between_groups_hold_the_truth_in_95_percent(groups: int, part: int) -> None:
    """1,500 samples, each figure: coverage within 95 % +- 3 points, the stated error the true one to 12 %.

    The wide error of independent draws overstates each of them. Coverage is not exactly 95 %: groups are few
    and their means not normal, for which 2 points are allowed besides chance (z = 5: 2.8 points).
    """
    rng = np.random.default_rng(20_250_104 + groups)
    truth = stratified(rng, 60_000)
    level = float(np.quantile(truth, 0.9))
    figures = {
        "mean": (mean, truth.mean()),
        "quantile": (lambda x, **g: quantile(x, 0.9, **g), level),
        "tail": (lambda x, **g: tail_mean(x, 0.9, **g), truth[truth > level].mean()),
        "beyond": (lambda x, **g: exceedance(x, level, **g), (truth > level).mean()),
    }
    samples = [stratified(rng, groups, part) for _ in range(1_500)]
    for name, (figure, true) in figures.items():
        found = [figure(sample, group=M) for sample in samples]
        held = np.mean([one.low <= true <= one.high for one in found])
        assert abs(held - 0.95) < 0.028 + 0.02, (name, held)
        spread = np.std([one.value for one in found], ddof=1)
        stated = np.sqrt(np.mean([one.standard_error**2 for one in found]))
        assert stated == pytest.approx(spread, rel=0.12), name
        wide = np.sqrt(np.mean([figure(sample).standard_error ** 2 for sample in samples]))
        assert wide > 1.1 * spread, name


@pytest.mark.parametrize("n", [200, 400, 1_000, 2_000, 10_000])
@pytest.mark.parametrize("p", [0.05, 0.5, 0.9, 0.95])
def test_the_exact_coverage_of_the_interval_is_at_least_95_percent(n: int, p: float) -> None:
    """For any continuous law: the ranks are read off 1 to n, and a binomial count decides; not above 97.5 %."""
    found = quantile(np.arange(1, n + 1), p)
    low, high = int(found.low), int(found.high)
    # It lies between the ordered draws `low` and `high` when `low` to `high` - 1 draws are below it.
    coverage = stats.binom.cdf(high - 1, n, p) - stats.binom.cdf(low - 1, n, p)
    assert 0.95 <= coverage <= 0.975


@pytest.mark.parametrize("n", [200, 2_000])
def test_the_interval_of_a_mean_holds_it_in_95_percent(n: int) -> None:
    """3,000 samples of exponentials: near 95 %, less what their skewness costs (Hall: about 1 / n); sees 2 %."""
    samples = np.random.default_rng(20250105).exponential(size=(3_000, n))
    found = [mean(sample) for sample in samples]
    holds = np.array([one.low <= 1.0 <= one.high for one in found])
    allowed = stats.norm.isf(0.5e-6) * np.sqrt(0.95 * 0.05 / len(holds)) + 2 / n
    assert abs(holds.mean() - 0.95) <= allowed


def test_the_interval_of_a_tail_mean_holds_it_in_nearly_95_percent() -> None:
    """The worst 10 % of 5,000 exponentials have the mean 1 + log 10; 1,000 samples; sees 5 %."""
    samples = np.random.default_rng(20250106).exponential(size=(1_000, 5_000))
    found = [tail_mean(sample, 0.9) for sample in samples]
    holds = np.array([one.low <= 1 + np.log(10) <= one.high for one in found])
    assert abs(holds.mean() - 0.95) <= stats.norm.isf(0.5e-6) * np.sqrt(0.95 * 0.05 / len(holds)) + 0.01


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_the_exact_coverage_of_an_exceedance_is_near_95_percent(share: float) -> None:
    """Over the binomial law of the count among 1,000 draws; Wilson's interval swings around its level."""
    n, coverage = 1_000, 0.0
    for count in range(n + 1):
        chance = stats.binom.pmf(count, n, share)
        if chance > 1e-12:
            one = exceedance((np.arange(n) < count).astype(np.int64), 0)
            coverage += chance * (one.low <= share <= one.high)
    assert 0.935 <= coverage <= 0.97
