"""Settings that nothing reads: changed, they would move no figure, and whoever set them means one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from simkit.base.errors import Fault
from simkit.base.said import Said
from simkit.claims.plan import ClaimPlan
from simkit.documents.build import TreePath
from simkit.documents.tree import Tree
from simkit.policy.columns import claim_columns
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy
from simkit.scenario.types import Plan

__all__ = ["unread_faults"]

_HINT = Said("fault.nothing_reads_leave_out")
#: What of a claim plan is read by where its claims come from; the rest is of any.
_OF_RATES = ("frequency", "spread", "loading", "intensity")
_UNREAD: Mapping[str, tuple[str, ...]] = {
    "transition": (*_OF_RATES, "lines", "among", "holders", "day", "already"),
    "companion": (
        *_OF_RATES,
        *("lines", "among", "holders", "day", "already", "keys", "calendar", "mark", "ramp"),
        *("take_up", "take_up_factor", "ceiling", "elasticity"),
    ),
    "holders": ("among",),
    "others": ("lines",),
    "lines": (),
}


def unread_faults(plan: Plan, policy: Policy, tree: Tree) -> Iterator[Fault]:
    """Name what a plan sets and nothing reads; `tree` is the plan's.

    What a reading of the policy changes may be read under it, and is passed over.
    """
    columns, open_ = claim_columns(policy), _open_to_readings(policy)
    for name, claims in plan.claims.items():
        measure = policy.measures.get(name)
        if measure is None:
            continue
        found = [*_of_origin(claims), *_years(claims.ramp, ("ramp",), plan)]
        found = [] if (name, "claims") in open_ else found
        if not open_ & {(name, "first_time"), (name, "repeat")}:
            found += _of_events(claims, measure)
        found += _of_district(claims, measure, policy, (name, "payers") in open_)
        if not open_ & {(name, part) for part in ("award", "conditions", "caps", "instalments", "claims")}:
            found += _of_base(claims, measure, {attribute for attribute, _ in columns[name]})
        for path, expected in found:
            yield tree.fault(("claims", name, *path), expected, hint=_HINT)
    yield from _population(plan, policy, tree)
    voted = plan.appropriations
    if voted is not None and voted.order and voted.mode != "priority":
        expected = Said("fault.mode_priority_beside_order")
        yield tree.fault(("appropriations", "order"), expected, hint=_HINT)


def _open_to_readings(policy: Policy) -> set[tuple[str, str]]:
    """Measures and the part of their rules, or `claims`, that some option of some reading changes."""
    paths = (
        path.split(".")
        for reading in policy.readings.values()
        for option in reading.options.values()
        for path in option.overlay
    )
    found = set()
    for root, *rest in paths:
        if root == "measures" and len(rest) > 1:
            found.add((rest[0], rest[1]))
        elif root == "claims" and rest:
            found.add((rest[0], "claims"))
    return found


def _of_origin(claims: ClaimPlan) -> Iterator[tuple[TreePath, Said]]:
    """What claims of this origin or frequency do not read."""
    origin = claims.origin
    for name in _UNREAD[origin]:
        if name in claims.model_fields_set and name != origin:
            yield (name,), Said("fault.no_beside", name=name, origin=origin)
    own_number = origin not in ("transition", "companion")
    if own_number and claims.frequency == "fixed" and claims.loading is not None:
        yield ("loading",), Said("fault.no_loading_where_frequency_fixed")
    if claims.heads_elsewhere is not None and not claims.remove_elsewhere:
        yield ("heads_elsewhere",), Said("fault.remove_elsewhere_true_beside")
    if claims.remove_elsewhere and claims.heads_elsewhere is None:
        yield ("remove_elsewhere",), Said("fault.heads_elsewhere_beside_it")


def _of_events(claims: ClaimPlan, measure: Measure) -> Iterator[tuple[TreePath, Said]]:
    if claims.already is not None and not measure.first_time:
        yield ("already",), Said("fault.first_time_measure_beside_already")
    named = any(drawn.key for drawn in claims.attributes.values())
    if claims.keys and not (measure.first_time or named or measure.repetition.by_key):
        yield ("keys",), Said("fault.first_time_repetition_attribute_reads_keys")


def _of_district(
    claims: ClaimPlan, measure: Measure, policy: Policy, is_open: bool
) -> Iterator[tuple[TreePath, Said]]:
    """The claims' own district pays where a fund is per district; another fund must be of that district."""
    funds = [policy.funds[name] for name in (measure.payers.shares if measure.payers else ())]
    own = [fund.district for fund in funds if fund.district is not None]
    if claims.district is None or any(fund.per_district for fund in funds):
        return
    if not own and not is_open:
        yield ("district",), Said("fault.fund_district_among_measure_payers")
    elif own and claims.district not in own:
        yield ("district",), Said("fault.district_whose_fund_pays", own=", ".join(own))


