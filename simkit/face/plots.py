"""Plots of a notebook: the report's pictures where the notebook wants them, and a font with Chinese letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from simkit.base.display import display
from simkit.base.errors import InputError
from simkit.report.papers.drawing import drawn_on, font_family, style
from simkit.report.papers.pieces import Picture, Sentences

__all__ = ["check_font", "drawn", "own_plots"]

Draw = Callable[..., Picture | Sentences | None]


def drawn(kinds: Mapping[str, Draw], kind: str, data: Any, ax: Axes | None) -> Axes:
    """A picture of the report on the axes given, or on a figure of its own that the cell shows.

    Raises
    ------
    InputError
        For a kind that there is not, or a picture that too few draws carry.
    """
    import matplotlib.pyplot as plt

    if kind not in kinds:
        raise InputError("face.no_such_plot", known=tuple(kinds), found=repr(kind))
    own_plots()
    with style(display().font):
        own = plt.figure(figsize=(8.4, 4.0), layout="constrained") if ax is None else None
        axes = own.add_subplot() if own is not None else cast(Axes, ax)
    with drawn_on(axes, display().font):
        found = kinds[kind](data, display().lang)
        if isinstance(found, Picture):
            if own is None and axes.get_legend() is not None:
                axes.legend(loc="best")  # beside a person's own axes there may be no room
            # Letters get their font when they are first drawn: here, where it is the right one.
            figure = cast(Figure, axes.get_figure(root=True))
            _fall_back(figure)
            figure.draw_without_rendering()
            return found.axes
    if own is not None:
        plt.close(own)
    words = found.text if isinstance(found, Sentences) else ""
    raise InputError("face.no_plot", words=words)


def _fall_back(figure: Figure) -> None:
    """Give the texts of a figure that was begun earlier the font with Chinese letters, after their own."""
    for text in figure.findobj(Text):
        families = list(text.get_fontfamily())
        if font_family() not in families:
            text.set_fontfamily([*families, font_family()])


def check_font(name: str) -> None:
    """Raise InputError where matplotlib knows no such font."""
    from matplotlib import font_manager

    try:
        font_manager.findfont(name, fallback_to_default=False)
    except ValueError as error:
        raise InputError("face.no_font", found=repr(name)) from error


def own_plots() -> None:
    """Let a person's own plots fall back on a font that has Chinese letters; what else they have set stays."""
    import matplotlib

    family = display().font or font_family()
    known = list(matplotlib.rcParams["font.family"])
    if family not in known:
        matplotlib.rcParams["font.family"] = [*known, family]
