"""What a draw fixes before anybody claims: the common factor, rates, take-up, sizes of a year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import special

from simkit.base.arrays import FloatArray, IndexArray
from simkit.base.errors import InputError
from simkit.base.random import Seed, decision, uniforms
from simkit.claims.agency_list import Roster
from simkit.claims.assumed import law
from simkit.claims.blueprint import lines_of
from simkit.claims.plan import ClaimPlan, FactorPlan
from simkit.claims.population import draw_law, population_rates
from simkit.claims.population_plan import PopulationPlan
from simkit.claims.records import DRAWN, DRAWN_YEAR, NUMBER_YEARS_BACK, Drawn, PopulationRates
from simkit.policy.columns import Columns, claim_columns
from simkit.policy.schema import Policy

__all__ = ["common_factor", "draw_rates"]


def common_factor(plan: FactorPlan, seed: Seed, draws: IndexArray) -> FloatArray:
    """F, gamma with mean 1 and the plan's cv, one a draw for all years: float[draw]."""
    cv = draw_law(plan.cv.value, seed, "factor.cv", draws)
    u = uniforms(seed, decision("factor", "common"), draws, 0)
    shape = 1 / np.maximum(cv, 1e-9) ** 2
    return np.where(cv > 1e-9, special.gammaincinv(shape, u) / shape, 1.0)


def draw_rates(
    policy: Policy,
    population: PopulationPlan,
    plans: Mapping[str, ClaimPlan],
    factor_plan: FactorPlan,
    last_year: int,
    seed: Seed,
    draws: IndexArray,
    *,
    roster: Roster | None = None,
    columns: Columns | None = None,
) -> tuple[PopulationRates, Drawn]:
    """Draw all parameters, the common factor and the yearly shocks of a block of draws, vectorised.

    Raises
    ------
    InputError
        When a take-up is drawn above its ceiling.
    """
    live = {name: plan for name, plan in plans.items() if policy.measures[name].live}
    factor = common_factor(factor_plan, seed, draws)
    line_names = lines_of(policy, population)
    rates = population_rates(population, line_names, policy.districts, last_year, seed, draws, factor, roster)
    years = np.arange(rates.first_year, last_year + 1)
    busy = factor, _activity(factor_plan, seed, draws, years)
    by_year = np.zeros((len(draws), len(live), len(years)), dtype=DRAWN_YEAR)
    by_plan = np.zeros((len(draws), len(live)), dtype=DRAWN)
    for row, (name, plan) in enumerate(live.items()):
        root = f"claims.{name}"
        by_year["intensity"][:, row] = _intensity(plan, root, factor_plan, busy, seed, draws)
        by_year["take_up"][:, row] = _take_up(plan, root, seed, draws, years)
        by_year["base"][:, row], by_year["growth"][:, row] = _base(plan, root, seed, draws, years)
        by_plan["already"][:, row] = draw_law(law(plan.already), seed, f"{root}.already", draws)
        if plan.companion is not None:
            path = f"{root}.companion.chance"
            by_plan["companion"][:, row] = draw_law(plan.companion.chance.value, seed, path, draws)
    return rates, Drawn(
        by_year=by_year,
        by_plan=by_plan,
        chance=_chances(live, columns or claim_columns(policy), seed, draws),
        others=_others(population, seed, draws),
        number=_growth_of_numbers(population, rates.first_year, last_year, seed, draws),
    )


def _intensity(
    plan: ClaimPlan,
    root: str,
    factor_plan: FactorPlan,
    busy: tuple[FloatArray, FloatArray],
    seed: Seed,
    draws: IndexArray,
) -> FloatArray:
    """Claims of one agency a year: float[draw, year]; `busy` are the common factor and the yearly activity."""
    factor, activity = busy
    own = plan.loading
    path = "factor.loading" if own is None else f"{root}.loading"
    loading = draw_law(law(factor_plan.loading if own is None else own), seed, path, draws)
    lift = np.maximum(0.0, 1 + loading * (factor - 1))
    mean = draw_law(law(plan.intensity), seed, f"{root}.intensity", draws)
    if plan.frequency == "fixed":
        return np.repeat(mean[:, None], activity.shape[1], axis=1)
    return mean[:, None] * (lift[:, None] * activity)


