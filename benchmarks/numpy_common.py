"""What both NumPy opponents of the speed benchmark share: the rules they serve, parameters, the test of agreement.

Figures (rates, laws, caps, dates) are read from the scenario; which rules a measure has is written in the opponents,
so they serve `scenarios/ningbo-hr-2023/baseline.yaml` and refuse what has others.
"""

from __future__ import annotations

import argparse
import datetime
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy import optimize

from benchmarks.scenarios import baseline
from simkit.claims.assumed import law
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario
from simkit.sizing.estimate import Estimate
from simkit.sizing.quantiles import quantile

__all__ = [
    "COMPANIONS",
    "PROGRAMMES",
    "QUANTILES",
    "RANKS",
    "RULES",
    "Array",
    "Compared",
    "Figures",
    "Reference",
    "agree",
    "compare",
    "compare_measures",
    "compare_steps",
    "date",
    "first_of",
    "main",
]

#: Draws whose parameters are drawn together.
BLOCK = 4_096
#: Columns of a run's money and counts.
MONEY = {"gross": 0, "claim_cap": 1, "selection": 2, "running_cap": 3, "matter": 4, "award": 6}
COUNTS = {"passed": 0, "conditions": 2, "first_time": 3, "once": 4, "awarded": 5}
#: Largest difference that chance may make, in standard errors; share by which numbers of claims may differ.
ALLOWED, CLAIMS_APART = 4.0, 0.01

PROGRAMMES = ("contest", "zjtx_cultivation", "study_training", "star_rating", "statistics_work")
COMPANIONS = {
    "high_tech": "high_tech_district",
    "digital": "digital_other_funds",
    "standards": "standards_other_funds",
}
#: The rules that are written out below, as `_rules` puts them in words.
RULES = {
    "headhunting": "agency, negative_binomial, rate, always, income_tax at_least, client one_of, agency/year",
    "students": "agency, poisson, per_unit, always, agency/year",
    "supplied_employees": "agency, event, on 12-31, by_rule, always, heads at_least, months_in_post at_least, "
    "agency/year",
    "practice_base": "agency, event, by_rule, once",
    "recruiting_trips": "agency, poisson, by_rule, always",
    **dict.fromkeys(PROGRAMMES, "city, fixed, on 10-31, by_rule, always, decided on 11-30"),
    "top10_list": "agency, event, fixed, once_per_key, list one_of, first",
    "high_tech": "high_tech, event, fixed, once, first",
    "digital": "agency, event, rate, always, base at_least, line none_of, agency/term, ranked, by money",
    "new_provincial_park": "park, event, fixed, once",
    "park_appraisal": "park, fixed, on 12-31, by_rule, yearly, ranked, by places",
    "building_contribution": "building, event, by_rule, once, building_contribution more_than, first",
    "export_base_support": "export_base, fixed, on 12-31, by_rule, yearly",
    "export_subsidy": "exporter, fixed, on 12-31, by_rule, always, export more_than, agency/year",
    "trade_base_title": "park, event, by_rule, once_per_key, level one_of, first",
    "offshore_interest": "exporter, fixed, on 12-31, by_rule, always, offshore_export at_least, agency/year",
    "headquarters": "agency, event, by_rule, yearly",
    "recommended_list": "agency, event, fixed, once",
    "above_scale": "above_scale, event, by_rule, once",
    "listing": "above_scale, event, tiers, always, listing_stage one_of, agency/ever",
    "standards": "agency, event, by_rule, always, level one_of, claim/claim",
    **dict.fromkeys(COMPANIONS.values(), "agency, event, by_rule, always, outside"),
}
#: Members and key of each matter: what is there is paid once, the higher amount, by who decides first.
MATTERS = {
    "headhunting: agency matter",
    "high_tech high_tech_district: agency",
    "digital digital_other_funds: agency matter",
    "trade_base_title: agency",
    "export_subsidy offshore_interest: agency year",
    "headquarters recommended_list: agency year",
    "listing: agency",
    "standards standards_other_funds: agency matter",
}
#: More than there are rounds, years and ranks in a group.
RANKS = 16
#: Cells of a law without tails.
QUANTILES = 2_048

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


def days(day: datetime.date) -> int:
    """Days since 1970-01-01."""
    return (day - datetime.date(1970, 1, 1)).days


def date(year: int, text: str) -> int:
    """MM-DD of a year in days."""
    month, day = map(int, text.split("-"))
    return days(datetime.date(year, month, day))


