"""What each figure of a comparison, a sweep or a seek shows: HTML for a notebook and a page."""

from __future__ import annotations

from collections.abc import Sequence

from simkit.base.words import say
from simkit.report.figures import compare as figures
from simkit.report.figures.axes import broken
from simkit.report.papers.pieces import Picture
from simkit.report.papers.table import Language
from simkit.report.pictures.words import drawn, labels_of
from simkit.whatif.comparison import Comparison, Line
from simkit.whatif.seek import Seek
from simkit.whatif.sweep import Sweep

__all__ = ["compared", "options", "sought", "swept"]

_REACH = 1.959963984540054


def compared(found: Comparison, lang: Language) -> Picture:
    """Differences by paid year in both views."""

    def of(by: str) -> list[Line]:
        return [line for line in found.lines if line.by == by]

    years = [line.key for line in of("year")]
    views = {
        say(lang, "chart.compare.special"): [_interval(line) for line in of("special_year")],
        say(lang, "chart.compare.whole"): [_interval(line) for line in of("year")],
    }
    labels = labels_of(lang, "chart.compare", "x", "y", "title", name=found.name)
    return drawn(figures.differences, 3.4, years, views, labels=labels)


def _interval(line: Line) -> figures.Interval:
    value = line.difference
    return value, value if line.low is None else line.low, value if line.high is None else line.high


def options(found: Sequence[Comparison], names: Sequence[str], lang: Language) -> Picture:
    """What each of some options costs the special fund more in the budget year, side by side."""
    year = found[0].origin.budget_year
    lines = [one.line("special_year", str(year), year) for one in found]
    views = {say(lang, "chart.compare.special"): [_interval(one) for one in lines]}
    labels = labels_of(lang, "chart.options", "x", "y", "title", year=year)
    return drawn(figures.differences, 3.4, [broken(one) for one in names], views, labels=labels)


def swept(found: Sweep, lang: Language) -> Picture:
    """The curve along one path, or the map over two."""
    labels = {"title": say(lang, "chart.sweep.title"), "x": found.paths[0], "y": say(lang, "chart.sweep.y")}
    if len(found.paths) == 2:
        return _swept_map(found, lang)
    labels["standing"] = say(lang, "chart.sweep.standing")
    curves = {
        say(lang, "chart.sweep.mean"): [
            (
                one.mean,
                one.mean - _REACH * (one.mean_error or 0.0),
                one.mean + _REACH * (one.mean_error or 0.0),
            )
            for one in found.points
        ]
    }
    needs = [
        (one.need, one.need_low, one.need_high)
        for one in found.points
        if one.need is not None and one.need_low is not None and one.need_high is not None
    ]
    if len(needs) == len(found.points):
        confidence = f"{found.origin.confidence / 100:g}%"
        curves[say(lang, "chart.sweep.need", confidence=confidence)] = needs
    settings, texts = [one.numbers[0] for one in found.points], [one.values[0] for one in found.points]
    standing = next((one.numbers[0] for one in found.points if one.base), None)
    return drawn(figures.sweep_curve, 3.8, settings, texts, curves, standing, labels=labels)


def _swept_map(found: Sweep, lang: Language) -> Picture:
    rows = list(dict.fromkeys(one.values[0] for one in found.points))
    columns = list(dict.fromkeys(one.values[1] for one in found.points))
    values = [[one.mean for one in found.points if one.values[0] == row] for row in rows]
    labels = {"title": say(lang, "chart.sweep_map.title"), "x": found.paths[1], "y": found.paths[0]}
    return drawn(figures.sweep_map, 1.4 + 0.4 * len(rows), rows, columns, values, labels=labels)


def sought(found: Seek, lang: Language) -> Picture:
    """Probability that the budget is enough along the settings looked at."""
    x = " · ".join(found.paths)
    labels = labels_of(lang, "chart.seek", "title", "y", "level", "found") | {"x": x}
    texts = [one.values[0] for one in found.tried]
    ends = None
    at = {one.values: one.at for one in found.tried}
    here = at.get(found.values) if found.outcome == "found" else None
    if found.low is not None and found.high is not None and found.low in at and found.high in at:
        ends = (at[found.low], at[found.high])
    settings, chances = [one.at for one in found.tried], [one.probability for one in found.tried]
    marks = (found.level, here, ends)
    return drawn(figures.probability, 3.6, settings, texts, chances, *marks, labels=labels)
