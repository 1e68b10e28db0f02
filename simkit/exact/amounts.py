"""The law of one award: a mixture of parts of known laws and of atoms, under a cap. Money in yuan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simkit.base.arrays import FloatArray
from simkit.distributions.limited import gated_means, gated_moment
from simkit.distributions.severity import Severity

__all__ = ["Amount", "AmountPart", "common_unit"]


class AmountPart(NamedTuple):
    """`weight` times the law of 1{gate <= severity < below} rate x severity."""

    weight: float
    severity: Severity
    rate: float
    gate: float
    below: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Amount:
    """The law of one award: a mixture of parts and atoms under a cap; the rest of the chance is at 0.

    Attributes
    ----------
    parts : tuple of AmountPart
    atoms, chances : float[atom]
        Yuan, ascending.
    cap : float
        Per claim; infinity for none.
    passes : float
        Chance that the claim passes the conditions.
    unit : float
        All atoms are multiples of it; 0 where there are parts that spread.
    """

    parts: tuple[AmountPart, ...]
    atoms: FloatArray
    chances: FloatArray
    cap: float
    passes: float
    unit: float

    def limited(self, limits: FloatArray) -> FloatArray:
        """E[min(award, limit)] at each of `limits` (finite)."""
        caps = np.minimum(limits, self.cap)
        total = np.zeros(len(caps))
        for one in self.parts:
            total += one.weight * gated_means(
                one.severity, caps, rate=one.rate, gate=one.gate, below=one.below
            )
        if len(self.atoms):
            place = np.searchsorted(self.atoms, caps)
            money = np.concatenate([[0.0], np.cumsum(self.atoms * self.chances)])
            beyond = np.concatenate([np.cumsum(self.chances[::-1])[::-1], [0.0]])
            total += money[place] + caps * beyond[place]
        return total

    def mean(self) -> float:
        """Expected award of one claim."""
        if self.cap < math.inf:
            return float(self.limited(np.array([self.cap]))[0])
        total = float(self.atoms @ self.chances)
        for one in self.parts:
            above = (
                gated_moment(one.severity, 1, rate=one.rate, gate=one.below) if one.below < math.inf else 0.0
            )
            total += one.weight * (gated_moment(one.severity, 1, rate=one.rate, gate=one.gate) - above)
        return total

    def capped(self, cap: float) -> Amount:
        """The same under a lower cap."""
        return Amount(
            parts=self.parts,
            atoms=self.atoms,
            chances=self.chances,
            cap=min(cap, self.cap),
            passes=self.passes,
            unit=common_unit(self.unit, cap),
        )

    def largest(self) -> float:
        """What an award hardly ever exceeds."""
        tops = [
            one.rate * min(float(one.severity.ppf(np.array([1 - 1e-9]))[0]), one.below) for one in self.parts
        ]
        return float(min(self.cap, max([*tops, *self.atoms[-1:], 0.0])))


def common_unit(unit: float, cap: float) -> float:
    """What amounts under a cap are multiples of, in whole fen; 0 where they spread."""
    return math.gcd(round(100 * unit), round(100 * cap)) / 100 if unit > 0 and cap < math.inf else unit
