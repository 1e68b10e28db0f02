"""Figures of a run: the error of draws that were stratified together reaches every table, and no other is told."""

from __future__ import annotations

import pytest

from simkit.report.tables.headline import headline
from simkit.report.tables.spread import common_factor
from simkit.runs.figures import figures_of
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.sizing.drivers import standard_deviation
from simkit.sizing.quantiles import mean, quantile
from tests.report import results

GROUPS = 12


@pytest.fixture(scope="module")
def latin() -> Result:
    """Enough groups for an error between them."""
    return run(results.baseline(), draws=GROUPS * 64, seed=3, jobs=1, parameters="latin")


def test_the_error_is_that_between_groups(latin: Result) -> None:
    figures, year = figures_of(latin), latin.scenario.plan.budget_year
    sample = figures.sample(year)
    assert latin.group == 64
    assert figures.mean(year) == mean(sample, group=64) != mean(sample)
    assert figures.needed == quantile(sample, latin.scenario.plan.confidence / 10_000, group=64)


def test_every_table_of_the_need_tells_that_error(latin: Result) -> None:
    year = latin.scenario.plan.budget_year
    figures = figures_of(latin)
    expected = {"mean": figures.mean(year), "sd": standard_deviation(figures.sample(year), group=64)}
    rows = {row["figure"]: row for row in common_factor(latin, lang="en").rows}
    told = {name: round(found.standard_error) for name, found in expected.items()}
    assert [rows[one]["with_error"] for one in list(rows)[:2]] == [told["mean"], told["sd"]]
    assert told["sd"] != round(standard_deviation(figures.sample(year)).standard_error)
    first, second = headline(latin, lang="en").rows[:2]
    assert first["amount_error"] == round(figures.needed.standard_error)
    assert second["amount_error"] == told["mean"]


def test_a_year_that_pays_nothing_is_certain(latin: Result) -> None:
    found = figures_of(latin).mean(latin.paid_years[0] - 1)
    assert (found.value, found.error) == (0, 0)
