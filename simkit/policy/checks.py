"""Does the policy hold together: do the names that it uses exist, do its terms and measures agree?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simkit.base.errors import Fault
from simkit.base.said import Said
from simkit.documents.build import TreePath
from simkit.documents.confirmed import confirm_faults
from simkit.policy.document import Document, Term
from simkit.policy.measure import Matter, Measure
from simkit.policy.view import View

__all__ = ["MOST_LIVE_MEASURES", "sense_faults"]

#: What outside awards are not asked.
_UNREAD_OUTSIDE = (
    *("caps", "payers", "conditions", "first_time", "repeat", "selection", "instalments", "lag_days"),
    "in_force",
)
#: Measures are numbered in a byte with room for marks.
MOST_LIVE_MEASURES = 250


def sense_faults(view: View) -> Iterator[Fault]:
    """Name everything that is valid by itself and does not fit the rest."""
    yield from _document(view)
    yield from _districts(view)
    for name, measure in view.measures.items():
        path: TreePath = ("measures", name)
        yield from _payers(view, measure, path)
        yield from _term(view, measure.in_force, path)
        yield from _rigidity(view, measure, path)
        if measure.outside:
            yield from _outside(view, measure, path)
    live = sum(measure.live for measure in view.policy.measures.values())
    if live > MOST_LIVE_MEASURES:
        expected = Said("fault.at_most_measures_make_claims", most_live_measures=MOST_LIVE_MEASURES)
        yield view.tree.fault(("measures",), expected, str(live))
    yield from _matters(view)
    for name, total in view.policy.total_caps.items():
        yield from _members(view, total.measures, ("total_caps", name, "measures"))
    yield from _confirmed(view)
    yield from _goals(view)


def _confirmed(view: View) -> Iterator[Fault]:
    """Unusual values are confirmed; a reading may need a confirmation although it is not the default."""
    laid = [
        path
        for reading in view.policy.readings.values()
        for option in reading.options.values()
        for path in option.overlay
    ]
    looked_at = (
        view.policy if view.only is None else view.policy.model_copy(update={"measures": view.measures})
    )
    yield from confirm_faults([(looked_at, view.tree)], view.tree, view.policy.confirmed, laid)


def _goals(view: View) -> Iterator[Fault]:
    """A goal is for a year that the policy reaches: from its first to ten years after its last."""
    document: Document | None = view.policy.document
    if document is None:
        return
    first, last = document.in_force.since.year, (document.in_force.until or document.in_force.since).year + 10
    for name, goal in view.policy.goals.items():
        if goal.by is not None and not first <= goal.by <= last:
            yield view.tree.fault(("goals", name, "by"), Said("fault.year_policy", first=first, last=last))


def _document(view: View) -> Iterator[Fault]:
    document: Document | None = view.policy.document
    if document is None:
        return
    path: TreePath = ("document", "in_force")
    if document.in_force.until is None:
        hint = Said("fault.without_end_no_one_can_say")
        yield view.tree.fault((*path, "until"), Said("fault.last_day_force"), Said("fault.nothing"), hint)
    if document.issued > document.in_force.since:
        expected = Said("fault.day_on_after_day_issue", issued=document.issued)
        yield view.tree.fault((*path, "since"), expected)


def _term(view: View, term: Term | None, path: TreePath) -> Iterator[Fault]:
    document: Document | None = view.policy.document
    if term is None or document is None:
        return
    whole = document.in_force
    years = Said("fault.from_to", first=whole.since, last=whole.until)
    expected = Said("fault.day_within_document_term", term=years)
    if term.since < whole.since or (whole.until is not None and term.since > whole.until):
        yield view.tree.fault((*path, "in_force", "since"), expected)
    if term.until is not None and whole.until is not None and term.until > whole.until:
        yield view.tree.fault((*path, "in_force", "until"), expected)


def _districts(view: View) -> Iterator[Fault]:
    districts = view.policy.districts
    for name, fund in view.policy.funds.items():
        if fund.per_district and not view.tree.get(("districts",)):
            expected = Said("fault.districts_policy_since_fund_per_district")
            yield view.tree.fault(("funds", name, "per_district"), expected)
        if fund.district is not None and fund.per_district:
            yield view.tree.fault(("funds", name, "district"), Said("fault.district_per_district_not_both"))
        elif fund.district is not None and fund.district not in districts:
            expected = Said("fault.a_district", districts=", ".join(districts) or Said("fault.none"))
            yield view.tree.fault(("funds", name, "district"), expected)


def _payers(view: View, measure: Measure, path: TreePath) -> Iterator[Fault]:
    funds = view.names("funds")
    for fund in measure.payers.shares if measure.payers else ():
        yield from view.unknown(fund, funds, (*path, "payers", "shares", fund), Said("fault.fund_policy"))


def _rigidity(view: View, measure: Measure, path: TreePath) -> Iterator[Fault]:
    ranked = measure.selection.is_ranked
    why = Said(
        "fault.ceiling_of_text" if measure.priced_by == "text_ceiling" else "fault.selection_is_ranked"
    )
    if measure.rigidity == "entitlement" and (ranked or measure.priced_by == "text_ceiling"):
        yield view.tree.fault((*path, "rigidity"), Said("fault.adjustable_since", why=why))
    for limit in ("envelope", "places"):
        if not ranked and getattr(measure.selection, limit) is not None:
            yield view.tree.fault((*path, "selection", limit), Said("fault.kind_ranked_beside_it"))


def _outside(view: View, measure: Measure, path: TreePath) -> Iterator[Fault]:
    """Outside awards are facts: they have an amount and a level, and no rule of ours."""
    if measure.award is None or measure.award.kind != "by_rule":
        yield view.tree.fault((*path, "award"), Said("fault.kind_by_rule_since_measure_outside"))
    if measure.level is None:
        yield view.tree.fault(
            (*path, "level"), Said("fault.level_since_measure_outside"), Said("fault.nothing")
        )
    for key in _UNREAD_OUTSIDE:
        if getattr(measure, key) != Measure.model_fields[key].get_default(call_default_factory=True):
            yield view.tree.fault((*path, key), Said("fault.no_since_measure_outside", one=key))


def _matters(view: View) -> Iterator[Fault]:
    settled: dict[str, str] = {}
    for name, matter in view.policy.matters.items():
        path: TreePath = ("matters", name)
        yield from _members(view, matter.members, (*path, "members"))
        yield from _one_matter(view, name, matter, settled)
        if matter.levels:
            known = sorted(view.words("funds", "level") | view.words("measures", "level"))
            yield from _words(view, matter.levels, known, (*path, "levels"), Said("fault.level_fund_measure"))
        if matter.departments:
            known = sorted(view.words("funds", "department") | view.words("measures", "departments"))
            expected = Said("fault.department_fund_measure")
            yield from _words(view, matter.departments, known, (*path, "departments"), expected)


def _one_matter(view: View, name: str, matter: Matter, settled: dict[str, str]) -> Iterator[Fault]:
    """A measure belongs to one matter at most; a tier that is topped up is a matter of its own."""
    if matter.years == "same_year" and "year" in matter.key:
        yield view.tree.fault(("matters", name, "years"), Said("fault.ever_since_year_key"))
    for i, member in enumerate(matter.members):
        path: TreePath = ("matters", name, "members", i)
        if settled.setdefault(member, name) != name:
            yield view.tree.fault(path, Said("fault.measure_no_other_matter", settled=settled[member]))
        measure = view.policy.measures.get(member)
        if measure is not None and measure.is_own_matter:
            expected = Said("fault.measure_whose_tiers_are_not_topped")
            yield view.tree.fault(path, expected)


def _members(view: View, members: Sequence[str], path: TreePath) -> Iterator[Fault]:
    yield from _words(view, members, view.names("measures"), path, Said("fault.measure_policy_2"))


def _words(view: View, words: Sequence[str], known: list[str], path: TreePath, what: Said) -> Iterator[Fault]:
    """Name the words of a list that are not among those known."""
    for i, word in enumerate(words):
        yield from view.unknown(word, known, (*path, i), what)
