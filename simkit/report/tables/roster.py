"""What has to be said of a list of agencies: how many were read, and that they are not those which growth assumes."""

from __future__ import annotations

from simkit.base.said import listed
from simkit.base.words import say
from simkit.claims.agency_list import Roster
from simkit.report.papers.table import Language
from simkit.runs.result import Result
from simkit.scenario import Plan
from simkit.scenario.rosters import far_roster

__all__ = ["far_words", "of_run", "read_words"]


def read_words(plan: Plan, roster: Roster, lang: Language) -> list[str]:
    """Agencies that were read and rows that were not, and a warning where they are far from what growth assumes."""
    left = [
        say(lang, f"roster.{key}", count=count)
        for key, count in (("totals", roster.totals), ("blanks", roster.blanks))
        if count
    ]
    left_out = say(lang, "roster.left_out", rows=listed(left, lang)) if left else ""
    count = len(roster.line)
    words = say(lang, "roster.read", file=plan.population.roster, count=count, left_out=left_out)
    return [words, *far_words(plan, count, lang)]


def far_words(plan: Plan, found: int, lang: Language) -> list[str]:
    """The warning, where one is due."""
    far = far_roster(plan.population, found)
    if far is None:
        return []
    aims = [say(lang, "roster.aim", year=year, agencies=f"{count:,.15g}") for year, count in far.aims.items()]
    aimed = say(lang, "roster.aimed", aims=listed(aims, lang)) if aims else ""
    start, gap = f"{far.start:,.10g}", f"{abs(far.listed / far.start - 1):.0%}"
    way = say(lang, "roster.fewer" if far.listed < far.start else "roster.more")
    return [
        say(lang, "roster.far", count=far.listed, year=far.year, start=start, gap=gap, way=way, aimed=aimed)
    ]


def of_run(result: Result, lang: Language) -> list[str]:
    """The warning, for a run that was saved: its list may not be at hand."""
    return far_words(result.scenario.plan, round(float(result.agencies[:, 0].mean())), lang)
