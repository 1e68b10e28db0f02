"""Figures of the what-if: numbers in, one matplotlib Axes each. Money in fen, shown in 万元."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simkit.report.figures.axes import (
    HALO,
    errors,
    label_axis,
    legend_beside,
    mark,
    money_axis,
    set_title,
    share_axis,
    wan,
)
from simkit.report.papers.drawing import COLOURS

__all__ = ["differences", "probability", "sweep_curve", "sweep_map"]

Interval = tuple[float, float, float]
_COLOURS = (COLOURS["main"], COLOURS["accent"])


def differences(
    axes: Axes,
    years: Sequence[str],
    views: Mapping[str, Sequence[Interval]],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """Differences by year as bars with their intervals, side by side for each view.

    Parameters
    ----------
    views : name to (value, low, high) of each year
    labels : `title`, `x`, `y`
    """
    places, size = np.arange(len(years)), 0.8 / max(len(views), 1)
    for number, (name, values) in enumerate(views.items()):
        value, low, high = (np.array(column) for column in zip(*values, strict=True))
        at = places + (number - (len(views) - 1) / 2) * size
        axes.bar(at, value, size * 0.92, color=_COLOURS[number % 2], label=name)
        errors(axes, at, value, [value - low, high - value], lying=False, elinewidth=1, capsize=2)
    axes.axhline(0, color=COLOURS["ink"], linewidth=0.8)
    axes.set_xticks(places, years)
    return _labelled(axes, labels, money_axis)


def sweep_curve(
    axes: Axes,
    settings: Sequence[float],
    texts: Sequence[str],
    curves: Mapping[str, Sequence[Interval]],
    standing: float | None,
    *,
    labels: Mapping[str, str],
) -> Axes:
    """Money along one parameter, each curve with its interval as a band; what stands is marked.

    Parameters
    ----------
    settings : numbers, and `texts` as a file has them
    curves : name to (value, low, high) of each setting
    standing : float or None
        Where the scenario stands.
    labels : `title`, `x`, `y`, `standing`
    """
    for number, (name, values) in enumerate(curves.items()):
        value, low, high = (np.array(column) for column in zip(*values, strict=True))
        axes.fill_between(settings, low, high, color=_COLOURS[number % 2], alpha=0.2, linewidth=0)
        axes.plot(
            settings, value, "o-", color=_COLOURS[number % 2], markersize=3.5, linewidth=1.6, label=name
        )
    if standing is not None:
        axes.axvline(standing, color=COLOURS["ink"], linewidth=1, linestyle=(0, (4, 3)))
        look = {"xycoords": ("data", "axes fraction"), "fontsize": 9, "path_effects": HALO}
        mark(axes, labels["standing"], (standing, 0.02), (4, 0), **look)
    _ticks(axes, settings, texts)
    return _labelled(axes, labels, money_axis)


def sweep_map(
    axes: Axes,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """Money over two parameters, a cell a setting. `values`: fen[row, column]; labels: `title`, `x`, `y`."""
    table = np.array(values)
    axes.imshow(table, aspect="auto", cmap="Blues", origin="lower")
    middle = (table.min() + table.max()) / 2
    for row, column in np.ndindex(*table.shape):
        colour = "white" if table[row, column] > middle else COLOURS["ink"]
        look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8.5, "color": colour}
        axes.text(column, row, wan(float(table[row, column])), **look)
    axes.set_xticks(range(len(columns)), columns, rotation=30 if len(columns) > 6 else 0)
    axes.set_yticks(range(len(rows)), rows)
    axes.grid(False)
    label_axis(axes.xaxis, labels["x"])
    label_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    return axes


def probability(
    axes: Axes,
    settings: Sequence[float],
    texts: Sequence[str],
    chances: Sequence[float],
    level: float | None,
    found: float | None,
    interval: tuple[float, float] | None,
    *,
    labels: Mapping[str, str],
) -> Axes:
    """Probability that the budget is enough along a setting; the level asked and the setting found are marked.

    Parameters
    ----------
    labels : `title`, `x`, `y`, `level`, `found`
    """
    axes.plot(settings, chances, "o-", color=COLOURS["main"], markersize=3.5, linewidth=1.6)
    if level is not None:
        axes.axhline(
            level, color=COLOURS["accent"], linewidth=1, linestyle=(0, (4, 3)), label=labels["level"]
        )
    if interval is not None:
        axes.axvspan(*interval, color=COLOURS["accent_light"], linewidth=0, zorder=0.5)
    if found is not None:
        axes.axvline(found, color=COLOURS["ink"], linewidth=1, label=labels["found"])
    _ticks(axes, settings, texts)
    axes.set_ylim(0, 1.03)
    return _labelled(axes, labels, share_axis)


def _labelled(axes: Axes, labels: Mapping[str, str], upright: Callable[[Any, str], None]) -> Axes:
    """With its axes' labels, a legend and the title."""
    label_axis(axes.xaxis, labels["x"])
    upright(axes.yaxis, labels["y"])
    legend_beside(axes)
    set_title(axes, labels)
    return axes


def _ticks(axes: Axes, settings: Sequence[float], texts: Sequence[str]) -> None:
    """Settings as a file has them, where they do not crowd."""
    known = dict(zip(settings, texts, strict=True))
    span = max(settings) - min(settings) or 1.0
    shown: list[float] = []
    for setting in sorted(known):
        if not shown or setting - shown[-1] >= span / 9:
            shown.append(setting)
    axes.set_xticks(shown)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: known.get(value, f"{value:g}")))
