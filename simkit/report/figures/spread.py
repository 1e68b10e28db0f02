"""Figures of what spreads the need: the common factor, the drivers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from simkit.base.arrays import FenArray
from simkit.base.money import signed
from simkit.report.figures.axes import (
    HALO,
    broken,
    errors,
    label_axis,
    lying_bars,
    mark,
    money_axis,
    set_title,
    share_axis,
    wan,
)
from simkit.report.figures.need import curve_points, span_of
from simkit.report.papers.drawing import COLOURS
from simkit.sizing.quantiles import rank_of

__all__ = ["common_factor", "drivers"]


def common_factor(
    axes: Axes,
    with_factor: FenArray,
    without: FenArray,
    level: float,
    *,
    labels: Mapping[str, str],
) -> Axes:
    """How the common factor stretches the tail: two curves of the probability of exceeding an amount.

    Parameters
    ----------
    with_factor, without : int64[draw]
        Fen.
    level : float
        Confidence at which the two are compared.
    labels : `title`, `x`, `y`, `with`, `without`
    """
    spans = []
    for sample, kind, line in ((with_factor, "with", "-"), (without, "without", (0, (5, 2)))):
        colour = COLOURS["main" if kind == "with" else "accent"]
        ordered, probability = curve_points(sample)
        axes.plot(ordered, 1 - probability, color=colour, linewidth=1.8, linestyle=line, label=labels[kind])
        at = float(np.sort(sample)[rank_of(len(sample), level)])
        axes.plot([at], [1 - level], "o", color=colour, markersize=6, zorder=5)
        offset = (6, 6) if kind == "with" else (-6, -6)
        sides = {"ha": "left", "va": "bottom"} if kind == "with" else {"ha": "right", "va": "top"}
        mark(axes, wan(at), (at, 1 - level), offset, fontsize=9, color=colour, path_effects=HALO, **sides)
        spans.append(span_of(ordered, at))
    axes.axhline(1 - level, color=COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 3)))
    axes.set_xlim(min(low for low, _ in spans), max(high for _, high in spans))
    axes.set_ylim(0, 1.03)
    money_axis(axes.xaxis, labels["x"])
    share_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    axes.legend(loc="upper right")
    return axes


def drivers(
    axes: Axes,
    names: Sequence[str],
    correlation: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """What moves the total most, strongest first: the rank correlation of each assumption with it, and its interval.

    `labels`: `title`, `x`.
    """
    places = np.arange(len(names))
    values = np.asarray(correlation, dtype=np.float64)
    ends = np.abs(np.vstack([values - np.asarray(low), np.asarray(high) - values]))
    colours = [COLOURS["main"] if value >= 0 else COLOURS["accent"] for value in values]
    axes.barh(places, values, height=0.55, color=colours, linewidth=0)
    errors(axes, places, values, ends, capsize=2.5)
    for place, value in enumerate(values):
        more = value >= 0
        end = max(value, float(high[place])) if more else min(value, float(low[place]))
        sides = {"va": "center_baseline", "ha": "left" if more else "right"}
        mark(axes, signed(f"{value:z.2f}"), (end, place), (5 if more else -5, 0), **sides)
    widest = 1.25 * max([*np.abs(low), *np.abs(high), 0.1])
    limits = (-widest if values.min(initial=0.0) < 0 else 0, widest)
    lying_bars(axes, [broken(name, 26) for name in names], limits, labels, zero=True, ground=label_axis)
    return axes
