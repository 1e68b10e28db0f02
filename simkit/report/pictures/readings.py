"""What the figures of readings and provisions show: numbers and labels from saved answers; HTML each."""

from __future__ import annotations

from simkit.base.words import of_two, say
from simkit.report.figures import readings as figures
from simkit.report.figures.axes import broken
from simkit.report.papers.drawing import canvas
from simkit.report.papers.glyphs import clipped
from simkit.report.papers.pieces import Picture
from simkit.report.papers.table import Language
from simkit.report.tables.readings import fund_of
from simkit.whatif.provisions import Provisions
from simkit.whatif.readings import Readings

__all__ = ["provision_costs", "reading_costs", "widest_ranges"]


def _labels(lang: Language, figure: str, *names: str, **values: str) -> dict[str, str]:
    return {name: say(lang, f"readings.chart.{figure}.{name}", **values) for name in names}


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
        broken(clipped(f"{question.reading}: {of_two(lang, option.label_zh, option.label_en)}", 92), 46)
        for question, option, _, _ in rows
    ]
    labels = _labels(lang, "bars", "title", count=str(len(rows)))
    labels |= _labels(lang, "bars", "x", "whole", "special", "indistinct")
    lines = sum(name.count("\n") for name in names)
    with canvas(1.1 + 0.38 * len(rows) + 0.12 * lines) as axes:
        figures.reading_costs(
            axes,
            names,
            [whole.difference for _, _, whole, _ in rows],
            [special.difference for _, _, _, special in rows],
            [whole.distinct or special.distinct for _, _, whole, special in rows],
            labels=labels,
        )
        return Picture(axes, labels["title"])


def widest_ranges(found: Readings, lang: Language, *, special: bool) -> Picture:
    """Cheapest, in force and dearest by paid year."""
    by_way = {one.way: one for one in found.combinations}
    by = "special_year" if special else "year"
    lines = [(by_way["cheapest"].line(by, year), by_way["dearest"].line(by, year)) for year in found.years]
    fund = fund_of(found.origin, lang) if special else say(lang, "fund.all")
    labels = _labels(lang, "ranges", "title", fund=fund) | _labels(lang, "ranges", "x", "middle", "range")
    with canvas(1.3 + 0.5 * len(lines)) as axes:
        figures.widest_ranges(
            axes,
            [str(year) for year in found.years],
            [low.after for low, _ in lines],
            [low.before for low, _ in lines],
            [high.after for _, high in lines],
            labels=labels,
        )
        return Picture(axes, labels["title"])


def provision_costs(found: Provisions, lang: Language) -> Picture | None:
    """Provisions that cost something in all years, dearest first."""
    rows = [one for one in found.provisions if one.total.order_free > 0]
    if not rows:
        return None
    rows.sort(key=lambda one: -one.total.order_free)
    draws = found.origin.draws
    labels = _labels(lang, "provisions", "title", "x", "order_free", "alone")
    with canvas(1.0 + 0.33 * len(rows)) as axes:
        figures.provision_costs(
            axes,
            [broken(clipped(of_two(lang, one.name_zh, one.name_en), 92), 46) for one in rows],
            [one.total.order_free / draws for one in rows],
            [one.total.alone / draws for one in rows],
            labels=labels,
        )
        return Picture(axes, labels["title"])
