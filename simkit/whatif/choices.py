"""What parts of a policy pay under choices of readings, on claims that are drawn as seldom as can be."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from simkit.awards.outlays import Outlays, sum_by
from simkit.base.arrays import FenArray
from simkit.policy.schema import Policy
from simkit.policy.ties import joined
from simkit.scenario import Scenario
from simkit.scenario.meeting import that_meet
from simkit.whatif.evaluate import moved
from simkit.whatif.kept.again import decide_measures
from simkit.whatif.kept.claims import KeptClaims, Progress, draw_outlays, keep_claims, only_claims

__all__ = ["Choice", "Choices", "added", "conflicts"]

#: Readings that are not read as in force, with the option taken.
Choice = Mapping[str, str]
#: Lays a choice on the scenario.
Lay = Callable[[Choice], Scenario]
#: Paths that move who pays, but no total.
_WHO_PAYS = re.compile(r"measures\.[^.]+\.payers(\..*)?|matters\.[^.]+\.payer")


class Choices:
    """A scenario under choices of its readings.

    A *part* is a set of measures that no option of any reading ties to others, nor do claims that accompany
    others: its money depends on the readings that can move it, and on no others.

    Attributes
    ----------
    base : Scenario
        With the readings in force.
    options : dict of reading to its options, the one in force first
    laid : dict of (reading, option) to the scenario with that option alone laid on
    parts : tuple of frozenset of measures
        Those in which something claims.
    reach : dict of reading to the numbers of the parts that it can move
    """

    def __init__(self, lay: Lay, *, draws: int, seed: int, jobs: int | None) -> None:
        self.lay, self.draws, self.seed, self.jobs = lay, draws, seed, jobs
        self.base = lay({})
        readings, chosen = self.base.policy.readings, self.base.plan.choose
        self.in_force = {name: chosen.get(name, one.default) for name, one in readings.items()}
        self.options = {
            name: tuple(dict.fromkeys([self.in_force[name], *one.options])) for name, one in readings.items()
        }
        self.laid = {
            (name, option): lay({name: option})
            for name, options in self.options.items()
            for option in options[1:]
        }
        self.moved = {key: moved(self.base, one) for key, one in self.laid.items()}
        self.parts = _parts([self.base, *self.laid.values()])
        self.reach = {name: self._reached(name) for name in readings}
        self._place = {name: number for number, part in enumerate(self.parts) for name in part}
        self._roots: list[KeptClaims] = []
        self._widest: Choice = {}
        self._sums: dict[tuple[int, str], tuple[int, int]] = {}

    def _reached(self, name: str) -> frozenset[int]:
        names = set().union(*(self.moved[name, option] for option in self.options[name][1:]))
        return frozenset(number for number, part in enumerate(self.parts) if part & names)

    @property
    def everywhere(self) -> tuple[str, ...]:
        """Readings that can move every part, such as when the policy ends."""
        return tuple(name for name, reach in self.reach.items() if len(reach) == len(self.parts))

    def who_pays(self, name: str) -> bool:
        """Whether a reading moves only who pays: the money of all funds together stays."""
        options = self.base.policy.readings[name].options.values()
        return all(_WHO_PAYS.fullmatch(path) for option in options for path in option.overlay)

    def keep(self, progress: Progress) -> None:
        """Draw the claims of the longest term among the readings: from them the shorter ones can be decided."""
        candidates: dict[tuple[str, str] | None, Scenario] = {None: self.base}
        candidates |= {key: one for key, one in self.laid.items() if key[0] in self.everywhere}
        widest = max(candidates, key=lambda key: _end(candidates[key]))
        self._widest = {} if widest is None else dict([widest])
        reached = frozenset[int]().union(*self.reach.values())
        measures = [name for number in reached for name in self.parts[number]]
        scenario = candidates[widest]
        self._roots.append(self._kept(scenario, measures, progress))

    def _kept(self, scenario: Scenario, measures: Collection[str], progress: Progress = None) -> KeptClaims:
        return keep_claims(
            scenario, draws=self.draws, seed=self.seed, measures=measures, jobs=self.jobs, progress=progress
        )

    def untouched(self) -> FenArray:
        """Money of the parts that no reading can move: int64[draw, view, year], as `paid`."""
        root = self._roots[0]
        reached = frozenset[str]().union(*(self.parts[one] for reach in self.reach.values() for one in reach))
        found = np.zeros((self.draws, 2, 1), dtype=np.int64)
        for tie, outlays in root.outlays.items():
            if not tie & reached:
                found = added(found, *self._by_part(outlays).values())
        return found

    def paid(self, choice: Choice, numbers: Iterable[int]) -> dict[int, FenArray]:
        """Money of some parts: int64[draw, view, year] each.

        The views are the whole policy and the special fund; years are counted from the first earned one, as
        many as anything is paid in.
        """
        wanted = sorted(numbers)
        if not wanted:
            return {}
        laid = {
            name: option
            for name, option in choice.items()
            if option != self.in_force[name] and self.reach[name] & set(wanted)
        }
        known = self.laid.get(next(iter(laid.items()))) if len(laid) == 1 else None
        found = self._decided(known or self.lay(laid), laid, wanted)
        for number, money in found.items():
            self._sums[self._key(choice, number)] = _two_sums(money)
        return found

    def sums(self, choice: Choice, numbers: Iterable[int]) -> tuple[int, int]:
        """Fen of some parts over all draws and years: the whole policy's, the special fund's."""
        wanted = sorted(numbers)
        self.paid(choice, [one for one in wanted if self._key(choice, one) not in self._sums])
        found = [self._sums[self._key(choice, one)] for one in wanted]
        return sum(one[0] for one in found), sum(one[1] for one in found)

    def _key(self, choice: Choice, number: int) -> tuple[int, str]:
        """A part, and all that the readings which can move it lay on the scenario: options may come to the same."""
        laid: dict[str, Any] = {}
        for name, reach in self.reach.items():
            if number in reach:
                option = choice.get(name, self.in_force[name])
                laid |= self.base.policy.readings[name].options[option].overlay
        return number, json.dumps(laid, sort_keys=True, default=str)

    def _decided(self, scenario: Scenario, choice: Choice, numbers: Sequence[int]) -> dict[int, FenArray]:
        """Money of parts under a scenario: at once where the first claims carry all, else part by part."""
        measures = [name for number in numbers for name in self.parts[number]]
        outlays = decide_measures(self._roots[0], scenario, measures, jobs=self.jobs)
        whole = (
            [outlays] if outlays is not None else [self._outlays(scenario, choice, one) for one in numbers]
        )
        nothing = np.zeros((self.draws, 2, 1), dtype=np.int64)
        return dict.fromkeys(numbers, nothing) | {
            number: money for one in whole for number, money in self._by_part(one).items()
        }

    def _outlays(self, scenario: Scenario, choice: Choice, number: int) -> Outlays:
        """What one part pays; claims that no kept ones carry are drawn, of this part alone."""
        part = sorted(self.parts[number])
        for root in self._roots:
            found = decide_measures(root, scenario, part, jobs=self.jobs)
            if found is not None:
                return found
        wide = {name: option for name, option in choice.items() if name not in self.everywhere}
        root = self._kept(only_claims(self.lay(wide | dict(self._widest)), part), part)
        found = decide_measures(root, scenario, part, jobs=self.jobs)
        if found is not None:
            self._roots.append(root)
            return found
        return draw_outlays(scenario, draws=self.draws, seed=self.seed, measures=part, jobs=self.jobs)

    def _by_part(self, outlays: Outlays) -> dict[int, FenArray]:
        """Outlays of parts: int64[draw, view, year] each."""
        cells, policy = outlays.cells, self.base.policy
        names = list(policy.measures)
        numbers = [self._place.get(names[measure], -1) for measure in cells["measure"]]
        parts, part = np.unique(numbers, return_inverse=True)
        year = cells["paid"].astype(np.int64) - self.base.plan.earned_years[0]
        years = int(year.max(initial=0)) + 1
        special = np.array(policy.special)[cells["fund"]]
        group = part * years + year
        views = [
            sum_by(outlays, one, len(parts) * years).reshape(self.draws, len(parts), years)
            for one in (group, np.where(special, group, -1))
        ]
        return {
            int(number): np.stack([one[:, at] for one in views], axis=1) for at, number in enumerate(parts)
        }


def added(*arrays: FenArray) -> FenArray:
    """Sum of int64[draw, view, year] of as many years as the longest."""
    found = np.zeros((*arrays[0].shape[:2], max(one.shape[2] for one in arrays)), dtype=np.int64)
    for one in arrays:
        found[:, :, : one.shape[2]] += one
    return found


def conflicts(policy: Policy, choice: Choice) -> bool:
    """Whether two options of a choice set the same path, or one inside the other's, to different values."""
    laid = [list(policy.readings[name].options[option].overlay.items()) for name, option in choice.items()]
    return any(
        _meet(path, other) and not (path == other and value == other_value)
        for number, one in enumerate(laid)
        for path, value in one
        for another in laid[:number]
        for other, other_value in another
    )


def _meet(path: str, other: str) -> bool:
    return f"{path}.".startswith(f"{other}.") or f"{other}.".startswith(f"{path}.")


def _parts(scenarios: Sequence[Scenario]) -> tuple[frozenset[str], ...]:
    """Measures that anything ties under any of the scenarios, where any of them claims.

    Options that do not conflict set different paths, so what two of them tie together each ties alone.
    """
    sets = {one for scenario in scenarios for one in that_meet(scenario)}
    group = joined(scenarios[0].policy.measures, sets)
    claiming = {name for scenario in scenarios for name in scenario.plan.claims}
    return tuple(part for part in dict.fromkeys(group.values()) if part & claiming)


def _end(scenario: Scenario) -> datetime.date:
    return scenario.policy.document.in_force.until or datetime.date.max


def _two_sums(money: FenArray) -> tuple[int, int]:
    whole, special = money.sum(axis=(0, 2))
    return int(whole), int(special)
