"""Population: what is assumed of entry, exit, transitions and growth, and what each draw fixes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.errors import InputError
from simkit.base.random import Seed, decision, uniforms
from simkit.claims.agency_list import Roster
from simkit.claims.assumed import Assumed, law
from simkit.claims.population_plan import Growth, PopulationPlan
from simkit.claims.records import POPULATION_YEAR, Known, PopulationRates
from simkit.distributions.severity import Severity

__all__ = ["draw_law", "expected_agencies", "population_rates"]

#: Draws over which the entry rate of a target is solved; their own stream, whatever the run's draws.
_DESIGN_DRAWS = 4_096


def draw_law(value: Severity, seed: Seed, path: str, draws: IndexArray) -> FloatArray:
    """An assumption drawn once a draw: float[draw]; its address is its path."""
    if value.dist == "constant":
        return np.full(len(draws), value.mean())
    return np.asarray(value.ppf(uniforms(seed, decision(path, "parameter"), draws, 0)))


def _shocks(growth: Growth, seed: Seed, draws: IndexArray, year: int) -> FloatArray:
    """Yearly factor on the entry rate, shared by all agencies: lognormal with mean 1."""
    sd = draw_law(law(growth.shock_sd), seed, "population.growth.shock_sd", draws)
    score = special.ndtri(uniforms(seed, decision("population", "entry shock"), draws, year))
    return np.exp(sd * score - sd**2 / 2)


def _rates(
    growth: Growth, seed: Seed, draws: IndexArray, year: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Entry rate with its shock, exit share, and entries besides, of one year: float[draw] each."""
    root = "population.growth"

    def of_year(by_year: dict[int, Assumed], years: str, name: str, otherwise: Assumed | None) -> FloatArray:
        path = f"{root}.{years}.{year}" if year in by_year else f"{root}.{name}"
        return draw_law(law(by_year.get(year, otherwise)), seed, path, draws)

    entry = of_year(growth.entry_by_year, "entry_by_year", "entry_rate", growth.entry_rate)
    leave = of_year(growth.exit_by_year, "exit_by_year", "exit_rate", growth.exit_rate)
    besides = of_year(growth.entries, "entries", "entries", None)
    return entry * _shocks(growth, seed, draws, year), leave, besides


def _start(growth: Growth, roster: Roster | None, seed: Seed, draws: IndexArray) -> FloatArray:
    """Agencies at the start: those of the roster, else as assumed."""
    if roster is not None:
        return np.full(len(draws), float(len(roster.line)))
    return draw_law(growth.start.value, seed, "population.growth.start", draws)


def _factors(growth: Growth, years: range, roster: Roster | None) -> dict[int, float]:
    """Factor on the entry rate of each year that makes the aim hold in expectation over shocks and parameters."""
    # A tenth of a second that what only reads a run need not wait for.
    from scipy.optimize import brentq

    factors = dict.fromkeys(years, 1.0)
    aims = {growth.target.year: growth.target.agencies} if growth.target else dict(growth.path)
    draws = np.arange(_DESIGN_DRAWS, dtype=np.int64)
    agencies = _start(growth, roster, 0, draws)
    last = growth.start_year
    for aim in sorted(aims):
        span = [_rates(growth, 0, draws, year) for year in range(last + 1, aim + 1)]

        def grown(factor: float, span: Any = span, agencies: FloatArray = agencies) -> FloatArray:
            for entry, leave, besides in span:
                agencies = agencies * (1 - leave + factor * entry) + besides
            return agencies

        def miss(factor: float, aim: int = aim, grown: Any = grown) -> float:
            return float(grown(factor).mean()) - aims[aim]

        if miss(0.0) > 0 or miss(100.0) < 0:
            reached = {"least": f"{grown(0.0).mean():.0f}", "most": f"{grown(100.0).mean():.0f}"}
            raise InputError("error.out_of_reach", agencies=f"{aims[aim]:g}", year=aim, **reached)
        factor = float(brentq(miss, 0.0, 100.0, xtol=1e-12))
        factors.update({year: factor for year in range(last + 1, aim + 1) if year in factors})
        agencies, last = grown(factor), aim
    return factors


def _hazard(chance: FloatArray, path: str) -> FloatArray:
    if chance.min() < 0 or chance.max() >= 1:
        raise InputError("error.no_chance", path=path, low=f"{chance.min():g}", high=f"{chance.max():g}")
    return np.asarray(-np.log1p(-chance))


def _shares(
    plan: Mapping[str, Assumed], names: tuple[str, ...], root: str, seed: Seed, draws: IndexArray
) -> FloatArray:
    """Shares of a whole, float[draw, name]; uncertain ones are scaled to sum to 1 in each draw, others are 0."""
    drawn = np.stack(
        [draw_law(part.value, seed, f"{root}.{name}", draws) for name, part in plan.items()], axis=1
    )
    table = np.zeros((len(draws), len(names)))
    table[:, [names.index(name) for name in plan]] = drawn / drawn.sum(axis=1, keepdims=True)
    return table


