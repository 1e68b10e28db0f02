"""Claim plans -> flat records, and what each draw fixes for all its claims."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from simkit.base.arrays import FloatArray, Records
from simkit.base.days import days
from simkit.base.random import decision
from simkit.claims.amount_plan import AttributePlan
from simkit.claims.plan import Calendar, ClaimPlan, day_in
from simkit.claims.population_plan import PopulationPlan
from simkit.claims.records import (
    BAND_ROW,
    BY_BANDS,
    BY_CHANCE,
    BY_KEY,
    BY_LAW,
    BY_LINE,
    BY_NOBODY,
    BY_NUMBER,
    BY_STATUS,
    BY_VARIABLE,
    BY_WEIGHTS,
    COMPANION,
    LAW,
    MARKS,
    NUMBER,
    ORIGINS,
    PLAN,
    QUESTIONS,
    WAY,
    Blueprint,
    LawTables,
)
from simkit.distributions.frequency import FREQUENCIES
from simkit.distributions.severity import Severity
from simkit.policy.columns import Columns, claim_columns
from simkit.policy.schema import Policy

__all__ = ["blueprint", "lines_of"]


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
        self.companions: list[tuple[int, int]] = []

    def plan(self, name: str, plan: ClaimPlan, window: tuple[int, int]) -> dict[str, int | float]:
        """The row of a plan by field name, but for its rounds and companions."""
        measure = self.policy.measures[name]
        statuses, others = list(self.population.statuses), list(self.population.others)
        status = plan.transition or plan.holders
        variable_first = len(self.laws.rows)
        for variable, severity in plan.base.variables.items():
            self.laws.add(severity, decision(name, f"variable {variable}"))
        return {
            "measure": list(self.policy.measures).index(name),
            "origin": ORIGINS[plan.origin],
            "frequency": FREQUENCIES[plan.frequency],
            "status": statuses.index(status) if status else -1,
            "other": others.index(plan.among) if plan.among in others else -1,
            "district": self.policy.districts.index(plan.district) if plan.district else -1,
            "mark": MARKS[plan.mark],
            "ranked": measure.selection.is_ranked,
            "first_time": measure.first_time,
            "since": window[0],
            "until": window[1],
            "variable_first": variable_first,
            "variable_last": len(self.laws.rows),
            "key_list": self.keys(plan),
            "spread": plan.spread,
            **{f"asked_{question}": decision(name, question) for question in QUESTIONS},
        }

    def rounds_of(self, calendar: Calendar, years: range) -> dict[str, int]:
        """When claims of a plan are filed and decided."""
        number, (low, high) = self.rounds.add(_round_days(calendar, years)), calendar.filing_days
        return {
            "filing_low": low,
            "filing_width": high - low,
            "review": calendar.review_days,
            "round_first": self.rounds.first[number],
            "round_last": self.rounds.first[number + 1],
        }

    def companions_of(self, name: str, plans: Iterable[ClaimPlan]) -> dict[str, int]:
        """The plans whose claims come beside those of a measure."""
        first = len(self.companions)
        for number, plan in enumerate(plans):
            if plan.companion is not None and plan.companion.of == name:
                self.companions.append((number, plan.companion.days))
        return {"companion_first": first, "companion_last": len(self.companions)}

    def numbers(self) -> list[tuple[int, int, float]]:
        """The numbers of agencies."""
        rows = []
        for name, number in self.population.numbers.items():
            asked = decision(name, "number")
            law = self.laws.add(number.value.value, asked)
            rows.append((law, asked, math.sqrt(math.log1p(number.noise_cv**2))))
        return rows

    def tables(self) -> LawTables:
        """The lists that are full now."""
        return LawTables(
            laws=np.array(self.laws.rows, dtype=LAW),
            table=np.concatenate(self.laws.tables),
            band_first=np.array(self.bands.first, dtype=np.int64),
            bands=np.array(self.bands.values, dtype=BAND_ROW),
            weight_first=np.array(self.weights.first, dtype=np.int64),
            weight_up_to=np.array(self.weights.values, dtype=np.float64),
        )

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
    years = range(population.growth.start_year + 1, earned_years[1] + 1)
    line_names = lines_of(policy, population)
    draft = _Drafting(policy, population, columns or claim_columns(policy))
    rows: Records = np.zeros(len(live), dtype=PLAN)
    ways: Records = np.zeros((len(live), draft.width), dtype=WAY)
    weight = np.zeros((len(live), len(line_names)))
    earned_day = np.full((len(live), len(years)), -1, dtype=np.int64)
    for row, (name, plan) in enumerate(live.items()):
        fields = draft.plan(name, plan, _window(policy, name, earned_years))
        fields |= draft.rounds_of(plan.calendar or calendar, years)
        fields |= draft.companions_of(name, live.values())
        for field in PLAN.names or ():
            rows[row][field] = fields[field]
        ways[row] = draft.ways(name, plan)
        weight[row] = [plan.lines.get(line, 0.0 if plan.lines else 1.0) for line in line_names]
        if plan.day:
            earned_day[row] = [days(day_in(year, plan.day)) for year in years]
    numbers = np.array(draft.numbers(), dtype=NUMBER)
    return Blueprint(
        plans=rows,
        weight=weight,
        earned_day=earned_day,
        ways=ways,
        tables=draft.tables(),
        round_day=np.array(draft.rounds.values, dtype=np.int64),
        companions=np.array(draft.companions, dtype=COMPANION),
        numbers=numbers,
    )


def lines_of(policy: Policy, population: PopulationPlan) -> tuple[str, ...]:
    """Lines of business in the order that numbers them."""
    return policy.attributes["line"].values if "line" in policy.attributes else tuple(population.lines)
