"""The budget report: runs of a scenario and its variants, then all its files in the run's folder; only what changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from simkit.base.errors import InputError
from simkit.base.leftovers import clean, sweep
from simkit.base.said import Said
from simkit.base.whole_files import write_whole
from simkit.base.words import LANGUAGES
from simkit.base.written import file_digest
from simkit.report.annexes.all import template_of
from simkit.report.make.outputs import Making, Writer, writers
from simkit.report.make.record import Outputs, Record, made_from, unchanged, write_record
from simkit.report.make.runs import (
    Progress,
    Reporter,
    Runs,
    Settings,
    Simulator,
    Step,
    Study,
    report_steps,
    variant_changes,
)
from simkit.report.make.summary import summarise
from simkit.report.papers.table import Language
from simkit.report.tables.saved import Saved
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.scenario import ScenarioFile

__all__ = [
    "Making",
    "ReportPaths",
    "Step",
    "build_report",
    "check_asked",
    "report_steps",
    "together",
    "variant_changes",
    "write_report",
    "write_whole",
]

#: Threads that write files: each page has a kernel of its own.
WRITERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPaths:
    """What was written.

    Attributes
    ----------
    run : Path
        The run's folder; all else stands in it.
    variants : dict of name to folder
    base : Path or None
        For a run with overlays: the folder of the run without them.
    outputs : dict of output, language to files
    reused : bool
        Whether the runs had been saved before.
    unchanged : bool
        Whether the files had been written before, from the same; then none was touched.
    """

    run: Path
    variants: Mapping[str, Path]
    base: Path | None = None
    outputs: Mapping[str, Mapping[str, tuple[Path, ...]]] = field(default_factory=dict)
    reused: bool = False
    unchanged: bool = False

    @property
    def notebooks(self) -> dict[str, Path]:
        """The executed notebook by language."""
        return {lang: paths[0] for lang, paths in self.outputs.get("page", {}).items()}

    @property
    def pages(self) -> dict[str, Path]:
        """The page by language."""
        return {lang: paths[1] for lang, paths in self.outputs.get("page", {}).items()}

    @property
    def workbooks(self) -> dict[str, Path]:
        """The workbook of all tables by language."""
        return {lang: paths[0] for lang, paths in self.outputs.get("workbook", {}).items()}

    def files(self) -> list[Path]:
        """All files of the report."""
        return [path for langs in self.outputs.values() for paths in langs.values() for path in paths]


def build_report(
    scenario_path: str | Path,
    *,
    overlays: Sequence[str | Path] = (),
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    out: str | Path = "reports",
    langs: Sequence[Language] = LANGUAGES,
    progress: Progress | None = None,
    making: Making | None = None,
    force: bool = False,
) -> ReportPaths:
    """Run a scenario with its variants and write the report, as far as anything changed since the last time.

    Parameters
    ----------
    scenario_path : str or Path
    overlays : sequence of paths
        Laid on in this order.
    draws, seed, jobs : as in `run`
    out : str or Path
        The run stands in `out/SCENARIO/RUN/`, variants in `out/SCENARIO.VARIANT/RUN/`; for a run with overlays
        the one without them stands in its place too.
    langs : sequence of `zh`, `en`
    progress : function, optional
        Called with a Step, from several threads.
    making : Making, optional
        Other notebooks with the same parameters, or a bureau's template.
    force : bool
        Run and write again what did not change, too.

    Returns
    -------
    ReportPaths
        `budget_report.LANG.ipynb` and `.html`, `annexes.LANG.ipynb`, `.html`, `.docx`, `.xlsx` and `.pdf`,
        `tables.xlsx` (Chinese) and `tables.en.xlsx` in the run's folder: each whole, or as it was before; then
        `report.json`, which says what they are.

    Raises
    ------
    FaultsError, InputError
        For a fault of the scenario or the template, or an argument out of range.
    RunError
        When a notebook fails or a file cannot be written.
    """
    out, making = Path(out).resolve(), making or Making()
    check_asked(langs, making)
    settings = Settings(draws=draws, seed=seed, jobs=jobs, out=out, force=force)
    study = Study(ScenarioFile(scenario_path), tuple(overlays))
    report = Reporter(progress)
    runs = Simulator(settings).runs(study, report)
    with together(report) as pool:
        return write_report(runs, langs, making, report, pool, force=force)


def check_asked(langs: Sequence[str], making: Making) -> None:
    """Raise InputError for languages that there are not, without a notebook, or for a wrong template."""
    if not langs or len(set(langs)) < len(langs) or not set(langs) <= set(LANGUAGES):
        found = ", ".join(map(str, langs)) or Said("fault.none")
        raise InputError("error.no_languages", known=", ".join(LANGUAGES), found=found)
    for notebook in (making.notebook, making.annexes):
        if not notebook.exists():
            raise InputError("error.no_report_notebook", path=notebook)
    template_of(making.template)


@contextmanager
def together(report: Reporter, threads: int = WRITERS) -> Iterator[ThreadPoolExecutor]:
    """A pool of threads; when the work fails or the user interrupts, all stop at their next step."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool
    except BaseException:
        report.stop()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def write_report(
    runs: Runs,
    langs: Sequence[Language],
    making: Making,
    report: Reporter,
    pool: ThreadPoolExecutor,
    *,
    force: bool = False,
) -> ReportPaths:
    """Write all files of a report on saved runs, unless they are there, made from the same.

    Raises
    ------
    InputError, RunError
        As the outputs; one that fails stops the others.
    """
    clean(runs.run)
    sweep()
    source, makers = made_from(runs, making), writers(making, report)
    known = None if force else unchanged(runs.run, source, tuple(makers), langs)
    if known is not None:
        _heard(known, makers, langs, report)
        return _paths(runs, known, makers, langs, unchanged=True)
    saved = Saved(run=runs.run, variants=dict(runs.variants), base=runs.base, file=runs.file)
    made = _write_all(saved, makers, langs, report, pool)
    summary = pool.submit(summarise, saved).result()
    record = write_record(runs.run, source, made, summary)
    return _paths(runs, record, makers, langs, unchanged=False)


