"""Figures: arrays in, one matplotlib Axes each. Money in fen, shown in 万元.

The look (font, sizes, colours) is a context of our own: matplotlib's settings stay as they are.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from simkit.arrays import FenArray, FloatArray
from simkit.errors import RunError
from simkit.money import format_wan
from simkit.sizing.quantiles import rank_of

__all__ = [
    "COLOURS",
    "FONTS",
    "WIDTH",
    "canvas",
    "caps",
    "common_factor",
    "confidence_curve",
    "drivers",
    "fan",
    "growth",
    "measures",
    "png",
    "style",
    "svg",
    "waterfall",
    "years_by_measure",
]

FONTS = Path(__file__).parent / "fonts"
_SANS = ("SimKitSansSC-Regular.otf", "SimKitSansSC-Bold.otf")
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
#: Points of a curve of draws.
_POINTS = 401
#: Parts of a bar, from the ground: dark and light in turn.
_STACK = ("#1f4e79", "#e08e4a", "#7fa6cc", "#8c3b0c", "#b9cfe4", "#6b6b6b", "#d0d0d0")


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
    with matplotlib.rc_context(settings):
        yield


@contextmanager
def canvas(height: float = 3.9, width: float = WIDTH) -> Iterator[Axes]:
    """An empty figure of the report's look; its one Axes. Inches."""
    with style():
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        yield figure.add_subplot()


def svg(axes: Axes) -> str:
    """The figure as SVG, letters as outlines: it looks the same on every machine.

    Raises
    ------
    RunError
        When the font lacks a character of a label.
    """
    return _drawn(axes, "svg", {"Date": None, "Creator": "simkit"}).decode("utf-8")


def png(axes: Axes, dpi: int = 200) -> bytes:
    """The figure as PNG.

    Raises
    ------
    RunError
        When the font lacks a character of a label.
    """
    return _drawn(axes, "png", {"Software": "simkit"}, dpi=dpi)


def _drawn(axes: Axes, kind: str, metadata: Mapping[str, Any], **options: Any) -> bytes:
    file = io.BytesIO()
    with style(), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        warnings.filterwarnings("error", message=".*[Ff]ont family.*not found")
        try:
            axes.get_figure().savefig(file, format=kind, metadata=dict(metadata), **options)  # type: ignore[union-attr]
        except UserWarning as warning:
            raise RunError(f"a figure: {axes.get_title(loc='left')}: {warning}: add it to {FONTS}") from warning
    return file.getvalue()


# ---------------------------------------------------------------------- axes and marks


def _wan(value: float, _place: Any = None) -> str:
    return format_wan(float(value), 0).replace("-0", "0") if abs(value) < 500_000 else format_wan(float(value), 0)


def _money_axis(axis: Any, label: str) -> None:
    axis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(_wan))
    _label(axis, label)


def _title(axes: Axes, labels: Mapping[str, str]) -> None:
    axes.set_title(labels["title"], pad=22 if "y" in labels else 8)


def _label(axis: Any, label: str) -> None:
    """The label of an axis; that of the upright one lies flat above it."""
    if axis.axis_name == "x":
        axis.set_label_text(label)
        return
    axis.axes.annotate(
        label, (0, 1), (-4, 5), xycoords="axes fraction", textcoords="offset points", ha="left", va="bottom",
        color=COLOURS["muted"], fontsize=9,
    )


def _share_axis(axis: Any, label: str) -> None:
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    _label(axis, label)


def _year_axis(axes: Axes, years: Sequence[int], label: str) -> None:
    axes.set_xticks(list(years), [str(year) for year in years])
    axes.set_xlabel(label)


def _names_axis(axes: Axes, names: Sequence[str]) -> None:
    """Names down the left side, the first on top."""
    axes.set_yticks(range(len(names)), list(names))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)


def _halo() -> list[Any]:
    from matplotlib import patheffects

    return [patheffects.withStroke(linewidth=2.5, foreground="white")]


