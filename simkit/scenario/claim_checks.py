"""Do the claims that a plan assumes fit the measure, the policy's attributes and the population?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simkit.base.errors import Fault
from simkit.base.said import Said, Words
from simkit.claims.amount_plan import AttributePlan
from simkit.claims.plan import ClaimPlan
from simkit.distributions.base import Drawn
from simkit.distributions.severity import Severity
from simkit.documents.build import TreePath
from simkit.documents.spelling import nearest
from simkit.documents.tree import Tree
from simkit.policy.columns import attribute_columns
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy
from simkit.scenario.types import Plan

__all__ = ["claim_faults", "line_names", "range_fault", "unusual_beside", "weight_faults"]

_UNITS = {"yuan": "元", "usd": "美元"}
_WRITTEN = {"yuan": ("yuan",), "usd": ("usd",)}


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """The claims of one measure, with all that they are held against."""

    name: str
    claims: ClaimPlan
    measure: Measure
    plan: Plan
    policy: Policy
    tree: Tree

    @property
    def root(self) -> tuple[str, ...]:
        return "claims", self.name

    def fault(self, path: TreePath, expected: Said, found: Words | None = None) -> Fault:
        """A fault at a path below the claims of this measure."""
        return self.tree.fault((*self.root, *path), expected, found)


def claim_faults(name: str, plan: Plan, policy: Policy, tree: Tree) -> Iterator[Fault]:
    """Name what is wrong with the claims of a measure that the policy has."""
    look = _Look(name, plan.claims[name], policy.measures[name], plan, policy, tree)
    if look.measure.award is None:
        yield look.fault(
            (),
            Said("fault.measure_with_award"),
            Said("fault.priced_by", name=name, priced_by=look.measure.priced_by),
        )
    yield from _base_faults(look)
    yield from _attribute_faults(look)
    yield from _holder_faults(look)
    yield from weight_faults(look.claims.lines, line_names(plan, policy), (*look.root, "lines"), tree)
    yield from _chance_faults(look)
    yield from _district_faults(look)
    yield from _key_faults(look)
    yield from _filing_faults(look)


def _base_faults(look: _Look) -> Iterator[Fault]:
    """The base is in the measure's unit, and one thing alone gives it that unit."""
    base = look.claims.base
    if base.unit != look.measure.base_unit:
        yield look.fault(
            ("base", "unit"), Said("fault.the_measure_base_unit", base_unit=look.measure.base_unit), base.unit
        )
    laws = [base.scale.value] if base.scale else []
    laws += base.variables.values()
    named = [law.kind for law in laws if law.kind in ("yuan", "usd")]
    if base.unit in ("yuan", "usd") and named != [base.unit]:
        expected = Said("fault.exactly_one_scale_variables_others_without", unit=base.unit)
        yield look.fault(("base",), expected, ", ".join(named) or Said("fault.none"))
    if base.unit == "count" and named:
        yield look.fault(("base",), Said("fault.counts_such_as"), ", ".join(named))
    if len(base.variables) > 4:
        yield look.fault(("base", "variables"), Said("fault.at_most_4_variables"), str(len(base.variables)))


def _attribute_faults(look: _Look) -> Iterator[Fault]:
    """What the measure reads must be drawn."""
    one = look.policy.model_copy(update={"measures": {"one": look.measure}, "total_caps": {}})
    reader = look.measure.name
    population = look.plan.population
    for attribute, _ in attribute_columns(one):
        declared = look.policy.attributes[attribute]
        if declared.of == "claim" and attribute not in look.claims.attributes:
            expected = Said("fault.how_drawn_reads", attribute=attribute, reader=reader)
            yield look.fault(("attributes", attribute), expected, Said("fault.nothing"))
        if declared.of == "agency" and attribute not in {"line", *population.statuses, *population.numbers}:
            expected = Said("fault.among_statuses_numbers_since_reads", attribute=attribute, reader=reader)
            yield look.tree.fault(("population",), expected, Said("fault.neither"))
    for attribute, drawn in look.claims.attributes.items():
        yield from _drawn_faults(look, attribute, drawn)


