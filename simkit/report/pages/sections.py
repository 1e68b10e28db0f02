"""Saved answers told in a notebook: title, box, sections, in one language."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from simkit.base.words import say
from simkit.report.pages.budget_report import show
from simkit.report.papers.markup import heading_html, lead_html, text_html, title_html
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Language

__all__ = ["Told"]


class Told:
    """What a notebook calls, section by section.

    Attributes
    ----------
    name : str
        Begins the keys of the page's words: `page.NAME.title`, `page.heading.SECTION_...`.
    section_name : str
        Begins the names of its sections.
    lang : Language
    """

    name: ClassVar[str]
    section_name: ClassVar[str]
    lang: Language

    @cached_property
    def facts(self) -> dict[str, str]:
        """What the sentences quote, as it is printed."""
        raise NotImplementedError

    def opening(self) -> None:
        """Title, and what matters most in a box."""
        title = say(self.lang, f"page.{self.name}.title")
        self.show(title_html(title, say(self.lang, f"page.{self.name}.subtitle", **self.facts)))
        keys = (f"page.{self.name}.lead.{part}" for part in ("what", "amount", "text"))
        what, amount, text = (say(self.lang, key, **self.facts) for key in keys)
        self.show(lead_html(what, amount, text))

    def section(self, name: str) -> None:
        """A section's heading and its words."""
        key = f"{self.section_name}_{name}"
        self.show(heading_html(key, say(self.lang, f"page.heading.{key}")))
        self.show(text_html(say(self.lang, f"page.text.{key}", **self.facts)))

    def show(self, *pieces: Piece | str | None) -> None:
        """Show tables, figures and texts, one below the other."""
        show(*pieces)
