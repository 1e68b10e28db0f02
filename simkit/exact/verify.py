"""Hold the simulation against its exact twin: measure by measure, year by year."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simkit.awards.adjudicate import Desk
from simkit.awards.types import no_levers
from simkit.base.arrays import FenArray, IndexArray
from simkit.base.days import years_of
from simkit.claims.blueprint import blueprint
from simkit.claims.drawn import common_factor, draw_rates
from simkit.claims.records import PopulationRates
from simkit.claims.sampling import Sampler
from simkit.claims.types import nothing_paid
from simkit.exact.laws import YearLaw, year_laws
from simkit.exact.models import model_of
from simkit.exact.path import population_path, repeated
from simkit.exact.reasons import NoTwinError, Reason, reason_against
from simkit.policy.compile import compile_policy
from simkit.scenario import Scenario, central_changes, load_scenario

__all__ = ["LEVELS", "Level", "Row", "Verification", "Z", "restricted", "simulate_path", "twins", "verify"]

#: Standard errors allowed. A right program is beyond them in 6 of ten million comparisons, so in about
#: one of ten thousand runs with two hundred of them.
Z = 5.0
LEVELS = (0.5, 0.9, 0.95)
#: Claimants paid in all draws together that a comparison needs: with fewer a mean is not yet normal.
MIN_PAID = 200
_PASS, _BLOCK = 16, 512


class Level(NamedTuple):
    """A quantile: exact, and the interval that the simulation gives for it, Z standard errors wide each side.

    `fits`: shares of draws below and up to it allow it, within the lattice's error.
    """

    p: float
    exact: float
    low: float
    high: float
    fits: bool


class Row(NamedTuple):
    """A measure and earned year. Money in yuan.

    Attributes
    ----------
    exact, error : float
        Mean of the twin; bound of its own error (lattice, rounding to fen).
    simulated, standard_error : float
        Mean of the draws; its standard error, from the twin's standard deviation.
    z : float
        What they are apart beyond `error`, in standard errors; infinite where there is no chance at all.
    levels : tuple of Level
        Empty where too few draws pay anything; then z is not judged either.
    compared : bool
    """

    measure: str
    year: int
    exact: float
    error: float
    simulated: float
    standard_error: float
    z: float
    levels: tuple[Level, ...]
    compared: bool

    @property
    def fails(self) -> bool:
        """Whether the simulation is not that of the twin."""
        return self.compared and (not abs(self.z) <= Z or not all(level.fits for level in self.levels))


class Verification(NamedTuple):
    """Rows of all measures that have a twin, and why the others have none.

    Attributes
    ----------
    rows : tuple of Row
    reasons : dict of measure to Reason
    covered : float
        Share of the simulated awards whose measures have a twin.
    draws, seed, path : int
    factor : float
        What the mean of the draws' common factor is off 1, in its standard errors: all measures with a
        loading go with it.
    """

    rows: tuple[Row, ...]
    reasons: Mapping[str, Reason]
    covered: float
    draws: int
    seed: int
    path: int
    factor: float

    @property
    def failures(self) -> tuple[Row, ...]:
        """Rows that are beyond chance."""
        return tuple(row for row in self.rows if row.fails)


def restricted(path: str | Path, overlays: Sequence[str | Path] = ()) -> Scenario:
    """The scenario with its parameters at their central values and without yearly activity shocks."""
    scenario = load_scenario(path, overlays)
    changes: dict[str, Any] = dict(central_changes(scenario))
    if scenario.plan.factor.activity_sd is not None:
        changes["factor.activity_sd.value"] = 0
    return load_scenario(path, overlays, changes)


def _rates(scenario: Scenario, seed: int, numbers: IndexArray) -> Any:
    plan = scenario.plan
    given = (plan.population, plan.claims, plan.factor, plan.earned_years[1], seed, numbers)
    return draw_rates(scenario.policy, *given, roster=scenario.roster)


def _rates_of_path(scenario: Scenario, seed: int, path: int) -> PopulationRates:
    rates: PopulationRates = _rates(scenario, seed, np.array([path], dtype=np.int64))[0]
    return rates


def twins(
    scenario: Scenario, seed: int, path: int
) -> tuple[dict[str, dict[int, YearLaw]], dict[str, Reason]]:
    """The exact laws of each measure by earned year, and why the other measures have none."""
    people = population_path(_rates_of_path(scenario, seed, path), seed, path)
    first, last = scenario.plan.earned_years
    laws: dict[str, dict[int, YearLaw]] = {}
    reasons: dict[str, Reason] = {}
    for name in scenario.plan.claims:
        measure = scenario.policy.measures[name]
        if measure.outside or not measure.live:
            continue
        reason = reason_against(scenario.policy, scenario.plan.claims, name)
        try:
            if reason is not None:
                raise NoTwinError(*reason)
            model = model_of(scenario, name, people)
            years = range(first - people.first_year, last + 1 - people.first_year)
            laws[name] = dict(zip(range(first, last + 1), year_laws(model, years), strict=True))
        except NoTwinError as error:
            reasons[name] = error.reason
    return laws, reasons


def simulate_path(
    scenario: Scenario, draws: int, seed: int, path: int, progress: Callable[[int], Any] | None = None
) -> FenArray:
    """Awards of the real engine on one population path: int64[draw, measure, earned year], fen."""
    plan, policy = scenario.plan, scenario.policy
    first, last = plan.earned_years
    sketch = blueprint(policy, plan.population, plan.claims, plan.calendar, plan.earned_years)
    rules = compile_policy(policy)
    of_path = _rates_of_path(scenario, seed, path)
    sampler = Sampler(sketch, seed, _PASS, path)
    desk = Desk(rules, nothing_paid())
    size, years = len(policy.measures), last - first + 1
    found = np.zeros((draws, size, years), dtype=np.int64)
    for begin in range(0, draws, _BLOCK):
        numbers = np.arange(begin, min(begin + _BLOCK, draws), dtype=np.int64)
        rates, drawn = repeated(of_path, len(numbers)), _rates(scenario, seed, numbers)[1]
        at = 0
        while at < len(numbers):
            some = numbers[at : at + sampler.together]
            claims = sampler.sample(rates, drawn, some, at).claims
            at += len(some)
            levers = no_levers(rules, len(some), plan.earned_years)
            awards = desk.decide(claims, levers)
            draw, earned = np.repeat(some, np.diff(claims.firsts)), years_of(claims.rows["earned"]) - first
            np.add.at(found, (draw, claims.rows["measure"], earned), awards.award)
        if progress is not None:
            progress(len(numbers))
    return found


def _compare(name: str, year: int, law: YearLaw, sample: FenArray) -> Row:
    """One measure and year."""
    yuan, draws = sample / 100, len(sample)
    sd = math.sqrt(law.law.var())
    certain = sd <= law.law.step
    error = 0.0 if certain else sd / math.sqrt(draws)
    apart = float(yuan.mean()) - law.mean
    beyond = math.copysign(max(0.0, abs(apart) - law.mean_error), apart)
    z = beyond / error if not certain else (0.0 if beyond == 0 else math.copysign(math.inf, beyond))
    compared = law.paid * draws >= MIN_PAID or law.mean == 0
    levels = tuple(_level(p, law, yuan) for p in LEVELS if min(p, 1 - p) * draws >= Z**2) if compared else ()
    return Row(name, year, law.mean, law.mean_error, float(yuan.mean()), error, z, levels, compared)


def _level(p: float, law: YearLaw, yuan: Any) -> Level:
    """A quantile of the twin against the draws."""
    exact, draws = law.law.quantile(p), len(yuan)
    error = law.quantile_error + law.law.step + 0.01 * law.paid
    allowed = Z * math.sqrt(p * (1 - p) / draws)
    below, at = float((yuan < exact - error).mean()), float((yuan <= exact + error).mean())
    low, high = np.quantile(yuan, [max(0.0, p - allowed), min(1.0, p + allowed)], method="inverted_cdf")
    return Level(p, exact, float(low), float(high), below - allowed <= p <= at + allowed)


def verify(
    scenario: Scenario,
    *,
    draws: int,
    seed: int,
    path: int = 0,
    progress: Callable[[int], Any] | None = None,
) -> Verification:
    """Simulate one population path and compare each measure and year with its exact twin.

    Parameters
    ----------
    scenario : Scenario
        From `restricted`: nothing uncertain but the factor and what belongs to agencies and claims.
    draws, seed : int
    path : int
        Draw number whose population stands in every draw.
    """
    laws, reasons = twins(scenario, seed, path)
    sums = simulate_path(scenario, draws, seed, path, progress)
    measures, first = list(scenario.policy.measures), scenario.plan.earned_years[0]
    rows = tuple(
        _compare(name, year, law, sums[:, measures.index(name), year - first])
        for name, by_year in laws.items()
        for year, law in by_year.items()
    )
    ours = [number for number, one in enumerate(measures) if not scenario.policy.measures[one].outside]
    whole = float(sums[:, ours].sum())
    with_twin = float(sums[:, [measures.index(name) for name in laws]].sum()) if laws else 0.0
    return Verification(
        rows=rows,
        reasons=reasons,
        covered=with_twin / whole if whole else 0.0,
        draws=draws,
        seed=seed,
        path=path,
        factor=_factor_off(scenario, draws, seed),
    )


def _factor_off(scenario: Scenario, draws: int, seed: int) -> float:
    cv = scenario.plan.factor.cv.value.mean()
    if cv <= 0:
        return 0.0
    drawn = common_factor(scenario.plan.factor, seed, np.arange(draws, dtype=np.int64))
    return float((drawn.mean() - 1) / cv * math.sqrt(draws))