def _drawn_faults(look: _Look, attribute: str, drawn: AttributePlan) -> Iterator[Fault]:
    path = ("attributes", attribute)
    if attribute not in look.policy.attributes:
        yield look.fault(path, Said("fault.attribute_policy"), attribute)
        return
    variables = look.claims.base.variables
    for variable in (drawn.variable, drawn.of):
        if variable is not None and variable not in variables:
            yield look.fault(path, Said("fault.a_variable", variables=", ".join(variables)), variable)
    yield from _unit_faults(look, attribute, drawn)
    values = look.policy.attributes[attribute].values
    for value in drawn.weights or {}:
        if value not in values:
            yield look.fault((*path, "weights"), Said("fault.one_of", known=", ".join(values)), value)


def _unit_faults(look: _Look, attribute: str, drawn: AttributePlan) -> Iterator[Fault]:
    """A law is in its attribute's unit, bands in that of their variable: a bare number is no money."""
    path, unit = ("attributes", attribute), look.policy.attributes[attribute].unit
    if drawn.law is not None and drawn.law.kind not in _WRITTEN.get(unit, ("", "count", "share", "days")):
        yield look.fault(
            (*path, "law"), Said("fault.numbers_unit", one=_UNITS.get(unit, unit), name=attribute)
        )
    law = look.claims.base.variables.get(drawn.variable or drawn.of or "")
    if law is None:
        return
    if drawn.variable is not None and law.kind in _UNITS and law.kind != unit:
        yield look.fault(
            path, Said("fault.variable_unit", unit=_UNITS.get(unit, unit), attribute=attribute), law.kind
        )
    parts: dict[TreePath, Drawn | None] = {("minus",): drawn.minus}
    parts |= {("bands", place, "above"): band.above for place, band in enumerate(drawn.bands or ())}
    for at, amount in parts.items():
        if amount is not None and amount.kind != law.kind:
            expected = Said("fault.number_in_as", kind=_UNITS.get(law.kind, "no unit"), of=drawn.of)
            yield look.fault((*path, *at), expected)


def _holder_faults(look: _Look) -> Iterator[Fault]:
    """Those among whom claims arise exist."""
    claims, population = look.claims, look.plan.population
    for field in ("holders", "transition"):
        value = getattr(claims, field)
        if value is not None and value not in population.statuses:
            expected = Said("fault.status_population", statuses=", ".join(population.statuses))
            yield look.fault((field,), expected, value)
    if claims.among != "agency" and claims.among not in population.others:
        expected = Said("fault.agency_one_population_others", others=", ".join(population.others))
        yield look.fault(("among",), expected, claims.among)
    if claims.companion is not None:
        host = look.plan.claims.get(claims.companion.of)
        if host is None or host.companion is not None:
            expected = Said("fault.measure_with_claims_own")
            yield look.fault(("companion", "of"), expected, claims.companion.of)


def _chance_faults(look: _Look) -> Iterator[Fault]:
    claims = look.claims
    if claims.keys and sum(claims.keys.values()) <= 0:
        yield look.fault(("keys",), Said("fault.weights_with_sum_above_0"), "0")


def _district_faults(look: _Look) -> Iterator[Fault]:
    """Where a district pays, it is known which."""
    claims, policy = look.claims, look.policy
    shares = look.measure.payers.shares if look.measure.payers else {}
    local = any(fund in policy.funds and policy.funds[fund].per_district for fund in shares)
    drawn = claims.among == "agency" and look.plan.population.districts
    if local and claims.district is None and not drawn:
        expected = Said("fault.district_whose_fund_pays_shares_population")
        yield look.fault(("district",), expected, Said("fault.neither"))
    if claims.district is not None and claims.district not in policy.districts:
        yield look.fault(
            ("district",), Said("fault.a_district", districts=", ".join(policy.districts)), claims.district
        )


