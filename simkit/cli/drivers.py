"""`simkit drivers`: which assumption drives the range, as tables and a saved answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from simkit.base.words import say as words
from simkit.cli.run import checked_folder
from simkit.cli.terminal import columns, echo, fold, progress, shown_width, width
from simkit.cli.words import say
from simkit.cli.written import save_told, show_page
from simkit.report.papers.table import Language, Table
from simkit.report.tables import drivers as tables
from simkit.runs.job import is_warm
from simkit.scenario import load_scenario
from simkit.whatif.drivers import Drivers, drivers, work

__all__ = ["show_drivers"]

_TOP = 12
#: Columns of a name.
_ROOM = 46
#: Columns that a terminal has no room for; the page shows them.
_LEFT_OUT = ("number", "path", "level_low", "level_high", "level_swing", "level_error")


def show_drivers(
    *,
    scenario: str,
    draws: int,
    seed: int,
    jobs: int | None,
    out: str,
    overlays: Sequence[str],
    of: str,
    page: bool,
    language: str,
) -> int:
    """Find the drivers, print their tables, save the answer under OUT/SCENARIO; give the exit code."""
    with checked_folder(Path(out)):
        read = load_scenario(scenario, overlays)
        if not is_warm():
            echo(say(language, "compiling"), err=True)
        with progress(work(read, draws), say(language, "comparing")) as step:
            found = drivers(read, draws=draws, seed=seed, of=of, jobs=jobs, progress=step)
        path = save_told(found, Path(out) / read.folder, language)
    echo("\n".join(_page(found, language)))
    echo(say(language, "answer_saved", path=path))
    if page:
        answer = {"answer": str(path.resolve())}
        show_page("drivers", answer, path, language, words(language, "page.drivers.title"))
    return 0


def _page(found: Drivers, lang: Language) -> Iterator[str]:
    shown = [
        tables.groups(found, lang=lang),
        tables.tornado(found, top=_TOP, lang=lang),
        tables.shares(found, top=_TOP, lang=lang),
    ]
    for table in shown:
        yield from ("", *fold(table.title, shown_width()))
        if table.unit:
            yield table.unit
        yield from _lines(table)
        # What all were drawn with is said once, at the end.
        for note in table.notes if table is shown[-1] else table.notes[:-1]:
            yield from fold(note, shown_width())
    yield ""


def _lines(table: Table) -> list[str]:
    kept = [place for place, column in enumerate(table.columns) if column.key not in _LEFT_OUT]
    heads = [table.columns[place].heading for place in kept]
    rows = [[_short(row[place]) for place in kept] for row in table.texts()]
    return columns([heads, *rows], [table.columns[place].kind != "text" for place in kept])


def _short(name: str) -> str:
    """A name cut to its room: the measure's, not what is assumed of it."""
    measure, between, rest = name.partition(" · ")
    while between and len(measure) > 1 and width(f"{measure}{between}{rest}") > _ROOM:
        measure = measure.removesuffix("…")[:-1].rstrip() + "…"
    return f"{measure}{between}{rest}"
