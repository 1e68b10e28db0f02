"""Array aliases, and the one check of lengths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.errors import InputError

__all__ = [
    "BoolArray",
    "DayArray",
    "FenArray",
    "FloatArray",
    "IndexArray",
    "Records",
    "arrays_in",
    "check_length",
]

IndexArray = npt.NDArray[np.int64]
DayArray = npt.NDArray[np.int32]
FenArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
#: Rows of named fields.
Records = npt.NDArray[np.void]
BoolArray = npt.NDArray[np.bool_]


def arrays_in(struct: tuple[Any, ...]) -> Iterator[npt.NDArray[Any]]:
    """Every array of a struct and of the structs in it, in order of their fields."""
    for field in struct:
        if isinstance(field, tuple):
            yield from arrays_in(field)
        elif isinstance(field, np.ndarray):
            yield field


def check_length(axis: str, length: int, **columns: npt.NDArray[Any]) -> None:
    """Raise InputError unless every column has `length` rows along its first axis."""
    for name, column in columns.items():
        if len(column) != length:
            found = {"length": length, "axis": axis, "found": len(column)}
            raise InputError("error.column_length", name=name, **found)
