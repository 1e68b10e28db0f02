"""Tables of a report: one function a table, Result -> Table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simkit.report.papers.table import Language, Table
from simkit.report.tables.assumptions import assumptions_register
from simkit.report.tables.budget import appropriation, budget_lines, by_fund_department_level
from simkit.report.tables.flow import measures, refusals, waterfall
from simkit.report.tables.growth import growth, reasons
from simkit.report.tables.headline import by_year, confidence_curve, headline
from simkit.report.tables.law import goals, readings, uncertain_in_law
from simkit.report.tables.levers import caps, no_duplication
from simkit.report.tables.origin import reproduce
from simkit.report.tables.sanity import comparables, sanity
from simkit.report.tables.spread import common_factor, drivers, range_split
from simkit.runs.result import Result

__all__ = [
    "all_tables",
    "appropriation",
    "assumptions_register",
    "budget_lines",
    "by_fund_department_level",
    "by_year",
    "caps",
    "common_factor",
    "comparables",
    "confidence_curve",
    "drivers",
    "goals",
    "growth",
    "headline",
    "measures",
    "no_duplication",
    "range_split",
    "readings",
    "reasons",
    "refusals",
    "reproduce",
    "sanity",
    "uncertain_in_law",
    "waterfall",
]


def all_tables(
    result: Result,
    *,
    lang: Language = "zh",
    manifest: Mapping[str, Any] | None = None,
    independent: Result | None = None,
    trend: Result | None = None,
    central: Result | None = None,
    chance: Result | None = None,
) -> list[Table]:
    """Every table, in the order of the report.

    Parameters
    ----------
    result : Result
    lang : `zh` or `en`
    manifest : mapping, optional
        Of the saved run, for the last table; without it that table is left out.
    independent, trend, central, chance : Result, optional
        Runs beside this one: no common factor; growth by trend; parameters at their means; besides,
        neither factor nor shocks. Where one is missing its cells say 未提供.
    """
    tables = [
        headline(result, lang=lang),
        by_year(result, special=True, lang=lang),
        by_year(result, special=False, lang=lang),
        reasons(result, special=True, lang=lang),
        budget_lines(result, lang=lang),
        by_fund_department_level(result, lang=lang),
        appropriation(result, lang=lang),
        confidence_curve(result, lang=lang),
        waterfall(result, lang=lang),
        refusals(result, lang=lang),
        measures(result, special=True, lang=lang),
        measures(result, special=False, lang=lang),
        caps(result, lang=lang),
        no_duplication(result, lang=lang),
        uncertain_in_law(result, lang=lang),
        readings(result, lang=lang),
        growth(result, trend, lang=lang),
        common_factor(result, independent, lang=lang),
        range_split(result, central, chance, lang=lang),
        drivers(result, lang=lang),
        sanity(result, lang=lang),
        comparables(result, lang=lang),
        assumptions_register(result, lang=lang),
        goals(result, lang=lang),
    ]
    return tables if manifest is None else [*tables, reproduce(manifest, lang=lang)]
