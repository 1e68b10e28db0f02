"""Scenario: the policy with readings and overlays laid on, and every assumption of a run."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from simkit.claims.plan import Calendar, ClaimPlan, FactorPlan
from simkit.distributions.severity import Severity
from simkit.errors import Fault, FaultsError
from simkit.money import Money, Share
from simkit.policy.assumed import Assumed
from simkit.policy.compile import attribute_columns
from simkit.policy.fields import nearest
from simkit.policy.load import SCENARIO_ROOTS, check_policy, validate
from simkit.policy.overlay import Change, lay
from simkit.policy.tree import Tree, TreePath, scan_yaml
from simkit.policy.types import Frozen, Measure, Policy, Reliability, Text
from simkit.policy.validate import jsonable
from simkit.population import PopulationPlan, Roster

__all__ = [
    "Appropriations",
    "Comparable",
    "Overlay",
    "Plan",
    "Scenario",
    "ScenarioFile",
    "assumptions",
    "central_changes",
    "load_scenario",
    "restore_scenario",
    "uncertain",
]


class SourceEntry(Frozen):
    """Where assumptions come from; assumptions name its id."""

    source: Text
    date: datetime.date
    reliability: Reliability


class Renewed(Frozen):
    """The assumption that the policy is in force longer than its text says."""

    until: datetime.date
    source: str
    note: Text


class PolicyValue(Frozen):
    """A figure that the policy leaves open, assumed by the scenario: laid on the policy at its path."""

    value: Any
    source: str
    note: str = ""


class Comparable(Frozen):
    """A fund elsewhere that the total can be held against."""

    name: Text
    amount: Money
    year: int
    source: str


class Appropriations(Frozen):
    """Money voted, by fund and year; `mode` is what happens when it is short.

    Every fund has an amount for each year from the first earned year to the same last one, the horizon:
    what is unpaid then is a liability. `order`: measures from the first to be paid on, for `priority`.
    """

    amounts: dict[str, Annotated[dict[int, Money], Field(min_length=1)]] = Field(min_length=1)
    mode: Literal["none", "pro_rata", "pro_rata_adjustable", "priority", "first_come", "defer"] = "none"
    order: tuple[str, ...] = ()
    carry_over: bool = True
    label: Text


class Plan(Frozen):
    """What stands in a scenario's file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    title: Text
    about: Text
    policy: str = "policy.yaml"
    as_of: datetime.date
    budget_year: Annotated[int, Field(ge=1990, le=2200)]
    confidence: Share = 9_000
    earned_years: tuple[int, int]
    renewed: Renewed | None = None
    choose: dict[str, str] = {}
    policy_values: dict[str, PolicyValue] = {}
    appropriations: Appropriations | None = None
    sources: dict[str, SourceEntry] = Field(min_length=1)
    comparables: tuple[Comparable, ...] = ()
    population: PopulationPlan
    calendar: Calendar
    factor: FactorPlan
    claims: dict[str, ClaimPlan] = Field(min_length=1)


