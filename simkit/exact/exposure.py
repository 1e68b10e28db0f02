"""Who may claim, in which share of each year: from a path of the population, the policy's term and the plan."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import numpy as np
from scipy import special

from simkit.base.arrays import BoolArray, FloatArray, IndexArray
from simkit.base.days import days
from simkit.claims.assumed import law
from simkit.claims.plan import Calendar, ClaimPlan
from simkit.exact.path import PopulationPath
from simkit.scenario import Scenario

__all__ = ["Claimants", "claimants", "first_ever", "paid_first"]


class Claimants(NamedTuple):
    """Those who may claim under a measure; years from the population's first.

    Attributes
    ----------
    weight : float[claimant]
        Intensity relative to the plan's.
    present : float[claimant, year]
        Share of the year's days on which a claim of theirs can arise.
    open : float[claimant, year]
        Share on which it can be made too: in force, the claimant qualified.
    begun : bool[claimant]
        There from the start, so that a first event may lie before.
    rounds : float[claimant, year, round]
        `open`, split by the round in which a claim is decided.
    """

    weight: FloatArray
    present: FloatArray
    open: FloatArray
    begun: BoolArray
    rounds: FloatArray


def _date(year: int, text: str) -> datetime.date:
    """MM-DD of a year; 02-29 is the last of February."""
    if text == "02-29":
        return datetime.date(year, 3, 1) - datetime.timedelta(days=1)
    return datetime.date(year, int(text[:2]), int(text[3:]))


def _window(scenario: Scenario, name: str) -> tuple[int, int]:
    """First and last day on which claims are earned."""
    first, last = scenario.plan.earned_years
    terms = [scenario.policy.document.in_force, scenario.policy.measures[name].in_force]
    since = [days(datetime.date(first, 1, 1)), *(days(one.since) for one in terms if one)]
    until = [days(datetime.date(last, 12, 31)), *(days(one.until) for one in terms if one)]
    return max(since), min(until)


def claimants(scenario: Scenario, name: str, path: PopulationPath) -> Claimants:
    """Those who may claim under a measure, on one path of the population."""
    plan, policy = scenario.plan.claims[name], scenario.policy
    lines = (
        policy.attributes["line"].values
        if "line" in policy.attributes
        else tuple(scenario.plan.population.lines)
    )
    by_line = np.array([plan.lines.get(line, 0.0 if plan.lines else 1.0) for line in lines])
    allowed = np.array([_line_passes(scenario, name, line) for line in lines])
    status = plan.transition or plan.holders
    if status is not None:
        rows = path.holders[list(scenario.plan.population.statuses).index(status)]
        agency, since, gained = rows["slot"], rows["day"], rows["year"]
    elif plan.among == "agency":
        agency = np.arange(len(path.line))
        since = gained = np.zeros(len(agency), dtype=np.int64)
    else:
        count = round(scenario.plan.population.others[plan.among].value.mean())
        one, years = np.ones(count), np.arange(path.years)
        start = np.zeros(count, dtype=np.int64)
        return _counted(
            scenario, name, path, one, start, start + 2**30, years, qualified=one > 0, begun=one > 0
        )
    entry, leave = np.maximum(path.entry[agency], since), path.leave[agency]
    weight = np.ones(len(agency)) if plan.transition else by_line[path.line[agency]]
    qualified = path.eligible[agency] & allowed[path.line[agency]]
    if plan.transition is not None:
        # The claim is the day on which the status is gained.
        leave = np.where(gained > 0, since + 1, since)
    kept = weight > 0
    found = _counted(
        scenario,
        name,
        path,
        weight[kept],
        entry[kept],
        leave[kept],
        np.arange(path.years),
        qualified=qualified[kept],
        begun=path.from_start[agency][kept],
    )
    if plan.transition is None:
        return found
    return found._replace(
        present=np.sign(found.present),
        open=np.sign(found.open),
        rounds=found.rounds / np.maximum(found.open, 1e-300)[:, :, None],
    )


def _line_passes(scenario: Scenario, name: str, line: str) -> bool:
    tests = [one for one in scenario.policy.measures[name].conditions.values() if one.of == "line"]
    return all(one.admits(line) for one in tests)


def _counted(
    scenario: Scenario,
    name: str,
    path: PopulationPath,
    weight: FloatArray,
    entry: IndexArray,
    leave: IndexArray,
    years: IndexArray,
    *,
    qualified: BoolArray,
    begun: BoolArray,
) -> Claimants:
    """Shares of days; with a fixed day each is 0 or 1."""
    plan = scenario.plan.claims[name]
    calendar = plan.calendar or scenario.plan.calendar
    since, until = _window(scenario, name)
    rounds = _round_days(calendar, path)
    present = np.zeros((len(weight), path.years))
    split = np.zeros((len(weight), path.years, len(rounds)))
    for at in years:
        year = path.first_year + int(at)
        first, after = days(datetime.date(year, 1, 1)), days(datetime.date(year + 1, 1, 1))
        asked = np.arange(first, after)
        if plan.day is not None and plan.transition is None:
            asked = np.array([days(_date(year, plan.day))])
        up_to = np.searchsorted(asked, np.stack([entry, leave]))
        present[:, at] = (up_to[1] - up_to[0]).clip(0) / len(asked)
        in_force = (asked >= since) & (asked <= until)
        decided = _decided(asked, calendar, rounds) * in_force[:, None] / len(asked)
        running = np.concatenate([np.zeros((1, len(rounds))), np.cumsum(decided, axis=0)])
        split[:, at] = (running[up_to[1]] - running[np.minimum(up_to[0], up_to[1])]) * qualified[:, None]
    return Claimants(weight, present, split.sum(axis=2), begun, split)


def _round_days(calendar: Calendar, path: PopulationPath) -> IndexArray:
    """Every day of decision that a claim of the path's years can wait for."""
    longest = (calendar.filing_days[1] + calendar.review_days) // 365 + 2
    years = range(path.first_year, path.first_year + path.years + longest)
    return np.array(
        sorted(days(_date(year, text)) for year in years for text in calendar.rounds), dtype=np.int64
    )


