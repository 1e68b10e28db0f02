"""Claim plans -> flat records, and what each draw fixes for all its claims."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy import special

from simkit.arrays import FloatArray, IndexArray, Records
from simkit.claims.plan import AttributePlan, Calendar, ClaimPlan, FactorPlan, day_in
from simkit.distributions.frequency import FREQUENCIES
from simkit.distributions.severity import Severity
from simkit.errors import InputError
from simkit.policy.assumed import law
from simkit.policy.compile import Columns, claim_columns, days
from simkit.policy.types import Policy
from simkit.population import PopulationPlan, PopulationRates, Roster, draw_law, population_rates
from simkit.streams import Seed, decision, uniforms

__all__ = [
    "BY_BANDS",
    "BY_CHANCE",
    "BY_KEY",
    "BY_LAW",
    "BY_LINE",
    "BY_NUMBER",
    "BY_STATUS",
    "BY_VARIABLE",
    "BY_WEIGHTS",
    "DRAWN",
    "DRAWN_YEAR",
    "NUMBER_YEARS_BACK",
    "ORIGINS",
    "PLAN",
    "SAMPLER",
    "WAY",
    "Blueprint",
    "Drawn",
    "blueprint",
    "common_factor",
    "draw_rates",
]

_ABOVE_CEILING = (
    "{path}: expected at most its ceiling {ceiling}, found {found}: raise the ceiling in the baseline"
)

#: Where claims come from: all agencies, a transition, beside other claims, holders of a status, parks and the like.
ORIGINS = {"lines": 0, "transition": 1, "companion": 2, "holders": 3, "others": 4}
MARKS = {"agency_year": 0, "claim": 1, "agency": 2}
BY_NOBODY, BY_VARIABLE, BY_LAW, BY_WEIGHTS, BY_CHANCE, BY_BANDS, BY_KEY, BY_LINE, BY_STATUS, BY_NUMBER = (
    range(10)
)
NUMBER_YEARS_BACK = 11
_QUESTIONS = ("points", "mark", "count", "calendar", "key", "first", "companion")


def _record(whole: str, real: str = "") -> np.dtype[np.void]:
    fields: list[tuple[str, Any]] = [(name, np.int64) for name in whole.split()]
    return np.dtype(fields + [(name, np.float64) for name in real.split()])


#: A claim plan. `asked_*` are numbers of decisions, `x_first:x_last` rows of the list x.
PLAN = _record(
    "measure origin kind status other district mark ranked first_time since until "
    "variable_first variable_last key_list "
    "filing_low filing_width review round_first round_last companion_first companion_last "
    + " ".join(f"asked_{question}" for question in _QUESTIONS),
    "spread",
)
#: How a plan draws an attribute; `factor` goes from the law's unit to the stored one.
WAY = _record("way reference asked year", "factor minus")
#: A law; its table is `table[begin:end]`.
SAMPLER = _record("family begin end asked", "first second third")
BAND_ROW = _record("", "above rate")
COMPANION = _record("plan days")
#: A number of agencies (revenue, ...): its law and yearly noise.
NUMBER = _record("sampler asked", "noise")
#: What a draw fixes for a plan in a year, and for a plan.
DRAWN_YEAR = _record("", "intensity take_up base growth")
DRAWN = _record("", "already companion")


class Blueprint(NamedTuple):
    """All of the claim plans that does not change from draw to draw.

    Attributes
    ----------
    plans : PLAN[plan]
    weight : float[plan, line]
    earned_day : int64[plan, year]
        The day on which all claims of a year are earned, -1 for any.
    ways : WAY[plan, column]
        Columns of each measure: `claim_columns`.
    samplers : SAMPLER[law]; table : float[knot]
    band_first : int64[list + 1]; bands : BAND_ROW[band]
    weight_first : int64[list + 1]; weight_up_to : float[value]
        Cumulated weights of categories and keys.
    round_day : int64[round]
        Days of decision of each plan, ascending.
    companions : COMPANION[companion]; numbers : NUMBER[number]
    """

    plans: Records
    weight: FloatArray
    earned_day: IndexArray
    ways: Records
    samplers: Records
    table: FloatArray
    band_first: IndexArray
    bands: Records
    weight_first: IndexArray
    weight_up_to: FloatArray
    round_day: IndexArray
    companions: Records
    numbers: Records


class Drawn(NamedTuple):
    """What each draw fixes for all its claims; years from the population's first.

    Attributes
    ----------
    by_year : DRAWN_YEAR[draw, plan, year]; by_plan : DRAWN[draw, plan]
    chance : float[draw, plan, column]
    others : int64[draw, other]
    number : float[draw, number, year]
        Growth of numbers of agencies since the start; years from NUMBER_YEARS_BACK before the first.
    """

    by_year: Records
    by_plan: Records
    chance: FloatArray
    others: IndexArray
    number: FloatArray


class _Lists:
    """Ragged lists in one list."""

    def __init__(self) -> None:
        self.first = [0]
        self.values: list[Any] = []

    def add(self, values: Iterable[Any]) -> int:
        self.values.extend(values)
        self.first.append(len(self.values))
        return len(self.first) - 2


class _Laws:
    """Laws collected into one list with one table."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.tables: list[FloatArray] = [np.zeros(1)]
        self.length = 1

    def add(self, severity: Severity, asked: int) -> int:
        family, first, second, third, table = severity.sampler()
        self.rows.append((family, self.length, self.length + len(table), asked, first, second, third))
        self.tables.append(table)
        self.length += len(table)
        return len(self.rows) - 1