class Overlay(Frozen):
    """A reform or another assumption, laid on a baseline: path -> value."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    title: Text
    base: str
    reason: Text
    author: str = ""
    date: datetime.date | None = None
    changes: dict[str, Any] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenario:
    """All that a run needs, except seed and number of draws.

    Attributes
    ----------
    name : str
        The plan's id, with the overlays laid on it (`baseline+caps_up`).
    plan : Plan
        Assumptions.
    policy : Policy
        With readings, assumed values, renewal and overlays laid on.
    changes : tuple of Change
        What overlays changed.
    file : str
        Where it was read.
    digests : dict of str to str
        SHA-256 of the policy, the plan, and the policy's text as used.
    roster : Roster or None
        The list of agencies that the plan names.
    policy_data, plan_data : dict
        What policy and plan were made from: saved with a result, so that it needs no other file.
    """

    name: str
    plan: Plan
    policy: Policy
    changes: tuple[Change, ...]
    file: str
    digests: Mapping[str, str]
    policy_data: Mapping[str, Any]
    plan_data: Mapping[str, Any]
    roster: Roster | None = None


class ScenarioFile:
    """A scenario and its policy, read and checked once, on which many changes can be laid quickly.

    Parameters
    ----------
    path : str or Path
        The scenario's YAML file; its policy is named in it. Later changes of the files are not seen.

    Raises
    ------
    FaultsError
        When a file cannot be read. What else is wrong is named by `lay`, with the faults of what it lays.
    """

    def __init__(self, path: str | Path) -> None:
        self.file = str(path)
        tree, faults = scan_yaml(path)
        if tree is None or not isinstance(tree.data, dict):
            raise FaultsError(faults or [Fault(str(path), 1, "(file)", "keys with values", "none")])
        policy, more = scan_yaml(Path(path).parent / str(tree.get(("policy",), "policy.yaml")))
        faults += more
        if policy is None:
            raise FaultsError(faults)
        # Readings are checked against the policy as it is written: slow, and the same whatever is laid on.
        self._written, more = check_policy(policy)
        self._plan_tree, self._policy_tree, self._faults = tree, policy, (*faults, *more)

    def lay(
        self,
        overlays: Sequence[str | Path] = (),
        changes: Mapping[str, Any] | None = None,
        name: str | None = None,
    ) -> Scenario:
        """Lay overlays and changes on; every fault of all files in one pass.

        Parameters
        ----------
        overlays : sequence of paths
            Laid on in this order.
        changes : mapping of path to value, optional
            A last overlay.
        name : str, optional
            What stands for `changes` in the scenario's name.

        Raises
        ------
        FaultsError
            With every fault: file, line, path, expected, found.
        """
        faults = list(self._faults)
        laid, names, more = _read_overlays(overlays, changes, name, self._plan_tree.get(("id",)))
        faults += more
        tree, policy_tree, done, more = _lay_all(self._plan_tree, self._policy_tree, laid)
        faults += more
        policy, more = check_policy(_without_readings(policy_tree))
        faults += more
        if policy is not None and self._written is not None:
            policy = policy.model_copy(update={"readings": self._written.readings})
        plan, more = validate(Plan, tree)
        faults += more
        against = policy or self._written
        if plan is not None and against is not None:
            faults += list(_cross_faults(plan, against, tree))
        if faults or plan is None or policy is None:
            raise FaultsError(dict.fromkeys(faults))
        roster, digests = _roster(self.file, plan, policy)
        plan_data, policy_data = jsonable(tree.data), jsonable(policy_tree.data)
        digests |= {
            "policy": _digest(policy_data),
            "scenario": _digest(plan_data),
            "text": policy.document.text.sha256,
        }
        return Scenario(
            name="+".join([plan.id, *names]),
            plan=plan,
            policy=policy,
            changes=tuple(done),
            file=self.file,
            digests=digests,
            policy_data=policy_data,
            plan_data=plan_data,
            roster=roster,
        )


def load_scenario(
    path: str | Path, overlays: Sequence[str | Path] = (), changes: Mapping[str, Any] | None = None
) -> Scenario:
    """Read a scenario, its policy and overlays: `ScenarioFile(path).lay(overlays, changes)`.

    Raises
    ------
    FaultsError
        With every fault: file, line, path, expected, found.
    """
    return ScenarioFile(path).lay(overlays, changes)


def _roster(file: str, plan: Plan, policy: Policy) -> tuple[Roster | None, dict[str, str]]:
    """The list of agencies that the plan names, and its digest."""
    if plan.population.roster is None:
        return None, {}
    from simkit.intake import read_roster  # reading workbooks is slow to import and seldom asked for

    path = Path(file).parent / plan.population.roster
    roster = read_roster(path, policy, plan.population)
    return roster, {"roster": hashlib.sha256(path.read_bytes()).hexdigest()}


def restore_scenario(
    name: str,
    policy_data: Mapping[str, Any],
    plan_data: Mapping[str, Any],
    changes: Sequence[Change],
    file: str,
    digests: Mapping[str, str],
) -> Scenario:
    """A scenario from the data that were saved with a result.

    Raises
    ------
    FaultsError
        When the data are not those of a scenario of this version.
    """
    policy, faults = validate(Policy, Tree(dict(policy_data), f"{file}: policy"))
    plan, more = validate(Plan, Tree(dict(plan_data), f"{file}: scenario"))
    if policy is None or plan is None:
        raise FaultsError([*faults, *more])
    return Scenario(
        name=name,
        plan=plan,
        policy=policy,
        changes=tuple(changes),
        file=file,
        digests=digests,
        policy_data=policy_data,
        plan_data=plan_data,
    )


def _digest(data: Any) -> str:
    """SHA-256 of plain data, whatever the order of their keys."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _read_overlays(
    overlays: Sequence[str | Path], changes: Mapping[str, Any] | None, name: str | None, base: Any
) -> tuple[list[Tree], list[str], list[Fault]]:
    """The changes of each overlay as a tree of its own, and their names."""
    laid, names, faults = [], [], []
    for path in overlays:
        tree, more = scan_yaml(path)
        faults += more
        if tree is None:
            continue
        overlay, more = validate(Overlay, tree)
        faults += more
        if overlay is not None:
            laid.append(tree.under(("changes",)))
            names.append(overlay.name)
            if overlay.base != base:
                faults.append(tree.fault(("base",), f"the scenario it is laid on, {base}", overlay.base))
    if changes:
        laid.append(Tree(dict(changes), name or "changes"))
        names.append(name or "changes")
    return laid, names, faults


