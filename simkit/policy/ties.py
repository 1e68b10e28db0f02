"""Measures that are tied: one can change what another is paid."""

from __future__ import annotations

from simkit.policy.schema import Policy

__all__ = ["ties"]


def ties(policy: Policy) -> dict[str, frozenset[str]]:
    """The measures that each measure is tied to by a matter or a total cap, and through them on; itself too."""
    group = {name: frozenset({name}) for name in policy.measures}
    tied = [matter.members for matter in policy.matters.values()]
    for names in [*tied, *(cap.measures for cap in policy.total_caps.values())]:
        joined = frozenset[str]().union(*(group[name] for name in names))
        group |= dict.fromkeys(joined, joined)
    return group
