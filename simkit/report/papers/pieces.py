"""What a page or a paper is made of, beside tables: figures and words, the same for every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from matplotlib.axes import Axes

from simkit.report.papers.drawing import png, svg
from simkit.report.papers.markup import picture_html, text_html
from simkit.report.papers.table import Table

__all__ = ["DPI", "Picture", "Piece", "Sentences"]

#: What a printer needs.
DPI = 300


@dataclass(frozen=True, slots=True)
class Sentences:
    """Text; a line feed ends a paragraph.

    Attributes
    ----------
    text : str
        May hold what a user wrote: it prints as it is.
    kind : `p`, `heading` (of a part of an annex), `warn` (what must be known), `note` (small)
    """

    text: str
    kind: Literal["p", "heading", "warn", "note"] = "p"

    def _repr_html_(self) -> str:
        return text_html(self.text, self.kind)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A drawn figure: SVG on a page and in a PDF, PNG in Word and Excel.

    Attributes
    ----------
    axes : Axes
    title : str
        What is seen, for those who do not see it.
    note : str
        Below the figure.
    """

    axes: Axes
    title: str
    note: str = ""
    _drawn: dict[str, bytes] = field(default_factory=dict, repr=False)

    def svg(self) -> str:
        """As SVG, letters as outlines."""
        return self._once("svg", lambda: svg(self.axes).encode("utf-8")).decode("utf-8")

    def png(self, dpi: int = DPI) -> bytes:
        """As PNG."""
        return self._once(f"png {dpi}", lambda: png(self.axes, dpi))

    def _once(self, kind: str, draw: Callable[[], bytes]) -> bytes:
        """What was drawn before for another paper, or now."""
        if kind not in self._drawn:
            self._drawn[kind] = draw()
        return self._drawn[kind]

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height."""
        width, height = self.axes.get_figure(root=True).get_size_inches()  # type: ignore[union-attr]  # it has one
        return float(width), float(height)

    def _repr_html_(self) -> str:
        return picture_html(self.svg(), self.title, self.note)


Piece: TypeAlias = Table | Picture | Sentences
