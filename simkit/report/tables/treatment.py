"""How each provision stands in the figures."""

from __future__ import annotations

from simkit.policy.measure import Measure
from simkit.runs.result import Result

__all__ = ["treatment", "unpriced"]


def treatment(result: Result, name: str) -> str:
    """How a provision stands in the figures; every provision has exactly one.

    `outside` (another policy's), `stopped` (suspended or removed), `non_monetary`, `priced` or `unpriced`.
    """
    measure = result.scenario.policy.measures[name]
    if measure.outside:
        return "outside"
    if measure.priced_by == "non_monetary":
        return "non_monetary"
    if measure.status != "in_force":
        return "stopped"
    return "priced" if measure.live and name in result.scenario.plan.claims else "unpriced"


def unpriced(result: Result) -> list[Measure]:
    """Provisions that may cost money but have no amount: never to be read as zero."""
    measures = result.scenario.policy.measures
    return [measure for name, measure in measures.items() if treatment(result, name) == "unpriced"]