def _key_faults(look: _Look) -> Iterator[Fault]:
    keys = look.claims.keys
    for attribute, drawn in look.claims.attributes.items():
        known = look.policy.attributes.get(attribute)
        values = known.values if known else ()
        if drawn.key and not (keys and set(keys) <= set(values)):
            yield look.fault(
                ("keys",),
                Said("fault.names_of", attribute=attribute, values=", ".join(values)),
                ", ".join(keys),
            )


def _filing_faults(look: _Look) -> Iterator[Fault]:
    """Who files, and what limits a ranking, must be said."""
    claims, measure = look.claims, look.measure
    if measure.outside != (claims.companion is not None):
        yield look.fault((), Said("fault.companion_exactly_for_measures_outside_policy"), look.name)
    if claims.take_up is not None:
        path = (*look.root, "take_up", "value")
        yield from range_fault(claims.take_up.value, 0.0, claims.ceiling, path, look.tree)
    elif not measure.outside:
        yield look.fault(("take_up",), Said("fault.share_those_entitled_who_file"), Said("fault.none"))
    selection = measure.selection
    if selection.is_ranked and selection.envelope is None and selection.places is None:
        expected = Said(
            "fault.places_since_claims_are_ranked", path=f"measures.{look.name}.selection.envelope"
        )
        yield look.tree.fault(("policy_values",), expected, Said("fault.neither"))


def line_names(plan: Plan, policy: Policy) -> tuple[str, ...]:
    """Lines of business that the policy knows; where it reads none, those of the plan."""
    return policy.attributes["line"].values if "line" in policy.attributes else tuple(plan.population.lines)


def weight_faults(
    weights: Mapping[str, float], known: Sequence[str], path: tuple[str, ...], tree: Tree
) -> Iterator[Fault]:
    """Weights of known lines of business, not all nothing: a mistyped line must not make a measure free."""
    for name in weights:
        if name not in known:
            yield tree.fault(
                (*path, name), Said("fault.one_of", known=", ".join(known)), name, nearest(name, known)
            )
    if weights and not any(weights.values()):
        yield tree.fault(path, Said("fault.weights_with_sum_above_0"), "0")


def range_fault(law: Severity, low: float, high: float, path: tuple[str, ...], tree: Tree) -> Iterator[Fault]:
    """Name a law that gives what is out of range in a draw."""
    least, most = law.ends((1e-9, 1 - 1e-9))
    if least < low or most > high:
        yield tree.fault(
            path,
            Said("fault.number_from_every_draw", low=f"{low:g}", high=f"{high:g}"),
            Said("fault.from_to", first=f"{least:g}", last=f"{most:g}"),
        )


def unusual_beside(plan: Plan) -> dict[TreePath, Said | None]:
    """What is usual of numbers that are unusual or not only beside others, by path; None: they are usual.

    An agency claims a few times a year, a city's programme any number of times; agencies do not grow or
    fall by more than half in a year.
    """
    found: dict[TreePath, Said | None] = {
        ("claims", name, "intensity", "value"): None
        for name, claims in plan.claims.items()
        if claims.among != "agency"
    }
    growth = plan.population.growth
    root: TreePath = ("population", "growth")
    aims = {year: ((*root, "path", str(year)), agencies) for year, agencies in growth.path.items()}
    if growth.target is not None:
        aims[growth.target.year] = ((*root, "target", "agencies"), growth.target.agencies)
    last, before = growth.start_year, growth.start.value.mean()
    for year, (path, agencies) in sorted(aims.items()):
        low, high = before * 0.5 ** (year - last), before * 1.5 ** (year - last)
        if not low <= agencies <= high:
            found[path] = Said("fault.agencies_grow_by_50_50_year", low=f"{low:.0f}", high=f"{high:.0f}")
        last, before = year, agencies
    return found
