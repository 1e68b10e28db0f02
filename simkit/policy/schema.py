"""The policy: everything that a policy file says, with the references between its parts checked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

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

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$"), OfFile]
    document: Document
    funds: dict[Id, Fund] = Field(min_length=1)
    districts: Names = ()
    attributes: dict[Id, Attribute] = {}
    measures: dict[Id, Measure] = Field(min_length=1)
    matters: dict[Id, Matter] = {}
    total_caps: dict[Id, TotalCap] = {}
    readings: dict[Id, Reading] = {}
    goals: dict[Id, Goal] = {}
    clauses: dict[str, Text] = {}
    confirmed: Confirmed = {}
