"""Plots of a notebook: the report's pictures where the notebook wants them, and a font with Chinese letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from simkit.base.display import display
from simkit.base.errors import InputError
from simkit.face.work import kernel
from simkit.report.papers.drawing import drawn_on, font_family, style
from simkit.report.papers.pieces import Picture, Sentences

__all__ = ["check_font", "drawn", "own_plots"]

#: Dots an inch of a picture below a cell, at its size on the screen.
_SHOWN = 100
Draw = Callable[..., Picture | Sentences | None]


def drawn(kinds: Mapping[str, Draw], kind: str, data: Any, ax: Axes | None) -> Axes:
    """A picture of the report on the axes given, or on a figure of its own that the cell shows.

    Raises
    ------
    InputError
        For a kind that there is not, or a picture that too few draws carry.
    """
    if kind not in kinds:
        raise InputError("face.no_such_plot", known=tuple(kinds), found=repr(kind))
    own_plots()
    family = display().font
    with drawn_on(ax, family):
        found = kinds[kind](data, display().lang)
    if not isinstance(found, Picture):
        raise InputError("face.no_plot", words=found.text if isinstance(found, Sentences) else "")
    if ax is None:
        # No figure of pyplot's: what a person plots next, in whatever unit, must not land on an axis in fen.
        _show(found)
    else:
        _fit(ax, family)
    return found.axes


def _show(picture: Picture) -> None:
    """Show a picture below the cell, where there is one."""
    if kernel() is not None:
        from IPython.display import Image
        from IPython.display import display as show_in_cell

        width = round(picture.inches[0] * _SHOWN)
        show_in_cell(Image(picture.png(2 * _SHOWN), width=width))  # type: ignore[no-untyped-call]  # IPython's


def _fit(axes: Axes, family: str | None) -> None:
    """Make a picture at home on a person's own axes: its legend inside, its letters in a font that has them."""
    if axes.get_legend() is not None:
        axes.legend(loc="best")  # beside them there may be no room
    figure = cast(Figure, axes.get_figure(root=True))
    with style(family):
        _fall_back(figure)
        figure.draw_without_rendering()  # letters get their font when they are first drawn


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
