"""`simkit report`: simulate, write the budget report, say where it is."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

import click

from simkit.cli.messages import say
from simkit.cli.run import checked_folder, is_warm
from simkit.cli.terminal import progress
from simkit.report.build import build_report

__all__ = ["report_scenario"]


def report_scenario(
    *,
    scenario: str,
    draws: int,
    seed: int,
    jobs: int | None,
    out: str,
    overlays: Sequence[str],
    language: str,
    langs: Sequence[str],
) -> int:
    """Write the report of a scenario under OUT/SCENARIO/RUN and print where it is; give the exit code."""
    started = time.monotonic()
    with checked_folder(Path(out)):
        if not is_warm():
            click.echo(say(language, "compiling"), err=True)
        with progress(draws, say(language, "simulating")) as step:
            paths = build_report(
                scenario,
                overlays=overlays,
                draws=draws,
                seed=seed,
                jobs=jobs,
                out=out,
                langs=tuple(langs),
                progress=step,
            )
    files = list(dataclasses.astuple(paths))
    click.echo(files)
    click.echo(say(language, "took", seconds=time.monotonic() - started))
    return 0
