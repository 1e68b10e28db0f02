"""`simkit report`: simulate, write the reports of one scenario or of many, say where they are."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from simkit.base.errors import FaultsError, SimkitError
from simkit.cli.run import checked_folder
from simkit.cli.terminal import echo, progress
from simkit.cli.words import say
from simkit.cli.written import beside
from simkit.report.make.batch import Outcome, build_reports, wanted_reports
from simkit.report.make.build import ReportPaths
from simkit.report.make.index import write_index
from simkit.report.make.listing import Failed
from simkit.report.make.outputs import Making
from simkit.report.make.runs import Settings, Step, report_steps
from simkit.report.papers.table import Language
from simkit.runs.job import is_warm

__all__ = ["report_scenario", "short"]


def report_scenario(
    *,
    scenario: str,
    draws: int,
    seed: int,
    jobs: int | None,
    out: str,
    overlays: Sequence[str],
    language: str,
    langs: Sequence[Language],
    all_overlays: bool = False,
    force: bool = False,
    template: str | None = None,
) -> int:
    """Write the reports of a scenario or a folder under OUT/SCENARIO/RUN and print where they are; the exit code."""
    started = time.monotonic()
    with checked_folder(Path(out)):
        wanted = wanted_reports(scenario, overlays, all_overlays=all_overlays)
        if not is_warm():
            echo(say(language, "compiling"), err=True)
        # A page takes about as long as a run, and so do annexes; with overlays the run without them comes too.
        each = report_steps(draws, langs) + (2 * len(langs) + 1) * draws
        settings = Settings(draws=draws, seed=seed, jobs=jobs, out=Path(out).resolve(), force=force)
        with progress(len(wanted) * each, say(language, "reporting")) as step:
            found = build_reports(
                wanted,
                settings,
                langs=langs,
                making=Making(template=Path(template).resolve()) if template else None,
                progress=None if step is None else _stepper(step, draws, each),
                tell=lambda error: _told(error, language),
            )
        page = _index(found, settings.out, langs[0], language)
        alone = len(found) == 1
        if alone and found[0].error is not None:
            raise found[0].error
    lines = _one(found[0], language) if alone else _many(found, language)
    index = [] if page is None else [*beside([page], language), say(language, "index", path=short(page))]
    echo("\n".join([*lines, *index]))
    echo(say(language, "took", seconds=time.monotonic() - started))
    return _failures(found, language)


def _stepper(bar: Callable[[int], object], draws: int, each: int) -> Callable[[Step], None]:
    """Move a bar of draws by what each step has done since it was last heard of; a finished report is `each`."""
    heard: dict[tuple[str, str], int] = {}

    def move(step: Step) -> None:
        mine = step.of, step.name
        if step.kind in ("run", "notebook", "paper"):
            done = step.done if step.kind == "run" else draws * step.done // max(step.total, 1)
        elif step.kind == "report":
            mine, done = (step.of, ""), each - sum(one for key, one in heard.items() if key[0] == step.of)
        else:
            return
        bar(max(0, done - heard.get(mine, 0)))
        heard[mine] = done

    return move


def _index(found: Sequence[Outcome], out: Path, lang: Language, language: str) -> Path | None:
    """The page of all reports, rebuilt; a command whose only report never came to a run leaves it as it is."""
    if len(found) == 1 and found[0].run is None:
        return None
    failed = [Failed(one.name, _told(one.error, language), one.run) for one in found if one.error is not None]
    return write_index(out, lang, [one.run for one in found if one.run is not None], failed)


def _told(error: Exception, language: str) -> str:
    """What an error says, in a language."""
    if isinstance(error, FaultsError):
        from simkit.documents.telling import tell_all

        return "\n".join(tell_all(error.faults, language))
    if isinstance(error, SimkitError):
        return error.said(language)
    if isinstance(error, MemoryError):
        return say(language, "memory")
    return say(language, "unexpected", error=f"{type(error).__name__}: {error}".splitlines()[0])


# --- what is printed --------------------------------------------------------------------------------------


def _one(found: Outcome, language: str) -> list[str]:
    """Where the files of one report are."""
    paths = found.paths
    if paths is None:
        return []
    lines = [say(language, "unchanged")] if paths.unchanged else []
    lines += _beside(paths, language)
    lines += [say(language, "page", path=short(page)) for page in paths.pages.values()]
    pages = set(paths.pages.values())
    others = [path.name for path in paths.files() if path not in pages]
    return [*lines, say(language, "also", names=", ".join(others))] if others else lines


def _beside(paths: ReportPaths, language: str) -> list[str]:
    """What stands beside files that a person wrote or changed: runs and files of the report."""
    runs = [paths.run, *paths.variants.values(), *([] if paths.base is None else [paths.base])]
    return beside([*runs, *paths.files()], language)


def _many(found: Sequence[Outcome], language: str) -> list[str]:
    """A line a report, and how many there are of each kind."""
    lines, made, kept = [], 0, 0
    for one in found:
        if one.paths is None:
            continue
        kept, made = kept + one.paths.unchanged, made + (not one.paths.unchanged)
        key = "report_unchanged" if one.paths.unchanged else "report_done"
        lines.append(say(language, key, name=one.name, path=_where(one.paths)))
        lines += _beside(one.paths, language)
    counts = {"count": len(found), "made": made, "kept": kept, "failed": len(found) - made - kept}
    return [*lines, say(language, "report_counts", **counts)]


def _where(paths: ReportPaths) -> str:
    return short(next(iter(paths.pages.values()), paths.run))


def _failures(found: Sequence[Outcome], language: str) -> int:
    """List what failed, at the end; give the exit code."""
    failed = [one for one in found if one.error is not None]
    if not failed:
        return 0
    echo(say(language, "report_failed"), err=True)
    for one in failed:
        message = _told(one.error, language) if one.error is not None else ""
        for line in message.splitlines() or [""]:
            echo(say(language, "report_failure", name=one.name, message=line), err=True)
    return 1


def short(path: Path) -> str:
    """A path below where the user stands without what lies above."""
    try:
        return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    except ValueError:  # another drive
        return str(path)
