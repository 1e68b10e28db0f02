"""The opponent of simkit's speed benchmark: the model of the baseline by hand, vectorised in NumPy.

One process, one thread, nothing compiled for it. Figures (rates, laws, caps, dates) are read from the scenario;
which rule a measure has is written here, so it serves `scenarios/ningbo-hr-2023/baseline.yaml` and refuses others.
Draws are stacked in batches. Agencies are counted by draw, line of business and year; only those that claim are
drawn, and get an identity only where a rule asks for it. Uniforms come from one SFC64 stream.

The law of every figure it gives (money paid by year, in both views, and the number of claims) is simkit's, with
three simplifications, each far below what 10,000 draws can show:

- the day of the year on which an agency enters or leaves is drawn anew for each measure: measures are tied by
  whether an agency is there in a year, not by the day on which it came or went;
- of two gains of a status by one agency in one year the order is not drawn (chance about 0.0001 of them);
- the PERT law of fee rates is a table of 2,048 quantiles (simkit has one of 8,193).

What it does not give, and simkit does: the claims themselves, decided one by one, with what each step took and why;
money by earned year, fund, district and quarter; what each cap took and is worth; the same luck for every what-if.

    python benchmarks/numpy_reference.py [--draws 10000] [--seed 1]
"""

from __future__ import annotations

import argparse
import datetime
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import optimize, special

from simkit.policy.assumed import law
from simkit.scenario import Scenario, load_scenario
from simkit.simulate import Result, run
from simkit.sizing.quantiles import mean, quantile

__all__ = ["Reference", "agree", "disagreements", "simulate"]

BASELINE = Path(__file__).resolve().parent.parent / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
#: Draws whose parameters are drawn together, and those whose claims are.
BLOCK, BATCH = 4_096, 256
#: Largest difference that chance may make, in standard errors.
ALLOWED = 4.0

PROGRAMMES = ("contest", "zjtx_cultivation", "study_training", "star_rating", "statistics_work")
#: Rare events of agencies.
RARE = ("practice_base", "top10_list", "digital", "headquarters", "recommended_list", "standards")
FREQUENT = ("headhunting", "students", "supplied_employees", "recruiting_trips")
LISTED = ("park_appraisal", "export_base_support", "new_provincial_park", "building_contribution")
LISTED += ("trade_base_title", "export_subsidy", "offshore_interest", "above_scale", "high_tech", "listing")
COMPANIONS = {"high_tech": "high_tech_district", "digital": "digital_other_funds"}
COMPANIONS |= {"standards": "standards_other_funds"}
MODELLED = {*PROGRAMMES, *RARE, *FREQUENT, *LISTED, *COMPANIONS.values()}

_ABSENT, _STAYS, _LEAVES, _ENTERS = range(4)
_QUANTILES = 2_048
#: More than there are rounds, years and ranks in a group.
_RANKS = 16
_FAR = 1e12
#: Claims of one agency and year beyond which no count goes.
_MOST = 2_000

Array = Any


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """What the reference gives.

    Attributes
    ----------
    paid_years : tuple of int
    special, whole : int64[draw, paid year]
        Money paid, in fen: of the HR special fund, of all funds of the policy.
    claims : int64[draw]
        Claims under the policy, those refused too.
    measures : dict of measure to int64[draw, paid year]
        `whole` by measure.
    """

    paid_years: tuple[int, ...]
    special: Array
    whole: Array
    claims: Array
    measures: dict[str, Array]


def simulate(scenario: Scenario, draws: int, seed: int) -> Reference:
    """Simulate the baseline.

    Raises
    ------
    ValueError
        When the scenario is not the baseline that this is written for.
    """
    figures = _Figures(scenario)
    rng = np.random.Generator(np.random.SFC64(seed))
    sums = _Sums(figures, draws)
    for first in range(0, draws, BLOCK):
        drawn = figures.draw(rng, min(BLOCK, draws - first))
        for begin in range(0, len(drawn["start"]), BATCH):
            some = {name: values[begin : begin + BATCH] for name, values in drawn.items()}
            _Batch(figures, some, rng, sums, first + begin).simulate()
    return sums.reference()


def _days(day: datetime.date) -> int:
    return (day - datetime.date(1970, 1, 1)).days


