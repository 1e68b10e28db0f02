"""Figures of what-if answers: numbers in, one matplotlib Axes each. Money in fen, shown in 万元."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from simkit.report.figures.axes import beside_bar, money_axis, names_axis, set_title, share_axis, wan
from simkit.report.papers.drawing import COLOURS

__all__ = ["shares", "tornado"]

#: Ends of a tornado's bars: told apart by their lightness too.
_LOW, _HIGH = COLOURS["middle"], COLOURS["main"]
_INDISTINCT = "#c9c9c9"


def tornado(
    axes: Axes,
    names: Sequence[str],
    low: Sequence[float],
    high: Sequence[float],
    distinct: Sequence[bool],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """What each assumption moves at its P10 and at its P90; bars that noise could be are grey.

    Parameters
    ----------
    names : sequence of str
        Widest first.
    low, high : sequence of float
        Fen more than the baseline, below 0 for less.
    distinct : sequence of bool
    labels : `title`, `x`, `low`, `high`, `indistinct`
    """
    places = np.arange(len(names))
    for ends, colour, height in ((low, _LOW, 0.62), (high, _HIGH, 0.62)):
        shown = [colour if clear else _INDISTINCT for clear in distinct]
        axes.barh(places, ends, height=height, color=shown, linewidth=0)
    reach = max([*np.abs(low), *np.abs(high), 1.0])
    for place, (one, other) in enumerate(zip(low, high, strict=True)):
        _beside_ends(axes, place, one, other)
    axes.axvline(0, color=COLOURS["ink"], linewidth=0.9)
    names_axis(axes, names)
    axes.set_xlim(-1.25 * reach, 1.25 * reach)
    money_axis(axes.xaxis, labels["x"])
    set_title(axes, labels)
    keys = [("low", _LOW), ("high", _HIGH)] + ([] if all(distinct) else [("indistinct", _INDISTINCT)])
    axes.legend(handles=[Patch(color=colour, label=labels[key]) for key, colour in keys], loc="lower right")
    return axes


def _beside_ends(axes: Axes, place: int, low: float, high: float) -> None:
    """The amounts at both ends of a bar; on one side only the further, where both ends lie there."""
    for end in {min(low, high), max(low, high)}:
        if end > 0 and end == max(low, high):
            beside_bar(axes, end, place, wan(end))
        elif end < 0 and end == min(low, high):
            axes.annotate(
                wan(end),
                (end, place),
                (-4, 0),
                textcoords="offset points",
                ha="right",
                va="center_baseline",
                fontsize=8.5,
                color=COLOURS["ink"],
            )


def shares(
    axes: Axes,
    names: Sequence[str],
    alone: Sequence[tuple[float, float, float]],
    total: Sequence[tuple[float, float, float]],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """Share of the variance that each input explains, alone and with its interactions, with intervals.

    Parameters
    ----------
    names : sequence of str
        Largest first.
    alone, total : sequence of (value, low, high)
        In [0, 1].
    labels : `title`, `x`, `alone`, `total`
    """
    places = np.arange(len(names))
    for offset, rows, colour, key in ((-0.19, alone, "main", "alone"), (0.19, total, "middle", "total")):
        values, low, high = np.array(rows, dtype=np.float64).reshape(-1, 3).T
        axes.barh(places + offset, values, height=0.36, color=COLOURS[colour], label=labels[key], linewidth=0)
        axes.errorbar(
            values,
            places + offset,
            xerr=np.vstack([values - low, high - values]),
            fmt="none",
            ecolor=COLOURS["ink"],
            elinewidth=0.9,
            capsize=2,
        )
    ends = [high for _, _, high in [*alone, *total]]
    for place, ((first, _, one), (whole, _, other)) in enumerate(zip(alone, total, strict=True)):
        beside_bar(axes, one, place - 0.19, f"{first:.1%}")
        beside_bar(axes, other, place + 0.19, f"{whole:.1%}")
    names_axis(axes, names)
    axes.set_xlim(0, 1.15 * max([*ends, 0.001]))
    share_axis(axes.xaxis, labels["x"])
    set_title(axes, labels)
    axes.legend(loc="lower right")
    return axes
