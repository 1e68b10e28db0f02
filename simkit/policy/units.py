"""Do conditions, formulas and caps fit the units of what they read?"""

from __future__ import annotations

from collections.abc import Iterator

from simkit.base.errors import Fault
from simkit.base.said import Said
from simkit.documents.build import TreePath
from simkit.policy.awards import Award, Band, Bands, Step, Tier, Tiers
from simkit.policy.conditions import Condition
from simkit.policy.limits import Cap, TotalCap
from simkit.policy.measure import Measure
from simkit.policy.view import View

__all__ = ["unit_faults"]

_NUMBERS = ("yuan", "usd", "count")
_THRESHOLDS = ("at_least", "more_than", "at_most", "less_than")
_TESTED = {
    **dict.fromkeys((*_THRESHOLDS, "grew_at_least"), _NUMBERS),
    "one_of": ("category",),
    "none_of": ("category",),
    "is_true": ("flag",),
}
_NEEDS = {"rate": "yuan", "per_unit": "count", "by_rule": "yuan"}


def unit_faults(view: View) -> Iterator[Fault]:
    """Name every test, threshold and share that does not fit what it reads."""
    if "base" in view.names("attributes"):
        yield view.tree.fault(("attributes", "base"), Said("fault.another_id_base_what_award_computed"))
    for name, measure in view.policy.measures.items():
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
    if unit not in _TESTED[test]:
        yield view.tree.fault((*path, test), Said("fault.a_test_that_fits", of=of, unit=unit), test)
    elif test in _THRESHOLDS:
        yield from _kind(view, getattr(condition, test).kind, unit, of, (*path, test))
    elif test in ("one_of", "none_of"):
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
    given = condition.one_of or condition.none_of or ()
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
    needed = _NEEDS.get(award.kind, unit)
    if needed != unit:
        expected = Said("fault.since_the_award_is", needed=needed, kind=award.kind)
        yield view.tree.fault((*path[:-1], "base_unit"), expected, unit)
    if isinstance(award, Step):
        yield from _kind(view, award.per_full.kind, unit, "base", (*path, "per_full"))
    elif isinstance(award, Bands):
        for i, band in enumerate(award.bands):
            yield from _band(view, band, unit, (*path, "bands", i))
    elif isinstance(award, Tiers):
        yield from _tiers(view, measure, award, path)


def _band(view: View, band: Band, unit: str, path: TreePath) -> Iterator[Fault]:
    yield from _kind(view, band.above.kind, unit, "base", (*path, "above"))
    if band.per_full is not None:
        yield from _kind(view, band.per_full.kind, unit, "base", (*path, "per_full"))
    elif unit != "yuan":
        yield view.tree.fault((*path, "rate"), Said("fault.amount_per_full_rate_needs_yuan", unit=unit))


def _tiers(view: View, measure: Measure, award: Tiers, path: TreePath) -> Iterator[Fault]:
    yield from view.declared(award.on, (*path, "on"))
    unit = view.unit(award.on, measure)
    if unit in ("category", "flag"):
        yield view.tree.fault((*path, "on"), Said("fault.base_attribute_number"), f"{award.on} ({unit})")
    elif unit is not None:
        yield from _points(view, award.tiers, unit, award.on, (*path, "tiers"))
        for value, tiers in award.by_value.items():
            yield from _points(view, tiers, unit, award.on, (*path, "by_value", value))
    if award.by is not None:
        yield from _by(view, award, award.by, path)


def _points(view: View, tiers: tuple[Tier, ...], unit: str, on: str, path: TreePath) -> Iterator[Fault]:
    for i, tier in enumerate(tiers):
        yield from _kind(view, tier.reached.kind, unit, on, (*path, i, "reached"))


def _by(view: View, award: Tiers, by: str, path: TreePath) -> Iterator[Fault]:
    yield from view.unknown(by, view.names("attributes"), (*path, "by"), Said("fault.a_declared_attribute"))
    attribute = view.attribute(by)
    if attribute is None:
        return
    if attribute.unit != "category":
        yield view.tree.fault((*path, "by"), Said("fault.attribute_category"), f"{by} ({attribute.unit})")
        return
    for value in award.by_value:
        known = list(attribute.values)
        yield from view.unknown(value, known, (*path, "by_value", value), Said("fault.a_value_of", by=by))