def _part(tree: Tree, of_scenario: bool) -> Tree:
    """The changes that lead into the scenario, or those that lead into the policy."""
    data = tree.data if isinstance(tree.data, dict) else {}
    kept = {key: value for key, value in data.items() if (key.split(".")[0] in SCENARIO_ROOTS) == of_scenario}
    return Tree(kept, tree.file, tree.places)


def _without_readings(policy: Tree) -> Tree:
    """A policy on which a reading was laid: that option changes nothing any more, which is no fault."""
    if not isinstance(policy.data, dict):
        return policy
    return Tree(
        {key: value for key, value in policy.data.items() if key != "readings"}, policy.file, policy.places
    )


def _lay_all(tree: Tree, policy: Tree, overlays: list[Tree]) -> tuple[Tree, Tree, list[Change], list[Fault]]:
    """Lay on: values the scenario assumes, readings, the renewal, then overlays, which win.

    An overlay may choose a reading, so overlays are laid on the scenario before the readings are
    looked up, and once more after.
    """
    # So that an overlay can choose a reading where the scenario chooses none.
    tree = Tree({"choose": {}} | dict(tree.data), tree.file, tree.places)
    chosen = tree
    for overlay in overlays:
        chosen, _, _ = lay(chosen, _part(overlay, True))
    faults: list[Fault] = []
    done: list[Change] = []
    values = chosen.get(("policy_values",), {}) or {}
    assumed = {path: entry.get("value") for path, entry in values.items() if isinstance(entry, dict)}
    places: dict[TreePath, tuple[str, int]] = {
        (path,): chosen.place(("policy_values", path)) for path in assumed
    }
    policy, _, more = lay(policy, Tree(assumed, tree.file, places))
    faults += more
    for reading in _readings(chosen, policy, faults):
        tree, _, more = lay(tree, _part(reading, True))
        policy, _, more_policy = lay(policy, _part(reading, False))
        faults += [*more, *more_policy]
    for overlay in overlays:
        tree, changed, more = lay(tree, _part(overlay, True))
        done += changed
        faults += more
    until = tree.get(("renewed", "until"))
    if until is not None:
        policy, _, more = lay(policy, {"document.in_force.until": until}, tree.file)
        faults += more
    for overlay in overlays:
        policy, changed, more = lay(policy, _part(overlay, False))
        done += changed
        faults += more
    return tree, policy, done, faults


