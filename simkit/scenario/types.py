"""What stands in a scenario's file, and a scenario that is ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from simkit.base.errors import Fault
from simkit.base.filenames import legal
from simkit.base.leaf import Leaf, Once
from simkit.base.money import LARGEST_AMOUNT, RATE_ONE, Money, Percent
from simkit.claims.agency_list import Roster
from simkit.claims.plan import Calendar, ClaimPlan, FactorPlan
from simkit.claims.population_plan import PopulationPlan
from simkit.documents.about import AGAIN, BUDGET, READING, SHORTER, WORDS, About
from simkit.documents.models import AsWritten, Confirmed, Day, Frozen, Names, OfFile, Text, Year
from simkit.documents.overlay import Change
from simkit.documents.overlay_file import Overlay
from simkit.policy.document import Reliability
from simkit.policy.payment import WhenShort
from simkit.policy.schema import Policy

__all__ = [
    "SCENARIO_ROOTS",
    "Appropriations",
    "Comparable",
    "Outdated",
    "Plan",
    "PolicyValue",
    "Renewed",
    "Scenario",
    "SourceEntry",
]


class SourceEntry(Frozen):
    """Where assumptions come from; assumptions name its id."""

    source: Text
    date: Day
    reliability: Reliability


class Renewed(Frozen):
    """The assumption that the policy is in force longer than its text says."""

    until: Day
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
    amount: Annotated[Money, Leaf("money", 1, LARGEST_AMOUNT, one=100)]
    year: Year
    source: str


class Appropriations(Frozen):
    """Money voted, by fund and year; `mode` is what happens when it is short.

    Every fund has an amount for each year from the first earned year to the same last one, the horizon:
    what is unpaid then is a liability. `order`: measures from the first to be paid on, for `priority`.
    """

    amounts: dict[str, Annotated[dict[Year, Money], Field(min_length=1)]] = Field(min_length=1)
    mode: WhenShort = "none"
    order: Names = ()
    carry_over: bool = True
    label: Text


class Plan(Frozen):
    """What stands in a scenario's file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$"), OfFile, WORDS, AsWritten()]
    title: Annotated[Text, WORDS, AsWritten()]
    about: Annotated[Text, WORDS, AsWritten()]
    policy: Annotated[str, AGAIN, AsWritten()] = "policy.yaml"
    as_of: Annotated[Day, AGAIN]
    budget_year: Annotated[Year, BUDGET, About(name="budget_year")]
    confidence: Annotated[
        Percent,
        Leaf("probability", 1, RATE_ONE - 1, usual=(5_000, 9_990), one=RATE_ONE),
        BUDGET,
        About(name="confidence"),
    ] = 9_000
    earned_years: Annotated[
        tuple[Year, Year],
        SHORTER,
        About(name="first_earned_year", at="0"),
        About(name="last_earned_year", at="1"),
    ]
    renewed: Annotated[Renewed | None, SHORTER] = None
    choose: Annotated[dict[str, str], READING] = {}
    policy_values: Annotated[dict[str, PolicyValue], READING] = {}
    appropriations: Annotated[Appropriations | None, BUDGET] = None
    sources: Annotated[dict[str, SourceEntry], WORDS, AsWritten()] = Field(min_length=1)
    comparables: Annotated[tuple[Comparable, ...], Once(), WORDS, AsWritten()] = ()
    population: Annotated[PopulationPlan, AGAIN]
    calendar: Annotated[
        Calendar,
        AGAIN,
        About(name="least_filing_days", at="filing_days.0"),
        About(name="most_filing_days", at="filing_days.1"),
        About(name="review_days", at="review_days"),
    ]
    factor: Annotated[FactorPlan, AGAIN]
    claims: Annotated[dict[str, ClaimPlan], AGAIN] = Field(min_length=1)
    confirmed: Annotated[Confirmed, WORDS, AsWritten()] = {}


#: Beginnings of overlay paths that lead into the scenario, not into the policy.
SCENARIO_ROOTS = tuple(
    name
    for name, field in Plan.model_fields.items()
    if not any(isinstance(mark, AsWritten) for mark in field.metadata)
)


@dataclass(frozen=True, slots=True)
class Outdated:
    """An overlay that was written for another state of its baseline, or does not say for which.

    Attributes
    ----------
    file, name : str
        Of the overlay.
    written_for : str
        Digest that stands in it, empty for none.
    current : str
        The baseline's.
    """

    file: str
    name: str
    written_for: str
    current: str


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
    outdated : tuple of Outdated
        Overlays on it that may not mean what they meant: a warning, no fault.
    unusual : tuple of Fault
        Values set in a program or on a command line that are unusual: nothing confirms them, so whoever gives a
        figure says so.
    overlays : tuple of Overlay
        Laid on it, in order: who wrote them, when and why.
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
    outdated: tuple[Outdated, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    unusual: tuple[Fault, ...] = ()

    @property
    def folder(self) -> str:
        """Name of the folder of its results: its own, as far as every system takes that."""
        return legal(self.name)
