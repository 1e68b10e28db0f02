"""Laws of sizes: of one claim's base, of an uncertain parameter. Conventions: mean and cv, or as named."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from simkit.base.arrays import FloatArray
from simkit.base.leaf import Leaf
from simkit.base.said import Said
from simkit.distributions.base import CONSTANT, EMPIRICAL, TRIANGULAR, UNIFORM, Amount, Sampler
from simkit.distributions.law import NO_TABLE, SCORES, Law, special, tabulated
from simkit.distributions.tails import Gamma, Lognormal, Lomax, Weibull

__all__ = [
    "Constant",
    "Empirical",
    "Gamma",
    "Lognormal",
    "Lomax",
    "Pert",
    "Severity",
    "Triangular",
    "Uniform",
    "Weibull",
]

Weights = list[Annotated[float, Leaf("weight", 0, 1e9)]]


class Constant(Law):
    """Always `value`."""

    dist: Literal["constant"] = "constant"
    value: Amount

    @property
    def bounds(self) -> tuple[float, float]:
        return self.value.value, self.value.value

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.full_like(np.asarray(u, dtype=np.float64), self.value.value)

    def mean(self) -> float:
        return self.value.value

    def var(self) -> float:
        return 0.0

    def sampler(self) -> Sampler:
        return Sampler(CONSTANT, self.value.value, 0.0, 0.0, NO_TABLE)


class Uniform(Law):
    """Even between `low` and `high`."""

    dist: Literal["uniform"]
    low: Amount
    high: Amount

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if not self.low.value <= self.high.value:
            raise ValueError(Said("fault.low_at_most_high"))
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        return self.low.value, self.high.value

    def ppf(self, u: FloatArray) -> FloatArray:
        return self.low.value + u * (self.high.value - self.low.value)

    def mean(self) -> float:
        return (self.low.value + self.high.value) / 2

    def var(self) -> float:
        return (self.high.value - self.low.value) ** 2 / 12

    def sampler(self) -> Sampler:
        return Sampler(UNIFORM, self.low.value, self.high.value, 0.0, NO_TABLE)


class _ThreePoint(Law):
    low: Amount
    mode: Amount
    high: Amount

    @model_validator(mode="after")
    def _ordered(self) -> Any:
        if not (self.low.value <= self.mode.value <= self.high.value and self.low.value < self.high.value):
            raise ValueError(Said("fault.low_at_most_mode_at_most"))
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        return self.low.value, self.high.value


class Triangular(_ThreePoint):
    """Triangular on [`low`, `high`] with its peak at `mode`."""

    dist: Literal["triangular"]

    def ppf(self, u: FloatArray) -> FloatArray:
        low, mode, high = self.low.value, self.mode.value, self.high.value
        split = (mode - low) / (high - low)
        left = low + np.sqrt(u * (high - low) * (mode - low))
        right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
        return np.where(u < split, left, right)

    def mean(self) -> float:
        return (self.low.value + self.mode.value + self.high.value) / 3

    def var(self) -> float:
        a, c, b = self.low.value, self.mode.value, self.high.value
        return (a * a + b * b + c * c - a * b - a * c - b * c) / 18

    def sampler(self) -> Sampler:
        return Sampler(TRIANGULAR, self.low.value, self.mode.value, self.high.value, NO_TABLE)


class Pert(_ThreePoint):
    """PERT: a beta law on [`low`, `high`] with mode `mode` and weight 4 on it."""

    dist: Literal["pert"]

    def _beta(self) -> tuple[float, float]:
        width = self.high.value - self.low.value
        return (
            1 + 4 * (self.mode.value - self.low.value) / width,
            1 + 4 * (self.high.value - self.mode.value) / width,
        )

    def ppf(self, u: FloatArray) -> FloatArray:
        values = special().betaincinv(*self._beta(), u)
        return self.low.value + (self.high.value - self.low.value) * np.asarray(values)

    def mean(self) -> float:
        return (self.low.value + 4 * self.mode.value + self.high.value) / 6

    def var(self) -> float:
        a, b = self._beta()
        return (self.high.value - self.low.value) ** 2 * a * b / ((a + b) ** 2 * (a + b + 1))

    def sampler(self) -> Sampler:
        return tabulated(self.ppf(special().ndtr(SCORES)))


class Empirical(Law):
    """One of `values` with these `weights` (even when left out)."""

    dist: Literal["empirical"]
    values: list[Amount] = Field(min_length=1)
    weights: Weights | None = None

    @model_validator(mode="after")
    def _matching(self) -> Empirical:
        if self.weights is not None and (len(self.weights) != len(self.values) or sum(self.weights) <= 0):
            raise ValueError(Said("fault.many_weights_values_with_sum_above"))
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        values = [value.value for value in self.values]
        return min(values), max(values)

    def _sorted(self) -> tuple[FloatArray, FloatArray]:
        weights = np.array(self.weights or [1.0] * len(self.values))
        values = np.array([value.value for value in self.values])
        order = np.argsort(values, kind="stable")
        return values[order], np.cumsum(weights[order]) / weights.sum()

    def ppf(self, u: FloatArray) -> FloatArray:
        values, cumulated = self._sorted()
        return values[np.minimum(np.searchsorted(cumulated, u), len(values) - 1)]

    def mean(self) -> float:
        values, cumulated = self._sorted()
        return float(values @ np.diff(cumulated, prepend=0.0))

    def var(self) -> float:
        values, cumulated = self._sorted()
        return float((values - self.mean()) ** 2 @ np.diff(cumulated, prepend=0.0))

    def sampler(self) -> Sampler:
        values, cumulated = self._sorted()
        return Sampler(EMPIRICAL, len(values), 0.0, 0.0, np.concatenate([cumulated, values]))


Severity = Annotated[
    Constant | Uniform | Triangular | Pert | Lognormal | Lomax | Weibull | Gamma | Empirical,
    Field(discriminator="dist"),
]