def _round_days(calendar: Calendar, years: range) -> list[int]:
    """Every decision day that a claim can wait for, ascending; 02-29 is the last of February in other years."""
    found = []
    longest = (calendar.filing_days[1] + calendar.review_days) // 365 + 2
    for year in range(years.start - 1, years.stop + longest):
        for text in calendar.rounds:
            found.append(days(day_in(year, text)))
    return sorted(found)


def _window(policy: Policy, name: str, earned_years: tuple[int, int]) -> tuple[int, int]:
    """First and last day on which a claim of a measure can be earned in the scenario's years."""
    term = policy.document.in_force
    since = max(days(term.since), days(datetime.date(earned_years[0], 1, 1)))
    until = min(days(term.until), days(datetime.date(earned_years[1], 12, 31)))
    own = policy.measures[name].in_force
    if own is not None:
        since, until = max(since, days(own.since)), min(until, days(own.until))
    return since, until


class _Drafting:
    """The lists of a blueprint, filled plan by plan."""

    def __init__(self, policy: Policy, population: PopulationPlan, columns: Columns) -> None:
        self.columns = columns
        self.width = max((len(columns) for columns in self.columns.values()), default=0)
        self.policy, self.population = policy, population
        self.laws, self.weights, self.bands, self.rounds = _Laws(), _Lists(), _Lists(), _Lists()

    def variables(self, name: str, plan: ClaimPlan) -> tuple[int, int]:
        first = len(self.laws.rows)
        for variable, severity in plan.base.variables.items():
            self.laws.add(severity, decision(name, f"variable {variable}"))
        return first, len(self.laws.rows)

    def ways(self, name: str, plan: ClaimPlan) -> list[tuple[Any, ...]]:
        """How each attribute column of the measure is drawn."""
        rows = []
        for attribute, year in self.columns[name]:
            declared = self.policy.attributes.get(attribute)
            asked = decision(name, f"attribute {attribute} {year}")
            drawn = plan.attributes.get(attribute)
            way, reference, minus = BY_NOBODY, 0, 0.0
            if declared is None or declared.of == "agency":
                way, reference = self._agency_way(attribute)
            elif drawn is not None:
                way, reference = self._claim_way(drawn, list(plan.base.variables), declared.values, asked)
                minus = drawn.minus.value if drawn.minus else 0.0
            factor = 100.0 if declared is not None and declared.unit in ("yuan", "usd") else 1.0
            rows.append((way, reference, asked, year, factor, minus))
        return rows + [(BY_NOBODY, 0, 0, 0, 0.0, 0.0)] * (self.width - len(rows))

    def _agency_way(self, attribute: str) -> tuple[int, int]:
        if attribute == "line":
            return BY_LINE, 0
        if attribute in self.population.statuses:
            return BY_STATUS, list(self.population.statuses).index(attribute)
        if attribute in self.population.numbers:
            return BY_NUMBER, list(self.population.numbers).index(attribute)
        return BY_NOBODY, 0

    def _claim_way(
        self, drawn: AttributePlan, variables: list[str], values: tuple[str, ...], asked: int
    ) -> tuple[int, int]:
        if drawn.variable is not None:
            return BY_VARIABLE, variables.index(drawn.variable)
        if drawn.law is not None:
            return BY_LAW, self.laws.add(drawn.law, asked)
        if drawn.weights is not None:
            shares = np.array([drawn.weights.get(value, 0.0) for value in values])
            return BY_WEIGHTS, self.weights.add(np.cumsum(shares) / shares.sum())
        if drawn.bands is not None and drawn.of is not None:
            number = self.bands.add((band.above.value, band.rate.value) for band in drawn.bands)
            # List of bands and variable in one number: there are four variables at most.
            return BY_BANDS, number * 4 + variables.index(drawn.of)
        return (BY_KEY if drawn.key else BY_CHANCE), 0

    def keys(self, plan: ClaimPlan) -> int:
        """List of the keys' weights; in the order of the category that is the key, where there is one."""
        if not plan.keys:
            return -1
        named = [name for name, drawn in plan.attributes.items() if drawn.key]
        names = self.policy.attributes[named[0]].values if named else tuple(plan.keys)
        weights = np.array([plan.keys.get(name, 0.0) for name in names])
        return self.weights.add(np.cumsum(weights) / weights.sum())


