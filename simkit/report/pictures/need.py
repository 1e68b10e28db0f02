"""Pictures of the need: confidence curve of one year, fan of all years."""

from __future__ import annotations

from functools import partial

import numpy as np

from simkit.base.errors import TooFewDrawsError
from simkit.base.words import say
from simkit.report.figures import need as figures
from simkit.report.papers.drawing import canvas
from simkit.report.papers.pieces import Picture, Words
from simkit.report.papers.table import Language
from simkit.report.pictures.words import drawn, in_wan, labels_of, mark_partly, refused_words, year_words
from simkit.report.tables.whole_fen import year_sample
from simkit.runs.result import Result
from simkit.sizing.estimate import attempt
from simkit.sizing.quantiles import quantile

__all__ = ["confidence_curve", "fan"]

_MARKED = (0.5, 0.8, 0.95, 0.99)
_BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)


def confidence_curve(result: Result, lang: Language) -> Picture | Words | None:
    """The special fund in the budget year: money against the probability that it is enough."""
    plan = result.scenario.plan
    sample = year_sample(result, plan.budget_year, special=True)
    level = plan.confidence / 10_000
    needed = attempt(partial(quantile, sample, level, group=result.group))
    if needed.refusal is not None:
        return refused_words(lang, "confidence_curve")
    others = {other: attempt(partial(quantile, sample, other)) for other in _MARKED if other != level}
    marked = {other: found.value for other, found in others.items() if found.refusal is None}
    shown = {
        "amount": in_wan(needed.value),
        "low": in_wan(needed.low),
        "high": in_wan(needed.high),
        **year_words(lang, result),
    }
    labels = labels_of(lang, "chart.confidence_curve", "title", "x", "y", "point", **shown)
    alt, point = say(lang, "chart.confidence_curve.alt", **shown), (level, *needed[:3])
    return drawn(figures.confidence_curve, 4.2, sample, point, labels=labels, levels=marked, alt=alt)


def fan(result: Result, lang: Language) -> Picture | Words | None:
    """The special fund by paid year: bands, median, mean."""
    paid, years = result.paid(special=True), result.paid_years
    try:
        bands = {
            level: np.array([quantile(paid[:, place], level).value for place in range(len(years))])
            for level in _BANDS
        }
    except TooFewDrawsError:
        return refused_words(lang, "fan")
    labels = labels_of(lang, "chart.fan", "title", "x", "y", "mean", "median", **year_words(lang, result))
    labels |= labels_of(lang, "chart.fan", "band")
    with canvas(3.9) as axes:
        figures.fan(
            axes, years, bands, paid.mean(axis=0), labels=labels, marked=result.scenario.plan.budget_year
        )
        partly = mark_partly(axes, result, lang)
        return Picture(axes, labels["title"], " ".join([say(lang, "chart.fan.note"), *partly]))