# ---------------------------------------------------------------------- figures


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
    axes.plot([left, value, value], [level, level, 0], color=COLOURS["accent"], linewidth=1.0, linestyle=(0, (4, 3)))
    axes.plot([value], [level], "o", color=COLOURS["accent"], markersize=7, zorder=5)
    for other, amount in (levels or {}).items():
        axes.plot([amount], [other], "o", color=COLOURS["main"], markersize=4.5, zorder=4)
        # Below the curve to the right; where the curve is flat, under it.
        offset, align = ((8, -4), "left") if other < 0.9 else ((0, -14), "center")
        axes.annotate(
            f"P{other * 100:g}  {_wan(amount)}", (amount, other), offset, textcoords="offset points",
            fontsize=8.5, color=COLOURS["main"], ha=align, path_effects=_halo(),
        )
    axes.annotate(
        labels["point"], (value, level), (14, -46), textcoords="offset points", fontsize=10, fontweight="bold",
        color=COLOURS["accent"], ha="left", va="top", path_effects=_halo(),
    )
    axes.set_xlim(left, right)
    axes.set_ylim(0, 1.03)
    _money_axis(axes.xaxis, labels["x"])
    _share_axis(axes.yaxis, labels["y"])
    _title(axes, labels)
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
        axes.plot(years, bands[0.5], color=COLOURS["main"], linewidth=1.2, linestyle=(0, (4, 3)), label=labels["median"])
    axes.plot(years, mean, "o-", color=COLOURS["accent"], linewidth=1.8, markersize=4.5, label=labels["mean"])
    for year, amount in zip(years, mean, strict=True):
        axes.annotate(
            _wan(amount), (year, amount), (0, 8), textcoords="offset points", ha="center", fontsize=8.5,
            color=COLOURS["accent"], path_effects=_halo(),
        )
    if marked is not None and marked in years:
        axes.axvline(marked, color=COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 3)), zorder=0.6)
    axes.set_ylim(bottom=0)
    _year_axis(axes, years, labels["x"])
    _money_axis(axes.yaxis, labels["y"])
    _title(axes, labels)
    _legend_beside(axes)
    return axes


def _bands(axes: Axes, years: Sequence[int], bands: Mapping[float, FloatArray], label: str) -> None:
    lows = sorted(level for level in bands if level < 0.5)
    shades = _shades(len(lows))
    for low, shade in zip(lows, shades, strict=True):
        high = round(1 - low, 10)
        axes.fill_between(
            years, bands[low], bands[high], color=shade, linewidth=0,
            label=label.format(low=f"P{low * 100:g}", high=f"P{high * 100:g}"),
        )


def _shades(count: int) -> list[str]:
    return ["#e1ebf5", "#bcd3e8", "#95b8d9", "#6f9dca"][:count] if count > 1 else [COLOURS["light"]] * count


def _legend_beside(axes: Axes) -> None:
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.6, labelspacing=0.7)


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
        colour = COLOURS["main"] if place in totals else COLOURS["accent"] if amount < 0 else COLOURS["middle"]
        axes.bar(place, amount, bottom=start, width=0.62, color=colour, linewidth=0)
        top = max(start, level)
        tops.append(top)
        axes.annotate(
            _wan(amount), (place, top), (0, 3), textcoords="offset points", ha="center", va="bottom", fontsize=9,
            color=colour if colour != COLOURS["middle"] else COLOURS["ink"],
        )
        if place + 1 < len(amounts):
            axes.plot([place + 0.31, place + 0.69], [level, level], color="#9a9a9a", linewidth=0.8)
    axes.set_xticks(range(len(names)), [_broken(name) for name in names])
    axes.tick_params(axis="x", length=0)
    axes.grid(False, axis="x")
    axes.set_ylim(0, 1.1 * max([*tops, 1.0]))
    _money_axis(axes.yaxis, labels["y"])
    _title(axes, labels)
    return axes


def _broken(name: str, width: int = 14) -> str:
    """A label in short lines: Chinese counts double."""
    lines, line, used = [], "", 0
    for word in _words(name):
        length = sum(2 if ord(letter) > 0x2E7F else 1 for letter in word)
        if line and used + length > width:
            lines.append(line.strip())
            line, used = "", 0
        line, used = line + word, used + length
    return "\n".join([*lines, line.strip()])


