"""Which years money can be paid in, by the calendar and the instalments, and which paid years are simulated whole."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from simkit.claims.plan import Calendar, ClaimPlan, day_in
from simkit.scenario.types import Scenario

__all__ = ["can_pay", "counted", "paid_span", "whole_years"]


def whole_years(scenario: Scenario, years: Iterable[int]) -> tuple[int, ...]:
    """Those of some paid years of which all that can be paid in them is simulated.

    A year that the policy was, or will be, in force in but which is no earned year may pay into it; such a year is
    not to be compared with others.
    """
    first, last = scenario.plan.earned_years
    since = scenario.policy.document.in_force.since.year
    names = [name for name, one in scenario.policy.measures.items() if one.live and not one.outside]

    def whole(year: int) -> bool:
        missing = [earned for earned in range(since, year + 1) if not first <= earned <= last]
        return not any(_pays(scenario, name, missing, year) for name in names)

    return tuple(year for year in years if whole(year))


def can_pay(
    scenario: Scenario,
    year: int | None = None,
    *,
    measures: Collection[str] | None = None,
    funds: Collection[str] | None = None,
) -> bool:
    """Whether anything is left to chance of the money of some measures from some funds, paid in a year.

    False where the rules and the assumptions rule it out: not in force, without claims, or never paid in that year.

    Parameters
    ----------
    year : int, optional
        None: any.
    measures, funds : ids, optional
        None: all.
    """
    first, last = scenario.plan.earned_years
    for name, measure in scenario.policy.measures.items():
        if measures is not None and name not in measures:
            continue
        paying = measure.payers.shares if measure.payers else {}
        if funds is not None and not set(funds) & set(paying):
            continue
        if measure.live and not measure.outside and _pays(scenario, name, range(first, last + 1), year):
            return True
    return False


def counted(scenario: Scenario, name: str) -> bool:
    """Whether the number of claims of a measure is the same in every draw: a fixed number, of so many, all filed."""
    plan = scenario.plan.claims.get(name)
    others = scenario.plan.population.others
    if plan is None or plan.frequency != "fixed" or plan.among not in others:
        return False
    assumed = [one for one in (plan.intensity, plan.take_up, others[plan.among]) if one is not None]
    filed = plan.take_up is None or plan.take_up.value.mean() * plan.take_up_factor >= 1
    return filed and all(one.value.var() == 0 for one in assumed)


def _pays(scenario: Scenario, name: str, earned: Iterable[int], year: int | None) -> bool:
    """Whether a measure can pay in a year what is earned in some years."""
    spans = [paid_span(scenario, name, one) for one in earned]
    return any(span is not None and (year is None or span[0] <= year <= span[1]) for span in spans)


def paid_span(scenario: Scenario, name: str, earned: int) -> tuple[int, int] | None:
    """First and last year in which a measure can pay what is earned in a year; None where nothing can be earned.

    From the days on which it is in force, the days until it is filed and reviewed, the rounds of decision, the lag
    and the instalments.
    """
    plan, measure = scenario.plan.claims.get(name), scenario.policy.measures[name]
    if plan is None or _nobody(scenario, plan) or _never(plan.intensity):
        return None
    if _never(plan.take_up) or plan.take_up_factor == 0 or plan.ramp_in(earned) == 0:
        return None
    terms = [scenario.policy.document.in_force, *([measure.in_force] if measure.in_force else [])]
    since = max([datetime.date(earned, 1, 1), *(one.since for one in terms)])
    until = min([datetime.date(earned, 12, 31), *(one.until for one in terms if one.until is not None)])
    if plan.day is not None:
        day = day_in(earned, plan.day)
        since, until = max(since, day), min(until, day)
    if since > until:
        return None
    calendar = plan.calendar or scenario.plan.calendar
    least, most = (days + calendar.review_days for days in calendar.filing_days)
    lag, after = datetime.timedelta(measure.lag_days), [one.after_years for one in measure.instalments]
    begins = _round(calendar, since + datetime.timedelta(least)) + lag
    ends = _round(calendar, until + datetime.timedelta(most)) + lag
    return begins.year + min(after), ends.year + max(after)


def _nobody(scenario: Scenario, plan: ClaimPlan) -> bool:
    """Whether there is none who could claim."""
    population = scenario.plan.population
    if plan.among in population.others:
        return _never(population.others[plan.among])
    growth = population.growth
    come = any(not _never(one) for one in growth.entries.values())
    return growth.mode == "trend" and population.roster is None and _never(growth.start) and not come


def _never(assumed: object) -> bool:
    """Whether an assumption that is never below 0 is 0 in every draw."""
    value = getattr(assumed, "value", None)
    return value is not None and value.mean() == 0


def _round(calendar: Calendar, ready: datetime.date) -> datetime.date:
    """The first round of decision on or after a day."""
    years = (ready.year, ready.year + 1)
    return min(day for year in years for one in calendar.rounds if (day := day_in(year, one)) >= ready)
