"""A saved run or answer told in a notebook, section by section, in one language."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from simkit.base.words import catalogue, say
from simkit.report.papers.markup import heading_html, lead_html, table_html, text_html, title_html
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Language, Table

__all__ = ["Told", "html_of", "show"]


class Told:
    """What a notebook calls.

    Attributes
    ----------
    name : str
        Begins the keys of the words that open the page: `page.NAME.title`.
    prefix : str
        Begins the names of its sections: `page.heading.PREFIXname`, `page.text.PREFIXname`.
    lang : Language
    """

    name: ClassVar[str]
    prefix: ClassVar[str] = ""
    lang: Language

    @cached_property
    def facts(self) -> dict[str, str]:
        """What the sentences quote, as it is printed."""
        raise NotImplementedError

    @cached_property
    def form(self) -> str:
        """Ends the key of a section's words where there are words of that form."""
        return ""

    def opening(self) -> None:
        """Title, and what matters most in a box."""
        keys = ("title", "subtitle", "lead.what", "lead.amount", "lead.text")
        title, subtitle, *lead = (say(self.lang, f"page.{self.name}.{key}", **self.facts) for key in keys)
        self.show(title_html(title, subtitle), lead_html(*lead))

    def section(self, name: str) -> None:
        """A section's heading and its words."""
        key = f"{self.prefix}{name}"
        self.show(heading_html(key, say(self.lang, f"page.heading.{key}")), self.words(name))

    def words(self, name: str) -> str:
        """The words of a section, in the page's form where it matters."""
        key = f"page.text.{self.prefix}{name}"
        formed = f"{key}.{self.form}"
        return text_html(say(self.lang, formed if formed in catalogue(self.lang) else key, **self.facts))

    def show(self, *pieces: Piece | str | None) -> None:
        """Show tables, figures and texts, one below the other."""
        show(*pieces)


def show(*pieces: Piece | str | None) -> None:
    """Show tables, figures and texts in a notebook, one below the other; strings are HTML."""
    from IPython.display import HTML, display

    for piece in pieces:
        shown = html_of(piece)
        if shown:
            display(HTML(shown))  # type: ignore[no-untyped-call]  # IPython has no types


def html_of(piece: Piece | str | None) -> str:
    """A piece as HTML."""
    if piece is None or isinstance(piece, str):
        return piece or ""
    return table_html(piece) if isinstance(piece, Table) else piece._repr_html_()
