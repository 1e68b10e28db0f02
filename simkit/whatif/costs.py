"""What choices of readings cost against the readings in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simkit.base.arrays import FenArray
from simkit.scenario import Scenario
from simkit.whatif.certainty import known_between
from simkit.whatif.choices import Choices, added
from simkit.whatif.comparison import Headline, Line
from simkit.whatif.evaluate import moved
from simkit.whatif.lines import Certain, headline_between, line_between

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
        self._laid: dict[tuple[tuple[str, str], ...], tuple[Scenario, tuple[str, ...]]] = {}
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

    def headline(self, after: FenArray, choice: Mapping[str, str]) -> Headline | None:
        """The special fund's need in the budget year."""
        at = self.budget_year - self.first
        before, after = (_long(one, at + 1)[:, 1, at] for one in (self.before, after))
        known = self._known(choice, special=True, year=self.budget_year)
        return headline_between(before, after, self.level, certain=known.difference)

    def lines(self, after: FenArray, years: Sequence[int], choice: Mapping[str, str]) -> tuple[Line, ...]:
        """Years, then all of them, of the special fund and of the whole policy."""
        found = []
        before, after = (_long(one, len(years)) for one in (self.before, after))
        for view, prefix in ((1, "special_"), (0, "")):
            old, new = before[:, view], after[:, view]
            for at, year in enumerate(years):
                known = self._known(choice, special=view == 1, year=year)
                columns = old[:, at], new[:, at]
                found.append(line_between(f"{prefix}year", str(year), year, *columns, certain=known))
            known = self._known(choice, special=view == 1)
            sums = old.sum(axis=1), new.sum(axis=1)
            found.append(line_between(f"{prefix}total", "", None, *sums, certain=known))
        return tuple(found)

    def _known(self, choice: Mapping[str, str], *, special: bool, year: int | None = None) -> Certain:
        """What the rules leave no chance of; a reading of who pays alone leaves the money of all funds as it is."""
        in_force = self.choices.in_force
        changed = {name: option for name, option in choice.items() if option != in_force[name]}
        key = tuple(sorted(changed.items()))
        if key not in self._laid:
            laid = self.choices.lay(changed) if changed else self.choices.base
            self._laid[key] = laid, moved(self.choices.base, laid)
        laid, names = self._laid[key]
        if not special and all(self.choices.who_pays(name) for name in changed):
            names = ()
        return known_between(self.choices.base, laid, names, special=special, year=year)


def _long(money: FenArray, years: int) -> FenArray:
    """At least so many years."""
    return added(money, np.zeros((*money.shape[:2], years), dtype=np.int64))
