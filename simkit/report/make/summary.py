"""The few figures by which reports are told apart on one page: the headline, what is expected, the differences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from simkit.documents.models import Text
from simkit.report.tables.saved import Saved
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.figures import figures_of, year_sample
from simkit.runs.result import Result
from simkit.sizing.compare import paired, quantile_shift
from simkit.sizing.estimate import Estimate, attempt, told
from simkit.whatif.certainty import known_between
from simkit.whatif.evaluate import moved

__all__ = ["Figure", "Summary", "summarise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A simulated figure with its 95 % interval and standard error. Fen; a refused one says what it needs.

    Attributes
    ----------
    value, low, high, error : float or None
        None where too few draws carry it, or where they tell no error.
    needs : int or None
        Draws that it needs, where it is refused.
    """

    value: float | None
    low: float | None
    high: float | None
    error: float | None
    needs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A report's line among others.

    Attributes
    ----------
    name : str
        Of the scenario with its overlays.
    base : str
        Of the scenario without them, which the differences are from; empty where there are none.
    title : Text
        Of the scenario, or of its only overlay.
    funds : tuple of Text
        Names of the special funds.
    year : int
        The budget year.
    confidence : int
        Over 10,000.
    as_of : str
    draws, seed : int
    needed, expected : Figure
        Money of the special fund paid in the budget year: enough with the confidence, and on average.
    more_needed, more_expected : Figure or None
        Less that of the baseline on the same luck; None for a baseline, or where year or confidence differ.
    """

    name: str
    base: str
    title: Text
    funds: tuple[Text, ...]
    year: int
    confidence: int
    as_of: str
    draws: int
    seed: int
    needed: Figure
    expected: Figure
    more_needed: Figure | None
    more_expected: Figure | None


def summarise(saved: Saved) -> Summary:
    """The line of a saved run."""
    result, base = saved.result, saved.baseline
    scenario, plan = result.scenario, result.scenario.plan
    title = scenario.overlays[0].title if len(scenario.overlays) == 1 else plan.title
    sample = year_sample(result, plan.budget_year, special=True)
    more_needed, more_expected = None, None
    if base is not None and _comparable(base, result):
        before = year_sample(base, plan.budget_year, special=True)
        names = moved(base.scenario, scenario)
        year = plan.budget_year
        known = known_between(base.scenario, scenario, names, special=True, year=year).difference
        of: dict[str, Any] = {"group": result.group, "certain": known}
        level = plan.confidence / 10_000
        more_needed = _figure(attempt(lambda: quantile_shift(before, sample, level, **of)))
        more_expected = _figure(attempt(lambda: paired(before, sample, **of).difference))
    return Summary(
        name=scenario.name,
        base="" if base is None else base.scenario.name,
        title=title,
        funds=scenario.policy.special_funds,
        year=plan.budget_year,
        confidence=plan.confidence,
        as_of=plan.as_of.isoformat(),
        draws=result.draws,
        seed=result.seed,
        needed=_figure(figures_of(result).needed),
        expected=_expected(result),
        more_needed=more_needed,
        more_expected=more_expected,
    )


def _comparable(base: Result, result: Result) -> bool:
    one, two = base.scenario.plan, result.scenario.plan
    same_luck = (base.draws, base.seed, base.parameters) == (result.draws, result.seed, result.parameters)
    return same_luck and (one.budget_year, one.confidence) == (two.budget_year, two.confidence)


def _expected(result: Result) -> Figure:
    """The expected outlay to the fen of every other table, with the mean's error."""
    year = result.scenario.plan.budget_year
    value = float(whole_fen(result).sum(special=True, paid=year))
    return replace(_figure(figures_of(result).mean(year)), value=value)


def _figure(found: Estimate) -> Figure:
    needs = None if found.refusal is None else found.refusal.least
    return Figure(
        value=found.given, low=told(found.low), high=told(found.high), error=found.error, needs=needs
    )
