"""Figures of what drives the range: numbers in, one matplotlib Axes each. Money in fen, shown in 万元."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from simkit.report.figures.axes import (
    INDISTINCT,
    beside_bar,
    errors,
    lying_bars,
    patches,
    share_axis,
    wan,
)
from simkit.report.papers.drawing import COLOURS

__all__ = ["shares", "tornado"]


def tornado(
    axes: Axes,
    names: Sequence[str],
    low: Sequence[float],
    high: Sequence[float],
    distinct: Sequence[bool],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """What each assumption moves at its P10 and at its P90, widest first; bars that noise could be are grey.

    Parameters
    ----------
    low, high : sequence of float
        More than the baseline, below 0 for less.
    labels : `title`, `x`, `low`, `high`, `indistinct`
    """
    colours = {"low": COLOURS["middle"], "high": COLOURS["main"]}  # told apart by their lightness too
    for ends, colour in zip((low, high), colours.values(), strict=True):
        shown = [colour if clear else INDISTINCT for clear in distinct]
        axes.barh(np.arange(len(names)), ends, height=0.62, color=shown, linewidth=0)
    for place, pair in enumerate(zip(low, high, strict=True)):
        # On one side only the further end has its amount, where both lie there.
        for end in {min(pair), max(pair)}:
            if (end > 0 and end == max(pair)) or (end < 0 and end == min(pair)):
                beside_bar(axes, end, place, wan(end), left=end < 0)
    reach = max([*np.abs(low), *np.abs(high), 1.0])
    lying_bars(axes, names, (-1.25 * reach, 1.25 * reach), labels, zero=True)
    patches(axes, labels, colours, distinct=all(distinct))
    return axes


def shares(
    axes: Axes,
    names: Sequence[str],
    alone: Sequence[tuple[float, float, float]],
    total: Sequence[tuple[float, float, float]],
    *,
    labels: Mapping[str, str],
) -> Axes:
    """Share of the variance that each input explains, largest first, alone and with its interactions.

    Parameters
    ----------
    alone, total : sequence of (value, low, high)
        In [0, 1].
    labels : `title`, `x`, `alone`, `total`
    """
    places = np.arange(len(names))
    for offset, rows, colour, key in ((-0.19, alone, "main", "alone"), (0.19, total, "middle", "total")):
        values, low, high = np.array(rows, dtype=np.float64).reshape(-1, 3).T
        axes.barh(places + offset, values, height=0.36, color=COLOURS[colour], label=labels[key], linewidth=0)
        errors(axes, places + offset, values, np.vstack([values - low, high - values]), capsize=2)
    for place, ((first, _, one), (whole, _, other)) in enumerate(zip(alone, total, strict=True)):
        beside_bar(axes, one, place - 0.19, f"{first:.1%}")
        beside_bar(axes, other, place + 0.19, f"{whole:.1%}")
    widest = max([*(high for _, _, high in [*alone, *total]), 0.001])
    lying_bars(axes, names, (0, 1.15 * widest), labels, ground=share_axis)
    axes.legend(loc="lower right")
    return axes
