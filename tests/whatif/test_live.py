"""Moved sliders: the same figures as a comparison, to the last digit, whatever was moved before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simkit.base.errors import FaultsError
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from simkit.sizing.quantiles import quantile
from simkit.whatif.compare import compare_kept
from simkit.whatif.comparison import Comparison
from simkit.whatif.live.live import Live, LiveAnswer

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
DRAWS, SEED = 300, 11
CAP = "measures.headhunting.caps.yearly.amount"
RATE = "measures.headhunting.award.rate"
HEADS = "measures.supplied_employees.conditions.heads.at_least"
STUDENTS = "measures.students.award.amount"
EXPORTS = "measures.export_subsidy.caps.yearly.amount"
ENVELOPE = "measures.digital.selection.envelope"


@pytest.fixture(scope="module")
def live() -> Live:
    return Live(BASELINE, draws=DRAWS, seed=SEED)


def compared(live: Live, changes: dict[str, str]) -> Comparison:
    """The same change by the command's own way."""
    return compare_kept(live.kept, load_scenario(BASELINE, changes=changes))


def assert_alike(answer: LiveAnswer, other: Comparison) -> None:
    names = {"year": "special_year", "special": "special_total", "whole": "total", "measure": "measure"}
    assert {row.by for row in answer.rows} == set(names)
    for row in answer.rows:
        year = int(row.key) if row.by == "year" else None
        line = other.line(names[row.by], row.key, year)
        gap = row.gap.difference
        assert (row.before, row.after) == pytest.approx((line.before, line.after), rel=1e-12)
        assert (row.after - row.before, gap.error) == (pytest.approx(line.difference), line.difference_error)
        assert (row.gap.distinct, row.gap.needs) == (line.distinct, line.needs)
    assert answer.need is not None and other.headline is not None
    assert (answer.need.before.value, answer.need.after.value) == (
        other.headline.before,
        other.headline.after,
    )
    shift = answer.need.difference
    assert (shift.value, shift.error) == (other.headline.difference, other.headline.difference_error)


def test_the_baseline_differs_in_nothing(live: Live) -> None:
    answer = live.answer({})
    assert answer.changes == {} and [row.by for row in answer.rows] == ["year"] * 4 + ["special", "whole"]
    for row in answer.rows:
        assert (row.after, row.gap.difference.value, row.gap.distinct) == (row.before, 0, False)
    assert answer.need is not None
    for one in (answer.need, answer.enough):
        assert (one.difference.value, one.difference.standard_error) == (0, 0)


def test_the_baseline_is_that_of_a_run(live: Live) -> None:
    result = run(load_scenario(BASELINE), draws=DRAWS, seed=SEED)
    place = result.paid_years.index(2024)
    assert np.array_equal(live.answer({}).before, result.paid(special=True)[:, place])
    needed = quantile(result.paid(special=True)[:, place], 0.9).value
    assert live.budget % 1_000_000 == 0 and 0 <= live.budget - needed < 1_000_000


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({CAP: 30.0}, {CAP: "30万元"}),
        ({RATE: 60.0, CAP: 80.0}, {RATE: "60%", CAP: "80万元"}),
        ({HEADS: 300.0}, {HEADS: "300人"}),
        ({STUDENTS: 800.0, EXPORTS: 50.0}, {STUDENTS: "800元", EXPORTS: "50万元"}),
        ({ENVELOPE: 100.0}, {ENVELOPE: "100万元"}),
    ],
    ids=["cap", "rate and cap", "threshold", "two ties", "selection"],
)
def test_a_change_is_what_compare_says(live: Live, values: dict[str, float], changes: dict[str, str]) -> None:
    answer = live.answer(values)
    assert answer.changes == changes
    assert_alike(answer, compared(live, changes))


def test_a_change_is_what_a_run_of_the_changed_policy_pays(live: Live) -> None:
    changes = {CAP: "30万元", HEADS: "700人"}
    result = run(load_scenario(BASELINE, changes=changes), draws=DRAWS, seed=SEED)
    answer = live.answer({CAP: 30.0, HEADS: 700.0})
    assert np.array_equal(answer.after, result.paid(special=True)[:, result.paid_years.index(2024)])


def test_what_was_moved_before_leaves_no_trace(live: Live) -> None:
    """Sliders moved one by one, and back, answer as if moved at once."""
    at_once = Live(BASELINE, draws=DRAWS, seed=SEED).answer({RATE: 40.0, STUDENTS: 300.0})
    for values in ({RATE: 40.0}, {RATE: 40.0, STUDENTS: 700.0}, {STUDENTS: 300.0}):
        live.answer(values)
    answer = live.answer({RATE: 40.0, STUDENTS: 300.0})
    assert np.array_equal(answer.after, at_once.after) and answer.rows == at_once.rows
    back = live.answer({RATE: 50.0, STUDENTS: 500.0})
    assert back.changes == {} and np.array_equal(back.after, back.before)


def test_the_budget_line_covers_its_share_of_the_draws(live: Live) -> None:
    line = 2_000 * 1_000_000
    answer = live.answer({CAP: 25.0}, line)
    covered = [int((sample <= line).sum()) for sample in (answer.before, answer.after)]
    assert 0 < covered[0] < covered[1] < DRAWS
    found = answer.enough
    assert [round(one.value * DRAWS) for one in (found.before, found.after)] == covered
    assert found.difference.value == pytest.approx((covered[1] - covered[0]) / DRAWS)
    assert found.before.low <= found.before.value <= found.before.high
    assert live.answer({}, 0).enough.before.value == 0


@pytest.mark.parametrize("wrong", [{RATE: -5.0}, {CAP: 0.0}, {CAP: float("inf")}, {HEADS: 300.5}])
def test_what_the_policy_cannot_have_is_named_and_forgotten(live: Live, wrong: dict[str, float]) -> None:
    before = live.answer({CAP: 30.0})
    with pytest.raises(FaultsError) as caught:
        live.answer(wrong)
    assert next(iter(wrong)) in {fault.path for fault in caught.value.faults}
    assert np.array_equal(live.answer({CAP: 30.0}).after, before.after)


def test_the_dearest_measures_come_first(live: Live) -> None:
    means = {}
    for one in live.sliders:
        if one.measure not in means:
            row = next(row for row in live.answer({one.path: one.low}).rows if row.key == one.measure)
            means[one.measure] = row.before
    assert list(live.main) == sorted(means, key=lambda name: -means[name])[:3]