def _take_up(plan: ClaimPlan, root: str, seed: Seed, draws: IndexArray, years: IndexArray) -> FloatArray:
    """Share of those entitled who claim: float[draw, year]."""
    taken = draw_law(law(plan.take_up, 1.0), seed, f"{root}.take_up", draws)
    if taken.max() > plan.ceiling + 1e-12:
        most = f"{taken.max():g}"
        raise InputError(
            "error.above_ceiling", path=f"{root}.take_up", ceiling=f"{plan.ceiling:g}", found=most
        )
    taken = np.minimum(taken * plan.take_up_factor, plan.ceiling)
    return taken[:, None] * np.array([plan.ramp_in(int(year)) for year in years])


def _chances(live: Mapping[str, ClaimPlan], columns: Columns, seed: Seed, draws: IndexArray) -> FloatArray:
    """Chances of flags: float[draw, plan, column]."""
    width = max((len(one) for one in columns.values()), default=0)
    chance = np.zeros((len(draws), len(live), width))
    for row, (name, plan) in enumerate(live.items()):
        for column, (attribute, _) in enumerate(columns[name]):
            drawn = plan.attributes.get(attribute)
            if drawn is not None and drawn.chance is not None:
                path = f"claims.{name}.attributes.{attribute}.chance"
                chance[:, row, column] = draw_law(drawn.chance.value, seed, path, draws)
    return chance


def _others(population: PopulationPlan, seed: Seed, draws: IndexArray) -> IndexArray:
    """How many parks and the like there are: int64[draw, other]."""
    others = np.zeros((len(draws), len(population.others)), dtype=np.int64)
    for row, (name, count) in enumerate(population.others.items()):
        others[:, row] = np.rint(draw_law(count.value, seed, f"population.others.{name}", draws))
    return others


def _growth_of_numbers(
    population: PopulationPlan, first_year: int, last_year: int, seed: Seed, draws: IndexArray
) -> FloatArray:
    """Growth since the start: float[draw, number, year], from before the first: a condition may look back."""
    years = np.arange(first_year - NUMBER_YEARS_BACK, last_year + 1)
    number = np.ones((len(draws), len(population.numbers), len(years)))
    for row, (name, of_agency) in enumerate(population.numbers.items()):
        rate = draw_law(law(of_agency.growth), seed, f"population.numbers.{name}.growth", draws)
        number[:, row] = (1 + rate[:, None]) ** (years - population.growth.start_year)
    return number


def _activity(plan: FactorPlan, seed: Seed, draws: IndexArray, years: IndexArray) -> FloatArray:
    """Yearly factor on all intensities, lognormal with mean 1: float[draw, year]."""
    sd = draw_law(law(plan.activity_sd), seed, "factor.activity_sd", draws)
    asked = decision("factor", "activity shock")
    scores = [special.ndtri(uniforms(seed, asked, draws, int(year))) for year in years]
    return np.stack([np.exp(sd * score - sd**2 / 2) for score in scores], axis=1)


def _base(
    plan: ClaimPlan, root: str, seed: Seed, draws: IndexArray, years: IndexArray
) -> tuple[FloatArray, FloatArray]:
    """Factor on the product of the variables, and the part of it that is growth: float[draw, year]."""
    scale = draw_law(law(plan.base.scale, 1.0), seed, f"{root}.base.scale", draws)
    growth = np.ones((len(draws), len(years)))
    if plan.base.growth is not None and plan.base.of_year is not None:
        rate = draw_law(plan.base.growth.value, seed, f"{root}.base.growth", draws)
        growth = (1 + rate[:, None]) ** (years - plan.base.of_year)
    if plan.remove_elsewhere:
        # The heads are the first variable: what is taken off lowers thresholds on them too.
        gone = draw_law(law(plan.heads_elsewhere), seed, f"{root}.heads_elsewhere", draws)
        growth = growth * (1 - gone[:, None])
    unit = 1.0 if plan.base.unit == "count" else 100.0
    return unit * scale[:, None] * growth, growth
