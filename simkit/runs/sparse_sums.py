"""Sums by draw of which most are always zero: kept without those that are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import IndexArray, check_length
from simkit.base.errors import RunError

__all__ = ["Tally", "join_tallies", "pack", "read_tally", "tally", "tally_parts"]

_TYPES = (np.uint8, np.uint16, np.uint32)


def pack(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same whole numbers in the smallest unsigned type that holds them all, else as int64."""
    if values.size and values.min() >= 0:
        most = values.max()
        for one in _TYPES:
            if most <= np.iinfo(one).max:
                return values.astype(one)
    return values.astype(np.int64) if values.size else values.astype(np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """int[draw, ...] that keeps only the columns that are not 0 in some draw; reads like the whole array.

    What is asked for by index is made whole, so ask for little: `totals`, `merged` and `only` never make
    the whole array.

    Attributes
    ----------
    draws : int
    axes : tuple of int
        Lengths of the axes after the draws.
    places : int64[column]
        Which place of those axes, in C order, each column holds; ascending.
    values : int[column, draw]
        In the smallest type that holds them all.
    read_as : str
        Type of what is read, such as `int64`.
    summed : int
        How many places of the last axis after its first have the first as their sum: it is not kept.
    """

    draws: int
    axes: tuple[int, ...]
    places: IndexArray
    values: npt.NDArray[Any]
    read_as: str
    summed: int = 0

    def __post_init__(self) -> None:
        check_length("column", len(self.places), values=self.values)

    def __len__(self) -> int:
        return self.draws

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the whole array."""
        return (self.draws, *self.axes)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of what is read."""
        return np.dtype(self.read_as)

    def __getitem__(self, key: Any) -> npt.NDArray[Any]:
        """As of an array; the draws by a slice or a number. Makes whole what is asked for, nothing else."""
        keys = key if isinstance(key, tuple) else (key,)
        some, rest = (slice(None), keys) if keys and keys[0] is Ellipsis else (keys[0], keys[1:])
        span = some if isinstance(some, slice) else slice(some, some + 1 or None)
        column = np.full(self.axes, -1, dtype=np.int64)
        column.flat[self.places] = np.arange(len(self.places))
        draws, asked = len(range(self.draws)[span]), np.asarray(column[rest])
        out = np.zeros((draws, asked.size), dtype=self.dtype)
        for part in range(self.summed + 1):
            turn = column
            if part:  # the first place of the last axis reads its parts one after the other
                turn = np.full(self.axes, -1, dtype=np.int64)
                turn[..., 0] = column[..., part]
            flat = np.asarray(turn[rest]).ravel()
            held = flat >= 0
            out[:, held] += self.values[flat[held]][:, span].T.astype(self.dtype)
        whole = out.reshape(draws, *asked.shape)
        return whole if isinstance(some, slice) else np.asarray(whole[0])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return self[...] if dtype is None else self[...].astype(dtype)

    def totals(self) -> IndexArray:
        """Sums over the draws, int64[...]."""
        sums = np.zeros(self.axes, dtype=np.int64)
        sums.flat[self.places] = self.values.sum(axis=1, dtype=np.int64)
        if self.summed:
            sums[..., 0] = sums[..., 1 : self.summed + 1].sum(axis=-1)
        return sums

    def only(self, chosen: Any) -> Tally:
        """The same without what is not at some places of the first axis after the draws.

        `chosen`: their numbers, or bool[place].
        """
        keep = np.zeros(self.axes[0], dtype=np.bool_)
        keep[chosen] = True
        mine = keep[np.unravel_index(self.places, self.axes)[0]]
        return replace(self, places=self.places[mine], values=self.values[mine])

    def merged(self, axis: int | tuple[int, ...]) -> Tally:
        """Summed over axes after the draws (axis 0), as `numpy.sum` numbers them."""
        gone = {one % len(self.shape) - 1 for one in ((axis,) if isinstance(axis, int) else axis)}
        left = [one for one in range(len(self.axes)) if one not in gone]
        at = np.unravel_index(self.places, self.axes)
        places = np.zeros(len(self.places), dtype=np.int64)
        for one in left:
            places = places * self.axes[one] + at[one]
        known, column = np.unique(places, return_inverse=True)
        sums = np.zeros((len(known), self.draws), dtype=np.int64)
        last = len(self.axes) - 1 in gone
        for number, into in enumerate(column):
            # Over the last axis a part counts for itself and in its sum.
            twice = last and 1 <= at[-1][number] <= self.summed
            sums[into] += self.values[number].astype(np.int64) * (2 if twice else 1)
        return Tally(
            draws=self.draws,
            axes=tuple(self.axes[one] for one in left),
            places=known,
            values=pack(sums),
            read_as="int64",
            summed=0 if last else self.summed,
        )

    def sum(self, axis: int | tuple[int, ...] | None = None) -> Any:
        """As `numpy.sum` in int64, without making the whole array."""
        axes = range(len(self.shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
        numbers = {one % len(self.shape) for one in axes}
        if 0 not in numbers:
            return self.merged(tuple(numbers))[...]
        return self.totals().sum(axis=tuple(sorted(one - 1 for one in numbers if one)))


def tally(whole: npt.NDArray[Any], summed: int = 0) -> Tally:
    """Keep an array [draw, ...] without the columns that are 0 in every draw.

    Raises
    ------
    RunError
        Where the first place of the last axis is not the sum of the `summed` after it.
    """
    axes, kept = whole.shape[1:], whole != 0
    if summed:
        if not np.array_equal(whole[..., 0], whole[..., 1 : summed + 1].sum(axis=-1)):
            raise RunError("error.does_not_foot")
        kept[..., 0] = False
    places = np.flatnonzero(kept.reshape(len(whole), -1).any(axis=0))
    values = np.ascontiguousarray(whole.reshape(len(whole), -1)[:, places].T)
    return Tally(
        draws=len(whole),
        axes=axes,
        places=places,
        values=pack(values),
        read_as=whole.dtype.name,
        summed=summed,
    )


def join_tallies(parts: Sequence[Tally]) -> Tally:
    """Join along the draws. All have the same axes."""
    places = np.unique(np.concatenate([part.places for part in parts]))
    kind = np.result_type(*(part.values.dtype for part in parts))
    draws = sum(part.draws for part in parts)
    values = np.zeros((len(places), draws), dtype=kind)
    first = 0
    for part in parts:
        values[np.searchsorted(places, part.places), first : first + part.draws] = part.values
        first += part.draws
    return replace(parts[0], draws=draws, places=places, values=values)


def tally_parts(name: str, one: Tally) -> dict[str, npt.NDArray[Any]]:
    """A tally as named arrays, for a file."""
    return {
        f"{name}.axes": np.array(one.axes, dtype=np.int64),
        f"{name}.type": np.array(one.read_as),
        f"{name}.summed": np.array(one.summed),
        f"{name}.places": one.places,
        f"{name}.values": one.values,
    }


def read_tally(parts: Mapping[str, npt.NDArray[Any]], name: str) -> Tally:
    """The tally that `tally_parts` named."""
    values = parts[f"{name}.values"]
    return Tally(
        draws=values.shape[1],
        axes=tuple(parts[f"{name}.axes"].tolist()),
        places=parts[f"{name}.places"],
        values=values,
        read_as=str(parts[f"{name}.type"]),
        summed=int(parts[f"{name}.summed"]),
    )
