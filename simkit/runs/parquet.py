"""Outlays to and from Parquet, which anything opens: ids as text, some rows at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from simkit.awards.outlays import CELL_FIELDS, Outlays
from simkit.policy.schema import Policy

__all__ = ["read_outlays", "write_outlays"]

#: Rows that are turned into names, or back, at a time: memory follows this, not the run.
_ROWS = 250_000
#: More than the values that a field of a cell may have: years since 1900, positions, quarters.
_SPAN = 1_024


def write_outlays(outlays: Outlays, policy: Policy, path: Path) -> None:
    """Rows (draw, earned year, paid year, measure, fund, district, quarter, fen)."""
    schema = _table(outlays, policy, slice(0, 0)).schema
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, max(1, len(outlays.fen)), _ROWS):
            writer.write_table(_table(outlays, policy, slice(first, first + _ROWS)))


def _table(outlays: Outlays, policy: Policy, some: slice) -> pa.Table:
    cells = outlays.cells[outlays.cell[some]]

    def names(positions: npt.NDArray[Any], values: list[str]) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(pa.array(positions.astype(np.int16)), pa.array(values))

    known = _names(policy)
    return pa.table(
        {
            "draw": pa.array(outlays.draw[some]),
            "earned_year": pa.array(cells["earned"]),
            "paid_year": pa.array(cells["paid"]),
            "measure": names(cells["measure"], known["measure"]),
            "fund": names(cells["fund"], known["fund"]),
            "district": names(cells["district"] + 1, known["district"]),
            "quarter": pa.array(cells["quarter"].astype(np.int8)),
            "fen": pa.array(outlays.fen[some]),
        }
    )


def _names(policy: Policy) -> dict[str, list[str]]:
    """Names by position; no district is -1, and comes first."""
    return {
        "measure": list(policy.measures),
        "fund": list(policy.funds),
        "district": ["", *policy.districts],
    }


def read_outlays(path: Path, policy: Policy, draws: int) -> Outlays:
    """The outlays that `write_outlays` wrote."""
    file = pq.ParquetFile(path)
    size = file.metadata.num_rows
    draw, cell = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    fen = np.empty(size, dtype=np.int64)
    known, parts, at = np.zeros(0, dtype=np.int64), [], 0
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        rows = slice(at, at + len(table))
        draw[rows], fen[rows] = _numbers(table["draw"]), _numbers(table["fen"])
        # A cell as one number: finding the different ones among many rows is then quick.
        numbers, cell[rows] = np.unique(_packed(table, _names(policy)), return_inverse=True)
        known, at = np.union1d(known, numbers), rows.stop
        parts.append((rows, numbers))
    for rows, numbers in parts:
        cell[rows] = np.searchsorted(known, numbers)[cell[rows]]
    return Outlays(draws=draws, draw=draw, cell=cell, fen=fen, cells=_cells(known))


def _packed(table: pa.Table, names: dict[str, list[str]]) -> npt.NDArray[np.int64]:
    packed = np.zeros(len(table), dtype=np.int64)
    for name in CELL_FIELDS:
        if name in names:
            values = _positions(table[name].combine_chunks(), names[name]) - (name == "district")
        else:
            values = _numbers(table[f"{name}_year" if name in ("earned", "paid") else name])
        packed = packed * _SPAN + values.astype(np.int64) - _least(name)
    return packed


def _positions(column: Any, values: list[str]) -> npt.NDArray[np.int64]:
    """Places of the words of a dictionary column among `values`."""
    lookup = np.array([values.index(word) for word in column.dictionary.to_pylist()], dtype=np.int64)
    return np.asarray(lookup[np.from_dlpack(column.indices)])


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """A column of numbers, none missing; pyarrow's own `to_numpy` would import pandas."""
    return np.from_dlpack(column.combine_chunks())


def _cells(packed: npt.NDArray[np.int64]) -> npt.NDArray[np.void]:
    cells = np.zeros(len(packed), dtype=[(name, np.int16) for name in CELL_FIELDS])
    for name in reversed(CELL_FIELDS):
        packed, value = np.divmod(packed, _SPAN)
        cells[name] = value + _least(name)
    return cells


def _least(name: str) -> int:
    return 1_900 if name in ("earned", "paid") else -1
