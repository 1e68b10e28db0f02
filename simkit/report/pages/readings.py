"""The words around the tables and figures of readings and provisions: what their notebook calls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from simkit.base.errors import InputError, known_language
from simkit.base.money import format_wan
from simkit.base.said import listed
from simkit.base.words import say
from simkit.report.pages.sections import Told
from simkit.report.papers.table import Language
from simkit.whatif.answers import load_answer, newest_answer
from simkit.whatif.provisions import Provisions
from simkit.whatif.readings import Readings

__all__ = ["ReadingPage", "open_readings"]


@dataclass(frozen=True)
class ReadingPage(Told):
    """Two saved answers on one scenario, told in one language."""

    name: ClassVar[str] = "readings"
    prefix: ClassVar[str] = "reading_"

    readings: Readings
    provisions: Provisions
    lang: Language

    @cached_property
    def facts(self) -> dict[str, str]:
        """What the sentences quote, as it is printed."""
        origin, by_way = self.readings.origin, {one.way: one for one in self.readings.combinations}
        return {
            "title": origin.title.said(self.lang),
            "cheapest": format_wan(round(by_way["cheapest"].line("total").after)),
            "dearest": format_wan(round(by_way["dearest"].line("total").after)),
            "in_force": format_wan(round(by_way["dearest"].line("total").before)),
            "count": str(len(self.readings.questions)),
            "draws": f"{origin.draws:,}",
            "draws_plain": str(origin.draws),
            "seed": str(origin.seed),
            "file": origin.file,
            "meeting": self._meeting(),
            **self._largest(),
        }

    def _largest(self) -> dict[str, str]:
        """The option that costs most, or saves most."""
        options = [
            (option.line("total").difference, question, option)
            for question in self.readings.questions
            for option in question.options
        ]
        if not options:
            return {"largest": "—", "largest_amount": format_wan(0)}
        amount, question, option = max(options, key=lambda one: abs(one[0]))
        label = option.label.said(self.lang)
        return {"largest": f"{question.clause} {label}", "largest_amount": format_wan(round(amount))}

    def _meeting(self) -> str:
        """Which provisions share money."""
        some = [one for one in self.provisions.provisions if one.together]
        if not some:
            return say(self.lang, "page.text.reading_alone")
        saved = self.provisions.total.saved / self.provisions.origin.draws
        names = listed((one.name for one in some), self.lang)
        return say(self.lang, "page.text.reading_meeting", names=names, saved=format_wan(round(saved)))


def open_readings(readings: str, provisions: str, lang: str) -> ReadingPage:
    """The page on two saved answers; without them on the newest that are saved.

    Raises
    ------
    InputError
        Where none are saved, for a file that is no such answer, answers on different inputs, or a language that
        there is none of.
    """
    known_language(lang)
    command = "simkit readings SCENARIO.yaml"
    read = load_answer(Readings, readings or newest_answer(Readings, command=command))
    cost = load_answer(Provisions, provisions or newest_answer(Provisions, command=command))
    asked = [(one.origin.digests, one.origin.seed, one.origin.draws) for one in (read, cost)]
    if asked[0] != asked[1]:
        raise InputError("error.other_provisions", path=provisions)
    return ReadingPage(read, cost, lang)
