"""The few figures by which reports are told apart on one page: the headline, what is expected, the differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simkit.errors import TooFewDrawsError
from simkit.report.charts import fund_name
from simkit.report.saved import Saved
from simkit.report.tables.ledger import ledger, year_sample
from simkit.result import Result
from simkit.sizing.compare import paired, quantile_shift
from simkit.sizing.quantiles import Estimate, mean, quantile

__all__ = ["Figure", "Summary", "summarise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A simulated figure with its 95 % interval and standard error. Fen; a refused one says what it needs.

    Attributes
    ----------
    value, low, high, error : float or None
        None where too few draws carry it.
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
    title_zh, title_en : str
        Of the scenario, or of its only overlay.
    fund_zh, fund_en : str
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
    title_zh: str
    title_en: str
    fund_zh: str
    fund_en: str
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
        more_needed = _figure(lambda: quantile_shift(before, sample, plan.confidence / 10_000))
        more_expected = _figure(lambda: paired(before, sample).difference)
    return Summary(
        name=scenario.name,
        base="" if base is None else base.scenario.name,
        title_zh=title.zh,
        title_en=title.en,
        fund_zh=fund_name(result, "zh"),
        fund_en=fund_name(result, "en"),
        year=plan.budget_year,
        confidence=plan.confidence,
        as_of=plan.as_of.isoformat(),
        draws=result.draws,
        seed=result.seed,
        needed=_figure(lambda: quantile(sample, plan.confidence / 10_000)),
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
    value = float(ledger(result).sum(special=True, paid=year))
    found = _figure(lambda: mean(year_sample(result, year, special=True)))
    return Figure(value=value, low=found.low, high=found.high, error=found.error, needs=found.needs)


def _figure(figure: Callable[[], Estimate]) -> Figure:
    try:
        found = figure()
    except TooFewDrawsError as error:
        return Figure(value=None, low=None, high=None, error=None, needs=int(error.arguments[-1]))
    return Figure(value=found.value, low=found.low, high=found.high, error=found.standard_error)
