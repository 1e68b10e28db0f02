"""Figures of the need: confidence curve, fan of years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from simkit.base.arrays import FenArray, FloatArray
from simkit.report.figures.axes import (
    HALO,
    legend_beside,
    mark,
    money_axis,
    set_title,
    share_axis,
    wan,
    year_axis,
)
from simkit.report.papers.drawing import COLOURS

__all__ = ["confidence_curve", "curve_points", "fan", "span_of"]

#: Points of a curve of draws.
_POINTS = 401


def confidence_curve(
    axes: Axes,
    totals: FenArray,
    point: tuple[float, float, float, float],
    *,
    labels: Mapping[str, str],
    levels: Mapping[float, float] | None = None,
) -> Axes:
    """Money against the probability that it is enough, with the headline marked.

    Parameters
    ----------
    totals : int64[draw]
        Fen.
    point : (level, value, low, high)
        The headline's confidence, fen, and its interval.
    labels : `title`, `x`, `y`, `point` (beside the headline)
    levels : mapping of level to fen, optional
        Other quantiles to be marked.
    """
    ordered, probability = curve_points(totals)
    level, value, low, high = point
    left, right = span_of(ordered, high)
    axes.fill_between(ordered, probability, color=COLOURS["light"], linewidth=0)
    axes.plot(ordered, probability, color=COLOURS["main"], linewidth=1.8)
    axes.axvspan(low, high, color=COLOURS["accent_light"], linewidth=0, zorder=0.5)
    axes.plot(
        [left, value, value], [level, level, 0], color=COLOURS["accent"], linewidth=1.0, linestyle=(0, (4, 3))
    )
    axes.plot([value], [level], "o", color=COLOURS["accent"], markersize=7, zorder=5)
    for other, amount in (levels or {}).items():
        axes.plot([amount], [other], "o", color=COLOURS["main"], markersize=4.5, zorder=4)
        # Below the curve to the right; where the curve is flat, under it.
        offset, align = ((8, -4), "left") if other < 0.9 else ((0, -14), "center")
        look = {"ha": align, "color": COLOURS["main"], "path_effects": HALO}
        mark(axes, f"P{other * 100:g}  {wan(amount)}", (amount, other), offset, **look)
    headline: dict[str, Any] = {
        "fontsize": 10,
        "fontweight": "bold",
        "ha": "left",
        "va": "top",
        "path_effects": HALO,
    }
    mark(axes, labels["point"], (value, level), (14, -46), color=COLOURS["accent"], **headline)
    axes.set_xlim(left, right)
    axes.set_ylim(0, 1.03)
    money_axis(axes.xaxis, labels["x"])
    share_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    return axes


def curve_points(sample: FenArray) -> tuple[FloatArray, FloatArray]:
    """Amounts and the share of draws not above them; of many draws a few hundred points are enough to see."""
    ordered = np.sort(np.asarray(sample, dtype=np.float64))
    places = np.unique(np.linspace(0, len(ordered) - 1, min(len(ordered), _POINTS)).round().astype(int))
    return ordered[places], (places + 1) / len(ordered)


def span_of(ordered: FloatArray, at_least: float) -> tuple[float, float]:
    """What of a sorted sample is shown: a hair of each tail is cut, so that the middle can be read."""
    left, right = np.quantile(ordered, [0.001, 0.995])
    right = max(right, at_least)
    margin = 0.06 * (right - left) or 0.05 * abs(right) or 1.0
    return max(0.0, left - margin), right + margin


def fan(
    axes: Axes,
    years: Sequence[int],
    bands: Mapping[float, FloatArray],
    mean: FloatArray,
    *,
    labels: Mapping[str, str],
    marked: int | None = None,
) -> Axes:
    """Quantiles by year as bands around the mean; they do not add up over the years, and the labels say so.

    Parameters
    ----------
    bands : mapping of level to float[year]
        Fen; levels in pairs about 0.5 (0.05 and 0.95, ...), and 0.5.
    mean : float[year]
        Fen.
    labels : `title`, `x`, `y`, `mean`, `median`, `band` with `{low}` and `{high}`
    marked : int, optional
        The budget year.
    """
    _bands(axes, years, bands, labels["band"])
    if 0.5 in bands:
        dashed: dict[str, Any] = {"linewidth": 1.2, "linestyle": (0, (4, 3)), "label": labels["median"]}
        axes.plot(years, bands[0.5], color=COLOURS["main"], **dashed)
    axes.plot(years, mean, "o-", color=COLOURS["accent"], linewidth=1.8, markersize=4.5, label=labels["mean"])
    for year, amount in zip(years, mean, strict=True):
        look = {"ha": "center", "color": COLOURS["accent"], "path_effects": HALO}
        mark(axes, wan(amount), (year, amount), (0, 8), **look)
    if marked is not None and marked in years:
        axes.axvline(marked, color=COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 3)), zorder=0.6)
    axes.set_ylim(bottom=0)
    year_axis(axes, years, labels["x"])
    money_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    legend_beside(axes)
    return axes


def _bands(axes: Axes, years: Sequence[int], bands: Mapping[float, FloatArray], label: str) -> None:
    lows = sorted(level for level in bands if level < 0.5)
    shades = _shades(len(lows))
    for low, shade in zip(lows, shades, strict=True):
        high = round(1 - low, 10)
        words = label.format(low=f"P{low * 100:g}", high=f"P{high * 100:g}")
        axes.fill_between(years, bands[low], bands[high], color=shade, linewidth=0, label=words)


def _shades(count: int) -> list[str]:
    return ["#e1ebf5", "#bcd3e8", "#95b8d9", "#6f9dca"][:count] if count > 1 else [COLOURS["light"]] * count
