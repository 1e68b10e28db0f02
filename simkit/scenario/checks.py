"""What only shows when plan and policy are held together: years, sources, population, votes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from simkit.base.errors import Fault, InputError
from simkit.base.said import Said
from simkit.claims.agency_list import Roster
from simkit.claims.assumed import Assumed
from simkit.claims.reach import surely_reached
from simkit.documents.spelling import nearest
from simkit.documents.tree import Tree
from simkit.policy.schema import Policy
from simkit.scenario.claim_checks import claim_faults, line_names, weight_faults
from simkit.scenario.types import Appropriations, Plan

__all__ = ["cross_faults", "growth_faults"]


def cross_faults(plan: Plan, policy: Policy, tree: Tree, unread: Collection[str] = ()) -> Iterator[Fault]:
    """Name what is sound by itself in plan and policy and does not fit together; `tree` is the plan's.

    `unread`: measures of which the policy does not say what they will be, since a change of them has faults;
    nothing is said of what is held against them.
    """
    if not unread:
        yield from _year_faults(plan, policy, tree)
    yield from _source_faults(plan.model_dump(), (), list(plan.sources), tree)
    yield from _population_faults(plan, policy, tree)
    known = {*policy.measures, *unread}
    for name in plan.claims:
        if name not in known:
            yield tree.fault(("claims", name), Said("fault.measure_policy"), name, nearest(name, known))
        elif name not in unread:
            yield from claim_faults(name, plan, policy, tree)
    if plan.appropriations is not None:
        yield from _vote_faults(plan.appropriations, plan.earned_years[0], policy, known, tree)


def growth_faults(plan: Plan, roster: Roster | None, tree: Tree) -> Iterator[Fault]:
    """Name a number of agencies that the growth aims at and that entries cannot reach."""
    growth = plan.population.growth
    years = [growth.target.year] if growth.target else list(growth.path)
    if not years or surely_reached(growth, None if roster is None else len(roster.line)):
        return
    from simkit.claims.population import expected_agencies  # draws: slow to import and seldom asked for

    try:
        expected_agencies(plan.population, max(years), roster)
    except InputError as error:
        if error.key != "error.out_of_reach":
            raise
        said = error.values
        path: tuple[str, ...] = ("target", "agencies") if growth.target else ("path", str(said["year"]))
        yield tree.fault(
            ("population", "growth", *path),
            Said("fault.agencies_at_end_be_reachable_by", agencies=said["agencies"], year=said["year"]),
            Said("fault.without_any_entry_with_100_times", least=said["least"], most=said["most"]),
            Said("fault.change_start_exit_rate_aim"),
        )


def _vote_faults(
    voted: Appropriations, first: int, policy: Policy, measures: Collection[str], tree: Tree
) -> Iterator[Fault]:
    """Votes of every fund from the first earned year on, without a gap, to one last year; names that exist."""
    last = max(year for amounts in voted.amounts.values() for year in amounts)
    years = list(range(first, max(first, last) + 1))
    for fund, amounts in voted.amounts.items():
        if sorted(amounts) != years:
            path = ("appropriations", "amounts", fund)
            found = ", ".join(map(str, sorted(amounts)))
            yield tree.fault(
                path, Said("fault.amount_for_each_year_from", years=years[0], one=years[-1]), found
            )
        if fund not in policy.funds:
            path = ("appropriations", "amounts", fund)
            yield tree.fault(path, Said("fault.a_fund", funds=", ".join(policy.funds)), fund)
    for name in voted.order:
        if name not in measures:
            yield tree.fault(("appropriations", "order"), Said("fault.measures_of_the_policy"), name)


def _year_faults(plan: Plan, policy: Policy, tree: Tree) -> Iterator[Fault]:
    term = policy.document.in_force
    first, last = plan.earned_years
    if first > last:
        yield tree.fault(("earned_years",), Said("fault.earned_years_first_last"))
        return
    if term.until is not None and (last > term.until.year or first < term.since.year):
        yield tree.fault(
            ("earned_years",),
            Said("fault.years_policy_term", since=term.since, until=term.until),
            Said("fault.from_to", first=first, last=last),
            Said("fault.expired_policy_pays_nothing_new_shorten"),
        )
    latest = _last_paid_year(plan, policy)
    if not first <= plan.budget_year <= latest:
        expected = Said("fault.year_which_something_can_be_paid", first=first, latest=latest)
        yield tree.fault(("budget_year",), expected, str(plan.budget_year))
    if first <= plan.population.growth.start_year:
        yield tree.fault(
            ("population", "growth", "start_year"),
            Said("fault.year_before_first_earned_year", first=first),
            str(plan.population.growth.start_year),
        )
    if last - plan.population.growth.start_year > 60:
        yield tree.fault(("earned_years",), Said("fault.at_most_60_years_after_population"), str(last))


def _last_paid_year(plan: Plan, policy: Policy) -> int:
    """The last year in which a claim of the last earned year can be paid."""
    calendars = [plan.calendar, *(claims.calendar for claims in plan.claims.values() if claims.calendar)]
    wait = max(calendar.filing_days[1] + calendar.review_days for calendar in calendars)
    lag = max(measure.lag_days for measure in policy.measures.values())
    later = max(one.after_years for measure in policy.measures.values() for one in measure.instalments)
    # A round comes within a year of being ready.
    return plan.earned_years[1] + (wait + lag) // 365 + 2 + later


def _source_faults(
    node: Any, path: tuple[str | int, ...], known: Sequence[str], tree: Tree
) -> Iterator[Fault]:
    """Every `source` names an entry of the scenario's sources."""
    if isinstance(node, dict):
        for key, value in node.items():
            if path and path[0] == "sources":
                return
            if key == "source" and isinstance(value, str) and value and value not in known:
                yield tree.fault((*path, key), Said("fault.an_id_of_sources", known=", ".join(known)), value)
            else:
                yield from _source_faults(value, (*path, key), known, tree)
    elif isinstance(node, list | tuple):
        for number, value in enumerate(node):
            yield from _source_faults(value, (*path, number), known, tree)


def _population_faults(plan: Plan, policy: Policy, tree: Tree) -> Iterator[Fault]:
    population = plan.population
    lines = line_names(plan, policy)
    yield from _whole_faults(population.lines, lines, ("population", "lines"), tree)
    if population.districts:
        yield from _whole_faults(population.districts, policy.districts, ("population", "districts"), tree)
    for name, number in population.numbers.items():
        unit = policy.attributes[name].unit if name in policy.attributes else ""
        if unit in ("yuan", "usd") and number.value.value.kind != unit:
            expected = Said("fault.numbers_unit", one="元" if unit == "yuan" else "美元", name=name)
            yield tree.fault(("population", "numbers", name, "value", "value"), expected)
    for name, status in population.statuses.items():
        yield from weight_faults(status.lines, lines, ("population", "statuses", name, "lines"), tree)


def _whole_faults(
    parts: Mapping[str, Assumed], known: Sequence[str], path: tuple[str, ...], tree: Tree
) -> Iterator[Fault]:
    """Shares of known parts that sum to 1."""
    for name in parts:
        if name not in known:
            yield tree.fault((*path, name), Said("fault.one_of", known=", ".join(known)), name)
    total = sum(part.value.mean() for part in parts.values())
    if abs(total - 1) > 1e-6:
        yield tree.fault(path, Said("fault.shares_whose_means_sum_1"), f"{total:g}")
