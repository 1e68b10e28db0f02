"""Laws of sizes: of one claim's base, of an uncertain parameter. Conventions: mean and cv, or as named."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from simkit.base.arrays import FloatArray
from simkit.base.leaf import Leaf
from simkit.base.said import Said
from simkit.distributions.base import Amount, Sampler

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

_NO_TABLE = np.zeros(1)
Cv = Annotated[float, Leaf("cv", 0.001, 10, usual=(0.001, 3))]
Weights = list[Annotated[float, Leaf("weight", 0, 1e9)]]
#: Knots of tabulated laws: normal scores from -8.2 to 8.2; linear between them is right to 1e-6.
_SCORES = np.linspace(-8.2, 8.2, 8_193)


def _special() -> Any:
    """SciPy's special functions: slow to import, and most laws are read without them."""
    from scipy import special

    return special


class _Law(BaseModel):
    """Base: frozen, unknown keys are errors, one kind of unit among its amounts."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @property
    def kind(self) -> str:
        """Kind of the unit of its amounts: `yuan`, `usd`, `count`, `share`, `days` or ""."""
        return next((kind for kind in self._kinds() if kind), "")

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and most that it may give."""
        return 0.0, math.inf

    def ends(self, chances: tuple[float, float]) -> tuple[float, float]:
        """Quantiles at two chances, to see whether a law is one that can be meant."""
        low, high = self.ppf(np.array(chances))
        return float(low), float(high)

    def ppf(self, u: FloatArray) -> FloatArray:
        """Quantiles of uniforms, elementwise."""
        raise NotImplementedError

    def _kinds(self) -> list[str]:
        values = [getattr(self, name) for name in type(self).model_fields]
        flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
        return [value.kind for value in flat if hasattr(value, "kind")]

    @model_validator(mode="after")
    def _one_unit(self) -> Any:
        """A number without a unit is a count: beside 180万元 a bare 120 would be 120 yuan."""
        if len({"count" if kind == "" else kind for kind in self._kinds()}) > 1:
            raise ValueError(Said("fault.one_unit_written_at_every_number"))
        return self


def _tabulate(values: FloatArray) -> FloatArray:
    return np.ascontiguousarray(values, dtype=np.float64)


class Constant(_Law):
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
        return Sampler(0, self.value.value, 0.0, 0.0, _NO_TABLE)


class Uniform(_Law):
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
        return Sampler(1, self.low.value, self.high.value, 0.0, _NO_TABLE)


class _ThreePoint(_Law):
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
        return Sampler(2, self.low.value, self.mode.value, self.high.value, _NO_TABLE)


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
        values = _special().betaincinv(*self._beta(), u)
        return self.low.value + (self.high.value - self.low.value) * np.asarray(values)

    def mean(self) -> float:
        return (self.low.value + 4 * self.mode.value + self.high.value) / 6

    def var(self) -> float:
        a, b = self._beta()
        return (self.high.value - self.low.value) ** 2 * a * b / ((a + b) ** 2 * (a + b + 1))

    def sampler(self) -> Sampler:
        return Sampler(
            7, _SCORES[0], _SCORES[1] - _SCORES[0], 0.0, _tabulate(self.ppf(_special().ndtr(_SCORES)))
        )


class Lognormal(_Law):
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
        return np.exp(self.mu + self.sigma * np.asarray(_special().ndtri(u)))

    def mean(self) -> float:
        return self.mean_.value

    def var(self) -> float:
        return (self.mean_.value * self.cv) ** 2

    def sampler(self) -> Sampler:
        return Sampler(3, self.mu, self.sigma, 0.0, _NO_TABLE)


class Lomax(_Law):
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
        return Sampler(4, self.alpha, self.theta.value, 0.0, _NO_TABLE)


class Weibull(_Law):
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
        return Sampler(5, self.shape, self.scale.value, 0.0, _NO_TABLE)


class Gamma(_Law):
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
        return scale * np.asarray(_special().gammaincinv(shape, u))

    def mean(self) -> float:
        shape, scale = self._shape_scale()
        return shape * scale

    def var(self) -> float:
        shape, scale = self._shape_scale()
        return shape * scale**2

    def sampler(self) -> Sampler:
        return Sampler(
            7, _SCORES[0], _SCORES[1] - _SCORES[0], 0.0, _tabulate(self.ppf(_special().ndtr(_SCORES)))
        )


class Empirical(_Law):
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
        return Sampler(8, len(values), 0.0, 0.0, np.concatenate([cumulated, values]))


Severity = Annotated[
    Constant | Uniform | Triangular | Pert | Lognormal | Lomax | Weibull | Gamma | Empirical,
    Field(discriminator="dist"),
]
