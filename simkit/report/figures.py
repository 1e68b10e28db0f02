"""Figures: arrays in, one matplotlib Axes each. Money in fen, shown in 万元."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from simkit.arrays import FenArray, FloatArray
from simkit.money import format_wan, signed
from simkit.report.look import (
    COLOURS,
    beside_bar,
    broken,
    halo,
    label_axis,
    legend_beside,
    money_axis,
    names_axis,
    set_title,
    share_axis,
    wan,
    year_axis,
)
from simkit.sizing.quantiles import rank_of

__all__ = [
    "caps",
    "common_factor",
    "confidence_curve",
    "drivers",
    "fan",
    "growth",
    "measures",
    "waterfall",
    "years_by_measure",
]

#: Points of a curve of draws.
_POINTS = 401
#: Parts of a bar, from the ground: dark and light in turn.
_STACK = ("#1f4e79", "#e08e4a", "#7fa6cc", "#8c3b0c", "#b9cfe4", "#6b6b6b", "#d0d0d0")


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
    ordered, probability = _curve(totals)
    level, value, low, high = point
    left, right = _span(ordered, high)
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
        axes.annotate(
            f"P{other * 100:g}  {wan(amount)}",
            (amount, other),
            offset,
            textcoords="offset points",
            fontsize=8.5,
            color=COLOURS["main"],
            ha=align,
            path_effects=halo(),
        )
    axes.annotate(
        labels["point"],
        (value, level),
        (14, -46),
        textcoords="offset points",
        fontsize=10,
        fontweight="bold",
        color=COLOURS["accent"],
        ha="left",
        va="top",
        path_effects=halo(),
    )
    axes.set_xlim(left, right)
    axes.set_ylim(0, 1.03)
    money_axis(axes.xaxis, labels["x"])
    share_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    return axes


def _curve(sample: FenArray) -> tuple[FloatArray, FloatArray]:
    """Amounts and the share of draws not above them; of many draws a few hundred points are enough to see."""
    ordered = np.sort(np.asarray(sample, dtype=np.float64))
    places = np.unique(np.linspace(0, len(ordered) - 1, min(len(ordered), _POINTS)).round().astype(int))
    return ordered[places], (places + 1) / len(ordered)


def _span(ordered: FloatArray, at_least: float) -> tuple[float, float]:
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
    years : sequence of int
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
        axes.plot(
            years,
            bands[0.5],
            color=COLOURS["main"],
            linewidth=1.2,
            linestyle=(0, (4, 3)),
            label=labels["median"],
        )
    axes.plot(years, mean, "o-", color=COLOURS["accent"], linewidth=1.8, markersize=4.5, label=labels["mean"])
    for year, amount in zip(years, mean, strict=True):
        axes.annotate(
            wan(amount),
            (year, amount),
            (0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=COLOURS["accent"],
            path_effects=halo(),
        )
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
        axes.fill_between(
            years,
            bands[low],
            bands[high],
            color=shade,
            linewidth=0,
            label=label.format(low=f"P{low * 100:g}", high=f"P{high * 100:g}"),
        )


def _shades(count: int) -> list[str]:
    return ["#e1ebf5", "#bcd3e8", "#95b8d9", "#6f9dca"][:count] if count > 1 else [COLOURS["light"]] * count


def waterfall(
    axes: Axes,
    names: Sequence[str],
    amounts: Sequence[float],
    totals: Sequence[int],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """From gross to paid: totals stand on the ground, what each step takes away hangs between them.

    Parameters
    ----------
    names : sequence of str
    amounts : sequence of float
        Fen: totals as they are, steps with their sign (below 0 takes away).
    totals : sequence of int
        Places of the totals.
    labels : `title`, `y`
    """
    level, tops = 0.0, []
    for place, amount in enumerate(amounts):
        start = 0.0 if place in totals else level
        level = start + amount
        colour = (
            COLOURS["main"] if place in totals else COLOURS["accent"] if amount < 0 else COLOURS["middle"]
        )
        axes.bar(place, amount, bottom=start, width=0.62, color=colour, linewidth=0)
        top = max(start, level)
        tops.append(top)
        axes.annotate(
            wan(amount),
            (place, top),
            (0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9,
            color=colour if colour != COLOURS["middle"] else COLOURS["ink"],
        )
        if place + 1 < len(amounts):
            axes.plot([place + 0.31, place + 0.69], [level, level], color="#9a9a9a", linewidth=0.8)
    axes.set_xticks(range(len(names)), [broken(name) for name in names])
    axes.tick_params(axis="x", length=0)
    axes.grid(False, axis="x")
    axes.set_ylim(0, 1.1 * max([*tops, 1.0]))
    money_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    return axes


def measures(
    axes: Axes,
    names: Sequence[str],
    expected: Sequence[float],
    tail: Sequence[float],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """Measures by expected cost, and beside each bar its share of the cost and of the tail.

    Parameters
    ----------
    names : sequence of str
        Dearest first.
    expected : sequence of float
        Fen.
    tail : sequence of float
        Share of the worst draws' money; they add up to 1. NaN: not given.
    labels : `title`, `x`, `expected`, `tail`
    """
    amounts = np.asarray(expected, dtype=np.float64)
    shares = np.asarray(tail, dtype=np.float64)
    whole = max(amounts.sum(), 1.0)
    places = np.arange(len(amounts))
    axes.barh(places - 0.19, amounts / whole, height=0.36, color=COLOURS["main"], label=labels["expected"])
    axes.barh(
        places + 0.19, np.nan_to_num(shares), height=0.36, color=COLOURS["accent"], label=labels["tail"]
    )
    for place, (amount, share) in enumerate(zip(amounts, shares, strict=True)):
        # The amount belongs to its bar; the share of the tail stands at the end of its own.
        beside_bar(
            axes, amount / whole, place - 0.19, f"{format_wan(float(amount), 1)}  ({amount / whole:.1%})"
        )
        if not np.isnan(share):
            beside_bar(axes, share, place + 0.19, f"{share:.1%}", COLOURS["accent"])
    names_axis(axes, names)
    axes.set_xlim(
        0, 1.22 * max((amounts / whole).max(initial=0.0), np.nan_to_num(shares).max(initial=0.0), 0.01)
    )
    share_axis(axes.xaxis, labels["x"])
    set_title(axes, labels)
    axes.legend(loc="lower right")
    return axes


def caps(
    axes: Axes,
    names: Sequence[str],
    taken: Sequence[float],
    worth: Sequence[float],
    at_cap: Sequence[float],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """What each cap takes, what it is worth, and the share of agencies at it.

    Parameters
    ----------
    names : sequence of str
    taken, worth : sequence of float
        Fen a year.
    at_cap : sequence of float
        Share of the agencies awarded; NaN: not counted.
    labels : `title`, `x`, `taken`, `worth`, `at_cap` with `{share}`
    """
    places = np.arange(len(names))
    axes.barh(places - 0.19, taken, height=0.36, color=COLOURS["main"], label=labels["taken"])
    axes.barh(places + 0.19, worth, height=0.36, color=COLOURS["middle"], label=labels["worth"])
    widest = max([*taken, *worth, 1.0])
    for place, share in enumerate(at_cap):
        end = max(taken[place], worth[place])
        text = "" if np.isnan(share) else labels["at_cap"].format(share=f"{share:.0%}")
        beside_bar(axes, end, place, text, COLOURS["accent"])
    names_axis(axes, names)
    axes.set_xlim(0, 1.35 * widest)
    money_axis(axes.xaxis, labels["x"])
    set_title(axes, labels)
    axes.legend(loc="lower right")
    return axes


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
    years : sequence of int
    target, trend : (mean, low, high), each float[year]
    labels : `title`, `x`, `y`, `target`, `trend`, `goal`
    goal : (year, number), optional
    """
    plans = [(target, "main", "light", labels["target"], "o-")]
    if trend is not None:
        plans.append((trend, "accent", "accent_light", labels["trend"], "s--"))
    for (mean, low, high), colour, shade, label, mark in plans:
        axes.fill_between(years, low, high, color=COLOURS[shade], alpha=0.75, linewidth=0)
        axes.plot(years, mean, mark, color=COLOURS[colour], linewidth=1.8, markersize=4.5, label=label)
    if goal is not None:
        axes.plot(
            [goal[0]],
            [goal[1]],
            "D",
            color="white",
            markeredgecolor=COLOURS["ink"],
            markersize=8,
            zorder=6,
            label=labels["goal"],
        )
    year_axis(axes, years, labels["x"])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:,.0f}"))
    label_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    legend_beside(axes)
    return axes


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
    pairs = [(with_factor, "main", labels["with"], "-"), (without, "accent", labels["without"], (0, (5, 2)))]
    spans = []
    for sample, colour, label, line in pairs:
        ordered, probability = _curve(sample)
        axes.plot(ordered, 1 - probability, color=COLOURS[colour], linewidth=1.8, linestyle=line, label=label)
        at = float(np.sort(sample)[rank_of(len(sample), level)])
        axes.plot([at], [1 - level], "o", color=COLOURS[colour], markersize=6, zorder=5)
        left = colour == "accent"
        axes.annotate(
            wan(at),
            (at, 1 - level),
            (-6 if left else 6, -6 if left else 6),
            textcoords="offset points",
            fontsize=9,
            color=COLOURS[colour],
            ha="right" if left else "left",
            va="top" if left else "bottom",
            path_effects=halo(),
        )
        spans.append(_span(ordered, at))
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
    """What moves the total most: the rank correlation of each assumption with it, and its interval.

    Parameters
    ----------
    names : sequence of str
        Strongest first.
    correlation, low, high : sequence of float
        In [-1, 1].
    labels : `title`, `x`
    """
    places = np.arange(len(names))
    values = np.asarray(correlation, dtype=np.float64)
    ends = np.abs(np.vstack([values - np.asarray(low), np.asarray(high) - values]))
    colours = [COLOURS["main"] if value >= 0 else COLOURS["accent"] for value in values]
    axes.barh(places, values, height=0.55, color=colours, linewidth=0)
    axes.errorbar(values, places, xerr=ends, fmt="none", ecolor=COLOURS["ink"], elinewidth=0.9, capsize=2.5)
    for place, value in enumerate(values):
        end = max(value, float(high[place])) if value >= 0 else min(value, float(low[place]))
        axes.annotate(
            signed(f"{value:z.2f}"),
            (end, place),
            (5 if value >= 0 else -5, 0),
            textcoords="offset points",
            fontsize=8.5,
            va="center_baseline",
            ha="left" if value >= 0 else "right",
        )
    axes.axvline(0, color=COLOURS["ink"], linewidth=0.9)
    widest = 1.25 * max([*np.abs(low), *np.abs(high), 0.1])
    axes.set_xlim(-widest if values.min(initial=0.0) < 0 else 0, widest)
    names_axis(axes, [broken(name, 26) for name in names])
    axes.set_xlabel(labels["x"])
    set_title(axes, labels)
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
    years : sequence of int
    names : sequence of str
        Dearest first; at most 7.
    amounts : float[name, year]
        Fen.
    labels : `title`, `x`, `y`
    """
    ground = np.zeros(len(years))
    for number, (name, line) in enumerate(zip(names, amounts, strict=True)):
        axes.bar(
            years,
            line,
            bottom=ground,
            width=0.62,
            color=_STACK[number],
            edgecolor="white",
            linewidth=0.6,
            label=name,
        )
        ground = ground + line
    for year, total in zip(years, ground, strict=True):
        axes.annotate(
            wan(total),
            (year, total),
            (0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=9,
            fontweight="bold",
        )
    axes.grid(False, axis="x")
    axes.set_ylim(0, 1.1 * max(float(ground.max(initial=0.0)), 1.0))
    year_axis(axes, years, labels["x"])
    money_axis(axes.yaxis, labels["y"])
    set_title(axes, labels)
    handles, words = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1],
        words[::-1],
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        handlelength=1.2,
        labelspacing=0.7,
    )
    return axes
