"""The words around the tables and figures of a saved answer of `simkit drivers`: what its notebook calls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from simkit.base.errors import known_language
from simkit.base.money import format_wan
from simkit.base.words import say
from simkit.report.pages.sections import Told
from simkit.report.papers.table import Language
from simkit.report.tables.drivers import money_asked, share_text
from simkit.whatif.answers import load_answer, newest_answer
from simkit.whatif.drivers import Drivers

__all__ = ["DriverPage", "open_drivers"]


@dataclass(frozen=True)
class DriverPage(Told):
    """A saved answer, told in one language."""

    name: ClassVar[str] = "drivers"
    prefix: ClassVar[str] = "driver_"

    found: Drivers
    lang: Language

    @cached_property
    def facts(self) -> dict[str, str]:
        """What the sentences quote, as it is printed."""
        found, origin = self.found, self.found.origin
        largest = max(found.groups, key=lambda one: one.first.raw)
        return {
            "title": origin.title.said(self.lang),
            "money": money_asked(found, self.lang),
            "mean": format_wan(round(found.mean.given or 0.0)),
            "deviation": format_wan(round(found.deviation.value)),
            "source": say(self.lang, f"drivers.group.{largest.name}", count=len(found.assumptions)),
            "share": f"{largest.first.value:.0%}",
            "draws": f"{origin.draws:,}",
            "draws_plain": str(origin.draws),
            "seed": str(origin.seed),
            "file": origin.file,
            "of": found.asked["of"],
            **{one.name: share_text(one.first, self.lang) for one in found.groups},
        }


def open_drivers(answer: str, lang: str) -> DriverPage:
    """The page on a saved answer; without one on the newest that is saved.

    Raises
    ------
    InputError
        Where none is saved, for a file that is no such answer, or a language that there is none of.
    """
    told_in = known_language(lang)
    found = answer or newest_answer(Drivers, command="simkit drivers SCENARIO.yaml")
    return DriverPage(load_answer(Drivers, found), told_in)
