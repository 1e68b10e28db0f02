"""A picture drawn: labels of a figure, names of years and funds, why a figure is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from simkit.base.money import format_wan
from simkit.base.said import listed
from simkit.base.words import say
from simkit.report.figures.axes import broken
from simkit.report.papers.drawing import canvas
from simkit.report.papers.glyphs import clipped
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Language
from simkit.runs.result import Result
from simkit.scenario.horizon import whole_years

__all__ = [
    "all_numbers",
    "drawn",
    "in_wan",
    "labels_of",
    "mark_partly",
    "refused_words",
    "shown_name",
    "year_words",
]


def labels_of(lang: Language, figure: str, *names: str, **values: Any) -> dict[str, str]:
    """Sentences of a figure, by its place in the catalogue."""
    return {name: say(lang, f"{figure}.{name}", **values) for name in names}


def drawn(
    figure: Callable[..., Axes],
    height: float,
    *arrays: Any,
    labels: Mapping[str, str],
    alt: str = "",
    note: str = "",
    **options: Any,
) -> Picture:
    """A figure of so many inches; without a description of its own its title says what is seen."""
    with canvas(height) as axes:
        figure(axes, *arrays, labels=labels, **options)
        return Picture(axes, alt or labels["title"], note)


def year_words(lang: Language, result: Result) -> dict[str, Any]:
    return {
        "year": result.scenario.plan.budget_year,
        "fund": listed(result.scenario.policy.special_funds, lang),
        "confidence": f"{result.scenario.plan.confidence / 100:g}%",
    }


def refused_words(lang: Language, figure: str) -> Sentences:
    return Sentences(say(lang, "chart.refused", title=say(lang, f"chart.{figure}.name")), "note")


def all_numbers(rows: Sequence[Mapping[str, Any]], *keys: str) -> bool:
    """Whether every cell is a number: none refused, none left out."""
    return all(isinstance(row[key], int | float) for row in rows for key in keys)


def in_wan(fen: float) -> str:
    return format_wan(round(fen))


def mark_partly(axes: Axes, result: Result, lang: Language) -> list[str]:
    """Mark the years that are not simulated whole on the axis; the sentence that says what the mark means."""
    years = result.paid_years
    whole = whole_years(result.scenario, years)
    if len(whole) == len(years):
        return []
    axes.set_xticks(list(years), [str(year) if year in whole else f"{year}*" for year in years])
    return [say(lang, "chart.not_whole")]


def shown_name(text: Any, lang: Language) -> str:
    """A name in lines short enough for a legend."""
    return broken(clipped(str(text.said(lang)), 56), 30)
