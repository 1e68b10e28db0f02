"""Quantile of a law of sizes, compiled."""

from __future__ import annotations

import math

from simkit.base.arrays import FloatArray
from simkit.base.compiled import compiled
from simkit.distributions.normal import normal_quantile

__all__ = ["quantile"]


@compiled
def quantile(
    family: int, first: float, second: float, third: float, table: FloatArray, begin: int, end: int, u: float
) -> float:
    """Quantile of u under a `Sampler`; its table is `table[begin:end]`."""
    if family == 0:
        return first
    if family == 1:
        return first + u * (second - first)
    if family == 2:
        if u * (third - first) < second - first:
            return first + math.sqrt(u * (third - first) * (second - first))
        return third - math.sqrt((1.0 - u) * (third - first) * (third - second))
    if family == 3:
        return math.exp(first + second * normal_quantile(u))
    if family == 4:
        return second * math.expm1(-math.log1p(-u) / first)
    if family == 5:
        return second * (-math.log1p(-u)) ** (1.0 / first)
    if family == 7:
        place = (normal_quantile(u) - first) / second
        knot = min(max(int(place), 0), end - begin - 2)
        share = min(max(place - knot, 0.0), 1.0)
        return table[begin + knot] * (1.0 - share) + table[begin + knot + 1] * share
    count = int(first)
    for place in range(count - 1):
        if u <= table[begin + place]:
            return table[begin + count + place]
    return table[begin + 2 * count - 1]
