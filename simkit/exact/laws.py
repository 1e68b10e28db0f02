"""The exact law of what a measure awards in a year, given the path: compound sums, given the factor, then mixed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simkit.arrays import FloatArray
from simkit.claims.plan import ClaimPlan
from simkit.distributions.compound import (
    ComplexArray,
    Lattice,
    Spectrum,
    count_transform,
    from_limited,
)
from simkit.exact.amounts import Amount, amount_of
from simkit.exact.exposure import Claimants, claimants, first_ever, paid_first
from simkit.exact.path import PopulationPath
from simkit.exact.quadrature import FACTOR_NODES, Nodes, chebyshev, gamma_nodes
from simkit.exact.reasons import NoTwinError, at_most_one
from simkit.policy.assumed import law
from simkit.scenario import Scenario

__all__ = ["MeasureModel", "YearLaw", "model_of", "year_laws"]

#: Steps of the lattice of a year's total; of an agency's capped sum.
TOTAL_BUCKETS, AGENCY_BUCKETS = 2**15, 2**12
_COARSE = 2**10
#: Nodes that stand for many different exposures; up to as many each stands for itself.
_EXPOSURES = 16
#: Chance of lying beyond the lattice of totals.
_BEYOND = 1e-8
#: A quantile's lattice error is exceeded with this chance (Hoeffding).
_DELTA = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasureModel:
    """All that the law of a measure's awards rests on, at central parameters.

    Attributes
    ----------
    intensity, loading, spread : float
    kind : str
        `event`, ..., `fixed`; `transition` for the gain of a status.
    take_up : float[year]
        Years from the path's first.
    single : bool
        At most one claim of a claimant is paid in a year.
    amounts : tuple of Amount
        By year; under the agency's yearly cap where there is at most one.
    agency_cap, measure_cap : float
        Within a year; infinity for none.
    """

    plan: ClaimPlan
    kind: str
    intensity: float
    loading: float
    spread: float
    take_up: FloatArray
    repeat: str
    first_time: bool
    single: bool
    amounts: tuple[Amount, ...]
    agency_cap: float
    measure_cap: float
    people: Claimants
    factor: Nodes

    def lifted(self, factor: float) -> float:
        """Intensity given the factor."""
        if self.kind == "fixed":
            return self.intensity
        return self.intensity * max(0.0, 1 + self.loading * (factor - 1))


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
    claims : float
        Expected number of claimants paid.
    """

    mean: float
    mean_error: float
    law: Lattice
    quantile_error: float
    claims: float


class _Given(NamedTuple):
    """The claimants of a year, given the factor: like ones together.

    `at`, `many`: chance of a claim (single) or mean number of claims, and how many have it.
    """

    at: FloatArray
    many: FloatArray


def model_of(scenario: Scenario, name: str, path: PopulationPath, nodes: int = FACTOR_NODES) -> MeasureModel:
    """The model of a measure; the scenario's parameters are central.

    Raises
    ------
    NoTwinError
    """
    plan, measure, policy = scenario.plan.claims[name], scenario.policy.measures[name], scenario.policy
    people = claimants(scenario, name, path)
    years = range(path.first_year, path.first_year + path.years)
    intensity = law(plan.intensity).mean()
    most = int(intensity * float(people.weight.max(initial=0.0)) + 0.5)
    single = at_most_one(measure, plan) or (plan.frequency == "fixed" and most <= 1)
    if measure.repeat in ("once", "once_per_key") and plan.frequency == "fixed" and most > 1:
        raise NoTwinError("twin_repeat")
    caps = {cap.per: math.inf for cap in measure.caps.values()}
    for cap in measure.caps.values():
        if cap.within == "year" and cap.amount is not None:
            caps[cap.per] = min(caps[cap.per], cap.amount / 100)
    agency_cap = caps.get("agency", math.inf)
    amounts = tuple(amount_of(policy, plan, name, year) for year in years)
    if measure.first_time and plan.keys and any(0 < one.passes < 1 for one in amounts):
        raise NoTwinError("twin_conditions")
    ramp = np.array([_ramp(plan, year) for year in years])
    shared = scenario.plan.factor.loading
    kind, spread = "transition" if plan.transition else plan.frequency, plan.spread
    loading = law(plan.loading if plan.loading is not None else shared).mean()
    if kind == "fixed" and not single:
        # So many claims for certain, of which those on open days are kept: a binomial number.
        numbers = np.floor(intensity * people.weight + 0.5)
        if len(np.unique(numbers)) > 1:
            raise NoTwinError("twin_fixed")
        kind, spread, loading, intensity = "binomial", float(most), 0.0, float(most)
        people = people._replace(weight=np.ones_like(people.weight))
    return MeasureModel(
        plan=plan,
        kind=kind,
        intensity=intensity,
        loading=loading,
        spread=spread,
        take_up=law(plan.take_up, 1.0).mean() * ramp,
        repeat=measure.repeat,
        first_time=measure.first_time and plan.transition is None,
        single=single,
        amounts=tuple(one.capped(agency_cap) for one in amounts) if single else amounts,
        agency_cap=math.inf if single else agency_cap,
        measure_cap=caps.get("measure", math.inf),
        people=people,
        factor=gamma_nodes(scenario.plan.factor.cv.value.mean(), nodes),
    )