def _readings(tree: Tree, policy: Tree, faults: list[Fault]) -> Iterator[Tree]:
    """The overlay of the option in force of each reading that is not read by default."""
    choices = tree.get(("choose",), {})
    choices = choices if isinstance(choices, dict) else {}  # what else stands there, the plan's types name
    readings = policy.get(("readings",), {}) or {}
    for name, option in choices.items():
        if name not in readings:
            faults.append(tree.fault(("choose", name), f"a reading of the policy: {', '.join(readings)}"))
            continue
        path = ("readings", name, "options")
        if option not in (policy.get(path, {}) or {}):
            faults.append(tree.fault(("choose", name), f"one of {', '.join(policy.get(path, {}))}"))
    for name in readings:
        option = choices.get(name, policy.get(("readings", name, "default")))
        laid = ("readings", name, "options", option, "overlay")
        found = policy.get(laid)
        if isinstance(found, dict) and found:
            yield policy.under(laid)


def _cross_faults(plan: Plan, policy: Policy, tree: Tree) -> Iterator[Fault]:
    """What only shows when plan and policy are held together."""
    yield from _year_faults(plan, policy, tree)
    yield from _source_faults(plan.model_dump(), (), set(plan.sources), tree)
    yield from _population_faults(plan, policy, tree)
    for name, claim_plan in plan.claims.items():
        if name not in policy.measures:
            yield tree.fault(("claims", name), "a measure of the policy", name)
            continue
        yield from _claim_faults(name, claim_plan, policy.measures[name], plan, policy, tree)
    if plan.appropriations is not None:
        yield from _vote_faults(plan.appropriations, plan.earned_years[0], tree)
        for fund in plan.appropriations.amounts:
            if fund not in policy.funds:
                yield tree.fault(
                    ("appropriations", "amounts", fund), f"a fund: {', '.join(policy.funds)}", fund
                )
        for name in plan.appropriations.order:
            if name not in policy.measures:
                yield tree.fault(("appropriations", "order"), "measures of the policy", name)


def _vote_faults(voted: Appropriations, first: int, tree: Tree) -> Iterator[Fault]:
    """Votes of every fund from the first earned year on, without a gap, to one last year."""
    last = max(year for amounts in voted.amounts.values() for year in amounts)
    years = list(range(first, max(first, last) + 1))
    for fund, amounts in voted.amounts.items():
        if sorted(amounts) != years:
            path = ("appropriations", "amounts", fund)
            found = ", ".join(map(str, sorted(amounts)))
            yield tree.fault(path, f"an amount for each year from {years[0]} to {years[-1]}", found)


def _year_faults(plan: Plan, policy: Policy, tree: Tree) -> Iterator[Fault]:
    term = policy.document.in_force
    first, last = plan.earned_years
    if not 0 < plan.confidence < 10_000:
        yield tree.fault(("confidence",), "a confidence between 0% and 100%")
    if first > last:
        yield tree.fault(("earned_years",), "earned_years as [first, last]")
        return
    if term.until is not None and (last > term.until.year or first < term.since.year):
        yield tree.fault(
            ("earned_years",),
            f"years in the policy's term, {term.since} to {term.until}",
            f"{first} to {last}",
            "an expired policy pays nothing new: shorten earned_years, or assume a renewal (renewed: {until: ...})",
        )
    latest = _last_paid_year(plan, policy)
    if not first <= plan.budget_year <= latest:
        expected = f"a year in which something can be paid, {first} to {latest}"
        yield tree.fault(("budget_year",), expected, str(plan.budget_year))
    if first <= plan.population.growth.start_year:
        yield tree.fault(
            ("population", "growth", "start_year"),
            f"a year before the first earned year, {first}",
            str(plan.population.growth.start_year),
        )
    if last - plan.population.growth.start_year > 60:
        yield tree.fault(("earned_years",), "at most 60 years after the population's start", str(last))


