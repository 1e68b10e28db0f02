"""Which measures of a scenario meet: by the policy's rules, or because their claims come together."""

from __future__ import annotations

from collections.abc import Iterator

from simkit.policy.ties import ties
from simkit.scenario.types import Scenario

__all__ = ["that_meet"]


def that_meet(scenario: Scenario) -> Iterator[frozenset[str]]:
    """Sets of measures that meet on a matter or under a total cap, and of companions with whom they come."""
    yield from set(ties(scenario.policy).values())
    for name, plan in scenario.plan.claims.items():
        if plan.companion is not None:
            yield frozenset({name, plan.companion.of})
