"""What each figure of the report shows: arrays and labels from a result and its tables, drawn by `figures`.

Each gives HTML for a notebook and a page; an empty text where its numbers were refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from simkit.awards import STEPS
from simkit.errors import TooFewDrawsError
from simkit.money import format_wan
from simkit.report import figures
from simkit.report.glyphs import clipped
from simkit.report.look import broken, canvas
from simkit.report.messages import say
from simkit.report.pieces import Picture, Words
from simkit.report.table import Language, Table
from simkit.report.tables.ledger import ledger, year_sample
from simkit.result import Result
from simkit.scenario.horizon import whole_years
from simkit.sizing.estimates import attempt
from simkit.sizing.quantiles import quantile

__all__ = [
    "caps",
    "common_factor",
    "confidence_curve",
    "drivers",
    "fan",
    "growth",
    "measures",
    "waterfall",
    "years_by_measure",
]

_MARKED = (0.5, 0.8, 0.95, 0.99)
_BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
_PARTS = 6
#: Bars of a figure at most, so that it stays on a page, and half-width columns of their names.
_BARS, _NAME = 20, 40


def _labels(lang: Language, figure: str, names: Sequence[str], **values: Any) -> dict[str, str]:
    return {name: say(lang, f"chart.{figure}.{name}", **values) for name in names}


def _year(lang: Language, result: Result) -> dict[str, Any]:
    return {
        "year": result.scenario.plan.budget_year,
        "fund": fund_name(result, lang),
        "confidence": f"{result.scenario.plan.confidence / 100:g}%",
    }


def fund_name(result: Result, lang: Language) -> str:
    """The special fund's name."""
    funds = [fund.name for fund in result.scenario.policy.funds.values() if fund.special]
    return "、".join(name.zh for name in funds) if lang == "zh" else ", ".join(name.en for name in funds)


def _refused(lang: Language, figure: str) -> Words:
    return Words(say(lang, "chart.refused", title=say(lang, f"chart.{figure}.name")), "note")


def _numbers(rows: Sequence[Mapping[str, Any]], *keys: str) -> bool:
    """Whether every cell is a number: none refused, none left out."""
    return all(isinstance(row[key], int | float) for row in rows for key in keys)


def confidence_curve(result: Result, lang: Language) -> Picture | Words | None:
    """The special fund in the budget year: money against the probability that it is enough."""
    plan = result.scenario.plan
    sample = year_sample(result, plan.budget_year, special=True)
    level = plan.confidence / 10_000
    needed = attempt(partial(quantile, sample, level, group=result.group))
    if needed.refusal is not None:
        return _refused(lang, "confidence_curve")
    others = {other: attempt(partial(quantile, sample, other)) for other in _MARKED if other != level}
    marked = {other: found.value for other, found in others.items() if found.refusal is None}
    shown = {
        "amount": _wan(needed.value),
        "low": _wan(needed.low),
        "high": _wan(needed.high),
        **_year(lang, result),
    }
    labels = _labels(lang, "confidence_curve", ("title", "x", "y", "point"), **shown)
    with canvas(4.2) as axes:
        figures.confidence_curve(
            axes, sample, (level, needed.value, needed.low, needed.high), labels=labels, levels=marked
        )
        return Picture(axes, say(lang, "chart.confidence_curve.alt", **shown))


def _wan(fen: float) -> str:
    return format_wan(round(fen))


def fan(result: Result, lang: Language) -> Picture | Words | None:
    """The special fund by paid year: bands, median, mean."""
    paid, years = result.paid(special=True), result.paid_years
    try:
        bands = {
            level: np.array([quantile(paid[:, place], level).value for place in range(len(years))])
            for level in _BANDS
        }
    except TooFewDrawsError:
        return _refused(lang, "fan")
    labels = _labels(lang, "fan", ("title", "x", "y", "mean", "median"), **_year(lang, result))
    labels["band"] = say(lang, "chart.fan.band")
    with canvas(3.9) as axes:
        figures.fan(
            axes, years, bands, paid.mean(axis=0), labels=labels, marked=result.scenario.plan.budget_year
        )
        partly = _mark_partly(axes, result, lang)
        return Picture(axes, labels["title"], " ".join([say(lang, "chart.fan.note"), *partly]))


def years_by_measure(result: Result, lang: Language) -> Picture | Words | None:
    """Expected money of the special fund by paid year, each bar made of its measures."""
    money, years = ledger(result), result.paid_years
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
    names = [_name(policy[place].name, lang) for place in order[:_PARTS]]
    amounts = [table[place] for place in order[:_PARTS]]
    if len(order) > _PARTS:
        names.append(say(lang, "chart.others", count=len(order) - _PARTS))
        amounts.append(table[order[_PARTS:]].sum(axis=0))
    labels = _labels(lang, "years_by_measure", ("title", "x", "y"), **_year(lang, result))
    with canvas(3.9) as axes:
        figures.years_by_measure(axes, years, names, np.array(amounts), labels=labels)
        return Picture(axes, labels["title"], " ".join(_mark_partly(axes, result, lang)))


def _mark_partly(axes: Axes, result: Result, lang: Language) -> list[str]:
    """Mark the years that are not simulated whole on the axis; the sentence that says what the mark means."""
    years = result.paid_years
    whole = whole_years(result.scenario, years)
    if len(whole) == len(years):
        return []
    axes.set_xticks(list(years), [str(year) if year in whole else f"{year}*" for year in years])
    return [say(lang, "chart.not_whole")]


def _name(text: Any, lang: Language) -> str:
    """A name in lines short enough for a legend."""
    return broken(clipped(str(text.zh if lang == "zh" else text.en), 56), 30)


