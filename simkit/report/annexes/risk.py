"""风险与敏感性分析: how far the money may go, what it rests on, and what it would be on other readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from simkit.base.money import format_wan
from simkit.report.annexes.commands import command, other_code
from simkit.report.annexes.rating import POINTS, own_paths, ratings
from simkit.report.annexes.sources import Sources
from simkit.report.papers.pieces import Piece, Sentences
from simkit.report.papers.table import Table
from simkit.report.pictures import drivers as driver_charts
from simkit.report.pictures import flow, spread
from simkit.report.pictures import need as need_pictures
from simkit.report.pictures import readings as reading_charts
from simkit.report.tables import all as tables
from simkit.report.tables import drivers as whatif_drivers
from simkit.report.tables import readings as whatif_readings
from simkit.report.tables.registered import registered
from simkit.report.tables.treatment import treatment
from simkit.runs.figures import figures_of
from simkit.whatif.drivers import Drivers
from simkit.whatif.readings import Readings

__all__ = ["risk"]

#: Paid years that a wide table has room for.
_YEARS = 5
#: Bars that fit a page on its side.
_BARS = 12
#: Points of the curve beside the scenario's confidence.
_POINTS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)

#: Standard errors to each side in a 95 % interval.
_REACH = 1.959964
#: What a reading changes that ends the policy later.
_UNTIL = "document.in_force.until"


def risk(desk: Sources) -> Sequence[Piece]:
    """Range of the money, its parts, reliability of each costing, sources of uncertainty, readings."""
    parts = (_range, _flow, _factor, _reliability, _sources, _readings, _voted)
    return [piece for part in parts for piece in part(desk) if piece is not None]


def _range(desk: Sources) -> list[Piece | None]:
    result, lang = desk.result, desk.lang
    points = sorted({*_POINTS, result.scenario.plan.confidence / 10_000})
    return [
        desk.heading("annex.heading.curve"),
        need_pictures.confidence_curve(result, lang),
        tables.confidence_curve(result, points=points, lang=lang),
        desk.heading("annex.heading.fan"),
        need_pictures.fan(result, lang),
        tables.by_year(result, lang=lang),
    ]


def _flow(desk: Sources) -> list[Piece | None]:
    table = tables.waterfall(desk.result, lang=desk.lang)
    return [desk.heading("annex.heading.flow"), flow.waterfall(table, desk.lang), table]


def _factor(desk: Sources) -> list[Piece | None]:
    result, lang, independent = desk.result, desk.lang, desk.saved.independence
    return [
        desk.heading("annex.heading.factor"),
        spread.common_factor(result, independent, lang),
        tables.common_factor(result, independent, lang=lang),
    ]


def _reliability(desk: Sources) -> list[Piece | None]:
    whole, by_rating = ratings(desk)
    return [desk.heading("annex.heading.reliability"), whole, _weak_data(desk, whole), by_rating]


def _weak_data(desk: Sources, whole: Table) -> Sentences | None:
    """Where most measures have a low data rating: how many, and on what their assumptions rest."""
    low = desk.say("annex.rating.low")
    weak = [row["data_rating"] == low for row in whole.rows[:-1]]
    if not weak or 2 * sum(weak) <= len(weak):
        return None
    result = desk.result
    priced = [name for name in result.scenario.policy.measures if treatment(result, name) == "priced"]
    entries = {one.path: one.reliability for one in registered(desk.draft())}
    names = [name for name, is_low in zip(priced, weak, strict=True) if is_low]
    grades = [entries[path] for name in names for path in own_paths(result, name, list(entries))]
    pointless = sum(POINTS[one] == 0 for one in grades)
    numbers = {"count": len(weak), "low": len(names), "entries": len(grades), "weak": pointless}
    return desk.words("annex.text.weak_data", **numbers)


def _sources(desk: Sources) -> list[Piece | None]:
    """The split of the range, then what each assumption moves; without a saved answer by rank correlation."""
    result, lang, saved = desk.result, desk.lang, desk.saved
    split = tables.range_split(result, saved.central, saved.chance, lang=lang)
    found = saved.drivers
    if found is None:
        table = tables.drivers(result, lang=lang)
        left_out = _left_out(desk, "drivers", of="headline")
        return [desk.heading("annex.heading.sources"), split, left_out, spread.drivers(table, lang), table]
    return [
        desk.heading("annex.heading.sources"),
        other_code(desk, "drivers"),
        split,
        driver_charts.groups(found, lang),
        _bridged(desk, whatif_drivers.groups(found, lang=lang), found),
        desk.heading("annex.heading.tornado"),
        driver_charts.tornado(found, lang),
        whatif_drivers.tornado(found, lang=lang),
    ]


def _bridged(desk: Sources, table: Table, found: Drivers) -> Table:
    """The split of a saved answer, with a note why it is not that of the run, and how far their means are apart.

    Where the mean of the run cannot be told with an error, there is nothing to compare with.
    """
    result, asked = desk.result, found.origin
    run = figures_of(result).mean(asked.budget_year)
    if run.error is None or found.mean.error is None:
        return table
    gap, errors = found.mean.value - run.value, (found.mean.error, run.error)
    # The larger error alone: the two may share draws, and then both in quadrature would be too wide.
    within = abs(gap) <= _REACH * max(errors)
    words = {"gap": format_wan(round(gap)), "run_draws": f"{result.draws:,}", "draws": f"{asked.draws:,}"}
    words |= {"error": format_wan(round(errors[0])), "run_error": format_wan(round(errors[1]))}
    verdict = desk.say(f"annex.split_bridge.{'within' if within else 'beyond'}")
    note = desk.say("annex.note.split_bridge", verdict=verdict, **words)
    return replace(table, notes=(*table.notes, note))


def _readings(desk: Sources) -> list[Piece | None]:
    """What each other reading costs, and the widest total."""
    found, lang = desk.saved.readings, desk.lang
    heading = desk.heading("annex.heading.readings")
    if found is None:
        return [heading, _left_out(desk, "readings", draws=desk.result.draws)]
    if not found.questions:
        return [heading, desk.words("annex.text.none_to_read")]
    return [
        heading,
        other_code(desk, "readings"),
        whatif_readings.reading_register(found, lang=lang),
        reading_charts.reading_costs(found, lang, most=_BARS),
        *(_costs(desk, found, special=special) for special in (True, False)),
        desk.heading("annex.heading.widest"),
        reading_charts.widest_ranges(found, lang, special=True),
        _longer_term(desk, whatif_readings.widest_total(found, lang=lang), found),
        whatif_readings.widest_choices(found, lang=lang),
    ]


def _longer_term(desk: Sources, table: Table, found: Readings) -> Table:
    """Say so where the dearest combination reads the policy's term as longer than it is in force."""
    policy = desk.result.scenario.policy
    now = policy.document.in_force.until
    dearest = next(one for one in found.combinations if one.way == "dearest")
    for name in dearest.changed:
        option = policy.readings[name].options[dearest.choices[name]]
        until = option.overlay.get(_UNTIL)
        if until is not None and now is not None and str(until) > now.isoformat():
            label = option.label.said(desk.lang)
            note = desk.say("annex.note.longer_term", option=label, until=str(until))
            return replace(table, notes=(*table.notes, note))
    return table