def _last_paid_year(plan: Plan, policy: Policy) -> int:
    """The last year in which a claim of the last earned year can be paid."""
    calendars = [plan.calendar, *(claims.calendar for claims in plan.claims.values() if claims.calendar)]
    wait = max(calendar.filing_days[1] + calendar.review_days for calendar in calendars)
    lag = max(measure.lag_days for measure in policy.measures.values())
    later = max(one.after_years for measure in policy.measures.values() for one in measure.instalments)
    # A round comes within a year of being ready.
    return plan.earned_years[1] + (wait + lag) // 365 + 2 + later


def _source_faults(node: Any, path: tuple[str | int, ...], known: set[str], tree: Tree) -> Iterator[Fault]:
    """Every `source` names an entry of the scenario's sources."""
    if isinstance(node, dict):
        for key, value in node.items():
            if path and path[0] == "sources":
                return
            if key == "source" and isinstance(value, str) and value and value not in known:
                yield tree.fault((*path, key), f"an id of sources: {', '.join(known)}", value)
            else:
                yield from _source_faults(value, (*path, key), known, tree)
    elif isinstance(node, list | tuple):
        for number, value in enumerate(node):
            yield from _source_faults(value, (*path, number), known, tree)


def _population_faults(plan: Plan, policy: Policy, tree: Tree) -> Iterator[Fault]:
    population = plan.population
    lines = _line_names(plan, policy)
    yield from _whole_faults(population.lines, lines, ("population", "lines"), tree)
    if population.districts:
        yield from _whole_faults(population.districts, policy.districts, ("population", "districts"), tree)
    for name, status in population.statuses.items():
        yield from _weight_faults(status.lines, lines, ("population", "statuses", name, "lines"), tree)
    shares_of: dict[tuple[str, ...], Assumed] = {("population", "eligible"): population.eligible}
    for name, status in population.statuses.items():
        shares_of["population", "statuses", name, "share"] = status.share
        shares_of["population", "statuses", name, "rate"] = status.rate
    for path, assumed in shares_of.items():
        yield from _range_fault(assumed.value, 0.0, 1.0, (*path, "value"), tree)
    yield from _range_fault(
        population.growth.start.value, 0.0, 1e7, ("population", "growth", "start", "value"), tree
    )
    for name in ("entry_rate", "exit_rate"):
        path = ("population", "growth", name, "value")
        yield from _range_fault(
            getattr(population.growth, name).value, 0.0, 5.0 if name == "entry_rate" else 0.99, path, tree
        )


def _line_names(plan: Plan, policy: Policy) -> tuple[str, ...]:
    return policy.attributes["line"].values if "line" in policy.attributes else tuple(plan.population.lines)


def _weight_faults(
    weights: Mapping[str, float], known: Sequence[str], path: tuple[str, ...], tree: Tree
) -> Iterator[Fault]:
    """Weights of known lines of business, not all nothing: a mistyped line must not make a measure free."""
    for name in weights:
        if name not in known:
            yield tree.fault((*path, name), f"one of {', '.join(known)}", name, nearest(name, known))
    if weights and not any(weights.values()):
        yield tree.fault(path, "weights with a sum > 0", "0")


def _whole_faults(
    parts: Mapping[str, Assumed], known: Sequence[str], path: tuple[str, ...], tree: Tree
) -> Iterator[Fault]:
    """Shares of known parts that sum to 1."""
    for name in parts:
        if name not in known:
            yield tree.fault((*path, name), f"one of {', '.join(known)}", name)
    total = sum(part.value.mean() for part in parts.values())
    if abs(total - 1) > 1e-6:
        yield tree.fault(path, "shares whose means sum to 1", f"{total:g}")


