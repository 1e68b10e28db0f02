"""Random numbers by address: (seed, decision, draw, year, slot, index) -> uniforms, compiled.

A counter-based generator has no state to share or to order: the same address gives the same
number whatever else is drawn, by whichever worker, in whichever block.

References
----------
J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw: Parallel random numbers: as easy as 1, 2, 3.
SC'11 (Philox4x32-10, section 5.3).
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from simkit.arrays import FloatArray, IndexArray
from simkit.compiled import compiled, compiled_inline

__all__ = ["decision", "philox", "uniform_pair", "uniform_three", "uniforms"]

#: 32 bits in an unsigned integer of 64.
Word = Any

_MULTIPLY_0 = np.uint64(0xD2511F53)
_MULTIPLY_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_DROP = np.uint64(12)
_UNIT = 2.0**-52
_UNIT_32 = 2.0**-32


def decision(measure: str, question: str) -> int:
    """The number of a decision: 32 bits of a hash of what is asked about what, never a position."""
    digest = hashlib.sha256(f"{measure}\0{question}".encode()).digest()
    return int.from_bytes(digest[:4], "little")


@compiled_inline
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Philox4x32-10: four 32-bit words of a counter and two of a key -> four random 32-bit words."""
    w0, w1 = np.uint64(c0) & _LOW, np.uint64(c1) & _LOW
    w2, w3 = np.uint64(c2) & _LOW, np.uint64(c3) & _LOW
    key0, key1 = np.uint64(k0) & _LOW, np.uint64(k1) & _LOW
    for _ in range(10):
        product0 = w0 * _MULTIPLY_0
        product1 = w2 * _MULTIPLY_1
        w0, w1, w2, w3 = (
            (product1 >> _HALF) ^ w1 ^ key0,
            product1 & _LOW,
            (product0 >> _HALF) ^ w3 ^ key1,
            product0 & _LOW,
        )
        key0 = (key0 + _WEYL_0) & _LOW
        key1 = (key1 + _WEYL_1) & _LOW
    return w0, w1, w2, w3


@compiled
def uniform_pair(seed: int, asked: int, draw: int, year: int, slot: int, index: int) -> tuple[float, float]:
    """Two independent uniforms in (0, 1) at an address.

    Parameters
    ----------
    seed : int
        0 to 2**64 - 1.
    asked : int
        Number of the decision, 32 bits.
    draw, slot : int
        0 to 2**32 - 1.
    year : int
        Calendar year, 0 for what does not depend on it; below 2**12.
    index : int
        Which of several at the same place; below 2**20.
    """
    place = np.uint64(year) << np.uint64(20) | np.uint64(index)
    key = np.uint64(seed)
    w0, w1, w2, w3 = philox(draw, slot, place, asked, key, key >> _HALF)
    first = (w0 << _HALF | w1) >> _DROP
    second = (w2 << _HALF | w3) >> _DROP
    # The middle of each of 2**52 cells: never 0, never 1.
    return (np.float64(first) + 0.5) * _UNIT, (np.float64(second) + 0.5) * _UNIT


@compiled
def uniform_three(
    seed: int, asked: int, draw: int, year: int, slot: int, index: int
) -> tuple[float, float, float]:
    """Three independent uniforms in (0, 1) at an address: two of 32 bits, then one of 52."""
    place = np.uint64(year) << np.uint64(20) | np.uint64(index)
    key = np.uint64(seed)
    w0, w1, w2, w3 = philox(draw, slot, place, asked, key, key >> _HALF)
    third = (w2 << _HALF | w3) >> _DROP
    return (
        (np.float64(w0) + 0.5) * _UNIT_32,
        (np.float64(w1) + 0.5) * _UNIT_32,
        (np.float64(third) + 0.5) * _UNIT,
    )


@compiled
def _fill(seed: int, asked: int, draws: IndexArray, index: int, values: FloatArray) -> None:
    for place in range(len(draws)):
        values[place] = uniform_pair(seed, asked, draws[place], 0, 0, index)[0]


def uniforms(seed: int, asked: int, draws: IndexArray, index: int) -> FloatArray:
    """One uniform a draw, for what a whole draw shares."""
    values = np.empty(len(draws))
    _fill(seed, asked, draws, index, values)
    return values
