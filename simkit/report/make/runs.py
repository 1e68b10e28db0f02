"""The runs that a report is told from: the scenario's, its variants', and the baseline's; saved, or as saved before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simkit.base.whole_files import standing
from simkit.report.tables.saved import Saved
from simkit.runs.store import is_saved, run_name, run_saved
from simkit.scenario import Lines, Scenario, ScenarioFile, central_changes

__all__ = [
    "Progress",
    "Reporter",
    "Runs",
    "Settings",
    "Simulator",
    "Step",
    "Study",
    "report_steps",
    "variant_changes",
]

#: Draws of the variants, at most: comparisons and the split of the range need fewer than the headline.
_COMPARED_DRAWS = 4_000
_SPLIT_DRAWS = 2_000
_VARIANTS = ("independence", "trend", "central", "chance")


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: `name` has done `done` of `total` so far; `of` says for which report.

    `kind`: `run`; `notebook` for the cells of a page and `paper` for the files of the annexes; the name of an
    output when it is there; `report` when all of a report is there or was given up.
    """

    kind: str
    name: str
    done: int
    total: int
    of: str = ""


Progress = Callable[[Step], Any]


class Reporter:
    """Hands steps on, and stops every thread once one was told to stop.

    Parameters
    ----------
    progress : function, optional
    above : Reporter, optional
        Of the whole command: what stops that stops this, not the other way round.
    """

    def __init__(self, progress: Progress | None, above: Reporter | None = None, of: str = "") -> None:
        self._progress, self._above, self.of = progress, above, of
        self._lock = threading.Lock()
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Whether the threads are to stop."""
        return self._stopped or (self._above is not None and self._above.stopped)

    def stop(self) -> None:
        """Let every thread stop at its next step."""
        self._stopped = True

    def __call__(self, step: Step) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        if self._above is not None:
            self._above(step)
        elif self._progress is not None:
            with self._lock:
                self._progress(step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for all reports of a command.

    Attributes
    ----------
    draws, seed, jobs : as in `run`
    out : Path
        Runs stand in `out/SCENARIO/RUN/`.
    force : bool
        Run and write again what did not change, too.
    """

    draws: int
    seed: int
    jobs: int | None
    out: Path
    force: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What a report is about: a scenario's file and what is laid on it.

    Attributes
    ----------
    file : ScenarioFile
    overlays : tuple of paths, or Lines of variants
        Laid on in this order.
    then : tuple of Lines
        Changes made in a program, laid on after them.
    """

    file: ScenarioFile
    overlays: tuple[str | Path | Lines, ...] = ()
    then: tuple[Lines, ...] = ()

    def lay(self, changes: Mapping[str, Any] | None = None) -> Scenario:
        """The scenario with its overlays, and changes over them."""
        return self.file.lay(self.overlays, changes, then=self.then)


@dataclass(frozen=True, kw_only=True)
class Runs(Saved):
    """The saved runs of a report.

    Attributes
    ----------
    reused : bool
        Whether all of them had been saved before.
    """

    reused: bool = False


def variant_changes(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """The overlays that the report compares with, by name; a later change of a path wins."""
    plan = scenario.plan
    central: dict[str, Any] = dict(central_changes(scenario))
    calm: dict[str, Any] = {"factor.cv.value": 0}
    if plan.factor.activity_sd is not None:
        calm["factor.activity_sd.value"] = 0
    if plan.population.growth.shock_sd is not None:
        calm["population.growth.shock_sd.value"] = 0
    found: dict[str, dict[str, Any]] = {"independence": {"factor.cv.value": 0}}
    if plan.population.growth.mode == "target":
        found["trend"] = {"population.growth.mode": "trend", "population.growth.target": None}
    return found | {"central": central, "chance": central | calm}


def report_steps(draws: int, langs: Sequence[str]) -> int:
    """Draws of all runs of a report together, at most: the total of a progress bar over `run` steps."""
    names = _VARIANTS if langs else ()
    return draws + sum(_variant_draws(name, draws) for name in names)


def _variant_draws(name: str, draws: int) -> int:
    return min(draws, _SPLIT_DRAWS if name in ("central", "chance") else _COMPARED_DRAWS)


class Simulator:
    """Makes the runs of reports, each once in a command, unless they were saved before.

    A run uses all cores as it is, so runs come one after the other.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: set[Path] = set()

    def runs(self, study: Study, report: Reporter) -> Runs:
        """The runs that a report on a study needs.

        Raises
        ------
        FaultsError, InputError, RunError
            As `ScenarioFile.lay` and `run_saved`.
        """
        draws, scenario = self._settings.draws, study.lay()
        made = len(self._made)
        base = self._base(study, report) if study.overlays or study.then else None
        folder = self._saved(scenario, scenario.folder, draws, report)
        variants = {}
        for name, changes in variant_changes(scenario).items():
            count, other = _variant_draws(name, draws), f"{scenario.folder}.{name}"
            variants[name] = self._saved(study.lay(changes), other, count, report)
        reused = len(self._made) == made
        return Runs(run=folder, variants=variants, base=base, reused=reused, file=study.file)

    def _base(self, study: Study, report: Reporter) -> Path:
        scenario = study.file.lay()
        return self._saved(scenario, scenario.folder, self._settings.draws, report)

    def _saved(self, scenario: Scenario, name: str, draws: int, report: Reporter) -> Path:
        """The run's folder: as it was saved before, else run and saved now."""
        settings = self._settings
        digests = scenario.digests["scenario"], scenario.digests["policy"]
        folder = settings.out / name / run_name(*digests, draws, settings.seed)
        for there in standing(folder):  # it may stand beside what a person changed
            known = not settings.force or there in self._made
            if known and is_saved(there, scenario, draws=draws, seed=settings.seed):
                report(Step("run", name, draws, draws, report.of))
                return there
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            report(Step("run", name, done, draws, report.of))

        _, folder = run_saved(
            scenario, folder.parent, draws=draws, seed=settings.seed, jobs=settings.jobs, progress=count
        )
        self._made.add(folder)
        return folder
