"""The words around the tables and figures of a saved answer of `simkit drivers`: what its notebook calls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from simkit.errors import InputError
from simkit.money import format_wan
from simkit.report.html import heading_html, lead_html, table_html, text_html, title_html
from simkit.report.messages import say
from simkit.report.table import Language, Table
from simkit.report.tables.whatif_drivers import money_asked, share_text
from simkit.whatif.answers import load_answer
from simkit.whatif.drivers import Drivers

__all__ = ["DriverPage", "open_drivers"]


@dataclass(frozen=True)
class DriverPage:
    """A saved answer, told in one language."""

    found: Drivers
    lang: Language

    @cached_property
    def facts(self) -> dict[str, str]:
        """What the sentences quote, as it is printed."""
        found, origin = self.found, self.found.origin
        largest = max(found.groups, key=lambda one: one.first.raw)
        return {
            "title": origin.title_zh if self.lang == "zh" else origin.title_en,
            "money": money_asked(found, self.lang),
            "mean": format_wan(round(found.mean.value)),
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

    def opening(self) -> None:
        """Title, and the largest source in a box."""
        title = say(self.lang, "page.drivers.title")
        self.show(title_html(title, say(self.lang, "page.drivers.subtitle", **self.facts)))
        words = [
            say(self.lang, f"page.drivers.lead.{key}", **self.facts) for key in ("what", "amount", "text")
        ]
        self.show(lead_html(*words))

    def section(self, name: str) -> None:
        """A section's heading and its words."""
        key = f"driver_{name}"
        self.show(heading_html(key, say(self.lang, f"page.heading.{key}")))
        self.show(text_html(say(self.lang, f"page.text.{key}", **self.facts)))

    def show(self, *pieces: Table | str) -> None:
        """Show tables, figures and texts, one below the other."""
        from IPython.display import HTML, display

        for piece in pieces:
            shown = table_html(piece) if isinstance(piece, Table) else piece
            if shown:
                display(HTML(shown))  # type: ignore[no-untyped-call]


def open_drivers(answer: str, lang: str) -> DriverPage:
    """The page on a saved answer.

    Raises
    ------
    InputError
        For a file that is no such answer, or a language that there is none of.
    """
    if lang not in ("zh", "en"):
        raise InputError(f"lang: expected zh or en, found {lang!r}")
    return DriverPage(load_answer(Drivers, Path(answer)), "zh" if lang == "zh" else "en")
