"""The exact law of what a measure awards in a year: a sum over claimants given the factor, then mixed over it.

Transforms of independent amounts multiply. Claimants differ by line of business and by the days on which
they are there; the logarithm of a transform is smooth in a claimant's chance (or mean number) of claims,
and that of the sum is smooth in the factor. So both are interpolated from few nodes (Chebyshev), and the
mixture over the factor takes many (Gauss-Laguerre). Means are not interpolated over the factor.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simkit.base.arrays import FloatArray
from simkit.distributions.compound import ComplexArray, Lattice, Spectrum, count_transform, from_limited
from simkit.exact.amounts import common_unit
from simkit.exact.models import Given, MeasureModel, filing, given_factor
from simkit.exact.quadrature import Nodes, chebyshev, chebyshev_basis

__all__ = ["YearLaw", "year_laws"]

#: Steps of the lattice of a year's total, and of a first look at it; of an agency's capped sum.
TOTAL_BUCKETS, COARSE_BUCKETS, AGENCY_BUCKETS = 2**14, 2**10, 2**13
#: Nodes that stand for many different exposures, in laws and in means; up to as many each stands for itself.
LAW_EXPOSURES, MEAN_EXPOSURES = 12, 16
#: Nodes of the factor from which the law at all its nodes is interpolated.
FACTORS = 12
#: Chance of lying beyond the lattice of totals.
_BEYOND = 1e-8
#: A quantile's lattice error is exceeded with this chance (Hoeffding).
_DELTA = 1e-6
#: Most that rounding the base and the award to whole fen moves one award, in yuan.
_FEN = 0.01


class YearLaw(NamedTuple):
    """The exact law of a year's awards, in yuan.

    Attributes
    ----------
    mean : float
    mean_error : float
        Bound of what discretisation and rounding to fen may move it.
    law : Lattice
    quantile_error : float
        Bound of what discretisation moves a quantile, but for a chance of 1e-6.
    paid : float
        Expected number of claimants paid.
    """

    mean: float
    mean_error: float
    law: Lattice
    quantile_error: float
    paid: float


class _Mixture(NamedTuple):
    """The claimants of a year at the nodes of the factor, and at those from which the law is interpolated.

    Attributes
    ----------
    weight : float[node]
    given : list of Given, by node
    between : list of Given
        At Chebyshev's nodes of the factor; none where there is nothing smooth to interpolate.
    basis : float[node, place]
    """

    weight: FloatArray
    given: list[Given]
    between: list[Given]
    basis: FloatArray


def year_laws(model: MeasureModel, years: range) -> tuple[YearLaw, ...]:
    """The laws of the years' awards, mixed over the factor; years count from the path's first."""
    factor = model.factor
    if model.kind in ("fixed", "transition") or model.loading == 0:
        factor = Nodes(np.ones(1), np.ones(1))
    direct = [given_factor(model, model.lifted(float(one))) for one in factor.value]
    low, high = float(factor.value.min()), float(factor.value.max())
    places, basis = chebyshev_basis(factor.value, low, high, FACTORS)
    smooth = len(direct) > 1 and 1 + model.loading * (low - 1) >= 0
    between = [given_factor(model, model.lifted(float(one))) for one in places] if smooth else []
    mixtures = (
        _Mixture(factor.weight, [one[year] for one in direct], [one[year] for one in between], basis)
        for year in years
    )
    return tuple(
        _year_law(_Year(model, year), mixture) for year, mixture in zip(years, mixtures, strict=True)
    )


class _Year:
    """The amounts of one year: of a claim, of an agency under its cap, of all."""

    def __init__(self, model: MeasureModel, year: int) -> None:
        self.model, self.amount, self.files = model, model.amounts[year], filing(model, year)
        self.claim_mean = self.amount.mean()
        self.unit = common_unit(self.amount.unit, model.agency_cap)
        self.agency_step, size = 0.0, 1
        if model.agency_cap < math.inf:
            self.agency_step, size = _lattice(model.agency_cap, AGENCY_BUCKETS, self.unit)
        self.agency = Spectrum(size)
        points: FloatArray = self.agency_step * np.arange(size + 1, dtype=np.float64)
        if model.agency_cap < math.inf:
            self.agency_claim = self.agency.of(from_limited(self.amount.limited(points), self.agency_step))
        self.known: dict[float, Lattice] = {}

    def capped(self, mean: float) -> Lattice:
        """An agency's sum under its yearly cap, given that it files."""
        if mean not in self.known:
            counts = count_transform(self.model.kind, mean, self.model.spread, self.agency_claim)
            self.known[mean] = Lattice(step=self.agency_step, pmf=self.agency.back(counts))
        return self.known[mean]

    def mean_of(self, given: Given) -> float:
        """Expected awards of all claimants; in closed form where no cap is over several claims."""
        model = self.model
        if model.single:
            return float(given.at @ given.many) * self.claim_mean
        if model.agency_cap == math.inf:
            return self.files * float(given.at @ given.many) * self.claim_mean
        nodes = _fewer(given, MEAN_EXPOSURES)
        means = np.array([self.capped(float(at)).mean() for at in nodes.at])
        return self.files * float(nodes.many @ means)


def _fewer(given: Given, most: int) -> Given:
    """Signed weights at a few nodes in place of many different claimants."""
    if len(given.at) <= most:
        return given
    return Given(*chebyshev(given.at, given.many, 0.0, float(given.at.max()), most))


