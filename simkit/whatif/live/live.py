"""A policy whose figures are moved while somebody watches: claims kept once, each change decided on them at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from simkit.awards.outlays import Outlays
from simkit.base.arrays import FenArray
from simkit.policy.ties import ties
from simkit.runs.job import DEFAULT_SEED
from simkit.scenario import Scenario, ScenarioFile
from simkit.sizing.compare import Paired, paired, quantile_shift
from simkit.sizing.estimate import Estimate, attempt
from simkit.sizing.quantiles import exceedance, quantile
from simkit.whatif.answers import Origin, origin_of
from simkit.whatif.certainty import known_between
from simkit.whatif.evaluate import moved
from simkit.whatif.kept.again import decide_again
from simkit.whatif.kept.claims import keep_claims
from simkit.whatif.kept.paid import Paid
from simkit.whatif.live.figures import Slider, sliders_of

__all__ = ["LIVE_DRAWS", "Live", "LiveAnswer", "Need", "Row"]

#: Draws that answer a change at once.
LIVE_DRAWS = 2_000
#: Measures whose sliders come first.
_MAIN = 3
#: Fen in 万元.
_WAN = 1_000_000

Values = Mapping[str, float]
Tie = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Mean money of a year, or of all, before a change and after it. Fen.

    Attributes
    ----------
    by : `year` (special fund), `special` (all its years), `whole` (all years, all funds), `measure` (all its money)
    key : str
        The paid year or the measure; empty for totals.
    before, after : float
        Means of these draws.
    gap : Paired
        Difference by draw, on the same luck.
    """

    by: str
    key: str
    before: float
    after: float
    gap: Paired


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A figure of the special fund in the budget year before a change and after it.

    Attributes
    ----------
    before, after : Estimate
        Fen, or a probability.
    difference : Estimate
        On the same luck.
    """

    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LiveAnswer:
    """What moved sliders do.

    Attributes
    ----------
    changes : dict of path to value
        As an overlay would hold them; empty at the baseline.
    budget : int
        Budget line of the special fund in the budget year. Fen.
    rows : tuple of Row
    need : Need or None
        Money that is enough with the scenario's confidence; None where too few draws carry it.
    enough : Need
        Probability that the budget line is enough.
    before, after : int64[draw]
        The special fund in the budget year, draw by draw.
    """

    changes: dict[str, str | int]
    budget: int
    rows: tuple[Row, ...]
    need: Need | None
    enough: Need
    before: FenArray
    after: FenArray

    def row(self, by: str, key: str = "") -> Row:
        """One of the rows.

        Raises
        ------
        KeyError
            Where there is none.
        """
        for one in self.rows:
            if (one.by, one.key) == (by, key):
                return one
        raise KeyError((by, key))


class Live:
    """A scenario whose claims are kept, to be decided again under moved figures.

    Parameters
    ----------
    file : str or Path
        The scenario.
    draws, seed : int
    jobs : int, optional
        Threads; None: one a core.

    Raises
    ------
    FaultsError
        For faults of the files.
    InputError
        For an argument out of range.
    """

    def __init__(
        self, file: str | Path, *, draws: int = LIVE_DRAWS, seed: int = DEFAULT_SEED, jobs: int | None = None
    ) -> None:
        self.file = Path(file)
        self._scenario_file, self._jobs = ScenarioFile(file), jobs
        self.scenario = self._scenario_file.lay()
        self.kept = keep_claims(self.scenario, draws=draws, seed=seed, jobs=jobs)
        self.sliders = sliders_of(self.kept)
        self._tie_of = _ties_of(self.sliders, self.kept.outlays, ties(self.scenario.policy), self)
        #: What was decided last of each tie, and under which changes: a slider moves one tie only.
        self._decided: dict[Tie, tuple[dict[str, str | int], Outlays]] = {}
        base = Paid(self.scenario, tuple(self.kept.outlays.values()))
        self.years = tuple(range(self.scenario.plan.earned_years[0], base.last_year + 1))
        self._base, self._by_measure = base, base.by("measure")
        self.budget = self._voted()

    @property
    def origin(self) -> Origin:
        """What the answers are computed from."""
        return origin_of(self.scenario, seed=self.kept.job.seed, draws=self.kept.draws)

    @property
    def base_digest(self) -> str:
        """First digits of the digest of the scenario and its policy as written."""
        return self._scenario_file.base_digest

    @property
    def main(self) -> tuple[str, ...]:
        """The measures with sliders that cost most, dearest first."""
        names = [
            name for name in dict.fromkeys(one.measure for one in self.sliders) if name in self._by_measure
        ]
        names.sort(key=lambda name: -float(self._by_measure[name].mean()))
        return tuple(names[:_MAIN])

    def changes(self, values: Values) -> dict[str, str | int]:
        """What differs from the baseline, as an overlay would hold it.

        Parameters
        ----------
        values : mapping of path to value in the slider's unit
            Those left out stay as they are.
        """
        found = {one.path: one.written(values.get(one.path, one.value)) for one in self.sliders}
        return {
            one.path: found[one.path] for one in self.sliders if found[one.path] != one.written(one.value)
        }

    def answer(self, values: Values, budget: int | None = None) -> LiveAnswer:
        """What the policy costs with moved figures.

        Parameters
        ----------
        values : mapping of path to value in the slider's unit
        budget : int, optional
            Fen; None: the budget line that the scenario has, else its need at its confidence.

        Raises
        ------
        FaultsError
            For a value that the policy cannot have.
        """
        changes, line = self.changes(values), self.budget if budget is None else budget
        changed = self._scenario_file.lay(changes=changes) if changes else self.scenario
        after = Paid(changed, tuple(self._outlays(changes, changed)))
        year = self.scenario.plan.budget_year
        old, new = (paid.total(special=True, year=year) for paid in (self._base, after))
        names = moved(self.scenario, changed)
        certain = known_between(self.scenario, changed, names, special=True, year=year).difference
        return LiveAnswer(
            changes=changes,
            budget=line,
            rows=tuple(self._rows(after, changes)),
            need=_need(old, new, self.scenario.plan.confidence / 10_000, certain=certain),
            enough=_enough(old, new, line, certain=certain),
            before=old,
            after=new,
        )

    def _outlays(self, changes: Mapping[str, str | int], changed: Scenario) -> list[Outlays]:
        """What every tie pays; only those are decided whose changes are not those of the last time."""
        found = []
        for tie, paid in self.kept.outlays.items():
            ours = {path: value for path, value in changes.items() if self._tie_of[path] == tie}
            if not ours:
                found.append(paid)
                continue
            if self._decided.get(tie, ({}, None))[0] != ours:
                alone = changed if ours == changes else self._scenario_file.lay(changes=ours)
                self._decided[tie] = ours, decide_again(self.kept, alone, jobs=self._jobs).after
            found.append(self._decided[tie][1])
        return found

    def _rows(self, after: Paid, changes: Mapping[str, str | int]) -> list[Row]:
        """Years of the special fund, its total, that of the policy, and the measures whose ties are moved."""
        years = range(self.years[0], max(self.years[-1], after.last_year) + 1)
        old, new = (paid.by_year(years, special=True) for paid in (self._base, after))
        names = moved(self.scenario, after.scenario)

        def row(by: str, key: str, old: FenArray, new: FenArray, *, special: bool, year: int | None) -> Row:
            if np.array_equal(old, new):  # by the rules, or because no draw met it
                known = known_between(self.scenario, after.scenario, names, special=special, year=year)
                return _row(by, key, old, new, certain=known.difference)
            return _row(by, key, old, new)

        rows = [
            row("year", str(year), old[:, at], new[:, at], special=True, year=year)
            for at, year in enumerate(years)
        ]
        rows.append(row("special", "", old.sum(axis=1), new.sum(axis=1), special=True, year=None))
        sums = self._base.total(special=False), after.total(special=False)
        rows.append(row("whole", "", *sums, special=False, year=None))
        ties_moved = frozenset[str]().union(*(self._tie_of[path] for path in changes))
        by_measure = after.by("measure") if ties_moved else {}
        for name in by_measure:
            before = self._by_measure[name]
            if name in ties_moved and (before.any() or by_measure[name].any()):
                rows.append(_row("measure", name, before, by_measure[name]))
        return rows

    def _voted(self) -> int:
        """The budget line of the special fund in the budget year; without one, its need or its mean, in whole 万元."""
        plan, funds = self.scenario.plan, self.scenario.policy.funds
        if plan.appropriations is not None:
            amounts = [by for fund, by in plan.appropriations.amounts.items() if funds[fund].special]
            voted = sum(by.get(plan.budget_year, 0) for by in amounts)
            if voted:
                return int(voted)
        sample = self._base.total(special=True, year=plan.budget_year)
        found = attempt(partial(quantile, sample, plan.confidence / 10_000))
        needed = float(sample.mean()) if found.given is None else found.given
        return max(1, math.ceil(needed / _WAN)) * _WAN


def _ties_of(
    sliders: Sequence[Slider], known: Mapping[Tie, Outlays], tied: Mapping[str, Tie], live: Live
) -> dict[str, Tie]:
    """The tie that a slider moves; a total cap's measures stand in one."""
    caps = live.scenario.policy.total_caps
    found = {}
    for one in sliders:
        measure = caps[one.measure].measures[0] if one.kind == "total" else one.measure
        found[one.path] = tied[measure]
    return {path: tie for path, tie in found.items() if tie in known}


def _row(by: str, key: str, before: FenArray, after: FenArray, *, certain: bool = False) -> Row:
    gap = paired(before, after, certain=certain)
    return Row(by=by, key=key, before=float(before.mean()), after=float(after.mean()), gap=gap)


def _need(before: FenArray, after: FenArray, level: float, *, certain: bool) -> Need | None:
    old, new = attempt(partial(quantile, before, level)), attempt(partial(quantile, after, level))
    gap = attempt(partial(quantile_shift, before, after, level, certain=certain))
    return None if gap.refusal is not None else Need(before=old, after=new, difference=gap)


def _enough(before: FenArray, after: FenArray, line: int, *, certain: bool) -> Need:
    """Share of the draws that the line covers, and its difference draw by draw."""
    # Fen are whole: at most the line is less than half a fen more.
    old, new = (exceedance(-sample, -line - 0.5) for sample in (before, after))
    covered = [(sample <= line).astype(np.float64) for sample in (before, after)]
    return Need(before=old, after=new, difference=paired(*covered, certain=certain).difference)
