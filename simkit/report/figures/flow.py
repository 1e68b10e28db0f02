"""Figures of where the money goes: steps as a waterfall, bars of measures and of caps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from simkit.base.money import format_wan
from simkit.report.figures.axes import (
    beside_bar,
    broken,
    money_axis,
    names_axis,
    set_title,
    share_axis,
    wan,
)
from simkit.report.papers.drawing import COLOURS

__all__ = ["caps", "measures", "waterfall"]


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
