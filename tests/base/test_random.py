"""Random numbers by address: the published vectors, the range, and independence of order."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simkit.base import random as streams
from simkit.base.random import GROUP, Latin, Mixed, decision, philox, uniform_pair, uniforms

# Known-answer vectors of the Random123 distribution for philox4x32-10: counter, key, result.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_philox_gives_the_published_vectors(counter, key, expected):
    assert tuple(int(word) for word in philox(*counter, *key)) == expected


def test_every_part_of_the_address_moves_the_number():
    address = [7, decision("a", "b"), 3, 2024, 11, 2]
    base = uniform_pair(*address)
    for place in range(6):
        other = list(address)
        other[place] += 1
        assert uniform_pair(*other) != base


def test_uniforms_stay_inside_the_open_interval_and_do_not_depend_on_order():
    draws = np.arange(20_000, dtype=np.int64)
    values = uniforms(1, decision("x", "y"), draws, 0)
    backwards = uniforms(1, decision("x", "y"), draws[::-1].copy(), 0)
    assert values.min() > 0 and values.max() < 1
    assert np.array_equal(values, backwards[::-1])
    # Mean of 20,000 uniforms: standard deviation 1 / sqrt(12 n); 5 of them is a false alarm of 6e-7.
    assert abs(values.mean() - 0.5) < 5 / np.sqrt(12 * 20_000)


# ------------------------------------------------------------------ stratified


def strata(asked: int, groups: int, seed: int = 3) -> np.ndarray:
    """Stratum of each draw of the first groups: int[group, place]."""
    values = uniforms(Latin(seed), asked, np.arange(groups * GROUP), 0)
    return np.floor(values * GROUP).astype(int).reshape(groups, GROUP)


def test_a_stratified_uniform_by_hand():
    """How many ordinary uniforms of the group lie below the draw's own, and the second of its pair."""
    asked, draw = decision("x", "y"), 5 * GROUP + 17
    pairs = [uniform_pair(3, asked, one, 0, 0, 2) for one in range(5 * GROUP, 6 * GROUP)]
    below = sum(pair[0] < pairs[17][0] for pair in pairs)
    (value,) = uniforms(Latin(3), asked, np.array([draw]), 2)
    assert value == pytest.approx((below + pairs[17][1]) / GROUP, abs=2**-51)


def test_each_group_is_latin():
    """Every stratum once in every group, for every question and index; no other group or question the same."""
    seen = set()
    for asked in (decision(name, "parameter") for name in "abcd"):
        for index in (0, 2024):
            values = uniforms(Latin(9), asked, np.arange(50 * GROUP), index).reshape(50, GROUP)
            places = np.floor(values * GROUP).astype(int)
            assert np.array_equal(np.sort(places, axis=1), np.tile(np.arange(GROUP), (50, 1)))
            seen |= {tuple(row) for row in places.tolist()}
    assert len(seen) == 4 * 2 * 50


def test_every_place_meets_every_stratum_as_often():
    """Chi-square of place by stratum over 10,000 groups; its law for permutation matrices has (m - 1)^2 degrees.

    And the step from a draw's stratum to that of the next, around the circle: m - 1 steps as likely.
    """
    groups = 10_000
    found = strata(decision("x", "y"), groups)
    cell = np.bincount((np.arange(GROUP) * GROUP + found).ravel(), minlength=GROUP**2)
    mean = groups / GROUP
    chi = ((cell - mean) ** 2 / mean).sum() * (GROUP - 1) / GROUP
    degrees = (GROUP - 1) ** 2
    assert abs(chi - degrees) < 5 * np.sqrt(2 * degrees)
    step = np.bincount(((found[:, 1] - found[:, 0]) % GROUP), minlength=GROUP)
    assert step[0] == 0
    mean = groups / (GROUP - 1)
    chi = ((step[1:] - mean) ** 2 / mean).sum()
    assert abs(chi - (GROUP - 2)) < 6 * np.sqrt(2 * (GROUP - 2))


def test_the_marginals_are_uniform():
    """Draws of one place in every group are independent: Kolmogorov and Smirnov's test, a false alarm of 1e-6."""
    values = uniforms(Latin(4), decision("x", "y"), np.arange(20_000 * GROUP), 0).reshape(20_000, GROUP)
    for place in (0, 1, GROUP - 1):
        assert stats.kstest(values[:, place], "uniform").pvalue > 1e-6 / 6
        assert stats.kstest(values[:, place] * GROUP % 1, "uniform").pvalue > 1e-6 / 6
    assert values.min() > 0 and values.max() < 1


def test_questions_are_independent():
    """Of 10 questions each pair: products of scores have mean 0 and, over permutations, variance m / (m - 1)."""
    n = 2_000 * GROUP
    asked = [(decision(name, "parameter"), 0) for name in "abcdefg"] + [(1, 2023), (1, 2024), (2, 2024)]
    values = np.stack([uniforms(Latin(5), one, np.arange(n), index) for one, index in asked])
    score = (values - 0.5) * np.sqrt(12)
    correlations = (score @ score.T / n)[np.triu_indices(len(asked), 1)]
    assert np.abs(correlations).max() < 5 * np.sqrt(GROUP / (GROUP - 1) / n)


def test_a_stratified_number_depends_on_its_address_alone():
    """Not on which draws are asked with it, in which order, nor how many."""
    asked = decision("x", "y")
    whole = uniforms(Latin(1), asked, np.arange(10 * GROUP), 0)
    some = np.random.default_rng(1).permutation(10 * GROUP)[:100]
    assert np.array_equal(uniforms(Latin(1), asked, some, 0), whole[some])
    for draw in (0, GROUP - 1, GROUP, 10 * GROUP - 1):
        assert uniforms(Latin(1), asked, np.array([draw]), 0) == whole[draw]
    others = [(Latin(2), asked, 0), (Latin(1), asked + 1, 0), (Latin(1), asked, 1), (1, asked, 0)]
    for seed, question, index in others:
        assert (uniforms(seed, question, np.arange(10 * GROUP), index) != whole).all()


def test_the_highest_stratum_ends_below_one(monkeypatch):
    """The highest uniform there is, in the highest stratum; the lowest in the lowest."""

    def fill(seed, asked, draws, index, pairs):
        pairs[:, 0] = draws / 1e6
        pairs[:, 1] = np.where(draws == 0, 0.5 * 2**-52, 1 - 0.5 * 2**-52)

    monkeypatch.setattr(streams, "_fill", fill)
    values = uniforms(Latin(1), 0, np.arange(GROUP), 0)
    assert 0 < values[0] < 2**-52 and values[-1] == 1 - 0.5 * 2**-52 < 1


def test_mixed_luck_swaps_and_holds_what_is_asked_and_nothing_else() -> None:
    draws = np.arange(100)
    mixed = Mixed(1, other=2, swapped=frozenset([7]), held={8: 0.9})
    assert np.array_equal(uniforms(mixed, 7, draws, 3), uniforms(2, 7, draws, 3))
    assert np.array_equal(uniforms(mixed, 8, draws, 3), np.full(100, 0.9))
    assert np.array_equal(uniforms(mixed, 9, draws, 3), uniforms(1, 9, draws, 3))
