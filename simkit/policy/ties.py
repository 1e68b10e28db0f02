"""Measures that are tied: one can change what another is paid."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from simkit.policy.schema import Policy

__all__ = ["joined", "ties"]


def joined(names: Iterable[str], sets: Iterable[Collection[str]]) -> dict[str, frozenset[str]]:
    """What each name is joined with by the sets that it is in, and through them on; itself too."""
    group = {name: frozenset({name}) for name in names}
    for one in sets:
        whole = frozenset[str]().union(*(group[name] for name in one))
        group |= dict.fromkeys(whole, whole)
    return group


def ties(policy: Policy) -> dict[str, frozenset[str]]:
    """The measures that each measure is tied to by a matter or a total cap, and through them on; itself too."""
    matters = (matter.members for matter in policy.matters.values())
    return joined(policy.measures, [*matters, *(cap.measures for cap in policy.total_caps.values())])
