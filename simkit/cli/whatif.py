"""`simkit whatif`: the caps of a scenario on a page of their own, to be mailed."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from pathlib import Path

from simkit.base.words import say as words
from simkit.cli.report import short
from simkit.cli.run import checked_folder
from simkit.cli.terminal import echo, progress
from simkit.cli.words import say
from simkit.report.pages.caps.page import whatif_page, write_page
from simkit.report.papers.table import Language
from simkit.report.tables.beside import reported
from simkit.runs.job import is_warm
from simkit.scenario import load_scenario
from simkit.whatif.caps.page_data import PageData, page_data

__all__ = ["whatif_scenario"]


def whatif_scenario(
    *,
    scenario: str,
    draws: int,
    seed: int,
    jobs: int | None,
    overlays: Sequence[str],
    file: str,
    date: datetime.date | None,
    lang: Language,
    language: str,
) -> int:
    """Write the page of caps and print where it is; give the exit code."""
    started, path = time.monotonic(), Path(file)
    with checked_folder(path.parent):
        read = load_scenario(scenario, overlays)
        if not is_warm():
            echo(say(language, "compiling"), err=True)
        with progress(draws, say(language, "simulating")) as step:
            data = page_data(read, draws=draws, seed=seed, jobs=jobs, progress=step)
        written = write_page(whatif_page(data, lang, date, report=reported(read)), path)
    if written != path:
        echo(say(language, "written_beside", asked=path, path=written))
    size = written.stat().st_size / 1_000_000
    echo(say(language, "whatif_page", path=short(written), size=size, sliders=len(data.sliders)))
    for line in _without(data, language):
        echo(line)
    echo(say(language, "took", seconds=time.monotonic() - started))
    return 0


def _without(data: PageData, language: str) -> list[str]:
    """The caps that have no slider, each with the reason."""
    return [
        say(
            language,
            "whatif_fixed",
            cap=f"{one.measure}.{one.cap}",
            reason=words(language, f"caps.reason.{one.reason}"),
        )
        for one in data.fixed
    ]