class _Figures:
    """What no draw changes: the calendar, the laws, the caps."""

    def __init__(self, scenario: Scenario) -> None:
        self.plan, self.policy = scenario.plan, scenario.policy
        plan, growth = scenario.plan, scenario.plan.population.growth
        live = {name for name in plan.claims if self.policy.measures[name].live}
        first, last = plan.earned_years
        usual = growth.mode == "target" and first == growth.start_year + 1 and scenario.roster is None
        if live != MODELLED or not usual or any(one.mark != "agency_year" for one in plan.claims.values()):
            raise ValueError(f"{scenario.name}: this reference is written for the baseline only")
        self.years = range(first, last + 1)
        self.lines = self.policy.attributes["line"].values
        self._calendar()
        self._people()
        self._headhunting()

    def _calendar(self) -> None:
        """Days of a year count from 0; days at large from the first of the first year."""
        term, calendar = self.policy.document.in_force, self.plan.calendar
        starts = [_days(datetime.date(year, 1, 1)) for year in [*self.years, self.years.stop]]
        self.first = np.array(starts[:-1]) - starts[0]
        self.length = np.diff(starts)
        low = np.maximum(_days(term.since) - starts[0] - self.first, 0)
        high = np.minimum(_days(term.until or datetime.date.max) - starts[0] - self.first, self.length - 1)
        self.low, self.width = low, np.maximum(high - low + 1, 0)
        self.in_term = self.width / self.length
        self.at_year_end = low + self.width == self.length
        rounds = [
            (_days(datetime.date(year, *map(int, text.split("-")))) - starts[0], year - self.years[0])
            for year in [*self.years, self.years.stop]
            for text in calendar.rounds
        ]
        self.rounds, self.round_year = np.array(sorted(rounds)).T
        last = [self.rounds[self.round_year == at].max() for at in range(len(self.years))]
        self.last_round = np.array(last) - self.first
        self.round_of = np.searchsorted(self.rounds, np.arange(self.rounds[-1] + 1))
        (self.wait, self.longest), self.review = calendar.filing_days, calendar.review_days
        # What comes too late for the last round of its year is paid in the next one.
        if self.longest + self.review + 1 > self.rounds[self.round_year == 1].max() - self.length[0]:
            raise ValueError("calendar: every claim must be decided by the end of the year after it is earned")
        # Chance that a claim earned on any day of the year in the term is paid in the next one.
        delays = np.arange(self.wait, self.longest + 1) + self.review
        self.late = np.array(
            [
                (np.arange(begin, begin + days)[:, None] + delays > last).mean() if days else 0.0
                for begin, days, last in zip(self.low, self.width, self.last_round, strict=True)
            ]
        )

    def _people(self) -> None:
        """Entry factor of the target; weights of lines; kinds of agencies by year of entry and of leaving."""
        growth, years = self.plan.population.growth, len(self.years)
        leave = growth.exit_rate.value.ppf((np.arange(2_000) + 0.5) / 2_000)
        entry = [growth.entry_by_year.get(year, growth.entry_rate).value.mean() for year in self.years]
        span = growth.target.year - growth.start_year

        def at_target(factor: float) -> float:
            grown = np.full(len(leave), growth.start.value.mean())
            for rate in entry[:span]:
                grown = grown * (1 - leave + factor * rate)
            return float(grown.mean()) - growth.target.agencies

        factor = optimize.brentq(at_target, 0.0, 100.0)
        self.entry_factor = np.where(np.arange(years) < span, factor, 1.0)

        def weights(lines: dict[str, float]) -> Array:
            return np.array([lines.get(line, 0.0 if lines else 1.0) for line in self.lines])

        self.weights = {name: weights(one.lines) for name, one in self.plan.claims.items()}
        self.status_weights = {name: weights(one.lines) for name, one in self.plan.population.statuses.items()}
        self.groups = {}
        for name in FREQUENT:
            different = np.unique(self.weights[name][self.weights[name] > 0])
            self.groups[name] = different, (self.weights[name][:, None] == different).astype(np.float64)
        self.rare_weights = np.stack([self.weights[name] for name in RARE])
        # (cohort, year of leaving): cohort 0 is there at the start, the others enter in year cohort - 1.
        self.kinds = [(cohort, leaving) for cohort in range(years + 1) for leaving in range(cohort, years + 1)]
        state = np.empty((years, len(self.kinds)), dtype=np.int8)
        for at in range(years):
            for kind, (cohort, leaving) in enumerate(self.kinds):
                here = _LEAVES if leaving == at else _ENTERS if cohort == at + 1 else _STAYS
                state[at, kind] = _ABSENT if leaving < at or cohort > at + 1 else here
        self.state = state.ravel()

    def _headhunting(self) -> None:
        """Least pay whose income tax qualifies, chance of the employer's kind, quantiles of the fee rate."""
        plan, measure = self.plan.claims["headhunting"], self.policy.measures["headhunting"]
        tax, client = plan.attributes["income_tax"], plan.attributes["client"].weights
        above = np.array([band.above.value for band in tax.bands])
        rate = np.array([band.rate.value for band in tax.bands])
        paid = np.concatenate([[0.0], np.cumsum(np.diff(above) * rate[:-1])])
        least = (measure.conditions["income_tax"].at_least.value - 0.5) / 100  # rounded to the fen it is enough
        band = np.searchsorted(paid, least, side="right") - 1
        self.least_pay = above[band] + (least - paid[band]) / rate[band] + tax.minus.value
        kinds = measure.conditions["client"].one_of
        self.client = sum(client[kind] for kind in kinds) / sum(client.values())
        middle = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
        self.fee_rate = plan.base.variables["fee_rate"].ppf(middle)

    def cap(self, name: str) -> int:
        """The measure's only cap, in fen."""
        (cap,) = self.policy.measures[name].caps.values()
        return int(cap.amount)

    def special_part(self, name: str, fen: Array) -> Array | None:
        """The special fund's part of awards: each payer its share floored, the first the rest."""
        payers = list(self.policy.measures[name].payers.shares.items())
        ours = [place for place, (fund, _) in enumerate(payers) if self.policy.funds[fund].special]
        if not ours or len(payers) == 1:
            return fen if ours else None
        parts = [np.floor(fen * share / 10_000) for _, share in payers[1:]]
        return sum(parts[place - 1] if place else fen - sum(parts) for place in ours)

    def draw(self, rng: np.random.Generator, draws: int) -> dict[str, Array]:
        """All that is drawn once a draw: name -> float[draw] or float[draw, year]."""
        plan, years = self.plan, len(self.years)
        drawn: dict[str, Array] = {}

        def of(assumed: Any, otherwise: float = 0.0) -> Array:
            one = law(assumed, otherwise)
            return one.ppf(rng.random(draws)) if one.var() > 0 else np.full(draws, one.mean())

        def shock(sd: Array) -> Array:
            return np.exp(sd[:, None] * rng.standard_normal((draws, years)) - sd[:, None] ** 2 / 2)

        cv = of(plan.factor.cv)
        factor = rng.standard_gamma(1 / cv**2) * cv**2
        activity = shock(of(plan.factor.activity_sd))
        growth, population = plan.population.growth, plan.population
        drawn["start"] = np.rint(of(growth.start))
        usual_entry, usual_exit = of(growth.entry_rate), of(growth.exit_rate)
        by_year = growth.entry_by_year
        entry = [of(by_year[year]) if year in by_year else usual_entry for year in self.years]
        drawn["entry"] = np.stack(entry, axis=1) * self.entry_factor * shock(of(growth.shock_sd))
        drawn["leave"] = usual_exit
        drawn["eligible"] = of(population.eligible)
        for name, status in population.statuses.items():
            drawn[f"{name} share"] = -np.log1p(-of(status.share))
            lift = np.maximum(0.0, 1 + of(status.loading) * (factor - 1))
            drawn[f"{name} rate"] = -np.log1p(-of(status.rate)) * lift
        for name, number in population.others.items():
            drawn[f"{name} number"] = np.rint(of(number)).astype(np.int64)
        for name, one in plan.claims.items():
            lift = np.maximum(0.0, 1 + of(one.loading or plan.factor.loading) * (factor - 1))
            drawn[f"{name} intensity"] = of(one.intensity)[:, None] * (lift[:, None] * activity)
            drawn[f"{name} take-up"] = of(one.take_up, 1.0)[:, None] * [_ramp(one.ramp, year) for year in self.years]
            drawn[f"{name} scale"] = of(one.base.scale, 1.0)
            if one.base.growth is not None:
                since = np.array(self.years) - one.base.of_year
                drawn[f"{name} growth"] = (1 + of(one.base.growth)[:, None]) ** since
            if one.already is not None:
                drawn[f"{name} already"] = of(one.already)
            if one.companion is not None:
                drawn[f"{name} chance"] = of(one.companion.chance)
        return drawn


