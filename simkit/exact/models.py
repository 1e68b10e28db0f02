"""How claims of a measure arise on a path: each claimant's chance or mean number of claims, given the factor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simkit.base.arrays import FloatArray
from simkit.claims.assumed import law
from simkit.claims.plan import ClaimPlan
from simkit.distributions.compound import count_transform
from simkit.exact.amounts import Amount
from simkit.exact.awarding import amount_of
from simkit.exact.exposure import Claimants, claimants, first_ever, paid_first
from simkit.exact.path import PopulationPath
from simkit.exact.quadrature import FACTOR_NODES, Nodes, gamma_nodes
from simkit.exact.reasons import NoTwinError, at_most_one
from simkit.policy.limits import Shared
from simkit.policy.measure import Measure
from simkit.policy.repetition import Repetition
from simkit.scenario import Scenario

__all__ = ["Given", "MeasureModel", "filing", "given_factor", "model_of"]


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
    repetition: Repetition
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


class Given(NamedTuple):
    """The claimants of a year, given the factor: like ones together.

    `at`, `many`: chance of a claim (single) or mean number of claims, and how many have it.
    """

    at: FloatArray
    many: FloatArray


def model_of(scenario: Scenario, name: str, path: PopulationPath) -> MeasureModel:
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
    if measure.repetition.ever and plan.frequency == "fixed" and most > 1:
        raise NoTwinError("twin_repeat")
    agency_cap, measure_cap = (_yearly_cap(measure, by_agency) for by_agency in (True, False))
    amounts = tuple(amount_of(policy, plan, name, year) for year in years)
    if measure.first_time and plan.keys and any(0 < one.passes < 1 for one in amounts):
        raise NoTwinError("twin_conditions")
    ramp = np.array([plan.ramp_in(year) for year in years])
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
        repetition=measure.repetition,
        first_time=measure.first_time and plan.transition is None,
        single=single,
        amounts=tuple(one.capped(agency_cap) for one in amounts) if single else amounts,
        agency_cap=math.inf if single else agency_cap,
        measure_cap=measure_cap,
        people=people,
        factor=gamma_nodes(scenario.plan.factor.cv.value.mean(), FACTOR_NODES),
    )


def _yearly_cap(measure: Measure, by_agency: bool) -> float:
    """The least cap within a year, of each agency or of all, in yuan; infinity for none."""
    yearly = Shared(by_agency, by_year=True, in_term=False)
    caps = (cap.amount for cap in measure.caps.values() if cap.shared == yearly)
    return min((amount / 100 for amount in caps if amount is not None), default=math.inf)


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
    if model.repetition.in_year and model.kind not in ("event", "fixed"):
        passes = np.maximum([one.passes for one in model.amounts], 1e-300)[None, :]
        filed = at_years if model.plan.mark == "claim" else np.ones_like(at_years)
        some = 1 - _none(model, mean, people.open * passes * filed)
        return np.asarray(some / passes * (1.0 if model.plan.mark == "claim" else at_years))
    chance = at_years * (1 - _none(model, mean, 1.0)) * people.open
    if model.repetition.ever:
        passes = np.array([one.passes for one in model.amounts])[None, :]
        return paid_first(chance * passes, people.rounds) / np.maximum(passes, 1e-300)
    return chance


def _alike(values: FloatArray) -> Given:
    at, count = np.unique(values[values > 0], return_counts=True)
    return Given(at, count.astype(np.float64))


def given_factor(model: MeasureModel, lifted: float) -> list[Given]:
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


def filing(model: MeasureModel, year: int) -> float:
    """Chance that a claimant files at all; that of each claim stands in its mean number."""
    return 1.0 if model.plan.mark == "claim" else float(model.take_up[year])