def _of_base(claims: ClaimPlan, measure: Measure, read: set[str]) -> Iterator[tuple[TreePath, Said]]:
    """Of an award that does not look at the base, the base is 1, and variables serve attributes alone."""
    base = claims.base
    for name in claims.attributes:
        if name not in read:
            yield ("attributes", name), Said("fault.attribute_measure_reads")
    if measure.outside or _reads_base(measure):
        return
    scale = base.scale.value if base.scale is not None else None
    if scale is not None and (scale.var() > 0 or scale.mean() != 1):
        yield ("base", "scale"), Said("fault.1_since_award_does_not_read")
    served = {name for drawn in claims.attributes.values() for name in (drawn.variable, drawn.of)}
    for name in base.variables:
        if name not in served:
            yield ("base", "variables", name), Said("fault.variable_attribute_reads_since_award_does")
    if base.growth is not None and not base.variables:
        yield ("base", "growth"), Said("fault.no_growth_since_award_does_not")


def _reads_base(measure: Measure) -> bool:
    """Whether the award or a condition looks at the base; a first tier that nothing misses does not."""
    tests = [*measure.conditions.values(), *(one for part in measure.instalments for one in part.conditions)]
    if any(one.of == "base" for one in tests):
        return True
    return measure.award is None or measure.award.reads_base()


def _years(
    by_year: Mapping[int, Any], path: TreePath, plan: Plan, first: int | None = None
) -> Iterator[tuple[TreePath, Said]]:
    """Years of the horizon; of a ramp, whose first year stands for those before, from the last that does."""
    last = plan.earned_years[1]
    begin = max((year for year in by_year if year <= plan.earned_years[0]), default=plan.earned_years[0])
    begin = begin if first is None else first
    for year in by_year:
        if not begin <= year <= last:
            yield (*path, str(year)), Said("fault.a_year_from_to", first=begin, earned_years=last)


def _population(plan: Plan, policy: Policy, tree: Tree) -> Iterator[Fault]:
    population, growth = plan.population, plan.population.growth
    first = growth.start_year + 1
    for name in ("entry_by_year", "exit_by_year", "entries"):
        for path, expected in _years(getattr(growth, name), (name,), plan, first):
            yield tree.fault(("population", "growth", *path), expected, hint=_HINT)
    aims = sorted(growth.path)
    for before, year in pairwise(aims):
        if before >= plan.earned_years[1]:
            expected = Said("fault.a_year_from_to", first=first, earned_years=plan.earned_years[1])
            yield tree.fault(("population", "growth", "path", str(year)), expected, hint=_HINT)
    among = {claims.among for claims in plan.claims.values()}
    for name in population.others:
        if name not in among:
            yield tree.fault(
                ("population", "others", name), Said("fault.claims_among", name=name), hint=_HINT
            )
    yield from _columns(plan, policy, tree)


def _columns(plan: Plan, policy: Policy, tree: Tree) -> Iterator[Fault]:
    """Statuses and numbers of agencies that neither claims nor rules nor tables read."""
    population = plan.population
    read: set[str | None] = {
        attribute for columns in claim_columns(policy).values() for attribute, _ in columns
    }
    read |= {population.size}
    for claims in plan.claims.values():
        read |= {claims.holders, claims.transition}
    laid = str([one.overlay for reading in policy.readings.values() for one in reading.options.values()])
    for section in ("statuses", "numbers"):
        for name in getattr(population, section):
            if name not in read and name not in laid:
                expected = Said("fault.measure_claims_read")
                yield tree.fault(("population", section, name), expected, hint=_HINT)
    per_district = any(fund.per_district for fund in policy.funds.values())
    if population.districts and not per_district and "districts" not in laid:
        expected = Said("fault.fund_per_district_which_reads_them")
        yield tree.fault(("population", "districts"), expected, hint=_HINT)