def _range_fault(
    law: Severity, low: float, high: float, path: tuple[str, ...], tree: Tree
) -> Iterator[Fault]:
    import numpy as np

    least, most = law.ppf(np.array([1e-9, 1 - 1e-9]))
    if least < low or most > high:
        yield tree.fault(path, f"a number from {low:g} to {high:g} in every draw", f"{least:g} to {most:g}")


def _claim_faults(
    name: str, claims: ClaimPlan, measure: Measure, plan: Plan, policy: Policy, tree: Tree
) -> Iterator[Fault]:
    root = ("claims", name)
    if measure.award is None:
        yield tree.fault(root, "a measure with an award", f"{name}, priced by {measure.priced_by}")
    if claims.base.unit != measure.base_unit:
        yield tree.fault(
            (*root, "base", "unit"), f"the measure's base_unit, {measure.base_unit}", claims.base.unit
        )
    kinds = [("scale", claims.base.scale.value)] if claims.base.scale else []
    kinds += list(claims.base.variables.items())
    named = [law.kind for _, law in kinds if law.kind in ("yuan", "usd")]
    if claims.base.unit in ("yuan", "usd") and named != [claims.base.unit]:
        yield tree.fault(
            (*root, "base"),
            f"exactly one of scale and variables in {claims.base.unit}, the others without a unit",
            f"{', '.join(named) or 'none'}",
        )
    if claims.base.unit == "count" and named:
        yield tree.fault((*root, "base"), "counts, such as 30人", ", ".join(named))
    if len(claims.base.variables) > 4:
        yield tree.fault((*root, "base", "variables"), "at most 4 variables", str(len(claims.base.variables)))
    yield from _attribute_faults(root, claims, measure, plan, policy, tree)
    statuses = list(plan.population.statuses)
    for field in ("holders", "transition"):
        value = getattr(claims, field)
        if value is not None and value not in statuses:
            yield tree.fault((*root, field), f"a status of the population: {', '.join(statuses)}", value)
    if claims.among != "agency" and claims.among not in plan.population.others:
        yield tree.fault(
            (*root, "among"),
            f"agency, or one of population.others: {', '.join(plan.population.others)}",
            claims.among,
        )
    if claims.companion is not None:
        host = plan.claims.get(claims.companion.of)
        if host is None or host.companion is not None:
            yield tree.fault(
                (*root, "companion", "of"), "a measure with claims of its own", claims.companion.of
            )
    lines = _line_names(plan, policy)
    yield from _weight_faults(claims.lines, lines, (*root, "lines"), tree)
    if claims.keys and sum(claims.keys.values()) <= 0:
        yield tree.fault((*root, "keys"), "weights with a sum > 0", "0")
    chances: dict[tuple[str, ...], Assumed | None] = {
        ("already",): claims.already,
        ("heads_elsewhere",): claims.heads_elsewhere,
    }
    chances[("companion", "chance")] = claims.companion.chance if claims.companion else None
    chances |= {("attributes", name, "chance"): drawn.chance for name, drawn in claims.attributes.items()}
    for path, assumed in chances.items():
        if assumed is not None:
            yield from _range_fault(assumed.value, 0.0, 1.0, (*root, *path, "value"), tree)
    shares = measure.payers.shares if measure.payers else {}
    local = any(fund in policy.funds and policy.funds[fund].per_district for fund in shares)
    if local and claims.district is None and (claims.among != "agency" or not plan.population.districts):
        yield tree.fault(
            (*root, "district"),
            "the district whose fund pays, or shares in population.districts for agencies",
            "neither",
        )
    if claims.district is not None and claims.district not in policy.districts:
        yield tree.fault((*root, "district"), f"a district: {', '.join(policy.districts)}", claims.district)
    for attribute, drawn in claims.attributes.items():
        values = policy.attributes[attribute].values if attribute in policy.attributes else ()
        if drawn.key and not (claims.keys and set(claims.keys) <= set(values)):
            yield tree.fault(
                (*root, "keys"), f"names of {attribute}: {', '.join(values)}", ", ".join(claims.keys)
            )
    if measure.outside != (claims.companion is not None):
        yield tree.fault(root, "companion exactly for measures outside this policy", name)
    if claims.take_up is not None:
        yield from _range_fault(claims.take_up.value, 0.0, claims.ceiling, (*root, "take_up", "value"), tree)
    elif not measure.outside:
        yield tree.fault((*root, "take_up"), "a share of those entitled who file", "none")
    if (
        measure.selection.kind == "ranked"
        and measure.selection.envelope is None
        and measure.selection.places is None
    ):
        yield tree.fault(
            ("policy_values",),
            f"measures.{name}.selection.envelope or .places, since its claims are ranked",
            "neither",
        )


