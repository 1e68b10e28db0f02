"""Random numbers by address: (seed, decision, draw, year, slot, index) -> uniforms, compiled.

A counter-based generator has no state to share or to order: the same address gives the same
number whatever else is drawn, by whichever worker, in whichever block.

References
----------
J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw: Parallel random numbers: as easy as 1, 2, 3.
SC'11 (Philox4x32-10, section 5.3).
M. D. McKay, R. J. Beckman, W. J. Conover: A comparison of three methods for selecting values of input
variables in the analysis of output from a computer code. Technometrics 21 (1979): Latin hypercubes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray
from simkit.base.compiled import compiled, compiled_inline

__all__ = [
    "GROUP",
    "PARAMETERS",
    "Latin",
    "Mixed",
    "Seed",
    "WordArray",
    "decision",
    "philox",
    "place_of",
    "uniform_pair",
    "uniforms",
    "unit",
    "unit_of_two",
    "words_at",
    "words_of_places",
    "words_of_run",
]

#: 32 bits in an unsigned integer of 64.
Word = Any
WordArray = npt.NDArray[np.uint32]

_MULTIPLY_0 = np.uint64(0xD2511F53)
_MULTIPLY_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_DROP = np.uint64(12)
_UNIT = 2.0**-52
_UNIT_32 = 2.0**-32
#: Draws that are stratified together: a power of two, so that a stratum is a whole number of cells.
GROUP = 64
_STRATUM = 2.0**52 / GROUP


class Latin(NamedTuple):
    """A seed under which the uniforms that whole draws share are stratified, GROUP draws at a time."""

    seed: int


class Mixed(NamedTuple):
    """A seed under which some of what whole draws share is another's, or held: all else is the same luck.

    Attributes
    ----------
    seed, other : int
    swapped : set of decisions
        Drawn with the other seed.
    held : decision -> level
        At this level of their law in every draw. In (0, 1).
    """

    seed: int
    other: int = 0
    swapped: frozenset[int] = frozenset()
    held: Mapping[int, float] = {}


#: A seed, and with it how the uniforms that whole draws share are drawn.
Seed = int | Latin | Mixed
#: Ways to draw them by name: every draw for itself, or stratified.
PARAMETERS: dict[str, Callable[[int], Seed]] = {"crude": int, "latin": Latin}


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


@compiled_inline
def place_of(year: int, index: int) -> int:
    """Year (below 2**12) and index (below 2**20) of an address in one number."""
    return (year << 20) | index


@compiled_inline
def words_at(
    seed: int, asked: int, draw: int, year: int, slot: int, index: int
) -> tuple[Word, Word, Word, Word]:
    """Four independent words of 32 bits at an address."""
    key = np.uint64(seed)
    return philox(draw, slot, place_of(year, index), asked, key, key >> _HALF)


@compiled_inline
def unit(word: Word) -> float:
    """A uniform in (0, 1) of one word: the middle of each of 2**32 cells."""
    return (np.float64(word) + 0.5) * _UNIT_32


@compiled_inline
def unit_of_two(high: Word, low: Word) -> float:
    """A uniform in (0, 1) of two words: the middle of each of 2**52 cells."""
    return (np.float64((np.uint64(high) << _HALF | np.uint64(low)) >> _DROP) + 0.5) * _UNIT


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
    w0, w1, w2, w3 = words_at(seed, asked, draw, year, slot, index)
    return unit_of_two(w0, w1), unit_of_two(w2, w3)


@compiled
def words_of_places(
    seed: int, asked: int, draw: int, slots: IndexArray, places: IndexArray, words: WordArray
) -> None:
    """The four words of many addresses: word[4, address], with room for more.

    `places` are `place_of(year, index)`. Side by side in one loop they take a seventh of the time of single calls.
    """
    key = np.uint64(seed)
    for at in range(len(slots)):
        w0, w1, w2, w3 = philox(draw, slots[at], places[at], asked, key, key >> _HALF)
        words[0, at], words[1, at], words[2, at], words[3, at] = w0, w1, w2, w3


@compiled
def words_of_run(seed: int, asked: int, draw: int, first: int, count: int, words: WordArray) -> None:
    """The four words of consecutive slots, of no year: word[4, slot]."""
    key = np.uint64(seed)
    for at in range(count):
        w0, w1, w2, w3 = philox(draw, first + at, 0, asked, key, key >> _HALF)
        words[0, at], words[1, at], words[2, at], words[3, at] = w0, w1, w2, w3


@compiled
def _fill(seed: int, asked: int, draws: IndexArray, index: int, pairs: FloatArray) -> None:
    for place in range(len(draws)):
        pairs[place, 0], pairs[place, 1] = uniform_pair(seed, asked, draws[place], 0, 0, index)


def uniforms(seed: Seed, asked: int, draws: IndexArray, index: int) -> FloatArray:
    """One uniform a draw, for what a whole draw shares.

    Under `Latin` the draws g GROUP to (g + 1) GROUP - 1 are a Latin hypercube: each of the GROUP strata of
    (0, 1) holds one of them, for every (asked, index). Which stratum is the rank of the draw's ordinary
    uniform among those of its group; where in it, the second uniform at the same address. Ranks of independent
    uniforms are a permutation, every one as likely; so the uniforms of *one* draw are independent of each
    other and uniform, as they are without, and only the draws of one group depend on each other. A number
    depends on (seed, asked, draw, index) alone: on no other question, and not on how many draws there are.
    """
    if isinstance(seed, Latin):
        return _stratified(seed.seed, asked, draws, index)
    if isinstance(seed, Mixed):
        if asked in seed.held:
            return np.full(len(draws), seed.held[asked])
        seed = seed.other if asked in seed.swapped else seed.seed
    pairs = np.empty((len(draws), 2))
    _fill(seed, asked, draws, index, pairs)
    return pairs[:, 0].copy()


def _stratified(seed: int, asked: int, draws: IndexArray, index: int) -> FloatArray:
    groups, group = np.unique(draws // GROUP, return_inverse=True)
    members = (groups[:, None] * GROUP + np.arange(GROUP)).ravel()
    pairs = np.empty((len(members), 2))
    _fill(seed, asked, members, index, pairs)
    order = pairs[:, 0].reshape(-1, GROUP).argsort(axis=1, kind="stable")
    stratum = order.argsort(axis=1).ravel()
    # The middle of one of 2**52 cells, as without strata: never 0, never 1.
    values = (stratum * _STRATUM + np.floor(pairs[:, 1] * _STRATUM) + 0.5) * _UNIT
    return np.asarray(values[group * GROUP + draws % GROUP])
