"""Which measures a scenario leaves without a price: no figure holds them, and every answer says so."""

from __future__ import annotations

from simkit.scenario.types import Scenario

__all__ = ["unpriced"]


def unpriced(scenario: Scenario) -> list[str]:
    """Ids of measures in force that cost money and that neither the policy nor the scenario prices."""
    return [
        name
        for name, measure in scenario.policy.measures.items()
        if measure.priced_by != "non_monetary"
        and measure.status == "in_force"
        and not measure.outside
        and name not in scenario.plan.claims
    ]
