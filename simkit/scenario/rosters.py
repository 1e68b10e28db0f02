"""A list of agencies beside the number of agencies that growth assumes."""

from __future__ import annotations

from typing import NamedTuple

from simkit.claims.population_plan import PopulationPlan

__all__ = ["FarRoster", "far_roster"]

#: A list that is larger or smaller than the assumed start by more than this factor is not of the same agencies.
_FAR = 1.25


class FarRoster(NamedTuple):
    """A list whose number of agencies is far from the start that growth assumes.

    Attributes
    ----------
    listed : int
        Agencies on the list: what the run starts from.
    start : float
        What growth assumes at the end of `year`.
    aims : dict of year to agencies
        What growth is aimed at, whatever it starts from.
    """

    listed: int
    start: float
    year: int
    aims: dict[int, float]


def far_roster(plan: PopulationPlan, listed: int) -> FarRoster | None:
    """Where a list has far more or fewer agencies than growth assumes at the start; None where it has not."""
    growth = plan.growth
    start = growth.start.value.mean()
    if plan.roster is None or start / _FAR <= listed <= start * _FAR:
        return None
    aims = {growth.target.year: growth.target.agencies} if growth.target else dict(growth.path)
    return FarRoster(listed, start, growth.start_year, aims)
