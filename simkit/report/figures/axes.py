"""Axes as a reader sees them: money, shares, years, names, titles that fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from simkit.base.money import format_wan
from simkit.report.papers.drawing import COLOURS
from simkit.report.papers.glyphs import FONTS, clipped

__all__ = [
    "FONTS",
    "beside_bar",
    "broken",
    "halo",
    "label_axis",
    "legend_beside",
    "money_axis",
    "names_axis",
    "set_title",
    "share_axis",
    "wan",
    "year_axis",
]

#: Half-width columns of one line of a title, and of a whole one.
_LINE, _TITLE = 78, 234
#: Inches that such a column takes in a title and in a name beside the axes.
_IN_TITLE, _IN_NAME = 0.076, 0.061
#: Letters of a word that is never broken.
_WORD = 30
#: Letters of a number at an axis up to which seven marks stand side by side.
_LONG_MARK = 10


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
