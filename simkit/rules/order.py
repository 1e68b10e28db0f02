"""Putting claims in order, in memory that is given."""

from __future__ import annotations

from simkit.arrays import IndexArray
from simkit.compiled import compiled

__all__ = ["sort_by"]


@compiled
def sort_by(keys: IndexArray, count: int, order: IndexArray, spare: IndexArray) -> None:
    """Write into `order` the positions of the first `count` keys, ascending; equal keys stay as they came.

    Parameters
    ----------
    keys : int64[key]
    order, spare : int64[key]
        Out; scratch.

    References
    ----------
    Bottom-up merge sort: D. E. Knuth, The Art of Computer Programming, vol. 3, section 5.2.4.
    """
    for place in range(count):
        order[place] = place
    # Runs of eight by insertion, then merged pairwise.
    for begin in range(0, count, 8):
        for place in range(begin + 1, min(begin + 8, count)):
            moved, at = order[place], place
            while at > begin and keys[order[at - 1]] > keys[moved]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = moved
    width = 8
    while width < count:
        for begin in range(0, count, 2 * width):
            middle, end = min(begin + width, count), min(begin + 2 * width, count)
            left, right = begin, middle
            for at in range(begin, end):
                if left < middle and (right >= end or keys[order[left]] <= keys[order[right]]):
                    spare[at] = order[left]
                    left += 1
                else:
                    spare[at] = order[right]
                    right += 1
        for place in range(count):
            order[place] = spare[place]
        width *= 2
