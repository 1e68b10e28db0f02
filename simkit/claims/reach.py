"""Can entries reach the number of agencies that a growth aims at? The ends of its laws mostly tell, without draws."""

from __future__ import annotations

import math

from simkit.claims.assumed import law
from simkit.claims.population_plan import Growth

__all__ = ["surely_reached"]

#: No uniform is so near to 0 or 1 that its normal score lies beyond.
_SCORE = 9.0
#: What rounding may take.
_MARGIN = 1e-6


def surely_reached(growth: Growth, listed: int | None) -> bool:
    """Whether each aim lies between no entry and 100 times the entry rate, whatever is drawn; else draws must tell.

    `listed`: agencies of a roster, which stands for the start.
    """
    aims = {growth.target.year: growth.target.agencies} if growth.target else growth.path
    least, most = growth.start.value.bounds if listed is None else (listed, listed)
    sd = law(growth.shock_sd).bounds[1]
    shock = math.exp(-_SCORE * sd - sd**2 / 2)
    last = growth.start_year
    for aim in sorted(aims):
        for year in range(last + 1, aim + 1):
            stay, leave = law(growth.exit_by_year.get(year, growth.exit_rate)).bounds
            entry = law(growth.entry_by_year.get(year, growth.entry_rate)).bounds[0]
            few, many = law(growth.entries.get(year)).bounds
            least = least * (1 - leave + 100 * entry * shock) + few
            most = most * (1 - stay) + many
        if not most < aims[aim] * (1 - _MARGIN) < aims[aim] * (1 + _MARGIN) < least:
            return False
        # Later means follow from this one: what is drawn multiplies them.
        least, most, last = aims[aim], aims[aim], aim
    return True
