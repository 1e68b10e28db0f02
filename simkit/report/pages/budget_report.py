"""The report's words around tables and figures: what the notebook calls, section by section."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from simkit.base.errors import known_language
from simkit.base.money import format_wan
from simkit.base.project import newest_saved
from simkit.base.said import listed
from simkit.base.words import is_wide, say
from simkit.report.pages.sections import Told
from simkit.report.papers.markup import lead_html, text_html, title_html
from simkit.report.papers.table import Language
from simkit.report.tables.all import measures
from simkit.report.tables.draft import Draft
from simkit.report.tables.flow import measure_flows
from simkit.report.tables.opening import banners, title
from simkit.report.tables.saved import Saved
from simkit.report.tables.table_draft import percent
from simkit.report.tables.treatment import unpriced
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.figures import year_sample
from simkit.runs.manifest import MANIFEST
from simkit.runs.result import Result
from simkit.scenario.horizon import whole_years
from simkit.sizing.quantiles import exceedance

__all__ = ["Report", "open_report"]


@dataclass(frozen=True, kw_only=True)
class Report(Told, Saved):
    """A saved run with its variants, told in one language."""

    lang: Language

    @cached_property
    def facts(self) -> dict[str, str]:
        """What the sentences quote, as it is printed."""
        return _facts(self.result, self.lang)

    @cached_property
    def form(self) -> str:
        """`plain`: no need can be told; `certain`: every draw needs the same; else empty."""
        if not self.facts["needed"]:
            return "plain"
        sample = year_sample(self.result, self.result.scenario.plan.budget_year, special=True)
        return "certain" if sample.min() == sample.max() else ""

    def opening(self) -> None:
        """Title, banners, the headline in a box, and what kind of estimate this is."""
        plan = self.result.scenario.plan
        self.show(title_html(title(self.result, self.lang), say(self.lang, "page.subtitle", **self.facts)))
        amount = say(self.lang, "page.lead.amount", **self.facts) if self.facts["needed"] else ""
        words = "page.lead.text" if amount else "page.lead.refused"
        what = say(self.lang, "page.lead.what", **self.facts)
        self.show(lead_html(what, amount, say(self.lang, words, **self.facts)))
        for banner in banners(self.result, self.lang):
            self.show(text_html(banner, "warn"))
        self.show(text_html(f"{say(self.lang, 'page.kind')}\n{plan.about.said(self.lang)}", "note"))

    def say(self, name: str) -> None:
        """More words inside a section."""
        self.show(self.words(name))


def open_report(run: str, variants: dict[str, str], lang: str) -> Report:
    """The report on a run's folder; without one on the newest saved run.

    Raises
    ------
    InputError
        For a language that there is none of, or where no run is saved.
    """
    known_language(lang)
    found = Path(run) if run else newest_saved(f"*/{MANIFEST}", command="simkit run SCENARIO.yaml").parent
    folders = {name: Path(folder) for name, folder in variants.items() if folder}
    return Report(run=found, variants=folders, lang=lang)


def _facts(result: Result, lang: Language) -> dict[str, str]:
    """Values of the sentences' placeholders; `needed` is empty where too few draws carry it."""
    plan, draft = result.scenario.plan, Draft(result, lang)
    level = plan.confidence / 10_000
    sample = year_sample(result, plan.budget_year, special=True)
    money = whole_fen(result)
    mean = money.sum(special=True, paid=plan.budget_year)
    needed = draft.figures.needed
    amounts = dict.fromkeys(("needed", "low", "high", "reserve", "whole"), "")
    if needed.refusal is None:
        every = draft.figures.quantile(level, plan.budget_year, special=False)
        amounts = {"needed": _wan(needed.value), "low": _wan(needed.low), "high": _wan(needed.high)}
        amounts |= {"reserve": _wan(needed.value - mean), "whole": _wan(every.value)}
    flows = measure_flows(result)
    gross, awarded, paid = (sum(getattr(one, name) for one in flows) for name in ("gross", "awarded", "paid"))
    top = [row for row in measures(result, special=True, lang=lang).rows[:3] if isinstance(row["cost"], int)]
    unit = 1 - exceedance(sample, mean).value
    years = result.paid_years
    whole = whole_years(result.scenario, years)
    peak = max(whole or years, key=lambda year: money.sum(special=True, paid=year))
    return amounts | {
        "fund": draft.funds(True),
        "year": str(plan.budget_year),
        "confidence": percent(level),
        "short_chance": percent(round(1 - level, 6)),
        "as_of": plan.as_of.isoformat(),
        "draws": f"{result.draws:,}",
        "seed": str(result.seed),
        "mean": _told(draft, mean, year=plan.budget_year, special=True),
        "mean_enough": f"{unit:.0%}",
        "term": _told(draft, money.sum(special=True), special=True),
        "first_year": str(years[0]),
        "last_year": str(years[-1]),
        "earned_first": str(result.earned_years[0]),
        "earned_last": str(result.earned_years[-1]),
        "peak_year": str(peak),
        "peak": _told(draft, money.sum(special=True, paid=peak), year=peak, special=True),
        "gross": _told(draft, gross),
        "reduced": _wan(gross - awarded),
        "awarded": _told(draft, awarded),
        "paid": _told(draft, paid),
        "top": listed((_with_share(row, lang) for row in top if row["cost"]), lang, "language.parted") or "—",
        "unpriced_count": str(len(unpriced(result))),
        "agencies": _agencies(result),
        "draws_plain": str(result.draws),
    }


def _agencies(result: Result) -> str:
    """Mean number of agencies at the end of the budget year, or of the last year simulated."""
    plan = result.scenario.plan
    at = min(plan.budget_year - plan.population.growth.start_year, result.agencies.shape[1] - 1)
    return f"{float(np.mean(result.agencies[:, at])):,.0f}"


def _with_share(row: dict[str, Any], lang: Language) -> str:
    return say(lang, "page.with_share", item=row["item"], share=f"{row['share']:.0%}")


def _told(draft: Draft, fen: int, *, year: int | None = None, special: bool = False) -> str:
    """An expected amount; a 0 that the rules leave open says that no draw met it."""
    word = "" if fen or draft.certain(year=year, special=special) else f" ({draft.unmet})"
    return _wan(fen) + (word.replace(" (", "（").replace(")", "）") if is_wide(draft.lang) else word)


def _wan(fen: float) -> str:
    return format_wan(round(fen))