def _ramp(plan: ClaimPlan, year: int) -> float:
    """Factor on the take-up: of the last year named up to this one, else of the first."""
    named = [one for one in sorted(plan.ramp) if one <= year] or sorted(plan.ramp)[:1]
    return plan.ramp[named[-1]] if named else 1.0


# --- given the factor ---------------------------------------------------------------------------------------


def _none(model: MeasureModel, mean: FloatArray, kept: FloatArray | float) -> FloatArray:
    """P(no claim that is kept) of a year."""
    values, place = np.unique(
        np.stack(np.broadcast_arrays(mean, kept)).reshape(2, -1), axis=1, return_inverse=True
    )
    chances = [
        float(count_transform(model.kind, m, model.spread, np.array([1 - k + 0j]))[0].real)
        for m, k in values.T
    ]
    return np.array(chances)[place.reshape(-1)].reshape(np.shape(mean))


def _single(model: MeasureModel, lifted: float) -> FloatArray:
    """Chance of the one claim that may be paid: float[claimant, year]; its amount has the model's law."""
    people, at_years = model.people, model.take_up[None, :]
    if model.kind == "transition":
        return np.asarray(at_years * people.open, dtype=np.float64)
    mean = (lifted * people.weight)[:, None] * np.ones_like(people.open)
    if model.first_time:
        return np.asarray(at_years * first_ever(model.plan, 1 - _none(model, mean, 1.0), people))
    if model.repeat == "yearly" and model.kind not in ("event", "fixed"):
        passes = np.array([one.passes for one in model.amounts])[None, :]
        filed = at_years if model.plan.mark == "claim" else np.ones_like(at_years)
        some = 1 - _none(model, mean, people.open * passes * filed)
        return some / passes * (1.0 if model.plan.mark == "claim" else at_years)
    chance = at_years * (1 - _none(model, mean, 1.0)) * people.open
    if model.repeat in ("once", "once_per_key"):
        passes = np.array([one.passes for one in model.amounts])[None, :]
        return paid_first(chance * passes, people.rounds) / np.maximum(passes, 1e-300)
    return chance


def _alike(values: FloatArray) -> _Given:
    at, count = np.unique(values[values > 0], return_counts=True)
    return _Given(at, count.astype(np.float64))


def _given(model: MeasureModel, lifted: float) -> list[_Given]:
    """By year, the claimants' chances or mean numbers of claims."""
    if model.single:
        table = _single(model, lifted)
    else:
        filed = model.take_up[None, :] if model.plan.mark == "claim" else 1.0
        mean = lifted * model.people.weight
        if model.kind == "binomial":
            mean = np.minimum(mean, model.spread)
        table = mean[:, None] * model.people.open * filed
    return [_alike(table[:, year]) for year in range(table.shape[1])]


def _files(model: MeasureModel, year: int) -> float:
    """Chance that a claimant files at all; that of each claim stands in its mean number."""
    return 1.0 if model.plan.mark == "claim" else float(model.take_up[year])


def _step(limit: float, buckets: int, unit: float) -> float:
    """A step of about limit / buckets that divides, or is a multiple of, the unit of the amounts."""
    step = limit / buckets
    if unit <= 0:
        return step
    return unit / math.floor(unit / step) if unit >= step else unit * math.ceil(step / unit)


def _agency_lattice(model: MeasureModel, year: int) -> tuple[float, int]:
    """Step and number of steps of an agency's capped sum; a token where there is no cap."""
    cap = model.agency_cap
    if cap == math.inf:
        return 1.0, 1
    step = _step(cap, AGENCY_BUCKETS, model.amounts[year].unit)
    size = round(cap / step)
    return (step, size) if abs(size * step - cap) <= 1e-6 * cap else (cap / AGENCY_BUCKETS, AGENCY_BUCKETS)


