"""Which years can be paid in, and which are simulated whole: against what real runs pay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from simkit.scenario.horizon import can_pay, counted, paid_span, whole_years

FOLDER = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023"
BASELINE, SUCCESSOR = FOLDER / "baseline.yaml", FOLDER / "successor.yaml"
#: Half of what is awarded is paid a year later.
LATER = {
    "measures.headhunting.instalments": [{"share": "50%"}, {"share": "50%", "after_years": 1}],
}


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load_scenario(BASELINE)


@pytest.mark.parametrize(("file", "changes"), [(BASELINE, {}), (SUCCESSOR, {}), (BASELINE, LATER)])
def test_every_outlay_lies_in_the_span_of_its_measure_and_year(
    file: Path, changes: dict[str, object]
) -> None:
    scenario = load_scenario(file, changes=changes)
    result = run(scenario, draws=300, seed=5)
    names = list(scenario.policy.measures)
    cells = result.outlays.cells[np.unique(result.outlays.cell)]
    assert len(cells) > 50
    for measure, earned, paid in {(one["measure"], one["earned"], one["paid"]) for one in cells}:
        span = paid_span(scenario, names[measure], int(earned))
        assert span is not None and span[0] <= paid <= span[1], (names[measure], earned, paid, span)


def test_a_span_by_hand(baseline: Scenario) -> None:
    """Earned on the last day of 2024, filed 180 days and reviewed 45 later: the round of 30 November 2025."""
    assert paid_span(baseline, "headhunting", 2024) == (2024, 2025)
    assert paid_span(load_scenario(BASELINE, changes=LATER), "headhunting", 2024) == (2024, 2026)
    # In force until 11 April 2026: filed within 180 days, reviewed by November.
    assert paid_span(baseline, "headhunting", 2026) == (2026, 2026)
    assert (
        paid_span(baseline, "headhunting", 2022) is None and paid_span(baseline, "headhunting", 2027) is None
    )


def test_a_year_is_whole_when_all_that_is_paid_in_it_is_simulated(baseline: Scenario) -> None:
    """From the policy's first year on all is; begun later, what was earned the year before is paid a year later."""
    assert whole_years(baseline, range(2023, 2028)) == (2023, 2024, 2025, 2026, 2027)
    later = load_scenario(BASELINE, changes={"earned_years": [2024, 2026]})
    assert whole_years(later, range(2024, 2027)) == (2025, 2026)
    sooner = load_scenario(BASELINE, changes={"earned_years": [2023, 2024]})
    assert whole_years(sooner, range(2023, 2027)) == (2023, 2024)
    assert whole_years(load_scenario(SUCCESSOR), range(2026, 2030)) == (2027, 2028, 2029)
    instalments = load_scenario(BASELINE, changes={**LATER, "earned_years": [2024, 2026]})
    assert whole_years(instalments, range(2024, 2027)) == (2026,)


def test_what_the_rules_rule_out_cannot_pay(baseline: Scenario) -> None:
    assert can_pay(baseline, 2024, measures=["headhunting"]) and can_pay(baseline, 2024)
    assert not can_pay(baseline, 2022) and not can_pay(baseline, 2024, measures=["no such"])
    assert not can_pay(baseline, 2024, measures=["headhunting"], funds=["no such"])
    assert not can_pay(baseline, 2024, measures=[])
    for changes in (
        {"measures.headhunting.status": "suspended", "measures.headhunting.status_note": "x"},
        {"claims.headhunting.take_up.value": 0},
        {"claims.headhunting.intensity.value": 0},
        {"claims.headhunting.ramp": {2023: 0}},
    ):
        assert not can_pay(load_scenario(BASELINE, changes=changes), 2024, measures=["headhunting"]), changes


def test_a_yearly_programme_is_counted_and_events_are_not(baseline: Scenario) -> None:
    assert counted(baseline, "contest") and not counted(baseline, "headhunting")
    assert not counted(baseline, "park_appraisal")