def _rules(scenario: Scenario) -> dict[str, str]:
    """Who claims how, the award, its conditions, caps and more, in words, of each measure that has claims."""
    rules = {}
    for name, plan in scenario.plan.claims.items():
        measure = scenario.policy.measures[name]
        if not measure.live or measure.award is None:
            continue
        words = [plan.holders or plan.transition or plan.among, plan.frequency]
        words += [f"on {plan.day}"] if plan.day else []
        words += [measure.award.kind, measure.repeat]
        words += [f"{one.of} {one.test}" for one in measure.conditions.values()]
        words += [f"{one.per}/{one.within}" for one in measure.caps.values()]
        choice = measure.selection
        more = {"first": measure.first_time, "ranked": choice.kind == "ranked"}
        more |= {"by money": choice.envelope is not None, "by places": choice.places is not None}
        more |= {"outside": measure.outside, "marks": plan.mark != "agency_year"}
        more |= {"instalments": len(measure.instalments) > 1, "lag": measure.lag_days > 0}
        more |= {"removed": plan.remove_elsewhere}
        own = plan.calendar
        if own is not None:
            at_once = own.filing_days == (0, 0) and own.review_days == 0
            more[f"decided on {' '.join(own.rounds)}" if at_once else "calendar"] = True
        rules[name] = ", ".join([*words, *(word for word, so in more.items() if so)])
    return rules


def _matters(scenario: Scenario) -> set[str]:
    """Members, key and anything unusual of each matter."""
    found = set()
    for one in scenario.policy.matters.values():
        usual = one.mode == "inclusive" and one.payer == "sequential" and one.years == "ever"
        usual = usual and not one.levels and not one.departments
        found.add(f"{' '.join(one.members)}: {' '.join(one.key)}{'' if usual else ', not as usual'}")
    return found


