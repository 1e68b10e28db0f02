"""What each of several players adds to a total that they make together, whatever the order they come in.

A set of players is a number: bit i is set where player i belongs to it.

References
----------
L. S. Shapley: A value for n-person games. Contributions to the Theory of Games II (1953), formula (12).
J. Castro, D. Gómez, J. Tejada: Polynomial calculation of the Shapley value based on sampling. Computers &
Operations Research 36 (2009): the mean over orders drawn at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial

import numpy as np

from simkit.base.arrays import FenArray

__all__ = ["shapley_of_all_sets", "whole_shares"]


def shapley_of_all_sets(values: FenArray) -> FenArray:
    """Shapley values times n!, so that they are whole numbers.

    Parameters
    ----------
    values : int64[2**n, ...]
        What each set of the n players makes; the empty set makes 0. At most 10 players, and values
        below 9e18 / n!, so that n! and money together stay within int64.

    Returns
    -------
    int64[n, ...]
        For each player the sum over the sets without it of s! (n - s - 1)! (v(with it) - v(without)), s being
        the size of the set; the players' sum is n! v(all).
    """
    players = len(values).bit_length() - 1
    sets = np.arange(len(values))
    sizes = np.array([int(one).bit_count() for one in sets])
    weights = np.array([factorial(size) * factorial(max(players - size - 1, 0)) for size in sizes])
    found = np.zeros((players, *values.shape[1:]), dtype=np.int64)
    for player in range(players):
        without = sets[(sets >> player) & 1 == 0]
        added = values[without | (1 << player)] - values[without]
        found[player] = np.tensordot(weights[without], added, axes=1)
    return found


def whole_shares(parts: Sequence[Fraction]) -> list[int]:
    """Round parts that sum to a whole number so that they still do: largest remainder, the first of equals."""
    whole = [part.numerator // part.denominator for part in parts]
    left = int(sum(parts)) - sum(whole)
    order = sorted(range(len(parts)), key=lambda place: (whole[place] - parts[place], place))
    for place in order[:left]:
        whole[place] += 1
    return whole