def waterfall(table: Table, lang: Language) -> Picture | Words | None:
    """The table's total row: gross, what each step took, awarded, forfeited, paid."""
    keys = ("gross", *STEPS, "awarded", "forfeited", "paid")
    row = {key: table.number((len(table.rows) - 1, key)) or 0 for key in keys}
    if not row["gross"]:
        return None
    names = {column.key: column.heading for column in table.columns}
    totals = ("gross", "awarded", "paid")
    shown = [key for key in keys if key in totals or row[key]]
    amounts = [float(row[key]) if key in totals else -float(row[key]) for key in shown]
    places = [place for place, key in enumerate(shown) if key in totals]
    labels = _labels(lang, "waterfall", ("title", "y"))
    with canvas(3.9) as axes:
        figures.waterfall(axes, [names[key] for key in shown], amounts, places, labels=labels)
        return Picture(axes, labels["title"])


def measures(table: Table, lang: Language, *, most: int = _BARS) -> Picture | Words | None:
    """Measures of the table that cost something, dearest first, with their share of the tail."""
    rows = [
        row
        for number, row in enumerate(table.rows)
        if number not in table.totals and table.number((number, "cost"))
    ]
    if not rows:
        return None
    rows, note = _largest(rows, lambda row: float(row["cost"]), most, lang)
    tail = [row["tail_share"] if isinstance(row["tail_share"], float) else float("nan") for row in rows]
    labels = _labels(lang, "measures", ("title", "x", "expected", "tail"))
    with canvas(0.9 + 0.36 * len(rows)) as axes:
        names = [clipped(row["item"], _NAME) for row in rows]
        figures.measures(axes, names, [row["cost"] for row in rows], tail, labels=labels)
        return Picture(axes, labels["title"], note)


def _largest(
    rows: list[dict[str, Any]], size: Callable[[dict[str, Any]], float], most: int, lang: Language
) -> tuple[list[dict[str, Any]], str]:
    """The largest rows, in their order, as many as a page has room for; a note where there are more."""
    left = len(rows) - most
    if left <= 0:
        return rows, ""
    kept = sorted(sorted(range(len(rows)), key=lambda place: -size(rows[place]))[:most])
    return [rows[place] for place in kept], say(lang, "chart.first", most=most, left=left)


def caps(table: Table, lang: Language, *, most: int = _BARS) -> Picture | Words | None:
    """Caps that take something or are worth something, with the share of agencies at them."""
    rows = [row for row in table.rows if _numbers([row], "taken", "worth") and (row["taken"] or row["worth"])]
    if not rows:
        return None
    rows, note = _largest(rows, lambda row: max(row["taken"], row["worth"]), most, lang)
    years = [column.key for column in table.columns if column.key.startswith("at_")]
    at_cap = [
        max((row[year] for year in years if isinstance(row[year], float)), default=float("nan"))
        for row in rows
    ]
    labels = _labels(lang, "caps", ("title", "x", "taken", "worth"))
    labels["at_cap"] = say(lang, "chart.caps.at_cap")
    with canvas(1.0 + 0.42 * len(rows)) as axes:
        figures.caps(
            axes,
            [clipped(row["item"], _NAME) for row in rows],
            [row["taken"] for row in rows],
            [row["worth"] for row in rows],
            at_cap,
            labels=labels,
        )
        return Picture(axes, labels["title"], note)


def growth(result: Result, trend: Result | None, lang: Language) -> Picture | Words | None:
    """Agencies by year's end as the plan has them, beside the trend where the plan aims at a target."""
    plan = result.scenario.plan.population.growth
    years = list(range(plan.start_year, plan.start_year + result.agencies.shape[1]))
    labels = _labels(lang, "growth", ("title", "x", "y", "trend"))
    labels["target"] = say(lang, f"chart.growth.{plan.mode}")
    goal = None
    if plan.target is not None:
        goal = (plan.target.year, plan.target.agencies)
        labels["goal"] = say(
            lang, "chart.growth.goal", number=f"{plan.target.agencies:,.0f}", year=plan.target.year
        )
    try:
        planned, by_trend = _spread(result), None if trend is None else _spread(trend)
    except TooFewDrawsError:
        return _refused(lang, "growth")
    with canvas(3.6) as axes:
        figures.growth(axes, years, planned, by_trend, labels=labels, goal=goal)
        return Picture(axes, labels["title"], say(lang, "chart.growth.note"))


def _spread(result: Result) -> tuple[Any, Any, Any]:
    low, high = (
        np.array([quantile(year, level).value for year in result.agencies.T]) for level in (0.05, 0.95)
    )
    return result.agencies.mean(axis=0), low, high


def common_factor(result: Result, independent: Result | None, lang: Language) -> Picture | Words | None:
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
        return _refused(lang, "common_factor")
    labels = _labels(lang, "common_factor", ("title", "x", "y", "with", "without"), **_year(lang, result))
    with canvas(3.7) as axes:
        figures.common_factor(axes, samples[0], samples[1], level, labels=labels)
        return Picture(axes, labels["title"])


def drivers(table: Table, lang: Language, *, most: int = 8) -> Picture | Words | None:
    """The assumptions that move the total most."""
    rows = [
        row for row in table.rows if _numbers([row], "correlation", "correlation_low", "correlation_high")
    ][:most]
    if not rows:
        return _refused(lang, "drivers")
    labels = _labels(lang, "drivers", ("title", "x"))
    columns = [[row[key] for row in rows] for key in ("correlation", "correlation_low", "correlation_high")]
    with canvas(1.0 + 0.4 * len(rows)) as axes:
        figures.drivers(axes, [clipped(row["item"], 2 * _NAME) for row in rows], *columns, labels=labels)
        return Picture(axes, labels["title"])
