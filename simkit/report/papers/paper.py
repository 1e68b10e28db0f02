"""A set of annexes, ready to be written: the same pieces for Word, Excel, PDF and a web page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from simkit.report.papers.pieces import Piece, Sentences
from simkit.report.papers.table import Blank, Language, Table
from simkit.report.papers.widths import column_widths

__all__ = ["Annex", "Paper"]

#: Width of an upright page's text, in the width of a digit at a size that can be read; to what words can be narrowed.
_UPRIGHT, _WORDS = 100, 24


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Annex:
    """One annex.

    Attributes
    ----------
    id : str
    label, heading : str
        附件1; 专项资金预算总表.
    pieces : tuple of Piece
        Tables, figures and words, one below the other.
    """

    id: str
    label: str
    heading: str
    pieces: tuple[Piece, ...]

    @property
    def landscape(self) -> bool:
        """Whether a table of it is too wide for an upright page."""
        return any(_narrowed(piece) > _UPRIGHT for piece in self.pieces if isinstance(piece, Table))


def _narrowed(table: Table) -> float:
    """Width of a table whose columns of words give way, in digits."""
    widths = zip(table.columns, column_widths(table), strict=True)
    return sum(min(width, _WORDS) if column.kind == "text" else width for column, width in widths)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paper:
    """All annexes of a run in one language.

    Attributes
    ----------
    lang : Language
    title, subtitle : str
    imprint : tuple of (str, str or Blank)
        Lines of the cover: who prepared it, when; a Blank is filled in by hand.
    banners : tuple of Sentences
        What must stand in front of every figure: a renewal, overlays, invented appropriations.
    contents : str
        Heading of the contents.
    annexes : tuple of Annex
    running : str
        Stands on every page.
    date : datetime.date
        Of the scenario (`as_of`), never the machine's: it dates the file too.
    name : str
        Of the scenario, for the file's properties.
    """

    lang: Language
    title: str
    subtitle: str
    imprint: tuple[tuple[str, str | Blank], ...]
    banners: tuple[Sentences, ...]
    contents: str
    annexes: tuple[Annex, ...]
    running: str
    date: datetime.date
    name: str
