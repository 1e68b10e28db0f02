"""Block: what is kept of some draws, complete in itself: joined with others, written, sent."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.awards.outlays import Layout, Outlays
from simkit.base.arrays import IndexArray, check_length
from simkit.runs.sparse_sums import Tally, join_tallies, pack, read_tally, tally_parts

__all__ = ["Block", "from_bytes", "join_arrays", "join_outlays", "join_sums", "make_block", "to_bytes"]

_DIGEST = 32
_TALLY, _ARRAY = "tally.", "array."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Sums of the draws from `first` to before `last`.

    Attributes
    ----------
    first, last : int
    rows : int32[draw]
        Rows of outlays of each draw.
    cells : int64[cell]
        Numbers (of the Layout) of the cells that hold money, ascending.
    cell : uint[row]
        Place of each row's cell among `cells`; rows by draw and cell.
    fen : uint[row]
        In the smallest type that holds them.
    tallies : dict of name to Tally
    arrays : dict of name to int[draw, ...]
        The same for what is seldom 0; one with fewer draws has those of the first.
    """

    first: int
    last: int
    rows: npt.NDArray[np.int32]
    cells: IndexArray
    cell: npt.NDArray[Any]
    fen: npt.NDArray[Any]
    tallies: Mapping[str, Tally]
    arrays: Mapping[str, npt.NDArray[Any]]

    def __post_init__(self) -> None:
        check_length("draw", self.last - self.first, rows=self.rows)
        check_length("outlay", len(self.fen), cell=self.cell)


def make_block(
    draws: tuple[int, int],
    outlays: IndexArray,
    tallies: Mapping[str, Tally],
    arrays: Mapping[str, npt.NDArray[Any]],
) -> Block:
    """A block from its rows of outlays, int64[row, 3]: draw of the block, number of the cell, fen."""
    first, last = draws
    cells, cell = np.unique(outlays[:, 1], return_inverse=True)
    return Block(
        first=first,
        last=last,
        rows=np.bincount(outlays[:, 0], minlength=last - first).astype(np.int32),
        cells=cells,
        cell=pack(cell),
        fen=pack(outlays[:, 2]),
        tallies=tallies,
        arrays=arrays,
    )


def join_outlays(blocks: Sequence[Block], layout: Layout) -> Outlays:
    """Outlays of blocks that follow each other from draw 0; only cells that ever hold money."""
    known = np.unique(np.concatenate([block.cells for block in blocks]))
    size = sum(len(block.fen) for block in blocks)
    draw, cell = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    fen = np.empty(size, dtype=np.int64)
    at = 0
    for block in blocks:
        rows = slice(at, at + len(block.fen))
        draw[rows] = np.repeat(np.arange(block.first, block.last, dtype=np.int32), block.rows)
        cell[rows] = np.searchsorted(known, block.cells).astype(np.int32)[block.cell]
        fen[rows] = block.fen
        at = rows.stop
    return Outlays(draws=blocks[-1].last, draw=draw, cell=cell, fen=fen, cells=layout.cells(known))


def join_sums(blocks: Sequence[Block], name: str) -> Tally:
    """One of the tallies, over all draws."""
    return join_tallies([block.tallies[name] for block in blocks])


def join_arrays(blocks: Sequence[Block], name: str) -> npt.NDArray[Any]:
    """One of the arrays, over all draws."""
    return np.concatenate([block.arrays[name] for block in blocks])


def to_bytes(block: Block) -> bytes:
    """A block as bytes, after their SHA-256: what is torn or changed is noticed."""
    parts = {
        "span": np.array([block.first, block.last]),
        "rows": block.rows,
        "cells": block.cells,
        "cell": block.cell,
        "fen": block.fen,
    }
    for name, one in block.tallies.items():
        parts |= tally_parts(f"{_TALLY}{name}", one)
    parts |= {f"{_ARRAY}{name}": one for name, one in block.arrays.items()}
    file = io.BytesIO()
    file.write(bytes(_DIGEST))
    np.savez(file, **parts)  # type: ignore[arg-type]  # no part is called allow_pickle
    whole = file.getbuffer()
    whole[:_DIGEST] = hashlib.sha256(whole[_DIGEST:]).digest()
    return bytes(whole)


def from_bytes(data: bytes) -> Block | None:
    """The block that `to_bytes` wrote; None where the bytes are not all there, or not the same."""
    content = memoryview(data)[_DIGEST:]
    if len(data) <= _DIGEST or hashlib.sha256(content).digest() != data[:_DIGEST]:
        return None
    with np.load(io.BytesIO(content)) as file:
        parts = {key: file[key] for key in file.files}
    first, last = parts["span"].tolist()
    tallies = [key.split(".")[1] for key in parts if key.startswith(_TALLY) and key.endswith(".values")]
    return Block(
        first=first,
        last=last,
        **{name: parts[name] for name in ("rows", "cells", "cell", "fen")},
        tallies={name: read_tally(parts, f"{_TALLY}{name}") for name in tallies},
        arrays={key[len(_ARRAY) :]: one for key, one in parts.items() if key.startswith(_ARRAY)},
    )
