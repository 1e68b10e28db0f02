"""Figures of readings and provisions: numbers in, one matplotlib Axes each. Money in fen, shown in 万元."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from simkit.report.figures.axes import INDISTINCT, beside_bar, lying_bars, mark, patches, wan
from simkit.report.papers.drawing import COLOURS

__all__ = ["provision_costs", "reading_costs", "widest_ranges"]

#: A bar that is so many times longer than the next is cut, and its amount stands beside it.
_FAR = 2.5


def reading_costs(
    axes: Axes,
    names: Sequence[str],
    whole: Sequence[float],
    special: Sequence[float],
    distinct: Sequence[bool],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """What each reading costs more, or less, than the one in force: the whole policy and the special fund.

    Parameters
    ----------
    names : sequence of str
        From the top; best with the shortest bars last, beside the legend.
    whole, special : sequence of float
        Below 0 for less. Those that are far longer than all others are cut.
    distinct : sequence of bool
        Whether either is more than noise; other bars are grey.
    labels : `title`, `x`, `whole`, `special`, `indistinct`
    """
    places = np.arange(len(names))
    reach = _reach([max(abs(one), abs(other)) for one, other in zip(whole, special, strict=True)])
    colours = {"whole": COLOURS["main"], "special": COLOURS["middle"]}
    for offset, amounts, colour in zip((-0.19, 0.19), (whole, special), colours.values(), strict=True):
        shown = [colour if clear else INDISTINCT for clear in distinct]
        axes.barh(places + offset, np.clip(amounts, -reach, reach), height=0.36, color=shown, linewidth=0)
        for place, amount in enumerate(amounts):
            if amount:
                _beside(axes, place + offset, amount, reach)
    lying_bars(axes, names, (-1.25 * reach, 1.25 * reach), labels, zero=True)
    patches(axes, labels, colours, distinct=all(distinct))
    return axes


def _reach(lengths: Sequence[float]) -> float:
    """The longest bar that is shown whole."""
    ordered = sorted(lengths, reverse=True)
    whole = (length for length, after in pairwise(ordered) if length <= _FAR * after)
    return max(next(whole, max(lengths, default=1.0)), 1.0)


def _beside(axes: Axes, y: float, amount: float, reach: float) -> None:
    """The amount at the end of its bar; arrows where the bar is cut."""
    far, more = abs(amount) > reach, amount > 0
    arrow = ("»" if more else "«") if far else ""
    text = f"{arrow} {wan(amount)}".strip() if more else f"{wan(amount)} {arrow}".strip()
    beside_bar(axes, float(np.clip(amount, -reach, reach)), y, text, left=not more, fontsize=7.5)


def widest_ranges(
    axes: Axes,
    names: Sequence[str],
    low: Sequence[float],
    middle: Sequence[float],
    high: Sequence[float],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """From the cheapest to the dearest way to read the policy, by year, and where the readings in force stand.

    Parameters
    ----------
    low, middle, high : sequence of float
        The ends of a year may stand the other way round: combinations are chosen by the total.
    labels : `title`, `x`, `range`, `middle`
    """
    places, accent = np.arange(len(names)), COLOURS["accent"]
    left, right = np.minimum(low, high), np.maximum(low, high)
    axes.barh(places, right - left, left=left, height=0.5, color=COLOURS["light"], label=labels["range"])
    axes.plot(middle, places, "D", color=accent, markersize=6, label=labels["middle"])
    for place in range(len(names)):
        beside_bar(axes, right[place], place, wan(right[place]))
        beside_bar(axes, left[place], place, wan(left[place]), left=True)
        mark(axes, wan(middle[place]), (middle[place], place), (0, 9), ha="center", color=accent)
    longest = max(float(right.max(initial=0.0)), 1.0)
    # Room for the amounts left of a range that begins at nothing.
    least = min(0.0, float(left.min(initial=0.0))) - 0.08 * longest
    lying_bars(axes, names, (least, 1.15 * longest), labels)
    axes.legend(loc="lower right")
    return axes


def provision_costs(
    axes: Axes,
    names: Sequence[str],
    order_free: Sequence[float],
    alone: Sequence[float],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """What each provision costs whatever the order, dearest first, and what it would cost more alone.

    `labels`: `title`, `x`, `order_free`, `alone`.
    """
    places = np.arange(len(names))
    more = np.maximum(0.0, np.asarray(alone, dtype=np.float64) - order_free)
    axes.barh(places, order_free, height=0.62, color=COLOURS["main"], label=labels["order_free"])
    if more.any():
        light: dict[str, Any] = {"color": COLOURS["accent_light"], "label": labels["alone"]}
        axes.barh(places, more, left=order_free, height=0.62, **light)
    total = max(float(np.sum(order_free)), 1.0)
    for place, amount in enumerate(order_free):
        beside_bar(axes, amount + more[place], place, f"{wan(amount)}  ({amount / total:z.1%})")
    lying_bars(axes, names, (0, 1.22 * max([*np.add(order_free, more), 1.0])), labels)
    axes.legend(loc="lower right")
    return axes
