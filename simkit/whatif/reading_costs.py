"""Money under choices of readings against those in force: by year, in both views, with the headline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simkit.arrays import FenArray
from simkit.whatif.choices import Choices, added
from simkit.whatif.comparison import Headline, Line, headline_between, line_between

__all__ = ["Costs"]


class Costs:
    """Money under choices against the readings in force: int64[draw, view, year], the whole policy and the fund."""

    def __init__(self, choices: Choices) -> None:
        self.choices, plan = choices, choices.base.plan
        self.first, self.budget_year, self.level = (
            plan.earned_years[0],
            plan.budget_year,
            plan.confidence / 10_000,
        )
        everything = range(len(choices.parts))
        self.parts = choices.paid({}, [one for one in everything if self._reached(one)])
        self.before = added(choices.untouched(), *self.parts.values())

    def _reached(self, number: int) -> bool:
        return any(number in reach for reach in self.choices.reach.values())

    def of(self, choice: Mapping[str, str]) -> FenArray:
        """Money under a choice, all of it laid on at once."""
        names = [name for name, option in choice.items() if option != self.choices.in_force[name]]
        numbers = frozenset[int]().union(*(self.choices.reach[name] for name in names))
        found = self.choices.paid({name: choice[name] for name in names}, numbers)
        return added(self.before, *found.values(), *(-self.parts[number] for number in found))

    def years(self, others: Sequence[FenArray]) -> tuple[int, ...]:
        """From the first earned year to the last in which anything is paid, at least the budget year."""
        last = [np.flatnonzero(one.any(axis=(0, 1))).max(initial=0) for one in [self.before, *others]]
        return tuple(range(self.first, max(self.first + int(max(last)), self.budget_year) + 1))

    def headline(self, after: FenArray) -> Headline | None:
        """The special fund's need in the budget year."""
        at = self.budget_year - self.first
        before, after = (_long(one, at + 1)[:, 1, at] for one in (self.before, after))
        return headline_between(before, after, self.level)

    def lines(self, after: FenArray, years: Sequence[int]) -> tuple[Line, ...]:
        """Years, then all of them, of the special fund and of the whole policy."""
        found = []
        before, after = (_long(one, len(years)) for one in (self.before, after))
        for view, prefix in ((1, "special_"), (0, "")):
            old, new = before[:, view], after[:, view]
            found += [
                line_between(f"{prefix}year", str(year), year, old[:, at], new[:, at])
                for at, year in enumerate(years)
            ]
            found.append(line_between(f"{prefix}total", "", None, old.sum(axis=1), new.sum(axis=1)))
        return tuple(found)


def _long(money: FenArray, years: int) -> FenArray:
    """At least so many years."""
    return added(money, np.zeros((*money.shape[:2], years), dtype=np.int64))
