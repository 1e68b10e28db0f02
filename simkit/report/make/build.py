"""A report's files, written into the folder of its run; only what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from simkit.base.errors import InputError
from simkit.base.leftovers import clean, sweep
from simkit.base.said import Said
from simkit.base.words import LANGUAGES
from simkit.base.written import file_digest
from simkit.report.annexes.all import template_of
from simkit.report.make.outputs import PAGE, Making
from simkit.report.make.record import Outputs, Record, made_from, unchanged, write_record
from simkit.report.make.runs import Reporter, Runs, Step
from simkit.report.make.summary import summarise
from simkit.report.papers.table import Language
from simkit.report.papers.web_fonts import shared_faces
from simkit.report.tables.saved import Saved

__all__ = [
    "ReportPaths",
    "check_asked",
    "together",
    "write_report",
]

#: Threads: for two reports at once the pages of each, by a kernel at a time; and the fonts.
WRITERS = 3


@dataclass(frozen=True, kw_only=True)
class ReportPaths(Runs):
    """What was written.

    Attributes
    ----------
    outputs : dict of output, language to files
    unchanged : bool
        Whether the files had been written before, from the same; then none was touched.
    """

    outputs: Mapping[str, Mapping[str, tuple[Path, ...]]] = field(default_factory=dict)
    unchanged: bool = False

    @property
    def pages(self) -> dict[str, Path]:
        """The page by language."""
        return {lang: paths[1] for lang, paths in self.outputs.get("page", {}).items()}

    def files(self) -> list[Path]:
        """All files of the report."""
        return [path for langs in self.outputs.values() for paths in langs.values() for path in paths]


def check_asked(langs: Sequence[str], making: Making) -> None:
    """Raise InputError for languages that there are not, without a notebook, or for a wrong template."""
    if not langs or len(set(langs)) < len(langs) or not set(langs) <= set(LANGUAGES):
        found = ", ".join(map(str, langs)) or Said("fault.none")
        raise InputError("error.no_languages", known=", ".join(LANGUAGES), found=found)
    if not making.notebook.exists():
        raise InputError("error.no_report_notebook", path=making.notebook)
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
    source = made_from(runs, making)
    known = None if force else unchanged(runs.run, source, tuple(making.outputs), langs)
    if known is not None:
        _heard(making, langs, report)
        return _paths(runs, known, making, langs, unchanged=True)
    made = _write_all(runs, langs, making, report, pool)
    record = write_record(runs.run, source, made, summarise(runs))
    return _paths(runs, record, making, langs, unchanged=False)


def _write_all(
    saved: Saved, langs: Sequence[Language], making: Making, report: Reporter, pool: ThreadPoolExecutor
) -> Outputs:
    """Write every output in every language, and give their digests: pages by kernels in the pool, all else here."""

    def make(name: str, lang: Language) -> dict[str, str]:
        if report.stopped:
            raise KeyboardInterrupt
        paths = making.outputs[name](saved, lang, making, report)
        report(Step(name, f"{name}.{lang}", 1, 1, report.of))
        return {path.name: file_digest(path) for path in paths}

    fonts: Future[Any] = pool.submit(shared_faces)
    # A kernel takes as long for a page as this thread for all else: two at once would only be in its way.
    pages = pool.submit(lambda: {lang: make(PAGE, lang) for lang in langs})
    found: Outputs = {name: {} for name in making.outputs}
    try:
        for name in [one for one in making.outputs if one != PAGE]:
            for lang in langs:
                found[name][lang] = make(name, lang)
                _ = pages.done() and pages.result()  # a page that failed stops all
        found[PAGE] = pages.result()
    except BaseException:
        report.stop()
        pages.cancel()
        wait([fonts, pages])  # nothing of this report is written any more when the failure is told
        raise
    return found


def _heard(making: Making, langs: Sequence[str], report: Reporter) -> None:
    """Let a progress bar know of what is there already."""
    for name in making.outputs:
        for lang in langs:
            report(Step(name, f"{name}.{lang}", 1, 1, report.of))


def _paths(
    runs: Runs, record: Record, making: Making, langs: Sequence[str], *, unchanged: bool
) -> ReportPaths:
    outputs = {
        name: {lang: tuple(runs.run / file for file in record.outputs[name][lang]) for lang in langs}
        for name in making.outputs
    }
    known = {one.name: getattr(runs, one.name) for one in fields(Runs)}
    return ReportPaths(**known, outputs=outputs, unchanged=unchanged)