def population_rates(
    plan: PopulationPlan,
    line_names: tuple[str, ...],
    district_names: tuple[str, ...],
    last_year: int,
    seed: Seed,
    draws: IndexArray,
    factor: FloatArray,
    roster: Roster | None = None,
) -> PopulationRates:
    """Draw all that is uncertain about the population, once a draw, vectorised.

    Parameters
    ----------
    line_names, district_names : tuple of str
        In the policy's order; lines without a share have none.
    factor : float[draw]
        The common factor.
    roster : Roster, optional
        Stands for the start and the shares of lines there.
    """
    years = range(plan.growth.start_year + 1, last_year + 1)
    share = _shares(plan.lines, line_names, "population.lines", seed, draws)
    status_start, hazard = _status_hazards(plan, line_names, seed, draws, factor)
    asked = [[decision(name, question) for question in ("status", "status day")] for name in plan.statuses]
    districts = np.ones((len(draws), 1))
    if plan.districts:
        districts = np.cumsum(
            _shares(plan.districts, district_names, "population.districts", seed, draws), axis=1
        )
    return PopulationRates(
        first_year=years[0],
        years=_by_year(plan.growth, years, roster, seed, draws),
        start=_start_by_line(plan.growth, share, roster, seed, draws),
        line_share=share,
        status_start=status_start,
        status_hazard=np.repeat(hazard[..., None], len(years), axis=3),
        asked_status=np.array(asked, dtype=np.int64).reshape(len(plan.statuses), 2),
        eligible=draw_law(plan.eligible.value, seed, "population.eligible", draws),
        districts=districts,
        known=_known(plan, roster, len(line_names)),
    )


def _start_by_line(
    growth: Growth, share: FloatArray, roster: Roster | None, seed: Seed, draws: IndexArray
) -> IndexArray:
    """Agencies of each line at the start: int64[draw, line]."""
    if roster is not None:
        return np.tile(np.bincount(roster.line, minlength=share.shape[1]), (len(draws), 1))
    # Rounding the running sum keeps the total: the parts are the whole, each within one agency.
    start = np.rint(_start(growth, roster, seed, draws))
    running = np.rint(np.cumsum(share, axis=1) * start[:, None])
    return np.diff(running, axis=1, prepend=0).astype(np.int64)


def _status_hazards(
    plan: PopulationPlan, line_names: tuple[str, ...], seed: Seed, draws: IndexArray, factor: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Hazard to hold a status from the start, and to gain it in a year: float[draw, status, line] each."""
    start = np.zeros((len(draws), len(plan.statuses), len(line_names)))
    hazard = np.zeros_like(start)
    for number, (name, status) in enumerate(plan.statuses.items()):
        root = f"population.statuses.{name}"
        begun = _hazard(draw_law(status.share.value, seed, f"{root}.share", draws), f"{root}.share")
        rate = _hazard(draw_law(status.rate.value, seed, f"{root}.rate", draws), f"{root}.rate")
        loading = draw_law(law(status.loading), seed, f"{root}.loading", draws)
        weights = np.array([status.lines.get(line, 0.0 if status.lines else 1.0) for line in line_names])
        lifted = rate * np.maximum(0.0, 1 + loading * (factor - 1))
        start[:, number], hazard[:, number] = begun[:, None] * weights, lifted[:, None] * weights
    return start, hazard


def _by_year(growth: Growth, years: range, roster: Roster | None, seed: Seed, draws: IndexArray) -> Records:
    """POPULATION_YEAR[draw, year]."""
    factors = _factors(growth, years, roster)
    table: Records = np.zeros((len(draws), len(years)), dtype=POPULATION_YEAR)
    for at, year in enumerate(years):
        entry, leave, besides = _rates(growth, seed, draws, year)
        table["entry_mean"][:, at] = factors[year] * entry
        table["entry_plus"][:, at] = besides
        table["exit_hazard"][:, at] = _hazard(leave, "population.growth.exit_rate")
    return table


def _known(plan: PopulationPlan, roster: Roster | None, lines: int) -> Known:
    """What the roster says, by line and serial number."""
    counts = np.zeros(lines, dtype=np.int64) if roster is None else np.bincount(roster.line, minlength=lines)
    room = (lines, int(counts.max(initial=0)))
    known = Known(
        district=np.full(room, -1, dtype=np.int16),
        eligible=np.full(room, -1, dtype=np.int8),
        status=np.full((len(plan.statuses), *room), -1, dtype=np.int8),
        number=np.full((len(plan.numbers), *room), np.nan),
    )
    if roster is None:
        return known
    for line in range(lines):
        of_line = np.flatnonzero(roster.line == line)
        here = (line, slice(0, len(of_line)))
        known.district[here] = roster.district[of_line]
        known.eligible[here] = roster.eligible[of_line]
        for number, name in enumerate(plan.statuses):
            if name in roster.statuses:
                known.status[(number, *here)] = roster.statuses[name][of_line]
        for number, name in enumerate(plan.numbers):
            if name in roster.numbers:
                known.number[(number, *here)] = roster.numbers[name][of_line]
    return known


def expected_agencies(plan: PopulationPlan, last_year: int, roster: Roster | None = None) -> dict[int, float]:
    """Expected number of agencies at the end of each year, over shocks and parameters.

    The recursion is linear in the number of agencies, so this is exact up to the design draws.
    """
    growth = plan.growth
    draws = np.arange(_DESIGN_DRAWS, dtype=np.int64)
    agencies = _start(growth, roster, 0, draws)
    years = range(growth.start_year + 1, last_year + 1)
    factors = _factors(growth, years, roster)
    path = {growth.start_year: float(agencies.mean())}
    for year in years:
        entry, leave, besides = _rates(growth, 0, draws, year)
        agencies = agencies * (1 - leave + factors[year] * entry) + besides
        path[year] = float(agencies.mean())
    return path