def _decided(earned: IndexArray, calendar: Calendar, rounds: IndexArray) -> FloatArray:
    """Chance of each round for a claim of each day: float[day, round]; filing is even over its days."""
    low, high = calendar.filing_days
    ready = earned[:, None] + np.arange(low, high + 1) + calendar.review_days
    place = np.searchsorted(rounds, ready)
    table = np.zeros((len(earned), len(rounds)))
    for row in range(len(earned)):
        table[row] = np.bincount(place[row], minlength=len(rounds)) / place.shape[1]
    return table


def paid_first(chance: FloatArray, rounds: FloatArray) -> FloatArray:
    """Chance that the claim of a year is the first to be decided of all years: float[claimant, year].

    Parameters
    ----------
    chance : float[claimant, year]
        Of a claim that would be paid.
    rounds : float[claimant, year, round]
        Split of the days; the same round is drawn for by lot.
    """
    whole = np.maximum(rounds.sum(axis=2, keepdims=True), 1e-300)
    here = chance[:, :, None] * rounds / whole
    before = np.cumsum(here, axis=2) - here
    points, weights = special.roots_legendre(here.shape[1] // 2 + 1)
    found = np.zeros_like(chance)
    for lot, weight in zip((points + 1) / 2, weights / 2, strict=True):
        none_earlier = 1 - before - lot * here
        for year in range(chance.shape[1]):
            others = np.prod(np.delete(none_earlier, year, axis=1), axis=1)
            found[:, year] += weight * (here[:, year] * others).sum(axis=1)
    return found


def first_ever(plan: ClaimPlan, happens: FloatArray, people: Claimants) -> FloatArray:
    """Chance that an event of a year, on an open day, is the first of its claimant and key: float[claimant, year].

    `happens` is the chance of an event in the year, were the claimant there all of it.
    """
    keys = np.array([one for one in plan.keys.values() if one > 0]) if plan.keys else np.ones(1)
    before = law(plan.already).mean()
    found = np.zeros_like(happens)
    for share in keys / keys.sum():
        none = np.cumprod(1 - share * happens * people.present, axis=1)
        none = np.concatenate([np.ones((len(none), 1)), none[:, :-1]], axis=1)
        found += share * happens * people.open * none
    return found * np.where(people.begun, 1 - before, 1.0)[:, None]
