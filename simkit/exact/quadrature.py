"""Nodes and weights that stand for a law: of the common factor, of a variable of a claim."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import linalg, special

from simkit.base.arrays import FloatArray
from simkit.distributions.severity import Constant, Empirical, Pert, Severity, Triangular, Uniform

__all__ = ["FACTOR_NODES", "Nodes", "chebyshev", "chebyshev_basis", "gamma_nodes", "law_nodes"]

#: Of the common factor: so close that the laws given the factor overlap, and their mixture is smooth.
FACTOR_NODES = 40
#: Nodes with a smaller weight are left out.
_LEAST = 1e-11
_LAW_NODES = 48


class Nodes(NamedTuple):
    """Values float[node] and weights float[node] that sum to 1."""

    value: FloatArray
    weight: FloatArray


def gamma_nodes(cv: float, count: int = FACTOR_NODES) -> Nodes:
    """Of a gamma law with mean 1: generalised Gauss-Laguerre, exact for polynomials up to degree 2 count - 1.

    References
    ----------
    G. H. Golub, J. H. Welsch: Calculation of Gauss quadrature rules. Mathematics of Computation 23
    (1969), 221-230: from the recurrence of the orthogonal polynomials, which no gamma function overflows.
    """
    if cv <= 1e-9:
        return Nodes(np.ones(1), np.ones(1))
    order = np.arange(count)
    alpha = 1 / cv**2 - 1
    middle = 2 * order + 1 + alpha
    beside = np.sqrt(order[1:] * (order[1:] + alpha))
    points, vectors = linalg.eigh_tridiagonal(middle, beside)
    weights = vectors[0] ** 2
    kept = weights > _LEAST
    return Nodes(points[kept] / (alpha + 1), weights[kept] / weights[kept].sum())


def law_nodes(law: Severity, count: int = _LAW_NODES) -> Nodes:
    """Of a law of sizes, with its mean.

    All values of a discrete law; Gauss's rule for the density of a bounded one, exact for polynomials up to
    degree 2 count - 1 (of a triangular law on each side of its mode); Gauss-Hermite on the normal score else.
    """
    if isinstance(law, Constant):
        return Nodes(np.array([law.value.value]), np.ones(1))
    if isinstance(law, Empirical):
        given = np.array(law.weights or [1.0] * len(law.values))
        return Nodes(np.array([value.value for value in law.values]), given / given.sum())
    if isinstance(law, Uniform | Triangular | Pert):
        return _bounded(law, count)
    points, weights = special.roots_hermitenorm(count)
    weights = weights / weights.sum()
    values = law.ppf(np.clip(special.ndtr(points), 1e-300, 1 - 1e-16))
    return Nodes(values * law.mean() / float(weights @ values), weights)


def _bounded(law: Uniform | Triangular | Pert, count: int) -> Nodes:
    low, high = law.low.value, law.high.value
    if isinstance(law, Pert):
        first = 4 * (law.mode.value - low) / (high - low)
        points, weights = special.roots_jacobi(count, 4 - first, first)
        return Nodes(low + (high - low) * (points + 1) / 2, weights / weights.sum())
    points, weights = special.roots_legendre(count)
    if isinstance(law, Uniform):
        return Nodes(low + (high - low) * (points + 1) / 2, weights / 2)
    mode = law.mode.value
    rising, falling = low + (mode - low) * (points + 1) / 2, mode + (high - mode) * (points + 1) / 2
    left, right = weights * (mode - low) * (rising - low), weights * (high - mode) * (high - falling)
    up, down = (mode - low) / (high - low), (high - mode) / (high - low)
    parts = [(rising, left, up), (falling, right, down)]
    kept = [(values, up_to / up_to.sum() * share) for values, up_to, share in parts if share > 0]
    return Nodes(np.concatenate([one for one, _ in kept]), np.concatenate([one for _, one in kept]))


def chebyshev_basis(points: FloatArray, low: float, high: float, nodes: int) -> tuple[FloatArray, FloatArray]:
    """Chebyshev's nodes from low to high, and what each counts at each point: float[node], float[point, node].

    Interpolation of a smooth f is basis @ f(nodes); for an analytic f its error falls geometrically.
    """
    at = np.cos((np.arange(nodes) + 0.5) * np.pi / nodes)
    scaled = (2 * points - low - high) / max(high - low, 1e-300)
    wanted = np.polynomial.chebyshev.chebvander(scaled, nodes - 1)
    basis = np.linalg.solve(np.polynomial.chebyshev.chebvander(at, nodes - 1).T, wanted.T).T
    return np.asarray((low + high + (high - low) * at) / 2, dtype=np.float64), np.asarray(basis)


def chebyshev(points: FloatArray, counts: FloatArray, low: float, high: float, nodes: int) -> Nodes:
    """Nodes and signed weights with sum of counts f(point) = sum of weights f(node), f smooth from low to high."""
    places, basis = chebyshev_basis(points, low, high, nodes)
    return Nodes(places, np.asarray(counts @ basis))
