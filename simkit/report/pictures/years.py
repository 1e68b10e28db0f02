"""Pictures of years: outlay by measure, agencies as they grow."""

from __future__ import annotations

import numpy as np

from simkit.base.errors import TooFewDrawsError
from simkit.base.words import say
from simkit.report.figures import years as figures
from simkit.report.papers.drawing import canvas
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Language
from simkit.report.pictures.spread import spread_of
from simkit.report.pictures.words import drawn, labels_of, mark_partly, refused_words, shown_name, year_words
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.result import Result

__all__ = ["growth", "years_by_measure"]

_PARTS = 6


def years_by_measure(result: Result, lang: Language) -> Picture | Sentences | None:
    """Expected money of the special fund by paid year, each bar made of its measures."""
    money, years = whole_fen(result), result.paid_years
    policy = list(result.scenario.policy.measures.values())
    table = np.array(
        [
            [money.sum(special=True, paid=year, measure=place) for year in years]
            for place in range(len(policy))
        ],
        dtype=np.float64,
    )
    order = [int(place) for place in np.argsort(-table.sum(axis=1), kind="stable") if table[place].any()]
    if not order:
        return None
    names = [shown_name(policy[place].name, lang) for place in order[:_PARTS]]
    amounts = [table[place] for place in order[:_PARTS]]
    if len(order) > _PARTS:
        names.append(say(lang, "chart.others", count=len(order) - _PARTS))
        amounts.append(table[order[_PARTS:]].sum(axis=0))
    labels = labels_of(lang, "chart.years_by_measure", "title", "x", "y", **year_words(lang, result))
    with canvas(3.9) as axes:
        figures.years_by_measure(axes, years, names, np.array(amounts), labels=labels)
        return Picture(axes, labels["title"], " ".join(mark_partly(axes, result, lang)))


def growth(result: Result, trend: Result | None, lang: Language) -> Picture | Sentences | None:
    """Agencies by year's end as the plan has them, beside the trend where the plan aims at a target."""
    plan = result.scenario.plan.population.growth
    years = list(range(plan.start_year, plan.start_year + result.agencies.shape[1]))
    labels = labels_of(lang, "chart.growth", "title", "x", "y", "trend")
    labels["target"] = say(lang, f"chart.growth.{plan.mode}")
    goal = None
    if plan.target is not None:
        goal = (plan.target.year, plan.target.agencies)
        labels["goal"] = say(
            lang, "chart.growth.goal", number=f"{plan.target.agencies:,.0f}", year=plan.target.year
        )
    try:
        planned, by_trend = spread_of(result), None if trend is None else spread_of(trend)
    except TooFewDrawsError:
        return refused_words(lang, "growth")
    note = say(lang, "chart.growth.note")
    return drawn(figures.growth, 3.6, years, planned, by_trend, labels=labels, note=note, goal=goal)
