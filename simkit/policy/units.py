"""Do conditions, formulas and caps fit the units of what they read?"""

from __future__ import annotations

from collections.abc import Iterator

from simkit.base.errors import Fault
from simkit.base.said import Said
from simkit.documents.build import TreePath
from simkit.policy.conditions import Condition
from simkit.policy.kinds.award import Award
from simkit.policy.kinds.kind import Read
from simkit.policy.limits import Cap, TotalCap
from simkit.policy.measure import Measure
from simkit.policy.view import View

__all__ = ["unit_faults"]


def unit_faults(view: View) -> Iterator[Fault]:
    """Name every test, threshold and share that does not fit what it reads."""
    if "base" in view.names("attributes"):
        yield view.tree.fault(("attributes", "base"), Said("fault.another_id_base_what_award_computed"))
    for name, measure in view.measures.items():
        path: TreePath = ("measures", name)
        for key, condition in measure.conditions.items():
            yield from _condition(view, measure, condition, (*path, "conditions", key))
        for i, instalment in enumerate(measure.instalments):
            for j, condition in enumerate(instalment.conditions):
                yield from _condition(view, measure, condition, (*path, "instalments", i, "conditions", j))
        for key, cap in measure.caps.items():
            yield from _share(view, cap, (*path, "caps", key))
        if measure.award is not None:
            yield from _award(view, measure, measure.award, (*path, "award"))
    for name, total in view.policy.total_caps.items():
        yield from _share(view, total, ("total_caps", name))


def _condition(view: View, measure: Measure, condition: Condition, path: TreePath) -> Iterator[Fault]:
    of, test = condition.of, condition.test
    yield from view.declared(of, (*path, "of"))
    yield from _year(view, condition, path)
    unit = view.unit(of, measure)
    if unit is None:
        return
    if unit not in condition.fits:
        yield view.tree.fault((*path, test), Said("fault.a_test_that_fits", of=of, unit=unit), test)
    elif condition.threshold is not None:
        yield from _kind(view, condition.threshold.kind, unit, of, (*path, test))
    elif condition.names is not None:
        yield from _values(view, condition, (*path, test))


def _year(view: View, condition: Condition | Cap | TotalCap, path: TreePath) -> Iterator[Fault]:
    """A claim has no years: only attributes of the agency are read in other years, or grow."""
    of = condition.of or ""
    attribute = view.attribute(of)
    if of != "base" and (attribute is None or attribute.of == "agency"):
        return
    if condition.year != 0:
        yield view.tree.fault((*path, "year"), Said("fault.0_belongs_claim_has_no_years", of=of))
    if isinstance(condition, Condition) and condition.test == "grew_at_least":
        expected = Said("fault.attribute_agency_belongs_claim_has_no", of=of)
        yield view.tree.fault((*path, "of"), expected)


def _values(view: View, condition: Condition, path: TreePath) -> Iterator[Fault]:
    attribute = view.attribute(condition.of)
    given = condition.names or ()
    if not given:
        yield view.tree.fault(path, Said("fault.at_least_one_value"))
    for i, value in enumerate(given):
        if attribute is not None:
            yield from view.unknown(
                value, list(attribute.values), (*path, i), Said("fault.a_value_of", by=condition.of)
            )


def _kind(view: View, found: str, unit: str, of: str, path: TreePath) -> Iterator[Fault]:
    if found != unit:
        yield view.tree.fault(path, Said("fault.threshold_unit", unit=unit, of=of))


def _share(view: View, cap: Cap | TotalCap, path: TreePath) -> Iterator[Fault]:
    if cap.of is None:
        return
    known = view.names("attributes")
    yield from view.unknown(cap.of, known, (*path, "of"), Said("fault.a_declared_attribute"))
    yield from _year(view, cap, path)
    attribute = view.attribute(cap.of)
    if attribute is not None and attribute.unit != "yuan":
        yield view.tree.fault(
            (*path, "of"), Said("fault.an_attribute_in_yuan"), f"{cap.of} ({attribute.unit})"
        )


def _award(view: View, measure: Measure, award: Award, path: TreePath) -> Iterator[Fault]:
    unit = measure.base_unit
    if award.needs not in (None, unit):
        expected = Said("fault.since_the_award_is", needed=award.needs, kind=award.kind)
        yield view.tree.fault((*path[:-1], "base_unit"), expected, unit)
    for read in award.reads():
        yield from _read(view, measure, read, path)


def _read(view: View, measure: Measure, read: Read, path: TreePath) -> Iterator[Fault]:
    """Does what an award reads fit what it reads it for?"""
    if read.category:
        known = view.names("attributes")
        yield from view.unknown(read.of, known, (*path, read.key), Said("fault.a_declared_attribute"))
    else:
        yield from view.declared(read.of, (*path, read.key))
    unit = view.unit(read.of, measure)
    if unit is None:
        return
    if (unit == "category") != read.category or unit == "flag":
        expected = Said("fault.attribute_category" if read.category else "fault.base_attribute_number")
        yield view.tree.fault((*path, read.key), expected, f"{read.of} ({unit})")
        return
    for point, threshold in read.points:
        yield from _kind(view, threshold.kind, unit, read.of, (*path, *point))
    for rate in read.rates if unit != "yuan" else ():
        yield view.tree.fault((*path, *rate), Said("fault.amount_per_full_rate_needs_yuan", unit=unit))
    attribute = view.attribute(read.of)
    known = [] if attribute is None else list(attribute.values)
    for place, name in read.values:
        yield from view.unknown(name, known, (*path, *place), Said("fault.a_value_of", by=read.of))
