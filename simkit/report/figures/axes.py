"""Axes as a reader sees them: money, shares, years, names, titles that fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from simkit.base.money import format_wan
from simkit.report.papers.drawing import COLOURS
from simkit.report.papers.glyphs import clipped, half_widths

__all__ = [
    "HALO",
    "INDISTINCT",
    "beside_bar",
    "broken",
    "errors",
    "label_axis",
    "legend_beside",
    "lying_bars",
    "mark",
    "money_axis",
    "patches",
    "set_title",
    "share_axis",
    "side_by_side",
    "wan",
    "year_axis",
]

#: Colour of what noise could be.
INDISTINCT = "#c9c9c9"
#: White around letters that stand on lines.
HALO: list[Any] = [patheffects.withStroke(linewidth=2.5, foreground="white")]

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
    longest = max(map(half_widths, lines), default=0)
    inches = axes.get_figure(root=True).get_size_inches()[0] - 0.2 - longest * _IN_NAME  # type: ignore[union-attr]  # it has one
    return min(_LINE, max(_WORD, int(inches / _IN_TITLE)))


def label_axis(axis: Any, label: str) -> None:
    """The label of an axis; that of the upright one lies flat above it."""
    if axis.axis_name == "x":
        axis.set_label_text(label)
        return
    place = {"xycoords": "axes fraction", "ha": "left", "va": "bottom"}
    mark(axis.axes, label, (0, 1), (-4, 5), color=COLOURS["muted"], fontsize=9, **place)


def share_axis(axis: Any, label: str) -> None:
    """An axis in percent."""
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    label_axis(axis, label)


def year_axis(axes: Axes, years: Sequence[int], label: str) -> None:
    """Years along the ground."""
    axes.set_xticks(list(years), [str(year) for year in years])
    axes.set_xlabel(label)


def lying_bars(
    axes: Axes,
    names: Sequence[str],
    limits: tuple[float, float],
    labels: Mapping[str, str],
    *,
    ground: Callable[[Any, str], None] = money_axis,
    zero: bool = False,
) -> None:
    """What lying bars stand between: names down the left side, the first on top, money along the ground.

    Parameters
    ----------
    ground : function
        Of an axis and its label: what stands along the ground instead.
    zero : bool
        Whether a line stands where bars begin, which go both ways.
    """
    if zero:
        axes.axvline(0, color=COLOURS["ink"], linewidth=0.9)
    axes.set_yticks(range(len(names)), list(names))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(*limits)
    ground(axes.xaxis, labels["x"])
    set_title(axes, labels)


def side_by_side(axes: Axes, labels: Mapping[str, str], **sides: tuple[Any, str]) -> None:
    """Two lying bars a name: of each, by the key of its label, the lengths and the colour."""
    for offset, (key, (lengths, colour)) in zip((-0.19, 0.19), sides.items(), strict=True):
        places = np.arange(len(lengths)) + offset
        axes.barh(places, lengths, height=0.36, color=COLOURS[colour], label=labels[key])


def patches(axes: Axes, labels: Mapping[str, str], colours: Mapping[str, str], *, distinct: bool) -> None:
    """The legend of bars whose colours tell more than one thing; grey ones where not all are `distinct`."""
    known = {**colours} if distinct else {**colours, "indistinct": INDISTINCT}
    handles = [Patch(color=colour, label=labels[key]) for key, colour in known.items()]
    axes.legend(handles=handles, loc="lower right")


def errors(axes: Axes, at: Any, values: Any, ends: Any, *, lying: bool = True, **options: Any) -> None:
    """Whiskers of an interval around values; `ends`: how far each goes down, and up."""
    ink = {"fmt": "none", "ecolor": COLOURS["ink"], "elinewidth": 0.9, **options}
    if lying:
        axes.errorbar(values, at, xerr=ends, **ink)
    else:
        axes.errorbar(at, values, yerr=ends, **ink)


def broken(name: str, width: int = 14) -> str:
    """A label in short lines: Chinese counts double."""
    lines, line, used = [], "", 0
    for word in (part for whole in _words(name) for part in _cut(whole, max(width, _WORD))):
        length = half_widths(word)
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


def mark(axes: Axes, text: str, at: tuple[Any, Any], offset: tuple[float, float], **options: Any) -> Any:
    """Words beside a point: so many points to the right of it and above."""
    return axes.annotate(text, at, offset, textcoords="offset points", **{"fontsize": 8.5, **options})


def beside_bar(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    colour: str = COLOURS["ink"],
    *,
    left: bool = False,
    **options: Any,
) -> None:
    """A figure at the end of a bar; `left`: of one that goes to the left."""
    offset = (-4, 0) if left else (4, 0)
    side = {"ha": "right"} if left else {}
    mark(axes, text, (x, y), offset, va="center_baseline", color=colour, **side, **options)


def legend_beside(axes: Axes, **options: Any) -> None:
    """The legend to the right of the axes."""
    place = {"loc": "center left", "bbox_to_anchor": (1.0, 0.5), "handlelength": 1.6, "labelspacing": 0.7}
    axes.legend(**place | options)
