"""Blocks: joined in order, to and from bytes, and a torn one noticed."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.awards.outlays import Layout
from simkit.runs.block import Block, from_bytes, join_arrays, join_outlays, join_sums, make_block, to_bytes
from simkit.runs.sparse_sums import tally

LAYOUT = Layout(
    measures=3, first_earned=2024, earned=2, paid=5, purse_fund=(0, 1, 1, 2), purse_district=(-1, 0, 1, -1)
)


def block(first: int, last: int, rows: list[list[int]]) -> Block:
    outlays = np.array(rows, dtype=np.int64).reshape(-1, 3)
    money = np.arange(first, last)[:, np.newaxis] * np.array([0, 1, 1_000])
    worth = np.arange(first, min(last, 2))[:, np.newaxis] - 5
    return make_block((first, last), outlays, {"money": tally(money)}, {"worth": worth})


FIRST = block(0, 3, [[0, 7, 100], [2, 99, 5]])
SECOND = block(3, 5, [[0, 7, 1], [0, 8, 10**15]])


def same(one: Block, other: Block) -> bool:
    """The same to the type and byte."""
    return pickle.dumps(parts_of(one)) == pickle.dumps(parts_of(other))


def parts_of(one: Block) -> list[object]:
    arrays = [one.rows, one.cells, one.cell, one.fen, *one.arrays.values()]
    arrays += [part for kept in one.tallies.values() for part in (kept.places, kept.values)]
    kinds = [(kept.draws, kept.axes, kept.read_as) for kept in one.tallies.values()]
    names = [*one.tallies, *one.arrays]
    return [one.first, one.last, names, kinds, [(part.dtype.name, part.tolist()) for part in arrays]]


def test_blocks_join_in_order_and_keep_only_cells_with_money() -> None:
    joined = join_outlays([FIRST, SECOND], LAYOUT)
    assert joined.draws == 5
    assert joined.draw.tolist() == [0, 2, 3, 3]
    assert joined.fen.tolist() == [100, 5, 1, 10**15]
    assert np.array_equal(joined.cells[joined.cell], LAYOUT.cells(np.array([7, 99, 7, 8])))
    assert len(joined.cells) == 3
    assert (joined.draw.dtype, joined.cell.dtype, joined.fen.dtype) == (np.int32, np.int32, np.int64)
    empty = join_outlays([block(0, 5, [])], LAYOUT)
    assert len(empty.fen) == len(empty.cells) == 0 and empty.draws == 5


def test_sums_and_arrays_join_along_the_draws() -> None:
    """An array of the first draws only has what they have."""
    assert join_sums([FIRST, SECOND], "money")[...].tolist() == [[0, n, 1_000 * n] for n in range(5)]
    assert join_arrays([FIRST, SECOND], "worth").tolist() == [[-5], [-4]]


@pytest.mark.parametrize("one", [FIRST, SECOND, block(0, 1, [])])
def test_a_block_comes_back_from_its_bytes(one: Block) -> None:
    again = from_bytes(to_bytes(one))
    assert again is not None and same(again, one)
    assert to_bytes(again) == to_bytes(one)
    assert same(pickle.loads(pickle.dumps(one)), one)


@given(st.data())
def test_torn_or_changed_bytes_are_noticed(data: st.DataObject) -> None:
    """Cut short anywhere, one bit anywhere, or bytes too many."""
    whole = to_bytes(SECOND)
    assert from_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))]) is None
    changed = bytearray(whole)
    changed[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert from_bytes(bytes(changed)) is None
    assert from_bytes(whole + b"\0") is None
