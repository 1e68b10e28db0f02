"""Moments of capped and gated laws in closed form: E[min(X, d)**k] and E[1{X >= g} min(r X, c)**k]."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy import special

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

__all__ = ["gated_moment", "limited_moment"]


class _Family(NamedTuple):
    """A law's incomplete moments, for points > 0.

    Attributes
    ----------
    below : (law, point, order) -> E[X**order; X < point]
    reached : (law, point) -> P(X >= point)
    """

    below: Callable[[Any, float, int], float]
    reached: Callable[[Any, float], float]


def limited_moment(law: Severity, limit: float, order: int) -> float:
    """E[min(X, limit)**order].

    Parameters
    ----------
    limit : float
        In the law's unit, >= 0; infinity for none.
    order : int
        >= 0.

    References
    ----------
    S. A. Klugman, H. H. Panjer, G. E. Willmot: Loss Models, appendix A: limited moments.
    """
    return gated_moment(law, order, cap=limit)


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


def _below(family: _Family, law: Severity, point: float, order: int) -> float:
    return float(family.below(law, point, order)) if point > 0 else 0.0


def _reached(family: _Family, law: Severity, point: float) -> float:
    return float(family.reached(law, point)) if point > 0 else 1.0


def _score(law: Lognormal, point: float) -> float:
    return (math.log(point) - law.mu) / law.sigma


def _lognormal_below(law: Lognormal, point: float, order: int) -> float:
    whole = math.exp(order * law.mu + order**2 * law.sigma**2 / 2)
    return whole * float(special.ndtr(_score(law, point) - order * law.sigma))


def _shape_scale(law: Gamma) -> tuple[float, float]:
    return law.mean() ** 2 / law.var(), law.var() / law.mean()


def _gamma_below(law: Gamma, point: float, order: int) -> float:
    shape, scale = _shape_scale(law)
    whole = scale**order * float(special.poch(shape, order))
    return whole * float(special.gammainc(shape + order, point / scale))


def _gamma_reached(law: Gamma, point: float) -> float:
    shape, scale = _shape_scale(law)
    return float(special.gammaincc(shape, point / scale))


def _weibull_below(law: Weibull, point: float, order: int) -> float:
    shape = 1 + order / law.shape
    whole = law.scale.value**order * math.gamma(shape)
    return whole * float(special.gammainc(shape, (point / law.scale.value) ** law.shape))


def _lomax_below(law: Lomax, point: float, order: int) -> float:
    """By v = x / (theta + x): an incomplete beta integral, finite for every alpha while the point is."""
    alpha, theta = law.alpha, law.theta.value
    if point == math.inf:
        if alpha <= order:
            return math.inf
        return theta**order * alpha * float(special.beta(order + 1, alpha - order))
    v = point / (theta + point)
    integral = (
        v ** (order + 1) / (order + 1) * float(special.hyp2f1(order + 1, 1 + order - alpha, order + 2, v))
    )
    return theta**order * alpha * integral


def _lomax_reached(law: Lomax, point: float) -> float:
    return math.exp(-law.alpha * math.log1p(point / law.theta.value))


def _uniform_below(law: Uniform, point: float, order: int) -> float:
    low, high = law.low.value, law.high.value
    if low == high:
        return low**order if low < point else 0.0
    top = min(max(point, low), high)
    return (top ** (order + 1) - low ** (order + 1)) / ((order + 1) * (high - low))


def _triangular_below(law: Triangular, point: float, order: int) -> float:
    low, mode, high = law.low.value, law.mode.value, law.high.value

    def ramp(begin: float, end: float, zero: float) -> float:
        """Integral of x**order |x - zero| from begin to end, on one side of zero."""

        def primitive(x: float) -> float:
            return float(x ** (order + 2) / (order + 2) - zero * x ** (order + 1) / (order + 1))

        return abs(primitive(end) - primitive(begin))

    top, total = min(max(point, low), high), 0.0
    if mode > low:
        total += ramp(low, min(top, mode), low) * 2 / ((high - low) * (mode - low))
    if top > mode:
        total += ramp(mode, top, high) * 2 / ((high - low) * (high - mode))
    return total


def _pert_below(law: Pert, point: float, order: int) -> float:
    """A shifted beta law, by the binomial theorem: all terms >= 0."""
    low, width = law.low.value, law.high.value - law.low.value
    a = 1 + 4 * (law.mode.value - low) / width
    b = 6 - a
    z = min(max((point - low) / width, 0.0), 1.0)
    terms = (
        math.comb(order, j)
        * low ** (order - j)
        * width**j
        * float(special.poch(a, j) / special.poch(a + b, j) * special.betainc(a + j, b, z))
        for j in range(order + 1)
    )
    return math.fsum(terms)


def _constant_below(law: Constant, point: float, order: int) -> float:
    return float(law.value.value**order) if law.value.value < point else 0.0


def _empirical_below(law: Empirical, point: float, order: int) -> float:
    values = np.array([value.value for value in law.values])
    weights = np.array(law.weights or [1.0] * len(values))
    inside = values < point
    return float(values[inside] ** order @ weights[inside] / weights.sum())


def _by_complement(below: Callable[[Any, float, int], float]) -> _Family:
    """A law of bounded range: what is not below."""
    return _Family(below, lambda law, point: max(0.0, 1.0 - below(law, point, 0)))


_FAMILIES: dict[type, _Family] = {
    Constant: _by_complement(_constant_below),
    Empirical: _by_complement(_empirical_below),
    Uniform: _by_complement(_uniform_below),
    Triangular: _by_complement(_triangular_below),
    Pert: _by_complement(_pert_below),
    Lognormal: _Family(_lognormal_below, lambda law, point: float(special.ndtr(-_score(law, point)))),
    Gamma: _Family(_gamma_below, _gamma_reached),
    Weibull: _Family(_weibull_below, lambda law, point: math.exp(-((point / law.scale.value) ** law.shape))),
    Lomax: _Family(_lomax_below, _lomax_reached),
}