def blueprint(
    policy: Policy,
    population: PopulationPlan,
    plans: Mapping[str, ClaimPlan],
    calendar: Calendar,
    earned_years: tuple[int, int],
    columns: Columns | None = None,
) -> Blueprint:
    """Flatten the claim plans of the measures that are live.

    `columns`: attributes and years of each measure's claims, a status or number of the population too that the
    policy does not name; None: `claim_columns`.
    """
    live = {name: plan for name, plan in plans.items() if policy.measures[name].live}
    measures, statuses, others = list(policy.measures), list(population.statuses), list(population.others)
    line_names = lines_of(policy, population)
    years = range(population.growth.start_year + 1, earned_years[1] + 1)
    draft = _Drafting(policy, population, columns or claim_columns(policy))
    rows, ways, companions = [], [], []
    for name, plan in live.items():
        measure, own_calendar = policy.measures[name], plan.calendar or calendar
        with_it = [
            (number, other.companion.days)
            for number, other in enumerate(live.values())
            if other.companion is not None and other.companion.of == name
        ]
        companions.extend(with_it)
        status = plan.transition or plan.holders
        rounds = draft.rounds.add(_round_days(own_calendar, years))
        low, high = own_calendar.filing_days
        rows.append(
            (
                measures.index(name),
                ORIGINS[plan.origin],
                FREQUENCIES[plan.frequency],
                statuses.index(status) if status else -1,
                others.index(plan.among) if plan.among in others else -1,
                policy.districts.index(plan.district) if plan.district else -1,
                MARKS[plan.mark],
                measure.selection.kind == "ranked",
                measure.first_time,
                *_window(policy, name, earned_years),
                *draft.variables(name, plan),
                draft.keys(plan),
                low,
                high - low,
                own_calendar.review_days,
                draft.rounds.first[rounds],
                draft.rounds.first[rounds + 1],
                len(companions) - len(with_it),
                len(companions),
                *(decision(name, question) for question in _QUESTIONS),
                plan.spread,
            )
        )
        ways.append(draft.ways(name, plan))
    numbers = [
        (
            draft.laws.add(number.value.value, decision(name, "number")),
            decision(name, "number"),
            math.sqrt(math.log1p(number.noise_cv**2)),
        )
        for name, number in population.numbers.items()
    ]
    weight = [
        [plan.lines.get(line, 0.0 if plan.lines else 1.0) for line in line_names] for plan in live.values()
    ]
    earned_day = [
        [days(day_in(year, plan.day)) if plan.day else -1 for year in years] for plan in live.values()
    ]
    return Blueprint(
        plans=np.array(rows, dtype=PLAN),
        weight=np.array(weight, dtype=np.float64).reshape(len(live), len(line_names)),
        earned_day=np.array(earned_day, dtype=np.int64).reshape(len(live), len(years)),
        ways=np.array(ways, dtype=WAY).reshape(len(live), draft.width),
        samplers=np.array(draft.laws.rows, dtype=SAMPLER),
        table=np.concatenate(draft.laws.tables),
        band_first=np.array(draft.bands.first, dtype=np.int64),
        bands=np.array(draft.bands.values, dtype=BAND_ROW),
        weight_first=np.array(draft.weights.first, dtype=np.int64),
        weight_up_to=np.array(draft.weights.values, dtype=np.float64),
        round_day=np.array(draft.rounds.values, dtype=np.int64),
        companions=np.array(companions, dtype=COMPANION),
        numbers=np.array(numbers, dtype=NUMBER),
    )


