"""Coverage: how each provision of the policy is modelled, priced, paid and read; and what is not modelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from simkit.base.said import Said, joined
from simkit.documents.models import Text
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy

__all__ = ["NOT_MODELLED", "Provision", "coverage"]

NOT_MODELLED = (Said("coverage.clawback"), Said("coverage.related_parties"))


class Provision(NamedTuple):
    """One row of the coverage table; `readings` as `id=option`."""

    measure: str
    clause: str
    name: Text
    modelled: Text
    priced_by: Said
    payer: Said
    status: Said
    readings: tuple[str, ...]
    rigidity: Said


def coverage(policy: Policy, chosen: Mapping[str, str] | None = None) -> tuple[Provision, ...]:
    """List every provision, in the order of the policy.

    Parameters
    ----------
    policy : Policy
    chosen : mapping of reading to option, optional
        Readings in force other than the default.
    """
    in_force = {name: reading.default for name, reading in policy.readings.items()} | dict(chosen or {})
    return tuple(
        Provision(
            measure=name,
            clause=measure.clause,
            name=measure.name,
            modelled=measure.modelled,
            priced_by=Said(f"coverage.priced_by.{measure.priced_by}"),
            payer=_payer(policy, measure),
            status=_status(measure),
            readings=tuple(f"{key}={in_force[key]}" for key in _readings(policy, name, measure)),
            rigidity=Said(f"coverage.rigidity.{measure.rigidity or 'none'}"),
        )
        for name, measure in policy.measures.items()
    )


def _readings(policy: Policy, name: str, measure: Measure) -> list[str]:
    """Readings of the measure's clause, or with an option that changes the measure."""
    root = f"measures.{name}"
    return [
        key
        for key, reading in policy.readings.items()
        if reading.clause == measure.clause
        or any(f"{path}.".startswith(f"{root}.") for o in reading.options.values() for path in o.overlay)
    ]


def _payer(policy: Policy, measure: Measure) -> Said:
    if measure.outside:
        return Said("coverage.another_policy")
    if measure.payers is None:
        return Said("coverage.nobody")
    shares = measure.payers.shares.items()
    parts = [
        Said("coverage.share", fund=policy.funds[fund].name, share=f"{share / 100:g}%")
        for fund, share in shares
    ]
    return joined(parts, "language.listed")


def _status(measure: Measure) -> Said:
    status = Said(f"status.{measure.status}")
    return Said("coverage.noted", status=status, note=measure.status_note) if measure.status_note else status