def _words(name: str) -> list[str]:
    """Where a label may break: after spaces, and between Chinese characters but not before a mark."""
    words: list[str] = []
    for letter in name:
        joins = words and not words[-1].endswith(" ") and (ord(letter) <= 0x2E7F or letter in "，、；：）。》”")
        opened = words and words[-1][-1] in "（《“"
        if joins and ord(words[-1][-1]) > 0x2E7F and ord(letter) <= 0x2E7F:
            joins = letter in " )%"
        if joins or opened:
            words[-1] += letter
        else:
            words.append(letter)
    return words


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
    axes.barh(places + 0.19, np.nan_to_num(shares), height=0.36, color=COLOURS["accent"], label=labels["tail"])
    for place, (amount, share) in enumerate(zip(amounts, shares, strict=True)):
        # The amount belongs to its bar; the share of the tail stands at the end of its own.
        _beside_bar(axes, amount / whole, place - 0.19, f"{format_wan(float(amount), 1)}  ({amount / whole:.1%})")
        if not np.isnan(share):
            _beside_bar(axes, share, place + 0.19, f"{share:.1%}", COLOURS["accent"])
    _names_axis(axes, names)
    axes.set_xlim(0, 1.22 * max((amounts / whole).max(initial=0.0), np.nan_to_num(shares).max(initial=0.0), 0.01))
    _share_axis(axes.xaxis, labels["x"])
    _title(axes, labels)
    axes.legend(loc="lower right")
    return axes


def _beside_bar(axes: Axes, x: float, y: float, text: str, colour: str = COLOURS["ink"]) -> None:
    axes.annotate(
        text, (x, y), (4, 0), textcoords="offset points", va="center_baseline", fontsize=8.5, color=colour
    )


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
        _beside_bar(axes, end, place, text, COLOURS["accent"])
    _names_axis(axes, names)
    axes.set_xlim(0, 1.35 * widest)
    _money_axis(axes.xaxis, labels["x"])
    _title(axes, labels)
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
            [goal[0]], [goal[1]], "D", color="white", markeredgecolor=COLOURS["ink"], markersize=8, zorder=6,
            label=labels["goal"],
        )
    _year_axis(axes, years, labels["x"])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:,.0f}"))
    _label(axes.yaxis, labels["y"])
    _title(axes, labels)
    _legend_beside(axes)
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
            _wan(at), (at, 1 - level), (-6 if left else 6, -6 if left else 6), textcoords="offset points",
            fontsize=9, color=COLOURS[colour], ha="right" if left else "left", va="top" if left else "bottom",
            path_effects=_halo(),
        )
        spans.append(_span(ordered, at))
    axes.axhline(1 - level, color=COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 3)))
    axes.set_xlim(min(low for low, _ in spans), max(high for _, high in spans))
    axes.set_ylim(0, 1.03)
    _money_axis(axes.xaxis, labels["x"])
    _share_axis(axes.yaxis, labels["y"])
    _title(axes, labels)
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
            f"{value:+.2f}", (end, place), (5 if value >= 0 else -5, 0), textcoords="offset points", fontsize=8.5,
            va="center_baseline", ha="left" if value >= 0 else "right",
        )
    axes.axvline(0, color=COLOURS["ink"], linewidth=0.9)
    widest = 1.25 * max([*np.abs(low), *np.abs(high), 0.1])
    axes.set_xlim(-widest if values.min(initial=0.0) < 0 else 0, widest)
    _names_axis(axes, [_broken(name, 26) for name in names])
    axes.set_xlabel(labels["x"])
    _title(axes, labels)
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
        axes.bar(years, line, bottom=ground, width=0.62, color=_STACK[number], edgecolor="white", linewidth=0.6, label=name)
        ground = ground + line
    for year, total in zip(years, ground, strict=True):
        axes.annotate(
            _wan(total), (year, total), (0, 3), textcoords="offset points", ha="center", fontsize=9, fontweight="bold"
        )
    axes.grid(False, axis="x")
    axes.set_ylim(0, 1.1 * max(float(ground.max(initial=0.0)), 1.0))
    _year_axis(axes, years, labels["x"])
    _money_axis(axes.yaxis, labels["y"])
    _title(axes, labels)
    handles, words = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], words[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.2, labelspacing=0.7)
    return axes
