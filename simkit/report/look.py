"""The look of figures: font, sizes, colours, axes; a context of our own, so that matplotlib's settings stay."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from simkit.errors import RunError
from simkit.money import format_wan
from simkit.report.glyphs import FONTS, clipped, printable

__all__ = [
    "COLOURS",
    "FONTS",
    "WIDTH",
    "beside_bar",
    "broken",
    "canvas",
    "halo",
    "label_axis",
    "legend_beside",
    "money_axis",
    "names_axis",
    "png",
    "set_title",
    "share_axis",
    "style",
    "svg",
    "wan",
    "year_axis",
]

_SANS = ("SimKitSansSC-Regular.otf", "SimKitSansSC-Bold.otf")
#: matplotlib's settings belong to the process: one figure at a time.
_DRAWING = threading.RLock()
#: Inches: the text width of the page.
WIDTH = 8.4
#: Half-width columns of one line of a title, and of a whole one.
_LINE, _TITLE = 78, 234
#: Inches that such a column takes in a title and in a name beside the axes.
_IN_TITLE, _IN_NAME = 0.076, 0.061
#: Letters of a word that is never broken.
_WORD = 30
#: Letters of a number at an axis up to which seven marks stand side by side.
_LONG_MARK = 10
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
def _family() -> str:
    """The report's font, known to matplotlib from here on; its name."""
    for name in _SANS:
        font_manager.fontManager.addfont(str(FONTS / name))
    return str(font_manager.FontProperties(fname=str(FONTS / _SANS[0])).get_name())


@contextmanager
def style() -> Iterator[None]:
    """The look of the report's figures, inside only."""
    settings: dict[str, Any] = {
        "font.family": [_family()],
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
    with style():
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        yield figure.add_subplot()


def svg(axes: Axes) -> str:
    """The figure as SVG, letters as outlines: it looks the same on every machine."""
    return _drawn(axes, "svg", {"Date": None, "Creator": "simkit"}).decode("utf-8")


def png(axes: Axes, dpi: int = 200) -> bytes:
    """The figure as PNG."""
    return _drawn(axes, "png", {"Software": "simkit"}, dpi=dpi)


def _drawn(axes: Axes, kind: str, metadata: Mapping[str, Any], **options: Any) -> bytes:
    file = io.BytesIO()
    with style(), warnings.catch_warnings():
        _make_printable(axes)
        warnings.filterwarnings("error", message="Glyph .* missing")
        warnings.filterwarnings("error", message=".*[Ff]ont family.*not found")
        try:
            axes.get_figure().savefig(file, format=kind, metadata=dict(metadata), **options)  # type: ignore[union-attr]  # it has one
        except UserWarning as warning:
            raise RunError(
                f"a figure: {axes.get_title(loc='left')}: {warning}: add it to {FONTS}"
            ) from warning
    return file.getvalue()


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


# ---------------------------------------------------------------------- axes and marks


def wan(value: float, _place: Any = None) -> str:
    """Fen as whole 万元, for axes and marks."""
    return format_wan(0.0 if abs(value) < 500_000 else float(value), 0)


class _MoneyLocator(MaxNLocator):
    """Marks of an axis in 万元: fewer where their numbers are long, so that none runs into the next."""

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Marks between two amounts in fen."""
        self.set_params(nbins=7, steps=[1, 2, 2.5, 5, 10])
        found = super().tick_values(vmin, vmax)
        if max(len(wan(value)) for value in found) > _LONG_MARK:
            self.set_params(nbins=4)
            found = super().tick_values(vmin, vmax)
        return found


def money_axis(axis: Any, label: str) -> None:
    """An axis in 万元."""
    axis.set_major_locator(_MoneyLocator())
    axis.set_major_formatter(FuncFormatter(wan))
    label_axis(axis, label)


def set_title(axes: Axes, labels: Mapping[str, str]) -> None:
    """The title, its lines broken where they are too long; above the upright axis's label where there is one."""
    room = _title_room(axes)
    title = "\n".join(broken(clipped(line, _TITLE), room) for line in labels["title"].split("\n"))
    axes.set_title(title, pad=22 if "y" in labels else 8)


def _title_room(axes: Axes) -> int:
    """Columns that a line of the title has beside the names on the left."""
    names = axes.yaxis.get_major_formatter().format_ticks(list(axes.yaxis.get_majorticklocs()))
    lines = [line for name in names for line in name.split("\n")]
    longest = max((sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) for line in lines), default=0)
    inches = axes.get_figure(root=True).get_size_inches()[0] - 0.2 - longest * _IN_NAME  # type: ignore[union-attr]  # it has one
    return min(_LINE, max(_WORD, int(inches / _IN_TITLE)))


def label_axis(axis: Any, label: str) -> None:
    """The label of an axis; that of the upright one lies flat above it."""
    if axis.axis_name == "x":
        axis.set_label_text(label)
        return
    axis.axes.annotate(
        label,
        (0, 1),
        (-4, 5),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="left",
        va="bottom",
        color=COLOURS["muted"],
        fontsize=9,
    )


def share_axis(axis: Any, label: str) -> None:
    """An axis in percent."""
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    label_axis(axis, label)


def year_axis(axes: Axes, years: Sequence[int], label: str) -> None:
    """Years along the ground."""
    axes.set_xticks(list(years), [str(year) for year in years])
    axes.set_xlabel(label)


def names_axis(axes: Axes, names: Sequence[str]) -> None:
    """Names down the left side, the first on top."""
    axes.set_yticks(range(len(names)), list(names))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)


def halo() -> list[Any]:
    """White around letters that stand on lines."""
    from matplotlib import patheffects

    return [patheffects.withStroke(linewidth=2.5, foreground="white")]


def broken(name: str, width: int = 14) -> str:
    """A label in short lines: Chinese counts double."""
    lines, line, used = [], "", 0
    for word in (part for whole in _words(name) for part in _cut(whole, max(width, _WORD))):
        length = sum(2 if ord(letter) > 0x2E7F else 1 for letter in word)
        if line and used + length > width:
            lines.append(line.strip())
            line, used = "", 0
        line, used = line + word, used + length
    return "\n".join([*lines, line.strip()])


def _cut(word: str, most: int) -> list[str]:
    """A word that no line could hold, in pieces."""
    return [word[at : at + most] for at in range(0, len(word), most)]


def _words(name: str) -> list[str]:
    """Where a label may break: after spaces, and between Chinese characters but not before a mark."""
    words: list[str] = []
    for letter in name:
        joins = (
            words and not words[-1].endswith(" ") and (ord(letter) <= 0x2E7F or letter in "，、；：）。》”")
        )
        opened = words and words[-1][-1] in "（《“"
        if joins and ord(words[-1][-1]) > 0x2E7F and ord(letter) <= 0x2E7F:
            joins = letter in " )%"
        if joins or opened:
            words[-1] += letter
        else:
            words.append(letter)
    return words


def beside_bar(axes: Axes, x: float, y: float, text: str, colour: str = COLOURS["ink"]) -> None:
    """A figure at the end of a bar."""
    axes.annotate(
        text, (x, y), (4, 0), textcoords="offset points", va="center_baseline", fontsize=8.5, color=colour
    )


def legend_beside(axes: Axes) -> None:
    """The legend to the right of the axes."""
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.6, labelspacing=0.7)
