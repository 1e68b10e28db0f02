"""Pictures of what spreads the need: the common factor, the drivers."""

from __future__ import annotations

from typing import Any

import numpy as np

from simkit.base.errors import TooFewDrawsError
from simkit.report.figures import spread
from simkit.report.papers.glyphs import clipped
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Language, Table
from simkit.report.pictures.flow import NAME_WIDTH
from simkit.report.pictures.words import all_numbers, drawn, labels_of, refused_words, year_words
from simkit.runs.figures import year_sample
from simkit.runs.result import Result
from simkit.sizing.quantiles import quantile

__all__ = ["common_factor", "drivers", "spread_of"]


def spread_of(result: Result) -> tuple[Any, Any, Any]:
    low, high = (
        np.array([quantile(year, level).value for year in result.agencies.T]) for level in (0.05, 0.95)
    )
    return result.agencies.mean(axis=0), low, high


def common_factor(result: Result, independent: Result | None, lang: Language) -> Picture | Sentences | None:
    """The headline's money with the common factor and without it."""
    if independent is None:
        return None
    plan = result.scenario.plan
    level = plan.confidence / 10_000
    samples = [year_sample(one, plan.budget_year, special=True) for one in (result, independent)]
    try:
        for sample in samples:
            quantile(sample, level)
    except TooFewDrawsError:
        return refused_words(lang, "common_factor")
    words = year_words(lang, result)
    labels = labels_of(lang, "chart.common_factor", "title", "x", "y", "with", "without", **words)
    return drawn(spread.common_factor, 3.7, *samples, level, labels=labels)


def drivers(table: Table, lang: Language, *, most: int = 8) -> Picture | Sentences | None:
    """The assumptions that move the total most."""
    rows = [
        row for row in table.rows if all_numbers([row], "correlation", "correlation_low", "correlation_high")
    ][:most]
    if not rows:
        return refused_words(lang, "drivers")
    names = [clipped(row["item"], 2 * NAME_WIDTH) for row in rows]
    columns = [[row[key] for row in rows] for key in ("correlation", "correlation_low", "correlation_high")]
    labels = labels_of(lang, "chart.drivers", "title", "x")
    return drawn(spread.drivers, 1.0 + 0.4 * len(rows), names, *columns, labels=labels)
