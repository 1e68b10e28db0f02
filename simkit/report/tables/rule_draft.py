"""Words of rules and assumptions: all that they are told from, be it a run, a scenario or a policy alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from simkit.base.said import Said
from simkit.documents.models import Text
from simkit.policy.schema import Policy
from simkit.report.papers.table import Language
from simkit.report.tables.table_draft import TableDraft
from simkit.scenario import Plan, Scenario

__all__ = ["OfPolicy", "OfScenario", "RuleDraft", "ScenarioDraft"]


class RuleDraft(Protocol):
    """What the rules of a policy are told from; `plan`: None where nothing is assumed and nothing drawn."""

    @property
    def lang(self) -> Language: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def plan(self) -> Plan | None: ...
    def say(self, key: str, /, **values: Any) -> str: ...
    def name(self, text: Text | Said) -> str: ...


class ScenarioDraft(RuleDraft, Protocol):
    """What the assumptions of a scenario are told from."""

    @property
    def scenario(self) -> Scenario: ...


@dataclass(slots=True, eq=False)
class OfPolicy(TableDraft):
    """A policy without a scenario."""

    policy: Policy
    lang: Language
    plan: None = None
    heads: str = "col."
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class OfScenario(TableDraft):
    """A scenario without a run."""

    scenario: Scenario
    lang: Language
    heads: str = "col."
    notes: list[str] = field(default_factory=list)

    @property
    def policy(self) -> Policy:
        """With everything laid on."""
        return self.scenario.policy

    @property
    def plan(self) -> Plan:
        """Its assumptions."""
        return self.scenario.plan
