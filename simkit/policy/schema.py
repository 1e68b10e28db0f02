"""The policy: everything that a policy file says, with the references between its parts checked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simkit.documents.about import AGAIN, CARRIED, KEPT, WORDS
from simkit.documents.models import Confirmed, Frozen, Id, Names, OfFile, Text
from simkit.policy.conditions import Attribute
from simkit.policy.document import Document, Goal
from simkit.policy.limits import TotalCap
from simkit.policy.measure import Matter, Measure
from simkit.policy.payment import Fund
from simkit.policy.readings import Reading

__all__ = ["Policy"]


class Policy(Frozen):
    """The policy as data: `scenarios/POLICY/policy.yaml`."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$"), OfFile, WORDS]
    document: Annotated[Document, WORDS]
    funds: Annotated[dict[Id, Fund], KEPT] = Field(min_length=1)
    districts: Annotated[Names, AGAIN] = ()
    attributes: Annotated[dict[Id, Attribute], AGAIN] = {}
    measures: Annotated[dict[Id, Measure], KEPT] = Field(min_length=1)
    matters: Annotated[dict[Id, Matter], KEPT] = {}
    total_caps: Annotated[dict[Id, TotalCap], CARRIED] = {}
    readings: Annotated[dict[Id, Reading], WORDS] = {}
    goals: Annotated[dict[Id, Goal], WORDS] = {}
    clauses: Annotated[dict[str, Text], WORDS] = {}
    confirmed: Annotated[Confirmed, WORDS] = {}

    @property
    def special_funds(self) -> tuple[Text, ...]:
        """Names of the special funds."""
        return tuple(fund.name for fund in self.funds.values() if fund.special)

    @property
    def special(self) -> tuple[bool, ...]:
        """Of each fund, whether it is special: the headline is about these together."""
        return tuple(fund.special for fund in self.funds.values())