def _write_all(
    saved: Saved,
    makers: Mapping[str, Writer],
    langs: Sequence[Language],
    report: Reporter,
    pool: ThreadPoolExecutor,
) -> Outputs:
    """Write every output in every language, and give their digests."""
    reading = threading.Lock()

    def make(name: str, lang: Language) -> dict[str, str]:
        if report.stopped:
            raise KeyboardInterrupt
        with reading:  # once, not once a thread
            _ = saved.result
        paths = makers[name](saved, lang, saved.run)
        report(Step(name, f"{name}.{lang}", 1, 1, report.of))
        return {path.name: file_digest(path) for path in paths}

    tasks: dict[Future[dict[str, str]], tuple[str, Language]] = {}
    for name in makers:
        tasks |= {pool.submit(make, name, lang): (name, lang) for lang in langs}
    try:
        for task in as_completed(tasks):
            task.result()
    except BaseException:
        report.stop()
        for task in tasks:
            task.cancel()
        wait(tasks)  # nothing of this report is written any more when the failure is told
        raise
    found: Outputs = {name: {} for name in makers}
    for task, (name, lang) in tasks.items():
        found[name][lang] = task.result()
    return found


def _heard(record: Record, makers: Mapping[str, Writer], langs: Sequence[str], report: Reporter) -> None:
    """Let a progress bar know of what is there already."""
    for name in makers:
        for lang in langs:
            report(Step(name, f"{name}.{lang}", 1, 1, report.of))


def _paths(
    runs: Runs, record: Record, makers: Mapping[str, Writer], langs: Sequence[str], *, unchanged: bool
) -> ReportPaths:
    outputs = {
        name: {lang: tuple(runs.run / file for file in record.outputs[name][lang]) for lang in langs}
        for name in makers
    }
    return ReportPaths(
        run=runs.run,
        variants=runs.variants,
        base=runs.base,
        outputs=outputs,
        reused=runs.reused,
        unchanged=unchanged,
    )
