"""What the figures of readings and provisions show: numbers and labels from saved answers; HTML each."""

from __future__ import annotations

from simkit.base.words import say
from simkit.report.figures import readings as figures
from simkit.report.figures.axes import broken
from simkit.report.papers.glyphs import clipped
from simkit.report.papers.pieces import Picture
from simkit.report.papers.table import Language
from simkit.report.pictures.words import drawn, labels_of
from simkit.report.tables.answer import AnswerDraft
from simkit.whatif.provisions import Provisions
from simkit.whatif.readings import Readings

__all__ = ["provision_costs", "reading_costs", "widest_ranges"]


def reading_costs(found: Readings, lang: Language, *, most: int = 24) -> Picture | None:
    """The options that move most money, first those that move more; nothing where none does."""
    rows = [
        (question, option, option.line("total"), option.line("special_total"))
        for question in found.questions
        for option in question.options
    ]
    rows = [row for row in rows if row[2].difference or row[3].difference]
    if not rows:
        return None
    rows.sort(key=lambda row: -max(abs(row[2].difference), abs(row[3].difference)))
    rows = rows[:most]
    names = [
        broken(clipped(f"{question.reading}: {option.label.said(lang)}", 92), 46)
        for question, option, _, _ in rows
    ]
    labels = labels_of(lang, "readings.chart.bars", "title", count=str(len(rows)))
    labels |= labels_of(lang, "readings.chart.bars", "x", "whole", "special", "indistinct")
    height = 1.1 + 0.38 * len(rows) + 0.12 * sum(name.count("\n") for name in names)
    whole, special = [row[2].difference for row in rows], [row[3].difference for row in rows]
    distinct = [row[2].distinct or row[3].distinct for row in rows]
    return drawn(figures.reading_costs, height, names, whole, special, distinct, labels=labels)


def widest_ranges(found: Readings, lang: Language, *, special: bool) -> Picture:
    """Cheapest, in force and dearest by paid year."""
    by_way = {one.way: one for one in found.combinations}
    by = "special_year" if special else "year"
    lines = [(by_way["cheapest"].line(by, year), by_way["dearest"].line(by, year)) for year in found.years]
    fund = AnswerDraft(found.origin, lang).fund if special else say(lang, "fund.all")
    labels = labels_of(lang, "readings.chart.ranges", "title", fund=fund)
    labels |= labels_of(lang, "readings.chart.ranges", "x", "middle", "range")
    ends = (
        [low.after for low, _ in lines],
        [low.before for low, _ in lines],
        [high.after for _, high in lines],
    )
    years = [str(year) for year in found.years]
    return drawn(figures.widest_ranges, 1.3 + 0.5 * len(lines), years, *ends, labels=labels)


def provision_costs(found: Provisions, lang: Language) -> Picture | None:
    """Provisions that cost something in all years, dearest first."""
    rows = [one for one in found.provisions if one.total.order_free > 0]
    if not rows:
        return None
    rows.sort(key=lambda one: -one.total.order_free)
    draws = found.origin.draws
    labels = labels_of(lang, "readings.chart.provisions", "title", "x", "order_free", "alone")
    names = [broken(clipped(one.name.said(lang), 92), 46) for one in rows]
    costs = [[getattr(one.total, key) / draws for one in rows] for key in ("order_free", "alone")]
    return drawn(figures.provision_costs, 1.0 + 0.33 * len(rows), names, *costs, labels=labels)
