"""Laws of sizes without a largest one."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from simkit.base.arrays import FloatArray
from simkit.base.leaf import Leaf
from simkit.base.said import Said
from simkit.distributions.base import LOGNORMAL, LOMAX, WEIBULL, Amount, Sampler
from simkit.distributions.law import NO_TABLE, SCORES, Law, special, tabulated

__all__ = ["Gamma", "Lognormal", "Lomax", "Weibull"]

Cv = Annotated[float, Leaf("cv", 0.001, 10, usual=(0.001, 3))]


class Lognormal(Law):
    """Lognormal with this `mean` and coefficient of variation `cv`."""

    dist: Literal["lognormal"]
    mean_: Amount = Field(alias="mean")
    cv: Cv

    @property
    def sigma(self) -> float:
        return math.sqrt(math.log1p(self.cv**2))

    @property
    def mu(self) -> float:
        return math.log(self.mean_.value) - self.sigma**2 / 2

    @model_validator(mode="after")
    def _positive(self) -> Lognormal:
        if self.mean_.value <= 0:
            raise ValueError("mean > 0")
        return self

    def ends(self, chances: tuple[float, float]) -> tuple[float, float]:
        low, high = (math.exp(self.mu + self.sigma * NormalDist().inv_cdf(chance)) for chance in chances)
        return low, high

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.exp(self.mu + self.sigma * np.asarray(special().ndtri(u)))

    def mean(self) -> float:
        return self.mean_.value

    def var(self) -> float:
        return (self.mean_.value * self.cv) ** 2

    def sampler(self) -> Sampler:
        return Sampler(LOGNORMAL, self.mu, self.sigma, 0.0, NO_TABLE)


class Lomax(Law):
    """Pareto II (Lomax): survival (theta / (theta + x)) ** alpha."""

    dist: Literal["lomax", "pareto"]
    alpha: Annotated[float, Leaf("shape", 0.5, 1e6, usual=(1.01, 1e6))]
    theta: Amount

    def ppf(self, u: FloatArray) -> FloatArray:
        return self.theta.value * np.expm1(-np.log1p(-u) / self.alpha)

    def mean(self) -> float:
        return self.theta.value / (self.alpha - 1) if self.alpha > 1 else math.inf

    def var(self) -> float:
        if self.alpha <= 2:
            return math.inf
        return self.theta.value**2 * self.alpha / ((self.alpha - 1) ** 2 * (self.alpha - 2))

    def sampler(self) -> Sampler:
        return Sampler(LOMAX, self.alpha, self.theta.value, 0.0, NO_TABLE)


class Weibull(Law):
    """Weibull: survival exp(-(x / scale) ** shape)."""

    dist: Literal["weibull"]
    shape: Annotated[float, Leaf("shape", 0.1, 1e3)]
    scale: Amount

    def ppf(self, u: FloatArray) -> FloatArray:
        return self.scale.value * (-np.log1p(-u)) ** (1 / self.shape)

    def mean(self) -> float:
        return self.scale.value * math.gamma(1 + 1 / self.shape)

    def var(self) -> float:
        return self.scale.value**2 * math.gamma(1 + 2 / self.shape) - self.mean() ** 2

    def sampler(self) -> Sampler:
        return Sampler(WEIBULL, self.shape, self.scale.value, 0.0, NO_TABLE)


class Gamma(Law):
    """Gamma, by `mean` and `cv`, or by `shape` and `scale`."""

    dist: Literal["gamma"]
    mean_: Amount | None = Field(default=None, alias="mean")
    cv: Cv | None = None
    shape: Annotated[float, Leaf("shape", 0.01, 1e6)] | None = None
    scale: Amount | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Gamma:
        by_mean = self.mean_ is not None and self.cv is not None
        by_shape = self.shape is not None and self.scale is not None
        given = [value for value in (self.mean_, self.cv, self.shape, self.scale) if value is not None]
        if by_mean == by_shape or len(given) != 2:
            raise ValueError(Said("fault.either_mean_cv_shape_scale"))
        return self

    def _shape_scale(self) -> tuple[float, float]:
        if self.mean_ is not None and self.cv is not None:
            return 1 / self.cv**2, self.mean_.value * self.cv**2
        assert self.shape is not None and self.scale is not None
        return self.shape, self.scale.value

    def ppf(self, u: FloatArray) -> FloatArray:
        shape, scale = self._shape_scale()
        return scale * np.asarray(special().gammaincinv(shape, u))

    def mean(self) -> float:
        shape, scale = self._shape_scale()
        return shape * scale

    def var(self) -> float:
        shape, scale = self._shape_scale()
        return shape * scale**2

    def sampler(self) -> Sampler:
        return tabulated(self.ppf(special().ndtr(SCORES)))