class _Year:
    """The sum over claimants of one year, as transforms on a lattice."""

    def __init__(self, model: MeasureModel, year: int, limit: float, buckets: int) -> None:
        self.model, self.amount, self.year = model, model.amounts[year], year
        self.step = _step(limit, buckets, self.amount.unit)
        self.buckets = min(buckets, math.ceil(limit / self.step - 1e-9))
        if model.measure_cap <= limit:
            self.step, self.buckets = model.measure_cap / buckets, buckets
        self.spectrum = Spectrum(self.buckets)
        self.points: FloatArray = self.step * np.arange(self.buckets + 1, dtype=np.float64)
        self.claim = self.spectrum.of(from_limited(self.amount.limited(self.points), self.step))
        self.agency_step, size = _agency_lattice(model, year)
        self.agency = Spectrum(size)
        fine: FloatArray = self.agency_step * np.arange(size + 1, dtype=np.float64)
        self.agency_claim = self.agency.of(from_limited(self.amount.limited(fine), self.agency_step))

    def capped(self, mean: float) -> Lattice:
        """An agency's capped sum, given that it files."""
        counts = count_transform(self.model.kind, mean, self.model.spread, self.agency_claim)
        return Lattice(step=self.agency_step, pmf=self.agency.back(counts))

    def of_one(self, at: float) -> tuple[ComplexArray, float]:
        """Transform of a claimant's amount and its mean."""
        model = self.model
        if model.single:
            return 1 + at * (self.claim - 1), at * self.amount.mean()
        files = _files(model, self.year)
        if model.agency_cap == math.inf:
            inner = count_transform(model.kind, at, model.spread, self.claim)
            return 1 - files + files * inner, files * at * self.amount.mean()
        agency = self.capped(at)
        inner = self.spectrum.of(from_limited(agency.limited(self.points), self.step))
        return 1 - files + files * inner, files * agency.mean()

    def total(self, given: _Given) -> tuple[ComplexArray, float]:
        """Transform and mean of the sum over all claimants."""
        product = np.ones(self.spectrum.length // 2 + 1, dtype=np.complex128)
        mean, nodes = 0.0, given
        smooth = len(given.at) > _EXPOSURES and self._safe(given)
        if smooth:
            nodes = _Given(*chebyshev(given.at, given.many, 0.0, float(given.at.max()), _EXPOSURES))
        for at, count in zip(nodes.at, nodes.many, strict=True):
            one, expected = self.of_one(float(at))
            # A sum of few different transforms is a product of powers; else logs are interpolated.
            product *= np.exp(count * np.log(one)) if smooth else one ** round(count)
            mean += count * expected
        return product, mean

    def _safe(self, given: _Given) -> bool:
        """Whether logarithms are smooth: the chance of any claim stays below one half."""
        largest = float(given.at.max(initial=0.0))
        if self.model.single:
            return 2 * largest < 0.98
        return 2 * _files(self.model, self.year) < 0.98 and self.model.kind != "fixed"


def year_laws(model: MeasureModel, years: range) -> tuple[YearLaw, ...]:
    """The laws of the years' awards, mixed over the factor; years count from the path's first."""
    given = [_given(model, model.lifted(float(factor))) for factor in model.factor.value]
    return tuple(_year_law(model, year, [one[year] for one in given]) for year in years)


def _year_law(model: MeasureModel, year: int, given: list[_Given]) -> YearLaw:
    expected = sum(
        float(w) * float(one.many @ np.minimum(1.0, one.at))
        for w, one in zip(model.factor.weight, given, strict=True)
    )
    if not model.single:
        expected *= _files(model, year)
    largest = min(model.agency_cap, model.amounts[year].largest())
    if expected == 0 or largest == 0:
        return YearLaw(0.0, 0.0, Lattice(step=1.0, pmf=np.array([1.0, 0.0])), 0.0, 0.0)
    limit = 2 * model.amounts[year].mean() * (expected + 3) + largest
    for _ in range(40):
        coarse, _mean = _mixed(model, year, given, min(limit, model.measure_cap), _COARSE)
        if coarse.pmf[-1] < _BEYOND or limit >= model.measure_cap:
            break
        limit *= 2
    top = coarse.quantile(1 - _BEYOND) * 1.1 + 4 * coarse.step
    found, mean = _mixed(model, year, given, min(top, model.measure_cap), TOTAL_BUCKETS)
    claims_each = max(1.0, max(float(one.at.max(initial=0.0)) for one in given))
    inner = 0.0
    if model.agency_cap < math.inf:
        inner = expected * _agency_lattice(model, year)[0] * math.sqrt(claims_each) / 2
    many = (expected + 8 * math.sqrt(expected) + 10) * (claims_each if model.agency_cap == math.inf else 1.0)
    outer = found.step * math.sqrt(many * math.log(2 / _DELTA) / 2)
    if model.measure_cap < math.inf:
        mean, inner = found.mean(), inner + found.step * math.sqrt(many) / 2
    return YearLaw(mean, inner + 0.01 * expected * claims_each, found, inner + outer, expected)


def _mixed(
    model: MeasureModel, year: int, given: list[_Given], limit: float, buckets: int
) -> tuple[Lattice, float]:
    """Law and mean on a lattice up to a limit, mixed over the factor."""
    sums = _Year(model, year, limit, buckets)
    mixture, mean = 0.0, 0.0
    for weight, one in zip(model.factor.weight, given, strict=True):
        transform, expected = sums.total(one)
        mixture = mixture + weight * transform
        mean += float(weight) * expected
    return Lattice(step=sums.step, pmf=sums.spectrum.back(np.asarray(mixture))), mean
