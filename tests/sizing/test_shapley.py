"""Shapley values: the axioms that define them, games whose values are known, and rounding that keeps the sum."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.sizing.shapley import shapley_of_all_sets, whole_shares

MONEY = st.integers(0, 10**11)


@st.composite
def games(draw: st.DrawFn, most: int = 5) -> np.ndarray:
    """Any values of the sets of some players, the empty set's 0: not monotone, not additive."""
    players = draw(st.integers(1, most))
    values = draw(st.lists(MONEY, min_size=2**players, max_size=2**players))
    return np.array([0, *values[1:]], dtype=np.int64)


def by_orders(values: np.ndarray) -> list[Fraction]:
    """The mean over all orders of what each player adds to those before it: the definition, counted out."""
    players = len(values).bit_length() - 1
    sums = [0] * players
    for order in permutations(range(players)):
        before = 0
        for player in order:
            sums[player] += int(values[before | 1 << player]) - int(values[before])
            before |= 1 << player
    return [Fraction(one, factorial(players)) for one in sums]


def shapley(values: np.ndarray) -> list[Fraction]:
    found = shapley_of_all_sets(values)
    return [Fraction(int(one), factorial(len(found))) for one in found]


@given(games())
def test_it_is_the_mean_over_all_orders(values: np.ndarray) -> None:
    assert shapley(values) == by_orders(values)


@given(games())
def test_the_players_make_all_that_there_is(values: np.ndarray) -> None:
    """Efficiency, exactly."""
    assert sum(shapley(values)) == int(values[-1])


@given(games(4), MONEY)
def test_who_adds_the_same_to_every_set_gets_that(values: np.ndarray, worth: int) -> None:
    """Dummy: one player more, whom nobody meets, gets its worth, and leaves the others theirs."""
    found = shapley(np.concatenate([values, values + worth]))
    assert found[-1] == worth
    assert found[:-1] == shapley(values)


@given(games(4), st.data())
def test_who_adds_the_same_as_another_gets_the_same(values: np.ndarray, data: st.DataObject) -> None:
    """Symmetry: values that do not tell two players apart, and players under other numbers."""
    players = len(values).bit_length() - 1
    order = data.draw(st.permutations(range(players)))
    renamed = [
        sum(1 << order[player] for player in range(players) if one >> player & 1) for one in range(2**players)
    ]
    other = np.zeros_like(values)
    other[renamed] = values
    found = shapley(other)
    assert [found[order[player]] for player in range(players)] == shapley(values)
    by_size = np.array([0, *(data.draw(MONEY) for _ in range(players))], dtype=np.int64)
    alike = by_size[[int(one).bit_count() for one in range(2**players)]]
    assert len(set(shapley(alike))) == 1


@given(games(3), games(3))
def test_two_games_at_once_give_the_sum(one: np.ndarray, other: np.ndarray) -> None:
    """Additivity: of draws above all; several games stand side by side on the later axes."""
    if len(one) != len(other):
        return
    both = shapley_of_all_sets(np.stack([one, other, one + other], axis=1))
    assert (both[:, 0] + both[:, 1] == both[:, 2]).all()


def test_the_glove_game() -> None:
    """One left glove, two right ones, a pair worth 6: 4 to the left, 1 to each right (Shapley's own kind of market)."""
    pairs = [6 * (one & 1 and one & 6 != 0) for one in range(8)]
    assert shapley(np.array(pairs, dtype=np.int64)) == [4, 1, 1]


def test_the_airport_game() -> None:
    """A runway as long as its largest plane needs (Littlechild and Owen, 1973): each length is shared by its users."""
    needs = [3, 5, 11]
    costs = [max((needs[player] for player in range(3) if one >> player & 1), default=0) for one in range(8)]
    assert shapley(np.array(costs, dtype=np.int64)) == [1, 1 + 1, 1 + 1 + 6]


def test_money_of_a_draw_stays_within_int64() -> None:
    """The most players, each set worth 10 billion yuan."""
    values = np.full(2**10, 10**12, dtype=np.int64)
    values[0] = 0
    assert shapley(values) == [Fraction(10**12, 10)] * 10


@given(st.lists(st.fractions(-(10**6), 10**6), min_size=1, max_size=8))
def test_rounded_parts_keep_their_sum(parts: list[Fraction]) -> None:
    """And none moves by a whole."""
    parts.append(-sum(parts) % 1)
    whole = whole_shares(parts)
    assert sum(whole) == sum(parts)
    assert all(abs(one - part) < 1 for one, part in zip(whole, parts, strict=True))


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["1/3", "1/3", "1/3"], [1, 0, 0]),
        (["1/2", "3/2", "5"], [1, 1, 5]),
        (["-1/4", "3/4", "1/2"], [0, 1, 0]),
    ],
)
def test_the_largest_remainders_are_rounded_up(parts: list[str], whole: list[int]) -> None:
    assert whole_shares([Fraction(one) for one in parts]) == whole