def _lattice(limit: float, buckets: int, unit: float) -> tuple[float, int]:
    """A step of about limit / buckets, and how many of them make the limit or just more.

    It divides, or is a multiple of, the unit of the amounts, where there is one and the limit is one too.
    """
    step = limit / buckets
    if unit > 0:
        fitting = unit / math.floor(unit / step) if unit >= step else unit * math.ceil(step / unit)
        size = max(1, round(limit / fitting))
        if abs(size * fitting - limit) <= 1e-9 * limit:
            return fitting, size
    return step, buckets


class _Total:
    """The sum over claimants of one year, as transforms on a lattice from 0 to a limit."""

    def __init__(self, year: _Year, limit: float, buckets: int) -> None:
        self.year, self.model = year, year.model
        unit = year.unit
        if self.model.measure_cap == math.inf and unit > 0:
            # Not a step of the limit but one of the unit: every sum stands on the lattice.
            step = limit / buckets
            self.step = unit / math.floor(unit / step) if unit >= step else unit * math.ceil(step / unit)
            self.buckets = math.ceil(limit / self.step - 1e-9) + 1
        else:
            self.step, self.buckets = _lattice(limit, buckets, unit)
        self.spectrum = Spectrum(self.buckets)
        self.points: FloatArray = self.step * np.arange(self.buckets + 1, dtype=np.float64)
        self.claim = self.spectrum.of(from_limited(year.amount.limited(self.points), self.step))

    def of_one(self, at: float) -> ComplexArray:
        """Transform of one claimant's amount."""
        model = self.model
        if model.single:
            return 1 + at * (self.claim - 1)
        if model.agency_cap == math.inf:
            inner = count_transform(model.kind, at, model.spread, self.claim)
        else:
            limited = self.year.capped(at).limited(self.points)
            inner = self.spectrum.of(from_limited(limited, self.step))
        return 1 - self.year.files + self.year.files * inner

    def _zero(self, at: float) -> ComplexArray:
        return np.full(self.spectrum.length // 2 + 1, at, dtype=np.complex128)

    def logarithm(self, given: Given) -> ComplexArray:
        """Logarithm of the transform of the sum over all claimants."""
        nodes, total = _fewer(given, LAW_EXPOSURES), self._zero(0.0)
        for at, many in zip(nodes.at, nodes.many, strict=True):
            total += many * np.log(self.of_one(float(at)))
        return total

    def product(self, given: Given) -> ComplexArray:
        """Transform of the sum over all claimants, like by like: where logarithms would jump."""
        total = self._zero(1.0)
        for at, many in zip(given.at, given.many, strict=True):
            total *= self.of_one(float(at)) ** round(many)
        return total

    def safe(self, given: Given) -> bool:
        """Whether logarithms are smooth: the chance of any claim stays below one half."""
        chance = float(given.at.max(initial=0.0)) if self.model.single else self.year.files
        return 2 * chance < 0.98

    def mixed(self, mixture: _Mixture) -> Lattice:
        """The law, mixed over the factor."""
        transform = self._zero(0.0)
        if mixture.between and all(self.safe(one) for one in mixture.given):
            logs = np.stack([self.logarithm(one) for one in mixture.between])
            for weight, row in zip(mixture.weight, mixture.basis, strict=True):
                transform += weight * np.exp(row @ logs)
        else:
            for weight, one in zip(mixture.weight, mixture.given, strict=True):
                few = self.safe(one) and len(one.at) > LAW_EXPOSURES
                transform += weight * (np.exp(self.logarithm(one)) if few else self.product(one))
        return Lattice(step=self.step, pmf=self.spectrum.back(transform))


def _year_law(year: _Year, mixture: _Mixture) -> YearLaw:
    """Mean, law and their errors."""
    model = year.model
    chances = [float(one.many @ np.minimum(1.0, one.at)) for one in mixture.given]
    paid = float(mixture.weight @ np.array(chances)) * (1.0 if model.single else year.files)
    mean = float(mixture.weight @ np.array([year.mean_of(one) for one in mixture.given]))
    if mean == 0:
        return YearLaw(0.0, 0.0, Lattice(step=1.0, pmf=np.array([1.0, 0.0])), 0.0, 0.0)
    limit = 2 * mean + 6 * year.claim_mean + min(model.agency_cap, year.amount.largest())
    while limit < model.measure_cap:
        coarse = _Total(year, limit, COARSE_BUCKETS).mixed(mixture)
        if coarse.pmf[-1] < _BEYOND:
            limit = 1.1 * coarse.quantile(1 - _BEYOND) + 4 * coarse.step
            break
        limit *= 2
    found = _Total(year, min(limit, model.measure_cap), TOTAL_BUCKETS).mixed(mixture)
    each = max(1.0, *(float(one.at.max(initial=0.0)) for one in mixture.given))
    inner, addends = 0.0, paid + 8 * math.sqrt(paid) + 10
    if model.agency_cap < math.inf:
        inner = paid * year.agency_step * math.sqrt(each) / 2
    else:
        addends *= each
    outer = found.step * math.sqrt(addends * math.log(2 / _DELTA) / 2)
    if model.measure_cap < math.inf:
        mean = found.mean()
        inner += found.step * math.sqrt(addends) / 2
    return YearLaw(mean, inner + _FEN * paid * each, found, inner + outer, paid)
