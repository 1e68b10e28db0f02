"""The figure beside the sliders: laid out once, then only its lines and bars are moved."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave

from simkit.base.arrays import FenArray, FloatArray
from simkit.report.figures.axes import HALO, mark, money_axis, share_axis, wan
from simkit.report.papers.drawing import COLOURS, style

__all__ = ["LiveFigure"]

_SIZE, _DPI = (8.6, 3.3), 130
#: Points of a curve.
_POINTS = 201
_BAR = 0.38
#: An axis is laid out anew when less than this of it is used, with so much room at each end.
_FILLED, _MARGIN = 0.6, 0.07


class LiveFigure:
    """Money against the probability that it is enough, and mean money by year: before a change and after it.

    Parameters
    ----------
    before : int64[draw]
        The budget year before any change. Fen.
    years : sequence of int
    means : float[year]
        Fen.
    labels : `money`, `enough`, `year`, `mean` (axes), `left`, `right` (titles), `before`, `after`, `budget`
    """

    def __init__(
        self, before: FenArray, years: Sequence[int], means: FloatArray, *, labels: Mapping[str, str]
    ) -> None:
        with style():
            self._figure = Figure(figsize=_SIZE, dpi=_DPI)
            self._canvas: Any = FigureCanvasAgg(self._figure)
            left, right = self._figure.subplots(1, 2, width_ratios=(1.35, 1))
            self._figure.subplots_adjust(left=0.055, right=0.99, bottom=0.155, top=0.8, wspace=0.16)
            self._curve_axes(left, before, labels)
            self._bar_axes(right, years, means, labels)
        self._ground: Any = None
        # Left out when the rest is painted.
        for artist in (*self._bars, *self._tops, self._after, self._line, self._point):
            artist.set_animated(True)

    def _curve_axes(self, axes: Axes, before: FenArray, labels: Mapping[str, str]) -> None:
        amounts, shares = _curve(before)
        self._axes, self._before = axes, amounts
        axes.plot(amounts, shares, color=COLOURS["middle"], linewidth=2.2, label=labels["before"])
        (self._after,) = axes.plot(
            amounts, shares, color=COLOURS["accent"], linewidth=1.6, label=labels["after"]
        )
        self._line = axes.axvline(0, color=COLOURS["ink"], linewidth=1.1, linestyle=(0, (4, 3)))
        self._line.set_label(labels["budget"])
        look = {"color": COLOURS["accent"], "path_effects": HALO}
        self._point = mark(axes, "", (0, 0), (6, -12), fontsize=9, fontweight="bold", **look)
        axes.set_ylim(0, 1.03)
        money_axis(axes.xaxis, labels["money"])
        share_axis(axes.yaxis, labels["enough"])
        axes.set_title(labels["left"], pad=22)
        axes.legend(loc="lower right", handlelength=1.8)

    def _bar_axes(
        self, axes: Axes, years: Sequence[int], means: FloatArray, labels: Mapping[str, str]
    ) -> None:
        self._bars_axes, self._means = axes, np.asarray(means, dtype=np.float64)
        place = np.arange(len(years))
        axes.bar(place - _BAR / 2, self._means, _BAR, color=COLOURS["middle"])
        self._bars = axes.bar(place + _BAR / 2, self._means, _BAR, color=COLOURS["accent"])
        look = {"color": COLOURS["accent"], "path_effects": HALO}
        self._tops = [
            mark(axes, "", (at + _BAR / 2, 0), (0, 2), ha="center", fontsize=7.5, **look) for at in place
        ]
        axes.set_xticks(place, [str(year) for year in years])
        axes.set_xlabel(labels["year"])
        axes.grid(False, axis="x")
        money_axis(axes.yaxis, labels["mean"])
        axes.set_title(labels["right"], pad=22)

    def draw(self, after: FenArray, means: FloatArray, budget: int, enough: str) -> bytes:
        """The figure as PNG.

        Parameters
        ----------
        after : int64[draw]
        means : float[year]
        budget : int
            Fen.
        enough : str
            Written where the budget line meets the changed curve.
        """
        amounts, shares = _curve(after)
        self._after.set_data(amounts, shares)
        self._line.set_xdata([budget, budget])
        self._point.set_text(enough)
        self._point.xy = (budget, float(np.mean(after <= budget)))
        for bar, top, fen in zip(self._bars, self._tops, means, strict=True):
            bar.set_height(fen)
            top.xy = (top.xy[0], fen)
            top.set_text(wan(fen))
        low, high = min(amounts[0], self._before[0], budget), max(amounts[-1], self._before[-1], budget)
        highest = max(float(np.max(means)), float(self._means.max()), 1.0)
        moved = [
            self._fit(self._axes.xaxis, float(low), float(high)),
            self._fit(self._bars_axes.yaxis, 0, highest),
        ]
        self._paint(any(moved))
        return self._png()

    def _fit(self, axis: Any, low: float, high: float) -> bool:
        """Let an axis show a range, where it does not show it well already; whether it changed."""
        left, right = axis.get_view_interval()
        if (
            self._ground is not None
            and left <= low
            and high <= right
            and high - low > _FILLED * (right - left)
        ):
            return False
        room = _MARGIN * max(high - low, 1.0)
        axis.axes.set(**{f"{axis.axis_name}lim": (max(0.0, low - room), high + room)})
        return True

    def _paint(self, anew: bool) -> None:
        """What moves, on the rest as it was painted last."""
        if anew or self._ground is None:
            with style(), warnings.catch_warnings():
                warnings.filterwarnings("error", message="Glyph .* missing")
                self._canvas.draw()
            self._ground = self._canvas.copy_from_bbox(self._figure.bbox)
        self._canvas.restore_region(self._ground)
        for artist in (*self._bars, *self._tops, self._after, self._line, self._point):
            artist.axes.draw_artist(artist)

    def _png(self) -> bytes:
        file = io.BytesIO()
        painted = np.asarray(self._canvas.buffer_rgba())[..., :3]
        imsave(file, painted, format="png", pil_kwargs={"compress_level": 1})
        return file.getvalue()


def _curve(sample: FenArray) -> tuple[FloatArray, FloatArray]:
    """Amounts and the share of draws not above them; a hair of each tail is cut, so that the middle can be read."""
    shares = np.linspace(0.002, 0.995, _POINTS)
    ordered = np.sort(sample)
    places = np.minimum(np.ceil(shares * len(ordered)).astype(int), len(ordered)) - 1
    return ordered[np.maximum(places, 0)].astype(np.float64), shares
