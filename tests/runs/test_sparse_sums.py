"""Tally: reads and sums like the whole array that it was made from, keeps only columns that are not 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.base.errors import RunError
from simkit.runs.sparse_sums import join_tallies, pack, read_tally, tally, tally_parts

LARGEST = 2**62


def whole(seed: int, draws: int, axes: tuple[int, ...], largest: int, share: float) -> np.ndarray:
    """Whole numbers of which a share of the columns is 0."""
    source = np.random.default_rng(seed)
    values = source.integers(0, largest, size=(draws, *axes))
    return np.asarray(values * (source.random(axes) < share))


def with_sum(array: np.ndarray) -> np.ndarray:
    """The same with the first place of the last axis the sum of the two after it, or of one."""
    first = array[..., 1:3].sum(axis=-1, keepdims=True)
    return np.concatenate([first, array[..., 1:]], axis=-1)


wholes = st.builds(
    whole,
    st.integers(0, 1_000),
    st.integers(1, 5),
    st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple),
    st.sampled_from([2, 256, 257, 2**16, 2**32, LARGEST]),
    st.sampled_from([0.0, 0.4, 1.0]),
)

KEYS: list[Any] = [
    ...,
    slice(None),
    slice(1, 3),
    slice(None, None, 2),
    0,
    -1,
    (..., 6),
    (..., slice(None, 5)),
    (..., [1, 3, 5]),
    (slice(None), 1),
    (slice(None), [2, 0]),
    (slice(None), np.array([True, False, True])),
    (slice(None), [], 1),
    (slice(2), slice(None), slice(None), 4),
    (0, 0, 0),
    (3, slice(None), 1, 2),
]


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_it_reads_like_the_array(key: Any) -> None:
    array = whole(1, 4, (3, 2, 7), 1_000, 0.5)
    assert 0 < len(tally(array).places) < array[0].size
    found = tally(array)[key]
    assert found.dtype == array.dtype and found.shape == array[key].shape
    assert np.array_equal(found, array[key])


@given(wholes)
def test_nothing_is_lost(array: np.ndarray) -> None:
    """Whatever the size of the numbers: values, type, shape, sums over every set of axes."""
    one = tally(array)
    assert np.array_equal(np.asarray(one), array)
    assert (one.shape, one.dtype, len(one)) == (array.shape, array.dtype, len(array))
    assert (one.values != 0).any(axis=1).all()
    small = array // len(array) // array[0].size  # so that no sum leaves int64
    kept = tally(small)
    axes = range(array.ndim)
    for chosen in [None, *axes, *[(a, b) for a in axes for b in axes if a < b]]:
        assert np.array_equal(kept.sum(chosen), small.sum(axis=chosen)), chosen
    assert np.array_equal(kept.totals(), small.sum(axis=0))
    assert np.array_equal(kept.merged(array.ndim - 1)[...], small.sum(axis=-1))


@given(wholes, st.data())
def test_some_places_alone(array: np.ndarray, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, array.shape[1] - 1)))
    expected = np.zeros_like(array)
    expected[:, chosen] = array[:, chosen]
    assert np.array_equal(tally(array).only(chosen)[...], expected)
    mask = np.isin(np.arange(array.shape[1]), chosen)
    assert np.array_equal(tally(array).only(mask)[...], expected)


@given(wholes, st.data())
def test_blocks_join_to_the_whole(array: np.ndarray, data: st.DataObject) -> None:
    """Cut anywhere: the same bytes as never cut, though a block's types may be smaller."""
    cut = data.draw(st.integers(1, len(array)))
    parts = [tally(part) for part in (array[:cut], array[cut:]) if len(part)]
    joined, once = join_tallies(parts), tally(array)
    assert joined.values.dtype == once.values.dtype
    assert np.array_equal(joined.values, once.values) and np.array_equal(joined.places, once.places)
    assert (joined.axes, joined.draws, joined.read_as) == (once.axes, once.draws, once.read_as)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "uint8"),
        ([0, 255], "uint8"),
        ([256], "uint16"),
        ([65_535], "uint16"),
        ([65_536], "uint32"),
        ([2**32 - 1], "uint32"),
        ([2**32], "int64"),
        ([2**63 - 1], "int64"),
        ([-1, 5], "int64"),
    ],
)
def test_the_smallest_type_that_holds_them(values: list[int], kind: str) -> None:
    packed = pack(np.array(values, dtype=np.int64))
    assert packed.dtype == kind and packed.tolist() == values


def test_it_comes_back_from_its_parts() -> None:
    array = whole(3, 4, (3, 2), 70_000, 0.5).astype(np.int32)
    again = read_tally(tally_parts("some", tally(array)), "some")
    assert again.dtype == np.int32 and again.shape == array.shape
    assert np.array_equal(again[...], array)


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_a_sum_that_is_not_kept_is_read_all_the_same(key: Any) -> None:
    array = with_sum(whole(1, 4, (3, 2, 7), 1_000, 0.5))
    one = tally(array, summed=2)
    assert array[..., 0].any() and (np.unravel_index(one.places, one.axes)[-1] > 0).all()
    assert np.array_equal(one[key], array[key])


@given(st.integers(0, 1_000))
def test_sums_count_what_is_not_kept(seed: int) -> None:
    array = with_sum(whole(seed, 3, (3, 2, 4), 70_000, 0.6))
    one = read_tally(tally_parts("x", tally(array, summed=2)), "x")
    for chosen in [None, 0, 1, 2, 3, (0, 2), (1, 2), (2, 3), (0, 3), (1, 2, 3), (0, 1, 2, 3)]:
        assert np.array_equal(one.sum(chosen), array.sum(axis=chosen)), chosen
    assert np.array_equal(one.only([1]).merged(2)[:, 1], array.sum(axis=2)[:, 1])
    assert np.array_equal(join_tallies([one, one])[3:], array)


def test_a_sum_that_does_not_foot_is_refused() -> None:
    array = with_sum(whole(1, 4, (3, 2, 7), 1_000, 1.0))
    array[2, 1, 1, 0] += 1
    with pytest.raises(RunError, match="do not add up to gross"):
        tally(array, summed=2)