def _attribute_faults(
    root: tuple[str, ...], claims: ClaimPlan, measure: Measure, plan: Plan, policy: Policy, tree: Tree
) -> Iterator[Fault]:
    """What the measure reads must be drawn."""
    one = policy.model_copy(update={"measures": {"one": measure}, "total_caps": {}})
    for attribute, _ in attribute_columns(one):
        declared = policy.attributes[attribute]
        if declared.of == "claim" and attribute not in claims.attributes:
            yield tree.fault(
                (*root, "attributes", attribute),
                f"how {attribute} is drawn: {name_of(measure)} reads it",
                "nothing",
            )
        known = {"line", *plan.population.statuses, *plan.population.numbers}
        if declared.of == "agency" and attribute not in known:
            yield tree.fault(
                ("population",),
                f"{attribute} among statuses or numbers, since {name_of(measure)} reads it",
                "neither",
            )
    for attribute, drawn in claims.attributes.items():
        if attribute not in policy.attributes:
            yield tree.fault((*root, "attributes", attribute), "an attribute of the policy", attribute)
            continue
        for variable in (drawn.variable, drawn.of):
            if variable is not None and variable not in claims.base.variables:
                yield tree.fault(
                    (*root, "attributes", attribute),
                    f"a variable: {', '.join(claims.base.variables)}",
                    variable,
                )
        for value in drawn.weights or {}:
            if value not in policy.attributes[attribute].values:
                allowed = ", ".join(policy.attributes[attribute].values)
                yield tree.fault((*root, "attributes", attribute, "weights"), f"one of {allowed}", value)


def name_of(measure: Measure) -> str:
    """A measure's English name."""
    return measure.name.en


def uncertain(scenario: Scenario) -> dict[str, Severity]:
    """Every assumption that is drawn once a draw: path -> law. Its draws are `draw_law(law, seed, path, draws)`.

    Numbers of agencies are laws across agencies, not parameters.
    """
    numbers = {f"population.numbers.{name}.value" for name in scenario.plan.population.numbers}
    found = ((path, one.value) for path, one in assumptions(scenario) if path not in numbers)
    return {path: law for path, law in found if law.var() > 0}


def assumptions(scenario: Scenario) -> list[tuple[str, Assumed]]:
    """Every assumption of the plan with its path, in the order of the file's schema."""
    found: list[tuple[str, Assumed]] = []

    def walk(node: Any, path: str) -> None:
        if isinstance(node, Assumed):
            found.append((path, node))
        elif isinstance(node, Frozen):
            for name in type(node).model_fields:
                walk(getattr(node, name), f"{path}.{name}" if path else name)
        elif isinstance(node, dict):
            for name, value in node.items():
                walk(value, f"{path}.{name}")

    walk(scenario.plan, "")
    return found


def central_changes(scenario: Scenario) -> dict[str, str]:
    """The overlay that sets every uncertain assumption to its mean: path -> value."""
    units = {"yuan": "元", "usd": "美元", "count": "人", "days": "天", "share": "%", "": ""}
    changes = {}
    for path, law in uncertain(scenario).items():
        mean = law.mean() * (100 if law.kind == "share" else 1)
        changes[f"{path}.value"] = f"{mean:.12f}{units[law.kind]}"
    return changes
