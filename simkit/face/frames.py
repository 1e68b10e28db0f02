"""Frames: tidy, numeric, with their unit: money of the house (fen) as a person counts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from simkit.base.display import UNITS, display
from simkit.base.errors import InputError, Refusal
from simkit.base.words import say
from simkit.face.plots import own_plots
from simkit.sizing.estimate import Estimate, is_unmet

__all__ = ["estimate_columns", "exactly", "frame", "in_unit", "reason", "unit_of", "unit_words"]


def unit_of(unit: str | None = None) -> str:
    """A unit of money: the one given, else the one that `options` has set.

    Raises
    ------
    InputError
        For another.
    """
    found = display().unit if unit is None else unit
    if found not in UNITS:
        raise InputError("face.no_such_unit", known=tuple(UNITS), found=repr(unit))
    return found


def in_unit(fen: Any, unit: str) -> Any:
    """Fen, a number or an array, in a unit: whole fen stay whole, None is NaN."""
    if unit == "fen":
        return np.nan if fen is None else fen
    return np.nan if fen is None else np.asarray(fen, dtype=np.float64)[()] / UNITS[unit]


def exactly(fen: int) -> str:
    """Fen in the unit that `options` has set, to the last digit."""
    return f"{Decimal(fen) / UNITS[display().unit]:,f}"


def unit_words(lang: str) -> str:
    """The unit that `options` has set, in a language."""
    return say(lang, f"face.unit.{display().unit}")


def estimate_columns(found: Estimate, key: str, error: str, unit: str) -> dict[str, Any]:
    """A figure of money and its standard error; NaN where it is refused, or its draws tell none."""
    return {key: in_unit(found.given, unit), error: in_unit(found.error, unit)}


def reason(refusal: Refusal | None, lang: str) -> str:
    """Why a figure is refused, and how many draws it needs; empty where it is not."""
    if refusal is None:
        return ""
    key = "face.unmet" if is_unmet(refusal) else "face.too_few"
    return say(lang, key, draws=f"{refusal.draws:,}", least=f"{refusal.least:,}")


def frame(
    rows: Iterable[Mapping[str, Any]],
    *,
    unit: str,
    index: Sequence[str] = (),
    columns: Sequence[str] = (),
    **about: Any,
) -> pd.DataFrame:
    """Rows as a frame whose `attrs` say its unit, and what else is told about all of it."""
    own_plots()  # a frame is what people plot
    found = pd.DataFrame(list(rows), columns=list(columns) or None)
    if index:
        found = found.set_index(list(index))
    found.attrs["unit"] = unit
    found.attrs.update({str(key): value for key, value in about.items()})
    return found
