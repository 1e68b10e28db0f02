"""Do conditions, formulas and caps fit the units of what they read?"""

from __future__ import annotations

from collections.abc import Iterator

from simkit.base.errors import Fault
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
        yield view.tree.fault(("attributes", "base"), "another id: base is what an award is computed on")
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
        yield view.tree.fault((*path, test), f"a test that fits {of} ({unit})", test)
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
        yield view.tree.fault((*path, "year"), f"0: {of} belongs to the claim and has no years")
    if isinstance(condition, Condition) and condition.test == "grew_at_least":
        expected = f"an attribute of the agency: {of} belongs to the claim and has no years"
        yield view.tree.fault((*path, "of"), expected)


def _values(view: View, condition: Condition, path: TreePath) -> Iterator[Fault]:
    attribute = view.attribute(condition.of)
    given = condition.names or ()
    if not given:
        yield view.tree.fault(path, "at least one value")
    for i, value in enumerate(given):
        if attribute is not None:
            yield from view.unknown(value, list(attribute.values), (*path, i), f"a value of {condition.of}")


def _kind(view: View, found: str, unit: str, of: str, path: TreePath) -> Iterator[Fault]:
    if found != unit:
        yield view.tree.fault(path, f"a threshold in {unit}, the unit of {of}")


def _share(view: View, cap: Cap | TotalCap, path: TreePath) -> Iterator[Fault]:
    if cap.of is None:
        return
    known = view.names("attributes")
    yield from view.unknown(cap.of, known, (*path, "of"), "a declared attribute")
    yield from _year(view, cap, path)
    attribute = view.attribute(cap.of)
    if attribute is not None and attribute.unit != "yuan":
        yield view.tree.fault((*path, "of"), "an attribute in yuan", f"{cap.of} ({attribute.unit})")


def _award(view: View, measure: Measure, award: Award, path: TreePath) -> Iterator[Fault]:
    unit = measure.base_unit
    if award.needs not in (None, unit):
        expected = f"{award.needs}, since the award is {award.kind}"
        yield view.tree.fault((*path[:-1], "base_unit"), expected, unit)
    for read in award.reads():
        yield from _read(view, measure, read, path)


def _read(view: View, measure: Measure, read: Read, path: TreePath) -> Iterator[Fault]:
    """Does what an award reads fit what it reads it for?"""
    if read.category:
        known = view.names("attributes")
        yield from view.unknown(read.of, known, (*path, read.key), "a declared attribute")
    else:
        yield from view.declared(read.of, (*path, read.key))
    unit = view.unit(read.of, measure)
    if unit is None:
        return
    if (unit == "category") != read.category or unit == "flag":
        number = "base, or an attribute that is a number"
        expected = "an attribute that is a category" if read.category else number
        yield view.tree.fault((*path, read.key), expected, f"{read.of} ({unit})")
        return
    for point, threshold in read.points:
        yield from _kind(view, threshold.kind, unit, read.of, (*path, *point))
    for rate in read.rates if unit != "yuan" else ():
        expected = f"an amount per_full: a rate needs yuan, the base is {unit}"
        yield view.tree.fault((*path, *rate), expected)
    attribute = view.attribute(read.of)
    known = [] if attribute is None else list(attribute.values)
    for place, name in read.values:
        yield from view.unknown(name, known, (*path, *place), f"a value of {read.of}")
