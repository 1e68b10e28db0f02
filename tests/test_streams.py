"""Random numbers by address: the published vectors, the range, and independence of order."""

from __future__ import annotations

import numpy as np
import pytest

from simkit.streams import decision, philox, uniform_pair, uniforms

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
