"""Saved answers told in a notebook: what the notebooks of the what-ifs call, section by section."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simkit.base.errors import InputError, known_language
from simkit.base.said import Said
from simkit.base.words import say
from simkit.report.pages.sections import Told
from simkit.report.papers.markup import heading_html, text_html, title_html
from simkit.report.papers.table import Language
from simkit.report.pictures import compare as charts
from simkit.report.tables.compare import compared_overview, comparison
from simkit.report.tables.sweep import seek_looks, sought, swept, swept_map, swept_slopes
from simkit.whatif.answers import Origin, load_answer, newest_answer
from simkit.whatif.comparison import Comparison
from simkit.whatif.seek import Seek
from simkit.whatif.sweep import Sweep

__all__ = ["KINDS", "Answers", "open_answers"]

#: What an answer's file may hold, by its `kind`.
KINDS: dict[str, type[Any]] = {"comparison": Comparison, "sweep": Sweep, "seek": Seek}


@dataclass(frozen=True)
class Answers(Told):
    """Answers of the what-if commands, told in one language."""

    all: tuple[Any, ...]
    lang: Language

    @property
    def origin(self) -> Origin:
        """Where the first comes from; all are of one scenario, as a command asks them."""
        origin: Origin = self.all[0].origin
        return origin

    def of(self, kind: type[Any]) -> list[Any]:
        """Those of a kind."""
        return [one for one in self.all if isinstance(one, kind)]

    def opening(self) -> None:
        """Title, and what the figures rest on."""
        origin = self.origin
        title = origin.title.said(self.lang)
        words = {"scenario": origin.scenario, "draws": f"{origin.draws:,}", "seed": origin.seed}
        self.show(title_html(say(self.lang, "page.whatif.title"), title))
        self.show(text_html(say(self.lang, "page.whatif.about", **words), "note"))

    def comparisons(self) -> None:
        """Every comparison with its tables and figure; of several an overview first."""
        found = self.of(Comparison)
        if len(found) > 1:
            self.show(heading_html("overview", say(self.lang, "page.whatif.overview")))
            self.show(compared_overview(found, lang=self.lang))
        for number, one in enumerate(found):
            changes, totals, *others = comparison(one, lang=self.lang)
            self.show(heading_html(f"compare{number}", say(self.lang, "page.whatif.compare", name=one.name)))
            self.show(changes, totals, charts.compared(one, self.lang), *others)

    def sweeps(self) -> None:
        """Every sweep: the curve or the map, its points, what one more unit costs."""
        for number, one in enumerate(self.of(Sweep)):
            path = " × ".join(one.paths)
            self.show(heading_html(f"sweep{number}", say(self.lang, "page.whatif.sweep", path=path)))
            self.show(charts.swept(one, self.lang))
            if len(one.paths) == 1:
                self.show(swept(one, lang=self.lang), swept_slopes(one, lang=self.lang))
            else:
                self.show(swept_map(one, lang=self.lang), swept(one, lang=self.lang))

    def seeks(self) -> None:
        """Every seek: what was found, and all that was looked at."""
        for number, one in enumerate(self.of(Seek)):
            self.show(
                heading_html(f"seek{number}", say(self.lang, "page.whatif.seek", path=" · ".join(one.paths)))
            )
            self.show(
                sought(one, lang=self.lang), charts.sought(one, self.lang), seek_looks(one, lang=self.lang)
            )


def open_answers(paths: Sequence[str], lang: str) -> Answers:
    """Saved answers to be told; without any the newest that is saved.

    Raises
    ------
    InputError
        Where none is saved, for a language that there is none of, or a file that is no answer.
    """
    known_language(lang)
    command = "simkit compare SCENARIO.yaml PATH=VALUE"
    files = paths or [str(newest_answer(*KINDS.values(), command=command))]
    return Answers(tuple(load_answer(_kind(path), path) for path in files), lang)


def _kind(path: str) -> type[Any]:
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        return KINDS[data["kind"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = error if isinstance(error, OSError) else Said("fault.another_file")
        raise InputError("error.no_answer", path=path, kinds=", ".join(KINDS), found=found) from error
