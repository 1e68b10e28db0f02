"""A capped compound sum from its parts: counts, claims on a lattice, one transform; what the exact law is made of.

simkit's exact law puts agencies, measures and years together from the same parts (`simkit/distributions/compound.py`);
here they make the plain sum that another package can be held against.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from simkit.base.arrays import FloatArray
from simkit.distributions.compound import TILT, Lattice, Spectrum, count_transform, from_limited
from simkit.distributions.limited import gated_means, gated_moment, survival

Method = Literal["mean", "nearest"]
BUCKETS = 2**16


class Claim(NamedTuple):
    """What one claim is paid: 1{severity >= gate} min(cap, share x severity).

    Attributes
    ----------
    severity : Severity
    share : float
        > 0.
    cap : float
        In the unit of share x severity; infinity for none.
    gate : float
        In the severity's unit.
    """

    severity: Any
    share: float = 1.0
    cap: float = math.inf
    gate: float = 0.0

    def mean(self) -> float:
        """Expected amount; infinity where there is none."""
        return gated_moment(self.severity, 1, rate=self.share, cap=self.cap, gate=self.gate)

    def on_lattice(self, step: float, buckets: int, method: Method = "mean") -> FloatArray:
        """One claim on 0, step, ..., buckets x step, what lies beyond in the last place: float[bucket + 1]."""
        points = step * np.arange(buckets + 1, dtype=np.float64)
        if method == "mean":
            limits = np.minimum(points, self.cap)
            return from_limited(gated_means(self.severity, limits, rate=self.share, gate=self.gate), step)
        amounts = points[:-1] + step / 2
        least = np.maximum(amounts / self.share, max(self.gate, np.finfo(float).tiny))
        reached = np.where(amounts <= self.cap, survival(self.severity, least), 0.0)
        return -np.diff(reached, prepend=1.0, append=0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compound(Lattice):
    """The law of a sum.

    Attributes
    ----------
    error : float
        Bound of the expected distance between the sum and its discretised twin, and so of the error of
        the mean and of every limited mean.
    """

    error: float


def compound(
    kind: str,
    mean: float,
    spread: float,
    claim: Claim,
    *,
    limit: float,
    buckets: int = BUCKETS,
    method: Method = "mean",
) -> Compound:
    """Law of min(limit, sum of N claims).

    Parameters
    ----------
    kind : `event`, `poisson`, `negative_binomial`, `binomial` or `fixed`
        Law of N.
    mean, spread : float
        Mean number (of an event the intensity: its chance is 1 - exp(-mean)); squared cv between
        agencies of a negative binomial, trials of a binomial.
    limit : float
        The cap of the sum, > 0. For a sum without a cap one that it hardly ever reaches: what lies
        beyond counts as the limit.
    buckets : int
        Steps from 0 to the limit.
    method : `mean` (a claim's mean is kept) or `nearest` (it is rounded)
    """
    step, spectrum = limit / buckets, Spectrum(buckets)
    transform = count_transform(kind, mean, spread, spectrum.of(claim.on_lattice(step, buckets, method)))
    count = {"event": -math.expm1(-mean), "fixed": float(int(mean + 0.5))}.get(kind, mean)
    error = step / 2 * (math.sqrt(count) if method == "mean" else count) + limit * math.exp(-TILT)
    return Compound(step=step, pmf=spectrum.back(transform), error=error)
