"""Moments of capped and gated laws in closed form: E[min(X, d)**k] and E[1{X >= g} min(r X, c)**k]."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy import special

from simkit.base.arrays import FloatArray
from simkit.distributions.severity import (
    Constant,
    Empirical,
    Gamma,
    Lognormal,
    Lomax,
    Pert,
    Severity,
    Triangular,
    Uniform,
    Weibull,
)

__all__ = ["gated_means", "gated_moment", "survival"]


class _Family(NamedTuple):
    """A law's incomplete moments, for arrays of points > 0.

    Attributes
    ----------
    below : (law, points, order) -> E[X**order; X < point]
    reached : (law, points) -> P(X >= point)
    """

    below: Callable[[Any, FloatArray, int], Any]
    reached: Callable[[Any, FloatArray], Any]


def gated_moment(
    law: Severity, order: int, *, rate: float = 1.0, cap: float = math.inf, gate: float = 0.0
) -> float:
    """E[1{X >= gate} min(rate X, cap)**order]: an award with a threshold, a rate and a cap per claim.

    Parameters
    ----------
    order : int
        >= 0; 0 gives P(X >= gate).
    rate : float
        > 0.
    cap : float
        In the unit of rate x X, >= 0; infinity for none.
    gate : float
        In the law's unit, >= 0.

    Returns
    -------
    float
        Infinity where the moment does not exist.
    """
    family, capped_from = _FAMILIES[type(law)], cap / rate
    if order == 0:
        return _reached(family, law, gate)
    whole = cap**order * _reached(family, law, max(gate, capped_from)) if cap < math.inf else 0.0
    if gate >= capped_from:
        return whole
    part = _below(family, law, capped_from, order) - _below(family, law, gate, order)
    return rate**order * part + whole


def survival(law: Severity, points: FloatArray) -> FloatArray:
    """P(X >= point), elementwise; points in the law's unit."""
    return _elementwise(points, 1.0, lambda some: _FAMILIES[type(law)].reached(law, some))


def gated_means(
    law: Severity, caps: FloatArray, *, rate: float = 1.0, gate: float = 0.0, below: float = math.inf
) -> FloatArray:
    """E[1{gate <= X < below} min(rate X, cap)] for many caps at once; all caps finite."""
    family = _FAMILIES[type(law)]

    def part(points: FloatArray) -> FloatArray:
        return _elementwise(points, 0.0, lambda some: family.below(law, some, 1))

    points = np.clip(np.asarray(caps, dtype=np.float64) / rate, gate, below)
    left_out = survival(law, np.array([below]))[0] if below < math.inf else 0.0
    start = part(np.array([gate]))[0]
    means = rate * (part(points) - start) + caps * (survival(law, points) - left_out)
    return np.asarray(np.maximum(means, 0.0))


def _elementwise(points: FloatArray, at_zero: float, function: Callable[[FloatArray], Any]) -> FloatArray:
    """A function of points > 0, with its value at 0 and below."""
    points = np.asarray(points, dtype=np.float64)
    inside = points > 0
    if inside.all():
        return np.asarray(function(points), dtype=np.float64)
    values = np.full(points.shape, at_zero)
    values[inside] = function(points[inside])
    return values


def _below(family: _Family, law: Severity, point: float, order: int) -> float:
    return float(family.below(law, np.asarray(float(point)), order)) if point > 0 else 0.0


def _reached(family: _Family, law: Severity, point: float) -> float:
    return float(family.reached(law, np.asarray(float(point)))) if point > 0 else 1.0


def _score(law: Lognormal, point: FloatArray) -> FloatArray:
    return (np.log(point) - law.mu) / law.sigma


def _lognormal_below(law: Lognormal, point: FloatArray, order: int) -> Any:
    whole = math.exp(order * law.mu + order**2 * law.sigma**2 / 2)
    return whole * special.ndtr(_score(law, point) - order * law.sigma)


def _shape_scale(law: Gamma) -> tuple[float, float]:
    return law.mean() ** 2 / law.var(), law.var() / law.mean()


def _gamma_below(law: Gamma, point: FloatArray, order: int) -> Any:
    shape, scale = _shape_scale(law)
    whole = scale**order * float(special.poch(shape, order))
    return whole * special.gammainc(shape + order, point / scale)


