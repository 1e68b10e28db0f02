"""Many reports: all scenarios of a folder and all overlays of each, one after another, none failing for another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from simkit.base.errors import Fault, FaultsError, InputError, RunError
from simkit.base.filenames import legal
from simkit.base.said import Said
from simkit.base.words import LANGUAGES
from simkit.documents.file_kinds import kind_of
from simkit.documents.tree import scan_yaml
from simkit.report.make.build import WRITERS, ReportPaths, check_asked, together, write_report
from simkit.report.make.outputs import Making
from simkit.report.make.record import Failure, write_failure
from simkit.report.make.runs import Progress, Reporter, Runs, Settings, Simulator, Step, Study
from simkit.report.papers.table import Language
from simkit.scenario import ScenarioFile, read_overlay, variants
from simkit.scenario.files import overlays_beside, yaml_files

__all__ = ["Outcome", "Wanted", "build_reports", "wanted_reports"]


Tell = Callable[[Exception], str]


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A report that is asked for.

    Attributes
    ----------
    name : str
        Of the scenario with what is laid on it; what is known of it where it cannot be read.
    file : Path
        Where a fault would be: the overlay's, or the scenario's.
    study : Study or None
        None where it cannot be read.
    error : Exception or None
        Why.
    """

    name: str
    file: Path
    study: Study | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of a report: its paths, or why it failed.

    Attributes
    ----------
    name : str
    run : Path or None
        The run's folder, as far as there is one.
    paths : ReportPaths or None
    error : Exception or None
    """

    name: str
    run: Path | None = None
    paths: ReportPaths | None = None
    error: Exception | None = None


# ---------------------------------------------------------------------- what is asked for


def wanted_reports(
    path: str | Path, overlays: Sequence[str] = (), *, all_overlays: bool = False
) -> list[Wanted]:
    """The reports that a scenario's file, or a folder, asks for; what cannot be read is among them, with its fault.

    Parameters
    ----------
    path : str or Path
        Of a folder every scenario is taken, those of its subfolders too.
    overlays : sequence of paths
        Laid on every scenario.
    all_overlays : bool
        Beside each scenario a report for each overlay of the folder `overlays` beside it that names it as its
        base; for each variant of one with a sweep.

    Raises
    ------
    InputError
        For a folder without scenarios.
    """
    files = _scenarios(Path(path)) if kind_of(path)[0] == "folder" else [Path(path)]
    if not files:
        raise InputError("error.no_scenario_here", path=path)
    found: list[Wanted] = []
    seen: set[Path] = set()
    for file in files:
        try:
            scenario = ScenarioFile(file)
        except FaultsError as error:
            found.append(Wanted(str(file), file, error=error))
            continue
        found.append(_wanted(scenario, file, overlays))
        if all_overlays:
            found += _with_overlays(scenario, file, overlays, seen)
    return _named_once(found)


def _scenarios(folder: Path) -> list[Path]:
    """Scenarios of a folder; a file that cannot be read may be one, unless it lies where overlays do."""
    found = []
    for file in yaml_files(folder):
        kind, what = kind_of(file)
        unreadable = not what and file.name != "policy.yaml" and "overlays" not in file.parent.parts
        if kind == "scenario" or (kind is None and unreadable):
            found.append(file)
    return found


def _wanted(scenario: ScenarioFile, file: Path, overlays: Sequence[str]) -> Wanted:
    study = Study(scenario, tuple(overlays))
    try:
        return Wanted(study.lay().name, file, study)
    except InputError as error:
        return Wanted(scenario.id or str(file), file, error=error)


def _with_overlays(
    scenario: ScenarioFile, file: Path, overlays: Sequence[str], seen: set[Path]
) -> Iterator[Wanted]:
    """A report for each overlay beside a scenario that was written for it, or that cannot be read."""
    given = {Path(one).resolve() for one in overlays}
    for path in overlays_beside(file):
        tree, _ = scan_yaml(path)
        base = tree.get(("base",)) if tree is not None and isinstance(tree.data, dict) else None
        if path.resolve() in given or (isinstance(base, str) and base != scenario.id) or path in seen:
            continue
        seen.add(path)
        try:
            laid = [one.changes for one in variants(*read_overlay(path))]
        except FaultsError as error:
            yield Wanted(f"{scenario.id}+{path.stem}", path, error=error)
            continue
        for one in laid:
            study = Study(scenario, (*overlays, one))
            try:
                yield Wanted(study.lay().name, path, study)
            except InputError as error:
                yield Wanted(f"{scenario.id}+{one.name}", path, error=error)


def _named_once(found: list[Wanted]) -> list[Wanted]:
    """Two reports of one name would overwrite each other: the second is a fault."""
    first: dict[str, Wanted] = {}
    named = []
    for one in found:
        other = first.setdefault(legal(one.name).casefold(), one)  # a folder each, on every system
        if other is not one:
            error = InputError("error.name_twice", name=one.name, first=other.file, second=one.file)
            one = Wanted(f"{one.name} ({one.file})", one.file, error=error)
        named.append(one)
    return named


# ---------------------------------------------------------------------- the work


def build_reports(
    wanted: Sequence[Wanted],
    settings: Settings,
    *,
    langs: Sequence[Language] = LANGUAGES,
    making: Making | None = None,
    progress: Progress | None = None,
    tell: Tell = str,
    reports: int = 2,
) -> list[Outcome]:
    """Make all reports; one that fails leaves its message and its notebook, the others are finished.

    A run takes all cores, so runs come one after the other in this thread, while the files of the finished
    ones are written by others: an interrupt reaches the run at once, and the writers at their next step.

    Parameters
    ----------
    wanted : sequence of Wanted
    settings : Settings
    langs : sequence of `zh`, `en`
    making : Making, optional
        Another notebook with the same parameters, a bureau's template, or other outputs.
    progress : function, optional
        Called with a Step, from several threads; one of kind `report` comes when a report is there or was given up.
    tell : function
        What an error says, for the file that is kept of it.
    reports : int
        How many are written at once.

    Returns
    -------
    list of Outcome
        One for each that was asked for, in their order.
    """
    making = making or Making()
    check_asked(langs, making)
    whole = Reporter(progress)
    simulator = Simulator(settings)
    with together(whole, WRITERS) as pool, together(whole, reports) as writing:
        work = _Work(whole, langs, making, pool, settings.force, tell)
        pending = [_begin(one, simulator, work, writing) for one in wanted]
        return [one.result() for one in pending]


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """How the files of a report are written."""

    whole: Reporter
    langs: Sequence[Language]
    making: Making
    pool: ThreadPoolExecutor
    force: bool
    tell: Tell

    def write(self, one: Wanted, runs: Runs, report: Reporter) -> Outcome:
        """The outcome of writing a report's files."""
        try:
            paths = write_report(runs, self.langs, self.making, report, self.pool, force=self.force)
        except Exception as error:
            with suppress(RunError):  # the disk may be full: then the message on the terminal is all there is
                write_failure(runs.run, Failure(name=one.name, message=self.tell(error)))
            return self.outcome(Outcome(one.name, run=runs.run, error=error))
        return self.outcome(Outcome(one.name, run=runs.run, paths=paths))

    def outcome(self, found: Outcome) -> Outcome:
        """The same, and the bar knows."""
        self.whole(Step("report", found.name, 1, 1, found.name))
        return found


def _begin(one: Wanted, simulator: Simulator, work: _Work, writing: ThreadPoolExecutor) -> Future[Outcome]:
    """Make the runs of a report, and let its files be written."""
    report = Reporter(None, work.whole, one.name)
    try:
        if one.study is None:
            raise one.error or FaultsError(
                [Fault(str(one.file), 0, "(file)", Said("fault.a_scenario"), Said("fault.none"))]
            )
        runs = simulator.runs(one.study, report)
    except Exception as error:
        done: Future[Outcome] = Future()
        done.set_result(work.outcome(Outcome(one.name, error=error)))
        return done
    return writing.submit(work.write, one, runs, report)
