"""What the rules leave no chance of, before a change, after it, and between: a 0 there is a 0."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from simkit.policy.schema import Policy
from simkit.scenario import Scenario
from simkit.scenario.horizon import can_pay
from simkit.whatif.lines import Certain

__all__ = ["known_between"]


def known_between(
    before: Scenario,
    after: Scenario,
    names: Collection[str],
    *,
    special: bool = False,
    year: int | None = None,
    only: Mapping[str, str] | None = None,
) -> Certain:
    """What is known by the rules of the money of a view, paid in a year or in all.

    Parameters
    ----------
    names : measures that the change can move
    only : a `measure`, `fund` or `department` and its key, optional
        Whose money it is; None: of all.
    """
    field, key = next(iter((only or {}).items()), ("", ""))

    def chance(scenario: Scenario, moving: Collection[str]) -> bool:
        measures = [name for name in moving if field != "measure" or name == key]
        funds = _funds(scenario.policy, special, field, key)
        return can_pay(scenario, year, measures=measures, funds=funds)

    old, new = (chance(one, one.policy.measures) for one in (before, after))
    return Certain(not old, not new, not (chance(before, names) or chance(after, names)))


def _funds(policy: Policy, special: bool, field: str, key: str) -> list[str]:
    """The funds of a view that a field's key is about."""
    return [
        name
        for name, fund in policy.funds.items()
        if (fund.special or not special)
        and (field not in ("fund", "department") or key == (name if field == "fund" else fund.department))
    ]
