"""A canvas in the look of a paper, and a drawn one as SVG or PNG."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple, cast

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from simkit.base.errors import RunError
from simkit.report.papers.glyphs import FONTS, printable

__all__ = ["COLOURS", "WIDTH", "canvas", "drawn_on", "font_family", "png", "style", "svg"]

_SANS = ("SimKitSansSC-Regular.otf", "SimKitSansSC-Bold.otf")
#: matplotlib's settings belong to the process: one figure at a time.
_DRAWING = threading.RLock()
#: Inches: the text width of the page.
WIDTH = 8.4
#: Told apart by colour-blind readers and, by their lightness, in black and white.
COLOURS = {
    "main": "#1f4e79",
    "middle": "#7fa6cc",
    "light": "#d3e2f0",
    "accent": "#c55a11",
    "accent_light": "#f6d9c0",
    "ink": "#222222",
    "muted": "#666666",
    "grid": "#e3e3e3",
}


@cache
def font_family() -> str:
    """The report's font, known to matplotlib from here on; its name."""
    for name in _SANS:
        font_manager.fontManager.addfont(str(FONTS / name))
    return str(font_manager.FontProperties(fname=str(FONTS / _SANS[0])).get_name())


class _Given(NamedTuple):
    """Axes that a person has, or None, and the font they want on them."""

    axes: Axes | None
    family: str | None


_GIVEN: ContextVar[_Given | None] = ContextVar("given", default=None)


@contextmanager
def drawn_on(axes: Axes | None, family: str | None = None) -> Iterator[None]:
    """What is drawn inside is drawn on these axes, where there are any, not on a figure of its own."""
    token = _GIVEN.set(_Given(axes, family))
    try:
        yield
    finally:
        _GIVEN.reset(token)


@contextmanager
def style(family: str | None = None) -> Iterator[None]:
    """The look of the report's figures, inside only; in another font where one is named."""
    settings: dict[str, Any] = {
        "font.family": [*([family] if family else []), font_family()],
        "font.size": 9.5,
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 12,
        "axes.labelsize": 9.5,
        "axes.labelcolor": COLOURS["ink"],
        "axes.edgecolor": "#9a9a9a",
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.unicode_minus": False,
        "text.parse_math": False,  # a name may hold a dollar sign
        "grid.color": COLOURS["grid"],
        "grid.linewidth": 0.7,
        "text.color": COLOURS["ink"],
        "xtick.color": COLOURS["ink"],
        "ytick.color": COLOURS["ink"],
        "xtick.labelsize": 9,
        "ytick.labelsize": 9,
        "legend.frameon": False,
        "legend.fontsize": 9,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "svg.fonttype": "path",
        "svg.hashsalt": "simkit",
    }
    with _DRAWING, matplotlib.rc_context(cast(Any, settings)):
        yield


@contextmanager
def canvas(height: float = 3.9, width: float = WIDTH) -> Iterator[Axes]:
    """An empty figure of the report's look; its one Axes. Inches."""
    given = _GIVEN.get()
    with style(given.family if given else None):
        if given is not None and given.axes is not None:
            yield given.axes
            return
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        yield figure.add_subplot()


def svg(axes: Axes) -> str:
    """The figure as SVG, letters as outlines: it looks the same on every machine."""
    with _drawn(axes) as (figure, file):
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(file, metadata={"Date": None, "Creator": "simkit"})
    return file.getvalue().decode("utf-8")


def png(axes: Axes, dpi: int = 200) -> bytes:
    """The figure as PNG."""
    with _drawn(axes) as (figure, file):
        figure.set_dpi(dpi)
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(file, metadata={"Software": "simkit"})
    return file.getvalue()


@contextmanager
def _drawn(axes: Axes) -> Iterator[tuple[Figure, io.BytesIO]]:
    """A figure in its look, and a file that a canvas prints it into: `savefig` would draw it twice."""
    figure, file = cast(Figure, axes.get_figure(root=True)), io.BytesIO()
    dpi = figure.get_dpi()
    with style(), warnings.catch_warnings():
        _make_printable(axes)
        warnings.filterwarnings("error", message="Glyph .* missing")
        warnings.filterwarnings("error", message=".*[Ff]ont family.*not found")
        try:
            yield figure, file
        except UserWarning as warning:
            title = axes.get_title(loc="left")
            raise RunError("error.no_letter", title=title, found=str(warning), folder=FONTS) from warning
        finally:
            figure.set_dpi(dpi)


def _make_printable(axes: Axes) -> None:
    """Write what the font lacks as code points: a name with an emoji is no reason to draw nothing."""
    for axis in (axes.xaxis, axes.yaxis):
        ticks = list(axis.get_majorticklocs())
        labels = axis.get_major_formatter().format_ticks(ticks)
        if any(printable(label) != label for label in labels):
            axis.set_ticks(ticks, [printable(label) for label in labels])
    for text in axes.get_figure(root=True).findobj(Text):  # type: ignore[union-attr]  # it has one
        assert isinstance(text, Text)
        text.set_text(printable(text.get_text()))
