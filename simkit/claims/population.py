"""Population: what is assumed of entry, exit, transitions and growth, and what each draw fixes of it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.errors import InputError
from simkit.base.random import Seed, decision, uniforms
from simkit.claims.agency_list import Roster
from simkit.claims.assumed import Assumed, law
from simkit.claims.population_plan import Growth, PopulationPlan
from simkit.distributions.severity import Severity

__all__ = ["PopulationRates", "draw_law", "expected_agencies", "population_rates"]

#: Draws over which the entry rate of a target is solved; their own stream, whatever the run's draws.
_DESIGN_DRAWS = 4_096
#: What a draw fixes for the population in one year.
POPULATION_YEAR = np.dtype([(name, np.float64) for name in ("entry_mean", "entry_plus", "exit_hazard")])


class PopulationRates(NamedTuple):
    """What the compiled population reads, for a block of draws. Years run from `first_year`.

    Attributes
    ----------
    first_year : int
    years : POPULATION_YEAR[draw, year]
        Expected entries per agency present and besides; hazard of leaving.
    start : int64[draw, line]
        Agencies at the start.
    line_share : float[draw, line]
    status_start : float[draw, status, line], status_hazard : float[draw, status, line, year]
    asked_status : int64[status, 2]
    eligible : float[draw]
    districts : float[draw, district]
        Cumulative shares.
    known_district : int16[line, serial], known_eligible : int8[line, serial]
    known_status : int8[status, line, serial], known_number : float[number, line, serial]
        What a roster says of the first agencies of each line; -1 or nan: nothing. No columns without a roster.
    """

    first_year: int
    years: Records
    start: IndexArray
    line_share: FloatArray
    status_start: FloatArray
    status_hazard: FloatArray
    asked_status: IndexArray
    eligible: FloatArray
    districts: FloatArray
    known_district: npt.NDArray[np.int16]
    known_eligible: npt.NDArray[np.int8]
    known_status: npt.NDArray[np.int8]
    known_number: FloatArray


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


def _factors(growth: Growth, years: list[int], roster: Roster | None) -> dict[int, float]:
    """Factor on the entry rate of each year that makes the aim hold in expectation over shocks and parameters."""
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
        factor = float(optimize.brentq(miss, 0.0, 100.0, xtol=1e-12))
        factors.update({year: factor for year in range(last + 1, aim + 1) if year in factors})
        agencies, last = grown(factor), aim
    return factors


def _hazard(chance: FloatArray, path: str) -> FloatArray:
    if chance.min() < 0 or chance.max() >= 1:
        raise InputError("error.no_chance", path=path, low=f"{chance.min():g}", high=f"{chance.max():g}")
    return np.asarray(-np.log1p(-chance))


def shares(plan: dict[str, Assumed], root: str, seed: Seed, draws: IndexArray) -> FloatArray:
    """Shares of a whole, float[draw, part]; uncertain ones are scaled to sum to 1 in each draw."""
    drawn = [draw_law(part.value, seed, f"{root}.{name}", draws) for name, part in plan.items()]
    table = np.stack(drawn, axis=1)
    return table / table.sum(axis=1, keepdims=True)


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
    growth = plan.growth
    years = list(range(growth.start_year + 1, last_year + 1))
    factors = _factors(growth, years, roster)
    rates = [_rates(growth, seed, draws, year) for year in years]
    start = _start(growth, roster, seed, draws)
    share = np.zeros((len(draws), len(line_names)))
    drawn = shares(plan.lines, "population.lines", seed, draws)
    for number, name in enumerate(plan.lines):
        share[:, line_names.index(name)] = drawn[:, number]
    # Rounding the running sum keeps the total: the parts are the whole, each within one agency.
    running = np.rint(np.cumsum(share, axis=1) * np.rint(start)[:, None])
    begin = np.diff(running, axis=1, prepend=0).astype(np.int64)
    if roster is not None:
        begin[:] = np.bincount(roster.line, minlength=len(line_names))
    names = list(plan.statuses)
    status_start = np.zeros((len(draws), len(names), len(line_names)))
    status_hazard = np.zeros((len(draws), len(names), len(line_names), len(years)))
    for number, (name, status) in enumerate(plan.statuses.items()):
        root = f"population.statuses.{name}"
        begun = _hazard(draw_law(status.share.value, seed, f"{root}.share", draws), f"{root}.share")
        rate = _hazard(draw_law(status.rate.value, seed, f"{root}.rate", draws), f"{root}.rate")
        loading = draw_law(law(status.loading), seed, f"{root}.loading", draws)
        weights = np.array([status.lines.get(line, 0.0 if status.lines else 1.0) for line in line_names])
        status_start[:, number] = begun[:, None] * weights
        lifted = rate * np.maximum(0.0, 1 + loading * (factor - 1))
        status_hazard[:, number] = (lifted[:, None] * weights)[:, :, None]
    districts = np.ones((len(draws), 1))
    if plan.districts:
        drawn = shares(plan.districts, "population.districts", seed, draws)
        table = np.zeros((len(draws), len(district_names)))
        for number, name in enumerate(plan.districts):
            table[:, district_names.index(name)] = drawn[:, number]
        districts = np.cumsum(table, axis=1)
    by_year: Records = np.zeros((len(draws), len(years)), dtype=POPULATION_YEAR)
    for at, (year, (entry, leave, besides)) in enumerate(zip(years, rates, strict=True)):
        by_year["entry_mean"][:, at] = factors[year] * entry
        by_year["entry_plus"][:, at] = besides
        by_year["exit_hazard"][:, at] = _hazard(leave, "population.growth.exit_rate")
    return PopulationRates(
        first_year=years[0],
        years=by_year,
        start=begin,
        line_share=share,
        status_start=status_start,
        status_hazard=status_hazard,
        asked_status=np.array(
            [[decision(name, question) for question in ("status", "status day")] for name in names],
            dtype=np.int64,
        ).reshape(len(names), 2),
        eligible=draw_law(plan.eligible.value, seed, "population.eligible", draws),
        districts=districts,
        **_known(plan, roster, len(line_names)),
    )


def _known(plan: PopulationPlan, roster: Roster | None, lines: int) -> dict[str, Any]:
    """What the roster says, by line and serial number."""
    counts = np.zeros(lines, dtype=np.int64) if roster is None else np.bincount(roster.line, minlength=lines)
    room = (lines, int(counts.max(initial=0)))
    known: dict[str, Any] = {
        "known_district": np.full(room, -1, dtype=np.int16),
        "known_eligible": np.full(room, -1, dtype=np.int8),
        "known_status": np.full((len(plan.statuses), *room), -1, dtype=np.int8),
        "known_number": np.full((len(plan.numbers), *room), np.nan),
    }
    if roster is not None:
        for line in range(lines):
            of_line = np.flatnonzero(roster.line == line)
            here = (line, slice(0, len(of_line)))
            known["known_district"][here] = roster.district[of_line]
            known["known_eligible"][here] = roster.eligible[of_line]
            for number, name in enumerate(plan.statuses):
                if name in roster.statuses:
                    known["known_status"][(number, *here)] = roster.statuses[name][of_line]
            for number, name in enumerate(plan.numbers):
                if name in roster.numbers:
                    known["known_number"][(number, *here)] = roster.numbers[name][of_line]
    return known


def expected_agencies(plan: PopulationPlan, last_year: int, roster: Roster | None = None) -> dict[int, float]:
    """Expected number of agencies at the end of each year, over shocks and parameters.

    The recursion is linear in the number of agencies, so this is exact up to the design draws.
    """
    growth = plan.growth
    draws = np.arange(_DESIGN_DRAWS, dtype=np.int64)
    agencies = _start(growth, roster, 0, draws)
    years = list(range(growth.start_year + 1, last_year + 1))
    factors = _factors(growth, years, roster)
    path = {growth.start_year: float(agencies.mean())}
    for year in years:
        entry, leave, besides = _rates(growth, 0, draws, year)
        agencies = agencies * (1 - leave + factors[year] * entry) + besides
        path[year] = float(agencies.mean())
    return path