def _costs(desk: Sources, found: Readings, *, special: bool) -> Table:
    """What each reading costs; of many paid years only as many as a page has room for, beside all together."""
    table = whatif_readings.reading_costs(found, special=special, lang=desk.lang)
    if len(found.years) <= _YEARS:
        return table
    first = max(found.years[0], min(desk.result.scenario.plan.budget_year, found.years[-_YEARS]))
    hidden = {f"paid_{year}" for year in found.years if not first <= year < first + _YEARS}
    columns = tuple(one for one in table.columns if one.key not in hidden)
    rows = tuple({key: value for key, value in row.items() if key not in hidden} for row in table.rows)
    note = desk.say("annex.note.some_years", first=first, last=first + _YEARS - 1)
    return replace(table, columns=columns, rows=rows, notes=(*table.notes, note))


def _voted(desk: Sources) -> list[Piece | None]:
    """Outlays against the money voted, where any is."""
    if desk.result.budget is None:
        return []
    return [desk.heading("annex.heading.voted"), tables.appropriation(desk.result, lang=desk.lang)]


def _left_out(desk: Sources, name: str, **options: Any) -> Sentences:
    """What is missing, and the command that makes it."""
    words = command(desk, name, **options)
    return Sentences(desk.say(f"annex.text.no_{name}", command=words), "warn")