def lines_of(policy: Policy, population: PopulationPlan) -> tuple[str, ...]:
    """Lines of business in the order that numbers them."""
    return policy.attributes["line"].values if "line" in policy.attributes else tuple(population.lines)


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
    activity = _activity(factor_plan, seed, draws, years)
    columns = columns or claim_columns(policy)
    width = max((len(one) for one in columns.values()), default=0)
    by_year = np.zeros((len(draws), len(live), len(years)), dtype=DRAWN_YEAR)
    by_plan = np.zeros((len(draws), len(live)), dtype=DRAWN)
    chance = np.zeros((len(draws), len(live), width))
    for row, (name, plan) in enumerate(live.items()):
        root = f"claims.{name}"
        shared = plan.loading is None
        path = "factor.loading" if shared else f"{root}.loading"
        loading = draw_law(law(factor_plan.loading if shared else plan.loading), seed, path, draws)
        lift = np.maximum(0.0, 1 + loading * (factor - 1))
        mean = draw_law(law(plan.intensity), seed, f"{root}.intensity", draws)
        lifted = mean[:, None] * (1.0 if plan.frequency == "fixed" else lift[:, None] * activity)
        by_year["intensity"][:, row] = lifted
        taken = draw_law(law(plan.take_up, 1.0), seed, f"{root}.take_up", draws)
        if taken.max() > plan.ceiling + 1e-12:
            most = f"{taken.max():g}"
            raise InputError(_ABOVE_CEILING, path=f"{root}.take_up", ceiling=f"{plan.ceiling:g}", found=most)
        taken = np.minimum(taken * plan.take_up_factor, plan.ceiling)
        ramp = np.array([plan.ramp_in(int(year)) for year in years])
        by_year["take_up"][:, row] = taken[:, None] * ramp
        by_year["base"][:, row], by_year["growth"][:, row] = _base(plan, root, seed, draws, years)
        by_plan["already"][:, row] = draw_law(law(plan.already), seed, f"{root}.already", draws)
        if plan.companion is not None:
            path = f"{root}.companion.chance"
            by_plan["companion"][:, row] = draw_law(plan.companion.chance.value, seed, path, draws)
        for column, (attribute, _) in enumerate(columns[name]):
            drawn = plan.attributes.get(attribute)
            if drawn is not None and drawn.chance is not None:
                path = f"{root}.attributes.{attribute}.chance"
                chance[:, row, column] = draw_law(drawn.chance.value, seed, path, draws)
    others = np.zeros((len(draws), len(population.others)), dtype=np.int64)
    for row, (name, count) in enumerate(population.others.items()):
        others[:, row] = np.rint(draw_law(count.value, seed, f"population.others.{name}", draws))
    # From ten years before the first: a condition may look that far back.
    back = np.arange(rates.first_year - NUMBER_YEARS_BACK, last_year + 1)
    number = np.ones((len(draws), len(population.numbers), len(back)))
    for row, (name, of_agency) in enumerate(population.numbers.items()):
        rate = draw_law(law(of_agency.growth), seed, f"population.numbers.{name}.growth", draws)
        number[:, row] = (1 + rate[:, None]) ** (back - population.growth.start_year)
    return rates, Drawn(by_year=by_year, by_plan=by_plan, chance=chance, others=others, number=number)


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
