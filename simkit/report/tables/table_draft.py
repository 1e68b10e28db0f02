"""A table in the making: its words, its columns, its notes; whatever it is told from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simkit.base.said import Said, listed
from simkit.base.words import say
from simkit.documents.models import Text
from simkit.report.papers.table import Cell, Column, Kind, Language, Ratio, Sum, Table

__all__ = ["TableDraft", "percent"]


def percent(share: float) -> str:
    """A share as 90% or 99.5%."""
    return f"{share * 100:.10g}%"


class TableDraft:
    """Collects columns and notes of one table in one language.

    Attributes
    ----------
    lang : Language
    notes : list of str
        Below the table, each once.
    heads : str
        What the keys of the headings begin with.
    """

    __slots__ = ()

    lang: Language
    notes: list[str]
    heads: str

    def say(self, key: str, /, **values: Any) -> str:
        """Words of the catalogue."""
        return say(self.lang, key, **values)

    def name(self, text: Text | Said) -> str:
        """The words of a name in the table's language."""
        return text.said(self.lang)

    def names(self, texts: Iterable[Text]) -> str:
        """Several names in a row."""
        return listed(texts, self.lang)

    def note(self, *texts: str) -> None:
        """Add notes, each once."""
        self.notes += [text for text in dict.fromkeys(texts) if text not in self.notes]

    def column(
        self,
        key: str,
        kind: Kind = "text",
        heading: str | None = None,
        *,
        head: str = "",
        words: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Column:
        """A column; without a heading of its own that of the catalogue.

        `head`: the heading's key, where it is not the column's; `words`: what the heading quotes.
        """
        if heading is None:
            heading = self.say(f"{self.heads}{head or key}", **(words or {}))
        if options.get("not_additive"):
            heading = self.say("heading.not_additive", heading=heading)
        options.setdefault("adds", not key.endswith(("error", "_low", "_high")))
        return Column(key=key, heading=heading, kind=kind, **options)

    def columns(self, kind: Kind, *keys: str, **options: Any) -> list[Column]:
        """Several of a kind."""
        return [self.column(key, kind, **options) for key in keys]

    def finished(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Mapping[str, Any]],
        *,
        title: str,
        totals: Sequence[int] = (),
        links: Mapping[Cell, Sum | Ratio] | None = None,
        headed: bool = True,
    ) -> Table:
        """The table, with the notes that were made."""
        money = any(column.kind == "money" for column in columns)
        return Table(
            id=name,
            title=title,
            unit=self.say("unit.wan") if money else "",
            columns=tuple(columns),
            rows=tuple(map(dict, rows)),
            totals=tuple(totals),
            notes=tuple(self.notes),
            links=links or {},
            headed=headed,
        )
