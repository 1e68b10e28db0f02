"""Options: how things are shown in this notebook."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Any

from simkit.base.display import UNITS, display, put_display, set_display, within_display
from simkit.base.errors import InputError, known_language

__all__ = ["Options", "options"]


class Options(AbstractContextManager["Options"]):
    """Options that are set; after `with` they hold for its block alone."""

    def __init__(self, **given: Any) -> None:
        self._given, self._before = given, set_display(**given)

    def __enter__(self) -> Options:
        # What was set for good when it was called is set for the block instead.
        put_display(self._before)
        self._block = within_display(**self._given)
        self._block.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self._block.__exit__(*raised)

    def __repr__(self) -> str:
        return repr(display())


def options(
    *,
    lang: str | None = None,
    unit: str | None = None,
    progress: bool | None = None,
    font: str | None = None,
    traceback: bool | None = None,
) -> Options:
    """Set how things are shown; after `with` for a block only. No figure moves.

    Parameters
    ----------
    lang : str, optional
        `zh` or `en`: cards, names, plots, refusals.
    unit : str, optional
        Of money in frames: `万元`, `元`, or `fen` (whole numbers that add up exactly).
    progress : bool, optional
        Whether long work shows how far it is.
    font : str, optional
        Font of plots; a name that matplotlib knows.
    traceback : bool, optional
        Whether a refusal shows where in the program it was raised.

    Returns
    -------
    Options
        To be used after `with`.

    Raises
    ------
    InputError
        For a language, unit or font that there is not.

    Examples
    --------
    >>> import simkit
    >>> with simkit.options(lang="en", unit="元"):
    ...     policy = simkit.load_policy("ningbo-hr-2023")
    """
    given = {"lang": lang, "unit": unit, "progress": progress, "font": font, "traceback": traceback}
    given = {name: value for name, value in given.items() if value is not None}
    if lang is not None:
        known_language(lang)
    if unit is not None and unit not in UNITS:
        raise InputError("face.no_such_unit", known=tuple(UNITS), found=repr(unit))
    if font is not None:
        from simkit.face.plots import check_font

        check_font(font)
    found = Options(**given)
    if "ipykernel" in sys.modules:  # in a notebook a person's own plots have Chinese letters from here on
        from simkit.face.plots import own_plots

        own_plots()
    return found
