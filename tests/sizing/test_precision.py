"""Precision: which years count, how wide the widest is, and when a run is looked at."""

from __future__ import annotations

import numpy as np
import pytest

from simkit.base.errors import TooFewDrawsError
from simkit.sizing.precision import check_counts, widest
from simkit.sizing.quantiles import quantile


@pytest.mark.parametrize(
    ("limit", "counts"),
    [
        (2_000, [2_000]),
        (3_000, [2_000, 3_000]),
        (8_000, [2_000, 4_000, 8_000]),
        (9_001, [2_000, 4_000, 8_000, 9_001]),
    ],
)
def test_a_run_is_looked_at_whenever_it_has_doubled(limit: int, counts: list[int]) -> None:
    assert list(check_counts(limit)) == counts


def test_the_widest_by_hand() -> None:
    """P95 of 1 to 1,000 is 950, its interval from binomial ranks 936 to 964: half of 28 over 950."""
    steady, spread = np.full(1_000, 700), np.arange(1, 1_001)
    one = quantile(spread, 0.95)
    assert (one.value, one.low, one.high) == (950, 936, 964)
    found = widest(np.stack([steady, spread, steady], axis=1))
    assert found.column == 1 and found.share == pytest.approx(14 / 950)


def test_a_year_counts_from_one_percent_of_the_money_on() -> None:
    """One with just less may be as wide as it likes."""
    rare = np.where(np.arange(1_000) < 100, np.arange(1_000) * 100, 0)
    heavy = np.stack([np.full(1_000, rare.sum() * 99 // 1_000), rare], axis=1)
    light = np.stack([np.full(1_000, rare.sum() * 100 // 1_000), rare], axis=1)
    assert widest(heavy).column == 1 and widest(heavy).share > 0.1
    assert widest(light).share == 0 and widest(light).column == 0


def test_money_in_fewer_than_one_draw_of_twenty_is_never_precise() -> None:
    """Its P95 is 0 and the interval's upper end is not, or both are 0 and it is exact."""
    for many, share in ((48, float("inf")), (5, 0.0)):
        samples = np.where(np.arange(1_000) < many, 10**6, 0)[:, np.newaxis]
        assert widest(samples).share == share


def test_nothing_paid_is_precise_and_too_few_draws_are_refused() -> None:
    assert widest(np.zeros((100, 3), dtype=np.int64)) == (0.0, -1)
    with pytest.raises(TooFewDrawsError, match="run at least 200 draws"):
        widest(np.ones((199, 1), dtype=np.int64))
