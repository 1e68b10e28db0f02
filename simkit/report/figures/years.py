"""Figures of years: growth of agencies, outlay by measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simkit.base.arrays import FloatArray
from simkit.report.figures.axes import label_axis, legend_beside, mark, money_axis, set_title, wan, year_axis
from simkit.report.papers.drawing import COLOURS

__all__ = ["growth", "years_by_measure"]

#: Parts of a bar, from the ground: dark and light in turn.
_STACK = ("#1f4e79", "#e08e4a", "#7fa6cc", "#8c3b0c", "#b9cfe4", "#6b6b6b", "#d0d0d0")


def growth(
    axes: Axes,
    years: Sequence[int],
    target: tuple[FloatArray, FloatArray, FloatArray],
    trend: tuple[FloatArray, FloatArray, FloatArray] | None,
    *,
    labels: Mapping[str, str],
    goal: tuple[int, float] | None = None,
) -> Axes:
    """Agencies by year: as the target wants them beside as the trend gives them.

    Parameters
    ----------
    target, trend : (mean, low, high), each float[year]
    labels : `title`, `x`, `y`, `target`, `trend`, `goal`
    goal : (year, number), optional
    """
    plans = [(target, "main", "light", labels["target"], "o-")]
    if trend is not None:
        plans.append((trend, "accent", "accent_light", labels["trend"], "s--"))
    for (mean, low, high), colour, shade, label, line in plans:
        axes.fill_between(years, low, high, color=COLOURS[shade], alpha=0.75, linewidth=0)
        axes.plot(years, mean, line, color=COLOURS[colour], linewidth=1.8, markersize=4.5, label=label)
    if goal is not None:
        look: dict[str, Any] = {
            "color": "white",
            "markeredgecolor": COLOURS["ink"],
            "markersize": 8,
            "zorder": 6,
        }
        axes.plot([goal[0]], [goal[1]], "D", label=labels["goal"], **look)
    year_axis(axes, years, labels["x"])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:,.0f}"))
    label_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    legend_beside(axes)
    return axes


def years_by_measure(
    axes: Axes,
    years: Sequence[int],
    names: Sequence[str],
    amounts: FloatArray,
    *,
    labels: Mapping[str, str],
) -> Axes:
    """Expected money by paid year, each bar made of the measures that it pays.

    Parameters
    ----------
    names : sequence of str
        Dearest first; at most 7.
    amounts : float[name, year]
        Fen.
    labels : `title`, `x`, `y`
    """
    ground = np.zeros(len(years))
    edge: dict[str, Any] = {"width": 0.62, "edgecolor": "white", "linewidth": 0.6}
    for number, (name, line) in enumerate(zip(names, amounts, strict=True)):
        axes.bar(years, line, bottom=ground, color=_STACK[number], label=name, **edge)
        ground = ground + line
    for year, total in zip(years, ground, strict=True):
        mark(axes, wan(total), (year, total), (0, 3), ha="center", fontsize=9, fontweight="bold")
    axes.grid(False, axis="x")
    axes.set_ylim(0, 1.1 * max(float(ground.max(initial=0.0)), 1.0))
    year_axis(axes, years, labels["x"])
    money_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    handles, words = axes.get_legend_handles_labels()
    legend_beside(axes, handles=handles[::-1], labels=words[::-1], handlelength=1.2)
    return axes
