"""Every path of the schema has a kind, and changes of the real scenario are of the kind that their path says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from simkit.scenario import ScenarioFile
from simkit.scenario.kinds_of_change import kind_of, schema_paths
from simkit.whatif.kept.again import can_decide_again

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
TITLE = {"zh": "某", "en": "some"}

#: A change, and whether the kept claims stand it.
STAND: list[tuple[Mapping[str, Any], bool]] = [
    ({"document.title": TITLE}, True),
    ({"document.in_force.until": "2026-03-31"}, True),
    ({"document.in_force.until": "2026-04-30"}, False),
    ({"document.in_force.since": "2023-06-01"}, False),
    ({"funds.beilun.special": True}, True),
    ({"measures.students.name": TITLE}, True),
    ({"measures.students.award.amount": "300元"}, True),
    ({"measures.students.caps.yearly.within": "term"}, True),
    ({"measures.students.caps": {}}, True),
    ({"measures.students.repeat": "yearly"}, True),
    ({"measures.students.payers.shares": {"districts": "100%"}}, True),
    ({"measures.students.lag_days": 90}, True),
    ({"measures.students.instalments": [{"share": "50%"}, {"share": "50%", "after_years": 1}]}, True),
    ({"measures.students.status": "suspended"}, True),
    ({"measures.students.rigidity": "adjustable"}, True),
    ({"measures.supplied_employees.conditions.heads.at_least": "300人"}, True),
    ({"measures.students.conditions": {"line": {"of": "line", "none_of": ["software"]}}}, False),
    ({"measures.top10_list.first_time": False}, False),
    ({"measures.digital.selection.envelope": "100万元"}, True),
    ({"matters.high_tech_title.mode": "additive"}, True),
    ({"matters.exports.members": ["export_subsidy"]}, True),
    ({"matters.exports.members": ["export_subsidy", "offshore_interest", "students"]}, False),
    ({"budget_year": 2025}, True),
    ({"confidence": "95%"}, True),
    ({"earned_years": [2023, 2025]}, True),
    ({"population.eligible.value": "60%"}, False),
    ({"calendar.review_days": 90}, False),
    ({"factor.cv.value": 0.1}, False),
    ({"claims.students.intensity.value": 0.1}, False),
    ({"claims.students.take_up.value": 0.05}, False),
]


def test_every_path_of_the_schema_has_a_kind() -> None:
    paths = schema_paths()
    assert len(paths) > 200
    for path in paths:
        kind_of(path)


def test_a_path_that_is_of_no_schema_has_none() -> None:
    with pytest.raises(KeyError):
        kind_of("measure.students")


@pytest.fixture(scope="module")
def file() -> ScenarioFile:
    return ScenarioFile(BASELINE)


@pytest.mark.parametrize(("changes", "stands"), STAND, ids=lambda one: str(one)[:60])
def test_a_change_is_of_the_kind_that_its_path_says(
    file: ScenarioFile, changes: Mapping[str, Any], stands: bool
) -> None:
    assert can_decide_again(file.lay(), file.lay(changes=dict(changes))) == [stands]
    allowed = {True: {"kept", "kept_shorter", "kept_carried", "budget", "words"}}
    allowed[False] = {"again", "kept_shorter", "kept_carried"}
    assert {kind_of(path) for path in changes} <= allowed[stands]


def test_every_kind_of_change_is_tried() -> None:
    """Of each kind that can be either, one that stands and one that does not."""
    tried = {(kind_of(path), stands) for changes, stands in STAND for path in changes}
    assert {
        ("kept_shorter", True),
        ("kept_shorter", False),
        ("kept_carried", True),
        ("kept_carried", False),
    } <= tried
    assert {("kept", True), ("again", False), ("budget", True), ("words", True)} <= tried
