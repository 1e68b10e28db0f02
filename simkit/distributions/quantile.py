"""Quantile of a law of sizes, compiled."""

from __future__ import annotations

import math
from typing import Any

from simkit.base.arrays import FloatArray
from simkit.base.compiled import compiled
from simkit.distributions.base import (
    CONSTANT,
    EMPIRICAL,
    LOGNORMAL,
    LOMAX,
    TABLE,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
)
from simkit.distributions.normal import normal_quantile

__all__ = ["quantile"]


@compiled
def quantile(law: Any, table: FloatArray, u: float) -> float:
    """Quantile of u under a law; nan where its family is none of the above.

    `law`: a record of family, first, second and third as in a `Sampler`, whose table is `table[begin:end]`.
    """
    first, second, third = law.first, law.second, law.third
    if law.family == CONSTANT:
        return first
    if law.family == UNIFORM:
        return first + u * (second - first)
    if law.family == TRIANGULAR:
        if u * (third - first) < second - first:
            return first + math.sqrt(u * (third - first) * (second - first))
        return third - math.sqrt((1.0 - u) * (third - first) * (third - second))
    if law.family == LOGNORMAL:
        return math.exp(first + second * normal_quantile(u))
    if law.family == LOMAX:
        return second * math.expm1(-math.log1p(-u) / first)
    if law.family == WEIBULL:
        return second * (-math.log1p(-u)) ** (1.0 / first)
    own = table[law.begin : law.end]
    if law.family == TABLE:
        place = (normal_quantile(u) - first) / second
        knot = min(max(int(place), 0), len(own) - 2)
        share = min(max(place - knot, 0.0), 1.0)
        return own[knot] * (1.0 - share) + own[knot + 1] * share
    if law.family == EMPIRICAL:
        count = int(first)
        for place in range(count - 1):
            if u <= own[place]:
                return own[count + place]
        return own[2 * count - 1]
    return math.nan
