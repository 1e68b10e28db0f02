"""Figures of where the money goes: steps as a waterfall, bars of measures and of caps. Money in fen, shown in 万元."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from simkit.base.money import format_wan
from simkit.report.figures.axes import (
    beside_bar,
    broken,
    lying_bars,
    mark,
    money_axis,
    set_title,
    share_axis,
    side_by_side,
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
    amounts : sequence of float
        Totals as they are, steps with their sign (below 0 takes away).
    totals : sequence of int
        Places of the totals.
    labels : `title`, `y`
    """
    level, tops = 0.0, []
    for place, amount in enumerate(amounts):
        start = 0.0 if place in totals else level
        level = start + amount
        kind = "main" if place in totals else "accent" if amount < 0 else "middle"
        axes.bar(place, amount, bottom=start, width=0.62, color=COLOURS[kind], linewidth=0)
        tops.append(max(start, level))
        ink = COLOURS["ink" if kind == "middle" else kind]
        mark(axes, wan(amount), (place, tops[-1]), (0, 3), ha="center", va="bottom", fontsize=9, color=ink)
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
    """Measures by expected cost, dearest first, and beside each bar its share of the cost and of the tail.

    Parameters
    ----------
    tail : sequence of float
        Share of the worst draws' money; they add up to 1. NaN: not given.
    labels : `title`, `x`, `expected`, `tail`
    """
    amounts = np.asarray(expected, dtype=np.float64)
    shares, found = np.asarray(tail, dtype=np.float64), np.nan_to_num(tail)
    whole = max(amounts.sum(), 1.0)
    side_by_side(axes, labels, expected=(amounts / whole, "main"), tail=(found, "accent"))
    for place, (amount, share) in enumerate(zip(amounts, shares, strict=True)):
        # The amount belongs to its bar; the share of the tail stands at the end of its own.
        words = f"{format_wan(float(amount), 1)}  ({amount / whole:.1%})"
        beside_bar(axes, amount / whole, place - 0.19, words)
        if not np.isnan(share):
            beside_bar(axes, share, place + 0.19, f"{share:.1%}", COLOURS["accent"])
    widest = max((amounts / whole).max(initial=0.0), found.max(initial=0.0), 0.01)
    lying_bars(axes, names, (0, 1.22 * widest), labels, ground=share_axis)
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
    """What each cap takes a year, what it is worth, and the share of agencies at it.

    Parameters
    ----------
    at_cap : sequence of float
        Share of the agencies awarded; NaN: not counted.
    labels : `title`, `x`, `taken`, `worth`, `at_cap` with `{share}`
    """
    side_by_side(axes, labels, taken=(taken, "main"), worth=(worth, "middle"))
    for place, share in enumerate(at_cap):
        text = "" if np.isnan(share) else labels["at_cap"].format(share=f"{share:.0%}")
        beside_bar(axes, max(taken[place], worth[place]), place, text, COLOURS["accent"])
    lying_bars(axes, names, (0, 1.35 * max([*taken, *worth, 1.0])), labels)
    axes.legend(loc="lower right")
    return axes
