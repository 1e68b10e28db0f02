"""Pictures of the need: confidence curve of one year, fan of all years."""

from __future__ import annotations

import numpy as np

from simkit.base.words import say
from simkit.report.figures import need as figures
from simkit.report.papers.drawing import canvas
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Language
from simkit.report.pictures.words import drawn, in_wan, labels_of, mark_partly, refused_words, year_words
from simkit.runs.figures import figures_of
from simkit.runs.result import Result

__all__ = ["confidence_curve", "fan"]

_MARKED = (0.5, 0.8, 0.95, 0.99)
_BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)


def confidence_curve(result: Result, lang: Language) -> Picture | Sentences | None:
    """The special fund in the budget year: money against the probability that it is enough."""
    plan = result.scenario.plan
    level, known = plan.confidence / 10_000, figures_of(result)
    needed = known.needed
    if needed.refusal is not None:
        return refused_words(lang, "confidence_curve")
    others = {other: known.quantile(other, plan.budget_year) for other in _MARKED if other != level}
    marked = {other: found.value for other, found in others.items() if found.refusal is None}
    shown = {
        "amount": in_wan(needed.value),
        "low": in_wan(needed.low),
        "high": in_wan(needed.high),
        **year_words(lang, result),
    }
    labels = labels_of(lang, "chart.confidence_curve", "title", "x", "y", "point", **shown)
    alt, point = (
        say(lang, "chart.confidence_curve.alt", **shown),
        (level, needed.value, needed.low, needed.high),
    )
    sample = known.sample(plan.budget_year)
    return drawn(figures.confidence_curve, 4.2, sample, point, labels=labels, levels=marked, alt=alt)


def fan(result: Result, lang: Language) -> Picture | Sentences | None:
    """The special fund by paid year: bands, median, mean."""
    paid, years, known = result.paid(special=True), result.paid_years, figures_of(result)
    found = {level: [known.quantile(level, year) for year in years] for level in _BANDS}
    if any(one.refusal is not None for band in found.values() for one in band):
        return refused_words(lang, "fan")
    labels = labels_of(lang, "chart.fan", "title", "x", "y", "mean", "median", **year_words(lang, result))
    labels |= labels_of(lang, "chart.fan", "band")
    bands = {level: np.array([one.value for one in band]) for level, band in found.items()}
    with canvas(3.9) as axes:
        figures.fan(
            axes, years, bands, paid.mean(axis=0), labels=labels, marked=result.scenario.plan.budget_year
        )
        partly = mark_partly(axes, result, lang)
        return Picture(axes, labels["title"], " ".join([say(lang, "chart.fan.note"), *partly]))
