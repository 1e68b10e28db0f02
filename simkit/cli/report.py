"""`simkit report`: simulate, write the budget report, say where it is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from simkit.cli.messages import say
from simkit.cli.run import checked_folder, is_warm
from simkit.cli.terminal import progress
from simkit.report.build import ReportPaths, Step, build_report, report_steps
from simkit.report.table import Language

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
) -> int:
    """Write the report of a scenario under OUT/SCENARIO/RUN and print where it is; give the exit code."""
    started = time.monotonic()
    with checked_folder(Path(out)):
        if not is_warm():
            click.echo(say(language, "compiling"), err=True)
        # A notebook takes about as long as a run.
        total = report_steps(draws, langs) + len(langs) * draws
        with progress(total, say(language, "reporting")) as step:
            paths = build_report(
                scenario,
                overlays=overlays,
                draws=draws,
                seed=seed,
                jobs=jobs,
                out=out,
                langs=langs,
                progress=None if step is None else _stepper(step, draws),
            )
    click.echo("\n".join(_where(paths, language)))
    click.echo(say(language, "took", seconds=time.monotonic() - started))
    return 0


def _stepper(bar: Callable[[int], object], draws: int) -> Callable[[Step], None]:
    """Move a bar of draws by what each step has done since it was last heard of."""
    heard: dict[str, int] = {}

    def move(step: Step) -> None:
        if step.kind in ("run", "notebook"):
            done = step.done if step.kind == "run" else draws * step.done // max(step.total, 1)
            bar(done - heard.get(step.name, 0))
            heard[step.name] = done

    return move


def _where(paths: ReportPaths, language: str) -> list[str]:
    lines = [say(language, "page", path=short(page)) for page in paths.pages.values()]
    others = [*paths.workbooks.values(), *paths.notebooks.values()]
    return [*lines, say(language, "also", names=", ".join(path.name for path in others))]


def short(path: Path) -> str:
    """A path below where the user stands without what lies above."""
    try:
        return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    except ValueError:  # another drive
        return str(path)