class Figures:
    """What no draw changes: the calendar, the laws, the caps."""

    def __init__(self, scenario: Scenario) -> None:
        self.plan, self.policy = scenario.plan, scenario.policy
        plan, growth = scenario.plan, scenario.plan.population.growth
        first, last = plan.earned_years
        usual = growth.mode == "target" and first == growth.start_year + 1 and scenario.roster is None
        usual = usual and not growth.exit_by_year and not growth.entries
        same = _rules(scenario) == RULES and _matters(scenario) == MATTERS and not self.policy.total_caps
        if not usual or not same:
            raise ValueError(f"{scenario.name}: this reference is written for the rules of the baseline only")
        self.years = range(first, last + 1)
        self.lines = self.policy.attributes["line"].values
        self._calendar()
        self._people()

    def _calendar(self) -> None:
        """Days of a year count from 0; days at large from the first of the first year."""
        term, calendar = self.policy.document.in_force, self.plan.calendar
        starts = [date(year, "01-01") for year in [*self.years, self.years.stop]]
        self.first = np.array(starts[:-1]) - starts[0]
        self.length = np.diff(starts)
        self.since, self.until = (
            days(term.since) - starts[0],
            days(term.until or datetime.date.max) - starts[0],
        )
        low = np.maximum(days(term.since) - starts[0] - self.first, 0)
        high = np.minimum(days(term.until or datetime.date.max) - starts[0] - self.first, self.length - 1)
        self.low, self.width = low, np.maximum(high - low + 1, 0)
        self.in_term = self.width / self.length
        self.at_year_end = low + self.width == self.length
        self.due = {name: self._due(self.plan.claims[name].day) for name in PROGRAMMES}
        rounds = [
            (date(year, text) - starts[0], year - self.years[0])
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
            raise ValueError(
                "calendar: every claim must be decided by the end of the year after it is earned"
            )

    def _due(self, day: str) -> Array:
        """Years in which a day of the year is within the term."""
        on = np.array([date(year, day) - date(year, "01-01") for year in self.years])
        return np.flatnonzero((on >= self.low) & (on < self.low + self.width))

    def _people(self) -> None:
        """Entry factor of the target; weights and shares of lines."""
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
        self.status_weights = {
            name: weights(one.lines) for name, one in self.plan.population.statuses.items()
        }
        self.line_share = np.zeros(len(self.lines))
        for name, one in self.plan.population.lines.items():
            self.line_share[self.lines.index(name)] = one.value.mean()

    def cap(self, name: str) -> int:
        """The measure's only cap, in fen."""
        (cap,) = self.policy.measures[name].caps.values()
        return int(cap.amount)

    def bounded(self, one: Any) -> Array:
        """Quantiles of a law without tails, one for each of as many equal cells."""
        return one.ppf((np.arange(QUANTILES) + 0.5) / QUANTILES)

    def batches(
        self, rng: np.random.Generator, draws: int, size: int
    ) -> Iterator[tuple[int, dict[str, Array]]]:
        """First draw of each batch of draws, and the parameters of its draws."""
        for first in range(0, draws, BLOCK):
            drawn = self.draw(rng, min(BLOCK, draws - first))
            for begin in range(0, len(drawn["start"]), size):
                yield first + begin, {name: one[..., begin : begin + size] for name, one in drawn.items()}

    def draw(self, rng: np.random.Generator, draws: int) -> dict[str, Array]:
        """All that is drawn once a draw: name -> float[draw] or float[year, draw]."""
        plan, years = self.plan, len(self.years)
        drawn: dict[str, Array] = {}

        def of(assumed: Any, otherwise: float = 0.0) -> Array:
            one = law(assumed, otherwise)
            return one.ppf(rng.random(draws)) if one.var() > 0 else np.full(draws, one.mean())

        def shock(sd: Array) -> Array:
            return np.exp(sd * rng.standard_normal((years, draws)) - sd**2 / 2)

        cv = of(plan.factor.cv)
        factor = rng.standard_gamma(1 / cv**2) * cv**2
        activity = shock(of(plan.factor.activity_sd))
        growth, population = plan.population.growth, plan.population
        drawn["start"] = np.rint(of(growth.start))
        usual, by_year = of(growth.entry_rate), growth.entry_by_year
        entry = np.stack([of(by_year[year]) if year in by_year else usual for year in self.years])
        drawn["entry"] = entry * self.entry_factor[:, None] * shock(of(growth.shock_sd))
        drawn["leave"] = of(growth.exit_rate)
        drawn["eligible"] = of(population.eligible)
        for name, status in population.statuses.items():
            drawn[f"{name} share"] = -np.log1p(-of(status.share))
            lift = np.maximum(0.0, 1 + of(status.loading) * (factor - 1))
            drawn[f"{name} rate"] = -np.log1p(-of(status.rate)) * lift
        for name, number in population.others.items():
            drawn[f"{name} number"] = np.rint(of(number)).astype(np.int64)
        for name, one in plan.claims.items():
            lift = np.maximum(0.0, 1 + of(one.loading or plan.factor.loading) * (factor - 1))
            drawn[f"{name} intensity"] = of(one.intensity) * lift * activity
            ramp = np.array([ramp_of(one.ramp, year) for year in self.years])
            drawn[f"{name} take-up"] = of(one.take_up, 1.0) * ramp[:, None]
            drawn[f"{name} scale"] = of(one.base.scale, 1.0)
            if one.base.growth is not None:
                since = np.array(self.years) - one.base.of_year
                drawn[f"{name} growth"] = (1 + of(one.base.growth)) ** since[:, None]
            if one.already is not None:
                drawn[f"{name} already"] = of(one.already)
            if one.companion is not None:
                drawn[f"{name} chance"] = of(one.companion.chance)
        return drawn


def ramp_of(ramp: dict[int, float], year: int) -> float:
    known = [one for one in ramp if one <= year]
    return ramp[max(known)] if known else ramp[min(ramp)] if ramp else 1.0


def first_of(group: Array, rank: Array) -> Array:
    """Places of the row of lowest rank in each group."""
    bits = len(group).bit_length()
    ordered = np.sort(((group * RANKS + rank) << bits) | np.arange(len(group)))
    whose = ordered >> bits
    whose //= RANKS
    first = np.ones(len(group), dtype=bool)
    np.not_equal(whose[1:], whose[:-1], out=first[1:])
    return ordered[first] & ((1 << bits) - 1)


# ---------------------------------------------------------------------- agreement


class Compared(NamedTuple):
    """A figure of both, how far they are apart in standard errors of the difference, whether it is often above 0."""

    name: str
    reference: float
    simkit: float
    apart: float
    often: bool = True


def _mean(sample: Array) -> Estimate:
    """The plain sample mean and its standard error, also of what few draws have: nothing is published from it."""
    value, error = float(np.mean(sample)), float(np.std(sample, ddof=1) / len(sample) ** 0.5)
    return Estimate(value, value - 1.96 * error, value + 1.96 * error, error, len(sample))


def _compare(name: str, ours: Estimate, theirs: Estimate) -> Compared:
    error = float(np.hypot(ours.standard_error, theirs.standard_error))
    apart = ours.value - theirs.value
    return Compared(
        name,
        ours.value,
        theirs.value,
        apart / error if error else np.copysign(np.inf, apart) if apart else 0.0,
    )


def compare(reference: Reference, result: Result) -> list[Compared]:
    """Mean and P95 of the money paid in each year and both views, and the mean number of claims."""
    rows = []
    for view, ours in (("special", reference.special), ("whole", reference.whole)):
        theirs = result.paid(special=view == "special")
        for at, year in enumerate(reference.paid_years):
            pair = ours[:, at], theirs[:, at]
            rows.append(_compare(f"{view} {year} mean", *map(_mean, pair)))
            rows.append(_compare(f"{view} {year} P95", *(quantile(sample, 0.95) for sample in pair)))
    claims = result.counts[..., :5].sum(axis=(1, 2, 3))
    return [*rows, _compare("claims a draw", _mean(reference.claims), _mean(claims))]


def compare_measures(reference: Reference, result: Result) -> list[Compared]:
    """Mean of the money paid in all years, measure by measure."""
    theirs = dict(zip(result.scenario.policy.measures, result.paid_by("measure").T, strict=True))
    return [
        _compare(name, _mean(paid.sum(axis=1)), _mean(theirs[name]))
        for name, paid in reference.measures.items()
    ]


def compare_steps(sums: dict[tuple[str, str], Array], result: Result) -> list[Compared]:
    """Mean of what the rules did in all earned years: (measure, what) to float[earned year, draw] against a run.

    `often`: in more than 30 draws of one of them.
    """
    rows = []
    for number, name in enumerate(result.scenario.policy.measures):
        tables = {what: result.money[:, number, :, at] for what, at in MONEY.items()}
        tables |= {what: result.counts[:, number, :, at] for what, at in COUNTS.items()}
        for what, table in (tables | {"agencies": result.agencies_awarded[:, number]}).items():
            theirs = table.sum(axis=1).astype(np.float64)
            ours = sums.get((name, what), np.zeros((1, len(theirs)))).sum(axis=0)
            if ours.any() or theirs.any():
                one = _compare(f"{name} {what}", _mean(ours), _mean(theirs))
                rows.append(one._replace(often=max((ours > 0).sum(), (theirs > 0).sum()) > 30))
    return rows


def agree(reference: Reference, result: Result, allowed: float = ALLOWED) -> None:
    """Raise AssertionError with every figure in which the two differ by more than chance.

    Compared are mean and P95 of the money paid in each year, in both views, and the mean number of claims (which
    may also be within 1 %); `allowed` is in standard errors of the difference.
    """
    if reference.paid_years != result.paid_years:
        raise AssertionError(f"paid years: {reference.paid_years} here, {result.paid_years} in simkit")
    wrong = [
        f"{one.name}: {one.reference:.6g} here, {one.simkit:.6g} in simkit, {one.apart:+.1f} standard errors"
        for one in compare(reference, result)
        if abs(one.apart) > allowed
        and not (one.name == "claims a draw" and abs(one.reference / one.simkit - 1) < CLAIMS_APART)
    ]
    if wrong:
        raise AssertionError("; ".join(wrong))


def main(about: str | None, simulate: Callable[[Scenario, int, int], Reference]) -> int:
    """Print milliseconds of CPU a draw, claims a draw and the table of agreement; money in fen."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    scenario = baseline()
    took = []
    for repeat in range(options.repeat):
        start = time.process_time()
        reference = simulate(scenario, options.draws, options.seed + repeat)
        took.append((time.process_time() - start) / options.draws * 1e3)
    middle = statistics.median(took)
    print(f"{middle:.3f} ms of CPU a draw, median of {options.repeat} ({min(took):.3f} to {max(took):.3f})")
    print(f"{reference.claims.mean():.1f} claims a draw")
    result = run(scenario, draws=options.draws, seed=options.seed + options.repeat, jobs=1)
    print(f"{'mean or P95 of a draw':24}{'reference':>18}{'simkit':>18}{'standard errors apart':>24}")
    for one in [*compare_measures(reference, result), *compare(reference, result)]:
        print(f"{one.name:24}{one.reference:18,.1f}{one.simkit:18,.1f}{one.apart:24.2f}")
    agree(reference, result)
    print("agreed")
    return 0