def _ramp(ramp: dict[int, float], year: int) -> float:
    known = [one for one in ramp if one <= year]
    return ramp[max(known)] if known else ramp[min(ramp)] if ramp else 1.0


class _Sums:
    """Money by draw and paid year, and claims by draw, of the whole run."""

    def __init__(self, figures: _Figures, draws: int) -> None:
        self.figures = figures
        self.paid = {name: np.zeros((draws, len(figures.years) + 1)) for name in figures.policy.measures}
        self.special = np.zeros((draws, len(figures.years) + 1))
        self.claims = np.zeros(draws, dtype=np.int64)

    def reference(self) -> Reference:
        whole = sum(self.paid.values())
        used = int(np.flatnonzero(whole.any(axis=0)).max(initial=0)) + 1
        used = max(used, len(self.figures.years))
        return Reference(
            paid_years=tuple(range(self.figures.years[0], self.figures.years[0] + used)),
            special=self.special[:, :used].astype(np.int64),
            whole=whole[:, :used].astype(np.int64),
            claims=self.claims,
            measures={name: paid[:, :used].astype(np.int64) for name, paid in self.paid.items() if paid.any()},
        )


class _Batch:
    """Some draws. `dy` is a place by draw and year: draw x years + year."""

    def __init__(
        self, figures: _Figures, drawn: dict[str, Array], rng: np.random.Generator, sums: _Sums, first: int
    ) -> None:
        self.f, self.p, self.rng = figures, drawn, rng
        self.draws, self.years = len(drawn["start"]), len(figures.years)
        rows = slice(first, first + self.draws)
        self.paid = {name: paid[rows] for name, paid in sums.paid.items()}
        self.special, self.claims = sums.special[rows], sums.claims[rows]
        self.draw_of = np.repeat(np.arange(self.draws), self.years)
        self.low, self.width, self.length, self.last_round, self.chance_late = (
            np.tile(values, self.draws)
            for values in (figures.low, figures.width, figures.length, figures.last_round, figures.late)
        )

    def simulate(self) -> None:
        self.population()
        self.headhunting()
        self.students()
        self.supplied_employees()
        self.recruiting_trips()
        self.programmes()
        self.parks_and_buildings()
        self.rare_events()
        self.exports(*self.status("exporter"))
        self.transition("high_tech", *self.status("high_tech"))
        gained = self.status("above_scale")
        self.transition("above_scale", *gained)
        self.listing(*gained)

    # ------------------------------------------------------------------ what all measures share

    def pay(self, name: str, draw: Array, year: Array, fen: Array) -> None:
        """Add awards to the money paid; `year` counts from the first."""
        columns = self.years + 1
        place = draw * columns + year
        size = self.draws * columns
        paid = np.bincount(place, fen, size).reshape(self.draws, columns)
        self.paid[name] += paid
        ours = self.f.special_part(name, fen)
        if ours is fen:
            self.special += paid
        elif ours is not None:
            self.special += np.bincount(place, ours, size).reshape(self.draws, columns)

    def count(self, draw: Array) -> None:
        self.claims += np.bincount(draw, minlength=self.draws)

    def late(self, dy: Array, day: Array) -> Array:
        """Whether a claim earned on a day of its year misses that year's last round."""
        delay = self.rng.integers(self.f.wait, self.f.longest + 1, len(day), dtype=np.int16)
        return day + delay + self.f.review > self.last_round[dy]

    def decided(self, at: Array, day: Array) -> Array:
        """Number of the round that decides a claim of year `at`."""
        delay = self.rng.integers(self.f.wait + self.f.review, self.f.longest + self.f.review + 1, len(day))
        return self.f.round_of[self.f.first[at] + day + delay]

    def in_term(self, at: Array, day: Array) -> Array:
        return (day >= self.f.low[at]) & (day < self.f.low[at] + self.f.width[at])

    def day(self, at: Array) -> Array:
        """Any day of a year."""
        return (self.rng.random(len(at)) * self.f.length[at]).astype(np.int64)

    def lognormal(self, one: Any, count: int) -> Array:
        return np.exp(one.mu + one.sigma * self.rng.standard_normal(count))

    def triangular(self, one: Any, count: int) -> Array:
        return one.ppf(self.rng.random(count))

    def flat(self, name: str) -> Array:
        """Amount of all claims of a measure whose base differs by draw only; fen[draw]."""
        return np.floor(100 * self.p[f"{name} scale"] + 0.5)

    # ------------------------------------------------------------------ population

    def population(self) -> None:
        """Entries and exits by draw and line: agencies that stay, leave or enter in a year, of those eligible.

        Whether an agency is eligible is fixed by chance, so the eligible and the others enter and leave
        independently. Eligible agencies have numbers by draw, line and cohort; those of a cohort are alike, so
        the first of them may be those that leave first.
        """
        rng, f, p = self.rng, self.f, self.p
        lines = len(f.lines)
        share = np.zeros((self.draws, lines))
        for name, one in f.plan.population.lines.items():
            share[:, f.lines.index(name)] = one.value.mean()
        running = np.rint(np.cumsum(share, axis=1) * p["start"][:, None])
        begin = np.diff(running, axis=1, prepend=0).astype(np.int64)
        eligible, leave = p["eligible"][:, None], p["leave"][:, None]
        here = rng.binomial(begin, eligible)[None]
        others = begin - here[0]
        present = np.zeros((3, self.draws, self.years, lines))
        sizes = np.zeros((self.draws, lines, len(f.kinds)), dtype=np.int64)
        for at in range(self.years):
            mean_entries = p["entry"][:, at, None] * (here.sum(axis=0) + others)
            gone = rng.binomial(here, leave)
            entered = rng.poisson(mean_entries * eligible)
            others += rng.poisson(mean_entries * (1 - eligible)) - rng.binomial(others, leave)
            here = here - gone
            for cohort in range(at + 1):
                sizes[:, :, f.kinds.index((cohort, at))] = gone[cohort]
            present[:, :, at] = here.sum(axis=0), gone.sum(axis=0), entered
            here = np.concatenate([here, entered[None]])
        for cohort in range(self.years + 1):
            sizes[:, :, f.kinds.index((cohort, self.years))] = here[cohort]
        self.present = present
        cohorts = np.array([cohort for cohort, _ in f.kinds])
        firsts = np.searchsorted(cohorts, np.arange(self.years + 1))
        #: Eligible agencies that entered by the start, by the end of the first year, ...: [draw, line, year + 1]
        self.entered = np.cumsum(np.add.reduceat(sizes, firsts, axis=2), axis=2)
        whole = self.entered[:, :, -1].ravel()
        self.number = np.concatenate([[0], np.cumsum(whole)])
        kinds = np.tile(np.arange(len(f.kinds), dtype=np.uint8), self.draws * lines)
        self.kind = np.repeat(kinds, sizes.ravel())

    def there(self, at: Array, agency: Array, day: Array) -> Array:
        """Whether agencies are there on a day of year `at`."""
        state = self.f.state[at * len(self.f.kinds) + self.kind[agency]]
        here = state == _STAYS
        moving = np.flatnonzero(state > _STAYS)
        before = day[moving] < self.day(at[moving])
        here[moving] = before == (state[moving] == _LEAVES)
        return here

    def status(self, name: str) -> tuple[Array, Array, Array, Array]:
        """Eligible agencies that hold a status: draw, agency, year of gaining it (-1: from the start), day.

        A unit Poisson process on agencies x hazard: the first point of an agency gives it the status.
        """
        rng, weight = self.rng, self.f.status_weights[name]
        times = np.arange(-1, self.years)
        hazard = np.where(times >= 0, self.p[f"{name} rate"][:, None], self.p[f"{name} share"][:, None])
        agencies = self.entered[:, :, times + 1].transpose(0, 2, 1)
        points = rng.poisson(hazard[:, :, None] * weight * agencies).ravel()
        cell = np.repeat(np.arange(len(points)), points)
        lines = len(weight)
        draw, rest = np.divmod(cell, len(times) * lines)
        when, line = np.divmod(rest, lines)
        at = times[when]
        agency = self.number[draw * lines + line]
        agency += (rng.random(len(cell)) * agencies.ravel()[cell]).astype(np.int64)
        later = np.maximum(at, 0)
        day = self.day(later)
        valid = np.flatnonzero((at < 0) | self.there(later, agency, day))
        draw, agency, at, day = draw[valid], agency[valid], at[valid], day[valid]
        first = _first_of(agency, at + 1)
        return draw[first], agency[first], at[first], day[first]

    # ------------------------------------------------------------------ frequent claims

    def cells(self, name: str) -> tuple[Array, Array]:
        """Eligible agencies that stay, leave, enter, by draw, year and weight of their line; the weights."""
        different, groups = self.f.groups[name]
        return (self.present @ groups).astype(np.int64), different

    def made(self, dy: Array, owner: Array, parts: Array) -> tuple[Array, Array]:
        """Of claims in order of their owners (`parts` of them stay, leave, enter), those made while there.

        Returns their owners, and whether they are paid in the next year. Days are drawn where they matter.
        """
        first, second = np.searchsorted(owner, np.cumsum(parts)[:2])
        late = self.rng.random(first) < self.chance_late.take(dy.take(owner[:first]))
        self.count(self.draw_of.take(dy.take(owner[:first])))
        of = dy[owner[first:]]
        day = self.low[of] + (self.rng.random(len(of)) * self.width[of]).astype(np.int64)
        turn = (self.rng.random(parts[1] + parts[2]) * self.length[dy[parts[0] :]]).astype(np.int64)
        there = day < turn[owner[first:] - parts[0]]
        there[second - first :] ^= True
        kept = np.flatnonzero(there)
        of, day = of[kept], day[kept]
        self.count(self.draw_of[of])
        return np.concatenate([owner[:first], owner[first + kept]]), np.concatenate([late, self.late(of, day)])

    def headhunting(self) -> None:
        rng, f, name = self.rng, self.f, "headhunting"
        plan, measure = f.plan.claims[name], f.policy.measures[name]
        agencies, weights = self.cells(name)
        excess = plan.spread * self.p[f"{name} intensity"][:, :, None] * weights * f.in_term[:, None]
        none = (1 + excess) ** (-1 / plan.spread)
        filing = rng.binomial(agencies, self.p[f"{name} take-up"][:, :, None] * (1 - none)).reshape(3, -1)
        cell = np.repeat(np.tile(np.arange(none.size), 3), filing.ravel())
        success = (excess / (1 + excess)).ravel()[cell]
        counts = _negative_binomial(rng, 1 / plan.spread, success, none.ravel()[cell])
        dy = cell // len(weights)
        owner = np.repeat(np.arange(len(dy)), counts)
        owner, late = self.made(dy, owner, filing.sum(axis=1))
        # Employer, then pay: what fails one condition needs no other figure.
        passed = np.flatnonzero(rng.random(len(owner)) < f.client)
        owner, late = owner.take(passed), late.take(passed)
        pay, growth = plan.base.variables["pay"], self.p[f"{name} growth"].ravel()
        needed = (np.log(f.least_pay / growth) - pay.mu) / pay.sigma
        score = rng.standard_normal(len(owner))
        passed = np.flatnonzero(score >= needed.take(dy.take(owner)))
        owner, late, score = owner.take(passed), late.take(passed), score.take(passed)
        of = dy.take(owner)
        fee = f.fee_rate.take((rng.random(len(owner)) * _QUANTILES).astype(np.int64))
        base = np.floor(100 * growth.take(of) * np.exp(pay.mu + pay.sigma * score) * fee + 0.5)
        award = np.floor((base * measure.award.rate + 5_000) / 10_000)
        self.pay_capped(name, dy, owner, award, late)

    def pay_capped(self, name: str, dy: Array, owner: Array, award: Array, late: Array) -> None:
        """A cap per agency and year: what is decided first takes the room; by paid year only the sums matter."""
        cap, size = self.f.cap(name), len(dy)
        total = np.minimum(np.bincount(owner, award, size), cap)
        early = np.minimum(np.bincount(owner, award * ~late, size), cap)
        draw, year = self.draw_of.take(dy), dy % self.years
        self.pay(name, draw, year, early)
        self.pay(name, draw, year + 1, total - early)

    def poisson_claims(self, name: str) -> tuple[Array, Array, Array]:
        """Claims of agencies that file: `dy` of the agencies; each claim's agency, and whether it is paid late."""
        agencies, weights = self.cells(name)
        rate = self.p[f"{name} intensity"][:, :, None] * weights * self.f.in_term[:, None]
        take_up = np.broadcast_to(self.p[f"{name} take-up"][:, :, None], rate.shape)
        filing = self.rng.binomial(agencies, take_up * (self.f.in_term[:, None] > 0))
        claims = self.rng.poisson(filing * rate).ravel()
        cell = np.repeat(np.arange(len(claims)), claims)
        parts, filing = filing.sum(axis=(1, 2, 3)), filing.ravel()
        dy = np.repeat(np.tile(np.arange(rate.size), 3) // len(weights), filing)
        first = np.cumsum(filing) - filing
        owner = first.take(cell) + (self.rng.random(len(cell)) * filing.take(cell)).astype(np.int64)
        # Cells are in order and `made` asks no more of the owners within one.
        return dy, *self.made(dy, owner, parts)

    def students(self) -> None:
        plan, measure = self.f.plan.claims["students"], self.f.policy.measures["students"]
        dy, owner, late = self.poisson_claims("students")
        heads = np.floor(self.lognormal(plan.base.variables["heads"], len(owner)) + 0.5)
        self.pay_capped("students", dy, owner, heads * measure.award.amount, late)

    def recruiting_trips(self) -> None:
        name = "recruiting_trips"
        dy, owner, late = self.poisson_claims(name)
        of = dy.take(owner)
        draw = self.draw_of.take(of)
        distance = self.triangular(self.f.plan.claims[name].base.variables["distance"], len(of))
        fen = np.floor(100 * self.p[f"{name} scale"].take(draw) * distance + 0.5)
        self.pay(name, draw, of % self.years + late, fen)

    def supplied_employees(self) -> None:
        """At most one claim an agency and year, on the last day: who is there then."""
        rng, f, name = self.rng, self.f, "supplied_employees"
        plan, measure = f.plan.claims[name], f.policy.measures[name]
        agencies, weights = self.cells(name)
        agencies = (agencies[0] + agencies[2]) * f.at_year_end[:, None]
        event = -np.expm1(-self.p[f"{name} intensity"][:, :, None] * weights)
        claims = rng.binomial(agencies, self.p[f"{name} take-up"][:, :, None] * event).sum(axis=2).ravel()
        dy = np.repeat(np.arange(len(claims)), claims)
        self.count(self.draw_of[dy])
        months, conditions = plan.attributes["months_in_post"].law, measure.conditions
        # Months serve nothing else, so whether they suffice is all that is drawn.
        enough = 1 - _triangular_cdf(months, conditions["months_in_post"].at_least.value - 0.5)
        dy = dy[rng.random(len(dy)) < enough]
        heads = self.lognormal(plan.base.variables["heads"], len(dy))
        passed = np.flatnonzero(heads >= conditions["heads"].at_least.value - 0.5)
        dy, heads = dy[passed], heads[passed]
        draw = self.draw_of[dy]
        fen = np.floor(100 * self.p[f"{name} scale"][draw] * heads + 0.5)
        late = self.late(dy, self.length[dy] - 1)
        self.pay(name, draw, dy % self.years + late, np.minimum(fen, f.cap(name)))

    # ------------------------------------------------------------------ budget lines, parks, buildings

    def programmes(self) -> None:
        """One entry a year, decided in the same one."""
        for name in PROGRAMMES:
            plan = self.f.plan.claims[name]
            month, day = map(int, plan.day.split("-"))
            on = np.array([(datetime.date(y, month, day) - datetime.date(y, 1, 1)).days for y in self.f.years])
            every = np.arange(self.years)
            due = np.flatnonzero(self.in_term(every, on))
            for at in due:
                files = np.flatnonzero(self.rng.random(self.draws) < self.p[f"{name} take-up"][:, at])
                self.count(files)
                self.pay(name, files, np.full(len(files), at), self.flat(name)[files])

    def parks_and_buildings(self) -> None:
        every = np.arange(self.years)[self.f.at_year_end]
        for at in every:
            for name in ("park_appraisal", "export_base_support"):
                number = self.p[f"{self.f.plan.claims[name].among} number"]
                claims = self.rng.binomial(number, self.p[f"{name} take-up"][:, at])
                self.claims += claims
                places = self.f.policy.measures[name].selection.places
                chosen = claims if places is None else np.minimum(claims, places)
                draw = np.repeat(np.arange(self.draws), chosen)
                dy = draw * self.years + at
                late = self.late(dy, self.length[dy] - 1)
                self.pay(name, draw, at + late, self.flat(name)[draw])
        self.new_park()
        self.building()
        self.trade_title()

    def listed_events(self, name: str) -> tuple[Array, Array, Array, Array, Array]:
        """Yearly events of parks or buildings: draw, number, year, day, whether in the term."""
        number = self.p[f"{self.f.plan.claims[name].among} number"]
        event = -np.expm1(-self.p[f"{name} intensity"])[:, None]
        hit = self.rng.random((self.draws, int(number.max()), self.years)) < event
        draw, which, at = np.nonzero(hit & (np.arange(number.max()) < number[:, None])[:, :, None])
        day = self.day(at)
        inside = self.in_term(at, day)
        self.count(draw[inside])
        return draw, draw * int(number.max()) + which, at, day, inside

    def new_park(self) -> None:
        """Once for each park: the first that is decided."""
        draw, park, at, day, inside = self.listed_events("new_provincial_park")
        draw, park, decided = draw[inside], park[inside], self.decided(at[inside], day[inside])
        paid = _first_of(park, decided)
        amount = self.f.policy.measures["new_provincial_park"].award.amount
        self.pay("new_provincial_park", draw[paid], self.f.round_year[decided[paid]], np.full(len(paid), amount))

    def building(self) -> None:
        """Only a building's first event counts, whatever came of it."""
        name = "building_contribution"
        draw, building, at, day, inside = self.listed_events(name)
        one, least = self.f.plan.claims[name].attributes[name].law, self.f.policy.measures[name].conditions
        value = np.floor(100 * (one.low.value + self.rng.random(len(at)) * (one.high.value - one.low.value)) + 0.5)
        first = np.zeros(len(at), dtype=bool)
        first[_first_of(building, at)] = True
        paid = np.flatnonzero(first & inside & (value > least["contribution"].more_than.value))
        decided = self.decided(at[paid], day[paid])
        self.pay(name, draw[paid], self.f.round_year[decided], self.flat(name)[draw[paid]])

    def trade_title(self) -> None:
        """The first title of each level; all titles of a park are one matter, so that it is paid once."""
        name = "trade_base_title"
        plan = self.f.plan.claims[name]
        draw, park, at, day, inside = self.listed_events(name)
        key = self.keys(plan.keys, len(at))
        first = np.zeros(len(at), dtype=bool)
        first[_first_of(park * len(plan.keys) + key, at)] = True
        paid = np.flatnonzero(first & inside)
        decided = self.decided(at[paid], day[paid])
        once = _first_of(park[paid], decided)
        draw = draw[paid[once]]
        self.pay(name, draw, self.f.round_year[decided[once]], self.flat(name)[draw])

    def keys(self, weights: dict[str, float], count: int) -> Array:
        up_to = np.cumsum(list(weights.values())) / sum(weights.values())
        return np.searchsorted(up_to[:-1], self.rng.random(count), side="right")

    # ------------------------------------------------------------------ rare events of agencies

    def rare_events(self) -> None:
        """Points of a Poisson process on agencies x intensity, of all these measures at once.

        An agency has its event of the year where it has one point or more.
        """
        rng, f = self.rng, self.f
        intensity = np.stack([self.p[f"{name} intensity"] for name in RARE]).reshape(len(RARE), -1)
        agencies = self.entered[:, :, 1:].transpose(0, 2, 1).reshape(intensity.shape[1], -1)
        up_to = np.cumsum(agencies * f.rare_weights[:, None], axis=2)
        points = rng.poisson(intensity * up_to[:, :, -1]).ravel()
        up_to = up_to.reshape(len(points), -1)
        cell = np.repeat(np.arange(len(points)), points)
        which, dy = np.divmod(cell, intensity.shape[1])
        draw, at = np.divmod(dy, self.years)
        place = rng.random(len(cell)) * up_to[cell, -1]
        line = (place[:, None] >= up_to[cell, :-1]).sum(axis=1)
        place -= np.where(line > 0, up_to[cell, line - 1], 0.0)
        place /= f.rare_weights[which, line]
        agency = self.number[draw * len(f.lines) + line] + place.astype(np.int64)
        _, single = np.unique((which * self.years + at) * len(self.kind) + agency, return_index=True)
        day = self.day(at)
        kept = single[self.there(at[single], agency[single], day[single])]
        which, draw, at, line, agency, day = (x[kept] for x in (which, draw, at, line, agency, day))
        take_up = np.stack([self.p[f"{name} take-up"] for name in RARE])
        inside = (rng.random(len(draw)) < take_up[which, draw, at]) & self.in_term(at, day)
        self.count(draw[inside])
        begin = np.searchsorted(which, np.arange(len(RARE) + 1))
        rows: dict[str, tuple[Array, ...]] = {}
        for number, name in enumerate(RARE):
            one = slice(begin[number], begin[number + 1])
            if name == "top10_list":
                self.top10_list(draw[one], agency[one], at[one], day[one], inside[one])
                continue
            some = begin[number] + np.flatnonzero(inside[one])
            decided = self.decided(at[some], day[some])
            rows[name] = draw[some], agency[some], at[some], f.first[at[some]] + day[some], decided, line[some]
        self.practice_base(*rows["practice_base"])
        self.digital(*rows["digital"])
        self.introduced(rows["headquarters"], rows["recommended_list"])
        self.standards(*rows["standards"])

    def practice_base(
        self, draw: Array, agency: Array, at: Array, earned: Array, decided: Array, line: Array
    ) -> None:
        """Once for each agency: the first that is decided."""
        once = _first_of(agency, decided)
        draw = draw[once]
        self.pay("practice_base", draw, self.f.round_year[decided[once]], self.flat("practice_base")[draw])

    def top10_list(self, draw: Array, agency: Array, at: Array, day: Array, inside: Array) -> None:
        """The first entry of an agency in each list, ever."""
        plan, measure = self.f.plan.claims["top10_list"], self.f.policy.measures["top10_list"]
        key = self.keys(plan.keys, len(at))
        first = np.zeros(len(at), dtype=bool)
        first[_first_of(agency * len(plan.keys) + key, at)] = True
        started = self.kind[agency] <= self.years  # the kinds of cohort 0 come first
        before = started & (self.rng.random(len(at)) < self.p["top10_list already"][draw])
        paid = np.flatnonzero(first & inside & ~before)
        decided = self.decided(at[paid], day[paid])
        self.pay("top10_list", draw[paid], self.f.round_year[decided], np.full(len(paid), measure.award.amount))

    def beside(self, name: str, draw: Array, earned: Array, decided: Array) -> Array:
        """What another policy has paid on the same matter before the decision; fen[claim]."""
        plan = self.f.plan.claims[COMPANIONS[name]]
        other = np.floor(100 * self.triangular(plan.base.variables["amount"], len(draw)) + 0.5)
        paid = self.rng.random(len(draw)) < self.p[f"{COMPANIONS[name]} chance"][draw]
        return other * (paid & (earned + plan.companion.days < self.f.rounds[decided]))

    def digital(self, draw: Array, agency: Array, at: Array, earned: Array, decided: Array, line: Array) -> None:
        """Ranked by year of decision within an envelope, then a cap per agency over the term, then one project."""
        f, name = self.f, "digital"
        plan, measure = f.plan.claims[name], f.policy.measures[name]
        base = np.floor(100 * self.lognormal(plan.base.variables["investment"], len(draw)) + 0.5)
        software = [f.lines.index(one) for one in measure.conditions["line"].none_of]
        passed = (base >= measure.conditions["investment"].at_least.value) & ~np.isin(line, software)
        draw, agency, earned, decided, base = (x[passed] for x in (draw, agency, earned, decided, base))
        gross = np.floor((base * measure.award.rate + 5_000) / 10_000)
        group = draw * (self.years + 1) + f.round_year[decided]
        order = np.argsort(group + self.rng.random(len(draw)))
        group = group[order]
        # Money up to and with each project: none after the first that does not fit can fit.
        spent = np.cumsum(gross[order])
        before = (spent - gross[order])[np.searchsorted(group, group)]
        chosen = order[spent - before <= measure.selection.envelope]
        other = self.beside(name, draw, earned, decided)
        chosen = chosen[np.argsort(agency[chosen] * _RANKS + decided[chosen])]
        owner = agency[chosen]
        rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
        _, owner = np.unique(owner, return_inverse=True)
        used = np.zeros(len(chosen))
        for turn in range(int(rank.max(initial=-1)) + 1):
            some, whose = chosen[rank == turn], owner[rank == turn]
            award = np.maximum(np.minimum(gross[some], f.cap(name) - used[whose]) - other[some], 0)
            used[whose] += award
            self.pay(name, draw[some], f.round_year[decided[some]], award)

    def standards(self, draw: Array, agency: Array, at: Array, earned: Array, decided: Array, line: Array) -> None:
        f, name = self.f, "standards"
        plan, measure = f.plan.claims[name], f.policy.measures[name]
        weights = plan.attributes["level"].weights
        share = sum(weights[one] for one in measure.conditions["level"].one_of) / sum(weights.values())
        passed = self.rng.random(len(draw)) < share
        draw, earned, decided = draw[passed], earned[passed], decided[passed]
        base = np.floor(100 * self.triangular(plan.base.variables["amount"], len(draw)) + 0.5)
        award = np.maximum(np.minimum(base, f.cap(name)) - self.beside(name, draw, earned, decided), 0)
        self.pay(name, draw, f.round_year[decided], award)

    def introduced(self, headquarters: tuple[Array, ...], listed: tuple[Array, ...]) -> None:
        """Headquarters and agencies of the list: one matter an agency and year; the list pays an agency once."""
        f, name = self.f, "headquarters"
        draw, agency, at, _, decided, _ = headquarters
        size = self.lognormal(f.plan.claims[name].base.variables["size"], len(draw))
        award = np.floor(100 * self.p[f"{name} scale"][draw] * size + 0.5)
        other_draw, other_agency, other_at, _, other_decided, _ = listed
        other = np.full(len(other_draw), float(f.policy.measures["recommended_list"].award.amount))
        whose, others = agency * self.years + at, other_agency * self.years + other_at
        _, ours, theirs = np.intersect1d(whose, others, assume_unique=True, return_indices=True)
        ours_first = decided[ours] <= other_decided[theirs]
        alone, other_alone = award[ours], other[theirs]
        award[ours] = np.where(ours_first, alone, np.maximum(alone - other_alone, 0))
        other[theirs] = np.where(ours_first, np.maximum(other_alone - alone, 0), other_alone)
        self.pay(name, draw, f.round_year[decided], award)
        paid = np.flatnonzero(other > 0)
        paid = paid[_first_of(other_agency[paid], other_decided[paid])]
        self.pay("recommended_list", other_draw[paid], f.round_year[other_decided[paid]], other[paid])

    # ------------------------------------------------------------------ holders of a status

    def transition(self, name: str, draw: Array, agency: Array, at: Array, day: Array) -> None:
        """Claims of agencies that gain a status."""
        f = self.f
        gained = np.flatnonzero(at >= 0)
        gained = gained[self.in_term(at[gained], day[gained])]
        draw, at, day = draw[gained], at[gained], day[gained]
        files = np.flatnonzero(self.rng.random(len(draw)) < self.p[f"{name} take-up"][draw, at])
        draw, at, day = draw[files], at[files], day[files]
        self.count(draw)
        decided = self.decided(at, day)
        if name == "high_tech":
            award = np.full(len(draw), f.policy.measures[name].award.amount)
            award = np.maximum(award - self.beside(name, draw, f.first[at] + day, decided), 0)
        else:
            award = self.flat(name)[draw]
        self.pay(name, draw, f.round_year[decided], award)

    def exports(self, draw: Array, agency: Array, at: Array, day: Array) -> None:
        """Two subsidies of one year's exports, on its last day: the higher is paid, by who decides first."""
        f, rng = self.f, self.rng
        kind = self.kind[agency].astype(np.int64)
        claims = {}
        years = np.flatnonzero(f.at_year_end)
        last = f.state.reshape(self.years, -1)[years]
        there = np.isin(last, (_STAYS, _ENTERS))[:, kind] & (at <= years[:, None])
        for name, attribute in (("export_subsidy", "export"), ("offshore_interest", "offshore_export")):
            files = rng.random(there.shape) < self.p[f"{name} take-up"][draw[:, None], years].T
            which, who = np.nonzero(there & files)
            self.count(draw[who])
            exports = self.lognormal(f.plan.claims[name].base.variables["exports"], len(who))
            (condition,) = f.policy.measures[name].conditions.values()
            least, cents = getattr(condition, condition.test).value, np.floor(100 * exports + 0.5)
            passed = cents >= least if condition.test == "at_least" else cents > least
            which, who, exports = which[passed], who[passed], exports[passed]
            fen = np.floor(100 * self.p[f"{name} scale"][draw[who]] * exports + 0.5)
            decided = self.decided(years[which], f.length[years[which]] - 1)
            award, when = np.zeros(there.shape), np.full(there.shape, len(f.rounds) - 1)
            award[which, who], when[which, who] = np.minimum(fen, f.cap(name)), decided
            claims[name] = award, when
        (first, first_when), (second, second_when) = claims.values()
        in_order = first_when <= second_when
        covered = np.where(in_order, 0, second), np.where(in_order, first, 0)
        for (name, (award, when)), before in zip(claims.items(), covered, strict=True):
            award = np.maximum(award - before, 0)
            which, who = np.nonzero(award)
            self.pay(name, draw[who], f.round_year[when[which, who]], award[which, who])

    def listing(self, draw: Array, agency: Array, at: Array, day: Array) -> None:
        """Stages of a listing by agencies above scale: each pays what lifts the agency to its amount."""
        f, rng, name = self.f, self.rng, "listing"
        plan, measure = f.plan.claims[name], f.policy.measures[name]
        holders = np.bincount(draw, minlength=self.draws)
        points = rng.poisson(self.p[f"{name} intensity"] * holders[:, None]).ravel()
        dy = np.repeat(np.arange(len(points)), points)
        of, year = np.divmod(dy, self.years)
        holder = (np.cumsum(holders) - holders)[of] + (rng.random(len(dy)) * holders[of]).astype(np.int64)
        _, single = np.unique(holder * self.years + year, return_index=True)
        of, year, holder = of[single], year[single], holder[single]
        earned = self.day(year)
        held = (at[holder] < year) | ((at[holder] == year) & (day[holder] <= earned))
        files = rng.random(len(of)) < self.p[f"{name} take-up"][of, year]
        kept = held & files & self.in_term(year, earned) & self.there(year, agency[holder], earned)
        of, year, holder, earned = of[kept], year[kept], holder[kept], earned[kept]
        self.count(of)
        stages = list(plan.attributes["listing_stage"].weights)
        amounts = np.zeros(len(stages))
        for stage in measure.conditions["stage"].one_of:
            (tier,) = measure.award.by_value[stage]
            amounts[stages.index(stage)] = min(tier.amount, f.cap(name))
        due = amounts[self.keys(plan.attributes["listing_stage"].weights, len(of))]
        decided = self.decided(year, earned)
        order = np.argsort(holder * _RANKS + decided)
        highest = np.maximum.accumulate(holder[order] * _FAR + due[order])
        before = np.concatenate([[-_FAR], highest[:-1]]) - holder[order] * _FAR
        award = highest - holder[order] * _FAR - np.maximum(before, 0)
        self.pay(name, of[order], f.round_year[decided[order]], award)


def _triangular_cdf(one: Any, x: float) -> float:
    low, mode, high = one.low.value, one.mode.value, one.high.value
    if x <= mode:
        return max(x - low, 0.0) ** 2 / ((high - low) * (mode - low))
    return 1 - max(high - x, 0.0) ** 2 / ((high - low) * (high - mode))


def _first_of(group: Array, rank: Array) -> Array:
    """Places of the row of lowest rank in each group."""
    bits = len(group).bit_length()
    ordered = np.sort(((group * _RANKS + rank) << bits) | np.arange(len(group)))
    whose = ordered >> bits
    whose //= _RANKS
    first = np.ones(len(group), dtype=bool)
    np.not_equal(whose[1:], whose[:-1], out=first[1:])
    return ordered[first] & ((1 << bits) - 1)


def _negative_binomial(rng: np.random.Generator, shape: float, success: Array, none: Array) -> Array:
    """Negative binomial counts above 0, by inversion: P(k) = P(k - 1) (shape + k - 1) / k success."""
    counts = np.ones(len(success), dtype=np.int64)
    # What of the uniform is left above P(0) + ... + P(k), in units of P(k).
    left = rng.random(len(success)) * (1 - none) / (none * shape * success) - 1
    rows = np.flatnonzero(left > 0)
    left, inverse = left.take(rows), 1 / success.take(rows)
    number = 1
    while len(rows) and number < _MOST:
        number += 1
        counts[rows] = number
        left *= inverse
        left *= number / (shape + number - 1)
        left -= 1
        still = np.flatnonzero(left > 0)
        rows, left, inverse = rows.take(still), left.take(still), inverse.take(still)
    return counts


# ---------------------------------------------------------------------- agreement


def disagreements(reference: Reference, result: Result) -> list[tuple[str, float, float, float]]:
    """Each figure compared: its name, the reference's value, simkit's, and the difference in standard errors."""
    rows = []

    def compare(name: str, estimate: Any, ours: Array, theirs: Array) -> None:
        one, other = estimate(ours), estimate(theirs)
        error = float(np.hypot(one.standard_error, other.standard_error))
        apart = one.value - other.value
        rows.append((name, one.value, other.value, apart / error if error > 0 else np.inf * np.sign(apart) if apart else 0.0))

    for view, ours in (("special", reference.special), ("whole", reference.whole)):
        theirs = result.paid(special=view == "special")
        for at, year in enumerate(reference.paid_years):
            compare(f"{view} {year} mean", mean, ours[:, at], theirs[:, at])
            compare(f"{view} {year} P95", lambda sample: quantile(sample, 0.95), ours[:, at], theirs[:, at])
    compare("claims a draw", mean, reference.claims, result.counts[..., :5].sum(axis=(1, 2, 3)))
    return rows


def agree(reference: Reference, result: Result, allowed: float = ALLOWED) -> None:
    """Raise AssertionError with every figure in which the two differ by more than chance.

    Compared are mean and P95 of the money paid in each year, in both views, and the mean number of claims (which
    may also be within 1 %); `allowed` is in standard errors of the difference.
    """
    if reference.paid_years != result.paid_years:
        raise AssertionError(f"paid years: {reference.paid_years} here, {result.paid_years} in simkit")
    wrong = [
        f"{name}: {ours:.6g} here, {theirs:.6g} in simkit, {apart:+.1f} standard errors"
        for name, ours, theirs, apart in disagreements(reference, result)
        if abs(apart) > allowed and not (name == "claims a draw" and abs(ours / theirs - 1) < 0.01)
    ]
    if wrong:
        raise AssertionError("; ".join(wrong))


def main() -> int:
    """Print milliseconds a draw, claims a draw and the table of agreement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    scenario = load_scenario(BASELINE)
    took = []
    for repeat in range(options.repeat):
        start = time.process_time()
        reference = simulate(scenario, options.draws, options.seed + repeat)
        took.append((time.process_time() - start) / options.draws * 1e3)
    print(f"{statistics.median(took):.3f} ms of CPU a draw (median of {options.repeat}: {min(took):.3f} to {max(took):.3f})")
    print(f"{reference.claims.mean():.1f} claims a draw")
    result = run(scenario, draws=options.draws, seed=options.seed + options.repeat, jobs=1)
    print(f"{'figure':24}{'reference':>18}{'simkit':>18}{'difference / its standard error':>34}")
    for name, ours, theirs, apart in disagreements(reference, result):
        print(f"{name:24}{ours:18,.1f}{theirs:18,.1f}{apart:34.2f}")
    agree(reference, result)
    print("agreed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