def _gamma_reached(law: Gamma, point: FloatArray) -> Any:
    shape, scale = _shape_scale(law)
    return special.gammaincc(shape, point / scale)


def _weibull_below(law: Weibull, point: FloatArray, order: int) -> Any:
    shape = 1 + order / law.shape
    whole = law.scale.value**order * math.gamma(shape)
    return whole * special.gammainc(shape, (point / law.scale.value) ** law.shape)


def _lomax_below(law: Lomax, point: FloatArray, order: int) -> Any:
    """By v = x / (theta + x): an incomplete beta integral, finite for every alpha while the point is."""
    alpha, theta = law.alpha, law.theta.value
    if np.ndim(point) == 0 and point == math.inf:
        if alpha <= order:
            return math.inf
        return theta**order * alpha * float(special.beta(order + 1, alpha - order))
    v = point / (theta + point)
    integral = v ** (order + 1) / (order + 1) * special.hyp2f1(order + 1, 1 + order - alpha, order + 2, v)
    return theta**order * alpha * integral


def _lomax_reached(law: Lomax, point: FloatArray) -> Any:
    return np.exp(-law.alpha * np.log1p(point / law.theta.value))


def _uniform_below(law: Uniform, point: FloatArray, order: int) -> Any:
    low, high = law.low.value, law.high.value
    if low == high:
        return low**order * (low < point)
    top = np.clip(point, low, high)
    return (top ** (order + 1) - low ** (order + 1)) / ((order + 1) * (high - low))


def _triangular_below(law: Triangular, point: FloatArray, order: int) -> Any:
    low, mode, high = law.low.value, law.mode.value, law.high.value

    def ramp(begin: FloatArray | float, end: FloatArray, zero: float) -> Any:
        """Integral of x**order |x - zero| from begin to end, on one side of zero."""

        def primitive(x: FloatArray | float) -> Any:
            return x ** (order + 2) / (order + 2) - zero * x ** (order + 1) / (order + 1)

        return np.abs(primitive(end) - primitive(begin))

    top, total = np.clip(point, low, high), np.float64(0.0)
    if mode > low:
        total = total + ramp(low, np.minimum(top, mode), low) * 2 / ((high - low) * (mode - low))
    if high > mode:
        total = total + ramp(mode, np.maximum(top, mode), high) * 2 / ((high - low) * (high - mode))
    return total


def _pert_below(law: Pert, point: FloatArray, order: int) -> Any:
    """A shifted beta law, by the binomial theorem: all terms >= 0."""
    low, width = law.low.value, law.high.value - law.low.value
    a = 1 + 4 * (law.mode.value - low) / width
    b = 6 - a
    z = np.clip((point - low) / width, 0.0, 1.0)
    return sum(
        math.comb(order, j)
        * low ** (order - j)
        * width**j
        * float(special.poch(a, j) / special.poch(a + b, j))
        * special.betainc(a + j, b, z)
        for j in range(order + 1)
    )


def _constant_below(law: Constant, point: FloatArray, order: int) -> Any:
    return float(law.value.value**order) * (law.value.value < point)


def _empirical_below(law: Empirical, point: FloatArray, order: int) -> Any:
    values = np.array([value.value for value in law.values])
    weights = np.array(law.weights or [1.0] * len(values))
    by_size = np.argsort(values, kind="stable")
    running = np.concatenate([[0.0], np.cumsum((values**order * weights)[by_size])]) / weights.sum()
    return running[np.searchsorted(values[by_size], point, side="left")]


def _by_complement(below: Callable[[Any, FloatArray, int], Any]) -> _Family:
    """A law of bounded range: what is not below."""
    return _Family(below, lambda law, point: np.maximum(0.0, 1.0 - below(law, point, 0)))


_FAMILIES: dict[type, _Family] = {
    Constant: _by_complement(_constant_below),
    Empirical: _by_complement(_empirical_below),
    Uniform: _by_complement(_uniform_below),
    Triangular: _by_complement(_triangular_below),
    Pert: _by_complement(_pert_below),
    Lognormal: _Family(_lognormal_below, lambda law, point: special.ndtr(-_score(law, point))),
    Gamma: _Family(_gamma_below, _gamma_reached),
    Weibull: _Family(_weibull_below, lambda law, point: np.exp(-((point / law.scale.value) ** law.shape))),
    Lomax: _Family(_lomax_below, _lomax_reached),
}
