"""Co-TVaR: parts add up to the total's tail mean, atoms are split, order does not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simkit.base.errors import TooFewDrawsError
from simkit.sizing.allocation import tail_shares
from simkit.sizing.quantiles import tail_mean


def test_shares_by_hand() -> None:
    """600 draws, 30 in the tail: the parts' means over exactly those."""
    parts = np.zeros((600, 2), dtype=np.int64)
    parts[:30] = [90, 10]
    parts[30:300] = [0, 50]
    parts[300:] = [20, 0]
    assert tail_shares(parts, 0.95) == pytest.approx([90.0, 10.0])
    # 90 %: 60 draws, 30 of 100 and 30 of the 270 that tie at 50.
    assert tail_shares(parts, 0.9) == pytest.approx([45.0, 5.0 + 25.0])


def test_an_atom_is_shared_by_all_that_tie() -> None:
    """Two ways to the same total, 60 and 40 of 100 draws of the atom: half of the atom is in the tail."""
    parts = np.zeros((1_000, 2), dtype=np.int64)
    parts[:60] = [10, 0]
    parts[60:100] = [0, 10]
    for order in (np.arange(1_000), np.arange(1_000)[::-1], np.random.default_rng(1).permutation(1_000)):
        assert tail_shares(parts[order], 0.95) == pytest.approx([6.0, 4.0])


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1), st.integers(600, 640), st.integers(1, 1_000), st.sampled_from([0.9, 0.95]))
def test_parts_add_up_to_the_tail_mean(seed: int, draws: int, largest: int, p: float) -> None:
    """With small amounts nearly all totals tie."""
    parts = np.random.default_rng(seed).integers(0, largest + 1, size=(draws, 3))
    shares = tail_shares(parts, p)
    assert shares.sum() == pytest.approx(tail_mean(parts.sum(axis=1), p).value, rel=1e-12, abs=1e-12)
    assert (shares >= 0).all()
    assert tail_shares(parts[::-1], p) == pytest.approx(shares)
    assert tail_shares(parts[:, ::-1], p)[::-1] == pytest.approx(shares)


def test_large_money_loses_nothing() -> None:
    """Billions of yuan in fen: the shares still add up to a fen."""
    rng = np.random.default_rng(2)
    parts = rng.integers(0, 10**13, size=(2_000, 4))
    assert abs(tail_shares(parts, 0.95).sum() - tail_mean(parts.sum(axis=1), 0.95).value) < 1


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(
        TooFewDrawsError, match=r"rests on 29 of 599 draws; it needs 30: run at least 600 draws"
    ):
        tail_shares(np.ones((599, 2), dtype=np.int64), 0.95)
    assert tail_shares(np.ones((600, 2), dtype=np.int64), 0.95) == pytest.approx([1.0, 1.0])
