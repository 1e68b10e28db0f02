"""`simkit readings`: what every ambiguous clause costs in each reading, as tables and a saved answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from simkit.base.words import say as words
from simkit.cli.answer_tables import table_lines
from simkit.cli.run import checked_folder
from simkit.cli.terminal import echo, progress
from simkit.cli.words import say
from simkit.cli.written import save_told, show_page
from simkit.report.papers.table import Language
from simkit.report.tables.readings import reading_costs, widest_choices, widest_total
from simkit.runs.job import is_warm
from simkit.scenario import ScenarioFile
from simkit.whatif.provisions import passes, provisions
from simkit.whatif.readings import STEPS, Readings, readings

__all__ = ["show_readings"]


def show_readings(
    *,
    scenario: str,
    draws: int,
    seed: int,
    jobs: int | None,
    out: str,
    overlays: Sequence[str],
    page: bool,
    language: str,
) -> int:
    """Price every reading, print the tables, save the answer under OUT/SCENARIO; give the exit code.

    The page tells what the provisions cost too, so that they are priced with it.
    """
    with checked_folder(Path(out)):
        file = ScenarioFile(scenario)
        read = file.lay(overlays)
        if not is_warm():
            echo(say(language, "compiling"), err=True)
        with progress(STEPS, say(language, "pricing_readings")) as step:
            found = readings(file, overlays=overlays, draws=draws, seed=seed, jobs=jobs, progress=step)
        path = save_told(found, Path(out) / read.folder, language)
    echo("\n".join(_page(found, language)))
    echo(say(language, "answer_saved", path=path))
    if page:
        with progress(draws * passes(read), say(language, "pricing_provisions")) as step:
            priced = provisions(read, draws=draws, seed=seed, jobs=jobs, progress=step)
        answers = {"readings": path, "provisions": save_told(priced, path.parent, language)}
        told = {name: str(one.resolve()) for name, one in answers.items()}
        show_page("readings", told, path, language, words(language, "page.readings.title"))
    return 0


def _page(found: Readings, lang: Language) -> Iterator[str]:
    # The questions and the single years stand on the page; a terminal has no room for them.
    years = [f"paid_{year}" for year in found.years]
    for special in (True, False):
        table = reading_costs(found, special=special, in_force=True, lang=lang)
        yield ""
        yield from table_lines(table, left_out=years)
    for table in (widest_total(found, lang=lang), widest_choices(found, lang=lang)):
        yield ""
        yield from table_lines(table, left_out=["question"])
    yield ""
