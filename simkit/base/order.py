"""Putting claims in order, in memory that is given."""

from __future__ import annotations

from simkit.base.arrays import IndexArray
from simkit.base.compiled import compiled

__all__ = ["COUNTS", "sort_by"]

_BITS = 8
_DIGITS = 1 << _BITS
#: Room that `sort_by` needs for its counts.
COUNTS = _DIGITS


@compiled
def sort_by(
    keys: IndexArray, count: int, order: IndexArray, spare: IndexArray, other: IndexArray, counts: IndexArray
) -> None:
    """Write into `order` the positions of the first `count` keys, ascending; equal keys stay as they came.

    Digit by digit from the lowest, each digit by counting; a digit that all keys share costs nothing, so
    the time follows the number of keys and of bits in which they differ.

    Parameters
    ----------
    keys : int64[key]
        >= 0. Sorted themselves.
    order : int64[key]
        Out.
    spare, other : int64[key]; counts : int64[COUNTS]
        Scratch.

    References
    ----------
    Radix list sort: D. E. Knuth, The Art of Computer Programming, vol. 3, section 5.2.5.
    """
    varying = 0
    for place in range(count):
        order[place] = place
        varying |= keys[place] ^ keys[0]
    keys_from, order_from, keys_to, order_to = keys, order, other, spare
    passes = 0
    for digit in range(64 // _BITS):
        shift = digit * _BITS
        if (varying >> shift) & (_DIGITS - 1) == 0:
            continue
        counts[:] = 0
        for place in range(count):
            counts[(keys_from[place] >> shift) & (_DIGITS - 1)] += 1
        begin = 0
        for value in range(_DIGITS):
            here = counts[value]
            counts[value] = begin
            begin += here
        for place in range(count):
            key = keys_from[place]
            value = (key >> shift) & (_DIGITS - 1)
            to = counts[value]
            counts[value] = to + 1
            keys_to[to] = key
            order_to[to] = order_from[place]
        keys_from, keys_to = keys_to, keys_from
        order_from, order_to = order_to, order_from
        passes += 1
    if passes & 1:
        for place in range(count):
            keys[place] = keys_from[place]
            order[place] = order_from[place]
