"""`simkit provisions`: what each provision costs in three ways, as tables and a saved answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from simkit.cli.answer_tables import table_lines
from simkit.cli.run import checked_folder
from simkit.cli.terminal import echo, progress
from simkit.cli.words import say
from simkit.cli.written import save_told
from simkit.report.papers.table import Language
from simkit.report.tables.provisions import provision_costs
from simkit.runs.job import is_warm
from simkit.scenario import load_scenario
from simkit.whatif.provisions import Provisions, passes, provisions

__all__ = ["show_provisions"]


def show_provisions(
    *,
    scenario: str,
    draws: int,
    seed: int,
    jobs: int | None,
    out: str,
    overlays: Sequence[str],
    language: str,
) -> int:
    """Price every provision, print the tables, save the answer under OUT/SCENARIO; give the exit code."""
    with checked_folder(Path(out)):
        read = load_scenario(scenario, overlays)
        if not is_warm():
            echo(say(language, "compiling"), err=True)
        with progress(draws * passes(read), say(language, "pricing_provisions")) as step:
            found = provisions(read, draws=draws, seed=seed, jobs=jobs, progress=step)
        path = save_told(found, Path(out) / read.folder, language)
    echo("\n".join(_page(found, language)))
    echo(say(language, "answer_saved", path=path))
    echo(say(language, "answer_notebook", command="simkit readings --page"))
    return 0


def _page(found: Provisions, lang: Language) -> Iterator[str]:
    for budget_year in (False, True):
        yield ""
        yield from table_lines(provision_costs(found, budget_year=budget_year, lang=lang))
    yield ""
